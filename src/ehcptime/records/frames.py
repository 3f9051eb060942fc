"""The door for frames: what every table must have before anything is worked out from it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import required


def require(frame: pd.DataFrame, table: str, *, reserved: Iterable[str] = ()) -> None:
    """Refuse a frame that lacks a required column, names one twice, or uses the name of an output.

    >>> require(pd.DataFrame({"case_id": ["A"]}), "cases")
    Traceback (most recent call last):
    ehcptime.errors.InputError: the cases have no column 'received_date': rename the column that holds it, or map it on reading
    """
    require_frame(frame, table, reserved=reserved)
    for name in required(table):
        if name not in frame.columns:
            raise InputError(
                f"the {table} have no column {name!r}: rename the column that holds it, or map it on reading"
            )


def require_frame(frame: pd.DataFrame, table: str, *, reserved: Iterable[str] = ()) -> None:
    """Refuse what is not a frame, names a column twice, or uses the name of an output."""
    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"the {table} are {type(frame).__name__}, not a DataFrame: read them with a reader of ehcptime"
        )
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise InputError(f"the {table} have the column {twice[0]!r} twice: rename or drop one of them")
    for name in reserved:
        if name in frame.columns:
            raise InputError(
                f"the {table} already have a column {name!r}, which ehcptime adds: rename or drop it"
            )


def require_unique(frame: pd.DataFrame, key: str) -> None:
    """Refuse a frame in which a key is blank or stands twice.

    >>> require_unique(pd.DataFrame({"case_id": ["A", "A"]}), "case_id")
    Traceback (most recent call last):
    ehcptime.errors.InputError: column 'case_id', row 1: the same case_id stands in an earlier row; give each request its own
    """
    blank = frame[key].isna()
    if blank.any():
        raise InputError(
            f"column {key!r}, row {blank.to_numpy().argmax()}: blank; give each request its own {key}"
        )
    if not (_rises(frame[key]) or frame[key].is_unique):
        row = int(frame[key].duplicated().to_numpy().argmax())
        raise InputError(
            f"column {key!r}, row {row}: the same {key} stands in an earlier row; give each request its own"
        )


def _rises(values: "pd.Series[Any]") -> bool:
    """Whether each text is longer than the one before, or as long and after it: ids in order, told without a table of them."""
    if not isinstance(values.dtype, pd.StringDtype) or len(values) < 2:
        return False
    text = values.array
    after = np.asarray(text[1:] > text[:-1], dtype=bool)
    if after.all():  # ids of one length, as most systems make them
        return True
    lengths = values.str.len().to_numpy(dtype="int64")
    return bool(((lengths[1:] > lengths[:-1]) | ((lengths[1:] == lengths[:-1]) & after)).all())
