"""Frames out of the command line: on the screen, as JSON, or in a file."""

from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from ehcptime.cli.screen import say, table
from ehcptime.errors import CommandError, InputError

# A pandas DataFrame. Not imported, so that commands without frames start without pandas.
Frame = Any

ROWS_SHOWN = 40


def check_place(out: Path | None, *, json: bool) -> None:
    """Refuse, before anything is worked out, a place that no answer can go to."""
    if out is not None and json:
        raise CommandError("--out and --json cannot go together: name a file that ends in .json")
    if out is not None:
        _files().check_suffix(out)
        if not out.parent.is_dir():
            raise InputError(
                f"{out.name} cannot be written: there is no folder {out.parent}; make it or choose another"
            )


def show(frame: Frame, out: Path | None = None, *, rows: int = ROWS_SHOWN, json: bool = False) -> None:
    """Print a frame, or write all of it to a file, or print all of it as JSON; a shortened one says how many rows were left off."""
    check_place(out, json=json)
    if out is not None:
        _files().write_table(frame, out)
        say(f"{len(frame):,} rows written to {out}")
    elif json:
        typer.echo(_files().json_text(frame))
    else:
        _print(frame, rows)


def write_sheets(tables: dict[str, Frame], out: Path) -> None:
    """Write several frames to one file, and say how many rows it holds."""
    _files().write_tables(tables, out)
    say(f"{sum(map(len, tables.values())):,} rows in {len(tables)} tables written to {out}")


def _print(frame: Frame, rows: int) -> None:
    plain = frame.head(rows).astype(object)
    table([str(name) for name in frame.columns], plain.where(plain.notna(), None).to_numpy().tolist())
    if len(frame) > rows:
        say(f"{len(frame) - rows:,} more rows are not shown: use --out to write all {len(frame):,}")


def _files() -> Any:
    """Load what writes files when it is first used, and pandas with it."""
    return import_module("ehcptime.outputs.files")
