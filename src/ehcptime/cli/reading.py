"""An extract read for a command: progress while it lasts, and what was set aside said at once."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from ehcptime.cli.progress import working
from ehcptime.cli.screen import printable
from ehcptime.errors import CommandError

_LINES = 5


def library(module: str) -> Any:
    """Load a module of the records when it is first used: commands that read nothing start without pandas."""
    return import_module(f"ehcptime.records.{module}")


def read(
    path: Path,
    mapping: str | Path | None = None,
    order: str | None = None,
    earlier: Sequence[Path] | None = None,
    key: Sequence[str] | None = None,
) -> Any:
    """Read an extract and say on standard error which rows or cells did not become part of it.

    `path` is a SEN2 file or folder or a sheet with the contract's headings, or any sheet where there is a `mapping`.
    `order` settles numeric dates that no value settles. Returns of `earlier` years are read together with that at
    `path`, and `key` says what is the same in all of them.
    """
    if (earlier or key) and mapping is not None:
        raise CommandError("--earlier and --key are for SEN2 returns: they cannot go with --mapping")
    if bool(earlier) != bool(key):
        raise CommandError(
            "--earlier and --key go together: one names the returns, the other what links them"
        )
    with progress(path):
        if earlier and key:
            extract = library("sen2.returns").read_sen2([*earlier, path], order=order, key=list(key))
        else:
            extract = library("doors").read_any(path, mapping=mapping, order=order)
    report = extract.reading
    lost = report[(report["rows_in"] > report["rows_out"]) & report["note"].ne("")]
    for line in lost.head(_LINES).to_dict("records"):
        typer.echo(printable(f"{line['file']}: {line['column']}: {line['note']}"), err=True)
    if len(lost) > _LINES:
        typer.echo(f"and {len(lost) - _LINES} more notes in the reading report", err=True)
    return extract


def progress(path: Path) -> AbstractContextManager[None]:
    """Show on a screen that a file is being read."""
    return working(f"reading {path.name}")
