"""Time to the final plan: how long it takes from the start, with the cases that still wait taken into account."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.questions.day_counts import ENDS, OUTCOMES, OUTSIDE, DayCounts, Fates, fates
from ehcptime.questions.grouping import By, Groups, columns_of, groups_of
from ehcptime.questions.rounding import percent
from ehcptime.questions.survival import first_day_at, share_by, shares, without_plan
from ehcptime.questions.tracked import as_at_column, tracked_cases

_COUNTS = ("cases", *OUTCOMES, "outside")
_QUANTILES = {"median_weeks": 50, "p90_weeks": 90}  # per cent with a plan
_BY_WEEK = {f"percent_with_plan_{week}wk": week for week in (20, 30, 52)}
_FIGURES = (*_QUANTILES, *_BY_WEEK, "mean_weeks_of_issued")
COLUMNS = (*_COUNTS, *_FIGURES, "note", "as_at")
_CURVE = ("at_risk", *OUTCOMES, "without_plan", *(f"share_{end}" for end in ENDS), "share_still_open")
CURVE_COLUMNS = ("day", *_CURVE, "as_at")
_WEEK = 7


def time_to_final(tracked: pd.DataFrame, *, by: By = None) -> pd.DataFrame:
    """Say how many weeks it takes from the start to the first final plan, open cases included as far as they have come.

    Gives one row per group: the columns of `by`; `cases`, all rows, which `finals`, `refused_to_assess`,
    `refused_to_issue` (refusals that stand), `ended_otherwise`, `censored` (still open at `as_at`) and `outside` sum to (`day_counts`
    says who is outside); then, to one decimal and empty, with the reason in `note`, where the record cannot tell:

    - `median_weeks`, `p90_weeks`: weeks after which 50 and 90 per cent have a plan, by Kaplan-Meier; cases that end without a
      plan count as lost from sight when they end, so this is the time of a case that goes on to a plan.
    - `percent_with_plan_20wk`, `_30wk`, `_52wk`: share of all that entered with a plan by that week, by Aalen-Johansen
      (cumulative incidence); cases that end without a plan stay in it, and never have one.
    - `mean_weeks_of_issued`: mean of the plans issued alone. It leaves out who still waits, and rises as old cases are finished.

    Both estimates take open cases to go on like others of their age, and are exact where days are tied.

    Raises InputError for a frame that was not tracked, CommandError for a column that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b", "c"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01", "2024-06-01"]),
    ...     "assessment_outcome": ["Y", "Y", None], "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-06-04", None]),
    ...     "stage": "closed", "is_open": False, "age_days": 150, "as_at": pd.Timestamp("2025-06-30")})
    >>> found = time_to_final(tracked)
    >>> found[["median_weeks", "percent_with_plan_20wk", "mean_weeks_of_issued"]].to_numpy().tolist()
    [[22.0, 33.3, 21.0]]
    >>> found["note"][0]
    'no p90_weeks, because the share without a plan is still 33.3 per cent when the record ends, at 56.3 weeks'
    """
    columns = columns_of(by, tracked, COLUMNS)
    return counted(fates(tracked_cases(tracked)), tracked, columns)


def counted(found: Fates, tracked: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Make the table of `time_to_final` of cases whose ends are known."""
    groups = groups_of(tracked, columns)
    rows = [_row(counts) for counts in _by_group(found, groups)]
    table = groups.labels.reset_index(drop=True)
    for name in (*_COUNTS, *_FIGURES, "note"):
        kind = "int64" if name in _COUNTS else "Float64" if name in _FIGURES else str
        table[name] = pd.Series([row[name] for row in rows], dtype=kind)
    return table.assign(as_at=as_at_column(tracked, len(table)))


def time_to_final_curve(tracked: pd.DataFrame, *, by: By = None) -> pd.DataFrame:
    """Give the curves behind `time_to_final`, for charts: one row per group and day on which something happened.

    Gives the columns of `by`; `day`, from the start; `at_risk`, cases that had not ended or been lost from sight before it; the cases of
    that day in `finals`, `refused_to_assess`, `refused_to_issue`, `ended_otherwise` and `censored`; then shares from 0 to 1 at the
    end of the day: `without_plan` (Kaplan-Meier), and by Aalen-Johansen `share_finals`, `share_refused_to_assess`,
    `share_refused_to_issue`, `share_ended_otherwise` and `share_still_open`, which sum to 1. Errors as for `time_to_final`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": ["Y", None], "assessment_outcome_date": pd.to_datetime(["2025-05-21", None]),
    ...     "stage": "closed", "is_open": False, "age_days": 150, "as_at": pd.Timestamp("2025-06-30")})
    >>> time_to_final_curve(tracked)[["day", "at_risk", "without_plan"]].to_numpy().tolist()
    [[140.0, 2.0, 0.5], [180.0, 1.0, 0.5]]
    """
    groups = groups_of(tracked, columns_of(by, tracked, CURVE_COLUMNS))
    curves = [_curve(counts) for counts in _by_group(fates(tracked_cases(tracked)), groups)]
    lengths = [len(curve) for curve in curves]
    labels = groups.labels.loc[groups.labels.index.repeat(lengths)].reset_index(drop=True)
    points = pd.concat([_curve(fates(tracked_cases(tracked.iloc[:0])).counts()), *curves], ignore_index=True)
    table = pd.concat([labels, points], axis=1)
    return table.assign(as_at=as_at_column(tracked, len(table)))


def _by_group(found: Fates, groups: Groups) -> list[DayCounts]:
    order = np.argsort(groups.place, kind="stable")
    edges = np.searchsorted(groups.place[order], np.arange(1, groups.size))
    rows = np.split(order, edges) if groups.size else []
    return [found.counts(part) for part in rows]


def _row(counts: DayCounts) -> dict[str, Any]:
    found: dict[str, Any] = {"cases": counts.cases, "outside": int(counts.outside.sum())}
    found |= {outcome: int(counts.of(outcome).sum()) for outcome in OUTCOMES}
    curve = without_plan(counts)
    for name, share in _QUANTILES.items():
        day = first_day_at(curve, 1 - share / 100)
        found[name] = None if day is None else _weeks(day)
    for name, week in _BY_WEEK.items():
        share_then = share_by(counts, week * _WEEK)
        found[name] = None if share_then is None else percent(share_then, 1)
    found["mean_weeks_of_issued"] = _mean_weeks(counts)
    return found | {"note": "; ".join(_notes(counts, found))}


def _mean_weeks(counts: DayCounts) -> float | None:
    finals = counts.of("finals")
    days = np.arange(len(finals))
    return _weeks(float(finals @ days) / int(finals.sum())) if finals.any() else None


def _weeks(days: float) -> float:
    return round(days / _WEEK, 1)


def _notes(counts: DayCounts, found: dict[str, Any]) -> Iterator[str]:
    if counts.entered:
        yield from _not_reached(counts, found)
    else:
        yield "nothing can be computed, because no case can be followed from its start"
    left = [f"{number} {reason}" for number, reason in zip(counts.outside, OUTSIDE, strict=True) if number]
    if left:
        yield f"outside: {', '.join(left)}"


def _not_reached(counts: DayCounts, found: dict[str, Any]) -> Iterator[str]:
    """Why a figure is missing: the record ends too soon for it."""
    missing = [name for name in _QUANTILES if found[name] is None]
    if missing:
        last = _weeks(counts.by_day.shape[1] - 1)
        share = percent(float(without_plan(counts)[-1]), 1)
        yield (
            f"no {' or '.join(missing)}, because the share without a plan is still {share} per cent when the record ends, "
            f"at {last} weeks"
        )
    missing = [name for name in _BY_WEEK if found[name] is None]
    if missing:
        yield f"no {' or '.join(missing)}, because no case was followed for so long"
    if not found["finals"]:
        yield "no mean_weeks_of_issued, because no plan was issued"


def _curve(counts: DayCounts) -> pd.DataFrame:
    """The days on which something happened."""
    columns = {"day": np.arange(counts.by_day.shape[1]), "at_risk": counts.at_risk}
    columns |= {outcome: counts.of(outcome) for outcome in OUTCOMES}
    found = {"without_plan": without_plan(counts)}
    found |= {f"share_{name}": share for name, share in shares(counts).items()}
    table = pd.DataFrame(columns | found)
    return table.iloc[np.flatnonzero(counts.by_day.any(axis=0))].reset_index(drop=True)
