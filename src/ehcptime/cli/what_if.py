"""What if: a measure as it would be had a service been faster, or were the law another."""

from pathlib import Path
from typing import Annotated

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.positions import Position
from ehcptime.cli.reading import file_bytes

_FIGURES = ["period", "numerator", "denominator", "percent", "unknown", "not_due", "left_out", "complete"]


def service_effect(
    here: Position,
    answer: Answer,
    service: Annotated[str, typer.Option(help="Whose advice: health, psychology, social_care and so on.")],
    weeks: Annotated[int, typer.Option(help="Had it answered within this many weeks.")],
    measure: Annotated[str, typer.Option(help="A measure of plans.")] = "plans_due_20wk",
    period: options.Period = None,
) -> None:
    """Say what a faster service would have done to a measure of plans, with what is assumed.

    Example: ehcptime service-effect FOLDER --as-at 2025-03-31 --service psychology --weeks 6 --period Q
    """
    found = ehc.service_effect(here.cases, here.advice, service, weeks=weeks, measure=measure, period=period)
    answer.say(str(found))
    answer.show(found.table, screen=found.table[["answered", *_FIGURES]])


def law_effect(
    here: Position,
    answer: Answer,
    rules: Annotated[
        Path, typer.Option(help="The rules that would change: a TOML file, as in the rule book.")
    ],
    measure: Annotated[str, typer.Option(help="A measure of limits.")] = "plans_due_20wk",
    period: options.Period = None,
) -> None:
    """Count a measure of limits under the law in force and under changed rules.

    Example: ehcptime law-effect FOLDER --as-at 2025-03-31 --rules ours.toml --period Q
    """
    held = here.extract
    answer.rests_on(rules=file_bytes(rules))
    found = ehc.law_effect(
        held.cases,
        ehc.LAW.extend(rules),
        measure,
        as_at=here.as_at,
        exemptions=held.exemptions,
        period=period,
    )
    answer.show(found, screen=found[["law", *_FIGURES]])


COMMANDS = ((service_effect, "service-effect"), (law_effect, "law-effect"))
