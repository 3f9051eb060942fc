"""The door for SEN2 returns: what a path holds is recognised, and read by the module of its format."""

from pathlib import Path

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade import has_blade, read_blade
from ehcptime.records.sen2.labelled import read_labelled
from ehcptime.records.sen2.template import is_template, read_template
from ehcptime.records.sen2.workbook import is_workbook, read_sheets
from ehcptime.records.sen2.xml_reading import read_xml
from ehcptime.records.workbooks import EXCEL_STARTS, read_workbook

_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"
_BLANKS = b" \t\r\n\0"  # NUL, because UTF-16 has one beside every letter


def read_sen2(path: str | Path, *, order: Order | None = None) -> Extract:
    """Read a SEN2 return, with one row in `cases` for each request.

    `path` is a return in XML, a folder of COLLECT blade files or of CSV files with Data to Insight's headings (with any
    local companions beside them), a pre-submission workbook or a filled-in data-entry template: what it is, is seen
    from what it holds. `reading` says what became of each file, column and row. `order` settles numeric dates that a
    spreadsheet has rewritten.

    Raises:
        InputError: there is nothing at `path`, or it cannot be read as a return; nothing on disk is changed.
    """
    path = Path(path).absolute()  # so that even . has a name
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name}")
    if path.is_dir():
        return _read_folder(path, order)
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        raise InputError(f"{path.name} is empty")
    if start.startswith(EXCEL_STARTS):
        return _read_workbook(path, order)
    if start.lstrip(_BYTE_ORDER_MARKS + _BLANKS).startswith(b"<"):
        return read_xml(path, order=order)
    raise InputError(
        f"{path.name} is not a SEN2 return: give XML, a workbook, or the folder of a COLLECT blade export"
    )


def _read_folder(folder: Path, order: Order | None) -> Extract:
    if not has_blade(folder) and (extract := read_labelled(folder, order=order)) is not None:
        return extract
    return read_blade(folder, order=order)


def _read_workbook(path: Path, order: Order | None) -> Extract:
    sheets = read_workbook(path)
    if is_template(sheets):
        return read_template(sheets, path.name, order=order)
    if is_workbook(sheets):
        return read_sheets(sheets, path.name, order=order)
    raise InputError(
        f"{path.name} has neither the sheets of a pre-submission workbook nor a Data Entry Template: "
        "if it is a local spreadsheet, read it with read_extract"
    )
