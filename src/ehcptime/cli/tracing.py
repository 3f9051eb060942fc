"""Figures defended: what a reference in a printed answer stands for, and the number again."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import lazy_loader
import typer

import ehcptime as ehc
from ehcptime.cli import families, options
from ehcptime.cli.answers import Listing
from ehcptime.cli.frames import Frame
from ehcptime.cli.reading import read
from ehcptime.cli.repeats import repeated
from ehcptime.cli.screen import heading
from ehcptime.errors import CommandError

pd = lazy_loader.load("pandas")

NEEDS_A_PERSON = 1
_ALL = 1_000_000
_BY_QUESTION = {command.question: command for _, command in families.COMMANDS}


def trace(
    ref: Annotated[str, typer.Argument(help="The reference of a row, or of one figure as REF.column.")],
    answer: Listing,
    manifest: Annotated[Path, typer.Option("--in", help="The manifest saved with it.", metavar="MANIFEST")],
    given: Annotated[
        list[str] | None,
        typer.Argument(
            help="What it was made from, of then or of now, to have it counted again: the extract, or what the command took, in its order.",
            metavar="INPUT",
        ),
    ] = None,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
    cases: Annotated[
        bool,
        typer.Option(
            "--cases", help="List the cases that have changed since, by id, instead of the rows by reason."
        ),
    ] = False,
) -> None:
    """Defend a figure: what it is of, the rows in and out by reason, the rule book, and the number again from the same input.

    Exit code 1 where the number is not the same, the input has changed, or it was made by another edition of the rules.

    Example: ehcptime trace QX7K-2MDA.percent --in run.json FOLDER
    Of two extracts: ehcptime trace QX7K-2MDA --in run.json MARCH JUNE
    """
    kept = ehc.read_figure_manifest(manifest)
    reading = {"mapping": mapping, "order": order, "earlier": earlier, "key": key}
    now, extracts = _now(ref, kept, given or (), reading)
    found = ehc.trace(ref, kept, now, extracts=extracts)
    answer.say(str(found))
    if cases:
        _show(found.changed, "cases that differ", answer)
    elif answer.is_whole:
        rows = found.rows.astype({"rows": "Int64"})  # a whole number beside the blanks of the figures
        answer.show(pd.concat([found.figures, rows], ignore_index=True))
    elif len(found.rows):
        _show(found.rows, "rows in and out, by reason", answer)
    settled = now is None or (found.is_same and not found.inputs)
    raise typer.Exit(0 if settled else NEEDS_A_PERSON)


def _show(table: Frame, title: str, answer: Listing) -> None:
    if not answer.is_whole:
        heading(title)
    answer.show(table, rows=_ALL)


def _now(ref: str, kept: Any, given: Sequence[str], reading: Mapping[str, Any]) -> tuple[Any, Any]:
    """What a figure is held against: the extract, or what the command says now and its extracts; nothing where nothing was given."""
    table, _ = kept.row(ref)
    command = _BY_QUESTION.get(table.question)
    if command is not None:
        if kept.sources and not given:
            return None, None
        now, inputs = repeated(command, kept, table, given, reading)
        return now, {name: one for name, one in inputs.items() if isinstance(one, ehc.Extract)}
    if len(given) > 1:
        raise CommandError(f"the figure was made from 1 input and {len(given)} were given: give the extract")
    return (read(Path(given[0]), **reading) if given else None), None


COMMANDS = ((trace, "trace"),)
