"""Advice in hand: for each asking, the plan it is for, and whether its answer was in on the day of issue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.errors import InputError
from ehcptime.questions.elapsed import outside
from ehcptime.questions.tracked import Tracked, places_among

Counts = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Askings:
    """Askings against the plans they are for.

    `case` is the place of the case of each asking, -1 where it is not there. `live` marks those that count towards the plan: asked
    by the day of issue (or on an unknown day), and neither withdrawn nor sent back. `came` marks what was in by the day
    of issue, or agreed as sufficient already; `untold` what was answered on a day that nobody recorded.
    """

    advice: Tracked
    cases: int
    case: Counts
    live: Mask
    came: Mask
    untold: Mask

    def of_kind(self, kind: str) -> Mask:
        """True for the live askings for one kind of advice."""
        return self.live & self.advice.is_code("advice_type", kind)

    def per_case(self, askings: Mask | np.bool_) -> Counts:
        """Count some of the askings for each case."""
        return np.bincount(self.case[askings], minlength=self.cases)


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of advice in every case: live askings, those that were in, and those of which that cannot be told."""

    needed: Mask
    rows: Counts
    there: Counts
    unsure: Counts

    @property
    def missing(self) -> Mask:
        """True where the plan needs it and it was not in."""
        short: Mask = (self.rows == 0) | (self.there + self.unsure < self.rows)
        return self.needed & short

    @property
    def untold(self) -> Mask:
        """True where the plan needs it and some of it came on an unknown day."""
        unsure: Mask = self.unsure > 0
        return self.needed & unsure


def plans_issued(cases: Tracked) -> Days:
    """Day of the first final plan of each case; NOT_YET where there is none, or where the case is in no cohort."""
    final = np.broadcast_to(cases.now.final, cases.size)
    for step in outside(cases):
        final = np.where(step.when, np.int32(NOT_YET), final)
    return final


def case_places(cases: Tracked, advice: Tracked) -> Counts:
    """Place of the case of each asking, -1 where it is not there. Raises InputError where a case stands in two rows."""
    if not cases.frame["case_id"].is_unique:
        raise InputError("column 'case_id' holds a value twice: each case must stand in one row")
    return places_among(cases.frame, advice.frame)


def askings_of(cases: Tracked, advice: Tracked, issued: Days) -> Askings:
    """Set each asking against the day that the plan of its case was issued; a row of `issued` is NOT_YET where none was.

    Raises InputError where a case stands in more than one row.
    """
    case = case_places(cases, advice)
    plan = np.where(case >= 0, issued[case], NOT_YET) if cases.size else np.full(advice.size, NOT_YET)
    returned, asked_on = advice.days("returned_date"), advice.days("requested_date")
    answered = advice.is_code("advice_outcome", "provided", "not_known")
    enough = advice.is_code("advice_outcome", "existing_sufficient")
    by_issue: Mask = (case >= 0) & ((asked_on <= plan) | (asked_on == NOT_YET))
    came: Mask = enough | (returned <= plan)
    return Askings(
        advice=advice,
        cases=cases.size,
        case=case,
        live=by_issue & ~advice.is_code("advice_outcome", "withdrawn", "rejected"),
        came=came,
        untold=~came & answered & (returned == NOT_YET),
    )


def kind_of(askings: Askings, kind: str, required: Sequence[str]) -> Kind:
    """Judge one kind of advice; what is not required is needed only where someone was asked."""
    of_kind = askings.of_kind(kind)
    rows, there, unsure = (askings.per_case(of_kind & mask) for mask in (True, askings.came, askings.untold))
    return Kind(np.full(askings.cases, kind in required) | (rows > 0), rows, there, unsure)
