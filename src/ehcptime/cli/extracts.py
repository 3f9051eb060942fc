"""An extract: what is wrong with it, and every limit of every case."""

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.frames import Frame
from ehcptime.cli.positions import Examined, Position
from ehcptime.cli.reading import library

_SHOWN = (
    "case_id",
    "stage",
    "is_open",
    "age_days",
    "request_decision_status",
    "plan_final_due",
    "plan_final_status",
    "plan_final_days_over",
)
_COUNTED = ("severity", "code", "rows", "message")


def check(position: Examined, answer: Answer) -> None:
    """List what is wrong with an extract. Exit code 1 where anything is an error.

    Example: ehcptime check FOLDER --as-at 2025-03-31 --out problems.csv
    """
    problems = position.problems
    counts = problems.groupby(["severity", "code", "message"], as_index=False).size()
    counts = counts.sort_values("severity", key=_gravity, kind="stable")
    answer.say(f"{len(problems):,} problems")
    answer.show(problems, screen=counts.rename(columns={"size": "rows"})[list(_COUNTED)])
    raise typer.Exit(1 if problems["severity"].eq("error").any() else 0)


def _gravity(severity: Frame) -> Frame:
    """Place of each severity among them: errors come first."""
    return severity.map({name: place for place, name in enumerate(library("checks").SEVERITIES)})


def track(position: Position, answer: Answer, convention: options.Convention = "receipt_excluded") -> None:
    """Work out every limit of every case.

    Example: ehcptime track FOLDER --as-at 2025-03-31 --out tracked.csv
    With earlier years: ehcptime track 2025.xml --earlier 2024.xml --key NativeId --as-at 2025-01-16
    """
    held = position.extract
    tracked = ehc.track(
        held.cases,
        as_at=position.as_at,
        exemptions=held.exemptions,
        closures=held.closures,
        convention=convention,
    )
    answer.show(tracked, screen=tracked[list(_SHOWN)])


COMMANDS = ((check, "check"), (track, "track"))
