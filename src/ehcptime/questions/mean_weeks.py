"""Mean weeks to issue a plan: as DfE publishes them, and plain means beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from ehcptime.clock.counting import Days, Mask
from ehcptime.questions.cells import Cells, Counts, cells_of
from ehcptime.questions.grouping import By, columns_of, texts
from ehcptime.questions.measures import MEASURES, Measure
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import UNDATED, Letter, check_letter
from ehcptime.questions.tracked import as_at_column, tracked_cases
from ehcptime.records.arrays import days_of

_EVERY, _WITHOUT = "plans_issued_20wk_inc", "plans_issued_20wk_exc"
_COUNTS = ("plans", "days_known", "days_known_exc", "left_out")
_MEANS = ("mean_weeks_as_published", "mean_weeks_exc_as_published", "mean_weeks", "mean_weeks_exc")
COLUMNS = ("period", *_COUNTS, *_MEANS, "note", "as_at")


def mean_weeks(
    tracked: pd.DataFrame, *, by: By = None, period: Letter | None = None, flags: Sequence[str] | None = None
) -> pd.DataFrame:
    """Average the weeks from request to plan, over the plans of DfE's 20-week measures, by group and period of issue.

    Gives the columns of `by`; `period` (as in `timeliness`); `plans`, those of `plans_issued_20wk_inc`; `days_known` and
    `days_known_exc`, those whose duration can be worked out, with and without the plans that have an exception recorded;
    `left_out`, the other rows; then four means in weeks, to one decimal, each empty where there is nothing to divide:

    - `mean_weeks_as_published`: the mean in days cut to a whole number, divided by 7, as local authority averages in DfE's
      2026 release behave. All 161 that were looked at end in .0 .1 .3 .4 .6 .7 or .9, as whole days do. Cutting and rounding
      both fit; cutting is taken, because it is what an average of whole numbers gives in SQL Server.
    - `mean_weeks_exc_as_published`: the published figure without exceptions appears to be the days of the plans without an
      exception divided by all plans. Rows with no such plan show 0 there, and Stockton's two plans for hearing impairment, of
      which one was late, show 7.9. DfE does not state how it is worked out.
    - `mean_weeks` and `mean_weeks_exc`: plain means, over the plans of `days_known` and `days_known_exc`.

    All are of plans issued only, so they rise while old cases are being cleared; `note` says so, and what is missing. `flags`
    are the mediation and tribunal flags that leave a case out; by default any of the six does. Authorities together get a mean over
    plans, which the averages published for regions and England are not.

    Errors are those of `timeliness`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": "Y", "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-06-05"]),
    ...     "week20": [0, 1], "stage": "closed", "is_open": False, "age_days": [140, 155], "as_at": pd.Timestamp("2025-07-31")})
    >>> table = mean_weeks(tracked)  # 295 days: 147.5 on average
    >>> table[["mean_weeks_as_published", "mean_weeks", "mean_weeks_exc_as_published", "mean_weeks_exc"]].to_numpy().tolist()
    [[21.0, 21.1, 10.0, 20.0]]
    """
    if period is not None:
        check_letter(period)
    columns = columns_of(by, tracked, COLUMNS)
    plans = timed_plans(tracked, flags)
    return _table(plans, cells_of(tracked, columns, plans.falls_on, period, every=True), tracked)


@dataclass(frozen=True, eq=False)
class TimedPlans:
    """For each row: is it a plan of the 20-week measures, is its duration known, with and without exceptions."""

    counts: Mask
    known: Mask
    known_exc: Mask
    days: Days
    falls_on: Days


def timed_plans(tracked: pd.DataFrame, flags: Sequence[str] | None) -> TimedPlans:
    """Find the plans that DfE's averages are of, and their days."""
    every = parts(tracked, population(_EVERY, flags))
    part, part_exc = every["part"], parts(tracked, population(_WITHOUT, flags))["part"]
    falls_on = days_of(every["falls_on"], "falls_on")
    return TimedPlans(
        counts=part.isin(["on_time", "late", "unknown"]).to_numpy(),
        known=part.isin(["on_time", "late"]).to_numpy(),
        known_exc=part_exc.isin(["on_time", "late"]).to_numpy(),
        days=falls_on - tracked_cases(tracked).days("received_date"),
        falls_on=falls_on,
    )


def population(measure: str, flags: Sequence[str] | None) -> Measure:
    """Give a DfE measure of plans with other flags to leave cases out by, or as it is."""
    return MEASURES[measure] if flags is None else MEASURES[measure].but(flags=tuple(flags))


def whole_day_weeks(days: npt.ArrayLike, plans: npt.ArrayLike) -> ExtensionArray:
    """Divide total days by plans, cut to whole days, as weeks to one decimal; missing where there are no plans.

    >>> whole_day_weeks([295, 0], [2, 0])
    <FloatingArray>
    [21.0, <NA>]
    Length: 2, dtype: Float64
    """
    total, number = np.asarray(days, dtype=np.int64), np.asarray(plans, dtype=np.int64)
    return _tenths(total // np.maximum(number, 1) / 7, number)


def _plain_weeks(days: Counts, plans: Counts) -> ExtensionArray:
    return _tenths(days / np.maximum(plans, 1) / 7, plans)


def _tenths(weeks: npt.NDArray[np.float64], plans: Counts) -> ExtensionArray:
    return pd.arrays.FloatingArray(np.floor(weeks * 10 + 0.5) / 10, plans == 0)


def _table(plans: TimedPlans, cells: Cells, tracked: pd.DataFrame) -> pd.DataFrame:
    counts = {
        "plans": cells.count(plans.counts),
        "days_known": cells.count(plans.known),
        "days_known_exc": cells.count(plans.known_exc),
        "left_out": cells.count(~plans.counts),
    }
    days, days_exc = cells.total(plans.known, plans.days), cells.total(plans.known_exc, plans.days)
    table = cells.labels.assign(
        **counts,
        mean_weeks_as_published=whole_day_weeks(days, counts["days_known"]),
        mean_weeks_exc_as_published=whole_day_weeks(days_exc, counts["days_known"]),
        mean_weeks=_plain_weeks(days, counts["days_known"]),
        mean_weeks_exc=_plain_weeks(days_exc, counts["days_known_exc"]),
        note=texts([_note(*row) for row in zip(*(counts[name].tolist() for name in _COUNTS), strict=True)]),
        as_at=as_at_column(tracked, cells.size),
    )
    there = table["period"].ne(UNDATED) | (table["plans"] + table["left_out"] > 0)
    return table[there].reset_index(drop=True)


def _note(plans: int, known: int, known_exc: int, left_out: int) -> str:
    if not plans:
        return f"no mean, because no plan counts ({f'{left_out} left out' if left_out else 'no rows'})"
    if not known:
        return f"no mean, because the duration of none of the {plans} can be worked out"
    notes = ["of plans issued only: who is still waiting is not in it"]
    if plans > known:
        notes.append(f"{plans - known} of unknown duration are in no mean")
    if not known_exc:
        notes.append("no mean without exceptions, because an exception is recorded on every one")
    return "; ".join(notes)
