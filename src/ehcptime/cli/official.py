"""Official figures: an authority's own in DfE's layout, beside those published, and from all cases down to the base."""

from pathlib import Path
from typing import Annotated, Literal

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.frames import Frame
from ehcptime.cli.positions import Position, known
from ehcptime.cli.reading import file_bytes
from ehcptime.cli.timeliness import HEADLINE

_FIRST_FIGURE = 12  # columns before it say what year and place a row of DfE's files is about


def official(
    position: Position,
    answer: Answer,
    table: Annotated[
        Literal["timeliness", "requests", "assessments"], typer.Option(help="Which of DfE's files.")
    ] = "timeliness",
    layout: Annotated[
        Literal["2025", "2026"], typer.Option(help="The edition whose columns are given.")
    ] = "2025",
    la_code: Annotated[str | None, typer.Option(help="The authority's code, to stand in the file.")] = None,
    la_name: Annotated[str | None, typer.Option(help="The authority's name, to stand in the file.")] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="A breakdown as DfE's topic=column; give it once for each.", metavar="TOPIC=COLUMN"
        ),
    ] = None,
) -> None:
    """Give the authority's own figures in the layout of the files that DfE publishes; a file or JSON has every column.

    Example: ehcptime official FOLDER --as-at 2025-12-31 --layout 2026 --la-code 938 --out timeliness_20_week.csv
    """
    question = getattr(ehc, f"dfe_{table}")
    topics = options.pairs(by)
    found = question(position.cases, la_code=la_code, la_name=la_name, edition=int(layout), by=topics)
    asked = {"table": table, "layout": layout, "la_code": la_code, "la_name": la_name, "topics": topics}
    found = answer.refer(found, asked=("official", asked))
    answer.give(found, screen=_sideways(found), rows=len(found.columns))
    answer.explain("x: nothing to divide; the last year is as it stands on the day of the position")


def _sideways(found: Frame) -> Frame:
    """Figures down the side and a column for each year, or year and breakdown."""
    several = found["breakdown"].nunique() > 1
    heads = found["time_period"] + (" " + found["breakdown"] if several else "")
    columns = [name for name in found if name == "ref"] + list(
        found.drop(columns="ref", errors="ignore").columns[_FIRST_FIGURE:]
    )
    figures = found[columns].T.set_axis(heads, axis="columns")
    return figures.rename_axis("figure").reset_index()


def compare(
    published: Annotated[
        Path, typer.Argument(help="DfE's timeliness_20_week.csv, as downloaded; nothing is fetched.")
    ],
    position: Position,
    answer: Answer,
    la_code: Annotated[
        str, typer.Option(help="The authority: its three-digit code, its nine-character code or its name.")
    ],
    neighbour: Annotated[
        list[str] | None, typer.Option(help="A statistical neighbour, likewise; give it once for each.")
    ] = None,
    cases: Annotated[
        bool, typer.Option("--cases", help="Give the cases behind the figures, with why each counts or not.")
    ] = False,
) -> None:
    """Set the authority's figures beside those that DfE has published, its region's, England's and its neighbours'.

    Example: ehcptime compare timeliness_20_week.csv FOLDER --as-at 2025-01-31 --la-code 938 --neighbour 850
    """
    answer.rests_on(published=file_bytes(published))
    found = ehc.compare_with_official(
        position.cases, published, la_code=la_code, neighbours=tuple(neighbour or ())
    )
    if cases:
        answer.show(found.cases)
    else:
        answer.show(found.table, rows=len(found.table))
        answer.say(f"\n{found}")


def waterfall(
    position: Position,
    answer: Answer,
    measure: options.Measure = HEADLINE,
    period: options.Period = None,
    step: Annotated[
        str | None, typer.Option(help="List the case ids that this step removes or, for a total, leaves.")
    ] = None,
    label: options.Label = None,
) -> None:
    """Work a figure down from all cases, reason by reason, to its base and to what is in time: for internal use.

    Example: ehcptime waterfall FOLDER --as-at 2025-03-31 --measure plans_issued_20wk_exc --period Y
    """
    found = ehc.waterfall(
        position.rows_of(measure), known(measure).id, period=period, advice=position.beside(measure)
    )
    if step is not None:
        answer.show(found.cases(step, label))
        return
    answer.show(found.table, rows=len(found.table))
    if period is None:
        answer.say(str(found))


COMMANDS = ((official, "official"), (compare, "compare"), (waterfall, "waterfall"))
