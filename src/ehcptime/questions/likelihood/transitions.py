"""Transitions: how often cases move on in a week, by step and weeks at it, and what that makes of the weeks that are left."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.questions.likelihood.journeys import ENDED, FATES, LONGEST, PLAN, STEPS, WEEK, Journeys, Places

HORIZON = 60  # weeks; a plan due later than this is as good as due then
# Advice comes and goes within one stage, whose weeks run on; any other move begins them afresh.
_STAGE = np.array([0, 1, 1, 1, 2, 3])
_SAME_STAGE = _STAGE[:, None] == _STAGE
_STRENGTH = 20  # weeks of evidence that the step as a whole is worth beside one week at it

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Transitions:
    """Chance of each fate in the next week, of shape (steps, weeks at it, fates), and the case-weeks behind it."""

    chance: Floats
    case_weeks: int

    def plan_within(self) -> Floats:
        """Chance of a plan within some weeks, of shape (steps, weeks at it, weeks left from 0 to HORIZON)."""
        steps = len(STEPS)
        found = np.zeros((steps, LONGEST + 1, HORIZON + 1))
        older = np.minimum(np.arange(LONGEST + 1) + 1, LONGEST)
        for left in range(1, HORIZON + 1):
            goes_on, begins = found[:, older, left - 1].T, found[:, 0, left - 1]
            ahead = np.where(_SAME_STAGE[:, None, :], goes_on[None], begins)
            found[:, :, left] = self.chance[:, :, PLAN] + (self.chance[:, :, :steps] * ahead).sum(axis=2)
        return found


def transitions(known: Journeys, since: int) -> Transitions:
    """Count what became of each case in each week from a day on; a week that has not ended is not counted."""
    case, day = _weeks(known, since)
    step, weeks = known.step_on(case, day)
    fate = _fate(known, case, day + WEEK)
    cell = (step * (LONGEST + 1) + weeks) * FATES + fate
    counts = np.bincount(cell, minlength=len(STEPS) * (LONGEST + 1) * FATES)
    return Transitions(_chance(counts.reshape(len(STEPS), LONGEST + 1, FATES)), len(case))


def _weeks(known: Journeys, since: int) -> tuple[Places, Places]:
    """Every case-week in which a case was open at the start: its case and its first day."""
    stop = np.minimum(known.end, known.as_at - WEEK + 1).astype(np.int64)
    first = known.start.astype(np.int64)
    skipped = np.maximum(0, -(-(since - first) // WEEK))
    first = first + skipped * WEEK
    number = np.where(known.usable, np.maximum(0, -(-(stop - first) // WEEK)), 0)
    case = np.repeat(np.arange(len(number)), number)
    place = np.arange(len(case)) - np.repeat(np.cumsum(number) - number, number)
    return case.astype(np.int64), (first[case] + place * WEEK).astype(np.int64)


def _fate(known: Journeys, case: Places, then: Places) -> Places:
    """Where a case stands a week on: a plan, an end of another kind, or a step."""
    step, _ = known.step_on(case, then)
    ended, has_plan = known.end[case] <= then, known.final[case] <= then
    return np.where(has_plan, PLAN, np.where(ended, ENDED, step)).astype(np.int64)


def _chance(counts: npt.NDArray[np.int64]) -> Floats:
    """Shares, drawn towards those of the step as a whole where a week at it has been seen seldom."""
    whole = counts.sum(axis=1).astype(np.float64)
    total = whole.sum(axis=1, keepdims=True)
    share = np.divide(whole, total, out=np.zeros_like(whole), where=total > 0)
    weighted = counts + _STRENGTH * share[:, None, :]
    seen = weighted.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(weighted, seen, out=np.zeros_like(weighted), where=seen > 0))
