"""Cells that could not be read as dates: they stay beside their row until the row has its case, and are then a table."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from ehcptime.records.columns import COLUMNS
from ehcptime.records.extract import UNREAD_COLUMNS, Extract
from ehcptime.records.values import Values

_MARK = "unread "


def with_unread(name: str, read: Values) -> Iterator[tuple[str, pd.Series]]:
    """Give the column that was read under its name, and beside it the cells of it that are no dates, if any.

    >>> from ehcptime.records.values import read_values
    >>> sent = COLUMNS["cases"]["draft_sent_date"]
    >>> dict(with_unread(sent.name, read_values(pd.Series(["2025-03-03", "w/c 3rd March"]), sent)))["unread draft_sent_date"].tolist()
    ['w/c 3rd March']
    """
    yield name, read.values
    if len(read.unread):
        yield mark(name), read.unread


def mark(name: str) -> str:
    """Name the column in which the unread cells of a column are kept.

    >>> mark("received_date")
    'unread received_date'
    """
    return _MARK + name


def set_apart(extract: Extract) -> Extract:
    """Move the unread cells of every table to `Extract.unread`; one that another file has filled is no longer unread."""
    tables: dict[str, pd.DataFrame] = {table: getattr(extract, table) for table in COLUMNS}
    found = [cells for frame in tables.values() for cells in _cells(frame)]
    if not found:
        return extract
    made: dict[str, Any] = {table: frame.drop(columns=_marked(frame)) for table, frame in tables.items()}
    return replace(extract, **made, unread=pd.concat(found, ignore_index=True))


def still_blank(extract: Extract) -> Extract:
    """Leave out the unread cells of cases that a return of another year has filled."""
    cases, unread = extract.cases, extract.unread
    kept = pd.Series(True, index=unread.index)
    for name, own in unread.groupby("column"):
        if name in cases:
            kept[own.index] = own["case_id"].isin(cases.loc[cases[name].isna(), "case_id"])
    return replace(extract, unread=unread[kept].reset_index(drop=True))


def _marked(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if str(name).startswith(_MARK)]


def _cells(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for marked in _marked(frame):
        name = marked.removeprefix(_MARK)
        rows = frame[frame[marked].notna() & frame[name].isna()]
        ids = rows["case_id"] if "case_id" in rows else pd.Series(None, index=rows.index, dtype=object)
        values = pd.DataFrame({"case_id": ids, "column": name, "value": rows[marked]}, dtype=object)
        yield values[list(UNREAD_COLUMNS)]
