"""Refusals, and whether they stand: each may be reversed on a recorded day, or on one that nobody recorded (Readings 6)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.masks import both, either, instead, without
from ehcptime.records.arrays import BLANK, Facts, code_number
from ehcptime.tracking.outcomes import H, N, Outcome, W, Y, cut, is_future

TO_ASSESS, TO_ISSUE = (code_number("reversal_of", code) for code in ("assess", "issue"))
ORDER_TO_MAKE = code_number("reversal_route", "order_to_make")
_NEVER: Days = np.array([NOT_YET], dtype=np.int32)


@dataclass(frozen=True)
class Refusal:
    """A refusal: where there is one, whether it still stands, and when and how it was reversed."""

    made: Mask
    day: Days  # UNKNOWN where one was made on a day nobody recorded
    reversed_on: Days  # NOT_YET while it stands, UNKNOWN where it was reversed on a day nobody recorded
    is_recorded: Mask  # the reversal recorded in the reversal columns is the one of this refusal

    @cached_property
    def is_reversed(self) -> Mask:
        """True where it no longer stands."""
        return np.asarray(self.reversed_on != NOT_YET)

    @cached_property
    def stands(self) -> Mask:
        """True where it stands."""
        return without(self.made, self.is_reversed)


@dataclass(frozen=True, slots=True)
class Later:
    """Facts after the decision on the request, each of which shows that there was one."""

    dated: Mask
    undated: Mask
    step: Days  # the first of decision to issue, draft and final
    decision: Days
    draft: Days
    issued: Days


def later_facts(facts: Facts, assessment: Outcome, final: Days, as_at: int) -> Later:
    """Collect what is recorded after the decision on the request."""
    decision, draft, issued = (
        cut(facts.days[name], as_at)
        for name in ("issue_decision_date", "draft_sent_date", "plan_issued_date")
    )
    step = np.minimum(np.minimum(decision, draft), final)
    has_outcome = assessment.has(Y, N, W, H)
    dated = (step != NOT_YET) | (has_outcome & ~assessment.undated)
    undated = (has_outcome & assessment.undated) | assessment.is_pending
    return Later(dated, undated, step, decision, draft, issued)


def _reversed_on(made: Mask, day: Days, recorded: Days, gone_on: Mask, as_at: int) -> Days:
    """Readings 6: the recorded day, or an unknown one where the record goes on as if the refusal had been reversed."""
    counts = both(made, recorded <= as_at)
    known = both(counts, (day == UNKNOWN) | (recorded >= day))
    unknown = either(without(counts, known), both(made, gone_on))
    return instead(instead(_NEVER, unknown, UNKNOWN), known, recorded)


def refusals_of(
    facts: Facts, request: Outcome, assessment: Outcome, later: Later, as_at: int
) -> tuple[Refusal, Refusal]:
    """Give the refusal to assess and the refusal to issue of each case, with the reversal of each."""
    of, route, on = facts.codes["reversal_of"], facts.codes["reversal_route"], facts.days["reversal_date"]
    to_assess, to_issue = request.code == N, assessment.code == N
    assess_day = instead(request.day, both(to_assess, request.day == NOT_YET), UNKNOWN)
    issue_day = instead(assessment.day, both(to_issue, assessment.day == NOT_YET), UNKNOWN)
    ordered = either(both(route == ORDER_TO_MAKE, to_issue), of == TO_ISSUE)
    of_issue = either(ordered, both(both(to_issue, of == BLANK), on >= issue_day))
    of_assess = without((of == TO_ASSESS) | (of == BLANK), of_issue)
    undated = both(on == NOT_YET, (of != BLANK) | (route != BLANK))
    hidden = both(is_future(on, as_at), of_assess)
    gone_on = either(either(both(undated, of_assess), later.dated), without(later.undated, hidden))
    assess_on = _reversed_on(to_assess, assess_day, instead(on, ~of_assess, NOT_YET), gone_on, as_at)
    redrafted = (later.draft != NOT_YET) & (assessment.day != NOT_YET) & (later.draft > assessment.day)
    planned = both(later.issued != NOT_YET, later.issued > issue_day)
    gone_on = either(both(undated, of_issue), planned | redrafted)
    issue_on = _reversed_on(to_issue, issue_day, instead(on, ~of_issue, NOT_YET), gone_on, as_at)
    return (
        Refusal(to_assess, assess_day, assess_on, of_assess),
        Refusal(to_issue, issue_day, issue_on, of_issue),
    )
