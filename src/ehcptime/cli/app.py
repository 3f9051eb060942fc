"""The `ehcptime` command: its families of commands, and what a mistake looks like."""

import sys
import warnings

import typer

from ehcptime.cli import tracing
from ehcptime.cli.commands import Command
from ehcptime.cli.families import COMMANDS
from ehcptime.cli.screen import in_options, note
from ehcptime.errors import CommandError, EhcptimeError

NEEDS_A_PERSON, WRONG_COMMAND, UNUSABLE_INPUT = 1, 2, 3

app = typer.Typer(
    name="ehcptime",
    help="The statutory timeline of Education, Health and Care needs assessments in England.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
_EXIT_CODES = "Exit codes: 0 done; 1 done, but something needs a person; 2 wrong command or argument; 3 the input cannot be used."
for panel, command in [*COMMANDS, *(("Committee", Command(name, one)) for one, name in tracing.COMMANDS)]:
    app.command(command.name, rich_help_panel=panel, epilog=_EXIT_CODES)(command.for_typer())


def _note(message: Warning | str, *_: object, **__: object) -> None:
    """Print a warning as one sentence on standard error."""
    note(f"ehcptime: note: {message}")


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
