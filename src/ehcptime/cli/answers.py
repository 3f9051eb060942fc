"""Answers: where a table goes, what stands beside it, and what is hidden in it before it goes to the public."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import ehcptime as ehc
from ehcptime.cli import options
from ehcptime.cli.frames import ROWS_SHOWN, Frame, show, write_sheets
from ehcptime.cli.record import Asked, Record
from ehcptime.cli.screen import note, say
from ehcptime.records.saving import save_text

_ABOUT = ("measure", "cohort", "as_at", "rule_book")  # on every row of a table, and not wanted on a screen
_ONE = "table"
_SCREEN = "on a screen"
_ALONE = (
    "small numbers are hidden in this answer alone: what is published together with others must be hidden together, "
    "which ehcptime.suppress and the report do"
)


@dataclass(frozen=True)
class Answer:
    """Where an answer goes: to the screen, to a file or out as JSON, which nothing else on standard output may break.

    Where there is a `record` every number that goes out has a reference.
    """

    out: Path | None
    json: bool
    audience: options.AudienceName = "internal"
    record: Record | None = None
    name: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether the whole table is wanted, and not what fits on a screen."""
        return self.json or self.out is not None

    def rests_on(self, as_at: date | None = None, **sources: Any) -> None:
        """Note what the answer rests on besides the extract: other extracts, files as their bytes; and its day."""
        if self.record is not None:
            self.record.rests_on(as_at, **sources)

    def refers(self, **asked: Any) -> Any:
        """Note what is asked of a page, and give what gives its rows their references; nothing where none are kept."""
        if self.record is None:
            return None
        self.record.asks(**asked)
        return lambda table, name, labels: self.named(name).refer(table, labels=labels)["ref"].tolist()

    def save_page(self, text: str, place: Path) -> None:
        """Save a page, whole or not at all; not where the command is only repeated."""
        if self.record is None or not self.record.is_again:
            save_text(text, place)

    def fit(self, tables: Mapping[str, Frame]) -> Mapping[str, Frame]:
        """Make tables that go out together fit for the audience."""
        if self.audience == "public":
            note(f"ehcptime: note: {_ALONE}")
        return ehc.for_audience(tables, audience=self.audience)

    def show(
        self,
        table: Frame,
        *,
        screen: Frame = None,
        rows: int = ROWS_SHOWN,
        asked: Asked | None = None,
        labels: Sequence[str] | None = None,
    ) -> None:
        """Give out a table; `screen` is what stands on the screen instead of it, for whoever may see all of it.

        `asked` is the question of the library that it answers, if it is one that can be traced there; `labels` are the columns that
        say what a row is about, where these are not its words.
        """
        if self.audience == "public":
            shown = [] if screen is None or self.is_whole else list(screen)
            table, rows = self.fit({_ONE: table})[_ONE], len(table)
            screen = table[shown] if shown and set(shown) <= set(table) else None
        if self.record is None:
            self.give(table, screen=screen, rows=rows)
        elif self.is_whole or screen is None or asked is not None or _is_part(screen, table):
            full = self.refer(table, asked=asked, labels=labels)
            is_part = screen is not None and _is_part(screen, table)
            part = full.loc[screen.index, ["ref", *screen]] if is_part else None
            self.give(full, screen=part, rows=rows)
        else:
            self.give(self.named(f"{self.name} {_SCREEN}".strip()).refer(screen, labels=labels), rows=rows)

    def refer(
        self, table: Frame, *, asked: Asked | None = None, labels: Sequence[str] | None = None
    ) -> Frame:
        """Give a table that is fit for the audience its references; where none are kept, leave it as it is."""
        if self.record is None:
            return table
        return self.record.enter(table, name=self.name, asked=asked, labels=labels)

    def give(self, table: Frame, *, screen: Frame = None, rows: int = ROWS_SHOWN) -> None:
        """Give out a table that is fit for the audience."""
        if not self.is_whole:
            table = table if screen is None else screen
            table = table.drop(columns=[name for name in _ABOUT if name in table])
        show(table, self.out, rows=rows, json=self.json)

    def show_sheets(self, table: Frame, sheets: Mapping[str, Frame]) -> Mapping[str, Frame]:
        """Give out a table, or in a workbook the sheets instead of it; return these with their references."""
        given = {name: self.named(name).refer(sheet) for name, sheet in sheets.items()}
        if self.out is not None and self.out.suffix.lower() == ".xlsx":
            write_sheets(given, self.out)
        else:
            self.show(table)
        return given

    def show_noted(self, table: Frame, names: list[str], *, without: tuple[str, ...] = ()) -> None:
        """Give out a table; on the screen its notes stand below it, behind the names that their rows go by."""
        self.show(table, screen=table.drop(columns=[*without, "note"]), rows=len(table))
        if not self.is_whole:
            for row in table[table["note"].ne("")].to_dict("records"):
                self.say(f"{' / '.join(str(row[name]) for name in names) or 'note'}: {row['note']}")

    def named(self, name: str) -> "Answer":
        """The same for one answer of several: the name is added to that of the file."""
        if not name:
            return self
        out = None if self.out is None else self.out.with_name(f"{self.out.stem}-{name}{self.out.suffix}")
        return replace(self, out=out, name=name)

    def say(self, text: str) -> None:
        """Say a sentence with figures in it, which nobody has hidden: not to the public."""
        if self.audience != "public":
            self.state(text)

    def state(self, text: str) -> None:
        """Say a sentence with figures in it that are fit for the audience."""
        self.explain(self.cited(text))

    def cited(self, text: str) -> str:
        """Put a reference before each line of a text that has a number in it."""
        return text if self.record is None else self.record.enter_lines(text)

    def explain(self, text: str) -> None:
        """Say a sentence without figures; on standard error where the table goes out as JSON."""
        if self.json:
            note(text)
        else:
            say(text)


class Publication(Answer):
    """An answer that counts and names nobody, so that it can be made fit for the public."""


class Pack(Answer):
    """An answer of several tables that go to a folder, each to a file of its name."""

    def show_all(self, tables: Mapping[str, Frame]) -> None:
        """Write each table to its file."""
        for name, table in tables.items():
            shown = self.named(name).refer(table)
            if self.out is not None:
                show(shown, self.out / f"{name}.csv")


class Listing(Answer):
    """An answer about no caseload, such as the measures: there is no figure in it to be defended."""


def _is_part(screen: Frame, table: Frame) -> bool:
    """Whether what stands on the screen is some columns and rows of the table, and no other table."""
    return bool(set(screen) <= set(table) and screen.index.isin(table.index).all() and table.index.is_unique)


def answer(out: options.Out = None, json: options.Json = False) -> Answer:
    """Say where the answer goes."""
    return Answer(out, json)


def publication(
    out: options.Out = None, json: options.Json = False, audience: options.Audience = "internal"
) -> Publication:
    """Say where the answer goes, and for whom it is."""
    return Publication(out, json, audience)


def pack(out: options.NewFolder) -> Pack:
    """Say to which folder the answer goes."""
    return Pack(out, json=False)


def listing(out: options.Out = None, json: options.Json = False) -> Listing:
    """Say where the answer goes."""
    return Listing(out, json)
