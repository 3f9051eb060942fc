"""What a committee asks next: who waits longer, what the year can still reach, how final the newest figures are, what a return will say."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import lazy_loader
import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer, Publication
from ehcptime.cli.headings import head
from ehcptime.cli.positions import Position
from ehcptime.cli.reading import read
from ehcptime.cli.timeliness import HEADLINE
from ehcptime.errors import CommandError

pd = lazy_loader.load("pandas")

_ALL = 1_000_000
_NEWEST = 3  # periods of which the recording lag is said
_GROUPS = "Columns of groups, with commas between them; the six usual ones unless named."


def equality(
    position: Position,
    answer: Publication,
    by: Annotated[str | None, typer.Option(help=_GROUPS)] = None,
    due_from: Annotated[
        date | None,
        typer.Option(parser=options.day, metavar="YYYY-MM-DD", help="Leave out plans due before this day."),
    ] = None,
) -> None:
    """Set groups of children beside all of them: plans due and on time, open over 52 weeks, median age. It states no cause.

    Example: ehcptime equality FOLDER --as-at 2025-03-31 --due-from 2024-04-01 --audience public --out equality.csv
    """
    found = ehc.equality_view(position.cases, options.columns(by), due_from=due_from)
    if answer.audience == "internal" and answer.is_whole:
        answer.show(found.table)
        return
    found = found.with_tables(answer.fit(found.tables))
    sentences = str(found).splitlines()
    found = found.with_tables({name: answer.named(name).refer(table) for name, table in found.tables.items()})
    if answer.json:
        answer.give(
            pd.concat([_named(name, table) for name, table in found.tables.items()], ignore_index=True)
        )
        return
    for name, table in found.tables.items():
        answer.explain(f"\n{_title(table)}")
        answer.named(name.replace("_", "-")).give(table, rows=_ALL)
    answer.explain("")  # the sentences are made from the printed tables, and say no more than they do
    for line in sentences:
        answer.state(line)


def _title(table: Any) -> str:
    return str(ehc.MEASURES[table["measure"].iloc[0]].title)


def _named(name: str, table: Any) -> Any:
    """A table among several: which characteristic it is by stands in a column."""
    first = next(name for name in table if name != "ref")
    return table.rename(columns={first: "group"}).assign(characteristic=first, table=name)


def year_bounds(
    position: Position,
    answer: Publication,
    measure: options.Measure = HEADLINE,
    target: Annotated[float | None, typer.Option(help="A percentage that the year should reach.")] = None,
    year: Annotated[int | None, typer.Option(help="The calendar year; that of --as-at unless given.")] = None,
    by: options.By = None,
) -> None:
    """Say the lowest and the highest that the year's published percentage can still be, and what a target needs.

    Example: ehcptime year-bounds FOLDER --as-at 2025-09-30 --target 40
    """
    columns = options.columns(by)
    found = ehc.year_bounds(position.cases, measure, target=target, year=year, by=columns)
    answer.show(found, screen=found.drop(columns="sentence"), rows=_ALL)
    if not answer.is_whole:
        for row in found.to_dict("records"):
            group = " / ".join(str(row[name]) for name in columns or ())
            answer.say(f"{group}: {row['sentence']}" if group else row["sentence"])


def recording_lag(
    extracts: Annotated[
        list[Path], typer.Argument(help="Two extracts or more, with their days in the same order.")
    ],
    answer: Answer,
    as_at: Annotated[
        list[date],
        typer.Option(
            parser=options.day,
            metavar="YYYY-MM-DD",
            help="The day on which each extract was taken; give it once for each, in their order.",
        ),
    ],
    what: Annotated[Literal["plans", "requests"], typer.Option(help="What is keyed late.")] = "plans",
    period: Annotated[
        Literal["M", "Q", "Y", "FY", "AY"], typer.Option(help="M, Q, Y, FY or AY, as for --period elsewhere.")
    ] = "M",
) -> None:
    """Say how many plans of the newest periods are still to be keyed, by the authority's own lag between extracts.

    Example: ehcptime recording-lag MARCH APRIL --as-at 2025-03-31 --as-at 2025-04-30
    """
    if len(extracts) != len(as_at):
        raise CommandError(
            f"{len(extracts)} extracts and {len(as_at)} days were given: give --as-at once for each extract"
        )
    held = [_held(path, day) for path, day in zip(extracts, as_at, strict=True)]
    answer.rests_on(max(as_at), **{f"extract {place}": one for place, one in enumerate(held, start=1)})
    runs = [Position(one, day).cases for one, day in zip(held, as_at, strict=True)]
    found = ehc.recording_lag(runs, what, period=period)
    answer.show(found, screen=found.drop(columns="sentence"), rows=_ALL)
    if not answer.is_whole:
        for sentence in found["sentence"].tail(_NEWEST):
            answer.say(sentence)


def _held(path: Path, day: date) -> Any:
    held = read(path)
    held.check_day(day)
    head(held, day)
    return held


def sen2_check(
    position: Position,
    answer: Answer,
    last_year: Annotated[
        Path | None,
        typer.Option(help="The return of last year, to say what moved and why.", metavar="FOLDER"),
    ] = None,
    last_as_at: Annotated[
        date | None,
        typer.Option(
            parser=options.day,
            metavar="YYYY-MM-DD",
            help="The day of last year's return, if it records none.",
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(help="The calendar year of the return; until March the one before, unless given."),
    ] = None,
    edition: Annotated[
        Literal["2025", "2026"], typer.Option(help="The edition whose figures are given.")
    ] = "2025",
) -> None:
    """Rehearse a SEN2 return: the figures it will publish, what moved and why, every query, and a sheet to sign (--out FILE.html).

    Exit code 1 where a query is an error. In .csv the queries go to a second file, in .xlsx to a second sheet.

    Example: ehcptime sen2-check RETURN --last-year RETURN_2024 --as-at 2025-01-16 --out sign_off.html
    """
    before = None if last_year is None else read(last_year)
    answer.rests_on(**({} if before is None else {"last_year": before}))
    found = ehc.sen2_rehearsal(
        position.extract,
        as_at=position.as_at,
        last_year=before,
        year=year,
        last_as_at=last_as_at,
        edition=int(edition),
    )
    _give_rehearsal(found, answer)
    raise typer.Exit(1 if found.queries["severity"].eq("error").any() else 0)


def _give_rehearsal(found: Any, answer: Answer) -> None:
    tables = dict(ehc.sign_off_tables(found))
    if answer.out is not None and answer.out.suffix.lower() == ".html":
        answer.save_page(ehc.sign_off_page(found, refer=answer.refers(out="page.html")), answer.out)
        answer.explain(f"the sign-off sheet written to {answer.out}")
        return
    answer.say(str(found))
    if answer.is_whole:
        given = answer.show_sheets(found.figures, tables)
        if answer.out is not None and answer.out.suffix.lower() != ".xlsx":
            answer.named("queries").give(given["queries"])
        return
    shown = found.counts.assign(cases=found.counts["case_ids"].str.len()).drop(columns="case_ids")
    answer.show(found.figures, rows=_ALL)
    answer.named("queries").show(found.queries, screen=shown, rows=_ALL)


COMMANDS = (
    (equality, "equality"),
    (year_bounds, "year-bounds"),
    (recording_lag, "recording-lag"),
    (sen2_check, "sen2-check"),
)
