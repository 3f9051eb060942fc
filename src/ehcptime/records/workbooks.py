"""Excel workbooks as sheets of text; the extra "excel" brings what reads and writes them."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.saving import saving

Rows = list[list[str]]
# In memory: no copy of the rows is left in the machine's temporary folder. A text that looks like a formula or an address stays text.
SETTINGS = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}

EXCEL_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how .xlsx and .xls begin

_MOST_CELLS = 50_000_000
_MOST_BYTES = 2 << 30  # unpacked; a workbook of a million rows is well under
_BLOCK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, ValueError, struct.error)
_UNSAVED = re.compile(
    rb"</(?:\w+:)?f></(?:\w+:)?c>|<(?:\w+:)?f[^<>]*/></(?:\w+:)?c>"
)  # a formula and no value
_EXTRA = 'needs the excel extra: pip install "ehcptime[excel]"'


def read_workbook(path: Path) -> dict[str, Rows]:
    """Read every sheet of a workbook as rows of text, from its first row and column, by the name of the sheet.

    Dates are ISO, whole numbers have no fraction, true and false are 1 and 0, and what is merged downwards fills every
    row that it covers.

    Raises:
        InputError: the file is not a workbook, unpacks to more than a workbook should, or has formulas whose results
            were never saved; or the excel extra is not installed.
    """
    calamine = extra("python_calamine", "reading an Excel workbook")
    if zipfile.is_zipfile(path):
        _refuse_hostile(path)
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            return {name: _rows(workbook.get_sheet_by_name(name), path.name) for name in workbook.sheet_names}
    except calamine.CalamineError:
        raise InputError(_unreadable(path)) from None


def sheet_names(path: Path) -> list[str]:
    """List the sheets of a workbook, without reading them.

    Raises:
        InputError: the file is not a workbook, or the excel extra is not installed.
    """
    calamine = extra("python_calamine", "reading an Excel workbook")
    try:
        with calamine.CalamineWorkbook.from_path(path) as workbook:
            return list(workbook.sheet_names)
    except calamine.CalamineError:
        raise InputError(_unreadable(path)) from None


def _unreadable(path: Path) -> str:
    return f"{path.name} is not a workbook that can be read: save it again as .xlsx, without a password"


def extra(module: str, what: str) -> Any:
    """Load a module of the excel extra; raises InputError, which says what needs it, where it is not installed."""
    try:
        return import_module(module)
    except ImportError:
        raise InputError(f"{what} {_EXTRA}") from None


def _refuse_hostile(path: Path) -> None:
    try:
        why = _hostile(path)
    except _DAMAGE:
        why = "is damaged or locked: save it again as .xlsx, without a password"
    if why:
        raise InputError(f"{path.name} {why}")


def _hostile(path: Path) -> str:
    """Say why a packed file should not be read; empty where it may be."""
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
        if sum(entry.file_size for entry in entries) > _MOST_BYTES:  # zipfile unpacks no more than this
            return "unpacks to more than 2 gigabytes, so it is not a caseload"
        sheets = (entry for entry in entries if entry.filename.startswith("xl/worksheets/"))
        if any(_has_unsaved(packed, entry) for entry in sheets):
            return "has formulas whose results were not saved: open it in Excel and save it"
    return ""


def _has_unsaved(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Say whether a sheet has a formula without a result, which would read as a blank."""
    before = b""
    with packed.open(entry) as file:
        while block := file.read(_BLOCK):
            if _UNSAVED.search(before + block):
                return True
            before = block[-200:]
    return False


def _rows(sheet: Any, file: str) -> Rows:
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise InputError(
            f"{file} has a sheet of more than {_MOST_CELLS:,} cells: delete its empty rows and columns"
        )
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        for row in rows[top + 1 : bottom + 1]:
            row[left] = rows[top][left]
    return rows


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def framed(rows: Iterable[list[str]], first_row: int) -> pd.DataFrame:
    """Make a frame of rows whose first is the header; rows that hold nothing are left out, and the rest keep their number."""
    header, *body = rows
    numbered = {
        number: row for number, row in enumerate(body, first_row + 1) if any(cell.strip() for cell in row)
    }
    columns = [heading.strip() for heading in header]
    frame = pd.DataFrame(
        list(numbered.values()), index=list(numbered), columns=range(len(columns)), dtype=object
    )
    return frame.set_axis(columns, axis="columns")


@contextmanager
def made_workbook(path: Path) -> Iterator[Any]:
    """Give a workbook of xlsxwriter to fill, which is made in memory and written in one piece, so that a full disk leaves nothing half made."""
    content = BytesIO()
    with extra("xlsxwriter", "writing an Excel workbook").Workbook(content, SETTINGS) as workbook:
        yield workbook
    path.write_bytes(content.getvalue())


def write_workbook(sheets: Mapping[str, Rows], path: Path) -> None:
    """Write rows of text as the sheets of a workbook, every cell as text; a half-written file never bears the name."""
    with saving(path) as temporary, made_workbook(temporary) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    if text:
                        sheet.write_string(number, column, text)
