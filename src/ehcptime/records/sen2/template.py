"""The DfE's data-entry template: one sheet on which a table for each module stands below the last."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.dates import Order, read_dates
from ehcptime.records.extract import Extract
from ehcptime.records.notes import Notes
from ehcptime.records.personal import plain
from ehcptime.records.sen2.assembling import Part, assemble
from ehcptime.records.sen2.disassembling import take_to_modules
from ehcptime.records.sen2.labels import labelled, labels_of, shortened
from ehcptime.records.sen2.modules import MODULES, NO_KEYS, read_module
from ehcptime.records.texts import Sheet
from ehcptime.records.workbooks import Rows, framed, write_workbook

_SHEET = "Data Entry Template"
_LABELS = labels_of("template")
_TITLES = {plain(labels.title): name for name, labels in _LABELS.items()}


def is_template(sheets: Mapping[str, Rows]) -> bool:
    """Say whether one of the sheets is the template's."""
    return plain(_SHEET) in {plain(name) for name in sheets}


def read_template(
    sheets: Mapping[str, Rows], file: str, *, order: Order | None = None, keys: frozenset[str] = NO_KEYS
) -> Extract:
    """Read a filled-in data-entry template.

    Rows that hold nothing of what the module needs, such as those made ready and not filled in, are left out and
    counted.

    Raises:
        InputError: the tables of requests or assessments are not there, or a table lacks a column.
    """
    rows = next(rows for name, rows in sheets.items() if plain(name) == plain(_SHEET))
    notes = Notes()
    tables = {name: _sheet(name, first, block, file) for name, first, block in _tables(rows)}
    if missing := [_LABELS[name].title for name in ("requests", "assessment") if name not in tables]:
        raise InputError(f"{file} has no table {' or '.join(missing)}")
    parts = {
        name: Part(
            sheet.name,
            read_module(sheet, MODULES[name], notes, labels=_LABELS[name].plain(), order=order, keys=keys),
        )
        for name, sheet in tables.items()
        if name in MODULES
    }
    for name in tables.keys() - MODULES.keys() - {"header"}:
        notes.add(tables[name].name, "", "", len(tables[name].frame), 0, "not used")
    cases = assemble(parts, notes)
    header = _header(tables.get("header"))
    if header.get("LEA"):
        cases = cases.assign(la_code=header["LEA"])
    return Extract(cases=cases, reading=notes.frame(), extracted_on=_day(header.get("DateTime", "")))


def _tables(rows: Rows) -> Iterator[tuple[str, int, Rows]]:
    """Find each table: its module, the position of its header, and its rows with the header first."""
    starts = [(n, _TITLES[plain(row[0])]) for n, row in enumerate(rows) if row and plain(row[0]) in _TITLES]
    for (start, name), (end, _) in pairwise([*starts, (len(rows), "")]):
        header = next((n for n in range(start + 1, end) if any(cell.strip() for cell in rows[n])), None)
        if header is not None:
            yield name, header, rows[header:end]


def _sheet(name: str, first: int, block: Rows, file: str) -> Sheet:
    labels = _LABELS[name]
    headings = [shortened(cell) for cell in block[0]]
    frame = framed([headings, *block[1:]], first + 1)
    wanted = [position for position, heading in enumerate(headings) if plain(heading) in labels.plain()]
    filled = (
        (frame.iloc[:, wanted].map(str.strip) != "").any(axis=1)
        if wanted
        else pd.Series(True, index=frame.index)
    )
    note = f"{int((~filled).sum())} rows are not filled in" if not filled.all() else ""
    return Sheet(f"{file} {labels.title}", frame[filled], note)


def _header(sheet: Sheet | None) -> dict[str, str]:
    """Give the first row of the header's table, by tag."""
    if sheet is None or sheet.frame.empty:
        return {}
    tags = _LABELS["header"].plain()
    first = zip(sheet.frame.columns, sheet.frame.iloc[0], strict=True)
    return {tags[plain(heading)]: text.strip() for heading, text in first if plain(heading) in tags}


def _day(text: str) -> date | None:
    """Read the header's moment; it is not worth refusing a return for."""
    try:
        day = read_dates(pd.Series([text]), column="Date & Time").dates.iloc[0]
    except InputError:
        return None
    return None if pd.isna(day) else day.date()


def write_template(extract: Extract, path: str | Path, *, as_at: date) -> None:
    """Write the part of an extract that SEN2 carries as a filled-in template, dated `as_at`.

    An existing file is replaced when the new one is whole.

    Raises:
        InputError: the excel extra is not installed, or a case has no `case_id` of its own.
    """
    modules = take_to_modules(extract.cases).modules
    codes = set(extract.cases["la_code"].dropna()) if "la_code" in extract.cases else set()
    lea = str(codes.pop()) if len(codes) == 1 else ""
    rows: Rows = [[_LABELS["header"].title], ["LA Number", "Date & Time"], [lea, as_at.isoformat()], [], []]
    for name in MODULES:
        table = labelled(modules[name], name, _LABELS[name])
        rows += [[_LABELS[name].title], list(table.columns)]
        rows += [list(row) for row in table.itertuples(index=False, name=None)]
        rows += [[], []]
    write_workbook({_SHEET: rows}, Path(path))
