"""The door for SEN2 returns: what a path holds is recognised, and read by the module of its format."""

from pathlib import Path

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade import read_blade
from ehcptime.records.sen2.xml_reading import read_xml

_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"
_BLANKS = b" \t\r\n\0"  # NUL, because UTF-16 has one beside every letter


def read_sen2(path: str | Path, *, order: Order | None = None) -> Extract:
    """Read a SEN2 return, with one row in `cases` for each request.

    `path` is a folder of COLLECT blade files, with any local companions beside them, or a return in XML. `reading`
    says what became of each file, column and row. `order` settles numeric dates that a spreadsheet has rewritten.

    Raises:
        InputError: there is nothing at `path`, or it cannot be read as a return; nothing on disk is changed.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name}")
    if path.is_dir():
        return read_blade(path, order=order)
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        raise InputError(f"{path.name} is empty")
    if start.lstrip(_BYTE_ORDER_MARKS + _BLANKS).startswith(b"<"):
        return read_xml(path, order=order)
    raise InputError(
        f"{path.name} is not a SEN2 return: give an XML file or the folder of a COLLECT blade export"
    )
