"""Frames in and out of the command line."""

import os
import tempfile
from pathlib import Path
from typing import Any

from ehcptime.cli.screen import say, table
from ehcptime.errors import InputError

# A pandas DataFrame. Not imported, so that commands without frames start without pandas.
Frame = Any

ROWS_SHOWN = 40


def show(frame: Frame, out: Path | None, *, rows: int = ROWS_SHOWN) -> None:
    """Print a frame, or write all of it to a file; a shortened one says how many rows were left off."""
    if out is not None:
        write_csv(frame, out)
        say(f"{len(frame):,} rows written to {out}")
        return
    plain = frame.head(rows).astype(object)
    table([str(name) for name in frame.columns], plain.where(plain.notna(), None).to_numpy().tolist())
    if len(frame) > rows:
        say(f"{len(frame) - rows:,} more rows are not shown: use --out to write all {len(frame):,}")


def write_csv(frame: Frame, path: Path) -> None:
    """Write a CSV file whole or not at all; a text cell that a spreadsheet would run is made inert."""
    safe = frame.copy()
    for name in safe.columns:
        if safe[name].dtype.kind not in "biufM":
            safe[name] = safe[name].astype(object).map(_inert)
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".ehcptime-", suffix=".csv")
        try:
            with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
                safe.to_csv(file, index=False, date_format="%Y-%m-%d")
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputError(
            f"{path.name} cannot be written: {error.strerror}; choose another folder or close the file"
        ) from error


def _inert(value: object) -> object:
    dangerous = isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{value}" if dangerous else value
