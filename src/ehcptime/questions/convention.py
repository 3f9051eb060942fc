"""How much hangs on one day: which cases would flip if the day of receipt were counted as day 1."""

from datetime import date

import pandas as pd

from ehcptime.clock.engine import IS_LATE, STATUSES
from ehcptime.law.book import LAW, RuleBook
from ehcptime.tracking.limits import RULES
from ehcptime.tracking.track import track

_LATE = [name for name, late in zip(STATUSES, IS_LATE, strict=True) if late]


def convention_effect(
    cases: pd.DataFrame, *, as_at: date, exemptions: pd.DataFrame | None = None, law: RuleBook = LAW
) -> pd.DataFrame:
    """List the limits that are in time when the day of receipt is left out and late when it is counted as day 1.

    Some authorities and advice services count the day of receipt as day 1; the general rule (law.md C1) leaves it out, and so does
    `track`. Gives one row per case and limit that flips: `case_id, rule, due, due_day_one, status, status_day_one`. No row means
    that nothing hangs on it; `len` counts them.

    >>> cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-02"]),
    ...     "assessment_outcome": ["Y"], "assessment_outcome_date": pd.to_datetime(["2025-08-20"])})
    >>> convention_effect(cases, as_at=date(2025, 9, 1))[["rule", "status", "status_day_one"]].values.tolist()
    [['plan_final', 'met', 'met_late']]
    """
    usual = track(cases, as_at=as_at, exemptions=exemptions, law=law)
    day_one = track(cases, as_at=as_at, exemptions=exemptions, law=law, convention="receipt_is_day_one")
    found = [_flipped(rule, usual, day_one) for rule in RULES]
    return pd.concat(found, ignore_index=True)


def _flipped(rule: str, usual: pd.DataFrame, day_one: pd.DataFrame) -> pd.DataFrame:
    was, now = usual[f"{rule}_status"], day_one[f"{rule}_status"]
    rows = (~was.isin(_LATE) & now.isin(_LATE)).to_numpy()
    return pd.DataFrame(
        {
            "case_id": usual["case_id"][rows].to_numpy(),
            "rule": rule,
            "due": usual[f"{rule}_due"][rows].to_numpy(),
            "due_day_one": day_one[f"{rule}_due"][rows].to_numpy(),
            "status": was[rows].astype(str).to_numpy(),
            "status_day_one": now[rows].astype(str).to_numpy(),
        }
    )
