"""A limit as the engine wants it: plain numbers and column names, with no law and no case in it."""

from dataclasses import dataclass

from ehcptime.clock.calendars import CalendarName
from ehcptime.clock.counting import Bound, Count, Roll, Unit


@dataclass(frozen=True, slots=True)
class Later:
    """A second period of a limit that ends with the later of two."""

    start: str
    length: int
    unit: Unit
    count: Count
    is_needed: bool = False  # without its start nothing can be told
    shows_start: bool = False  # its start shows that the first start had happened


@dataclass(frozen=True, slots=True)
class Limit:
    """One version of one rule, as plain numbers and column names.

    `first` and `last` are the day numbers between which the day in `selects_on` picks this version, both included.
    """

    rule: str
    start: str
    done: str
    length: int
    unit: Unit
    count: Count
    bound: Bound
    first: int
    last: int
    selects_on: str
    fixed: tuple[int, int] | None = (
        None  # month and day, in the year of the start, that the period is counted from
    )
    later: Later | None = None  # a second period: the limit is the later of the two
    rolls: tuple[Roll, ...] = ()
    calendar: CalendarName = "england"

    @property
    def is_compound(self) -> bool:
        """True where the last day is not simply so many days from the start."""
        return self.fixed is not None or self.later is not None or bool(self.rolls)

    @property
    def looks_ahead(self) -> bool:
        """True where the limit lies before the day that it is counted from, which may still be to come."""
        return self.count == "before"

    @property
    def is_floor(self) -> bool:
        """True for a minimum period: something may not happen before it has run."""
        return self.bound == "at_least" and self.count != "before"
