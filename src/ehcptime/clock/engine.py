"""The engine: limits and days in, due days and statuses out, every limit in one stacked pass.

It knows day numbers and nothing else: no pandas, no law, no case. Rows run along the last axis and limits along the
first. What a record's dates mean (which clock is in force, whether a limit applies) is decided before, in `tracking`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ehcptime.clock.calendars import Calendar
from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.clock.due import due_days, stack
from ehcptime.clock.limits import Limit
from ehcptime.clock.masks import both, choose, either, instead, without

Codes = npt.NDArray[np.int8]

STATUSES = (
    "not_applicable",
    "unknown",
    "too_soon",
    "met",
    "met_late",
    "ended_late",
    "overdue",
    "running",
)
NOT_APPLICABLE, UNKNOWN_STATUS, TOO_SOON, MET, MET_LATE, ENDED_LATE, OVERDUE, RUNNING = range(8)
# By status code: whether the limit was missed.
IS_LATE = np.array([name in {"met_late", "ended_late", "overdue"} for name in STATUSES])
# A day before all others, for a limit that does not wait for its own start.
_ALWAYS = -(1 << 27)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Due days, status codes (places in STATUSES) and days over, each of shape (rules, rows)."""

    rules: tuple[str, ...]
    due: Days
    status: Codes
    days_over: Days


@lru_cache(maxsize=64)
def _versions(limits: tuple[Limit, ...]) -> dict[str, tuple[Limit, ...]]:
    rules = dict.fromkeys(limit.rule for limit in limits)
    return {rule: tuple(limit for limit in limits if limit.rule == rule) for rule in rules}


def judge(due: Days, start: Days, done: Days, end: Days, as_at: int) -> tuple[Codes, Days]:
    """Status and days over of limits that set a most-period, from the days that decide them.

    Arrays broadcast. `done` and `end` may be NOT_YET or UNKNOWN; days after `as_at` count as NOT_YET. `due` is NOT_YET
    where no version of the rule covers the start.
    """
    is_done = done <= as_at
    has_ended = without(end <= as_at, is_done)
    stop = instead(np.minimum(done, np.int32(as_at)), has_ended, end)
    status = _outcome(is_done, has_ended, stop > due)
    status = instead(status, _is_doubtful(due, start, stop, is_done), UNKNOWN_STATUS)
    return instead(status, start > as_at, NOT_APPLICABLE), (stop - due).astype(np.int32, copy=False)


def _outcome(is_done: Mask, has_ended: Mask, is_over: Mask) -> Codes:
    """Status by what stopped the clock: the act, the end of the case, or as_at."""
    late = is_over.view(np.int8)
    ended = instead(RUNNING + (OVERDUE - RUNNING) * late, has_ended, ENDED_LATE * late)
    return choose(is_done, MET + (MET_LATE - MET) * late, ended)


def _is_doubtful(due: Days, start: Days, stop: Days, is_done: Mask) -> Mask:
    """True where a day that decides is not known, no limit was in force, or the act came before the start."""
    early = both(stop < start, is_done | (stop == UNKNOWN))
    return either(either(start == UNKNOWN, due == NOT_YET), early)


def is_late(status: Codes) -> Mask:
    """Return true where the limit was missed.

    >>> is_late(np.array([MET, MET_LATE, OVERDUE, RUNNING], np.int8)).tolist()
    [False, True, True, False]
    """
    return np.asarray((status >= MET_LATE) & (status <= OVERDUE))


def judge_floor(due: Days, start: Days, done: Days, end: Days, as_at: int) -> tuple[Codes, Days]:
    """Status and days over of limits that set a least-period; arguments as for `judge`.

    Days over are the days short of the first lawful day, so never above 0 unless the act came too soon.
    """
    is_done = done <= as_at
    has_ended = without(end <= as_at, is_done)
    until = np.minimum(done, np.int32(as_at))
    stop = instead(until, has_ended, end)
    still_running = stop <= due
    unended = RUNNING + (TOO_SOON - RUNNING) * is_done.view(np.int8)
    status = choose(still_running, unended, MET)
    status = instead(status, both(has_ended, still_running), NOT_APPLICABLE)
    status = instead(status, _is_doubtful(due, start, stop, is_done), UNKNOWN_STATUS)
    status = instead(status, start > as_at, NOT_APPLICABLE)
    return status, choose(status == RUNNING, until - due, due + np.int32(1) - until)


def _as_known(limits: Sequence[Limit], dates: Mapping[str, Days], as_at: int) -> Mapping[str, Days]:
    """Read the starts of second periods as they were known: one after `as_at` had not happened."""
    seconds = {limit.later.start for limit in limits if limit.later is not None}
    cut = {
        name: np.where(dates[name] > as_at, np.int32(NOT_YET), dates[name])
        for name in seconds
        if name in dates
    }
    missing = {name: np.array([NOT_YET], dtype=np.int32) for name in seconds - set(dates)}
    return {**dates, **cut, **missing} if seconds else dates


def _is_shown(
    versions: Mapping[str, tuple[Limit, ...]],
    dates: Mapping[str, Days],
    dones: Days,
    as_at: int,
    shows: frozenset[str],
) -> npt.NDArray[np.bool_]:
    """True where the act, or the start of a second period, shows that the first start happened on a day nobody recorded."""
    alone = np.array([group[0].done in shows for group in versions.values()])
    shown = (dones <= as_at) & alone[:, None]
    for row, group in zip(shown, versions.values(), strict=True):
        second = group[0].later
        if second is not None and second.shows_start:
            np.logical_or(row, is_day(dates[second.start]), out=row)
    return np.asarray(shown)


def settle(
    floors: Iterable[bool], due: Days, starts: Days, dones: Days, ends: Days, as_at: int
) -> tuple[Codes, Days]:
    """Judge stacked limits, each row by its own kind of period; all arrays are of shape (rules, rows)."""
    status, days_over = np.empty(due.shape, dtype=np.int8), np.empty(due.shape, dtype=np.int32)
    for row, is_floor in enumerate(floors):
        judged = judge_floor if is_floor else judge
        status[row], days_over[row] = judged(due[row], starts[row], dones[row], ends[row], as_at)
    return status, days_over


def resolve(
    limits: Sequence[Limit],
    dates: Mapping[str, Days],
    as_at: int,
    *,
    ended: Days | None = None,
    shows: frozenset[str] = frozenset(),
    calendar: Calendar | None = None,
    day_one: frozenset[str] = frozenset(),
) -> Resolved:
    """Apply limits to columns of days.

    `dates` maps the column names that the limits cite to day-number arrays of one length (or length 1). `ended` is
    the day on which the case ended otherwise than by the act, NOT_YET where it has not. An act in `shows` shows that its rule's start,
    if blank, had happened. Returns arrays of shape (rules,
    rows), rules in the order of first mention.

    >>> from datetime import date
    >>> from ehcptime.clock.counting import day_number, to_date
    >>> week20 = Limit("plan_final", "received", "issued", 20, "weeks", "after", "at_most", 0, NOT_YET, "received")
    >>> days = {"received": np.array([day_number(date(2025, 4, 2))], np.int32), "issued": np.array([NOT_YET], np.int32)}
    >>> found = resolve([week20], days, day_number(date(2025, 8, 21)))
    >>> to_date(found.due[0, 0]), STATUSES[found.status[0, 0]], int(found.days_over[0, 0])
    (datetime.date(2025, 8, 20), 'overdue', 1)
    """
    versions = _versions(tuple(limits))
    flat = [limit for group in versions.values() for limit in group]
    starts = stack([np.atleast_1d(dates[limit.start]) for limit in flat])
    dates = _as_known(flat, dates, as_at)
    dones = stack([np.atleast_1d(dates[limit.done]) for limit in flat])
    picks = stack([np.atleast_1d(dates[limit.selects_on]) for limit in flat])
    due = due_days(flat, starts, picks, dates=dates, calendar=calendar, day_one=day_one)
    if len(flat) > len(versions):
        firsts = np.cumsum([0, *(len(group) for group in versions.values())][:-1])
        due = np.minimum.reduceat(due, firsts, axis=0)
        starts, dones = starts[firsts], dones[firsts]
    end = np.atleast_1d(np.int32(NOT_YET) if ended is None else ended)
    shape = np.broadcast_shapes(starts.shape, dones.shape, end.shape)
    due, starts, dones, end = (np.broadcast_to(array, shape) for array in (due, starts, dones, end))
    starts = np.where(
        (starts == NOT_YET) & _is_shown(versions, dates, dones, as_at, shows), np.int32(UNKNOWN), starts
    )
    ahead = np.array([group[0].looks_ahead for group in versions.values()])
    if ahead.any():
        starts = np.where(ahead[:, None] & is_day(starts), np.int32(_ALWAYS), starts)
    floors = [group[0].is_floor for group in versions.values()]
    status, days_over = settle(floors, due, starts, dones, end, as_at)
    return Resolved(tuple(versions), due, status, days_over)
