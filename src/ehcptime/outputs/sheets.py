"""Tables as sheets of an Excel workbook: one table a sheet, its headings in a frozen row with filters."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.inert import without_controls
from ehcptime.records.workbooks import made_workbook

_FORMATS = {
    "heading": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    # A text stays a text when its cell is edited, whatever it begins with.
    "text": {"num_format": "@", "quote_prefix": True},
}
_NO_CLOCK = datetime(2000, 1, 1)  # noqa: DTZ001 - the same table gives the same file, whatever the day
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME, _LONGEST_TEXT, _MOST_ROWS, _MOST_COLUMNS = 31, 32_767, 1_048_575, 16_384
_FIRST_YEAR = 1900  # Excel has no date before it
_EXACT = 2**53  # Excel holds whole numbers up to it
_NARROW, _WIDE = 8, 60  # characters
_ROWS_MEASURED = 500


def write_sheets(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write each frame to a sheet of its name. Raises CommandError for a table that a sheet cannot hold."""
    for frame in tables.values():
        _check(frame)
    with made_workbook(path) as book:
        book.set_properties({"created": _NO_CLOCK})
        formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
        for name, frame in zip(sheet_names(tables), tables.values(), strict=True):
            _write(book.add_worksheet(name), frame, formats)


def sheet_names(names: Mapping[str, Any] | list[str]) -> list[str]:
    """Make names that a workbook can have: no longer than 31 characters, and no two the same.

    >>> sheet_names(["A/B", "a b", "x" * 40])
    ['A B', 'a b (2)', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']
    """
    taken: dict[str, int] = {}
    found = []
    for name in names:
        clean = _NO_SHEET_NAME.sub(" ", without_controls(name)).replace("\n", " ").strip("' ") or "table"
        clean = "History " if clean.casefold() == "history" else clean  # a name that Excel keeps to itself
        number, made = 1, clean[:_LONGEST_NAME]
        while made.casefold() in taken:
            number += 1
            end = f" ({number})"
            made = clean[: _LONGEST_NAME - len(end)] + end
        taken[made.casefold()] = number
        found.append(made)
    return found


def _check(frame: pd.DataFrame) -> None:
    rows, columns = frame.shape
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        raise CommandError(
            f"{rows:,} rows and {columns:,} columns are more than a sheet holds: end the name of the file in .csv"
        )


def _write(sheet: Any, frame: pd.DataFrame, formats: Mapping[str, Any]) -> None:
    for place, name in enumerate(frame.columns):
        heading = without_controls(str(name))
        cells = list(frame.iloc[:, place].astype(object))
        sheet.set_column(place, place, _width(heading, cells))
        sheet.write_string(0, place, heading, formats["heading"])
        for row, value in enumerate(cells, start=1):
            _cell(sheet, row, place, value, heading, formats)
    sheet.freeze_panes(1, 0)
    if frame.shape[1]:
        sheet.autofilter(0, 0, max(len(frame), 1), frame.shape[1] - 1)


def _cell(sheet: Any, row: int, place: int, value: Any, heading: str, formats: Mapping[str, Any]) -> None:
    value = value.item() if hasattr(value, "item") else value
    if value is None or (not isinstance(value, list | tuple) and pd.isna(value)):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float) and abs(value) <= _EXACT:
        sheet.write_number(row, place, value)
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        is_time = isinstance(value, datetime) and value.time() != datetime.min.time()
        sheet.write_datetime(row, place, value, formats["time" if is_time else "day"])
    else:
        sheet.write_string(row, place, _text(value, heading), formats["text"])


def _text(value: Any, heading: str) -> str:
    text = without_controls(value.isoformat()[:10] if isinstance(value, date) else str(value))
    if len(text) > _LONGEST_TEXT:
        raise CommandError(
            f"column {heading!r} holds a text longer than a cell of Excel: end the name of the file in .csv"
        )
    return text


def _width(heading: str, cells: list[Any]) -> int:
    longest = max([len(heading) + 3, *(_length(value) for value in cells[:_ROWS_MEASURED])])
    return min(max(longest, _NARROW), _WIDE)


def _length(value: Any) -> int:
    return 11 if isinstance(value, date) else len(str(value)) + 1
