"""What is true of each case at `as_at`: the facts that the limits may see, worked out from what is recorded.

The numbered Readings in docs/design.md say what each step does and why. Every array has one place per case; a day that is
not there is NOT_YET, and one that nobody recorded is UNKNOWN (see `clock.counting`).
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.masks import both, choose, either, instead, without
from ehcptime.records.arrays import BLANK, UNREADABLE, Codes, Facts, code_number
from ehcptime.tracking.outcomes import A, H, N, Outcome, W, Y, cut, first_final, is_future, outcome
from ehcptime.tracking.refusals import Later, Refusal, later_facts, refusals_of

_NEVER: Days = np.array([NOT_YET], dtype=np.int32)
DUPLICATE = code_number("closed_reason", "duplicate")

STAGES = ("not_received", "deciding", "assessing", "drafting", "finalising", "closed", "unknown")
_STAGE = {name: place for place, name in enumerate(STAGES)}


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything about each case that a limit, a stage or an age depends on."""

    start: Days
    is_received: Mask
    request: Outcome
    assessment: Outcome
    request_decided: Days
    refused_to_assess: Refusal
    refused_to_issue: Refusal
    decision_to_issue: Days
    draft: Days
    final: Days
    is_historical: Mask
    end: Days  # of the case, however it ended
    other_end: Days  # of the case, where it ended with neither plan nor refusal
    is_duplicate: Mask
    route: Codes
    assess_notice: Days  # told, after a reversal, that there will be an assessment
    override: Days  # last day of the final plan by agreement or direction

    @property
    def refusal_stands(self) -> Mask:
        """True where a refusal, to assess or to issue, stands."""
        return either(self.refused_to_assess.stands, self.refused_to_issue.stands)


def request_start(facts: Facts) -> Days:
    """Readings 1: the request clock starts on receipt or responsibility, and never before a move into the area."""
    first = np.minimum(facts.days["received_date"], facts.days["responsible_date"])
    moved_in = facts.days["moved_in_date"]
    start = instead(first, both(moved_in != NOT_YET, moved_in > first), moved_in)
    return instead(start, first == NOT_YET, UNKNOWN)


def _request_decided(request: Outcome, assessment: Outcome, later: Later) -> Days:
    """Readings 4: the recorded day, UNKNOWN where something shows that there was a decision, or NOT_YET."""
    shown = (
        request.has(Y, N, UNREADABLE)
        | assessment.has(Y, N, H, UNREADABLE)
        | (later.step != NOT_YET)
        | ((assessment.is_pending | (assessment.code == W)) & ~request.has(W))
    )
    return instead(request.day, (request.day == NOT_YET) & shown, UNKNOWN)


def _other_end(
    facts: Facts, request: Outcome, assessment: Outcome, refusals: tuple[Refusal, Refusal], as_at: int
) -> Days:
    """Readings 11: the closing day; UNKNOWN where the record says that it ended but not when."""
    closed = facts.days["closed_date"]
    withdrawn = either(request.has(W), assessment.has(W))
    says_ended = either(withdrawn, facts.flags["exported"] | (facts.codes["closed_reason"] != BLANK))
    end = instead(cut(closed, as_at), both(says_ended, closed == NOT_YET), UNKNOWN)
    for refusal in refusals:
        since = instead(refusal.reversed_on, refusal.reversed_on == UNKNOWN, refusal.day)
        stale = both(both(refusal.is_reversed, closed != NOT_YET), closed <= since)
        end = instead(end, stale, NOT_YET)
    return end


def _end(final: Days, refusals: tuple[Refusal, Refusal], other: Days, is_historical: Mask) -> Days:
    refused = _NEVER
    for refusal in refusals:
        dated = both(refusal.stands, refusal.day != UNKNOWN)
        refused = np.minimum(refused, instead(_NEVER, dated, refusal.day))
    undated = both(refused == NOT_YET, either(refusals[0].stands, refusals[1].stands))
    refused = instead(refused, undated, instead(other, other == NOT_YET, UNKNOWN))
    end = instead(refused, both(other != NOT_YET, refused == NOT_YET), other)
    end = instead(end, is_historical, UNKNOWN)
    return choose(final != NOT_YET, final, end)


def situation(facts: Facts, as_at: int) -> Situation:
    """Work out what is true of each case on day number `as_at` (later days are read as blank)."""
    return _each(shared_situation(facts, as_at), facts.rows)  # type: ignore[no-any-return]


def _each(part: Any, rows: int) -> Any:
    """Give every array one place per case; nothing is copied for it."""
    if isinstance(part, np.ndarray):
        return part if len(part) == rows else np.broadcast_to(part, rows)
    return replace(part, **{field.name: _each(getattr(part, field.name), rows) for field in fields(part)})


def shared_situation(facts: Facts, as_at: int) -> Situation:
    """Work out the same, but what is so of every case may be an array of length one, from which it is quicker to go on."""
    start = request_start(facts)
    request = outcome(facts, "request_outcome", as_at)
    code = facts.codes["request_outcome"]
    is_dated = (code != A) & (code != W) & (code != H)
    undecided = is_dated & is_future(facts.days["request_outcome_date"], as_at)
    assessment = outcome(facts, "assessment_outcome", as_at, blank=undecided)
    final = first_final(facts, assessment, as_at)
    later = later_facts(facts, assessment, final, as_at)
    refusals = refusals_of(facts, request, assessment, later, as_at)
    is_historical = assessment.code == H
    other = _other_end(facts, request, assessment, refusals, as_at)
    settled = either(refusals[0].stands, refusals[1].stands) | (final != NOT_YET) | is_historical
    return Situation(
        start=start,
        is_received=start <= as_at,
        request=request,
        assessment=assessment,
        request_decided=_request_decided(request, assessment, later),
        refused_to_assess=refusals[0],
        refused_to_issue=refusals[1],
        decision_to_issue=later.decision,
        draft=later.draft,
        final=final,
        is_historical=is_historical,
        end=instead(_end(final, refusals, other, is_historical), start > as_at, NOT_YET),
        other_end=instead(other, settled, NOT_YET),
        is_duplicate=facts.codes["closed_reason"] == DUPLICATE,
        route=facts.codes["reversal_route"],
        assess_notice=cut(facts.days["assess_notice_date"], as_at),
        override=facts.days["plan_final_override_date"],
    )


def is_open(now: Situation) -> Mask:
    """True from the start to the day before the end; true for an unknown start with no end."""
    return without(now.is_received & (now.end == NOT_YET), now.is_duplicate)


def stage(now: Situation) -> Codes:
    """Furthest step reached, as a place in STAGES (Readings 12)."""
    steps = (
        (now.request.has(Y, H), "assessing"),
        (either(now.refused_to_assess.is_reversed, now.assessment.is_pending), "assessing"),
        (either(now.assessment.has(Y), now.decision_to_issue != NOT_YET), "drafting"),
        (now.refused_to_issue.is_reversed, "drafting"),
        (now.draft != NOT_YET, "finalising"),
        (either(now.request.is_puzzle, now.assessment.is_puzzle), "unknown"),
        (either(now.end != NOT_YET, now.is_duplicate), "closed"),
        (~now.is_received, "not_received"),
    )
    reached = np.full(
        np.broadcast_shapes(*(mask.shape for mask, _ in steps)), _STAGE["deciding"], dtype=np.int8
    )
    for mask, name in steps:
        reached = instead(reached, mask, _STAGE[name])
    return reached


def age_days(now: Situation, as_at: int) -> tuple[Days, Mask]:
    """Days from the start to the end or to `as_at`, and where that cannot be told."""
    stop = instead(now.end, now.end == NOT_YET, as_at)
    empty = (now.start == UNKNOWN) | (now.end == UNKNOWN) | ~now.is_received | (stop < now.start)
    return stop - now.start, empty
