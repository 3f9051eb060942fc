"""Answers: where a table goes, what stands beside it, and what is hidden in it before it goes to the public."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import typer

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.frames import ROWS_SHOWN, Frame, show
from ehcptime.cli.screen import say

_ABOUT = ("measure", "cohort", "as_at", "rule_book")  # on every row of a table, and not wanted on a screen
_ONE = "table"
_ALONE = (
    "small numbers are hidden in this answer alone: what is published together with others must be hidden together, "
    "which ehcptime.suppress and the report do"
)


@dataclass(frozen=True)
class Answer:
    """Where an answer goes: to the screen, to a file or out as JSON, which nothing else on standard output may break."""

    out: Path | None
    json: bool
    audience: options.AudienceName = "internal"

    @property
    def is_whole(self) -> bool:
        """Whether the whole table is wanted, and not what fits on a screen."""
        return self.json or self.out is not None

    def fit(self, tables: Mapping[str, Frame]) -> Mapping[str, Frame]:
        """Make tables that go out together fit for the audience."""
        if self.audience == "public":
            typer.echo(f"ehcptime: note: {_ALONE}", err=True)
        return ehc.for_audience(tables, audience=self.audience)

    def show(self, table: Frame, *, screen: Frame = None, rows: int = ROWS_SHOWN) -> None:
        """Give out a table; `screen` is what stands on the screen instead of it, for whoever may see all of it."""
        if self.audience == "public":
            shown = [] if screen is None or self.is_whole else list(screen)
            table, screen, rows = self.fit({_ONE: table})[_ONE], None, len(table)
            table = table[shown] if shown and set(shown) <= set(table) else table
        self.give(table, screen=screen, rows=rows)

    def give(self, table: Frame, *, screen: Frame = None, rows: int = ROWS_SHOWN) -> None:
        """Give out a table that is fit for the audience."""
        if not self.is_whole:
            table = table if screen is None else screen
            table = table.drop(columns=[name for name in _ABOUT if name in table])
        show(table, self.out, rows=rows, json=self.json)

    def show_noted(self, table: Frame, names: list[str], *, without: tuple[str, ...] = ()) -> None:
        """Give out a table; on the screen its notes stand below it, behind the names that their rows go by."""
        self.show(table, screen=table.drop(columns=[*without, "note"]), rows=len(table))
        if not self.is_whole:
            for row in table[table["note"].ne("")].to_dict("records"):
                self.say(f"{' / '.join(str(row[name]) for name in names) or 'note'}: {row['note']}")

    def named(self, name: str) -> "Answer":
        """The same with a name added to that of the file; one table of several goes there."""
        if self.out is None or not name:
            return self
        return replace(self, out=self.out.with_name(f"{self.out.stem}-{name}{self.out.suffix}"))

    def say(self, text: str) -> None:
        """Say a sentence with figures in it, which nobody has hidden: not to the public."""
        if self.audience != "public":
            self.explain(text)

    def explain(self, text: str) -> None:
        """Say a sentence without figures; on standard error where the table goes out as JSON."""
        if self.json:
            typer.echo(text, err=True)
        else:
            say(text)


class Publication(Answer):
    """An answer that counts and names nobody, so that it can be made fit for the public."""


def answer(out: options.Out = None, json: options.Json = False) -> Answer:
    """Say where the answer goes."""
    return Answer(out, json)


def publication(
    out: options.Out = None, json: options.Json = False, audience: options.Audience = "internal"
) -> Publication:
    """Say where the answer goes, and for whom it is."""
    return Publication(out, json, audience)
