"""Positions and answers: what most commands take in and how they give out, as options that are written once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.frames import ROWS_SHOWN, Frame, check_place, show
from ehcptime.cli.headings import head
from ehcptime.cli.reading import read
from ehcptime.cli.screen import say
from ehcptime.errors import CommandError

_ABOUT = ("measure", "cohort", "as_at", "rule_book")  # on every row of a table, and said once on the screen


@dataclass(frozen=True)
class Source:
    """An extract, read."""

    extract: Any


@dataclass(frozen=True)
class Position(Source):
    """An extract, read and tracked at a day: what a question is asked of."""

    as_at: date
    how: Mapping[str, Any] = field(default_factory=dict)

    def another(self, path: Path, as_at: date) -> "Position":
        """Read another extract as this one was read, by the same mapping and order of dates."""
        return _head(Position(read(path, **self.how), as_at, self.how))

    @cached_property
    def cases(self) -> Frame:
        """The tracked cases."""
        held = self.extract
        return ehc.track(held.cases, as_at=self.as_at, exemptions=held.exemptions, closures=held.closures)

    @cached_property
    def advice(self) -> Frame:
        """The tracked askings for advice."""
        return ehc.track_advice(self.extract.advice, as_at=self.as_at, cases=self.extract.cases)

    def rows_of(self, measure: str) -> Frame:
        """What a measure counts: cases, or askings for advice."""
        return self.advice if known(measure).family == "advice" else self.cases

    def beside(self, measure: str) -> Frame:
        """The askings, where a measure of cases needs them."""
        return self.advice if known(measure).family == "all_advice" else None


@dataclass(frozen=True)
class Answer:
    """Where an answer goes: to the screen, to a file or out as JSON, which nothing else on standard output may break."""

    out: Path | None
    json: bool

    @property
    def is_whole(self) -> bool:
        """Whether the whole table is wanted, and not what fits on a screen."""
        return self.json or self.out is not None

    def show(self, table: Frame, *, screen: Frame = None, rows: int = ROWS_SHOWN) -> None:
        """Give out a table; `screen` is what stands on the screen instead of it."""
        if not self.is_whole:
            table = table if screen is None else screen
            table = table.drop(columns=[name for name in _ABOUT if name in table])
        show(table, self.out, rows=rows, json=self.json)

    def named(self, name: str) -> "Answer":
        """The same with a name added to that of the file; one table of several goes there."""
        if self.out is None or not name:
            return self
        return Answer(self.out.with_name(f"{self.out.stem}-{name}{self.out.suffix}"), self.json)

    def show_noted(self, table: Frame, names: list[str], *, without: tuple[str, ...] = ()) -> None:
        """Give out a table; on the screen its notes stand below it, behind the names that their rows go by."""
        self.show(table, screen=table.drop(columns=[*without, "note"]), rows=len(table))
        if not self.is_whole:
            for row in table[table["note"].ne("")].to_dict("records"):
                self.say(f"{' / '.join(str(row[name]) for name in names) or 'note'}: {row['note']}")

    def say(self, text: str) -> None:
        """Say a sentence beside the table: on standard error where the table goes out as JSON."""
        if self.json:
            typer.echo(text, err=True)
        else:
            say(text)


def known(measure: str) -> Any:
    """Find a measure by its id."""
    if measure not in ehc.MEASURES:
        raise CommandError(f"there is no measure {measure!r}: use one of {', '.join(ehc.MEASURES)}")
    return ehc.MEASURES[measure]


def position(
    extract: options.Folder,
    as_at: options.AsAt,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
) -> Position:
    """Read an extract for a question about one day, and say on standard error what the position rests on."""
    held = read(extract, mapping, order, earlier, key)
    return _head(Position(held, as_at, {"mapping": mapping, "order": order}))


def _head(found: Position) -> Position:
    head(found.extract, found.as_at)
    return found


def source(
    extract: options.Folder,
    mapping: options.Mapping = None,
    order: options.Order = None,
    earlier: options.Earlier = None,
    key: options.Key = None,
) -> Source:
    """Read an extract for a question that rebuilds positions by itself."""
    return Source(read(extract, mapping, order, earlier, key))


def answer(out: options.Out = None, json: options.Json = False) -> Answer:
    """Say where the answer goes."""
    check_place(out, json=json)
    return Answer(out, json)


_MAKERS: Mapping[Any, Callable[..., Any]] = {Position: position, Source: source, Answer: answer}


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Replace each parameter of a command that is a position, a source or an answer by the options that make it."""
    own = signature(command).parameters
    makers = {name: _MAKERS[taken.annotation] for name, taken in own.items() if taken.annotation in _MAKERS}
    taken_by = {name: list(signature(maker).parameters) for name, maker in makers.items()}

    @wraps(command)
    def run(**given: Any) -> None:
        made = {
            name: maker(**{option: given.pop(option) for option in taken_by[name]})
            for name, maker in makers.items()
        }
        command(**made, **given)

    every = [
        option
        for name, taken in own.items()
        for option in (signature(makers[name]).parameters.values() if name in makers else [taken])
    ]
    named = [option.replace(kind=Parameter.KEYWORD_ONLY) for option in every]
    run.__signature__ = Signature(named)  # type: ignore[attr-defined]
    run.__annotations__ = {option.name: option.annotation for option in named}
    return run
