"""Figures defended: references in what is printed, the manifest that keeps them, and the trace of one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.answers import Answer
from ehcptime.cli.frames import Frame
from ehcptime.cli.positions import Source
from ehcptime.cli.reading import read
from ehcptime.cli.screen import heading

NEEDS_A_PERSON = 1
_ALL = 1_000_000

Asked = tuple[str, Mapping[str, Any]]  # the question and its arguments


def kept(
    position: Any, answer: Answer, tables: Mapping[str, Frame], asked: Mapping[str, Asked], place: Path | None
) -> Mapping[str, Frame]:
    """Give tables that go out together their references and write the manifest; without a place for it, leave them as they are."""
    if place is None:
        return tables
    found, manifest = ehc.references(
        position.extract,
        tables,
        {name: ehc.asked_of(*one) for name, one in asked.items()},
        as_at=position.as_at,
        audience=answer.audience,
    )
    manifest.save(place)
    typer.echo(f"ehcptime: note: the references are kept in {place.name}: see `ehcptime trace`", err=True)
    return found


def give(position: Any, answer: Answer, table: Frame, asked: Asked, place: Path) -> None:
    """Give out one table with references, made fit for its audience; on the screen up to its last lag, if it has one."""
    fit = answer.fit({"table": table})
    found = kept(position, answer, fit, {"table": asked}, place)["table"]
    lag = "provider_lag_days"
    answer.give(found, screen=found.loc[:, :lag] if lag in found else None, rows=_ALL)


def trace(
    ref: Annotated[str, typer.Argument(help="The reference of a row, or of one figure as REF.column.")],
    answer: Answer,
    manifest: Annotated[Path, typer.Option("--in", help="The manifest saved with it.", metavar="MANIFEST")],
    extract: Annotated[
        Path | None, typer.Argument(help="The extract, of then or of now, to have it counted again.")
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
    """
    held = None if extract is None else Source(read(extract, mapping, order, earlier, key)).extract
    found = ehc.trace(ref, ehc.read_figure_manifest(manifest), held)
    answer.say(str(found))
    table = found.changed if cases else found.rows
    if cases or len(table):
        if not answer.is_whole:
            heading("cases that differ" if cases else "rows of the extract, by what became of them")
        answer.show(table, rows=_ALL)
    settled = held is None or (found.is_same and not found.changes)
    raise typer.Exit(0 if settled else NEEDS_A_PERSON)


COMMANDS = ((trace, "trace"),)
