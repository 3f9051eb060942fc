"""Overtaking: for a day and a place in the queue, how many older cases were open then, and the oldest of them.

Every pair of a plan and an older case could be looked at, but a large authority has a thousand million of them. Both answers
here take about as many steps as there are rows, times the number of binary digits of the days of the span.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import NOT_YET, Days
from ehcptime.questions.flows import Places

_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Stretches:
    """Stretches of days on which cases were open, oldest case first: days from `day`, and before `until`."""

    start: Days  # of the case
    day: Days
    until: Days

    @classmethod
    def of(cls, start: Days, day: Days, until: Days) -> "Stretches":
        """Put stretches in the order of the starts of their cases."""
        order = np.argsort(start, kind="stable")
        return cls(start[order], day[order], until[order])

    def older_open(self, start: Days, on: Days) -> _Counts:
        """For each pair of a start and a day, how many cases with an earlier start were open on that day."""
        older = np.searchsorted(self.start, start, side="left")
        return count_up_to(self.day, older, on) - count_up_to(self.until, older, on)

    def oldest_open(self, on: Days) -> Days:
        """For each day, the earliest start among the cases open on it; NOT_YET where none was.

        A stretch is the union of two runs whose length is a power of two. The earliest start over each run is handed down
        from the longest runs to single days.
        """
        if not len(self.day) or not len(on):
            return np.full(len(on), NOT_YET, dtype=np.int32)
        low, size = int(min(self.day.min(), on.min())), int(max(self.until.max(), on.max() + 1))
        size -= low
        level = np.frexp((self.until - self.day).astype(np.float64))[1] - 1  # of the longest run that fits
        runs: Days = np.full((size.bit_length(), size), NOT_YET, dtype=np.int32)
        np.minimum.at(runs, (level, self.day - low), self.start)
        np.minimum.at(runs, (level, self.until - low - (1 << level)), self.start)
        for upper in range(len(runs) - 1, 0, -1):
            half = 1 << (upper - 1)
            runs[upper - 1] = np.minimum(runs[upper - 1], runs[upper])
            runs[upper - 1, half:] = np.minimum(runs[upper - 1, half:], runs[upper, : size - half])
        return np.asarray(runs[0, on - low])


def count_up_to(days: Days, first: Places, on: Days) -> _Counts:
    """For each pair of a number and a day, how many of so many first `days` are on or before that day.

    The days are parted by their binary digits, the highest first, each part keeping its order (a wavelet matrix). A range of
    places stays a range in each part, so every pair follows one range down and adds up the parts that are surely earlier.

    >>> count_up_to(np.array([5, 2, 9], np.int32), np.array([2, 3, 3]), np.array([4, 5, 9], np.int32)).tolist()
    [1, 2, 3]
    """
    if not len(days) or not len(on):
        return np.zeros(len(on), dtype=np.int64)
    lowest = int(min(days.min(), on.min()))
    values, bound = days.astype(np.int64) - lowest, on.astype(np.int64) - lowest + 1
    found = np.zeros(len(on), dtype=np.int64)
    left, right = np.zeros(len(on), dtype=np.int64), first.astype(np.int64)
    for digit in reversed(range(int(max(values.max(), bound.max())).bit_length())):
        is_one = (values >> digit & 1).astype(bool)
        zeros = np.concatenate([[0], np.cumsum(~is_one)])
        goes_on = (bound >> digit & 1).astype(bool)
        low, high = zeros[left], zeros[right]
        found += np.where(goes_on, high - low, 0)
        left = np.where(goes_on, zeros[-1] + left - low, low)
        right = np.where(goes_on, zeros[-1] + right - high, high)
        values = np.concatenate([values[~is_one], values[is_one]])
    return found
