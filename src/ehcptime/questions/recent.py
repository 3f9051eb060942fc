"""Where things stand: the same figures as a scenario gives, from the last half year of the record."""

from dataclasses import dataclass

import numpy as np

from ehcptime.clock.counting import is_day
from ehcptime.questions import cohorts, elapsed, open_cases
from ehcptime.questions.measures import MEASURES, Age, Elapsed, Limit
from ehcptime.questions.tracked import Tracked
from ehcptime.questions.verdicts import PARTS, Verdict

_HALF = 182  # days
_MEASURES = {"plans_issued_20wk_percent": "plans_issued_20wk_inc", "plans_due_20wk_percent": "plans_due_20wk"}


@dataclass(frozen=True, slots=True)
class Recent:
    """Open cases over 20 and 52 weeks old, and on-time counts of the last 26 weeks by measure."""

    open_over_20wk: int
    open_over_52wk: int
    counts: dict[str, tuple[int, int]]  # in time, and all

    def percent(self, name: str) -> float | None:
        """Per cent in time over the last 26 weeks; None where nothing can be divided."""
        counted, whole = self.counts.get(name, (0, 0))
        return counted / whole * 100 if whole else None


def recent(cases: Tracked) -> Recent:
    """Count the last half year before `as_at`, and those who are open now."""
    over_20, over_52 = (_on_time(_age(cases, name)) for name in ("open_over_20wk", "open_over_52wk"))
    counts = {name: _lately(cases, measure) for name, measure in _MEASURES.items()}
    return Recent(int(over_20.sum()), int(over_52.sum()), counts)


def _age(cases: Tracked, name: str) -> Verdict:
    rule = MEASURES[name].parameters
    if not isinstance(rule, Age):
        raise TypeError(name)
    return open_cases.judge(cases, rule)


def _part(verdict: Verdict) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([PARTS.index(step.part) for step in verdict.steps])[verdict.place]


def _on_time(verdict: Verdict) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray(_part(verdict) == PARTS.index("on_time"))


def _lately(cases: Tracked, name: str) -> tuple[int, int]:
    rule = MEASURES[name].parameters
    if isinstance(rule, Limit) and f"{rule.rule}_status" not in cases.frame:
        return 0, 0
    if isinstance(rule, Elapsed):
        verdict = elapsed.judge(cases, rule)
    elif isinstance(rule, Limit):
        verdict = cohorts.judge(cases, rule)
    else:
        raise TypeError(name)
    day = verdict.falls_on
    lately = is_day(day) & (day > cases.as_at - _HALF) & (day <= cases.as_at)
    part = _part(verdict)
    counted = int((lately & (part == PARTS.index("on_time"))).sum())
    return counted, counted + int((lately & (part == PARTS.index("late"))).sum())
