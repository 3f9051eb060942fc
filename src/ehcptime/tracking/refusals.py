"""Refusals, and whether they stand: each may be reversed on a recorded day, or on one that nobody recorded (Readings 6)."""

from dataclasses import dataclass

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.records.arrays import BLANK, Facts, code_number
from ehcptime.tracking.outcomes import H, N, Outcome, W, Y, cut, is_future

TO_ASSESS, TO_ISSUE = (code_number("reversal_of", code) for code in ("assess", "issue"))
ORDER_TO_MAKE = code_number("reversal_route", "order_to_make")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal: where there is one, whether it still stands, and when and how it was reversed."""

    made: Mask
    day: Days
    reversed_on: Days  # NOT_YET while it stands, UNKNOWN where it was reversed on a day nobody recorded
    is_recorded: Mask  # the reversal recorded in the reversal columns is the one of this refusal

    @property
    def is_reversed(self) -> Mask:
        """True where it no longer stands."""
        return np.asarray(self.reversed_on != NOT_YET)

    @property
    def stands(self) -> Mask:
        """True where it stands."""
        return self.made & ~self.is_reversed


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
    counts = made & (recorded <= as_at)
    known = counts & ((day == UNKNOWN) | (recorded >= day))
    unknown = (counts & ~known) | (made & gone_on)
    return np.where(known, recorded, np.where(unknown, np.int32(UNKNOWN), np.int32(NOT_YET)))


def refusals_of(
    facts: Facts, request: Outcome, assessment: Outcome, later: Later, as_at: int
) -> tuple[Refusal, Refusal]:
    """Give the refusal to assess and the refusal to issue of each case, with the reversal of each."""
    of, route, on = facts.codes["reversal_of"], facts.codes["reversal_route"], facts.days["reversal_date"]
    to_assess, to_issue = request.code == N, assessment.code == N
    assess_day = np.where(request.day == NOT_YET, np.int32(UNKNOWN), request.day)
    issue_day = np.where(assessment.day == NOT_YET, np.int32(UNKNOWN), assessment.day)
    ordered = (route == ORDER_TO_MAKE) & to_issue
    of_issue = ordered | (of == TO_ISSUE) | ((of == BLANK) & to_issue & (on >= issue_day))
    of_assess = ((of == TO_ASSESS) | (of == BLANK)) & ~of_issue
    undated = (on == NOT_YET) & ((of != BLANK) | (route != BLANK))
    hidden = is_future(on, as_at) & of_assess
    gone_on = (undated & of_assess) | later.dated | (later.undated & ~hidden)
    assess_on = _reversed_on(
        to_assess, assess_day, np.where(of_assess, on, np.int32(NOT_YET)), gone_on, as_at
    )
    redrafted = (later.draft != NOT_YET) & (assessment.day != NOT_YET) & (later.draft > assessment.day)
    planned = (later.issued != NOT_YET) & (later.issued > issue_day)
    gone_on = (undated & of_issue) | planned | redrafted
    issue_on = _reversed_on(to_issue, issue_day, np.where(of_issue, on, np.int32(NOT_YET)), gone_on, as_at)
    return (
        Refusal(to_assess, assess_day, assess_on, of_assess),
        Refusal(to_issue, issue_day, issue_on, of_issue),
    )
