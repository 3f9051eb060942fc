"""Counting: from the first day of a period to its last, on arrays of day numbers.

A day number is an int32: days since 1 January 1970. Two values stand for days that are not there: NOT_YET, far in the
future, and UNKNOWN, far in the past (it happened, on a day that nobody recorded). Both survive the adding of any
statutory length, so no limit needs a special case for them.
"""

from datetime import date, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

from ehcptime.clock.calendars import Calendar, england
from ehcptime.errors import CommandError

Days = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Unit = Literal["weeks", "days", "working_days", "months"]
Count = Literal["after", "beginning_with", "before", "immediately"]
Bound = Literal["at_most", "at_least"]
Roll = Literal["past_recess", "to_working_day"]

NOT_YET = 1 << 29
UNKNOWN = -(1 << 29)
_EDGE = 1 << 28
_EPOCH = date(1970, 1, 1)
_FIRST, _LAST = (date.min - _EPOCH).days, (date.max - _EPOCH).days


def day_number(day: date) -> int:
    """Day number of a date.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return (day - _EPOCH).days


def to_date(number: int) -> date | None:
    """Date of a day number; None where the day is not there, or past the years that a date can hold.

    >>> to_date(1), to_date(NOT_YET)
    (datetime.date(1970, 1, 2), None)
    """
    return _EPOCH + timedelta(days=int(number)) if _FIRST <= number <= _LAST else None


def is_day(days: Days) -> Mask:
    """True where the day is there: neither NOT_YET nor UNKNOWN.

    >>> is_day(np.array([0, NOT_YET, UNKNOWN], np.int32)).tolist()
    [True, False, False]
    """
    return np.asarray(np.abs(days) < _EDGE)


def span_days(length: int, unit: Unit, count: Count) -> int | None:
    """Days between the first and the last day of a period, where that is the same whatever the first day is.

    None for months and working days, which depend on the calendar. A period counted `after` a day leaves that day out, one
    `beginning_with` it takes it in (law.md C1, C2).

    >>> span_days(20, "weeks", "after"), span_days(15, "days", "beginning_with")
    (140, 14)
    """
    if count == "immediately":
        return 0
    if unit not in ("weeks", "days"):
        return None
    days = length * 7 if unit == "weeks" else length
    return {"after": days, "beginning_with": days - 1, "before": -days}[count]


def add_months(days: Days, months: int) -> Days:
    """Corresponding date in a later month, or that month's last day if it has none (Dodds v Walker).

    >>> add_months(np.array([day_number(date(1978, 9, 30)), day_number(date(2024, 8, 31))]), 6).tolist() == [
    ...     day_number(date(1979, 3, 30)), day_number(date(2025, 2, 28))]
    True
    """
    there = is_day(days)
    day = np.where(there, days, 0).astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    target = month + np.timedelta64(months, "M")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = np.minimum(target.astype("datetime64[D]") + (day - month.astype("datetime64[D]")), last)
    return np.where(there, moved.astype(np.int64), days).astype(np.int32)


def add_working_days(days: Days, length: int, count: Count, calendar: Calendar) -> Days:
    """Last day of a period of working days: the nth working day after, from or before a day.

    >>> friday = np.array([day_number(date(2025, 4, 17))], np.int32)  # the day before Good Friday
    >>> to_date(add_working_days(friday, 1, "after", england())[0])
    datetime.date(2025, 4, 22)
    """
    there = is_day(days)
    day = np.where(there, days, 0).astype("datetime64[D]")
    step, roll = {
        "after": (length, "backward"),
        "beginning_with": (length - 1, "forward"),
        "before": (-length, "forward"),
        "immediately": (0, "forward"),
    }[count]
    moved = np.busday_offset(day, step, roll=roll, busdaycal=calendar.busdays)  # type: ignore[call-overload]
    calendar.warn_beyond(moved[there])
    return np.where(there, moved.astype(np.int64), days).astype(np.int32)


def last_day(days: Days, length: int, unit: Unit, count: Count, calendar: Calendar | None = None) -> Days:
    """Last day of a period that is counted from each of `days`.

    `days` are day numbers, `length` whole units. Working days use `calendar` (England's by default). Days that are not
    there stay as they are.

    >>> request = np.array([day_number(date(2025, 4, 2))], np.int32)
    >>> to_date(last_day(request, 20, "weeks", "after")[0])
    datetime.date(2025, 8, 20)
    """
    span = span_days(length, unit, count)
    if span is not None:
        return (days + np.int32(span)).astype(np.int32, copy=False)
    if unit == "working_days":
        return add_working_days(days, length, count, calendar or england())
    if unit != "months":
        raise CommandError(f"unit {unit!r} is not one of weeks, days, working_days, months: use one of those")
    moved = add_months(days, -length if count == "before" else length)
    return np.where(is_day(moved), moved - (count == "beginning_with"), moved).astype(np.int32)


def in_year_of(days: Days, month: int, day: int) -> Days:
    """Give a day of the calendar in the year of each of `days`.

    >>> transfer = np.array([day_number(date(2026, 9, 1))], np.int32)
    >>> to_date(in_year_of(transfer, 2, 15)[0])
    datetime.date(2026, 2, 15)
    """
    there = is_day(days)
    years = np.where(there, days, 0).astype("datetime64[D]").astype("datetime64[Y]")
    first = (years.astype("datetime64[M]") + np.timedelta64(month - 1, "M")).astype("datetime64[D]")
    return np.where(there, (first + np.timedelta64(day - 1, "D")).astype(np.int64), days).astype(np.int32)


def rolled(days: Days, roll: Roll, calendar: Calendar) -> Days:
    """Move a last day forward as the Tribunal's rule 12 does; days that need not move stay.

    `past_recess` moves a day in August, or from 25 December to 1 January, to the day after them; `to_working_day` moves a
    day that is not a working day to the next one.

    >>> christmas = np.array([day_number(date(2025, 12, 29))], np.int32)
    >>> to_date(rolled(christmas, "past_recess", england())[0])
    datetime.date(2026, 1, 2)
    """
    if roll == "to_working_day":
        return add_working_days(days, 0, "immediately", calendar)
    after_august = in_year_of(days, 9, 1)
    second_of_january = in_year_of(days, 1, 2)
    next_january = in_year_of((in_year_of(days, 12, 31) + 1).astype(np.int32), 1, 2)
    moved = np.where((days >= in_year_of(days, 8, 1)) & (days < after_august), after_august, days)
    moved = np.where(days < second_of_january, second_of_january, moved)
    moved = np.where(days >= in_year_of(days, 12, 25), next_january, moved)
    return np.where(is_day(days), moved, days).astype(np.int32)
