"""Where a scenario starts: the real open cases, by step and by the week in which their final plan is due."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.questions.forecasting.drafts import shares, spread
from ehcptime.questions.forecasting.queues import Weeks
from ehcptime.questions.tracked import Tracked, places_among, same_day

LIMIT_WEEKS = 20
OLDEST = 300  # weeks past the limit; cases older still share one bin
_DAYS = 7

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Start:
    """Open cases by step and bin, plans already issued before their due week, and drafts by the week of their final.

    `due` gives the due week of each bin, counted from `as_at`: a final plan at the end of week k is in time where k <= due. The
    first bin holds cases whose due date is not known.
    """

    due: Weeks
    deciding: Counts
    assessing: Counts
    drafting: Counts
    finals: Counts  # weeks to the final, from 1, by bins
    shares: (
        Counts | None
    )  # of finals by week after a draft; then each run draws its own, and `finals` are expectations
    in_time: Counts  # issued by `as_at`, due after it
    unplaced: int  # open cases whose step cannot be told: taken as in assessment


def starting(
    cases: Tracked,
    horizon: int,
    final_weeks: int,
    advised: npt.NDArray[np.bool_] | None,
    taken: Days | None = None,
) -> Start:
    """Put the open cases into bins. `advised` marks those whose psychology advice is in; without it none is taken to be.

    Finals of drafts come as long after them as `taken` says of others, in days; without it all `final_weeks` after.
    """
    weeks, known = _due_weeks(cases)
    lowest = max(-OLDEST, int(weeks[known].min(initial=0)))
    due = np.concatenate([[lowest - 1], np.arange(lowest, horizon + LIMIT_WEEKS + 1)]).astype(np.int64)
    place = np.where(known, np.clip(weeks, lowest, None) - lowest + 1, 0)
    place = np.minimum(place, len(due) - 1)
    is_open = cases.is_set("is_open")
    ready = np.zeros(cases.size, dtype=bool) if advised is None else advised
    assessing = cases.is_stage("assessing", "unknown")
    count = _Counter(place, len(due))
    return Start(
        due=due,
        deciding=count(is_open & cases.is_stage("deciding")),
        assessing=count(is_open & assessing & ~ready),
        drafting=count(is_open & (cases.is_stage("drafting") | (assessing & ready))),
        finals=_finals(cases, is_open, count, final_weeks, taken),
        shares=None if taken is None else shares(taken),
        in_time=count(known & (_final(cases) != NOT_YET) & (weeks >= 0)),
        unplaced=int((is_open & cases.is_stage("unknown")).sum()),
    )


@dataclass(frozen=True, eq=False)
class _Counter:
    place: npt.NDArray[np.int64]
    bins: int

    def __call__(self, rows: Mask) -> Counts:
        return np.bincount(self.place[rows], minlength=self.bins).astype(np.float64)


def _due_weeks(cases: Tracked) -> tuple[Weeks, Mask]:
    """Whole weeks from `as_at` to the due date of the final plan in force, and where there is one."""
    start = np.broadcast_to(cases.now.start, cases.size)
    original = np.where(is_day(start), start + np.int32(LIMIT_WEEKS * _DAYS), np.int32(NOT_YET))
    due = cases.days("plan_final_due") if "plan_final_due" in cases.frame else original
    known = is_day(due)
    return np.where(known, (due.astype(np.int64) - cases.as_at) // _DAYS, 0), known


def _final(cases: Tracked) -> Days:
    return np.broadcast_to(cases.now.final, cases.size)


def _finals(cases: Tracked, is_open: Mask, count: _Counter, final_weeks: int, taken: Days | None) -> Counts:
    """Drafts sent, by the week in which their final comes."""
    draft = np.broadcast_to(cases.now.draft, cases.size)
    out = np.where(is_day(draft), cases.as_at - draft.astype(np.int64), 0)
    rows = is_open & cases.is_stage("finalising")
    if taken is not None:
        return spread(out[rows], count.place[rows], count.bins, taken)
    week = np.clip(-((out - final_weeks * _DAYS) // _DAYS), 1, final_weeks)
    return np.array([count(rows & (week == number)) for number in range(1, final_weeks + 1)])


def advised(cases: Tracked, advice: Tracked) -> npt.NDArray[np.bool_]:
    """Mark the cases whose psychology advice is in: at least one answer by `as_at`, and no asking still out."""
    same_day(cases, advice)
    psychology = advice.is_code("advice_type", "psychology") & ~advice.is_code("advice_outcome", "withdrawn")
    answered = advice.is_code("advice_outcome", "provided", "not_known", "existing_sufficient")
    came = answered & ~_is_later(advice)
    place = places_among(cases.frame, advice.frame)
    there, owed = np.zeros(cases.size, dtype=bool), np.zeros(cases.size, dtype=bool)
    there[place[psychology & came & (place >= 0)]] = True
    owed[place[psychology & advice.is_status("status", "running", "overdue") & (place >= 0)]] = True
    return np.asarray(there & ~owed)


def _is_later(advice: Tracked) -> Mask:
    """True where the answer came after `as_at`."""
    returned = advice.days("returned_date")
    return np.asarray((returned > advice.as_at) & (returned != NOT_YET))
