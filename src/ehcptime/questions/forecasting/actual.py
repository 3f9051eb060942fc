"""What has happened: the figures of a scenario, counted from the record over the same days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import cast

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, to_date
from ehcptime.law.book import LAW
from ehcptime.questions.parts import parts
from ehcptime.questions.positions import retracked
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.records.arrays import days_of

_DAYS_IN_WEEK = 7
_PERCENTS = {"plans_issued_20wk_percent": "plans_issued_20wk_inc", "plans_due_20wk_percent": "plans_due_20wk"}
_STOCKS: Mapping[str, int] = {
    "open": -1,
    "open_over_20wk": 140,
    "open_over_52wk": 364,
}  # over so many days old


@dataclass(frozen=True, eq=False)
class Actual:
    """Counts of tracked cases over stretches of days that have ended by their `as_at`."""

    cases: Tracked

    def counts(self, first: int, last: int) -> dict[str, float]:
        """Every figure of the days from `first` to `last`, as day numbers; NaN where there is nothing to divide."""
        flows = {name: float(count(first, last)) for name, count in self._flows.items()}
        return flows | self._shares(first, last) | self._stocks(last)

    @cached_property
    def _flows(self) -> dict[str, Callable[[int, int], int]]:
        now, size = self.cases.now, self.cases.size
        real = ~np.broadcast_to(now.is_duplicate, size)
        days = {
            "arrivals": now.start,
            "decided": now.request_decided,
            "refused": self._refused("request_outcome"),
            "no_plan": self._refused("assessment_outcome"),
            "issued": now.final,
        }
        return {name: _counter(np.broadcast_to(values, size), real) for name, values in days.items()}

    def _refused(self, outcome: str) -> Days:
        return np.where(
            self.cases.is_code(outcome, "N"), self.cases.days(f"{outcome}_date"), np.int32(NOT_YET)
        )

    def _shares(self, first: int, last: int) -> dict[str, float]:
        found = {}
        for name, (on_time, all_) in self._judged.items():
            top, bottom = on_time(first, last), all_(first, last)
            found[name] = top / bottom * 100 if bottom else np.nan
            if name == "plans_due_20wk_percent":
                found["due"] = float(bottom)
        return found

    @cached_property
    def _judged(self) -> dict[str, tuple[Callable[[int, int], int], Callable[[int, int], int]]]:
        found = {}
        for name, measure in _PERCENTS.items():
            decided = parts(self.cases.frame, measure)
            day = days_of(decided["falls_on"], "falls_on")
            on_time, late = (decided["part"].eq(part).to_numpy() for part in ("on_time", "late"))
            found[name] = _counter(day, on_time), _counter(day, on_time | late)
        return found

    def _stocks(self, last: int) -> dict[str, float]:
        day = cast("date", to_date(last))
        then = tracked_cases(retracked(self.cases.frame, as_at=day, law=LAW, convention="receipt_excluded"))
        age = (
            then.frame["age_days"][then.is_set("is_open")]
            .astype("Float64")
            .to_numpy(dtype=float, na_value=np.nan)
        )
        known = age[~np.isnan(age)]
        stocks = {name: float((known > over).sum()) for name, over in _STOCKS.items()}
        mean = float(known.mean()) / _DAYS_IN_WEEK if len(known) else np.nan
        return stocks | {"open": float(len(age)), "mean_age_weeks": mean}


def _counter(days: Days, rows: Mask) -> Callable[[int, int], int]:
    """Count the days of some rows that lie within a stretch."""
    there = np.sort(days[rows])
    return lambda first, last: int(
        np.searchsorted(there, last, "right") - np.searchsorted(there, first, "left")
    )


def figures(cases: Tracked, spans: pd.DataFrame) -> pd.DataFrame:
    """Give `period, measure, actual` for spans (`period`, and day numbers `first` and `last`) that have ended by `as_at`."""
    record = Actual(cases)
    rows = [
        (period, measure, value)
        for period, first, last in spans[["period", "first", "last"]].itertuples(index=False, name=None)
        if last <= cases.as_at
        for measure, value in record.counts(int(first), int(last)).items()
    ]
    return pd.DataFrame(rows, columns=["period", "measure", "actual"]).astype({"actual": "float64"})
