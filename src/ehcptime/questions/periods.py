"""Periods: calendar months and quarters, calendar, financial and academic years. Each is a whole number of months."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import Days, Mask, is_day
from ehcptime.clock.masks import instead
from ehcptime.errors import CommandError

Letter = Literal["M", "Q", "Y", "FY", "AY"]
LETTERS: tuple[str, ...] = get_args(Letter)

UNDATED = "unknown"
ALL = "all"

# Months in a period, and the month (0 is January) on which a period of that length begins.
_STEP = {"M": (1, 0), "Q": (3, 0), "Y": (12, 0), "FY": (12, 3), "AY": (12, 8)}


@dataclass(frozen=True, eq=False)
class Periods:
    """The periods in which some days fall.

    `place` gives for each day its place in `labels`, -1 where there is no day. `labels` are in order of time, and `starts` and
    `ends` hold the first and the last day of each as day numbers (days since 1 January 1970).
    """

    place: npt.NDArray[np.intp]
    labels: tuple[str, ...]
    starts: Days
    ends: Days


def check_letter(period: str) -> None:
    """Refuse what is not a period letter.

    >>> check_letter("W")
    Traceback (most recent call last):
    ehcptime.errors.CommandError: period must be one of M, Q, Y, FY, AY, not 'W'
    """
    if period not in _STEP:
        raise CommandError(f"period must be one of {', '.join(LETTERS)}, not {period!r}")


def periods_of(days: Days, period: str, *, undated_last: bool = False) -> Periods:
    """Find the periods in which days fall; `days` are day numbers, and those that are not there fall in none.

    The place of those is -1, or with `undated_last` the place after the last label.

    >>> periods_of(np.array([20178, 20179], np.int32), "M").labels  # 31 March and 1 April 2025
    ('2025-03', '2025-04')
    """
    check_letter(period)
    there = is_day(days)
    if not there.any():
        none = np.array([], dtype=np.int32)
        return Periods(np.full(days.shape, undated_last - 1, dtype=np.intp), (), none, none)
    calendar, offset = _calendar(days, there)
    months = _first_month(_months(calendar), period)
    low = int(months[0])
    on = np.zeros(len(calendar) + 1, dtype=bool)
    on[offset] = True
    seen = np.zeros(int(months[-1]) - low + 1, dtype=bool)
    seen[months[on[:-1]] - low] = True
    place = np.append((np.cumsum(seen) - 1)[months - low], seen.sum() if undated_last else -1)
    months = np.flatnonzero(seen) + low
    return Periods(
        place[offset],
        tuple(_label(int(month), period) for month in months),
        starts=_first_day(months),
        ends=_first_day(months + _STEP[period][0]) - np.int32(1),
    )


def _calendar(days: Days, there: Mask) -> tuple[npt.NDArray[Any], npt.NDArray[np.uint32]]:
    """Days in order, and the place of each day among them, after the last where there is none.

    They are all days from the first to the last, or where those are more, the distinct ones.
    """
    known = instead(days, ~there, int(days.flat[there.argmax()]))
    low, high = int(known.min()), int(known.max())
    calendar = np.arange(low, high + 1) if high - low < days.size else np.unique(known)
    if len(calendar) <= high - low:
        return calendar, np.where(there, np.searchsorted(calendar, known), len(calendar)).astype(np.uint32)
    from_low = (days - np.int32(low)).view(
        np.uint32
    )  # what is not there lies past the last day, on either side
    return calendar, np.minimum(from_low, np.uint32(len(calendar)))


def places_of(days: Days, period: str | None) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Place of each day among the labels of its periods, of which `unknown` is the last; without a period, all in `all`.

    >>> places_of(np.array([20178], np.int32), "M")[1], places_of(np.array([20178], np.int32), None)[1]
    (['2025-03', 'unknown'], ['all'])
    """
    if period is None:
        return np.zeros(days.shape, dtype=np.intp), [ALL]
    found = periods_of(days, period, undated_last=True)
    return found.place, [*found.labels, UNDATED]


def label(day: date, period: str) -> str:
    """Name of the period in which a date falls.

    >>> [label(date(2025, 3, 31), letter) for letter in LETTERS]
    ['2025-03', '2025 Q1', '2025', '2024-25', '2024/25']
    """
    check_letter(period)
    return _label(int(_first_month(np.array(day.year * 12 + day.month - 1 - 1970 * 12), period)), period)


def last_day(day: date, period: str) -> date:
    """Last day of the period in which a date falls.

    >>> last_day(date(2025, 3, 1), "FY"), last_day(date(2025, 3, 1), "AY")
    (datetime.date(2025, 3, 31), datetime.date(2025, 8, 31))
    """
    check_letter(period)
    month = int(_first_month(np.array(day.year * 12 + day.month - 1 - 1970 * 12), period))
    return np.datetime64(_last_day(month, period), "D").astype(date)  # type: ignore[no-any-return]


def _months(days: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Months since January 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_month(months: npt.NDArray[np.int64], period: str) -> npt.NDArray[np.int64]:
    step, begins = _STEP[period]
    return (months - begins) // step * step + begins


def _first_day(months: npt.ArrayLike) -> Days:
    return np.asarray(months, dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)


def _last_day(first_month: int, period: str) -> int:
    return int(_first_day(first_month + _STEP[period][0])) - 1


def _label(first_month: int, period: str) -> str:
    year, month = divmod(first_month + 1970 * 12, 12)
    return {
        "M": f"{year}-{month + 1:02}",
        "Q": f"{year} Q{month // 3 + 1}",
        "Y": f"{year}",
        "FY": f"{year}-{(year + 1) % 100:02}",
        "AY": f"{year}/{(year + 1) % 100:02}",
    }[period]
