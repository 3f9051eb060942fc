"""Stage durations: how long each segment took in the cases whose plan was issued."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET
from ehcptime.questions.cutting import cut_up
from ehcptime.questions.grouping import By, columns_of, groups_of
from ehcptime.questions.pieces import SEGMENT_OF, SEGMENTS
from ehcptime.questions.tracked import as_at_column, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.tracking.columns import categorical

COLUMNS = ("segment", "cases", "median_weeks", "p90_weeks", "case_days", "plans", "as_at")
_UNKNOWN = SEGMENTS.index("unknown")

_Days = npt.NDArray[np.int64]


def stage_durations(
    tracked: pd.DataFrame, *, advice: pd.DataFrame | None = None, by: By = None
) -> pd.DataFrame:
    """Say where the time went in the cases whose first final plan was issued: weeks in each segment, by any columns.

    Gives the columns of `by`; `segment`, as in `segments`, each in every group; `cases`, those of which it can be told how long they
    were in it; `median_weeks` and `p90_weeks` over them (days divided by 7, to one decimal, a quantile between two cases being
    interpolated; empty where there is none); `case_days`, which sum to the age of all the group's plans; `plans`, all plans of the
    group; `as_at`. A case that was in a segment for no day counts with 0, unless part of its time is unknown: then that
    may be where it was. Medians of segments do not sum to the median of the whole. Duplicates are left out, and so are plans
    whose age cannot be told. Errors are those of `segments`, and CommandError for a column that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a"], "received_date": pd.to_datetime(["2025-01-01"]), "request_outcome": ["Y"],
    ...     "request_outcome_date": pd.to_datetime(["2025-02-12"]), "issue_decision_date": pd.to_datetime(["2025-04-23"]),
    ...     "draft_sent_date": pd.to_datetime(["2025-04-30"]), "plan_issued_date": pd.to_datetime(["2025-05-21"]),
    ...     "stage": "closed", "is_open": False, "age_days": [140], "as_at": pd.Timestamp("2025-06-30")})
    >>> table = stage_durations(tracked)
    >>> dict(zip(table["segment"], table["case_days"]))
    {'deciding': 42, 'refused': 0, 'waiting_to_ask': 0, 'advice': 0, 'after_advice': 0, 'drafting': 7, 'family': 15,
     'finalising': 6, 'unknown': 70}
    """
    columns = columns_of(by, tracked, COLUMNS)
    cases = tracked_cases(tracked)
    found, _, pieces = cut_up(cases, None if advice is None else read_advice(advice))
    issued = found.is_told & (cases.now.final != NOT_YET) & ~cases.is_code("closed_reason", "duplicate")
    cell = pieces.case * len(SEGMENTS) + SEGMENT_OF[pieces.kind]
    days = np.bincount(cell, weights=pieces.days, minlength=cases.size * len(SEGMENTS)).astype(np.int64)
    of_plans = days.reshape(cases.size, len(SEGMENTS))[issued]
    groups = groups_of(tracked.loc[issued], columns)
    numbers = [
        _numbers(of_plans[groups.place == group]) for group in range(groups.size if len(of_plans) else 0)
    ]
    table = groups.labels.iloc[np.repeat(np.arange(len(numbers)), len(SEGMENTS))].reset_index(drop=True)
    segment = categorical(np.tile(np.arange(len(SEGMENTS), dtype=np.int8), len(numbers)), SEGMENTS)
    counted = pd.concat([_NOTHING, *numbers], ignore_index=True)
    answer = pd.concat([table.assign(segment=segment), counted], axis=1)
    return answer.assign(as_at=as_at_column(tracked, len(answer)))


_NOTHING = pd.DataFrame(
    {
        "cases": np.zeros(0, dtype=np.int64),
        "median_weeks": pd.array([], dtype="Float64"),
        "p90_weeks": pd.array([], dtype="Float64"),
        "case_days": np.zeros(0, dtype=np.int64),
        "plans": np.zeros(0, dtype=np.int64),
    }
)


def _numbers(days: _Days) -> pd.DataFrame:
    """One row per segment, from the days of each case of a group in each."""
    told = (days > 0) | (days[:, [_UNKNOWN]] == 0)
    taken = [days[told[:, place], place] for place in range(len(SEGMENTS))]
    return pd.DataFrame(
        {
            "cases": told.sum(axis=0),
            "median_weeks": pd.array([_weeks(some, 0.5) for some in taken], dtype="Float64"),
            "p90_weeks": pd.array([_weeks(some, 0.9) for some in taken], dtype="Float64"),
            "case_days": days.sum(axis=0),
            "plans": np.full(len(SEGMENTS), len(days)),
        }
    )


def _weeks(days: _Days, share: float) -> Any:
    return round(float(np.quantile(days, share)) / 7, 1) if len(days) else pd.NA
