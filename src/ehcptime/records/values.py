"""Columns of text turned into what the contract says they are, and back."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.records.cells import strip_cells
from ehcptime.records.columns import Column
from ehcptime.records.dates import Order, read_dates
from ehcptime.records.personal import shaped

_FLAGS = {"1": 1, "1.0": 1, "true": 1, "yes": 1, "y": 1, "0": 0, "0.0": 0, "false": 0, "no": 0, "n": 0}
_SHOWN = 5
_NONE = pd.Series(dtype=object)
_IDS = ("case_id", "person_id", "requeststableid", "persontableid")


class Values(NamedTuple):
    """A column as read, how many of its cells held something, how many of those could be read, and what to know.

    `unread` are the cells that are no dates, under the labels of their rows.
    """

    values: pd.Series
    rows_in: int
    rows_out: int
    note: str = ""
    unread: pd.Series = _NONE


def read_values(
    text: pd.Series, column: Column | None, *, file: str = "", order: Order | None = None
) -> Values:
    """Read a column of text by its kind in the contract; as text where the contract does not know it.

    Dates become `datetime64[s]`, flags and numbers nullable integers. A column of flags or numbers with a cell that
    cannot be read stays as it stands, so that nothing is lost and a check can name the cell.

    >>> read_values(pd.Series(["1", "0.0", ""]), Column("rya", "flag", "")).values.tolist()
    [1, 0, <NA>]
    """
    name = str(text.name) if column is None else column.name
    kind = "text" if column is None else column.kind
    if kind == "date":
        reading = read_dates(text, column=name, order=order, file=file)
        filled = int(reading.dates.notna().sum())
        note = reading.how + _issue_note(reading.issues)
        unread = pd.Series(reading.issues["value"].to_numpy(), index=reading.issues["row"], dtype=object)
        return Values(reading.dates, filled + len(reading.issues), filled, note, unread)
    stripped, filled = strip_cells(text)
    ids = shaped(stripped) if name in _IDS else ""
    stripped = stripped.astype(object)
    if kind in ("flag", "number"):
        return _whole(stripped, filled, flag=kind == "flag")
    note = _outside(stripped, column) if kind == "code" else ids
    full = filled == len(stripped)
    return Values(stripped if full else stripped.where(stripped != "", np.nan), filled, filled, note)


def _outside(text: pd.Series, column: Column | None) -> str:
    """Count what is not a code; the codes are read without regard to case."""
    codes = {code.casefold() for code in column.values} if column else set()
    places, distinct = pd.factorize(text)
    known = np.array([str(value).casefold() in codes | {""} for value in distinct], dtype=bool)
    odd = text.index[~known[places]]
    return f"{len(odd)} not in the code set ({rows_named(odd)})" if len(odd) else ""


def _issue_note(issues: pd.DataFrame) -> str:
    if issues.empty:
        return ""
    counts = issues["why"].value_counts().sort_index()
    parts = [
        f"{n} {why} ({rows_named(issues.loc[issues['why'] == why, 'row'])})" for why, n in counts.items()
    ]
    return "".join(f"; {part}" for part in parts)


def rows_named(rows: pd.Series | pd.Index) -> str:
    """Name rows by their numbers, the first few.

    >>> rows_named(pd.Index([4, 9]))
    'rows 4, 9'
    """
    shown = ", ".join(str(row) for row in rows[:_SHOWN])
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return f"row{'s' * (len(rows) > 1)} {shown}{more}"


def _whole(text: pd.Series, filled: int, *, flag: bool) -> Values:
    codes, distinct = pd.factorize(text)
    known = [_FLAGS.get(str(value).casefold()) if flag else _number(str(value)) for value in distinct]
    bad = np.array(
        [number is None and value != "" for number, value in zip(known, distinct, strict=True)], dtype=bool
    )
    rows = text.index[bad[codes]] if len(bad) else text.index[:0]
    if len(rows):
        what = "neither 1 nor 0" if flag else "not a whole number"
        note = f"kept as text: {len(rows)} {what} ({rows_named(rows)})"
        return Values(text.where(text != "", np.nan), filled, filled - len(rows), note)
    numbers = pd.array([*known, None], dtype="Int64").take(codes)
    return Values(pd.Series(numbers, index=text.index, name=text.name), filled, filled)


def _number(text: str) -> int | None:
    whole, _, fraction = text.partition(".")
    return int(whole) if whole.removeprefix("-").isdecimal() and not fraction.strip("0") else None


def as_text(values: pd.Series) -> pd.Series:
    """Write a column as text: ISO dates, whole numbers without a fraction, flags as 1 and 0, blanks as "".

    >>> as_text(pd.Series([1.0, None])).tolist(), as_text(pd.Series([True, False])).tolist()
    (['1', ''], ['1', '0'])
    """
    text: pd.Series
    if pd.api.types.is_datetime64_any_dtype(values):
        text = values.dt.strftime("%Y-%m-%d")
    elif _is_whole(values):
        text = values.astype("Int64").astype(str)
    else:
        text = values.astype(object).map(str)
    return text.astype(object).where(values.notna(), "")


def _is_whole(values: pd.Series) -> bool:
    if pd.api.types.is_float_dtype(values):
        return bool((values.dropna() % 1 == 0).all())
    return pd.api.types.is_bool_dtype(values)
