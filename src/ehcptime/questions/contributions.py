"""Contributions: advice asked for, in time, late and outstanding, and whose time it took."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.questions.advice_cells import (
    answer_lags,
    asking_lags,
    has_outcome,
    kinds_of,
    missed_appointment,
    with_rule,
)
from ehcptime.questions.advice_notes import due_notes
from ehcptime.questions.cells import Cells, Lags, cells_of
from ehcptime.questions.grouping import By, columns_of
from ehcptime.questions.periods import Letter
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import Tracked, as_at_column
from ehcptime.questions.tracked import tracked_advice as read_advice

_BY_STATUS = {
    "in_time": ("met",),
    "late": ("met_late", "ended_late"),
    "outstanding": ("overdue",),
    "not_due": ("running",),
    "unknown": ("unknown",),
    "not_required": ("not_applicable",),
}
COUNTS = ("requested", "due", *_BY_STATUS, "not_known")
LAGS = ("authority_lag_days", "provider_lag_days")
MORE_COUNTS = ("existing_sufficient", "missed_appointments", "due_not_exempt", "in_time_not_exempt")
COLUMNS = (
    "period",
    *COUNTS,
    "percent",
    *LAGS,
    "as_at",
    "kind",
    *MORE_COUNTS,
    "percent_not_exempt",
    "sent_only",
    "note",
)


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

    Then `kind` (of the limit: `statutory` for a body bound by regulation 8, else `guidance`), `existing_sufficient`,
    `missed_appointments` (regulation 8(2)(c): they excuse the body's six weeks and none of the authority's limits),
    `in_time_not_exempt` of `due_not_exempt` as `percent_not_exempt` (exempt askings left out above and below),
    `sent_only` (statutory limits counted from the day of sending, since the day of receipt is not held) and a `note`.
    One row per group that has an asking; the index is new.

    Raises InputError for a frame that is not from `track_advice`, CommandError for a column or period that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "advice_type": "health", "requested_date": pd.to_datetime(["2025-05-29", "2025-05-29"]),
    ...     "returned_date": pd.to_datetime(["2025-06-20", None]), "rule": "advice_body", "start_basis": "sent",
    ...     "due": pd.to_datetime(["2025-07-10", "2025-07-10"]), "status": ["met", "overdue"], "asked_after_days": [0, 11],
    ...     "as_at": pd.Timestamp("2025-07-31")})
    >>> table = contributions(tracked)
    >>> table[["requested", "in_time", "outstanding", "percent", "provider_lag_days"]].to_numpy().tolist()
    [[2, 1, 1, 50.0, 22.0]]
    >>> table["note"][0]
    '2 counted from the day of sending, because the day of receipt is not held'
    """
    advice = read_advice(tracked_advice)
    columns = columns_of(by, tracked_advice, COLUMNS)
    cells = cells_of(tracked_advice, with_rule(columns), advice.days("due"), period)
    return counted(cells, facts_of(advice), lags_of(advice), tracked_advice)


def counted(
    cells: Cells, facts: Mapping[str, Mask], lags: Mapping[str, Lags], tracked_advice: pd.DataFrame
) -> pd.DataFrame:
    """Make the table of `contributions` of askings of which the facts and the lags are known."""
    counts = cells.counts(facts)
    table = cells.labels.assign(
        **counts,
        percent=percent(counts["in_time"], counts["due"]),
        **{name: cells.medians(lag) for name, lag in lags.items()},
        as_at=as_at_column(tracked_advice, len(cells.labels)),
        kind=kinds_of(cells),
        percent_not_exempt=percent(counts["in_time_not_exempt"], counts["due_not_exempt"]),
        note=due_notes(counts),
    )
    return table[[*cells.columns, *COLUMNS]]


def lags_of(advice: Tracked) -> dict[str, Lags]:
    """Days that each asking waited to be made, and then to be answered."""
    return dict(zip(LAGS, (asking_lags(advice), answer_lags(advice)), strict=True))


def facts_of(advice: Tracked) -> dict[str, Mask]:
    """Say of each asking which of the counts it is in."""
    masks = {name: advice.is_status("status", *statuses) for name, statuses in _BY_STATUS.items()}
    due = masks["in_time"] | masks["late"] | masks["outstanding"]
    exempt = advice.is_set("exempt")
    by_sending = advice.frame["start_basis"].eq("sent").to_numpy(dtype=bool, na_value=False)
    return {
        "requested": np.ones(advice.size, dtype=bool),
        "due": due,
        **masks,
        "not_known": has_outcome(advice, "not_known"),
        "existing_sufficient": has_outcome(advice, "existing_sufficient"),
        "missed_appointments": missed_appointment(advice),
        "due_not_exempt": due & ~exempt,
        "in_time_not_exempt": masks["in_time"] & ~exempt,
        "sent_only": by_sending & advice.frame["rule"].eq("advice_body").to_numpy(dtype=bool, na_value=False),
    }
