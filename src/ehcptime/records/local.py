"""Tables whose headings are the contract's own names: what stands beside a SEN2 return, and what has no other home."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS
from ehcptime.records.dates import Order
from ehcptime.records.notes import Notes
from ehcptime.records.personal import FREE_TEXT_DROPPED, PERSONAL_DROPPED, is_asked_for, is_personal
from ehcptime.records.texts import Sheet, read_csv, write_csv
from ehcptime.records.unread import with_unread
from ehcptime.records.values import as_text, read_values


def read_companion(
    path: Path,
    table: str,
    notes: Notes,
    *,
    required: tuple[str, ...] | None = None,
    order: Order | None = None,
    free_text: Collection[str] = (),
) -> pd.DataFrame:
    """Read one CSV file with the contract's headings; other columns are kept as text, personal ones are not kept.

    Nor are those of notes, but for the headings in `free_text`. The index numbers the rows as a spreadsheet does. `required` are the headings that the file cannot do without (by
    default those that the table requires).

    Raises:
        InputError: the file cannot be read, or lacks a required column.
    """
    return read_contract(read_csv(path), table, notes, required=required, order=order, free_text=free_text)


def read_contract(
    sheet: Sheet,
    table: str,
    notes: Notes,
    *,
    required: tuple[str, ...] | None = None,
    order: Order | None = None,
    free_text: Collection[str] = (),
) -> pd.DataFrame:
    """Read a sheet of text whose headings are the contract's names."""
    known = COLUMNS[table]
    needed = (
        tuple(name for name, column in known.items() if column.required) if required is None else required
    )
    refuse_headings(sheet, needed)
    notes.add(sheet.name, "", table, len(sheet.frame), len(sheet.frame), sheet.note)
    kept: dict[str, pd.Series] = {}
    for heading in sheet.frame.columns:
        if why := _why_not(heading, known, free_text):
            notes.add(sheet.name, heading, "", int((sheet.frame[heading] != "").sum()), 0, why)
            continue
        read = read_values(sheet.frame[heading], known.get(heading), file=sheet.name, order=order)
        kept |= with_unread(heading, read)
        notes.add(sheet.name, heading, heading, read.rows_in, read.rows_out, read.note)
    return pd.DataFrame(kept, index=sheet.frame.index)


def _why_not(heading: str, known: Collection[str], free_text: Collection[str]) -> str:
    """Say why a column is not kept; empty where it is."""
    if heading == "":
        return "has no heading"
    if heading not in known and is_personal(heading):
        return PERSONAL_DROPPED
    return "" if is_asked_for(heading, free_text) else FREE_TEXT_DROPPED


def refuse_headings(sheet: Sheet, needed: tuple[str, ...]) -> None:
    """Refuse a sheet that lacks a heading it needs, or has one twice."""
    headings = [heading for heading in sheet.frame.columns if heading]
    if missing := [name for name in needed if name not in headings]:
        raise InputError(f"{sheet.name} has no column {' or '.join(missing)}")
    if twice := sorted({heading for heading in headings if headings.count(heading) > 1}):
        raise InputError(f"{sheet.name} has the column {twice[0]} more than once")


def write_companion(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV with its own headings."""
    write_csv(pd.DataFrame({name: as_text(frame[name]) for name in frame.columns}), path)
