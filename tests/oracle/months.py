"""Counting by hand: one day, one period, no arrays.

Every period of the law that the oracle needs is counted here the way a person would on a wall calendar.
"""

from collections.abc import Collection
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)
COUNTS = ("after", "beginning_with", "before", "immediately")


def last_day(
    start: date,
    *,
    count: str,
    weeks: int = 0,
    days: int = 0,
    months: int = 0,
    working_days: int = 0,
    holidays: Collection[date] = (),
) -> date:
    """Last day of a period counted from `start`; for `before`, the last day that leaves the whole gap."""
    if count not in COUNTS:
        raise ValueError(count)
    if count == "immediately":
        return start
    if working_days:
        return _working(start, working_days, count, holidays)
    if count == "before":
        gap = relativedelta(weeks=weeks, days=days, months=months)
        # "Before 15 February" has no length: its last good day is the 14th.
        return start - gap if gap else start - DAY
    end = start + relativedelta(weeks=weeks, days=days, months=months)
    return end if count == "after" else end - DAY


def _working(start: date, wanted: int, count: str, holidays: Collection[date]) -> date:
    """Walk one day at a time, counting the days that are worked."""
    step = -DAY if count == "before" else DAY
    day = start if count == "beginning_with" else start + step
    found = 0
    while True:
        if is_working(day, holidays):
            found += 1
        if found == wanted:
            return day
        day = day + step


def is_working(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in holidays


def keeps(act: date, last: date, *, bound: str, count: str) -> bool:
    """Whether an act on `act` keeps a limit whose last day is `last`."""
    if bound == "at_most" or count == "before":
        return act <= last
    if bound == "at_least":
        return act > last
    raise ValueError(bound)


def roll_appeal(day: date, holidays: Collection[date]) -> date:
    """Tribunal rule 12(2) and 12(3)(a): out of 25 December to 1 January and August, then to a working day."""
    while _in_recess(day) or not is_working(day, holidays):
        day = day + DAY
    return day


def _in_recess(day: date) -> bool:
    christmas = day.month == 12 and day.day >= 25
    return christmas or (day.month == 1 and day.day == 1) or day.month == 8
