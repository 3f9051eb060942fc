"""The command that puts the conformance pack to another system: `python -m ehcptime.testing.conform --run "node my_runner.js"`."""

import sys
from typing import Annotated

import typer

from ehcptime.errors import CommandError, EhcptimeError
from ehcptime.testing.conformance import put_to

NEEDS_A_PERSON, WRONG_COMMAND, UNUSABLE_INPUT = 1, 2, 3


def conform(
    run: Annotated[
        str,
        typer.Option(
            help="Command that reads questions and writes answers, one JSON object a line; no shell reads it."
        ),
    ],
    rule: Annotated[
        list[str] | None, typer.Option(help="Ask about this rule alone; may be given more than once.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds that the command may take.", min=1)] = 300,
) -> None:
    """Hold another system's due dates and statuses to the conformance pack, in whatever language it is written.

    A pass names the version of the pack and the rules that were covered. It is not certification and not legal advice. Exit code 0 where it is
    passed, 1 where an answer differs or nothing was answered.

    Example: ehcptime conform --run "node my_runner.js" --rule plan_final
    """
    found = put_to(run, rules=rule or (), timeout=timeout)
    typer.echo(str(found))
    if not found.is_pass:
        raise typer.Exit(NEEDS_A_PERSON)


def main() -> None:
    """Run the command by itself; exit codes are those of `ehcptime`."""
    try:
        typer.run(conform)
    except EhcptimeError as error:
        sys.stderr.write(f"ehcptime: {error}\n")
        sys.exit(WRONG_COMMAND if isinstance(error, CommandError) else UNUSABLE_INPUT)


if __name__ == "__main__":
    main()
