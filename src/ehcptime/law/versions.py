"""Versions of rules: how long a period is, how it is counted, and between which days it was the law."""

from datetime import date
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, model_validator

from ehcptime.clock.calendars import CalendarName
from ehcptime.clock.counting import Bound, Count, Roll, Unit

Mark = Literal["seen", "secondary", "memory"]
Reading = Literal["strict", "loose"]
Text = Annotated[str, Field(min_length=1)]

_WORDS = {
    "after": "within {length} of the day of the event, which is not counted",
    "beginning_with": "{length} beginning with the day of the event, which is counted",
    "before": "{length} before the day of the event",
    "immediately": "at once, on the day of the event",
}
_ROLLS = {
    "past_recess": "; a last day in August or from 25 December to 1 January moves past it",
    "to_working_day": "; a last day that is not a working day moves to the next",
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Row(BaseModel):
    """Frozen, and strict about misspelt keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Length(Row):
    """How long a period is: exactly one unit."""

    weeks: NonNegativeInt | None = None
    days: NonNegativeInt | None = None
    working_days: NonNegativeInt | None = None
    months: NonNegativeInt | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if len(self.model_fields_set) != 1 or self.number is None:
            raise ValueError("a length has exactly one of weeks, days, working_days, months")
        return self

    @property
    def unit(self) -> Unit:
        """The unit that is given."""
        return next(unit for unit in get_args(Unit) if unit in self.model_fields_set)

    @property
    def number(self) -> int:
        """How many of the unit."""
        return getattr(self, self.unit)  # type: ignore[no-any-return]

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.number} {unit[:-1] if self.number == 1 else unit}"


class LaterOf(Row):
    """A second period: the limit is the later of the two, where this one's start is known."""

    start: Text
    length: Length
    count: Count
    is_needed: Annotated[bool, Field(alias="needed")] = False
    shows_start: bool = False


class Version(Row):
    """What a rule said between two dates, both included; no last date means still in force."""

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date | None, Field(alias="to")] = None
    length: Length
    count: Count
    bound: Bound
    cite: Text
    url: Annotated[str, Field(pattern=r"^https://")]
    exempt_by: tuple[str, ...]
    selects_on: Text = "start"
    fixed: Annotated[str | None, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] = None
    later_of: LaterOf | None = None
    rolls: tuple[Roll, ...] = ()
    calendar: CalendarName = "england"
    strict: Length | None = None
    loose: Length | None = None
    mark: Mark
    checked_on: date
    note: str = ""

    @model_validator(mode="after")
    def _fixed_is_a_day(self) -> Self:
        if self.fixed is not None:
            date.fromisoformat(
                f"2023-{self.fixed}"
            )  # a year without 29 February, so that the day is in every year
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"a version ends on {self.last}, before it begins on {self.first}")
        return self

    def read(self, reading: Reading | None) -> Length:
        """The length by a reading; where that reading is not set apart, the length itself."""
        other = {"strict": self.strict, "loose": self.loose}.get(reading or "")
        return other or self.length

    def covers(self, day: date) -> bool:
        """True where the version was in force on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def is_floor(self) -> bool:
        """True for a minimum period, which ends by itself; one that lies before an event is a last day for an act."""
        return self.bound == "at_least" and self.count != "before"

    @property
    def words(self) -> str:
        """The period and how it is counted, in words."""
        least = "at least " if self.bound == "at_least" else ""
        text = self._fixed_words() if self.fixed else least + _WORDS[self.count].format(length=self.length)
        if self.later_of is not None:
            other = _WORDS[self.later_of.count].format(length=self.later_of.length)
            text += f"; or, if that is later, {other} (that event: {self.later_of.start})"
        if self.calendar == "tribunal":
            text += "; August and 25 December to 1 January are not counted"
        return text + "".join(_ROLLS[roll] for roll in self.rolls)

    def _fixed_words(self) -> str:
        month, day = (int(part) for part in (self.fixed or "01-01").split("-"))
        said = f"before {day} {MONTHS[month - 1]} of the year of the event"
        return said if self.loose is None else f"{said} (some read it as on or before that day)"
