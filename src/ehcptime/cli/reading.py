"""An extract read for a command, with what was set aside said at once."""

from pathlib import Path
from typing import Any

import typer

import ehcptime as ehc
from ehcptime.cli.screen import printable

_LINES = 5


def read(path: Path) -> Any:
    """Read an extract and say on standard error which rows or cells did not become part of it."""
    extract = ehc.read_sen2(path)
    report = extract.reading
    lost = report[(report["rows_in"] > report["rows_out"]) & report["note"].ne("")]
    for line in lost.head(_LINES).to_dict("records"):
        typer.echo(printable(f"{line['file']}: {line['column']}: {line['note']}"), err=True)
    if len(lost) > _LINES:
        typer.echo(f"and {len(lost) - _LINES} more notes in the reading report", err=True)
    return extract
