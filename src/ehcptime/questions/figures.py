"""Figures: one figure of a measure as counts, from a tracked frame or from a row of `timeliness`."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import is_day
from ehcptime.errors import InputError
from ehcptime.questions.figure_notes import NOT_BEGUN
from ehcptime.questions.measures import Elapsed, Measure
from ehcptime.questions.parts import parts
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.tracked import tracked_cases
from ehcptime.records.arrays import days_of

_RESULT = ("numerator", "denominator")


class Figure(NamedTuple):
    """One figure: what counts, the rest of the denominator, unknowns in it, and the median age of what was late in days."""

    counted: int
    others: int
    unknown: int = 0
    median_late_days: float | None = None

    @property
    def rate(self) -> Fraction | None:
        """The exact share; none where there is nothing to divide."""
        whole = self.counted + self.others
        return Fraction(self.counted, whole) if whole else None


def is_result(table: pd.DataFrame) -> bool:
    """Whether this is a result of `timeliness`, and not a tracked frame."""
    return all(column in table for column in _RESULT)


def figure_of(
    given: pd.DataFrame | pd.Series, measure: Measure, advice: pd.DataFrame | None = None
) -> Figure:
    """Read the one figure of a tracked frame or of a row of `timeliness`; raises InputError for more, fewer or one not begun."""
    table = given.to_frame().T if isinstance(given, pd.Series) else given
    if is_result(table):
        return _of_result(table, measure)
    return _of_result(timeliness(table, measure, advice=advice), measure)._replace(
        median_late_days=_median_late_days(table, measure)
    )


def _of_result(table: pd.DataFrame, measure: Measure) -> Figure:
    if len(table) != 1:
        raise InputError(
            f"a change is between two single figures, and one of them has {len(table)} rows: give one row"
        )
    row = table.iloc[0]
    if NOT_BEGUN in str(row.get("note")):
        raise InputError("the period of one of the figures has not begun: give one that has")
    unknown = int(row["unknown"]) if measure.unknown_in_denominator and "unknown" in table else 0
    return Figure(int(row["numerator"]), int(row["denominator"]) - int(row["numerator"]), unknown)


def _median_late_days(tracked: pd.DataFrame, measure: Measure) -> float | None:
    """Median days from request to issue of the late plans; for measures of plans issued in time alone."""
    rule = measure.parameters
    if not isinstance(rule, Elapsed) or rule.from_days or not len(tracked):
        return None
    decided = parts(tracked, measure)
    days = days_of(decided["falls_on"], "falls_on") - tracked_cases(tracked).days(rule.start)
    late = days[decided["part"].eq("late").to_numpy() & is_day(days)]
    return float(np.median(late)) if len(late) else None
