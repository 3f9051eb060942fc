"""The pre-submission workbook: one sheet for each module, with the tags of the return as headings."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.notes import Notes
from ehcptime.records.personal import plain
from ehcptime.records.sen2.assembling import Part, assemble
from ehcptime.records.sen2.disassembling import take_to_modules
from ehcptime.records.sen2.modules import MODULES, NO_KEYS, read_module
from ehcptime.records.texts import Sheet
from ehcptime.records.workbooks import Rows, framed, write_workbook

_SHEETS = {
    "person": "Person",
    "requests": "Requests",
    "assessment": "Assessments",
    "namedplan": "Named Plan",
    "activeplans": "Active Plan",
    "senneed": "SEN Need",
}
_MISSPELT = {"requestsource": "rquestsource"}  # as the workbook has it


def is_workbook(sheets: Mapping[str, Rows]) -> bool:
    """Say whether the sheets are those of a pre-submission workbook."""
    return {plain("Requests"), plain("Assessments")} <= {plain(name) for name in sheets}


def read_sheets(
    sheets: Mapping[str, Rows], file: str, *, order: Order | None = None, keys: frozenset[str] = NO_KEYS
) -> Extract:
    """Read the sheets of a pre-submission workbook, in which every module is tied to its request.

    Raises:
        InputError: a sheet is empty or lacks a column.
    """
    notes = Notes()
    titles = {plain(title): name for name, title in _SHEETS.items()}
    parts = {}
    for title, rows in sheets.items():
        name = titles.get(plain(title))
        if name is None:
            notes.add(f"{file} {title}", "", "", len(rows), 0, "not used")
            continue
        sheet = sheet_of(rows, f"{file} {title}")
        parts[name] = Part(sheet.name, read_module(sheet, MODULES[name], notes, order=order, keys=keys))
    return Extract(cases=assemble(parts, notes), reading=notes.frame())


def sheet_of(rows: Rows, name: str) -> Sheet:
    """Take the first row that holds anything as the header."""
    first = next((number for number, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if first is None:
        raise InputError(f"{name} is empty")
    return Sheet(name, framed(rows[first:], first + 1))


def write_sheets(extract: Extract, path: str | Path) -> None:
    """Write the part of an extract that SEN2 carries as a pre-submission workbook, with its misspelt heading.

    An existing file is replaced when the new one is whole.

    Raises:
        InputError: the excel extra is not installed, or a case has no `case_id` of its own.
    """
    modules = take_to_modules(extract.cases).modules
    write_workbook({title: _rows(modules[name], name) for name, title in _SHEETS.items()}, Path(path))


def _rows(table: pd.DataFrame, module: str) -> Rows:
    tags = {item.column: item.tag.lower() for item in MODULES[module].items}
    kept = (
        table.drop(columns=MODULES[module].own, errors="ignore")
        .rename(columns=tags)
        .rename(columns=_MISSPELT)
    )
    return [list(kept.columns), *(list(row) for row in kept.itertuples(index=False, name=None))]
