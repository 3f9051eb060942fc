"""What it takes: the least capacity that clears the backlog by a day, with chance switched off."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from ehcptime.errors import CommandError
from ehcptime.questions.forecasting.levers import Levers
from ehcptime.questions.forecasting.outlook import cleared, week_ends
from ehcptime.questions.forecasting.pipeline import run
from ehcptime.questions.forecasting.start import Start
from ehcptime.tracking.words import long_date

_LONGEST = 520  # weeks


@dataclass(frozen=True, slots=True)
class Needed:
    """Capacity that clears the backlog by a day: cases a week of psychology and of drafting; None where none can."""

    clear_by: date
    psychology: int | None
    drafting: float | None
    now: float

    def __str__(self) -> str:
        """What is needed, in one sentence."""
        day = long_date(self.clear_by)
        if self.psychology is None:
            return f"No capacity clears the backlog by {day}: the steps themselves take longer than that."
        return (
            f"To be clear by {day}, with chance left out, takes psychology advice for {self.psychology} cases a week "
            f"({self.now:,.1f} now) and drafting for {self.drafting:,.1f}."
        )


def capacity(start: Start, levers: Levers, as_at: date, clear_by: date) -> Needed:
    """Find the least whole number of cases a week. Drafting is raised with it, to what then reaches it, where it is less.

    `start` must reach as many weeks ahead as `clear_by` does.
    """
    weeks = weeks_until(clear_by, as_at)
    most = int(np.ceil(start.assessing.sum() + start.deciding.sum() + levers.arrivals * 3)) + 1
    low, high = 0, most
    if not _clears(start, levers, most, as_at, weeks):
        return Needed(clear_by, None, None, levers.total("psychology"))
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _clears(start, levers, middle, as_at, weeks) else (middle + 1, high)
    return Needed(clear_by, low, _drafting(levers, low), levers.total("psychology"))


def weeks_until(clear_by: date, as_at: date) -> int:
    """Whole weeks from `as_at` to the day; raises CommandError where they are none or too many.

    >>> weeks_until(date(2025, 4, 15), date(2025, 3, 31))
    2
    """
    weeks = (clear_by - as_at).days // 7
    if not 1 <= weeks <= _LONGEST:
        raise CommandError(
            f"clear_by must be at least a week and at most {_LONGEST} weeks after {as_at}, not {clear_by}"
        )
    return weeks


def _drafting(levers: Levers, psychology: int) -> float:
    return max(levers.total("drafting"), float(np.ceil(psychology * (1 - levers.no_plan))))


def _clears(start: Start, levers: Levers, psychology: int, as_at: date, weeks: int) -> bool:
    raised = {
        **levers.capacity,
        "psychology": {"all": float(psychology)},
        "drafting": {"all": _drafting(levers, psychology)},
    }
    months = np.array([day.month - 1 for day in week_ends(as_at, weeks)])
    seen = run(start, replace(levers, capacity=raised), months, runs=0, seed=0)
    return bool(~np.isnan(cleared(seen, levers.arrivals)[0]))
