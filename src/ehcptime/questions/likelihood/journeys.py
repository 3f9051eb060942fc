"""Journeys: the step that each case was at, week by week, as it was known on a day."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.law.book import LAW
from ehcptime.records.arrays import Facts
from ehcptime.tracking.limits import RULES, judged
from ehcptime.tracking.situation import Situation, situation

# Steps of an open case, then how it can leave them. "asked" and "answered": advice is out, or all that was asked for is in.
STEPS = ("deciding", "assessing", "asked", "answered", "drafting", "finalising")
PLAN, ENDED = len(STEPS), len(STEPS) + 1
FATES = len(STEPS) + 2
LONGEST = 26  # weeks at a step; longer stays are one
WEEK = 7

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Askings:
    """Askings for advice as one running count: how many were out for a case on a day, and whether any had been made."""

    keys: Places  # case and day, sorted
    out: Places  # running sum of askings less answers, from the first key on
    made: Places  # running sum of askings

    @classmethod
    def of(cls, case: Places, asked: Days, returned: Days) -> "Askings":
        """Count askings by the place of their case; one without a day of asking, or that is of no case here, is left out."""
        rows = (case >= 0) & is_day(asked)
        opened = _key(case[rows], asked[rows])
        closed = _key(case[rows], np.maximum(returned, asked)[rows])[is_day(returned[rows])]
        keys = np.concatenate([opened, closed])
        moves = np.concatenate([np.ones(len(opened), np.int64), -np.ones(len(closed), np.int64)])
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], np.cumsum(moves[order]), np.cumsum(np.maximum(moves[order], 0)))

    @classmethod
    def none(cls) -> "Askings":
        """Stand for a caseload whose advice is not given."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty)

    def on(self, case: Places, day: Places) -> tuple[Mask, Mask]:
        """Whether advice was out for a case on a day, and whether any had been asked for."""
        upto, before = (
            np.searchsorted(self.keys, _key(case, at), side="right") for at in (day, np.full_like(day, -1))
        )
        out, made = (_at(sums, upto) - _at(sums, before) for sums in (self.out, self.made))
        return np.asarray(out > 0), np.asarray(made > 0)


def _key(case: npt.NDArray[np.integer], day: npt.NDArray[np.integer]) -> Places:
    on = np.clip(day, 0, NOT_YET).astype(np.int64) + 1
    return np.asarray(case.astype(np.int64) * (1 << 32) + on, dtype=np.int64)


def _at(sums: Places, place: npt.NDArray[np.intp]) -> Places:
    return np.asarray(np.concatenate([[0], sums])[place], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Journeys:
    """What was known of each case on a day: when it came to each step, how it ended, and when its plan is due.

    `came` has shape (4, cases): days of deciding, assessing, drafting and finalising, never falling; NOT_YET where it had not come.
    """

    as_at: int
    start: Days
    came: Days
    end: Days
    final: Days
    due: Days
    is_open: Mask
    askings: Askings

    @property
    def usable(self) -> Mask:
        """Cases with a known start and no end on an unknown day."""
        return np.asarray(is_day(self.start) & (self.start <= self.as_at) & (self.end != UNKNOWN))

    def step_on(self, case: Places, day: Places) -> tuple[Places, Places]:
        """The step of a case on a day, as a place in STEPS, and the whole weeks since it came to its stage."""
        came = self.came[:, case]
        stage = (came <= day).sum(axis=0) - 1
        stage = np.maximum(stage, 0)
        weeks = np.clip((day - np.take_along_axis(came, stage[None], axis=0)[0]) // WEEK, 0, LONGEST)
        out, made = self.askings.on(case, day)
        advice = np.where(out, STEPS.index("asked"), np.where(made, STEPS.index("answered"), 1))
        step = np.choose(stage, [0, advice, STEPS.index("drafting"), STEPS.index("finalising")])
        return step.astype(np.int64), weeks.astype(np.int64)


def journeys(facts: Facts, as_at: int, askings: Askings) -> Journeys:
    """Read the journeys as they were known on a day; later days are not seen."""
    now = situation(facts, as_at)
    rows = facts.rows
    start, end, final = (np.broadcast_to(days, rows) for days in (now.start, now.end, now.final))
    limits = judged(now, as_at, LAW, "receipt_excluded")
    is_open = np.broadcast_to(now.is_received & (now.end == NOT_YET) & ~now.is_duplicate, rows)
    due = np.broadcast_to(limits.due[RULES.index("plan_final")], rows)
    return Journeys(as_at, start, _came(now, rows), end, final, due, is_open, askings)


def _came(now: Situation, rows: int) -> Days:
    """Steps whose day nobody recorded are passed over; a step before the one before it came with that one."""
    assessing = np.where(
        now.refused_to_assess.is_reversed, now.refused_to_assess.reversed_on, now.request_decided
    )
    assessing = np.where(now.refused_to_assess.stands, np.int32(NOT_YET), assessing)
    days = (now.start, assessing, now.decision_to_issue, now.draft)
    came = np.stack([np.broadcast_to(np.where(day == UNKNOWN, np.int32(NOT_YET), day), rows) for day in days])
    # A later step proves the earlier ones: they had come by then at the latest.
    came = np.minimum.accumulate(came[::-1], axis=0)[::-1]
    return np.asarray(np.maximum(came, came[:1]), dtype=np.int32)


def askings_of(frame: pd.DataFrame, case_ids: pd.Series, asked: Days, returned: Days) -> Askings:
    """Askings of a frame of advice, by the places of their cases."""
    case = pd.Index(case_ids).get_indexer(pd.Index(frame["case_id"])).astype(np.int64)
    return Askings.of(case, asked, returned)
