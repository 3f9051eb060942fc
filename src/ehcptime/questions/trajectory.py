"""Plan against actual: the months of a scenario that was saved, and what has happened since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, to_date
from ehcptime.errors import InputError
from ehcptime.questions.forecasting.actual import figures
from ehcptime.questions.grouping import texts
from ehcptime.questions.tracked import tracked_cases
from ehcptime.records.arrays import days_of
from ehcptime.tracking.columns import categorical
from ehcptime.tracking.words import count, long_date

PLACES = ("inside", "above", "below", "to_come", "cannot_be_told")
_INSIDE, _ABOVE, _BELOW, _TO_COME, _UNTOLD = range(len(PLACES))
_DAYS = ("from_date", "to_date")
_RANGE = ("lowest", "middle", "highest")
_NEEDED = ("period", *_DAYS, "measure", *_RANGE)


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A plan beside what happened: `table` has one row per month and figure, `str()` says it figure by figure."""

    table: pd.DataFrame
    as_at: date

    def __str__(self) -> str:
        """How many months of each figure lay inside the range, and where the last one lies."""
        return "\n".join(_sentences(self))

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in _sentences(self))


def trajectory(plan: pd.DataFrame, tracked: pd.DataFrame) -> Trajectory:
    """Lay what has happened beside the months of a scenario that was made before.

    `plan` is the `months` of a `Scenario`, as it was saved; `tracked` comes from `track` at a later day. `table` has the columns and rows of
    `plan` with `actual` (counted over the same days, `from_date` to `to_date`; stocks on `to_date`, as the record now shows that day),
    `place` (`inside` the range of 80 in 100 runs, `above`, `below`; `to_come` where the month has not ended by `as_at`;
    `cannot_be_told` where there is nothing to divide, or the record of cases does not hold the figure: `advised`, `waiting_for_advice`)
    and `sentence`. Arrivals and issued plans are all of them but duplicates; the percentages are `plans_issued_20wk_inc` and `plans_due_20wk`.

    One month in five lies outside by chance alone if the plan holds. With `runs=0` a range is one number, and lying outside says little.
    Raises InputError for a table that is no plan and a frame that was not tracked.

    >>> plan = pd.DataFrame({"period": ["2025-04"], "from_date": pd.to_datetime(["2025-04-01"]), "to_date": pd.to_datetime(["2025-04-28"]),
    ...     "measure": ["arrivals"], "lowest": [2.0], "middle": [3.0], "highest": [4.0]})
    >>> tracked = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-04-07"]), "stage": "deciding", "is_open": True,
    ...     "age_days": [24], "plan_final_due": pd.to_datetime(["2025-08-25"]), "plan_final_status": "running", "as_at": pd.Timestamp("2025-05-01")})
    >>> print(trajectory(plan, tracked))
    arrivals: 0 of 1 month inside the range; in 2025-04 planned 3 (2 to 4), happened 1: below the range.
    """
    _check(plan)
    cases = tracked_cases(tracked)
    day = to_date(cases.as_at) if cases.size else None
    if day is None:
        raise InputError("the frame has no rows, so no day to compare with: give the cases of an authority")
    spans = plan[["period"]].assign(
        first=days_of(plan["from_date"], "from_date"), last=days_of(plan["to_date"], "to_date")
    )
    actual = figures(cases, spans.drop_duplicates())
    table = plan.merge(actual, on=["period", "measure"], how="left").set_axis(plan.index)
    place = _places(table, spans["last"].to_numpy() <= cases.as_at)
    table["actual"] = table["actual"].astype("Float64")
    table["place"] = categorical(place.astype(np.int8), PLACES)
    table["sentence"] = texts([_sentence(*row) for row in _rows(table)])
    return Trajectory(table, day)


def _check(plan: pd.DataFrame) -> None:
    for column in _NEEDED:
        if column not in plan:
            raise InputError(
                f"the plan has no column {column!r}: give the months of a scenario, as they were saved"
            )
    if plan.duplicated(["period", "measure"]).any():
        raise InputError("the plan has a month and a figure twice: give the months of one scenario")
    for column in _DAYS:
        if (days_of(plan[column], column) == NOT_YET).any():
            raise InputError(
                f"column {column!r} of the plan has a blank: give the months of a scenario, as they were saved"
            )


def _places(table: pd.DataFrame, has_ended: Any) -> Any:
    low, high, actual = (
        table[name].astype("Float64").to_numpy(float, na_value=np.nan)
        for name in ("lowest", "highest", "actual")
    )
    found = np.full(len(table), _INSIDE)
    with np.errstate(invalid="ignore"):
        found[actual > high], found[actual < low] = _ABOVE, _BELOW
    found[np.isnan(actual) | np.isnan(low)] = _UNTOLD
    found[~has_ended] = _TO_COME
    return found


def _rows(table: pd.DataFrame) -> Any:
    numbers = (
        table[["middle", "lowest", "highest", "actual"]].astype("Float64").to_numpy(float, na_value=np.nan)
    )
    words = table[["period", "measure", "place"]].astype(str).to_numpy()
    return [(*word, *number) for word, number in zip(words.tolist(), numbers.tolist(), strict=True)]


def _sentence(
    period: str, measure: str, place: str, middle: float, lowest: float, highest: float, actual: float
) -> str:
    digits = 1 if measure.endswith(("percent", "weeks")) else 0
    planned = f"in {period} planned {middle:,.{digits}f} ({lowest:,.{digits}f} to {highest:,.{digits}f})"
    if np.isnan(middle):
        planned = f"in {period} nothing was planned that could be divided"
    if place == "to_come":
        return f"{planned}, still to come"
    if np.isnan(actual):
        return f"{planned}, what happened cannot be told from the cases"
    happened = f"{planned}, happened {actual:,.{digits}f}"
    return happened if place == "cannot_be_told" else f"{happened}: {place} the range"


def _sentences(found: Trajectory) -> Iterator[str]:
    told = found.table[found.table["place"].isin(["inside", "above", "below"])]
    if not len(told):
        yield f"No month of the plan that can be compared has ended by {long_date(found.as_at)}."
    for measure, rows in told.groupby("measure", sort=False):
        inside = int(rows["place"].eq("inside").sum())
        yield f"{measure}: {inside} of {count(len(rows), 'month')} inside the range; {rows['sentence'].iloc[-1]}."
