"""Rounding: every count to the nearest 5, and the percentages worked out again from what is then printed."""

from typing import Any

import numpy as np
import pandas as pd

from ehcptime.outputs.markers import LOW, NOT_APPLICABLE, UNAVAILABLE, is_marker, masked
from ehcptime.outputs.roles import Roles, numbers_in, roles_of
from ehcptime.outputs.shares import pair_of
from ehcptime.outputs.writing import SMALLEST_BASE, is_of_method
from ehcptime.questions.rounding import percent

_STEP = 5


def rounded(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Round the counts of a table to the nearest 5; zeros stay, and what rounds to 0 is marked as low.

    Percentages are worked out from the rounded counts; one whose rounded base is under 10, and every other figure, is not available.
    No number stays in a note, unless it is about the method alone.

    >>> rounded(pd.DataFrame({"numerator": [2, 13], "denominator": [9, 52], "percent": [22.2, 25.0]}), "plans").to_numpy().tolist()
    [['[low]', 10, '[low]'], [15, 50, 30.0]]
    """
    roles = roles_of(frame, table)
    new = {column: _counts(frame[column]) for column in roles("count")}
    new |= {column: _percents(frame, column, roles) for column in roles("percent")}
    new |= {column: _dropped(frame[column]) for column in roles("figure")}
    new |= {column: _notes(frame[column]) for column in roles("note")}
    return frame.assign(**new)


def _counts(values: "pd.Series[Any]") -> "pd.Series[Any]":
    cells = [value if is_marker(value) else _nearest(value) for value in values.tolist()]
    return _column(cells, values)


def _nearest(value: Any) -> int | str:
    if pd.isna(value):
        return UNAVAILABLE
    near = _STEP * int((int(value) + _STEP // 2) // _STEP)
    return LOW if value and not near else near


def _column(cells: list[Any], old: "pd.Series[Any]") -> "pd.Series[Any]":
    """Keep the type of a column that has no marker in it."""
    same = not any(isinstance(cell, str) for cell in cells)
    return pd.Series(cells, index=old.index, dtype=old.dtype if same else object)


def _percents(frame: pd.DataFrame, column: str, roles: Roles) -> "pd.Series[Any]":
    numerator, denominator = pair_of(frame, column, roles)
    parts, wholes = numbers_in(frame[numerator]), numbers_in(frame[denominator or column])
    if parts is None or wholes is None or numerator == column or column != "percent":
        return _dropped(frame[column])
    pairs = zip(frame[column].tolist(), parts.tolist(), wholes.tolist(), strict=True)
    return _column(
        [old if is_marker(old) else _percent(old, part, whole) for old, part, whole in pairs], frame[column]
    )


def _percent(old: Any, part: float, whole: float) -> Any:
    if np.isnan(part) or np.isnan(whole):
        return UNAVAILABLE
    if not whole or pd.isna(old):  # of a period that has not begun there is none
        return NOT_APPLICABLE
    top, bottom = _nearest(part), _nearest(whole)
    if isinstance(top, str):
        return top
    if isinstance(bottom, str) or bottom < SMALLEST_BASE:
        return UNAVAILABLE
    return min(100.0, percent(top, bottom))


def _dropped(values: "pd.Series[Any]") -> "pd.Series[Any]":
    cells = [
        value if is_marker(value) else NOT_APPLICABLE if pd.isna(value) else UNAVAILABLE
        for value in values.tolist()
    ]
    return pd.Series(cells, index=values.index, dtype=object)


def _notes(notes: "pd.Series[Any]") -> "pd.Series[Any]":
    return notes.map(lambda note: masked(note) if isinstance(note, str) and not is_of_method(note) else note)
