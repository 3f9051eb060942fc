"""Working-day calendars: which days count where the law speaks of working days.

The Regulations do not define a working day (law.md C6), so a calendar is always an argument and England's is only the
default: Monday to Friday, less bank holidays, Christmas Day and Good Friday.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Literal

import lazy_loader
import numpy as np
import numpy.typing as npt

from ehcptime.errors import CalendarWarning

CalendarName = Literal["england", "tribunal"]

# Loaded when a working day is first counted: it costs more than the rest of the clock.
_holidays = lazy_loader.load("holidays")

# Proclaimed one-off holidays (2011, 2012, 2022, 2023) are known only shortly before: later years hold the regular ones.
ENGLAND_KNOWN_TO = 2027
_ENGLAND_FROM = 1990
_ENGLAND_TO = 2060


@dataclass(frozen=True, eq=False)
class Calendar:
    """Days off, and the last year for which they are known to be complete."""

    name: str
    days_off: tuple[date, ...]
    known_to: int
    busdays: np.busdaycalendar = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "busdays", np.busdaycalendar(holidays=np.array(self.days_off, dtype="datetime64[D]"))
        )

    def warn_beyond(self, days: npt.NDArray[np.datetime64]) -> None:
        """Warn where a day lies past the last year whose days off are known."""
        if days.size and days.max() > np.datetime64(f"{self.known_to}-12-31"):
            warnings.warn(
                f"a working day falls after {self.known_to}, the last year whose days off the calendar "
                f"{self.name!r} knows: check that day by hand or pass a newer calendar",
                CalendarWarning,
                stacklevel=4,
            )


def calendar(name: str, days_off: Iterable[date], *, known_to: int) -> Calendar:
    """Make a calendar from days off.

    `known_to` is the last year for which `days_off` is complete; counting past it warns.

    >>> calendar("council", [date(2025, 12, 24)], known_to=2026).name
    'council'
    """
    return Calendar(name, tuple(sorted(set(days_off))), known_to)


@cache
def england() -> Calendar:
    """England's bank holidays with Christmas Day and Good Friday, from the `holidays` package.

    >>> date(2022, 9, 19) in england().days_off  # the State Funeral of Queen Elizabeth II
    True
    """
    years = range(_ENGLAND_FROM, _ENGLAND_TO + 1)
    return calendar("England", _holidays.UnitedKingdom(subdiv="ENG", years=years), known_to=ENGLAND_KNOWN_TO)


@cache
def tribunal() -> Calendar:
    """England's calendar without the days that the Tribunal's rule 12(3)(b) does not count: 25 December to 1 January and August.

    >>> date(2025, 8, 12) in tribunal().days_off
    True
    """
    years = range(_ENGLAND_FROM, _ENGLAND_TO + 1)
    recess = [date(year, 8, day) for year in years for day in range(1, 32)]
    recess += [date(year, 12, 25) + timedelta(days=day) for year in years for day in range(8)]
    return calendar("Tribunal", [*england().days_off, *recess], known_to=ENGLAND_KNOWN_TO)


def named(name: CalendarName) -> Calendar:
    """Give the calendar of a name that a rule may use."""
    return tribunal() if name == "tribunal" else england()
