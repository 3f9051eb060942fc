"""Outcomes as they read at `as_at`: what was decided, when, and what was issued (Readings 2, 3 and 5)."""

from dataclasses import dataclass

import numpy as np

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.clock.masks import both, either, instead, without
from ehcptime.records.arrays import BLANK, UNREADABLE, Codes, Facts, code_number

Y, N, A, W, H = (code_number("request_outcome", code) for code in "YNAWH")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision as it reads at `as_at`: its code, its day, and whether the code is recorded without a day."""

    code: Codes
    day: Days
    undated: Mask
    is_pending: Mask  # an A that was recorded as such, not made so by the cut-off

    def has(self, *codes: int) -> Mask:
        """Return true where the code is one of these."""
        found = np.asarray(self.code == codes[0])
        for code in codes[1:]:
            found = found | (self.code == code)
        return found

    @property
    def is_puzzle(self) -> Mask:
        """True where the code cannot be read, or a day stands beside no code."""
        return either(self.code == UNREADABLE, both(self.code == BLANK, self.day != NOT_YET))


def cut(days: Days, as_at: int) -> Days:
    """Read a day after `as_at` as not yet come."""
    return instead(days, days > as_at, NOT_YET)


def is_future(days: Days, as_at: int) -> Mask:
    """True where a day is given and lies after `as_at`."""
    return both(days > as_at, days != NOT_YET)


def outcome(facts: Facts, name: str, as_at: int, *, blank: Mask | None = None) -> Outcome:
    """Readings 2 and 3: an outcome with a later day is not known yet; `blank` hides what has no day."""
    code, recorded = facts.codes[name], facts.days[f"{name}_date"]
    closed = facts.days["closed_date"]
    own_day = instead(recorded, code == W, closed)
    dateless = either(code == A, code == H)
    later = without(is_future(own_day, as_at), dateless)
    undated = either(own_day == NOT_YET, dateless)
    read = instead(code, later, A)
    pending = code == A
    if blank is not None:
        read = instead(read, both(blank, undated), BLANK)
        pending = without(pending, blank)
    day = instead(cut(recorded, as_at), either(dateless, code == W), NOT_YET)
    return Outcome(read, day, undated, pending)


def first_final(facts: Facts, assessment: Outcome, as_at: int) -> Days:
    """Readings 5: the earlier of the two days on which a first final may be recorded."""
    issued = cut(facts.days["plan_issued_date"], as_at)
    final = np.minimum(
        issued, instead(assessment.day, both(assessment.code != Y, assessment.day != NOT_YET), NOT_YET)
    )
    return instead(final, assessment.code == H, NOT_YET)
