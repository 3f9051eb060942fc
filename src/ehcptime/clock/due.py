"""Due days: the last day of each limit from the day that it runs from."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from ehcptime.clock.calendars import Calendar, named
from ehcptime.clock.counting import NOT_YET, Days, Mask, in_year_of, is_day, last_day, rolled, span_days
from ehcptime.clock.limits import Limit
from ehcptime.clock.masks import instead


def stack(arrays: Sequence[Days]) -> Days:
    """Stack arrays that broadcast to each other, one row each."""
    shape = np.broadcast_shapes(*(array.shape for array in arrays))
    stacked = np.empty((len(arrays), *shape), dtype=np.int32)
    for row, array in zip(stacked, arrays, strict=True):
        row[...] = array
    return stacked


def due_days(
    limits: Sequence[Limit],
    starts: Sequence[Days] | Days,
    picks: Sequence[Days] | Days,
    *,
    dates: Mapping[str, Days] = MappingProxyType({}),
    calendar: Calendar | None = None,
    day_one: frozenset[str] = frozenset(),
) -> Days:
    """Last day of each limit from each start.

    `starts` and `picks` have one row per limit: the day it runs from and the day that picks its version. `dates` holds the
    columns of second periods. NOT_YET where the start is not a day or the version was not in force. Rules in `day_one`
    count the day of the event as the first. `calendar` stands in for the one that each limit names.
    """
    return stack(
        last_days(limits, list(starts), list(picks), dates=dates, calendar=calendar, day_one=day_one)
    )


def last_days(
    limits: Sequence[Limit],
    starts: Sequence[Days],
    picks: Sequence[Days],
    *,
    dates: Mapping[str, Days] = MappingProxyType({}),
    calendar: Calendar | None = None,
    day_one: frozenset[str] = frozenset(),
) -> list[Days]:
    """Give what `due_days` gives as an array for each limit; those of one start and one time are looked at once."""
    due: list[Days] = []
    outside: dict[tuple[int, int, int, int], Mask] = {}
    for limit, start, pick in zip(limits, starts, picks, strict=True):
        same = id(start), id(pick), limit.first, limit.last
        if same not in outside:
            outside[same] = ~is_day(start) | (pick < limit.first) | (pick > limit.last)
        last = _last_day(limit, start, dates, calendar, earlier=limit.rule in day_one)
        due.append(instead(last, outside[same], NOT_YET))
    return due


def _last_day(
    limit: Limit, start: Days, dates: Mapping[str, Days], calendar: Calendar | None, *, earlier: bool
) -> Days:
    span = span_days(limit.length, limit.unit, limit.count)
    if span is None or limit.is_compound:
        return _compound(limit, start, dates, calendar) - np.int32(earlier)
    return start + np.int32(span - earlier)


def _compound(limit: Limit, start: Days, dates: Mapping[str, Days], calendar: Calendar | None) -> Days:
    """Last day of a limit that is more than a number of days: months, working days, a fixed day, a later of two, a roll."""
    days = calendar or named(limit.calendar)
    counted_from = start if limit.fixed is None else in_year_of(start, *limit.fixed)
    due = last_day(counted_from, limit.length, limit.unit, limit.count, days)
    if limit.later is not None:
        second = limit.later
        other = last_day(dates[second.start], second.length, second.unit, second.count, days)
        due = np.where(is_day(other), np.maximum(due, other), np.int32(NOT_YET) if second.is_needed else due)
    for roll in limit.rolls:
        due = rolled(due, roll, days)
    return due


def due_from(limits: Sequence[Limit], starts: Days) -> Days:
    """Last day of one rule, whose versions are `limits`, from each start."""
    same = [starts] * len(limits)
    return np.asarray(due_days(limits, same, same).min(axis=0))
