"""The outlook: weekly runs as months, each figure as a range over the runs, and the paths in words."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.questions.forecasting.pipeline import Weekly
from ehcptime.questions.forecasting.queues import Stock
from ehcptime.questions.grouping import texts
from ehcptime.questions.periods import label
from ehcptime.tracking.words import long_date

QUANTILES = (0.1, 0.5, 0.9)
RANGE = ("lowest", "middle", "highest")  # 80 of 100 runs lie from lowest to highest
_FLOWS = ("arrivals", "decided", "refused", "advised", "no_plan", "issued", "due")
_STOCKS = ("open", "open_over_20wk", "open_over_52wk", "waiting_for_advice")
_SHARES = {
    "plans_issued_20wk_percent": ("issued_in_time", "issued"),
    "plans_due_20wk_percent": ("due_in_time", "due"),
}
_QUARTER = 13  # weeks
_HOLDS = 1.0  # percentage point: a smaller move is not called one


def week_ends(as_at: date, weeks: int) -> list[date]:
    """Last day of each week from `as_at`.

    >>> week_ends(date(2025, 3, 31), 2)
    [datetime.date(2025, 4, 7), datetime.date(2025, 4, 14)]
    """
    return [as_at + timedelta(days=7 * (number + 1)) for number in range(weeks)]


def months_table(seen: Weekly, ends: Sequence[date]) -> pd.DataFrame:
    """Give `period, from_date, to_date, measure, lowest, middle, highest, complete`, one row per calendar month and figure.

    A month is the whole weeks that end in it, from `from_date` to `to_date`; it is not complete where the run covers only some of them. Flows are sums over the weeks that end in the month; stocks stand at the end of its last week; percentages are of the
    month's sums, empty in a month in which no run has anything to divide; `mean_age_weeks` is of the open cases.
    """
    names, firsts = _months(ends)
    lasts = np.append(firsts[1:], len(ends)) - 1
    figures = {name: np.add.reduceat(getattr(seen, name), firsts) for name in _FLOWS}
    figures |= {name: getattr(seen, name)[lasts] for name in _STOCKS}
    figures["mean_age_weeks"] = _divided(seen.age_sum_weeks[lasts], seen.age_known[lasts])
    for name, (top, bottom) in _SHARES.items():
        sums = (np.add.reduceat(getattr(seen, part), firsts) for part in (top, bottom))
        figures[name] = _divided(*sums) * 100
    first_days = [ends[place] - timedelta(days=6) for place in firsts]
    table = pd.concat([_ranges(names, name, figure) for name, figure in figures.items()], ignore_index=True)
    for place, (name, days) in enumerate(
        (("from_date", first_days), ("to_date", [ends[n] for n in lasts])), 1
    ):
        table.insert(place, name, np.tile(np.array(days, dtype="datetime64[s]"), len(figures)))
    return table.assign(complete=np.tile(_complete(ends, names), len(figures)))


def _complete(ends: Sequence[date], names: list[str]) -> npt.NDArray[np.bool_]:
    """Only the first and the last month can lack weeks: one that ends in it lies before the run, or after it."""
    week = timedelta(days=7)
    cut = {label(ends[0] - week, "M"), label(ends[-1] + week, "M")}
    return np.array([name not in cut for name in names])


def part_months(months: pd.DataFrame) -> list[str]:
    """Say of each month that is not complete which days are in it.

    >>> part_months(pd.DataFrame({"period": ["2025-07"], "complete": [False], "from_date": pd.to_datetime(["2025-07-01"]), "to_date": pd.to_datetime(["2025-07-07"])}))
    ['2025-07 is part of a month: only 1 July 2025 to 7 July 2025 is in it.']
    """
    cut = months.loc[~months["complete"], ["period", "from_date", "to_date"]].drop_duplicates()
    return [
        f"{period} is part of a month: only {long_date(first)} to {long_date(last)} is in it."
        for period, first, last in cut.itertuples(index=False, name=None)
    ]


def quarters(seen: Weekly, name: str) -> "pd.Series[float]":
    """Middle value of a percentage over each 13 weeks, the last few weeks left out where they are no quarter."""
    top, bottom = _SHARES[name]
    firsts = np.arange(0, max(len(seen.issued) - _QUARTER + 1, 1), _QUARTER)
    whole = slice(0, len(firsts) * _QUARTER)
    sums = (np.add.reduceat(getattr(seen, part)[whole], firsts) for part in (top, bottom))
    return _ranges([""] * len(firsts), name, _divided(*sums) * 100)["middle"]


def _months(ends: Sequence[date]) -> tuple[list[str], npt.NDArray[np.intp]]:
    labels = [label(day, "M") for day in ends]
    firsts = [0, *(place for place, (one, two) in enumerate(pairwise(labels), start=1) if one != two)]
    return [labels[place] for place in firsts], np.array(firsts, dtype=np.intp)


def _divided(top: Stock, bottom: Stock) -> npt.NDArray[np.float64]:
    divides = bottom > 0
    return np.where(divides, top / np.where(divides, bottom, 1), np.nan)


def _ranges(names: list[str], measure: str, figure: Stock) -> pd.DataFrame:
    some = ~np.isnan(figure).all(axis=1)
    found = np.full((len(QUANTILES), len(names)), np.nan)
    found[:, some] = np.nanquantile(figure[some], QUANTILES, axis=1)
    ranges = {
        name: pd.arrays.FloatingArray(np.nan_to_num(values), np.isnan(values))
        for name, values in zip(RANGE, found, strict=True)
    }
    return pd.DataFrame({"period": texts(names), "measure": texts([measure] * len(names)), **ranges})


def cleared(seen: Weekly, one_week: float) -> npt.NDArray[np.float64]:
    """Give the week in which each run is clear: fewer cases over 20 weeks old than arrive in a week; NaN where none is.

    With no arrivals a run is clear when none is over 20 weeks old.
    """
    clear = seen.open_over_20wk <= max(one_week - 1, 0)
    return np.where(clear.any(axis=0), clear.argmax(axis=0) + 1.0, np.nan)


def path(before: float | None, values: "pd.Series[float]") -> str:
    """Say how a percentage moves over a scenario, months without a figure left out.

    >>> path(40.0, pd.Series([30.0, 12.0, 50.0, 90.0]))
    'falls from 40.0 to 12.0 per cent, then recovers to 90.0'
    """
    known = [float(value) for value in values.dropna()]
    if not known:
        return "cannot be told, because no month has anything to divide"
    first = known[0] if before is None else before
    low, last = min(known), known[-1]
    if low < first - _HOLDS and last > low + _HOLDS:
        return f"falls from {first:.1f} to {low:.1f} per cent, then recovers to {last:.1f}"
    if last > first + _HOLDS:
        return f"rises from {first:.1f} to {last:.1f} per cent"
    if last < first - _HOLDS:
        return f"falls from {first:.1f} to {last:.1f} per cent"
    return f"holds at about {last:.1f} per cent"


def day(end: date | None) -> str:
    """Write a day of a range, or say that it lies past the end of the scenario.

    >>> day(None)
    'a day past the end of the scenario'
    """
    return "a day past the end of the scenario" if end is None else long_date(end)
