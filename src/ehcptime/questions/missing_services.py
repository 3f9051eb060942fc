"""Services whose advice was not in: plans issued without it, counted by service and listed one by one."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.questions.grouping import By, columns_of, groups_of, texts
from ehcptime.questions.in_hand import Askings, askings_of, plans_issued
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import as_at_column, same_day, tracked_advice, tracked_cases
from ehcptime.tracking.columns import as_dates

SERVICE = ("advice_type", "sub_service", "provider")
COLUMNS = ("plans", "in_hand", "not_in", "unknown", "percent_without", "as_at")
LISTED = ("case_id", "issued", "requested_date", "why", "as_at")
NOT_IN, NO_DAY = "asked, and not in on the day of issue", "answered on a day that is not recorded"


def missing_by_service(
    tracked: pd.DataFrame, advice: pd.DataFrame, *, by: By = "advice_type"
) -> pd.DataFrame:
    """Count the plans that were issued while a service that had been asked had not answered.

    `tracked` comes from `track`, `advice` from `track_advice` at the same day. Gives the columns of `by` (of `advice`, such as
    `provider`), `plans` (issued, for which that service had been asked by then), which is the sum of `in_hand` (answered by the day of issue, or
    existing advice agreed sufficient), `not_in` and `unknown` (answered on a day that is not recorded); `percent_without`
    is `not_in` of the other two; `as_at`. Askings that were withdrawn or sent back do not count. A service that nobody asked is in
    `missing_advice`. The index is new.

    Raises InputError for frames that were not tracked, or not at one day, and for a case in two rows; CommandError for a
    column that cannot be used.

    >>> cases = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]), "assessment_outcome": "Y",
    ...     "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-06-30"]), "stage": "closed", "is_open": False,
    ...     "age_days": [140, 180], "as_at": pd.Timestamp("2025-06-30")})
    >>> asked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "advice_type": "health", "requested_date": pd.Timestamp("2025-02-10"),
    ...     "returned_date": pd.Timestamp("2025-06-02"), "rule": "advice_body", "due": pd.NaT, "status": "met_late",
    ...     "as_at": pd.Timestamp("2025-06-30")})
    >>> missing_by_service(cases, asked)[["plans", "in_hand", "not_in", "percent_without"]].to_numpy().tolist()
    [[2, 1, 1, 50.0]]
    """
    columns = columns_of(by, advice, COLUMNS)
    askings, _ = _against_plans(tracked, advice)
    groups = groups_of(advice, columns)
    live = askings.live
    pairs, place = np.unique(askings.case[live] * groups.size + groups.place[live], return_inverse=True)
    rows, there, unsure = (
        np.bincount(place[mask[live]], minlength=len(pairs)) for mask in (live, askings.came, askings.untold)
    )
    not_in: Mask = there + unsure < rows
    states = {
        "plans": rows > 0,
        "in_hand": (there == rows),
        "not_in": not_in,
        "unknown": (unsure > 0) & ~not_in,
    }
    counts = {
        name: np.bincount(pairs[mask] % groups.size, minlength=groups.size) for name, mask in states.items()
    }
    table = groups.labels.assign(
        **counts,
        percent_without=percent(counts["not_in"], counts["not_in"] + counts["in_hand"]),
        as_at=as_at_column(tracked, groups.size),
    )
    return table.loc[table["plans"] > 0, [*columns, *COLUMNS]].reset_index(drop=True)


def plans_without_advice(tracked: pd.DataFrame, advice: pd.DataFrame, *, by: By = SERVICE) -> pd.DataFrame:
    """List the plans that were issued while a service that had been asked had not answered, one row per asking.

    Takes what `missing_by_service` takes. Gives `case_id`, `issued`, the columns of `by` (those of advice type, sub-service and
    provider that are there, unless others are named), `requested_date`, `why` and `as_at`, by day of issue and case. A plan is listed once for
    each asking that was not in, or of which that cannot be told. The index is new. Errors are those of `missing_by_service`.

    >>> cases = pd.DataFrame({
    ...     "case_id": ["a"], "received_date": pd.to_datetime(["2025-01-01"]), "assessment_outcome": "Y",
    ...     "assessment_outcome_date": pd.to_datetime(["2025-05-21"]), "stage": "closed", "is_open": False, "age_days": 140,
    ...     "as_at": pd.Timestamp("2025-06-30")})
    >>> asked = pd.DataFrame({
    ...     "case_id": ["a"], "advice_type": "health", "requested_date": pd.Timestamp("2025-02-10"),
    ...     "returned_date": pd.Timestamp("2025-06-02"), "rule": "advice_body", "due": pd.NaT, "status": "met_late",
    ...     "as_at": pd.Timestamp("2025-06-30")})
    >>> plans_without_advice(cases, asked)[["case_id", "advice_type", "why"]].to_numpy().tolist()
    [['a', 'health', 'asked, and not in on the day of issue']]
    """
    wanted = [column for column in SERVICE if column in advice] if by == SERVICE else by
    columns = columns_of(wanted, advice, LISTED)
    askings, issued = _against_plans(tracked, advice)
    rows = np.flatnonzero(askings.live & ~askings.came)
    plan = issued[askings.case[rows]]
    table = (
        advice[["case_id", *columns]]
        .iloc[rows]
        .assign(
            issued=as_dates(plan),
            requested_date=as_dates(askings.advice.days("requested_date")[rows]),
            why=texts([NO_DAY if unsure else NOT_IN for unsure in askings.untold[rows]]).to_numpy(),
            as_at=as_at_column(tracked, len(rows)),
        )
    )
    table = table[["case_id", "issued", *columns, "requested_date", "why", "as_at"]]
    return table.iloc[np.lexsort((table["case_id"].astype(str), plan))].reset_index(drop=True)


def _against_plans(tracked: pd.DataFrame, advice: pd.DataFrame) -> tuple[Askings, Days]:
    """Set the askings against the plans issued; those of a case with no plan are not live."""
    cases, rows = tracked_cases(tracked), tracked_advice(advice)
    same_day(cases, rows)
    issued = plans_issued(cases)
    askings = askings_of(cases, rows, issued)
    has_plan = askings.case >= 0
    has_plan[has_plan] = issued[askings.case[has_plan]] != NOT_YET
    return replace(askings, live=askings.live & has_plan), issued
