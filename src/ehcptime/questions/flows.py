"""Flows: the days on which each case came in, went out or came back, rebuilt from the dates of its record.

What is true of a case changes only on a day that stands in its record. So the one judge of `tracking` is asked about each
case on each of those days, in one pass, and its answer holds until the next of them: positions and flows come out as `track`
would give them on every day, without asking on every day.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.records.arrays import Codes, Facts, code_number
from ehcptime.tracking.situation import DUPLICATE, Situation, is_open, request_start, situation

EXITS = ("refused", "no_plan", "issued", "withdrawn", "left")
_EXIT = {name: np.int8(place) for place, name in enumerate(EXITS)}
_WITHDRAWN = code_number("closed_reason", "withdrawn")

# Dates that may change whether a case is open, and how it ended; those of a start are never cut off.
_STARTS = ("received_date", "responsible_date", "moved_in_date")
_EVENTS = (
    "request_outcome_date",
    "assessment_outcome_date",
    "issue_decision_date",
    "draft_sent_date",
    "plan_issued_date",
    "closed_date",
    "reversal_date",
)
# Pairs of a case and a day that the processor's cache can hold with all their working arrays.
_BLOCK = 16_384

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Turns:
    """What is true of a case from one of its days until the next, in the order of cases and days.

    The first turn of a case begins on the day it is received, or on the day before the span if it was received by then (or on
    an unknown day). Cases received after the span, and duplicates, have no turn.
    """

    case: Places
    day: Days
    until: Days  # first day of the next turn, or the day after the span
    start: Days  # of the case; UNKNOWN where nobody recorded it
    is_first: Mask
    is_open: Mask
    ended: Days  # days since the end; NOT_YET where there is none, UNKNOWN where nobody recorded its day
    exit: Codes  # how it ended, as a place in EXITS, where it has ended
    first: int  # day of the span

    @cached_property
    def is_undated(self) -> Mask:
        """True where the case has ended on a day that nobody recorded."""
        return np.asarray(~self.is_open & (self.ended == UNKNOWN))

    def before(self, values: Mask) -> Mask:
        """Give what was true in the turn before; false in a first turn."""
        moved = np.zeros(len(values), dtype=bool)
        moved[1:] = values[:-1]
        return moved & ~self.is_first

    @cached_property
    def arrives(self) -> Mask:
        """True where the case is received within the span; it may have ended by that very day."""
        return np.asarray(self.is_first & (self.day >= self.first) & ~self.is_undated)

    @cached_property
    def returns(self) -> Mask:
        """True where a case that had ended is open again, or ends once more, on its own day, in another way."""
        again = self.is_open | self._ends_today
        return np.asarray(~self.is_first & ~self.before(self.is_open) & again)

    @cached_property
    def reopens(self) -> Mask:
        """True where it returns from an end; not where its end was only undated until then."""
        same = np.zeros(len(self.exit), dtype=bool)
        same[1:] = self.exit[1:] == self.exit[:-1]
        came_to_light = self.before(self.is_undated) & ~self.is_open & same
        return np.asarray(self.returns & ~came_to_light)

    @cached_property
    def leaves(self) -> Mask:
        """True where the case goes out: it was open and is no longer, or came in and had ended by that very day."""
        was_open = self.before(self.is_open) | self.arrives | self.returns
        return np.asarray(~self.is_open & was_open)

    @property
    def _ends_today(self) -> Mask:
        return np.asarray(~self.is_open & (self.ended == 0))


def turns(facts: Facts, first: int, last: int) -> Turns:
    """Find the turns of each case from the day before `first` to `last` (day numbers)."""
    start = np.broadcast_to(request_start(facts), facts.rows)
    days = _days(facts, start, first, last)
    case, place = np.nonzero(days != NOT_YET)
    day = days[case, place]
    is_first = np.diff(case, prepend=-1) != 0
    is_last = np.diff(case, append=facts.rows) != 0
    until = np.where(is_last, np.int32(last + 1), np.append(day[1:], np.int32(last + 1)))
    state = _states(facts, case, day)
    return Turns(case, day, until, start[case], is_first, *state, first)


def _days(facts: Facts, start: Days, first: int, last: int) -> Days:
    """Distinct days of each case from its start or the day before the span, in order; NOT_YET elsewhere."""
    floor = np.maximum(start, np.int32(first - 1))
    duplicate = facts.codes["closed_reason"] == DUPLICATE
    days = np.full((facts.rows, len(_EVENTS) + 1), NOT_YET, dtype=np.int32)
    days[:, 0] = floor
    for place, name in enumerate(_EVENTS, start=1):
        days[:, place] = np.maximum(facts.days[name], floor)
    days[np.broadcast_to(duplicate, facts.rows)] = NOT_YET
    days.sort(axis=1)
    again = days[:, 1:] == days[:, :-1]
    days[:, 1:][again] = NOT_YET
    days[days > last] = NOT_YET
    return days


def _states(facts: Facts, case: Places, day: Days) -> tuple[Mask, Days, Codes]:
    """Ask the judge about each pair of a case and a day: open, days since the end, and how it ended."""
    opened = np.empty(len(case), dtype=bool)
    ended: Days = np.empty(len(case), dtype=np.int32)
    how: Codes = np.empty(len(case), dtype=np.int8)
    for begin in range(0, len(case), _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        read = _seen_on(facts, case[rows], day[rows])
        now = situation(read, 0)
        opened[rows] = is_open(now)
        ended[rows] = now.end
        how[rows] = _exits(now, read)
    known = (ended != NOT_YET) & (ended != UNKNOWN)
    return opened, np.where(known, -ended, ended), how


def _seen_on(facts: Facts, case: Places, day: Days) -> Facts:
    """Move each case in time so that the day to look at it is day 0: the judge compares days with each other alone."""
    read = facts.take(case)
    used = {*_STARTS, *_EVENTS}
    days = {
        name: np.where(values == NOT_YET, values, values - day) if name in used else _NO_DAY
        for name, values in read.days.items()
    }
    return Facts(days, read.codes, read.flags, read.rows)


def _exits(now: Situation, facts: Facts) -> Codes:
    """How a case ended, as the judge of ends says: by a plan, under an H, by a refusal that stands, or otherwise."""
    withdrawn = facts.codes["closed_reason"] == _WITHDRAWN
    how = np.where(withdrawn, _EXIT["withdrawn"], _EXIT["left"])
    how = np.where(now.refused_to_issue.stands, _EXIT["no_plan"], how)
    how = np.where(now.refused_to_assess.stands, _EXIT["refused"], how)
    how = np.where(now.is_historical, _EXIT["left"], how)
    return np.where(now.final != NOT_YET, _EXIT["issued"], how)


_NO_DAY: Days = np.array([NOT_YET], dtype=np.int32)
