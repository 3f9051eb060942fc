"""The door for SEN2 returns: what a path holds is recognised, and read by the module of its format."""

from pathlib import Path

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade import read_blade


def read_sen2(path: str | Path, *, order: Order | None = None) -> Extract:
    """Read a SEN2 return, with one row in `cases` for each request.

    `path` is a folder of COLLECT blade files, with any local companions beside them. `reading` says what became of
    each file, column and row. `order` settles numeric dates that a spreadsheet has rewritten.

    Raises:
        InputError: there is nothing at `path`, or it cannot be read as a return; nothing on disk is changed.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name}")
    if path.is_dir():
        return read_blade(path, order=order)
    raise InputError(f"{path.name} is not a SEN2 return: give the folder of a COLLECT blade export")
