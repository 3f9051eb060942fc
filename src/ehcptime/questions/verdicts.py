"""Verdicts: the part that each row plays in a measure, and why, as the first of some steps that is true of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days, Mask
from ehcptime.clock.masks import instead
from ehcptime.questions.tracked import Tracked
from ehcptime.records.blocks import blocks
from ehcptime.tracking.columns import as_dates, categorical

Part = Literal["on_time", "late", "unknown", "not_due", "left_out"]
PARTS: tuple[Part, ...] = get_args(Part)


class Step(NamedTuple):
    """Rows for which this holds, and no earlier step did, play this part for this reason."""

    when: Mask | bool
    part: Part
    reason: str


@dataclass(frozen=True, eq=False)
class Verdict:
    """For each row the place of its step, and the day by which it falls in a period."""

    steps: tuple[Step, ...]
    place: npt.NDArray[np.int8]
    falls_on: Days

    def frame(self, index: pd.Index) -> pd.DataFrame:
        """Columns `part`, `reason` and `falls_on`."""
        parts = np.array([PARTS.index(step.part) for step in self.steps], dtype=np.int8)
        reasons = tuple(dict.fromkeys(step.reason for step in self.steps))
        of_step = np.array([reasons.index(step.reason) for step in self.steps], dtype=np.int8)
        return pd.DataFrame(
            {
                "part": categorical(parts[self.place], PARTS),
                "reason": categorical(of_step[self.place], reasons),
                "falls_on": as_dates(self.falls_on),
            },
            index=index,
        )


def decide(steps: Sequence[Step], falls_on: Days, size: int) -> Verdict:
    """Give each of `size` rows the first step that is true of it; the last step takes all that are left."""
    place = np.full(size, len(steps) - 1, dtype=np.int8)
    for number in reversed(range(len(steps) - 1)):
        place = instead(place, np.atleast_1d(steps[number].when), number)
    return Verdict(tuple(steps), place, np.broadcast_to(falls_on, size))


def decide_in_blocks(cases: Tracked, judge: Callable[[Tracked], Verdict]) -> Verdict:
    """Decide each row by itself, so many rows at a time; the steps are the same for all."""
    cases = cases.held()
    place, falls_on = np.empty(cases.size, dtype=np.int8), np.empty(cases.size, dtype=np.int32)
    steps = judge(cases.take(slice(0))).steps
    for rows in blocks(cases.size):
        found = judge(cases.take(rows))
        place[rows], falls_on[rows] = found.place, found.falls_on
    return Verdict(steps, place, falls_on)
