"""Contributions: advice asked for, in time, late and outstanding, and whose time it took."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, is_day
from ehcptime.questions.grouping import NO_LIMIT, By, columns_of, groups_of, texts
from ehcptime.questions.periods import ALL, UNDATED, Letter, periods_of
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import Tracked, as_at_column
from ehcptime.questions.tracked import tracked_advice as read_advice

_PARTITION = ("in_time", "late", "outstanding", "not_due", "unknown", "not_required")
_LAGS = ("authority_lag_days", "provider_lag_days")
COLUMNS = ("period", "requested", "due", *_PARTITION, "not_known", "percent", *_LAGS, "as_at")

_Lag = npt.NDArray[np.float64]
_Places = npt.NDArray[np.intp]


def contributions(
    tracked_advice: pd.DataFrame, *, by: By = "advice_type", period: Letter | None = None
) -> pd.DataFrame:
    """Count the askings for advice by any columns, by rule and by the period of their limit.

    Gives the columns of `by`; `rule` (bodies bound by regulation 8, others, and `no limit`, never added together);
    `period` (as in `timeliness`); `requested`, all askings; `due`, those settled, the denominator of `percent`; then
    columns that sum to `requested`: `in_time`, `late` (answered late, or unanswered when the case ended after the limit),
    `outstanding`, `not_due`, `unknown`, `not_required` (no limit: parents, withdrawn, existing advice enough, not
    asked by then, or the case ended first). `not_known` counts answers with no content; they are in the columns before it as
    well. `percent` is `in_time` of `due` to one decimal. `authority_lag_days` is the median time from the decision to assess
    to the asking (empty unless `track_advice` had the cases), `provider_lag_days` from the start of the limit to the answer.

    Raises InputError for a frame that is not from `track_advice`, CommandError for a column or period that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "advice_type": "health", "requested_date": pd.to_datetime(["2025-05-29", "2025-05-29"]),
    ...     "returned_date": pd.to_datetime(["2025-06-20", None]), "rule": "advice_body", "start_basis": "sent",
    ...     "due": pd.to_datetime(["2025-07-10", "2025-07-10"]), "status": ["met", "overdue"], "asked_after_days": [0, 11],
    ...     "as_at": pd.Timestamp("2025-07-31")})
    >>> table = contributions(tracked)
    >>> table[["requested", "in_time", "outstanding", "percent", "provider_lag_days"]].to_numpy().tolist()
    [[2, 1, 1, 50.0, 22.0]]
    """
    columns = columns_of(by, tracked_advice, COLUMNS)
    advice = read_advice(tracked_advice)
    groups = groups_of(tracked_advice, list(dict.fromkeys([*columns, "rule"])), blank={"rule": NO_LIMIT})
    place, labels = _periods(advice, period)
    used, cell = np.unique(groups.place * len(labels) + place, return_inverse=True)
    counts = _counts(advice, cell, len(used))
    table: pd.DataFrame = groups.labels.iloc[used // len(labels)].reset_index(drop=True)
    due = counts["in_time"] + counts["late"] + counts["outstanding"]
    lags = {name: _median(lag, cell, len(used)) for name, lag in zip(_LAGS, _lags(advice), strict=True)}
    counted: pd.DataFrame = table.assign(
        period=texts([labels[number] for number in used % len(labels)]),
        requested=np.bincount(cell, minlength=len(used)),
        due=due,
        **counts,
        percent=percent(counts["in_time"], due),
        **lags,
        as_at=as_at_column(tracked_advice, len(used)),
    )
    return counted


def _periods(advice: Tracked, period: str | None) -> tuple[_Places, list[str]]:
    if period is None:
        return np.zeros(advice.size, dtype=np.intp), [ALL]
    found = periods_of(advice.days("due"), period)
    return np.where(found.place < 0, len(found.labels), found.place), [*found.labels, UNDATED]


def _counts(advice: Tracked, cell: _Places, cells: int) -> dict[str, _Places]:
    by_status = {
        "in_time": ("met",),
        "late": ("met_late", "ended_late"),
        "outstanding": ("overdue",),
        "not_due": ("running",),
        "unknown": ("unknown",),
        "not_required": ("not_applicable",),
    }
    masks = {name: advice.is_status("status", *statuses) for name, statuses in by_status.items()}
    returned = advice.days("returned_date")
    masks["not_known"] = advice.is_code("advice_outcome", "not_known") & (
        (returned <= advice.as_at) | (returned == NOT_YET)
    )
    return {name: np.bincount(cell[mask], minlength=cells) for name, mask in masks.items()}


def _lags(advice: Tracked) -> tuple[_Lag, _Lag]:
    """Days to ask, which are the authority's, and days to answer, which are the provider's."""
    to_ask = advice.frame.get("asked_after_days", pd.Series(np.nan, index=advice.frame.index))
    by_receipt = advice.frame["start_basis"].eq("received").to_numpy(dtype=bool, na_value=False)
    start = np.where(by_receipt, advice.days("body_received_date"), advice.days("requested_date"))
    took = advice.days_by_then("returned_date") - start
    counts = is_day(took) & (took >= 0) & ~advice.is_status("status", "not_applicable")
    days = np.where(counts, took, np.nan)
    asking = to_ask.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(asking, dtype=np.float64), days


def _median(values: _Lag, cell: _Places, cells: int) -> "pd.Series[float]":
    medians = pd.Series(values).groupby(cell).median()
    return medians.reindex(range(cells)).astype("Float64").reset_index(drop=True)
