"""Positions: what most commands are asked about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.frames import Frame
from ehcptime.cli.headings import head
from ehcptime.cli.reading import progress, read, tell
from ehcptime.cli.screen import quietly
from ehcptime.errors import InputError


@dataclass(frozen=True)
class Source:
    """An extract, read, and whether it may be asked about a day after its own."""

    extract: Any
    after_extract: bool = field(default=False, kw_only=True)

    def check_reach(self, as_at: date) -> None:
        """Refuse a day after that of the extract, unless it is allowed."""
        if not self.after_extract:
            try:
                self.extract.check_day(as_at)
            except InputError as refused:
                raise InputError(f"{refused}, or --after-extract") from None


@dataclass(frozen=True)
class Position(Source):
    """An extract, read and tracked at a day: what a question is asked of."""

    as_at: date
    how: Mapping[str, Any] = field(default_factory=dict)

    def another(self, path: Path, as_at: date | None = None) -> "Position":
        """Read another extract as this one was read; without a day at that of the extract, or else the day before this one's."""
        held = read(path, **self.how)
        day = as_at or min(held.extracted_on or self.as_at - timedelta(days=1), self.as_at)
        return _opened(Position(held, day, self.how, after_extract=self.after_extract))

    @cached_property
    def cases(self) -> Frame:
        """The tracked cases."""
        held = self.extract
        return ehc.track(held.cases, as_at=self.as_at, exemptions=self.claims, closures=held.closures)

    @property
    def claims(self) -> Frame:
        """The claims of exemption; none where the extract holds none, for then nobody can say what stands behind an exception."""
        return self.extract.exemptions if len(self.extract.exemptions) else None

    @cached_property
    def advice(self) -> Frame:
        """The tracked askings for advice."""
        return ehc.track_advice(self.extract.advice, as_at=self.as_at, cases=self.extract.cases)

    @cached_property
    def problems(self) -> Frame:
        """What `check` finds in the extract."""
        held = self.extract
        return ehc.check(
            held.cases,
            as_at=self.as_at,
            advice=held.advice,
            exemptions=held.exemptions,
            closures=held.closures,
            unread=held.unread,
        )

    def rows_of(self, measure: str) -> Frame:
        """What a measure counts: cases, or askings for advice."""
        return self.advice if known(measure).family == "advice" else self.cases

    def beside(self, measure: str) -> Frame:
        """The askings, where a measure of cases needs them."""
        return self.advice if known(measure).family == "all_advice" else None


class Examined(Position):
    """The same for a command that names every column and row that was not read whole."""


def known(measure: str) -> Any:
    """Find a measure by its id, or say which was meant."""
    return ehc.MEASURES[measure]


def position(
    extract: options.Folder,
    as_at: options.AsAt,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
    after_extract: options.AfterExtract = False,
) -> Position:
    """Read an extract for a question about one day, and say on standard error what the position rests on."""
    held = read(extract, mapping, order, earlier, key)
    how = {"mapping": mapping, "order": order}
    return _opened(Position(held, as_at, how, after_extract=after_extract))


@wraps(position)
def examined(**given: Any) -> Examined:
    """Read an extract as for any position, and name on standard error what was not read whole, where others count it."""
    with progress(given["extract"]), quietly(True):
        found = position(**given)
    tell(found.extract)
    head(found.extract, found.as_at)
    return Examined(found.extract, found.as_at, found.how, after_extract=found.after_extract)


def _opened(found: Position) -> Position:
    """Refuse a day that the extract does not reach, unless it is allowed, and say what the position rests on."""
    found.check_reach(found.as_at)
    head(found.extract, found.as_at)
    return found


def source(
    extract: options.Folder,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
    after_extract: options.AfterExtract = False,
) -> Source:
    """Read an extract for a question that rebuilds positions by itself."""
    return Source(read(extract, mapping, order, earlier, key), after_extract=after_extract)
