"""Cells: every group in every period, and the cell in which each row falls."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days, Mask
from ehcptime.questions.grouping import groups_of, texts
from ehcptime.questions.periods import places_of

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """The cell of each row, and one row of labels per cell: the columns grouped by, and `period`."""

    place: npt.NDArray[np.intp]
    labels: pd.DataFrame

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.labels)

    def count(self, rows: Mask) -> Counts:
        """Count some of the rows in each cell."""
        return np.bincount(self.place[rows], minlength=self.size)

    def total(self, rows: Mask, days: Days) -> Counts:
        """Add the days of some of the rows in each cell; exact, as sums of whole numbers below 2**53 are."""
        sums = np.bincount(self.place[rows], weights=days[rows], minlength=self.size)
        return sums.astype(np.int64)


def cells_of(frame: pd.DataFrame, columns: Sequence[str], falls_on: Days, period: str | None) -> Cells:
    """Place each row in its group and in the period of the day on which it falls; without a period, in `all`.

    Every group is given every period, so that nothing in a period is seen; the last period of each is `unknown`, for rows
    with no day.

    >>> frame = pd.DataFrame({"team": ["a", "b"]})
    >>> cells_of(frame, ["team"], np.array([20178, 20179], np.int32), "M").labels["period"].tolist()
    ['2025-03', '2025-04', 'unknown', '2025-03', '2025-04', 'unknown']
    """
    groups = groups_of(frame, columns)
    place, labels = places_of(falls_on, period)
    each = groups.labels.loc[groups.labels.index.repeat(len(labels))].reset_index(drop=True)
    return Cells(groups.place * len(labels) + place, each.assign(period=texts(labels * groups.size)))
