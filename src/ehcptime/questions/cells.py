"""Cells: groups by periods, and the cell in which each row falls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days, Mask
from ehcptime.questions.grouping import NO_LIMIT, counts_of, groups_of, texts
from ehcptime.questions.periods import places_of

Counts = npt.NDArray[np.intp]
Lags = npt.NDArray[np.float64]
_BLANK = {"rule": NO_LIMIT}


@dataclass(frozen=True, eq=False)
class Cells:
    """The cell of each row, and one row of labels per cell: the columns grouped by, and `period`."""

    place: npt.NDArray[np.intp]
    labels: pd.DataFrame
    times: npt.NDArray[np.int64] | None = None  # how many rows each row stands for: one, unless it is said

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.labels)

    @property
    def columns(self) -> list[str]:
        """Columns grouped by."""
        return [str(column) for column in self.labels if column != "period"]

    def count(self, rows: Mask) -> Counts:
        """Count some of the rows in each cell."""
        return counts_of(self.place[rows], self.size, None if self.times is None else self.times[rows])

    def counts(self, masks: Mapping[str, Mask]) -> dict[str, Counts]:
        """Count in each cell the rows for which each mask is true."""
        return {name: self.count(mask) for name, mask in masks.items()}

    def total(self, rows: Mask, days: Days) -> npt.NDArray[np.int64]:
        """Add the days of some of the rows in each cell; exact, as sums of whole numbers below 2**53 are."""
        sums = np.bincount(self.place[rows], weights=days[rows], minlength=self.size)
        return sums.astype(np.int64)

    def medians(self, lags: Lags) -> "pd.Series[float]":
        """Median of each cell over the values that are there."""
        there = np.flatnonzero(~np.isnan(lags))
        there = there[np.lexsort((lags[there], self.place[there]))]
        times = np.ones(len(there), dtype=np.int64) if self.times is None else self.times[there]
        counts = counts_of(self.place[there], self.size, times)
        before = np.cumsum(counts) - counts
        nth = np.array([before + (counts - 1) // 2, before + counts // 2])  # the middle one, or the two
        middle = np.append(lags[there], np.nan)[np.searchsorted(np.cumsum(times), nth, side="right")]
        return pd.Series(pd.arrays.FloatingArray(middle.mean(axis=0), counts == 0))


def cells_of(
    frame: pd.DataFrame,
    columns: Sequence[str],
    falls_on: Days,
    period: str | None,
    *,
    every: bool = False,
    times: npt.NDArray[np.int64] | None = None,
) -> Cells:
    """Place each row in its group and in the period of the day on which it falls; without a period, in `all`.

    Cells in which no row falls are left out, unless `every` gives each group every period, so that nothing in a period is seen. The
    last period of each group is `unknown`, for rows with no day. A blank `rule` is called "no limit".
    A row stands for as many rows as `times` says.

    >>> frame, days = pd.DataFrame({"team": ["a", "b"]}), np.array([20178, 20179], np.int32)
    >>> cells_of(frame, ["team"], days, "M").labels["period"].tolist()
    ['2025-03', '2025-04']
    >>> cells_of(frame, ["team"], days, "M", every=True).labels["period"].tolist()
    ['2025-03', '2025-04', 'unknown', '2025-03', '2025-04', 'unknown']
    """
    groups = groups_of(frame, columns, blank=_BLANK)
    place, periods = places_of(falls_on, period)
    cell = groups.place * len(periods) + place
    listed = np.arange(groups.size * len(periods)) if every else np.unique(cell)
    labels: pd.DataFrame = groups.labels.iloc[listed // len(periods)].reset_index(drop=True)
    named = texts([periods[number] for number in listed % len(periods)])
    return Cells(np.searchsorted(listed, cell), labels.assign(period=named), times)
