"""Refusals, whether they stand, and the clock that a reversal sets going: Readings 6 and 7."""

from dataclasses import dataclass
from datetime import date, timedelta

from oracle.reading import Read

REGULATION = {
    "mediation_agreement": "reg_42",
    "tribunal_order": "reg_44",
    "consent_order": "reg_44",
    "order_to_make": "reg_44",
    "unopposed": "reg_45",
}
OWN_ACT = ("own_change", "conceded")


@dataclass(frozen=True)
class Refusal:
    """One refusal: whether there was one, when, and whether and when it was reversed."""

    refused: bool = False
    day: date | None = None
    reversed: bool = False
    reversed_on: date | None = None

    @property
    def stands(self) -> bool:
        """Whether it was made and has not been reversed."""
        return self.refused and not self.reversed


@dataclass(frozen=True)
class Clock:
    """What a reversal does to the limits. A None in `name` says that no clock can be named."""

    name: str | None = "original"
    # Days from the reversal to the limit, where the reversal alone sets it.
    final_days: int | None = None
    decision_days: int | None = None
    # The Ombudsman's days from the reversal, which compete with the original limit.
    other_final_days: int | None = None
    other_decision_days: int | None = None
    final_unknown: bool = False
    reversal: date | None = None


def refusal_to_assess(facts: Read) -> Refusal:
    """Give the refusal to assess as it stood at `as_at`."""
    if facts.request != "N":
        return Refusal()
    day = facts.request_date
    names_it = _target(facts, refused_to_issue=facts.assessment == "N") == "assess"
    if names_it and facts.reversal is not None:
        return _reversed_on(day, facts.reversal)
    if (names_it and _recorded_without_date(facts)) or _went_on(facts, names_it=names_it):
        return Refusal(refused=True, day=day, reversed=True)
    return Refusal(refused=True, day=day)


def refusal_to_issue(facts: Read) -> Refusal:
    """Give the refusal to issue as it stood at `as_at`."""
    if facts.assessment != "N":
        return Refusal()
    day = facts.assessment_date
    names_it = _target(facts, refused_to_issue=True) == "issue"
    if names_it and facts.reversal is not None:
        return _reversed_on(day, facts.reversal)
    if (names_it and _recorded_without_date(facts)) or _plan_or_draft_followed(facts):
        return Refusal(refused=True, day=day, reversed=True)
    return Refusal(refused=True, day=day)


def _reversed_on(refused: date | None, reversal: date) -> Refusal:
    if refused is not None and reversal < refused:
        return Refusal(refused=True, day=refused, reversed=True)
    return Refusal(refused=True, day=refused, reversed=True, reversed_on=reversal)


def _recorded_without_date(facts: Read) -> bool:
    return facts.reversal_recorded is None and (facts.reversal_of != "" or facts.route != "")


def _went_on(facts: Read, *, names_it: bool) -> bool:
    """Whether something later than a refusal to assess is recorded."""
    for day in (facts.issue_decision, facts.draft, facts.first_final):
        if day is not None:
            return True
    if facts.assessment not in ("Y", "N", "A", "W", "H"):
        return False
    if not facts.assessment_undated:
        return True
    # Its own reversal, still to come, hides what rests on an undated code.
    return not names_it or facts.reversal_recorded is None or facts.reversal_recorded <= facts.as_at


def _plan_or_draft_followed(facts: Read) -> bool:
    refused = facts.assessment_date
    if facts.plan_issued is not None and (refused is None or facts.plan_issued > refused):
        return True
    return facts.draft is not None and refused is not None and facts.draft > refused


def clock(facts: Read, to_assess: Refusal, to_issue: Refusal) -> Clock:
    """Give the clock in force at `as_at`."""
    if not (to_assess.reversed or to_issue.reversed):
        return Clock()
    if _target(facts, refused_to_issue=to_issue.refused) == "issue" and to_issue.reversed:
        return _after_issue(facts.route, to_issue.reversed_on)
    if _target(facts, refused_to_issue=to_issue.refused) == "assess" and to_assess.reversed:
        return _after_assess(facts.route, to_assess.reversed_on)
    return _no_route()  # what was reversed is not what the record names


def _target(facts: Read, *, refused_to_issue: bool) -> str:
    """Give the refusal that the recorded reversal is of."""
    if facts.route == "order_to_make" and refused_to_issue:
        return "issue"
    if facts.reversal_of:
        return facts.reversal_of
    if not refused_to_issue:
        return "assess"
    refused, on = facts.assessment_date, facts.reversal_recorded
    return "assess" if refused is not None and on is not None and on < refused else "issue"


def _no_route() -> Clock:
    return Clock(name=None, final_unknown=True)


def _after_assess(route: str, on: date | None) -> Clock:
    if route == "order_to_make":
        return _after_issue(route, on)
    if route in OWN_ACT:
        if on is None or on < date(2014, 9, 1):
            return Clock()
        return Clock(other_final_days=98, other_decision_days=70, reversal=on)
    if route not in REGULATION:
        return _no_route()
    if on is None or _as_made(route, on):
        return Clock(name=REGULATION[route], final_unknown=True)
    return Clock(name=REGULATION[route], final_days=98, decision_days=70, reversal=on)


def _after_issue(route: str, on: date | None) -> Clock:
    if route in OWN_ACT:
        return Clock()
    if route not in REGULATION:
        return _no_route()
    if on is None or _as_made(route, on):
        return Clock(name=REGULATION[route], final_unknown=True)
    return Clock(name=REGULATION[route], final_days=77, reversal=on)


def _as_made(route: str, on: date) -> bool:
    """Whether regulation 45 still stood as made, whose numbers for these limits were not seen."""
    return route == "unopposed" and on < date(2015, 3, 23)


def decision_clock_unknown(facts: Read, to_assess: Refusal, to_issue: Refusal) -> bool:
    """Whether a refusal to assess was reversed and nothing says by which clock the decision to issue then runs."""
    if not to_assess.reversed:
        return False
    if _target(facts, refused_to_issue=to_issue.refused) != "assess":
        return True
    if facts.route in OWN_ACT or facts.route == "order_to_make":
        return False
    on = to_assess.reversed_on
    return facts.route not in REGULATION or on is None or _as_made(facts.route, on)


def days_after(start: date, days: int) -> date:
    """Count `days` after `start`, leaving `start` out."""
    return start + timedelta(days=days)
