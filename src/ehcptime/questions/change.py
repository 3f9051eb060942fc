"""Why a figure moved: what the numerator did, what the rest of the denominator did, and one sentence that says so."""

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import is_day
from ehcptime.errors import InputError
from ehcptime.questions.measures import Elapsed, Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.rounding import percent
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


@dataclass(frozen=True)
class Change:
    """A change of one measure between two positions; `str()` gives the sentence.

    `points`, `from_counted` and `from_others` are exact fractions of a percentage point, and the last two sum to the
    first: the part due to the numerator, and that due to the rest of the denominator, each taken at the average of the
    two orders in which they could have moved (Shapley). They are None where a figure cannot be divided.
    """

    measure: Measure
    before: Figure
    after: Figure
    points: Fraction | None
    from_counted: Fraction | None
    from_others: Fraction | None

    def __str__(self) -> str:
        """The change in words, built from the numbers."""
        return _sentence(self)

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


def explain_change(
    before: pd.DataFrame | pd.Series, after: pd.DataFrame | pd.Series, measure: str | Measure
) -> Change:
    """Explain why a measure moved between two positions.

    `before` and `after` are each a tracked frame (of the cases of a period, say) or one row of `timeliness`. Only tracked
    frames show how old the late cases were, so only for them, and only where the late plans were in fact older, does the
    sentence say that older cases were finished.

    Raises CommandError for an unknown measure, and InputError for a result with more or fewer rows than one.

    >>> before = pd.DataFrame({"numerator": [40], "denominator": [113]})
    >>> after = pd.DataFrame({"numerator": [47], "denominator": [178]})
    >>> print(explain_change(before, after, "plans_issued_20wk_inc"))
    On-time plans rose from 40 to 47. Late plans rose from 73 to 131, so the rate fell from 35.4 per cent to 26.4 per cent.
    """
    chosen = measure_of(measure)
    first, second = _figure(before, chosen), _figure(after, chosen)
    return Change(chosen, first, second, *_effects(first, second))


def _figure(given: pd.DataFrame | pd.Series, measure: Measure) -> Figure:
    table = given.to_frame().T if isinstance(given, pd.Series) else given
    if all(column in table for column in _RESULT):
        return _of_result(table, measure)
    return _of_result(timeliness(table, measure), measure)._replace(
        median_late_days=_median_late_days(table, measure)
    )


def _of_result(table: pd.DataFrame, measure: Measure) -> Figure:
    if len(table) != 1:
        raise InputError(
            f"a change is between two single figures, and one of them has {len(table)} rows: give one row"
        )
    row = table.iloc[0]
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


def _effects(before: Figure, after: Figure) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """The change and its two parts. A step through 0 of 0 has no rate, so then the other order is taken alone."""
    if before.rate is None or after.rate is None:
        return None, None, None
    counted_first = Figure(after.counted, before.others).rate
    others_first = Figure(before.counted, after.others).rate
    steps = [counted_first - before.rate] if counted_first is not None else []
    steps += [after.rate - others_first] if others_first is not None else []
    points = (after.rate - before.rate) * 100
    from_counted = sum(steps, Fraction(0)) / len(steps) * 100
    return points, from_counted, points - from_counted


def _sentence(change: Change) -> str:
    before, after, measure = change.before, change.after, change.measure
    counted = _moved(measure.counted, before.counted, after.counted)
    among = ", those of unknown duration among them," if before.unknown or after.unknown else ""
    others = _moved(measure.others + among, before.others, after.others)
    if change.points is None:
        return (
            f"{counted}. {others}. The rates cannot be compared, because one of them has nothing to divide."
        )
    return f"{counted}. {others}{_older(before, after)}, so the rate {_rates(before, after)}."


def _moved(what: str, before: int, after: int) -> str:
    what = what[0].upper() + what[1:]
    if before == after:
        return f"{what} stayed at {before}"
    return f"{what} {'rose' if after > before else 'fell'} from {before} to {after}"


def _older(before: Figure, after: Figure) -> str:
    """Older cases are named only where more plans were late and the late ones were older than before."""
    old, new = before.median_late_days, after.median_late_days
    shown = old is not None and new is not None and new > old and after.others > before.others
    return " as older cases were finished" if shown else ""


def _rates(before: Figure, after: Figure) -> str:
    first, second = (percent(figure.counted, figure.counted + figure.others) for figure in (before, after))
    if first == second:
        return f"stayed at {first} per cent"
    return f"{'rose' if second > first else 'fell'} from {first} per cent to {second} per cent"
