"""The calendar of the star schema: every day that its tables can hold, with the periods in which it falls."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.calendars import england
from ehcptime.clock.counting import Days, is_day
from ehcptime.outputs.star_columns import STAR
from ehcptime.questions.periods import Letter, periods_of
from ehcptime.records.arrays import days_of

_YEARS_BACK = 7
_PERIODS: dict[str, Letter] = {
    "month": "M",
    "quarter": "Q",
    "year": "Y",
    "financial_year": "FY",
    "academic_year": "AY",
}


def calendar_table(as_at: date, columns: Iterable["pd.Series[Any]"]) -> pd.DataFrame:
    """Give one row for each day of the years round `as_at`, and for any other day that stands in a column of dates.

    >>> table = calendar_table(date(2025, 3, 31), [pd.Series(pd.to_datetime(["1925-03-02"]))])
    >>> table["month"].iloc[[0, 1, -1]].tolist(), int(table["working_day"].iloc[0])
    (['1925-03', '2018-01', '2026-12'], 1)
    """
    first, end = np.datetime64(f"{as_at.year - _YEARS_BACK}", "D"), np.datetime64(f"{as_at.year + 2}", "D")
    usual = np.arange(first.astype(int), end.astype(int))
    days = np.unique(np.concatenate([usual, *(_days(column) for column in columns)])).astype(np.int32)
    dates = days.astype("datetime64[D]")
    table: dict[str, Any] = {"date": dates.astype("datetime64[s]")}
    table |= {name: _labels(days, letter) for name, letter in _PERIODS.items()}
    return STAR["calendar"].shaped(
        pd.DataFrame(table | {"working_day": np.is_busday(dates, busdaycal=england().busdays)})
    )


def _days(column: "pd.Series[Any]") -> Days:
    days = days_of(column, str(column.name))
    return np.asarray(days[is_day(days)], dtype=np.int32)


def _labels(days: Days, letter: Letter) -> list[str]:
    found = periods_of(days, letter)
    return [found.labels[place] for place in found.place]
