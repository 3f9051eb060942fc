"""Advice: asked for, given, overdue, missing and sent back; and the queue for a psychologist."""

from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Publication
from ehcptime.cli.positions import Position
from ehcptime.cli.stock import Frequency

_ALL = 1_000_000
_WIDE = (  # columns of the queue that a screen has no room for
    "days",
    "unallocated_open",
    "allocated",
    "left_unallocated",
    "asked_per_week",
    "allocated_per_week",
    "returned_per_week",
)
_LIMITS = "a body bound by regulation 8 has a statutory limit (advice_body); for others six weeks is guidance (advice_other)"


def contributions(
    position: Position,
    answer: Publication,
    by: options.By = "advice_type",
    period: options.Period = None,
    returned: Annotated[
        bool,
        typer.Option("--returned", help="Count the answers that came in a period, not what was due in it."),
    ] = False,
) -> None:
    """Print how promptly advice was asked for and given.

    Example: ehcptime contributions FOLDER --as-at 2025-03-31 --by provider
    """
    ask = ehc.returned_contributions if returned else ehc.contributions
    columns = options.columns(by) or ["advice_type"]
    found = ask(position.advice, by=columns, period=period)
    question = "contributions --returned" if returned else "contributions"
    answer.show(
        found,
        screen=found.loc[:, :"provider_lag_days"],
        asked=(question, {"by": columns, "period": period}),
    )
    answer.explain(_LIMITS)


def overdue_advice(position: Position, answer: Publication, by: options.By = "advice_type") -> None:
    """Count the advice that has not come and is past its limit, by weeks past it.

    Example: ehcptime overdue-advice FOLDER --as-at 2025-03-31 --by provider
    """
    found = ehc.overdue_advice(position.advice, by=options.columns(by) or "advice_type")
    groups = [
        name for name in found if name not in {"kind", "overdue_band", "outstanding", "oldest_days", "as_at"}
    ]
    wide = found.pivot_table(
        index=groups, columns="overdue_band", values="outstanding", sort=False, observed=True
    )
    answer.show(found, screen=wide.astype(int).reset_index(), rows=_ALL)
    answer.explain(f"weeks past the limit; {_LIMITS}")


def missing_advice(
    position: Position,
    answer: Publication,
    by: options.By = None,
    period: options.Period = None,
    plans: Annotated[
        bool,
        typer.Option(
            "--plans", help="List the plans issued while a service that was asked had not answered."
        ),
    ] = False,
) -> None:
    """Count the plans that were issued without advice that they needed, by kind of advice.

    Example: ehcptime missing-advice FOLDER --as-at 2025-03-31 --period Y
    """
    if plans:
        answer.show(ehc.plans_without_advice(position.cases, position.advice))
        return
    columns = options.columns(by) or []
    found = ehc.missing_advice(position.cases, position.advice, by=columns, period=period)
    answer.show_noted(found, [*columns, "period", "advice"])


def rounds(
    position: Position,
    answer: Publication,
    by: options.By = "advice_type",
    each: Annotated[
        bool, typer.Option("--each", help="List every asking with its round and its clock.")
    ] = False,
) -> None:
    """Count the advice that was sent back and asked for again, and the days that it took.

    Example: ehcptime rounds FOLDER --as-at 2025-03-31 --each --out rounds.csv
    """
    if each:
        answer.show(ehc.rounds(position.advice))
    else:
        answer.show(ehc.rejections(position.advice, by=options.columns(by) or "advice_type"), rows=_ALL)


def ep_throughput(
    position: Position,
    answer: Publication,
    by: options.By = None,
    period: Frequency = "M",
    queue: Annotated[
        bool, typer.Option("--queue", help="List what was asked for and waits to be allocated, oldest first.")
    ] = False,
) -> None:
    """Count the psychology advice asked for, allocated and returned in each period, and who waits at its ends; by source, where that is recorded.

    Example: ehcptime ep-throughput FOLDER --as-at 2025-03-31 --period Q
    """
    if queue:
        found = ehc.unallocated_advice(position.advice, cases=position.cases)
        answer.show(found)
        answer.say(f"{len(found):,} askings for psychology advice wait to be allocated")
        return
    columns = options.columns(by) or [name for name in ("source",) if name in position.advice]
    found = ehc.ep_throughput(position.advice, period=period, by=columns, cases=position.cases)
    answer.show(found, screen=found.drop(columns=[*_WIDE]), rows=_ALL)


def last_in(position: Position, answer: Publication) -> None:
    """Say in how many late cases each service's advice was the last in.

    Example: ehcptime last-in FOLDER --as-at 2025-03-31
    """
    found = ehc.last_in(position.cases, position.advice)
    answer.show(found, screen=found.drop(columns="note"))
    answer.explain("of the late cases in which the last advice in can be told (told)")
    for note in found["note"].unique():
        answer.explain(note)


COMMANDS = (
    (contributions, "contributions"),
    (overdue_advice, "overdue-advice"),
    (missing_advice, "missing-advice"),
    (last_in, "last-in"),
    (rounds, "rounds"),
    (ep_throughput, "ep-throughput"),
)
