"""Returned contributions: the answers that came in a period, and how many of them came in time."""

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.questions.advice_cells import answer_lags, has_outcome, is_answered, kinds_of, with_rule
from ehcptime.questions.advice_notes import returned_notes
from ehcptime.questions.cells import cells_of
from ehcptime.questions.grouping import By, columns_of
from ehcptime.questions.periods import Letter
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import Tracked, as_at_column
from ehcptime.questions.tracked import tracked_advice as read_advice

COUNTS = (
    "returned",
    "returned_in_time",
    "returned_late",
    "returned_unknown",
    "returned_no_limit",
    "not_known",
    "rejected",
)
COLUMNS = ("period", *COUNTS, "returned_percent", "provider_lag_days", "as_at", "kind", "note")


def returned_contributions(
    tracked_advice: pd.DataFrame, *, by: By = "advice_type", period: Letter | None = None
) -> pd.DataFrame:
    """Count the answers that came, by any columns, by rule and by the period in which they came.

    Gives the columns of `by`, `rule`, `period` (of the return; `unknown` where its day is not recorded), `returned`, which is
    the sum of `returned_in_time`, `returned_late`, `returned_unknown` (the day of asking or return is missing or they are out of
    order) and `returned_no_limit`; of these, `not_known` (no content) and `rejected` (sent back: in, and not accepted);
    `returned_percent`, in time of those in time and late; `provider_lag_days`, the median from the start of the limit; `as_at`,
    `kind` and `note`. What is still outstanding is not in it, so a service that answers only what is easy looks well here:
    read it beside `contributions`, which counts what was due.

    Raises InputError and CommandError as `contributions` does.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b", "c"], "advice_type": "health", "requested_date": pd.Timestamp("2025-05-29"),
    ...     "returned_date": pd.to_datetime(["2025-06-20", "2025-07-31", None]), "rule": "advice_body", "start_basis": "sent",
    ...     "due": pd.Timestamp("2025-07-10"), "status": ["met", "met_late", "overdue"], "as_at": pd.Timestamp("2025-07-31")})
    >>> table = returned_contributions(tracked, period="M")
    >>> table[["period", "returned", "returned_in_time", "returned_percent"]].to_numpy().tolist()
    [['2025-06', 1, 1, 100.0], ['2025-07', 1, 0, 0.0]]
    """
    every = read_advice(tracked_advice)
    columns = columns_of(by, tracked_advice, COLUMNS)
    advice = Tracked(tracked_advice.loc[is_answered(every)], every.table, every.as_at)
    cells = cells_of(advice.frame, with_rule(columns), advice.days_by_then("returned_date"), period)
    counts = cells.counts(_masks(advice))
    settled = counts["returned_in_time"] + counts["returned_late"]
    table = cells.labels.assign(
        **counts,
        returned_percent=percent(counts["returned_in_time"], settled),
        provider_lag_days=cells.medians(answer_lags(advice)),
        as_at=as_at_column(tracked_advice, len(cells.labels)),
        kind=kinds_of(cells),
        note=returned_notes(counts),
    )
    return table[[*cells.columns, *COLUMNS]]


def _masks(advice: Tracked) -> dict[str, Mask]:
    statuses = (("met",), ("met_late",), ("unknown",))
    in_time, late, unknown = (advice.is_status("status", *wanted) for wanted in statuses)
    return {
        "returned": np.ones(advice.size, dtype=bool),
        "returned_in_time": in_time,
        "returned_late": late,
        "returned_unknown": unknown,
        "returned_no_limit": ~(in_time | late | unknown),
        "not_known": has_outcome(advice, "not_known"),
        "rejected": has_outcome(advice, "rejected"),
    }
