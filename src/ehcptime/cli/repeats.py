"""A command repeated: what a manifest was made from asked once more of other inputs, with nothing printed or written."""

from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from inspect import Parameter
from io import StringIO
from typing import Any

import typer
from pydantic import TypeAdapter, ValidationError

import ehcptime as ehc
from ehcptime.cli.commands import Command
from ehcptime.cli.record import OF, EnoughError, Record
from ehcptime.errors import CommandError


def repeated(
    command: Command, kept: Any, table: Any, inputs: Sequence[str], reading: Mapping[str, Any]
) -> Any:
    """Ask again what one table of a manifest answers, and give the manifest of now and what it rests on by name.

    `inputs` are as the command takes them, in its order; `reading` says how they are read. Raises CommandError where their number
    is another, or the manifest asks what this version does not know. By another edition of the rule book nothing is counted: the
    manifest then says only what the inputs of now are.
    """
    asked = {name: value for name, value in table.arguments.items() if name != OF}
    record = Record(command.question, asked, kept.audience, kept.sources, is_whole=kept.is_whole)
    record.is_again, record.stops = True, kept.run.rule_book != ehc.LAW.edition
    given = {
        **{
            name: None if one.default is Parameter.empty else one.default for name, one in command.own.items()
        },
        **_of_run(kept),
        **reading,
        **_parsed(command, asked | _by_name(command, kept.sources, inputs)),
    }
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()), suppress(typer.Exit, EnoughError):
        command.do(given, record)
    return record.manifest(), record.inputs


def _of_run(kept: Any) -> dict[str, Any]:
    """What a manifest says of the run besides what was asked; a day after that of the extract was allowed then, or not needed."""
    return {
        "as_at": kept.run.as_at,
        "audience": kept.audience,
        "json": kept.is_whole,
        "out": None,
        "after_extract": True,
    }


def _by_name(command: Command, sources: Sequence[str], inputs: Sequence[str]) -> dict[str, Any]:
    """The inputs by the options that take them."""
    if len(inputs) != len(sources):
        raise CommandError(
            f"the figure was made from {len(sources)} inputs and {len(inputs)} were given: give {', then '.join(sources) or 'none'}"
        )
    given: dict[str, list[str]] = {}
    for name, text in zip(sources, inputs, strict=True):
        given.setdefault(name, []).append(text)
    return {
        name: texts if "list[" in str(command.own[name].annotation) else texts[0]
        for name, texts in given.items()
    }


def _parsed(command: Command, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {
            name: TypeAdapter(command.own[name].annotation).validate_python(value)
            for name, value in given.items()
        }
    except (KeyError, ValidationError) as error:
        raise CommandError(
            f"the manifest asks what `{command.question}` of this version does not know: trace it with the version that made it"
        ) from error
