"""The backlog in one row per group: how many are open, over which limits, for how long, and the oldest."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.questions.bands import DAYS_IN_WEEK
from ehcptime.questions.grouping import By, columns_of, groups_of
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases
from ehcptime.questions.waiting import waiting

_OVER = {"over_6wk_undecided": 6, "over_20wk": 20, "over_52wk": 52}
_COUNTS = ("open", *_OVER, "overdue", "exempt", "limit_unknown", "unknown_age")
COLUMNS = (*_COUNTS, "median_weeks", "p90_weeks", "oldest_days", "oldest_case_id", "as_at")

_Counts = npt.NDArray[np.intp]


def backlog_summary(
    tracked: pd.DataFrame, by: By = None, *, advice: pd.DataFrame | None = None, oldest_case: bool = False
) -> pd.DataFrame:
    """Sum up the open cases by any columns: how many, how old, and how many past their limits.

    Gives one row per group that has an open case (one row if there is no `by`): the columns of `by`; `open`;
    `over_6wk_undecided` (over 42 days old and the request not decided), `over_20wk` and `over_52wk` (over 140 and 364 days old,
    as the bands of `backlog`); `overdue`, past the limit of the final plan that is in force, and apart from it `exempt`, past it
    where the limit is claimed to be lifted, and `limit_unknown`, where it cannot be told; `unknown_age`, in none of the counts
    by age; `median_weeks` and `p90_weeks` of the known ages (weeks to one decimal; the values between which the median and nine
    tenths fall are interpolated), `oldest_days`, all three empty where no age is known; with `oldest_case`, `oldest_case_id`;
    and `as_at`. `by="waits_for"` asks `waiting` first, with `advice` if given.

    Groups are in the order of their names and never ranked. Rows by caseworker or by a single adviser are for sharing out work,
    with the caseload (`open`) beside `overdue`; they belong in a working list and in no report.

    Raises InputError for a frame that was not tracked with the rules on a request, CommandError for a column that is not there.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]), "team": "north",
    ...     "stage": "assessing", "is_open": True, "age_days": [140, 141], "plan_final_status": ["running", "overdue"],
    ...     "plan_final_exempt": False, "as_at": pd.Timestamp("2025-05-22")})
    >>> table = backlog_summary(tracked, "team")
    >>> table[["open", "over_20wk", "overdue", "median_weeks", "oldest_days"]].to_numpy().tolist()
    [[2, 1, 1, 20.1, 141]]
    """
    asks_waits = "waits_for" in ([by] if isinstance(by, str) else by or [])
    frame = waiting(tracked, advice=advice) if asks_waits and "waits_for" not in tracked else tracked
    columns = columns_of(by, frame, COLUMNS)
    cases = tracked_cases(frame.loc[tracked_cases(frame).is_set("is_open")])
    groups = groups_of(cases.frame, columns)
    counts = {
        name: np.bincount(groups.place[rows], minlength=groups.size) for name, rows in _counted(cases).items()
    }
    ages = _ages(cases, groups.place, groups.size)
    oldest = {"oldest_case_id": _oldest(cases, groups.place, groups.size)} if oldest_case else {}
    as_at = as_at_column(tracked, groups.size)
    return groups.labels.assign(**counts, **ages, **oldest, as_at=as_at)


def _counted(cases: Tracked) -> dict[str, Mask]:
    """Which open cases each count takes; those whose age cannot be told are over no age."""
    cases.need("plan_final_status", "plan_final_exempt")
    age = cases.frame["age_days"].fillna(0).to_numpy(dtype=np.int64)
    masks = {name: age > weeks * DAYS_IN_WEEK for name, weeks in _OVER.items()}
    masks["over_6wk_undecided"] &= cases.is_stage("deciding")
    overdue, exempt = cases.is_status("plan_final_status", "overdue"), cases.is_set("plan_final_exempt")
    masks |= {
        "open": np.ones(cases.size, dtype=bool),
        "overdue": overdue & ~exempt,
        "exempt": overdue & exempt,
        "limit_unknown": cases.is_status("plan_final_status", "unknown"),
        "unknown_age": cases.frame["age_days"].isna().to_numpy(dtype=bool),
    }
    return {name: masks[name] for name in _COUNTS}


def _ages(cases: Tracked, place: _Counts, size: int) -> "dict[str, pd.Series[Any]]":
    by_group = cases.frame["age_days"].astype("Float64").reset_index(drop=True).groupby(place)
    every = range(size)
    median, tenth = (
        (by_group.quantile(share) / DAYS_IN_WEEK).round(1).reindex(every) for share in (0.5, 0.9)
    )
    oldest = by_group.max().reindex(every).astype("Int64")
    return {"median_weeks": median, "p90_weeks": tenth, "oldest_days": oldest}


def _oldest(cases: Tracked, place: _Counts, size: int) -> "pd.Series[str]":
    """The first case in the order of case_id among the oldest of each group; blank where no age is known."""
    known = cases.frame.assign(group=place).loc[cases.frame["age_days"].notna().to_numpy()]
    ordered = known.sort_values(["age_days", "case_id"], ascending=[False, True])
    return ordered.groupby("group")["case_id"].first().reindex(range(size))
