"""An extract read for a command: progress while it lasts, and what was set aside said at once."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

from ehcptime.cli.headings import is_of_rows
from ehcptime.cli.progress import working
from ehcptime.cli.screen import note
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
    lost = _lost(extract.reading)
    of_rows = lost["column"].eq("") | is_of_rows(lost)
    _tell(lost[of_rows].head(_LINES))
    if of_rows.sum() > _LINES:
        _note(f"{of_rows.sum() - _LINES} more notes about rows: `ehcptime check` gives them")
    if not of_rows.all():
        _note(_counted(lost[~of_rows]))
    return extract


def file_bytes(path: Path) -> bytes:
    """Give what a file holds, for its fingerprint; nothing where it cannot be read, for then the command itself refuses it."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def tell(extract: Any) -> None:
    """Say on standard error what became of every column and row that was not read whole."""
    _tell(_lost(extract.reading))


def _lost(report: Any) -> Any:
    return report[(report["rows_in"] > report["rows_out"]) & report["note"].ne("")]


def _tell(lines: Any) -> None:
    for line in lines.to_dict("records"):
        _note(": ".join(part for part in (line["file"], line["column"], line["note"]) if part))


def _counted(columns: Any) -> str:
    """Count the columns that are not kept and the cells of others that could not be read."""
    kept = columns[columns["became"].ne("")]
    cells = int((kept["rows_in"] - kept["rows_out"]).sum())
    return f"columns not kept: {len(columns) - len(kept):,}; cells that could not be read: {cells:,}; `ehcptime check` names them"


def _note(sentence: str) -> None:
    note(f"ehcptime: note: {sentence}")


def progress(path: Path) -> AbstractContextManager[None]:
    """Show on a screen that a file is being read."""
    return working(f"reading {path.name}")
