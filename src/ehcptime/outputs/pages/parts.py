"""The parts of a page: sections, tables and pictures, before they are HTML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from ehcptime.outputs.markers import is_marker
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import period_words, said
from ehcptime.outputs.references import COLUMN as REFERENCE

Tables = Mapping[str, pd.DataFrame]


class Sentence(NamedTuple):
    """A sentence and the references of the rows that its numbers are from."""

    text: str
    refs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.text} [{', '.join(self.refs)}]" if self.refs else self.text

    @classmethod
    def of(cls, text: str, *rows: Mapping[Any, Any]) -> "Sentence":
        """Say where a sentence is from; rows that have no reference add none."""
        return cls(text, tuple(dict.fromkeys(str(row[REFERENCE]) for row in rows if REFERENCE in row)))


class Cell(NamedTuple):
    """A cell as it is printed."""

    text: str
    is_number: bool
    is_reference: bool = False


@dataclass(frozen=True)
class Table:
    """A table as it is printed: a caption, headings, and rows of cells, the first of which heads its row."""

    name: str
    caption: str
    headings: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str = "There is nothing to show."


@dataclass(frozen=True)
class Picture:
    """A chart as safe markup, the sentence that it shows, and the table of its numbers, which is printed under it."""

    svg: str
    finding: str
    table: Table


@dataclass(frozen=True)
class Section:
    """A section of a page. `terms` are figures with their definitions, in pairs."""

    name: str
    title: str
    paragraphs: tuple[str | Sentence, ...] = ()
    terms: tuple[tuple[str | Sentence, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()


def nothing_more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - most sections print what is published
    """No table but those that are published."""
    return {}


class Maker(NamedTuple):
    """How a section is made: its tables, from the run; from these as published, what else it prints; and from both, its parts.

    Tables are published as one set and kept for next time. Those of `more` are worked out from the published ones, or are no counts
    of children: a forecast, say. Both have references when they come to `section`.
    """

    tables: Callable[[Run], dict[str, pd.DataFrame]]
    section: Callable[[Run, Tables], Section | None]
    more: Callable[[Run, Tables], dict[str, pd.DataFrame]] = nothing_more


def table_of(name: str, caption: str, frame: pd.DataFrame, headings: Mapping[str, str]) -> Table:
    """Print some columns of a frame under other headings, and its references last; periods are said in words, and columns that it lacks are left out."""
    headings = {**headings, REFERENCE: "Reference"}
    columns = [column for column in headings if column in frame]
    printed = [_cells(frame[column]) for column in columns]
    rows = tuple(zip(*printed, strict=True)) if columns else ()
    over = tuple(
        Cell(headings[column], _is_numbers(frame[column]), column == REFERENCE) for column in columns
    )
    return Table(name, caption, over, rows)


def _cells(values: "pd.Series[Any]") -> list[Cell]:
    in_words = period_words if values.name == "period" else str
    is_number = _is_numbers(values)
    return [Cell(in_words(said(value)), is_number, values.name == REFERENCE) for value in values]


def _is_numbers(values: "pd.Series[Any]") -> bool:
    """Whether a column is set as numbers: it holds one, or nothing but markers in the place of some."""
    return any(pd.api.types.is_number(value) and not pd.api.types.is_bool(value) for value in values) or (
        len(values) > 0 and all(is_marker(value) for value in values)
    )
