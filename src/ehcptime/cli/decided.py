"""What became of requests: decisions, exceptions, and how long the way to a plan takes."""

from typing import Annotated

import lazy_loader
import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Publication
from ehcptime.cli.positions import Position

pd = lazy_loader.load("pandas")

Line = Annotated[
    str | None, typer.Option(help="List the case ids that are counted in this line of the answer.")
]
Whole = Annotated[bool, typer.Option("--whole", help="With --line: those that it is counted out of.")]
_ALL = 1_000_000
_ENDS = ("refused_to_assess", "refused_to_issue", "ended_otherwise")  # too wide for a screen


def time_to_final(position: Position, answer: Publication, by: options.By = None) -> None:
    """Say how many weeks it takes to the first final plan, those who still wait included as far as they have come.

    Example: ehcptime time-to-final FOLDER --as-at 2025-03-31 --by area
    """
    columns = options.columns(by) or []
    answer.show_noted(ehc.time_to_final(position.cases, by=columns), columns, without=_ENDS)
    answer.explain(
        "median and 90 per cent: Kaplan-Meier; shares by week: Aalen-Johansen, over all that entered"
    )


def exemptions(
    position: Position,
    answer: Publication,
    by: options.By = None,
    line: Line = None,
    whole: Whole = False,
    where: options.Where = None,
) -> None:
    """Audit the exceptions: how many, with what reason behind them, and what they do to the headline.

    Example: ehcptime exemptions FOLDER --as-at 2025-03-31, ehcptime exemptions FOLDER --as-at 2025-03-31 --line no_reason
    """
    if line is None:
        answer.show(
            ehc.exemption_audit(position.cases, exemptions=position.claims, by=options.columns(by)), rows=_ALL
        )
        answer.explain(
            "england: DfE 2024; whether a reason made the limit impractical is a person's judgement"
        )
        return
    found = ehc.exemption_case_ids(
        position.cases, line, exemptions=position.claims, where=options.pairs(where), whole=whole
    )
    answer.show(pd.DataFrame({"case_id": found}, dtype=str))


def decisions(
    position: Position,
    answer: Publication,
    by: options.By = None,
    period: options.Period = None,
    line: Line = None,
    whole: Whole = False,
    label: options.Label = None,
    where: options.Where = None,
) -> None:
    """Count what became of the requests received: refused, reversed, asked again, with no plan, withdrawn.

    Example: ehcptime decisions FOLDER --as-at 2025-03-31 --by request_source --period AY
    """
    if line is None:
        found = ehc.decision_rates(position.cases, by=options.columns(by), period=period)
        answer.show(found, screen=found[found["of"].ne(0).fillna(True)], rows=_ALL)
        return
    ids = ehc.decision_case_ids(
        position.cases, line, period=period, label=label, where=options.pairs(where), whole=whole
    )
    answer.show(pd.DataFrame({"case_id": ids}, dtype=str))


COMMANDS = (
    (time_to_final, "time-to-final"),
    (exemptions, "exemptions"),
    (decisions, "decisions"),
)
