"""How likely each open case is to pass its limit, from the authority's own past: internal, off unless asked for, and scored.

It uses the step of a case, the weeks at it, what advice is out, and the days left. Nothing about the child or young person is an input.
It never orders a list, never lowers a case that is late already (those are 100 per cent), and belongs on no page about a case and
in nothing that leaves the team. docs/risk_model.md holds its transparency record and notes for a data protection impact assessment.
"""

from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, is_day
from ehcptime.questions.grouping import texts
from ehcptime.questions.likelihood.journeys import WEEK, Askings, Journeys, askings_of, journeys
from ehcptime.questions.likelihood.scoring import (
    Scored,
    brier,
    by_group,
    calibrated,
    calibration_error,
    reliability,
)
from ehcptime.questions.likelihood.transitions import HORIZON, Floats, transitions
from ehcptime.questions.tracked import Tracked, same_day, tracked_advice, tracked_cases
from ehcptime.records.arrays import Facts, facts_of_frame

CHECKED_BY = {
    "age_at_request": "age at request",
    "sex": "sex",
    "primary_need": "primary need",
    "ethnicity": "ethnicity",
    "area": "area",
}
_YEAR = 364
_SETTLED = 140 + 28  # days after which nearly every case of a month has met its limit or passed it
_MONTHS = 12  # past months that are predicted and scored
_LEAST_CASES = 200  # scored, below which no number is given


@dataclass(frozen=True, eq=False)
class BreachProbability:
    """Chances of passing the limit of the final plan, with how well such chances did in the past.

    `table` has `case_id, percent, why_none` for every open case: `percent` is empty where there is no limit to tell it from, where the
    limit is claimed to be lifted, and everywhere if the history is too thin. `brier` is of the later half of the scored months, beside
    the `baseline` (every case given the share that was late in the year before), `calibration_error` in percentage points,
    `reliability` in ten bands, `by_group` by age, sex, need, ethnicity and area where they are held.
    """

    table: pd.DataFrame
    too_thin: str
    scored_cases: int
    brier: float | None
    baseline: float | None
    calibration_error: float | None
    reliability: pd.DataFrame
    by_group: pd.DataFrame

    def __str__(self) -> str:
        """How well it does, or why it gives no number."""
        if self.too_thin:
            return f"No probability is given, because {self.too_thin}."
        verb = "beats" if (self.brier or 0) < (self.baseline or 0) else "does not beat"
        return (
            f"Internal. On {self.scored_cases:,} predictions of past months the Brier score is {self.brier:.3f}, which {verb} the "
            f"baseline's {self.baseline:.3f}; what was said and what came differ by {self.calibration_error:.1f} percentage points on average."
        )

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


def breach_probability(tracked: pd.DataFrame, *, advice: pd.DataFrame | None = None) -> BreachProbability:
    """Estimate for each open case the chance that its final plan is late, from what became of cases before it.

    `tracked` comes from `track` and holds closed cases too, at least two years of them; `advice`, from `track_advice`, lets it see what is
    outstanding. The model counts how often cases at each step, after so many weeks at it, moved on in a week of the last year, open
    cases included up to `as_at` (discrete-time survival, by exact sums); few weeks are drawn towards the step as a whole. It predicts each of
    the last settled months from what was known then, is put right on the earlier half of these, and is scored on the later half.

    Raises InputError for frames that were not tracked, or tracked at two days.

    >>> tracked = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-01-06"]), "stage": "assessing",
    ...     "is_open": True, "age_days": [84], "as_at": pd.Timestamp("2025-03-31")})
    >>> print(breach_probability(tracked))
    No probability is given, because the record goes back 12 weeks and about 3 years are needed.
    """
    cases = tracked_cases(tracked)
    facts = facts_of_frame(tracked, "cases")
    askings = _askings(cases, advice)
    known = journeys(facts, cases.as_at, askings)
    months = _months(known)
    if not months:
        return _none(cases, _too_short(known))
    past = _past(facts, months, askings, known)
    if len(past.case) < _LEAST_CASES:
        return _none(
            cases, f"only {len(past.case)} past predictions can be scored and {_LEAST_CASES} are needed"
        )
    early = past.month < np.sort(months)[len(months) // 2]
    if not early.any() or early.all():
        return _none(
            cases, "all past predictions fall in one half of the months, so none is left to score on"
        )
    put_right = calibrated(past.of(early))
    later = past.of(~early)
    shown = Scored(later.case, later.month, put_right.put_right(later.said), later.baseline, later.late)
    said = calibrated(past).put_right(_late(known, known))
    held = {column: name for column, name in CHECKED_BY.items() if column in tracked}
    return BreachProbability(
        table=_table(cases, known, said),
        too_thin="",
        scored_cases=len(shown.case),
        brier=brier(shown.said, shown.late),
        baseline=brier(shown.baseline, shown.late),
        calibration_error=calibration_error(shown),
        reliability=reliability(shown),
        by_group=by_group(shown, tracked, held),
    )


def _askings(cases: Tracked, advice: pd.DataFrame | None) -> Askings:
    """Askings that oblige someone to answer; what came after a prediction is not seen in it, since days are compared."""
    if advice is None:
        return Askings.none()
    asked = tracked_advice(advice)
    same_day(cases, asked)
    counts = ~asked.is_code("advice_outcome", "withdrawn", "existing_sufficient") & ~asked.is_code(
        "advice_type", "parent"
    )
    rows = np.where(counts, asked.days("requested_date"), np.int32(NOT_YET))
    return askings_of(advice, cases.frame["case_id"], rows, asked.days_by_then("returned_date"))


def _months(known: Journeys) -> list[int]:
    """Days on which the past is predicted: every fourth week, settled by now, with a year of record before it."""
    starts = known.start[known.usable]
    if not len(starts):
        return []
    first, last = int(starts.min()) + _YEAR, known.as_at - _SETTLED
    days = [last - 4 * WEEK * number for number in range(_MONTHS)]
    return [day for day in days if day >= first] if days[-1] >= first else []


def _too_short(known: Journeys) -> str:
    starts = known.start[known.usable]
    weeks = (known.as_at - int(starts.min())) // WEEK if len(starts) else 0
    return f"the record goes back {weeks} weeks and about 3 years are needed"


def _past(facts: Facts, months: list[int], askings: Askings, known: Journeys) -> Scored:
    """Predict the cases open on each past day from what was known then, and see what came."""
    parts = [_month(journeys(facts, day, askings), known) for day in months]
    return Scored(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def _month(
    then: Journeys, known: Journeys
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats, Floats, Floats]:
    case = np.flatnonzero(
        then.is_open & is_day(then.due) & (then.due >= then.as_at) & (then.due < known.as_at)
    )
    case = case[(known.final[case] != UNKNOWN) & (known.end[case] != UNKNOWN)]
    due = then.due[case]
    late = (known.final[case] > due) & (known.end[case] > due)
    said = _late(then, then)[case]
    month = np.full(len(case), then.as_at, dtype=np.int64)
    return case, month, said, np.full(len(case), _share_late(then)), late.astype(np.float64)


def _share_late(then: Journeys) -> float:
    """Share of the cases that fell due in the year before, and had not ended by then, that were late."""
    fell_due = is_day(then.due) & (then.due < then.as_at) & (then.due >= then.as_at - _YEAR)
    in_it = fell_due & ((then.final <= then.due) | (then.end > then.due)) & then.usable
    return float((then.final > then.due)[in_it].mean()) if in_it.any() else 0.5


def _late(of: Journeys, learned_from: Journeys) -> Floats:
    """Chance that each case has no plan by its limit; 1 where the limit has passed, and for cases that are not open."""
    within = transitions(learned_from, learned_from.as_at - _YEAR).plan_within()
    case = np.flatnonzero(of.is_open & is_day(of.due) & (of.due >= of.as_at) & is_day(of.start))
    day = np.full(len(case), of.as_at, dtype=np.int64)
    step, weeks = of.step_on(case.astype(np.int64), day)
    left = np.clip((of.due[case] - of.as_at).astype(np.float64) / WEEK, 0, HORIZON)
    whole = np.floor(left).astype(np.int64)
    upper = np.minimum(whole + 1, HORIZON)
    share = left - whole  # a part of a week: between the two
    chance = (1 - share) * within[step, weeks, whole] + share * within[step, weeks, upper]
    late = np.ones(len(of.start))
    late[case] = 1 - chance
    return late


def _table(cases: Tracked, known: Journeys, said: Floats) -> pd.DataFrame:
    rows = np.flatnonzero(cases.is_set("is_open"))
    late = known.due[rows] < cases.as_at
    lifted = cases.is_set("plan_final_exempt")[rows]
    untold = ~is_day(known.due[rows])
    shown = np.where(late, 1.0, said[rows])
    none = lifted | untold
    why = np.where(
        untold, "its limit cannot be told", np.where(lifted, "its limit is claimed to be lifted", "")
    )
    return pd.DataFrame(
        {
            "case_id": cases.frame["case_id"].iloc[rows].array,
            "percent": pd.arrays.FloatingArray(np.round(shown * 100, 1), none),
            "why_none": texts(why.tolist()),
        }
    )


def _none(cases: Tracked, why: str) -> BreachProbability:
    """Every open case without a number, and why."""
    ids = cases.frame["case_id"][cases.is_set("is_open")]
    blank = pd.arrays.FloatingArray(np.zeros(len(ids)), np.ones(len(ids), dtype=bool))
    table = pd.DataFrame({"case_id": ids.array, "percent": blank, "why_none": texts([why] * len(ids))})
    nothing = pd.DataFrame()
    return BreachProbability(table, why, 0, None, None, None, nothing, nothing)
