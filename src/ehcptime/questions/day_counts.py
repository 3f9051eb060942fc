"""Day counts: how long each case took and how it ended, as counts by day that add up over the parts of a caseload."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.errors import InputError
from ehcptime.questions.elapsed import DUPLICATE, HISTORICAL, NOT_RECEIVED, outside
from ehcptime.questions.grouping import counts_of
from ehcptime.questions.tracked import Tracked, tracked_cases

ENDS = ("finals", "refused_to_assess", "refused_to_issue", "ended_otherwise")
OUTCOMES = (*ENDS, "censored")  # censored: still open at as_at
NO_START = "received on a day that is not recorded"
NO_END = "ended on a day that is not recorded"
BACKWARDS = "ended before it was received"
OUTSIDE = (DUPLICATE, NOT_RECEIVED, HISTORICAL, NO_START, NO_END, BACKWARDS)
_NO_ROWS = UNKNOWN  # the as_at of a frame with no rows

Counts = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class DayCounts:
    """Cases by outcome and by days from the start, those left outside by reason, and the day of counting.

    `by_day` has a row for each of OUTCOMES and a column for each day from 0; `outside` a place for each reason of OUTSIDE. Counts of
    parts of a caseload add up to those of the whole: `counts + other` (InputError where they were tracked at different days).

    >>> one = DayCounts(np.eye(5, 2, dtype=np.int64), np.zeros(6, np.int64), 20_000)
    >>> (one + one).by_day[0].tolist(), (one + one).cases
    ([2, 0], 4)
    """

    by_day: Counts
    outside: Counts
    as_at: int

    def __add__(self, other: "DayCounts") -> "DayCounts":
        days = {counts.as_at for counts in (self, other)} - {_NO_ROWS}
        if len(days) > 1:
            raise InputError(
                "the counts were tracked at different values of as_at: add only counts of one day"
            )
        longest = max(self.by_day.shape[1], other.by_day.shape[1])
        by_day = _padded(self.by_day, longest) + _padded(other.by_day, longest)
        return DayCounts(by_day, self.outside + other.outside, max(self.as_at, other.as_at))

    @property
    def entered(self) -> int:
        """Cases that are followed from their start."""
        return int(self.by_day.sum())

    @property
    def cases(self) -> int:
        """All rows, those left outside included."""
        return self.entered + int(self.outside.sum())

    @property
    def at_risk(self) -> Counts:
        """Cases that had neither ended nor been lost from sight before each day."""
        return np.asarray(self.by_day.sum(axis=0)[::-1].cumsum()[::-1])

    def of(self, outcome: str) -> Counts:
        """Cases with one outcome, by day."""
        return np.asarray(self.by_day[OUTCOMES.index(outcome)])


def _padded(by_day: Counts, length: int) -> Counts:
    return np.pad(by_day, ((0, 0), (0, length - by_day.shape[1])))


@dataclass(frozen=True, eq=False)
class Fates:
    """For each row its outcome or the reason that it is outside, as a place in OUTCOMES + OUTSIDE, and its days."""

    place: _Places
    days: Days
    as_at: int
    times: Counts | None = None  # how many cases each row stands for: one, unless it is said

    def counts(self, rows: _Places | slice = slice(None)) -> DayCounts:
        """Count some of the rows, or all."""
        place, days = self.place[rows], self.days[rows]
        times = np.ones(len(place), dtype=np.int64) if self.times is None else self.times[rows]
        entered = place < len(OUTCOMES)
        length = int(days[entered].max()) + 1 if entered.any() else 0
        cell = place[entered] * length + days[entered]
        by_day = counts_of(cell, len(OUTCOMES) * length, times[entered]).reshape(len(OUTCOMES), length)
        left = counts_of(place[~entered] - len(OUTCOMES), len(OUTSIDE), times[~entered])
        return DayCounts(by_day, left, self.as_at)


def day_counts(tracked: pd.DataFrame) -> DayCounts:
    """Count the cases of a tracked frame by outcome and by days from the start of the clock to it.

    A case enters where it was received by `as_at`, on a known day. It ends with the first final plan, a refusal that stands, or any
    other end; a refusal that was reversed has not ended it. What is open at `as_at` is censored that day. Duplicates, assessments
    coded H, and cases whose start or end is on an unknown day or in the wrong order are outside, and counted by reason.

    Raises InputError for a frame that was not tracked, or that mixes two values of `as_at`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-02"]),
    ...     "assessment_outcome": ["Y", None], "assessment_outcome_date": pd.to_datetime(["2025-05-21", None]),
    ...     "stage": ["closed", "assessing"], "is_open": [False, True], "age_days": [140, 149],
    ...     "as_at": pd.Timestamp("2025-05-31")})
    >>> counts = day_counts(tracked)
    >>> counts.of("finals").nonzero()[0].tolist(), counts.of("censored").nonzero()[0].tolist()
    ([140], [149])
    """
    return fates(tracked_cases(tracked)).counts()


def fates(cases: Tracked) -> Fates:
    """Say how each case ended and after how many days, or why it is outside."""
    now, size = cases.now, cases.size
    has_ended = now.end != NOT_YET
    days = np.broadcast_to(np.where(has_ended, now.end, np.int32(cases.as_at)) - now.start, size)
    left = {step.reason: np.asarray(step.when) for step in outside(cases)}
    left |= {NO_START: now.start == UNKNOWN, NO_END: now.end == UNKNOWN, BACKWARDS: days < 0}
    ends: dict[str, Mask] = {
        "finals": now.final != NOT_YET,
        "refused_to_assess": now.refused_to_assess.stands,
        "refused_to_issue": now.refused_to_issue.stands,
        "ended_otherwise": has_ended,
    }
    names = (*OUTCOMES, *OUTSIDE)
    places = [names.index(name) for name in (*left, *ends)]
    masks = [np.broadcast_to(mask, size) for mask in (*left.values(), *ends.values())]
    return Fates(np.select(masks, places, default=names.index("censored")), days, cases.as_at)
