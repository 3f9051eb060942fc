"""The triangle: who was open at the end of each period, by age on that day, rebuilt from today's dates."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days
from ehcptime.questions.backlog import UNKNOWN_BAND
from ehcptime.questions.bands import DAYS_IN_WEEK, band_labels
from ehcptime.questions.flows import Turns, turns
from ehcptime.questions.grouping import texts
from ehcptime.questions.spans import Frequency, Spans, spans
from ehcptime.records.arrays import facts_of_frame
from ehcptime.records.frames import require, require_unique


def backlog_triangle(
    cases: pd.DataFrame,
    *,
    start: date,
    end: date,
    freq: Frequency = "M",
    bands: Sequence[int] = (6, 12, 16, 20, 30, 52),
) -> pd.DataFrame:
    """Count the open cases at the end of each period by age band: `period`, `age_band`, `open`.

    Arguments and errors are those of `backlog_history` and `backlog`: `bands` are upper edges in weeks from the start, a band
    holds its upper edge, and an age that cannot be told is a band. Every period has a row for every band; `open` of a period
    sums to `closing` of `backlog_history`, and is what `backlog` counts by band at that day.

    >>> cases = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-01-06"])})
    >>> table = backlog_triangle(cases, start=date(2025, 1, 1), end=date(2025, 2, 28), bands=[6])
    >>> table.to_numpy().tolist()[:2], table.to_numpy().tolist()[3:5]  # 42 days are over on 17 February
    ([['2025-01', '0-6', 1], ['2025-01', '6+', 0]], [['2025-02', '0-6', 0], ['2025-02', '6+', 1]])
    """
    labels = [*band_labels(bands), UNKNOWN_BAND]
    cut = spans(start, end, freq)
    require(cases, "cases")
    require_unique(cases, "case_id")
    open_at_ends = _stock(turns(facts_of_frame(cases, "cases"), cut.first, cut.last), cut, bands)
    return pd.DataFrame(
        {
            "period": texts(np.repeat(np.array(cut.labels), len(labels)).tolist()),
            "age_band": texts(labels * len(cut.labels)),
            "open": open_at_ends.ravel(),
        }
    )


def _stock(seen: Turns, cut: Spans, bands: Sequence[int]) -> npt.NDArray[np.int64]:
    """Open cases by period and band: each open turn is cut at the days on which the case goes from a band to the next."""
    day, until, start = seen.day[seen.is_open], seen.until[seen.is_open], seen.start[seen.is_open]
    known = start != UNKNOWN
    edges = [0, *(weeks * DAYS_IN_WEEK + 1 for weeks in bands), NOT_YET // 2]
    columns = [
        _over_periods(np.maximum(day, start + lower)[known], np.minimum(until, start + upper)[known], cut)
        for lower, upper in pairwise(edges)
    ]
    return np.stack([*columns, _over_periods(day[~known], until[~known], cut)], axis=1)


def _over_periods(first: Days, until: Days, cut: Spans) -> npt.NDArray[np.int64]:
    """How many of some stretches of days hold the last day of each period; a stretch ends before its `until`."""
    real = first < until
    size = len(cut.labels) + 1
    begun = np.bincount(cut.places(first[real]), minlength=size)
    over = np.bincount(cut.places(until[real]), minlength=size)
    return np.cumsum(begun - over)[:-1].astype(np.int64)
