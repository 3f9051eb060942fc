"""Cohorts settled at a limit: what a case counts as at the end of the day it was due, whatever happens afterwards."""

from dataclasses import dataclass

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.questions.elapsed import outside
from ehcptime.questions.measures import Limit
from ehcptime.questions.tracked import Tracked
from ehcptime.questions.verdicts import Step, Verdict, decide
from ehcptime.tracking.refusals import Refusal

REFUSED_AFTER = "refused after its limit"
CLAIMED = "an exemption is claimed"
ENDED_AFTER = "ended after its limit"
COUNTED_APART = (REFUSED_AFTER, ENDED_AFTER)


@dataclass(frozen=True, eq=False)
class _Limits:
    """The limit in force, the first limit (before any refusal was reversed), and the refusals that matter."""

    due: Days
    first: Days
    refusals: tuple[Refusal, ...]

    def stands(self) -> Mask:
        """True where a refusal stands."""
        stands: Mask = np.zeros(1, dtype=bool)
        for refusal in self.refusals:
            stands = stands | refusal.stands
        return stands

    def refused_since(self) -> Mask:
        """True where a case was open at its first limit for all that its refusals say, and was refused after it."""
        since: Mask = np.zeros(1, dtype=bool)
        before: Mask = np.zeros(1, dtype=bool)
        for refusal in self.refusals:
            dated = refusal.made & (refusal.day != UNKNOWN)
            over = (refusal.reversed_on != UNKNOWN) & (refusal.reversed_on <= self.first)
            since = since | (dated & (refusal.day > self.first))
            before = before | (refusal.made & (refusal.day <= self.first) & ~over)
        return np.asarray(since & ~before & (self.first != NOT_YET))

    def reversed_after(self) -> Days:
        """Day of the reversal of a refusal that stood at the limit: NOT_YET if none did, UNKNOWN if nobody recorded it."""
        found = np.full(self.due.shape, NOT_YET, dtype=np.int32)
        for refusal in self.refusals:
            stood = refusal.made & refusal.is_reversed & (refusal.day <= self.due)
            found = np.where(stood & (refusal.reversed_on > self.due), refusal.reversed_on, found)
            found = np.where(stood & (refusal.reversed_on == UNKNOWN), np.int32(UNKNOWN), found)
        return found


def judge(cases: Tracked, rule: Limit) -> Verdict:
    """Decide each row by the limit of a rule. It falls on its start, or on the limit at which it was settled."""
    limits = _limits(cases, rule)
    late = cases.is_status(f"{rule.rule}_status", "overdue", "met_late", "ended_late")
    refused_since, back = _refused_since(cases, rule, limits), _back(limits, late)
    steps = [
        *outside(cases),
        *_historical(cases, rule),
        *_exempt(cases, rule),
        Step(refused_since, "late", REFUSED_AFTER),
        *_standing(cases, rule, limits),
        *_by_status(cases, rule, back),
    ]
    if rule.falls_on == "start":
        falls_on = cases.now.start
    else:
        falls_on = np.where(refused_since, limits.first, np.where(back != NOT_YET, back, limits.due))
    return decide(steps, falls_on, cases.size)


def _limits(cases: Tracked, rule: Limit) -> _Limits:
    """Find the limit in force and the first one.

    They are the same unless something moved it: then the first is counted from the limit of the decision on the request, which
    nothing ever moves.
    """
    due = cases.days(f"{rule.rule}_due")
    anchor = cases.days("request_decision_due")
    now = cases.now
    moved = now.refused_to_assess.is_reversed | now.refused_to_issue.is_reversed | (now.override != NOT_YET)
    first = np.where(moved & (anchor != NOT_YET), anchor + np.int32(rule.original), due)
    by_kind = {"assess": cases.now.refused_to_assess, "issue": cases.now.refused_to_issue}
    return _Limits(due, first, tuple(by_kind[kind] for kind in rule.refusals))


def _refused_since(cases: Tracked, rule: Limit, limits: _Limits) -> Mask:
    """In at its first limit, and late, for good: a refusal or another clock since then does not take it out again."""
    if not limits.refusals:
        return np.zeros(cases.size, dtype=bool)
    met = cases.is_status(f"{rule.rule}_status", "met") & (limits.due == limits.first)
    settled_otherwise = cases.is_status(f"{rule.rule}_status", "not_applicable", "unknown")
    moved = limits.due != limits.first
    still_open: Mask = (cases.now.final > limits.first) & ~met
    return np.asarray(limits.refused_since() & (settled_otherwise | moved) & still_open)


def _back(limits: _Limits, late: Mask) -> Days:
    """A case that was refused by its limit and is late since it was re-opened comes in on the day of the reversal."""
    return np.where(late, limits.reversed_after(), np.int32(NOT_YET))


def _historical(cases: Tracked, rule: Limit) -> list[Step]:
    if rule.rule != "request_decision":
        return []
    return [Step(cases.is_code("request_outcome", "H"), "left_out", "decided in an earlier return (H)")]


def _exempt(cases: Tracked, rule: Limit) -> list[Step]:
    if rule.exempt == "keep":
        return []
    column = f"{rule.rule}_exempt"
    cases.need(column)
    return [Step(cases.is_set(column), "left_out", CLAIMED)]


def _standing(cases: Tracked, rule: Limit, limits: _Limits) -> list[Step]:
    """A refusal that stands takes a case out if it was made by the limit."""
    if not limits.refusals:
        return []
    stands = limits.stands() & cases.is_status(f"{rule.rule}_status", "not_applicable")
    end, due = cases.now.end, limits.due
    known = (end != UNKNOWN) & (due != NOT_YET)
    surely_before = (due != NOT_YET) & (due >= cases.as_at)
    return [
        Step(stands & ((known & (end <= due)) | surely_before), "left_out", "refused by its limit"),
        Step(stands & known, "late", REFUSED_AFTER),
        Step(stands, "unknown", "refused, and whether by its limit cannot be told"),
    ]


def _by_status(cases: Tracked, rule: Limit, back: Days) -> list[Step]:
    column = f"{rule.rule}_status"
    overdue = cases.is_status(column, "overdue")
    return [
        Step(cases.is_status(column, "met"), "on_time", "done by its limit"),
        Step((back != NOT_YET) & overdue, "late", "re-opened after its limit, and not done"),
        Step(cases.is_status(column, "met_late"), "late", "done after its limit"),
        Step(overdue, "late", "not done"),
        Step(cases.is_status(column, "ended_late"), "late", ENDED_AFTER),
        Step(cases.is_status(column, "running"), "not_due", "its limit has not ended"),
        Step(cases.is_status(column, "unknown"), "unknown", "whether it was in time cannot be told"),
        Step(True, "left_out", "ended by its limit"),
    ]
