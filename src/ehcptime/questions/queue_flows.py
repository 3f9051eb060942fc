"""Flows of a queue: what joined it and left it in each period, and who waited at the start and the end."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.questions.advice_queue import Queue
from ehcptime.questions.bands import DAYS_IN_WEEK
from ehcptime.questions.cells import Counts
from ehcptime.questions.grouping import Groups, texts
from ehcptime.questions.spans import Spans
from ehcptime.questions.tracked import as_at_column

WEEKLY = ("asked", "allocated", "returned")
COLUMNS = (
    "period",
    "days",
    "queue_open",
    "asked",
    "returned",
    "ended",
    "queue_close",
    "unallocated_open",
    "allocated",
    "left_unallocated",
    "unallocated_close",
    "oldest_unallocated_days",
    "turnaround_days",
    *(f"{flow}_per_week" for flow in WEEKLY),
    "undated",
    "complete",
    "as_at",
)


@dataclass(frozen=True, eq=False)
class Flows:
    """A queue cut into groups and periods: every count is an array of groups by periods."""

    queue: Queue
    groups: Groups
    cut: Spans

    @property
    def _shape(self) -> tuple[int, int]:
        return self.groups.size, len(self.cut.labels)

    def _cells(self, days: Days) -> Counts:
        """Cell of each asking on a day of its own; what has not happened is in one more period, past the last."""
        return self.groups.place * (self._shape[1] + 1) + self.cut.places(days)

    def _count(self, days: Days, rows: Mask | bool = True) -> Counts:
        groups, periods = self._shape
        cells = self._cells(days)[self.queue.placed & rows]
        return np.bincount(cells, minlength=groups * (periods + 1)).reshape(groups, periods + 1)[:, :-1]

    def counts(self) -> dict[str, Counts]:
        """Flows of both queues, and the stocks at the start and the end of each period."""
        queue = self.queue
        allocated = queue.allocated != NOT_YET
        flows = {
            "asked": self._count(queue.joined),
            "returned": self._count(queue.left, queue.returned),
            "ended": self._count(queue.left, ~queue.returned),
            "allocated": self._count(queue.allocated),
            "left_unallocated": self._count(queue.left, ~allocated),
        }
        whole = flows["asked"] - flows["returned"] - flows["ended"]
        waiting = flows["asked"] - flows["allocated"] - flows["left_unallocated"]
        return flows | {
            "queue_open": whole.cumsum(axis=1) - whole,
            "queue_close": whole.cumsum(axis=1),
            "unallocated_open": waiting.cumsum(axis=1) - waiting,
            "unallocated_close": waiting.cumsum(axis=1),
        }

    def days(self) -> Counts:
        """Days of each period by `as_at`."""
        return np.diff(self.cut.ends, prepend=self.cut.first - 1)

    def oldest(self) -> Counts:
        """Days since the asking of the oldest that waits for allocation at the end of each period; 0 where none does."""
        oldest = np.zeros(self._shape, dtype=np.int64)
        joined, until = self.queue.joined, self.queue.unallocated_until
        for place, end in enumerate(self.cut.ends):
            waits = self.queue.placed & (joined <= end) & (until > end)
            np.maximum.at(oldest[:, place], self.groups.place[waits], end - joined[waits])
        return oldest

    def turnaround(self) -> "pd.Series[float]":
        """Median days from allocation to return, of those returned in each period after an allocation."""
        queue, (groups, periods) = self.queue, self._shape
        rows = queue.placed & queue.returned & (queue.allocated != NOT_YET) & (queue.left != NOT_YET)
        took = pd.Series((queue.left - queue.allocated)[rows])
        medians = took.groupby(self._cells(queue.left)[rows]).median().reindex(range(groups * (periods + 1)))
        return pd.Series(medians.to_numpy().reshape(groups, -1)[:, :-1].ravel()).astype("Float64")

    def table(self, tracked_advice: pd.DataFrame, complete: bool) -> pd.DataFrame:
        """Lay the counts out, one row per group and period."""
        groups, periods = self._shape
        counts = {name: values.ravel() for name, values in self.counts().items()}
        days = np.tile(self.days(), groups)
        labels = self.groups.labels
        undated = np.bincount(self.groups.place[self.queue.undated], minlength=groups)
        return (
            labels.loc[labels.index.repeat(periods)]
            .reset_index(drop=True)
            .assign(
                period=texts(list(self.cut.labels) * groups),
                days=days,
                **counts,
                oldest_unallocated_days=_where_any(self.oldest().ravel(), counts["unallocated_close"]),
                turnaround_days=self.turnaround(),
                **{f"{flow}_per_week": _per_week(counts[flow], days) for flow in WEEKLY},
                undated=np.repeat(undated, periods),
                complete=np.tile(np.arange(periods) < periods - 1 + complete, groups),
                as_at=as_at_column(tracked_advice, groups * periods),
            )
        )


def _where_any(values: Counts, waiting: Counts) -> "pd.Series[int]":
    return pd.Series(pd.arrays.IntegerArray(values, waiting == 0))


def _per_week(counts: Counts, days: Counts) -> "pd.Series[float]":
    return pd.Series(counts * DAYS_IN_WEEK / days).round(1)
