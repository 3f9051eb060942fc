"""Columns of an answer: day numbers and codes as pandas writes them, and `as_at` as the clock reads it."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days, day_number, is_day
from ehcptime.errors import CommandError
from ehcptime.records.arrays import NAT, Codes

_EPOCH = date(1970, 1, 1)


def plain_day(as_at: date) -> date:
    """Give `as_at` as a plain date; raises CommandError where it is not one."""
    return _EPOCH + timedelta(days=as_at_day(as_at))


def as_at_day(as_at: date) -> int:
    """Day number of `as_at`; raises CommandError where it is not a plain date."""
    if not isinstance(as_at, date) or pd.isna(as_at):
        raise CommandError(
            f"as_at is {type(as_at).__name__}, not a date: give the day, for example date(2025, 3, 31)"
        )
    if isinstance(as_at, datetime) and as_at.tzinfo is not None:
        raise CommandError("as_at has a time zone, which can move it by a day: give a plain date")
    return day_number(as_at.date() if isinstance(as_at, datetime) else as_at)


def as_dates(days: Days) -> npt.NDArray[np.datetime64]:
    """Day numbers as datetime64[s]; NaT where the day is not there."""
    seconds = np.empty(days.shape, dtype=np.int64)
    put_dates(days, seconds)
    return seconds.view("datetime64[s]")


def put_dates(days: Days, seconds: npt.NDArray[np.int64]) -> None:
    """Write day numbers into an array that will be seen as datetime64[s]."""
    np.multiply(days, 86_400, out=seconds, dtype=np.int64)
    there = is_day(days)
    if not there.all():  # as `masks.choose` does, but in place: 64 bits a row are slow to find room for
        seconds -= NAT
        seconds *= there.view(np.int8)
        seconds += NAT


def categorical(codes: Codes, names: tuple[str, ...]) -> Any:
    """Codes as a categorical column; -1 is blank."""
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(names)))
