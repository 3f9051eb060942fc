"""Rows that are alike, each kind held once with how many there are: what a caseload of any size is counted from."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days, is_day
from ehcptime.questions.grouping import counts_of, groups_of

_NUMBER = "how many"
_HELD = 100_000  # rows after which those that are alike are put together


class Alike:
    """The kinds of rows that were added, in the order in which each was first seen.

    A kind is what the columns to group by say, and some whole numbers by name. Rows are put together as they come, so
    the memory goes with the kinds and not with the rows.

    >>> kinds = Alike(["team"])
    >>> for team in (["north", "south"], ["north"]):
    ...     kinds.add(pd.DataFrame({"team": team}), {"days": np.array([7] * len(team))})
    >>> kinds.labels["team"].tolist(), kinds.of("days").tolist(), kinds.numbers.tolist()
    (['north', 'south'], [7, 7], [2, 1])
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = list(columns)
        self._frames: list[pd.DataFrame] = []

    def add(self, rows: pd.DataFrame, values: Mapping[str, npt.NDArray[Any]]) -> None:
        """Add rows, of which only the columns to group by are read, each with its whole numbers."""
        named = {_name(value): np.asarray(numbers).astype(np.int64) for value, numbers in values.items()}
        held = pd.DataFrame(named, index=rows.index).assign(**{_NUMBER: np.int64(1)})
        self._frames.append(_together(pd.concat([rows[self._columns], held], axis="columns")))
        if len(self._frames) > 1 and sum(map(len, self._frames[1:])) > max(_HELD, len(self._frames[0])):
            self._frames = [self._whole()]

    @property
    def labels(self) -> pd.DataFrame:
        """The columns to group by, one row for each kind."""
        return self._whole()[self._columns]

    @property
    def numbers(self) -> npt.NDArray[np.int64]:
        """How many rows there are of each kind."""
        return self._whole()[_NUMBER].to_numpy()

    def of(self, value: str) -> npt.NDArray[np.int64]:
        """Give one of the whole numbers, for each kind."""
        return self._whole()[_name(value)].to_numpy()

    def _whole(self) -> pd.DataFrame:
        if len(self._frames) > 1:
            there = [frame for frame in self._frames if len(frame)] or self._frames[:1]
            self._frames = [_together(pd.concat(there, ignore_index=True))]
        return self._frames[0]


def _name(value: str) -> str:
    return f"{value} of a kind"  # the name of no column of an answer


def _together(rows: pd.DataFrame) -> pd.DataFrame:
    """Put rows that are alike together."""
    place = groups_of(rows, [str(name) for name in rows.columns if name != _NUMBER]).place
    kinds, first = np.unique(place, return_index=True)
    numbers = counts_of(place, len(kinds), rows[_NUMBER].to_numpy())
    order = np.argsort(first)
    return rows.iloc[first[order]].assign(**{_NUMBER: numbers[order]}).reset_index(drop=True)


def to_months(days: Days, period: str | None) -> Days:
    """Days at the first of their month, since every period is a whole number of months; all alike without a period."""
    if period is None:
        return np.zeros(days.shape, dtype=np.int32)
    there = is_day(days)
    first = np.where(there, days, 0).astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
    return np.where(there, first.astype(np.int32), days)
