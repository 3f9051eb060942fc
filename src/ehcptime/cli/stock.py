"""Stock: who is waiting, for how long, for what, and how it came to that."""

from datetime import date
from typing import Annotated, Literal

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Publication
from ehcptime.cli.frames import Frame
from ehcptime.cli.positions import Position, Source
from ehcptime.cli.record import Asked

Start = Annotated[date, typer.Option(parser=options.day, metavar="YYYY-MM-DD", help="The first day.")]
End = Annotated[date, typer.Option(parser=options.day, metavar="YYYY-MM-DD", help="The last day.")]
Frequency = Annotated[
    Literal["D", "W", "M", "Q", "Y", "FY", "AY"],
    typer.Option(help="D, W, M, Q, Y, FY or AY: a day, a week from Monday, or a letter as for --period."),
]
_ALL = 1_000_000


def backlog(
    position: Position,
    answer: Publication,
    by: options.By = None,
    summary: Annotated[
        bool,
        typer.Option(
            "--summary", help="One row for each group: over which limits, for how long, the oldest."
        ),
    ] = False,
) -> None:
    """Count the open cases by group (by stage, unless named) and age, or sum them up in one row for each group.

    Example: ehcptime backlog FOLDER --as-at 2025-03-31 --by area --summary
    """
    columns = options.columns(by) or ["stage"]
    if summary:
        found = ehc.backlog_summary(position.cases, columns, advice=position.advice)
        answer.show(found, rows=_ALL, asked=("backlog --summary", {"by": columns}))
        answer.explain("rows by caseworker are for sharing out work: sorted by name and never ranked")
        return
    _by_age(ehc.backlog(position.cases, by=columns), columns, answer, asked=("backlog", {"by": columns}))


def waiting(
    position: Position,
    answer: Publication,
    by: options.By = None,
    cases: Annotated[bool, typer.Option("--cases", help="List the open cases instead.")] = False,
) -> None:
    """Count the open cases by what each one waits for, and by age.

    Example: ehcptime waiting FOLDER --as-at 2025-03-31 --by team
    """
    found = ehc.waiting(position.cases, advice=position.advice)
    if cases:
        is_open = found[found["is_open"].astype(bool)]
        answer.show(is_open[["case_id", "stage", "age_days", "waits_for"]])
        return
    columns = ["waits_for", *(options.columns(by) or [])]
    _by_age(ehc.backlog(found, by=columns), columns, answer)


def _by_age(table: Frame, columns: list[str], answer: Publication, asked: Asked | None = None) -> None:
    """Print a backlog with its bands side by side."""
    wide = table.pivot_table(index=columns, columns="age_band", values="open", sort=False, observed=True)
    wide = wide.astype(int)
    wide["all"] = wide.sum(axis=1)
    answer.explain("open cases by age in weeks")
    answer.show(table, screen=wide.reset_index(), rows=_ALL, asked=asked)
    answer.say(f"{int(table['open'].sum()):,} open cases")


def history(
    source: Source, answer: Publication, start: Start, end: End, freq: Frequency = "M", by: options.By = None
) -> None:
    """Rebuild who was open at the end of each period, and who came in and went out in it.

    Example: ehcptime history FOLDER --start 2024-01-01 --end 2024-12-31 --freq M --by area
    """
    source.check_reach(end)
    answer.rests_on(as_at=end)
    found = ehc.backlog_history(source.extract.cases, start=start, end=end, freq=freq, by=options.columns(by))
    answer.show(found, rows=_ALL)
    answer.explain(
        "opening + opened - refused - no_plan - issued - withdrawn - left = closing; undated are in none of these"
    )


def triangle(source: Source, answer: Publication, start: Start, end: End, freq: Frequency = "M") -> None:
    """Rebuild who was open at the end of each period by age on that day.

    Example: ehcptime triangle FOLDER --start 2024-01-01 --end 2024-12-31 --freq Q
    """
    source.check_reach(end)
    answer.rests_on(as_at=end)
    found = ehc.backlog_triangle(source.extract.cases, start=start, end=end, freq=freq)
    wide = found.pivot_table(index="period", columns="age_band", values="open", sort=False).astype(int)
    wide["all"] = wide.sum(axis=1)
    answer.show(found, screen=wide.reset_index(), rows=_ALL)


def fair_queue(position: Position, answer: Publication, period: options.Period = None) -> None:
    """Say whether new cases are put ahead of old ones.

    Example: ehcptime fair-queue FOLDER --as-at 2025-03-31 --period Q
    """
    found = ehc.fair_queue(position.cases, period=period)
    answer.show(found, screen=found.drop(columns="sentence"), rows=_ALL)
    if not answer.is_whole:
        for label, sentence in zip(found["period"], found["sentence"], strict=True):
            answer.say(sentence if period is None else f"{label}: {sentence}")


_DELAY = (
    "critical_cases: late cases in which its advice was the last in, whether or not that cost days; "
    "late_not_last: those in which it was late by its own limit and not the last, which costs 0 days"
)


def delay(
    position: Position,
    answer: Publication,
    by: options.By = "service",
    period: options.Period = None,
    method: Annotated[
        Literal["critical", "equal_share"],
        typer.Option(help="By the last advice in, or shared equally among all that were late."),
    ] = "critical",
) -> None:
    """Say on whose time the days fell by which final plans were late, in case-days.

    Example: ehcptime delay FOLDER --as-at 2025-03-31 --by service --period Q
    """
    found = ehc.delay_caused(
        position.cases,
        advice=position.advice,
        by=options.columns(by) or "service",
        period=period,
        method=method,
    )
    answer.show(found, screen=found.drop(columns=["sentence", "note", "method"]), rows=_ALL)
    answer.explain(_DELAY)
    answer.say(f"{found.attrs['case_days']:,} case-days on {found.attrs['late_cases']:,} late cases")
    answer.explain(found.attrs["caveat"])


COMMANDS = (
    (backlog, "backlog"),
    (waiting, "waiting"),
    (history, "history"),
    (triangle, "triangle"),
    (fair_queue, "fair-queue"),
    (delay, "delay"),
)
