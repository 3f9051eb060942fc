"""Last in: how often each service's advice was the one that a late case waited for to the end."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.questions.cutting import cut_up
from ehcptime.questions.delay import CAVEAT, late_cases
from ehcptime.questions.grouping import texts
from ehcptime.questions.milestones import ASSESSING
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import as_at_column, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.questions.waits import SERVICES, Waits


def last_in(tracked: pd.DataFrame, advice: pd.DataFrame) -> pd.DataFrame:
    """Say for each service in how many late cases its advice was the last in: does its delay matter to week 20?

    A case is late where `plan_final` is overdue, met late or ended late; duplicates are left out. Gives one row per service that
    was waited for in a late case: `service`; `asked`, late cases in which it was; `last`, those in which it was the last in, or still
    out when the authority went on; `told`, all late cases in which the last advice can be told; `percent`, `last` of `told`;
    `untold`, late cases in which it cannot: no advice is recorded, or an answer that may have been the last has no day; `note` and
    `as_at`. Where several came in last on one day each counts, so the percentages may sum to more than 100, and to less
    where late cases waited for no advice. Errors are those of `segments`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"]), "request_outcome": ["Y"],
    ...     "request_outcome_date": pd.to_datetime(["2025-05-29"]), "stage": "assessing", "is_open": True, "age_days": [202],
    ...     "plan_final_due": pd.to_datetime(["2025-08-20"]), "plan_final_status": ["overdue"],
    ...     "plan_final_days_over": [62], "plan_final_exempt": False, "as_at": pd.Timestamp("2025-10-21")})
    >>> advice = pd.DataFrame({
    ...     "case_id": ["JSC"] * 2, "advice_type": ["psychology", "health"], "requested_date": pd.to_datetime(["2025-06-09"] * 2),
    ...     "returned_date": pd.to_datetime(["2025-10-13", "2025-06-20"]), "rule": "advice_other", "start_basis": "sent",
    ...     "due": pd.to_datetime(["2025-07-21"] * 2), "status": ["met_late", "met"], "as_at": pd.Timestamp("2025-10-21")})
    >>> last_in(tracked, advice)[["service", "asked", "last", "told", "percent"]].to_numpy().tolist()
    [['health', 1, 0, 1, 0.0], ['psychology', 1, 1, 1, 100.0]]
    """
    cases = tracked_cases(tracked)
    found, waits, _ = cut_up(cases, read_advice(advice))
    first, over = found.span(ASSESSING)
    is_late = np.zeros(cases.size, dtype=bool)
    is_late[late_cases(cases).case] = True
    untold = is_late & (~found.is_told | waits.is_untold | ((waits.rows == 0) & (over > first)))
    told = int((is_late & ~untold).sum())
    asked = _cases(waits, is_late & ~untold, critical=False)
    last = _cases(waits, is_late & ~untold, critical=True)
    rows = np.flatnonzero(asked)
    return pd.DataFrame(
        {
            "service": texts([SERVICES[row] for row in rows]),
            "asked": asked[rows],
            "last": last[rows],
            "told": np.full(len(rows), told),
            "percent": percent(last[rows], np.full(len(rows), told)),
            "untold": np.full(len(rows), int(untold.sum())),
            "note": texts([CAVEAT] * len(rows)),
            "as_at": as_at_column(tracked, len(rows)),
        }
    )


def _cases(waits: Waits, of: npt.NDArray[np.bool_], *, critical: bool) -> npt.NDArray[np.intp]:
    """By service, the cases in which it was waited for, or was the last."""
    rows = of[waits.case] & (waits.is_critical | (not critical))
    pairs = np.unique(waits.case[rows] * len(SERVICES) + waits.service[rows])
    return np.bincount(pairs % len(SERVICES), minlength=len(SERVICES))
