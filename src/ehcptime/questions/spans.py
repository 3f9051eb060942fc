"""Spans: the days from one date to another, cut into periods, for positions and flows that are rebuilt."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import Days, day_number
from ehcptime.errors import CommandError
from ehcptime.questions.bands import DAYS_IN_WEEK
from ehcptime.questions.periods import LETTERS, Letter, periods_of
from ehcptime.tracking.columns import plain_day

Frequency = Letter | Literal["W", "D"]
FREQUENCIES: tuple[str, ...] = (*LETTERS, *get_args(get_args(Frequency)[1]))
_MONDAY = 3  # 1 January 1970 was a Thursday, three days after a Monday


@dataclass(frozen=True, eq=False)
class Spans:
    """Periods from a first to a last day, both included; the first and the last period may be cut short by them.

    `ends` holds the last day of each period as a day number, and `place` the period of each day from `first` on; one more
    place, past the last period, belongs to the day after `last`.
    """

    first: int
    last: int
    labels: tuple[str, ...]
    ends: Days
    place: npt.NDArray[np.intp]

    def places(self, days: Days) -> npt.NDArray[np.intp]:
        """Give the period of each day; days before the first are put on it, and days after the last past the last period."""
        return self.place[np.clip(days, self.first, self.last + 1) - self.first]


def spans(start: date, end: date, freq: str) -> Spans:
    """Cut the days from `start` to `end` into periods.

    `freq` is a letter of `period` (`M, Q, Y, FY, AY`), `W` (weeks from Monday, named as in ISO 8601) or `D`. Raises CommandError
    for another one, for what is not a date and for an end before its start.

    >>> cut = spans(date(2025, 1, 30), date(2025, 2, 2), "M")
    >>> cut.labels, cut.place.tolist()
    (('2025-01', '2025-02'), [0, 0, 1, 1, 2])
    >>> spans(date(2024, 12, 29), date(2024, 12, 31), "W").labels
    ('2024-W52', '2025-W01')
    """
    first, last = (day_number(plain_day(_date(day, name))) for day, name in ((start, "start"), (end, "end")))
    if last < first:
        raise CommandError("end is before start: give the first day and then the last")
    days = np.arange(first, last + 1, dtype=np.int32)
    labels, place = _periods(days, freq)
    ends = days[np.flatnonzero(np.diff(place, append=len(labels)))]
    return Spans(first, last, labels, ends, np.append(place, len(labels)))


def _date(day: date, name: str) -> date:
    if not isinstance(day, date):
        raise CommandError(
            f"{name} is {type(day).__name__}, not a date: give the day, for example date(2025, 3, 31)"
        )
    return day


def _periods(days: Days, freq: str) -> tuple[tuple[str, ...], npt.NDArray[np.intp]]:
    """Labels in order of time, and the place of each day among them."""
    if freq in LETTERS:
        found = periods_of(days, freq)
        return found.labels, found.place
    if freq == "D":
        return tuple(np.datetime_as_string(days.astype("datetime64[D]")).tolist()), np.arange(len(days))
    if freq == "W":
        weeks = (days + _MONDAY) // DAYS_IN_WEEK
        mondays = np.unique(weeks) * DAYS_IN_WEEK - _MONDAY
        names = [day.strftime("%G-W%V") for day in mondays.astype("datetime64[D]").tolist()]
        return tuple(names), (weeks - weeks[0]).astype(np.intp)
    raise CommandError(f"freq must be one of {', '.join(FREQUENCIES)}, not {freq!r}")
