"""Limits applied to situations: which clock is in force, what each limit comes to. Both doors call `judged`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.due import due_from, last_days
from ehcptime.clock.limits import Limit
from ehcptime.clock.masks import both, instead
from ehcptime.law.book import RuleBook
from ehcptime.law.models import Route
from ehcptime.records.arrays import Codes
from ehcptime.tracking.acts import act, excluded, named
from ehcptime.tracking.routes import taken, told
from ehcptime.tracking.situation import Situation

RULES = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")
CLOCKS = ("original", "reg_42", "reg_44", "reg_45", "override")
CONVENTIONS = ("receipt_excluded", "receipt_is_day_one")
_FAR = np.int32(NOT_YET)
_Number = TypeVar("_Number", bound=np.integer)


class JudgedRule(NamedTuple):
    """What one rule comes to in each case: its period, the act, the status and the days over."""

    start: Days
    due: Days
    done: Days
    status: Codes
    days_over: Days


@dataclass(frozen=True)
class Judged:
    """What each rule comes to, and the clock of the final plan; `start` and the like are of shape (rules, cases)."""

    by_rule: Mapping[str, JudgedRule]
    clock: Codes  # place in CLOCKS, or -1 where it cannot be told
    other_due: Days  # of the final plan, by the authority that conflicts

    @cached_property
    def start(self) -> Days:
        """Days from which the limits run."""
        return self._stacked([found.start for found in self.by_rule.values()])

    @cached_property
    def due(self) -> Days:
        """Last days of the limits."""
        return self._stacked([found.due for found in self.by_rule.values()])

    @cached_property
    def done(self) -> Days:
        """Days of the acts."""
        return self._stacked([found.done for found in self.by_rule.values()])

    @cached_property
    def status(self) -> Codes:
        """Places in STATUSES."""
        return self._stacked([found.status for found in self.by_rule.values()])

    @cached_property
    def days_over(self) -> Days:
        """Days past the limits."""
        return self._stacked([found.days_over for found in self.by_rule.values()])

    def _stacked(self, rows: Iterable[npt.NDArray[_Number]]) -> npt.NDArray[_Number]:
        return np.stack([np.broadcast_to(row, self.clock.shape) for row in rows])


@dataclass(slots=True)
class _Clocks:
    """Starts and dues of the limits on a request by rule, being replaced where a refusal was reversed."""

    start: dict[str, Days]
    due: dict[str, Days]
    clock: Codes
    other_due: Days

    def own(self) -> None:
        """Copy what several rules share, so that the days of one can be changed."""
        for days in (self.start, self.due):
            days |= {
                rule: np.array(np.broadcast_to(shared, self.clock.shape)) for rule, shared in days.items()
            }
        self.other_due = np.array(np.broadcast_to(self.other_due, self.clock.shape))


def judged(
    now: Situation, as_at: int, law: RuleBook, convention: str, rules: Iterable[str] = RULES
) -> Judged:
    """Apply limits on a request to each case, the five of them or those named."""
    rows = np.broadcast_shapes(now.start.shape, now.end.shape, now.route.shape)
    clocks = _original(now, law, convention, rows)
    _replace(clocks, now, law)
    _override(clocks, now)
    found = {rule: _of_rule(rule, clocks, now, as_at, law) for rule in rules}
    return Judged(found, clocks.clock, clocks.other_due)


def _of_rule(rule: str, clocks: _Clocks, now: Situation, as_at: int, law: RuleBook) -> JudgedRule:
    start, due = clocks.start[rule], clocks.due[rule]
    done = act(law[rule].done, now, clocks.due["issue_decision"], rule)
    judge = engine.judge_floor if law.limits([rule])[0].is_floor else engine.judge
    status, days_over = judge(due, start, done, now.other_end, as_at)
    status = instead(status, excluded(now, rule), engine.NOT_APPLICABLE)
    return JudgedRule(start, due, done, status, days_over)


def _original(now: Situation, law: RuleBook, convention: str, rows: tuple[int, ...]) -> _Clocks:
    """Every limit from the day that it names, as if nothing had been reversed."""
    draft = instead(now.draft, both(now.draft == NOT_YET, now.final != NOT_YET), UNKNOWN)
    draft = instead(draft, ~now.is_received, NOT_YET)
    by_column = {"received_date": now.start, "draft_sent_date": draft}
    limits = law.limits(RULES)
    starts = [named(by_column, limit.start, limit.rule) for limit in limits]
    picks = [named(by_column, limit.selects_on, limit.rule) for limit in limits]
    is_day_one = convention == "receipt_is_day_one"
    day_one = frozenset(limit.rule for limit in limits if is_day_one and _from_receipt(limit))
    clocks = _Clocks({}, {}, np.zeros(rows, dtype=np.int8), np.array([NOT_YET], dtype=np.int32))
    ends = last_days(limits, starts, picks, day_one=day_one)
    for limit, start, due in zip(limits, starts, ends, strict=True):
        clocks.start.setdefault(limit.rule, start)
        other = clocks.due.get(limit.rule)
        clocks.due[limit.rule] = due if other is None else np.minimum(other, due)
    return clocks


def _from_receipt(limit: Limit) -> bool:
    return limit.start == "received_date" and limit.count == "after"


def _replace(clocks: _Clocks, now: Situation, law: RuleBook) -> None:
    """Put other clocks in force where a refusal was reversed (Readings 7)."""
    reversed_ = [
        (refusal, np.broadcast_to(both(refusal.is_reversed, now.is_received), clocks.clock.shape), kind)
        for refusal, kind in ((now.refused_to_assess, "assess"), (now.refused_to_issue, "issue"))
    ]
    if not any(rows.any() for _, rows, _ in reversed_):
        return
    clocks.own()
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
    rows = np.broadcast_to(both(now.override != NOT_YET, now.is_received), clocks.clock.shape)
    if rows.any():
        clocks.own()
        clocks.due["plan_final"][rows] = np.broadcast_to(now.override, rows.shape)[rows]
        clocks.start["plan_final"][rows] = np.broadcast_to(now.start, rows.shape)[rows]
        clocks.other_due[rows], clocks.clock[rows] = _FAR, CLOCKS.index("override")


def _forget(clocks: _Clocks, rules: tuple[str, ...], rows: Mask) -> None:
    """Reversed, and nothing says how: the clock cannot be named, so its limits cannot be told."""
    for rule in rules:
        clocks.start[rule][rows], clocks.due[rule][rows] = UNKNOWN, _FAR
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
        start = on[rows]
        due = due_from(law.limits([follower]), start)
        if not route.practice:
            clocks.due[rule][rows], clocks.start[rule][rows] = due, start
        elif rule != "plan_refusal":
            original = clocks.due[rule][rows]
            conflict = (due != NOT_YET) & (original != NOT_YET)
            clocks.due[rule][rows] = np.where(conflict, np.minimum(original, due), original)
            if rule == "plan_final":
                clocks.other_due[rows] = np.where(conflict, np.maximum(original, due), _FAR)
