"""Askings in the cells of an answer: by which rule, whether answered and how, and the days that each took."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.questions.cells import Cells, Lags
from ehcptime.questions.grouping import NO_LIMIT, texts
from ehcptime.questions.tracked import Tracked
from ehcptime.records.arrays import codes_of

KINDS = {"advice_body": "statutory", "advice_other": "guidance"}
MISSED = "MISSED_APPT"  # regulation 8(2)(c)


def kinds_of(cells: Cells) -> "pd.Series[str]":
    """Say of each cell of one rule whether its limit is statutory or guidance."""
    return texts([KINDS.get(rule, NO_LIMIT) for rule in cells.labels["rule"]])


def with_rule(columns: Sequence[str]) -> list[str]:
    """Columns to group askings by, `rule` among them: the rules are never added together."""
    return list(dict.fromkeys([*columns, "rule"]))


def start_days(advice: Tracked) -> Days:
    """Day that each limit is counted from: that of receipt where it is held and counts, else that of asking."""
    basis = advice.frame.get("start_basis", pd.Series("sent", index=advice.frame.index))
    by_receipt = basis.eq("received").to_numpy(dtype=bool, na_value=False)
    return np.where(by_receipt, advice.days("body_received_date"), advice.days("requested_date"))


def answer_lags(advice: Tracked) -> Lags:
    """Days from the start of the limit to the answer; missing where either day is, or where no limit applies."""
    took = advice.days_by_then("returned_date") - start_days(advice)
    counts = is_day(took) & (took >= 0) & ~advice.is_status("status", "not_applicable")
    return np.where(counts, took, np.nan)


def asking_lags(advice: Tracked) -> Lags:
    """Days from the decision to assess to the asking, which are the authority's; missing where not known."""
    lag = advice.frame.get("asked_after_days", pd.Series(np.nan, index=advice.frame.index))
    return np.asarray(lag.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def has_outcome(advice: Tracked, *outcomes: str) -> Mask:
    """True where the outcome, as it stood at `as_at`, is one of these."""
    returned = advice.days("returned_date")
    seen: Mask = (returned <= advice.as_at) | (returned == NOT_YET)
    return seen & advice.is_code("advice_outcome", *outcomes)


def is_answered(advice: Tracked) -> Mask:
    """True where an answer came by `as_at`, on a day that is recorded or not."""
    dated: Mask = advice.days_by_then("returned_date") != NOT_YET
    return dated | has_outcome(advice, "provided", "not_known", "rejected")


def missed_appointment(advice: Tracked) -> Mask:
    """True where a missed appointment lifts the body's own six weeks; it never lifts a limit on the authority."""
    if "exemption" not in advice.frame:
        return np.zeros(advice.size, dtype=bool)
    missed: Mask = codes_of(advice.frame["exemption"], (MISSED,)) == 1
    return missed & advice.is_set("exempt")
