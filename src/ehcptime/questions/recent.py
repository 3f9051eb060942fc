"""Where things stand: the same figures as a scenario gives, from the last half year of the record."""

from dataclasses import dataclass

import pandas as pd

from ehcptime.clock.counting import is_day
from ehcptime.questions.parts import parts
from ehcptime.questions.tracked import Tracked
from ehcptime.records.arrays import days_of

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
    over_20, over_52 = (_counted(parts(cases.frame, name)) for name in ("open_over_20wk", "open_over_52wk"))
    counts = {name: _lately(cases, measure) for name, measure in _MEASURES.items()}
    return Recent(over_20, over_52, counts)


def _counted(decided: pd.DataFrame, part: str = "on_time") -> int:
    return int(decided["part"].eq(part).sum())


def _lately(cases: Tracked, measure: str) -> tuple[int, int]:
    """In time and all, of the last half year; nothing where the frame was tracked without the limit."""
    if measure == "plans_due_20wk" and "plan_final_status" not in cases.frame:
        return 0, 0
    decided = parts(cases.frame, measure)
    day = days_of(decided["falls_on"], "falls_on")
    lately = decided[is_day(day) & (day > cases.as_at - _HALF) & (day <= cases.as_at)]
    counted = _counted(lately)
    return counted, counted + _counted(lately, "late")
