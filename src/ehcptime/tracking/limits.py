"""Limits applied to situations: which clock is in force, what each limit comes to. Both doors call `judged`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.limits import Limit
from ehcptime.errors import RuleError
from ehcptime.law.book import RuleBook
from ehcptime.law.models import Route
from ehcptime.records.arrays import UNREADABLE, Codes
from ehcptime.tracking.outcomes import H, N, Y
from ehcptime.tracking.routes import taken, told
from ehcptime.tracking.situation import Situation

RULES = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")
CLOCKS = ("original", "reg_42", "reg_44", "reg_45", "override")
CONVENTIONS = ("receipt_excluded", "receipt_is_day_one")
_FAR = np.int32(NOT_YET)
_LOST = np.int32(UNKNOWN)


@dataclass(frozen=True, slots=True)
class Judged:
    """Due days, statuses and days over, of shape (rules, cases), and the clock of the final plan."""

    due: Days
    start: Days
    done: Days
    status: Codes
    days_over: Days
    clock: Codes  # place in CLOCKS, or -1 where it cannot be told
    other_due: Days  # of the final plan, by the authority that conflicts


@dataclass(slots=True)
class _Clocks:
    """Starts and dues of the limits on a request, being replaced where a refusal was reversed."""

    start: Days
    due: Days
    clock: Codes
    other_due: Days


def judged(now: Situation, as_at: int, law: RuleBook, convention: str) -> Judged:
    """Apply the five limits on a request to each case."""
    rows = np.broadcast_shapes(now.start.shape, now.end.shape, now.route.shape)
    clocks = _original(now, law, convention, rows)
    _replace(clocks, now, law)
    _override(clocks, now)
    done = _stacked(_done(now, clocks.due[RULES.index("issue_decision")], law), rows)
    ends = np.broadcast_to(now.other_end, done.shape)
    floors = np.array([law.limits([rule])[0].is_floor for rule in RULES])
    status, days_over = engine.settle(floors, clocks.due, clocks.start, done, ends, as_at)
    for row, excluded in zip(status, _excluded(now), strict=True):
        np.copyto(row, np.int8(engine.NOT_APPLICABLE), where=excluded)
    return Judged(clocks.due, clocks.start, done, status, days_over, clocks.clock, clocks.other_due)


def _stacked(arrays: Sequence[Days], rows: tuple[int, ...]) -> Days:
    stacked = np.empty((len(arrays), *rows), dtype=np.int32)
    for row, array in zip(stacked, arrays, strict=True):
        row[...] = array
    return stacked


def _original(now: Situation, law: RuleBook, convention: str, rows: tuple[int, ...]) -> _Clocks:
    """Every limit from the day that it names, as if nothing had been reversed."""
    draft = np.where((now.draft == NOT_YET) & (now.final != NOT_YET), _LOST, now.draft)
    draft = np.where(now.is_received, draft, _FAR)
    by_column = {"received_date": now.start, "draft_sent_date": draft}
    limits = law.limits(RULES)
    day_one = frozenset(
        limit.rule for limit in limits if convention == "receipt_is_day_one" and _from_receipt(limit)
    )
    starts = _stacked([_column(by_column, limit.start, limit.rule) for limit in limits], rows)
    picks = _stacked([_column(by_column, limit.selects_on, limit.rule) for limit in limits], rows)
    due = engine.due_days(limits, starts, picks, day_one=day_one)
    if len(limits) > len(RULES):
        first = [next(i for i, limit in enumerate(limits) if limit.rule == rule) for rule in RULES]
        due, starts = np.minimum.reduceat(due, first, axis=0), starts[first]
    return _Clocks(starts, due, np.zeros(rows, dtype=np.int8), np.full(rows, _FAR))


def _from_receipt(limit: Limit) -> bool:
    return limit.start == "received_date" and limit.count == "after"


def _replace(clocks: _Clocks, now: Situation, law: RuleBook) -> None:
    """Put other clocks in force where a refusal was reversed (Readings 7)."""
    reversed_ = [
        (refusal, np.broadcast_to(refusal.is_reversed & now.is_received, clocks.clock.shape), kind)
        for refusal, kind in ((now.refused_to_assess, "assess"), (now.refused_to_issue, "issue"))
    ]
    if not any(rows.any() for _, rows, _ in reversed_):
        return
    rows = clocks.clock.shape
    known = [told(refusal, now, rows) for refusal, _, _ in reversed_]
    _forget(clocks, ("plan_final",), (reversed_[0][1] | reversed_[1][1]) & ~known[0] & ~known[1])
    _forget(clocks, ("issue_decision", "plan_refusal"), reversed_[0][1] & ~known[0])
    for refusal, _, kind in reversed_:
        on = np.broadcast_to(refusal.reversed_on, rows)
        for chosen, route in taken(refusal, now, rows, law):
            _follow(clocks, chosen, on, law, route, kind)


def _override(clocks: _Clocks, now: Situation) -> None:
    """Put the day of a written agreement or a direction in place of the limit of the final plan."""
    rows = np.broadcast_to((now.override != NOT_YET) & now.is_received, clocks.clock.shape)
    if rows.any():
        place = RULES.index("plan_final")
        clocks.due[place, rows] = np.broadcast_to(now.override, rows.shape)[rows]
        clocks.start[place, rows] = np.broadcast_to(now.start, rows.shape)[rows]
        clocks.other_due[rows], clocks.clock[rows] = _FAR, CLOCKS.index("override")


def _forget(clocks: _Clocks, rules: tuple[str, ...], rows: Mask) -> None:
    """Reversed, and nothing says how: the clock cannot be named, so its limits cannot be told."""
    for rule in rules:
        place = RULES.index(rule)
        clocks.start[place, rows], clocks.due[place, rows] = _LOST, _FAR
        if rule == "plan_final":
            clocks.clock[rows] = -1


def _follow(clocks: _Clocks, rows: Mask, on: Days, law: RuleBook, route: Route, kind: str) -> None:
    follows = getattr(route, kind)
    clocks.clock[rows] = CLOCKS.index(route.clock)
    for rule, follower in (
        ("plan_final", follows.final),
        ("issue_decision", follows.no_plan),
        ("plan_refusal", follows.no_plan),
    ):
        if follower is None:
            continue
        place, start = RULES.index(rule), on[rows]
        due = engine.due_from(law.limits([follower]), start)
        if not route.practice:
            clocks.due[place, rows], clocks.start[place, rows] = due, start
        elif rule != "plan_refusal":
            original = clocks.due[place, rows]
            conflict = (due != NOT_YET) & (original != NOT_YET)
            clocks.due[place, rows] = np.where(conflict, np.minimum(original, due), original)
            if rule == "plan_final":
                clocks.other_due[rows] = np.where(conflict, np.maximum(original, due), _FAR)


def _done(now: Situation, decision_due: Days, law: RuleBook) -> list[Days]:
    refused = np.where(
        (now.assessment.code == N) & (now.assessment.day == NOT_YET), _LOST, now.assessment.day
    )
    by_column = {
        "request_outcome_date": now.request_decided,
        "assessment_outcome_date": refused,
        "issue_decision_date": _decision_to_issue(now, decision_due),
        "plan_issued_date": now.final,
    }
    return [_column(by_column, law[rule].done, rule) for rule in RULES]


def _column(by_column: Mapping[str, Days], name: str, rule: str) -> Days:
    if name not in by_column:
        raise RuleError(
            f"rule {rule!r} names the date {name!r}: a limit on a request can use {', '.join(by_column)}"
        )
    return by_column[name]


def _decision_to_issue(now: Situation, due: Days) -> Days:
    """Readings 8: its own day, that of a refusal, or the day of a draft or plan that proves it in time."""
    coded = np.where(now.assessment.code == Y, _FAR, now.assessment.day)
    proof = np.minimum(now.draft, now.final)
    happened = now.assessment.has(Y, N, UNREADABLE) | (proof != NOT_YET)
    shown = np.where(proof <= due, proof, np.where(happened, _LOST, _FAR))
    return np.where(
        now.decision_to_issue != NOT_YET, now.decision_to_issue, np.where(coded != NOT_YET, coded, shown)
    )


def _excluded(now: Situation) -> list[Mask]:
    """Where a limit does not apply, whatever its dates."""
    out = ~now.is_received
    by_rule = {
        "request_decision": out | (now.request.code == H),
        "plan_refusal": out | (now.assessment.code != N),
        "issue_decision": out | now.refused_to_assess.stands | now.is_historical,
        "plan_final": out | now.refusal_stands | now.is_historical,
        "draft_comment": out | now.is_historical,
    }
    return [by_rule[rule] for rule in RULES]
