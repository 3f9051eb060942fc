"""Days that fall into order when day and month are read the other way round: a suggestion, never a repair."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.records.checks import Finding, Rows, problems
from ehcptime.records.checks_cases import plan_day

_STEPS = ("received_date", "request_outcome_date", "issue_decision_date", "draft_sent_date")
_CODE = "day_and_month_swapped"
_SAYS = "out of order with the other days of its case, and in order as the day given here: were day and month swapped?"


def swapped(days: Days) -> Days:
    """Read each day with day and month changed over; NOT_YET where that gives no other day.

    >>> read = swapped(np.array([20_158, 20_170], np.int32))  # 11 and 23 March 2025
    >>> read.astype("datetime64[D]")[0].item(), bool(read[1] == NOT_YET)
    (datetime.date(2025, 11, 3), True)
    """
    there = is_day(days)
    dates = np.where(there, days, 0).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = dates.astype("datetime64[Y]")
    day, month = (dates - months).astype(np.int64), (months - years).astype(np.int64)
    moved = (years.astype("datetime64[M]") + day % 12).astype("datetime64[D]").astype(np.int64) + month
    return np.where(there & (day < 12) & (day != month), moved, NOT_YET).astype(np.int32)


def swap_problems(rows: Rows) -> Iterator[pd.DataFrame]:
    """Give each day that alone, read the other way round, would put the days of its case in order."""
    whole = len(rows.frame)
    steps = [np.broadcast_to(days, whole) for days in (*(rows.days(name) for name in _STEPS), plan_day(rows))]
    wrong = np.flatnonzero(~_in_order(steps, rows.as_at))
    taken = [days[wrong] for days in steps]
    for place, days in enumerate(taken):
        other = swapped(days)
        mended = _in_order([*taken[:place], other, *taken[place + 1 :]], rows.as_at)
        suggested = np.full(whole, NOT_YET, dtype=np.int32)
        suggested[wrong] = np.where(mended, other, NOT_YET)
        for column in _columns(place):
            finding = Finding(_CODE, "query", column, _SAYS)
            where = (suggested != NOT_YET) & (rows.days(column) == steps[place])
            yield from problems(finding, rows, where, days=suggested)


def _columns(place: int) -> tuple[str, ...]:
    """A plan's day may stand in either of two columns."""
    return (_STEPS[place],) if place < len(_STEPS) else ("assessment_outcome_date", "plan_issued_date")


def _in_order(steps: list[Days], as_at: int) -> Mask:
    """True where no recorded day is before an earlier step, or after `as_at`."""
    latest = np.full(len(steps[0]), -NOT_YET, dtype=np.int64)
    fine = np.ones(len(steps[0]), dtype=np.bool_)
    for days in steps:
        known = days != NOT_YET
        fine &= ~known | ((days >= latest) & (days <= as_at))
        latest = np.where(known, np.maximum(latest, days), latest)
    return fine
