"""The `ehcptime` command: its families of commands, and what a mistake looks like."""

import sys
import warnings
from typing import Any

import typer

from ehcptime.cli import (
    advice,
    cases,
    change,
    committee,
    conformance,
    decided,
    exporting,
    extracts,
    forecast,
    law,
    lists,
    making,
    mapping,
    official,
    papers,
    providers,
    reporting,
    risk,
    stock,
    timeliness,
    tracing,
    what_if,
)
from ehcptime.cli.positions import with_options
from ehcptime.cli.screen import in_options
from ehcptime.errors import CommandError, EhcptimeError

NEEDS_A_PERSON, WRONG_COMMAND, UNUSABLE_INPUT = 1, 2, 3

app = typer.Typer(
    name="ehcptime",
    help="The statutory timeline of Education, Health and Care needs assessments in England.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
PANELS: dict[str, tuple[Any, ...]] = {  # the families of commands, as the help groups them
    "Reading": (making, mapping, extracts),
    "Law": (cases, law, lists, conformance),
    "Timeliness": (timeliness, official, decided, change),
    "Waiting": (stock,),
    "Committee": (committee, tracing),
    "Advice": (advice, providers),
    "Forecast": (risk, forecast, what_if),
    "Papers": (reporting, papers, exporting),
}
for panel, families in PANELS.items():
    for family in families:
        for command, name in family.COMMANDS:
            app.command(name, rich_help_panel=panel)(with_options(command))


def _note(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as one sentence on standard error."""
    sys.stderr.write(f"ehcptime: note: {message}\n")


def main() -> None:
    """Run a command; a user's mistake is one sentence and an exit code, never a traceback.

    Exit codes: 0 done; 1 done, but something needs a person; 2 wrong command or argument; 3 the input cannot be used.
    """
    warnings.showwarning = _note
    try:
        app()
    except EhcptimeError as error:
        sys.stderr.write(f"ehcptime: {in_options(str(error))}\n")
        sys.exit(WRONG_COMMAND if isinstance(error, CommandError) else UNUSABLE_INPUT)
    except BrokenPipeError:
        # The reader of a pipe, such as `head`, has seen enough.
        sys.stderr.close()
