"""What is true of each case at `as_at`: the facts that the limits may see, worked out from what is recorded.

The numbered Readings in docs/design.md say what each step does and why. Every array has one place per case; a day that is
not there is NOT_YET, and one that nobody recorded is UNKNOWN (see `clock.counting`).
"""

from dataclasses import dataclass

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.records.arrays import BLANK, UNREADABLE, Codes, Facts, code_number

Y, N, A, W, H = (code_number("request_outcome", code) for code in "YNAWH")
TO_ASSESS, TO_ISSUE = (code_number("reversal_of", code) for code in ("assess", "issue"))
ORDER_TO_MAKE = code_number("reversal_route", "order_to_make")
DUPLICATE = code_number("closed_reason", "duplicate")

STAGES = ("not_received", "deciding", "assessing", "drafting", "finalising", "closed", "unknown")
_STAGE = {name: np.int8(place) for place, name in enumerate(STAGES)}


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
        return np.asarray((self.code == UNREADABLE) | ((self.code == BLANK) & (self.day != NOT_YET)))


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
    override: Days  # last day of the final plan by agreement or direction

    @property
    def refusal_stands(self) -> Mask:
        """True where a refusal, to assess or to issue, stands."""
        return self.refused_to_assess.stands | self.refused_to_issue.stands


def _cut(days: Days, as_at: int) -> Days:
    return np.where(days > as_at, np.int32(NOT_YET), days)


def _is_future(days: Days, as_at: int) -> Mask:
    return np.asarray((days > as_at) & (days != NOT_YET))


def request_start(facts: Facts) -> Days:
    """Readings 1: the request clock starts on receipt or responsibility, and never before a move into the area."""
    first = np.minimum(facts.days["received_date"], facts.days["responsible_date"])
    moved_in = facts.days["moved_in_date"]
    start = np.where(moved_in == NOT_YET, first, np.maximum(first, moved_in))
    return np.where(first == NOT_YET, np.int32(UNKNOWN), start)


def _outcome(facts: Facts, name: str, as_at: int, *, blank: Mask | None = None) -> Outcome:
    """Readings 2 and 3: an outcome with a later day is not known yet; `blank` hides what has no day."""
    code, recorded = facts.codes[name], facts.days[f"{name}_date"]
    closed = facts.days["closed_date"]
    own_day = np.where(code == W, closed, recorded)
    dateless = (code == A) | (code == H)
    later = _is_future(own_day, as_at) & ~dateless
    undated = dateless | (own_day == NOT_YET)
    read = np.where(later, np.int8(A), code)
    pending = code == A
    if blank is not None:
        read = np.where(blank & undated, np.int8(BLANK), read)
        pending = pending & ~blank
    day = np.where(dateless | (code == W), np.int32(NOT_YET), _cut(recorded, as_at))
    return Outcome(read, day, undated, pending)


def _final(facts: Facts, assessment: Outcome, as_at: int) -> Days:
    """Readings 5: the earlier of the two days on which a first final may be recorded."""
    issued = _cut(facts.days["plan_issued_date"], as_at)
    final = np.minimum(issued, np.where(assessment.code == Y, assessment.day, np.int32(NOT_YET)))
    return np.where(assessment.code == H, np.int32(NOT_YET), final)


def _reversed_on(made: Mask, day: Days, recorded: Days, gone_on: Mask, as_at: int) -> Days:
    """Readings 6: the recorded day, or an unknown one where the record goes on as if the refusal had been reversed."""
    counts = made & (recorded <= as_at)
    known = counts & ((day == UNKNOWN) | (recorded >= day))
    unknown = (counts & ~known) | (made & gone_on)
    return np.where(known, recorded, np.where(unknown, np.int32(UNKNOWN), np.int32(NOT_YET)))


@dataclass(frozen=True, slots=True)
class _Later:
    """Facts after the decision on the request, each of which shows that there was one."""

    dated: Mask
    undated: Mask
    step: Days  # the first of decision to issue, draft and final
    decision: Days
    draft: Days
    issued: Days


def _refusals(
    facts: Facts, request: Outcome, assessment: Outcome, later: _Later, as_at: int
) -> tuple[Refusal, Refusal]:
    of, route, on = facts.codes["reversal_of"], facts.codes["reversal_route"], facts.days["reversal_date"]
    to_assess, to_issue = request.code == N, assessment.code == N
    assess_day = np.where(request.day == NOT_YET, np.int32(UNKNOWN), request.day)
    issue_day = np.where(assessment.day == NOT_YET, np.int32(UNKNOWN), assessment.day)
    ordered = (route == ORDER_TO_MAKE) & to_issue
    of_issue = ordered | (of == TO_ISSUE) | ((of == BLANK) & to_issue & (on >= issue_day))
    of_assess = ((of == TO_ASSESS) | (of == BLANK)) & ~of_issue
    undated = (on == NOT_YET) & ((of != BLANK) | (route != BLANK))
    hidden = _is_future(on, as_at) & of_assess
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


def _later(facts: Facts, assessment: Outcome, final: Days, as_at: int) -> _Later:
    decision, draft, issued = (
        _cut(facts.days[name], as_at)
        for name in ("issue_decision_date", "draft_sent_date", "plan_issued_date")
    )
    step = np.minimum(np.minimum(decision, draft), final)
    has_outcome = assessment.has(Y, N, W, H)
    dated = (step != NOT_YET) | (has_outcome & ~assessment.undated)
    undated = (has_outcome & assessment.undated) | assessment.is_pending
    return _Later(dated, undated, step, decision, draft, issued)


def _request_decided(request: Outcome, assessment: Outcome, later: _Later) -> Days:
    """Readings 4: the recorded day, UNKNOWN where something shows that there was a decision, or NOT_YET."""
    shown = (
        request.has(Y, N, UNREADABLE)
        | assessment.has(Y, N, H, UNREADABLE)
        | (later.step != NOT_YET)
        | ((assessment.is_pending | (assessment.code == W)) & ~request.has(W))
    )
    return np.where((request.day == NOT_YET) & shown, np.int32(UNKNOWN), request.day)


def _other_end(
    facts: Facts, request: Outcome, assessment: Outcome, refusals: tuple[Refusal, Refusal], as_at: int
) -> Days:
    """Readings 11: the closing day; UNKNOWN where the record says that it ended but not when."""
    closed = facts.days["closed_date"]
    says_ended = (
        request.has(W) | assessment.has(W) | facts.flags["exported"] | (facts.codes["closed_reason"] != BLANK)
    )
    end = np.where((closed == NOT_YET) & says_ended, np.int32(UNKNOWN), _cut(closed, as_at))
    for refusal in refusals:
        since = np.where(refusal.reversed_on == UNKNOWN, refusal.day, refusal.reversed_on)
        stale = refusal.is_reversed & (closed != NOT_YET) & (closed <= since)
        end = np.where(stale, np.int32(NOT_YET), end)
    return end


def _end(final: Days, refusals: tuple[Refusal, Refusal], other: Days, is_historical: Mask) -> Days:
    refused: Days = np.array([NOT_YET], dtype=np.int32)
    for refusal in refusals:
        dated = refusal.stands & (refusal.day != UNKNOWN)
        refused = np.minimum(refused, np.where(dated, refusal.day, np.int32(NOT_YET)))
    undated = (refused == NOT_YET) & (refusals[0].stands | refusals[1].stands)
    refused = np.where(undated, np.where(other == NOT_YET, np.int32(UNKNOWN), other), refused)
    end = np.where(is_historical, np.int32(UNKNOWN), other)
    end = np.where(refused != NOT_YET, refused, end)
    return np.where(final != NOT_YET, final, end)


def situation(facts: Facts, as_at: int) -> Situation:
    """Work out what is true of each case on day number `as_at` (later days are read as blank)."""
    start = request_start(facts)
    request = _outcome(facts, "request_outcome", as_at)
    code = facts.codes["request_outcome"]
    is_dated = (code != A) & (code != W) & (code != H)
    undecided = is_dated & _is_future(facts.days["request_outcome_date"], as_at)
    assessment = _outcome(facts, "assessment_outcome", as_at, blank=undecided)
    final = _final(facts, assessment, as_at)
    later = _later(facts, assessment, final, as_at)
    refusals = _refusals(facts, request, assessment, later, as_at)
    is_historical = assessment.code == H
    other = _other_end(facts, request, assessment, refusals, as_at)
    settled = (final != NOT_YET) | refusals[0].stands | refusals[1].stands | is_historical
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
        end=np.where(start <= as_at, _end(final, refusals, other, is_historical), np.int32(NOT_YET)),
        other_end=np.where(settled, np.int32(NOT_YET), other),
        is_duplicate=facts.codes["closed_reason"] == DUPLICATE,
        route=facts.codes["reversal_route"],
        override=facts.days["plan_final_override_date"],
    )


def is_open(now: Situation) -> Mask:
    """True from the start to the day before the end; true for an unknown start with no end."""
    return np.asarray(now.is_received & (now.end == NOT_YET) & ~now.is_duplicate)


def stage(now: Situation) -> Codes:
    """Furthest step reached, as a place in STAGES (Readings 12)."""
    steps = (
        (now.request.has(Y, H) | now.refused_to_assess.is_reversed | now.assessment.is_pending, "assessing"),
        (
            now.assessment.has(Y) | (now.decision_to_issue != NOT_YET) | now.refused_to_issue.is_reversed,
            "drafting",
        ),
        (now.draft != NOT_YET, "finalising"),
        (now.request.is_puzzle | now.assessment.is_puzzle, "unknown"),
        ((now.end != NOT_YET) | now.is_duplicate, "closed"),
        (~now.is_received, "not_received"),
    )
    reached = np.full(
        np.broadcast_shapes(*(mask.shape for mask, _ in steps)), _STAGE["deciding"], dtype=np.int8
    )
    for mask, name in steps:
        reached = np.where(mask, _STAGE[name], reached)
    return reached


def age_days(now: Situation, as_at: int) -> tuple[Days, Mask]:
    """Days from the start to the end or to `as_at`, and where that cannot be told."""
    stop = np.where(now.end == NOT_YET, np.int32(as_at), now.end)
    empty = (now.start == UNKNOWN) | (now.end == UNKNOWN) | ~now.is_received | (stop < now.start)
    return stop - now.start, empty
