"""What a rule is: frozen models of the rows in the rule files."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from ehcptime.clock.calendars import Calendar
from ehcptime.clock.counting import NOT_YET, day_number, to_date
from ehcptime.clock.due import due_days
from ehcptime.clock.limits import Later, Limit
from ehcptime.errors import CommandError
from ehcptime.law.versions import LaterOf, Length, Mark, Reading, Row, Text, Version

RuleKind = Literal["statutory", "guidance", "local"]
Act = Literal[
    "notify", "send", "issue", "serve", "reply", "decide", "review", "arrange", "comment", "lodge",
    "contact", "certify", "circulate", "report", "transfer", "amend", "continue", "cease", "request", "reconsider",
]  # fmt: skip


class Exemption(Row):
    """A reason that lifts a limit: it never moves a date."""

    code: Text
    title: Text
    condition: Text
    cite: Text
    mark: Mark
    first: Annotated[date | None, Field(alias="from")] = None
    last: Annotated[date | None, Field(alias="to")] = None


Clock = Literal["original", "reg_42", "reg_44", "reg_45", "override"]


class Follows(Row):
    """Ids of the rules that a reversal brings into force."""

    notify: str | None = None
    no_plan: str | None = None
    draft: str | None = None
    final: str | None = None


class Route(Row):
    """A way in which a refusal is reversed, and the limits that follow from it."""

    clock: Clock
    cite: Text
    by: str = ""  # the regulation by which the limits of another apply
    practice: bool = False
    assess: Follows
    issue: Follows


class Note(Row):
    """A duty that has no length, so that it is no rule."""

    id: Text
    title: Text
    duty_on: Text
    text: Text
    cite: Text
    mark: Mark


class Code(Row):
    """A code in a column of the case."""

    column: Text
    code: Text


class Rule(Row):
    """A time limit: what starts it, what meets it, whose duty it is, and what it said when."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    duty_on: Text
    act: Act
    recipients: tuple[Text, ...] = ()
    trigger: Text
    start: Text
    done: Text
    kind: RuleKind
    only_if: Code | None = None
    unless: Code | None = None
    only_with: tuple[Text, ...] = ()  # dates of which one must be there for the limit to apply
    of_family: bool = False  # a limit on the family: missing it is no breach of anybody's duty
    ended_by: tuple[Text, ...] = ()  # dates of other acts that end the matter
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _no_overlap(self) -> Self:
        for earlier, later in pairwise(self.versions):
            if earlier.last is None or later.first <= earlier.last:
                raise ValueError(
                    f"versions from {earlier.first} and from {later.first} overlap or are out of order"
                )
        return self

    def version(self, on: date) -> Version | None:
        """The version in force on a day, or None.

        >>> from ehcptime.law.book import LAW
        >>> LAW["plan_final"].version(date(2025, 4, 2)).cite
        'SI 2014/1530 reg 13(2)'
        """
        return next((version for version in self.versions if version.covers(on)), None)

    def due(
        self,
        start: date,
        *,
        later: date | None = None,
        reading: Reading | None = None,
        calendar: Calendar | None = None,
    ) -> date:
        """Last day of the limit that starts on a day.

        For a minimum period it is the last day of the period: the act is lawful from the day after. `later` is the start of the
        second period of a rule that takes the later of two. `reading` is strict or loose, where a rule can be read in two ways.
        Raises CommandError where no version of the rule covers the start.

        >>> from ehcptime.law.book import LAW
        >>> LAW["plan_final"].due(date(2025, 4, 2))
        datetime.date(2025, 8, 20)
        """
        version = self.version(start)
        if version is None:
            raise CommandError(
                f"rule {self.id!r} has no version in force on {start}: use a date from {self.versions[0].first}"
            )
        limit = self._limit(version, version.read(reading))
        days = np.array([[day_number(start)]], dtype=np.int32)
        dates = {}
        if limit.later is not None:
            dates[limit.later.start] = np.array(
                [NOT_YET if later is None else day_number(later)], dtype=np.int32
            )
        due = to_date(due_days([limit], days, days, dates=dates, calendar=calendar)[0, 0])
        if due is None:
            raise CommandError(
                f"rule {self.id!r} cannot be worked out from {start} alone: give `later`, or an earlier day"
            )
        return due

    def limits(self) -> tuple[Limit, ...]:
        """The rule as the engine wants it; neighbouring versions that count alike become one limit."""
        merged: list[Limit] = []
        for version in self.versions:
            limit = self._limit(version, version.length)
            if merged and _same_arithmetic(merged[-1], limit) and merged[-1].last + 1 == limit.first:
                limit = _joined(merged.pop(), limit)
            merged.append(limit)
        return tuple(merged)

    def _limit(self, version: Version, length: Length) -> Limit:
        later = version.later_of
        return Limit(
            rule=self.id,
            start=self.start,
            done=self.done,
            length=length.number,
            unit=length.unit,
            count=version.count,
            bound=version.bound,
            first=day_number(version.first),
            last=NOT_YET if version.last is None else day_number(version.last),
            selects_on=self.start if version.selects_on == "start" else version.selects_on,
            fixed=None if version.fixed is None else (int(version.fixed[:2]), int(version.fixed[3:])),
            later=None if later is None else _later(later),
            rolls=version.rolls,
            calendar=version.calendar,
        )


def _later(second: LaterOf) -> Later:
    length = second.length
    return Later(second.start, length.number, length.unit, second.count, second.is_needed, second.shows_start)


def _same_arithmetic(one: Limit, other: Limit) -> bool:
    keys = ("length", "unit", "count", "bound", "selects_on", "fixed", "later", "rolls", "calendar")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


def _joined(earlier: Limit, later: Limit) -> Limit:
    return Limit(**{**{k: getattr(later, k) for k in Limit.__slots__}, "first": earlier.first})
