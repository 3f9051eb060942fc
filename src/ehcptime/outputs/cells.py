"""Cells: every count of a set of tables, by what it counts and for whom, so that one count printed twice is one cell."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.additions import PAIRS, PROBLEM
from ehcptime.outputs.labels import Key, keys_of
from ehcptime.outputs.roles import Roles, numbers_in, roles_of
from ehcptime.outputs.shares import pair_of, products


class Concept(NamedTuple):
    """What is counted: the column, and the measure or line that it belongs to; `as_at` where a set has several."""

    column: str
    of: str
    as_at: str


class Place(NamedTuple):
    """Where a count is printed."""

    table: str
    row: int
    column: str


@dataclass
class Cell:
    """One count. `value` is None where it is a marker already; `places` are all the places where it is printed.

    What is worked out from a percentage does not add up with anything but its denominator.
    """

    concept: Concept
    key: Key
    value: int | None
    places: list[Place] = field(default_factory=list)
    adds_up: bool = True


class Pair(NamedTuple):
    """The places of the numerator and the denominator of a percentage in one row."""

    numerator: Place
    denominator: Place


@dataclass(frozen=True)
class Cells:
    """The cells of a set of tables, in an order that does not depend on that of tables or rows."""

    cells: list[Cell]
    at: Mapping[Place, int]
    slices: Mapping[tuple[str, Concept, tuple[str, ...]], Mapping[Key, int]]  # by table and names of labels
    pairs: list[Pair]
    roles: Mapping[str, Roles]


def cells_of(tables: Mapping[str, pd.DataFrame], counts: Collection[str] = ()) -> Cells:
    """Read the counts of a set of tables. `counts` names columns that are counts though every cell in them is hidden.

    A table with a percentage and no numerator still gives it: `round(percent * denominator / 100)` is a cell, printed in the place of
    the percentage. Raises InputError for a table that cannot be published, or whose counts are below 0.

    >>> table = pd.DataFrame({"team": ["a", "all"], "open": [3, 9]})
    >>> [(cell.key, cell.value) for cell in cells_of({"backlog": table}).cells]
    [((), 9), ((('team', 'a'),), 3)]
    """
    roles = {name: roles_of(frame, name, counts) for name, frame in tables.items()}
    days = {day for frame in tables.values() for day in days_of(frame)}
    printed = [
        cell
        for name, frame in tables.items()
        for cell in _printed(frame, name, roles[name], several_days=len(days) > 1)
    ]
    return _collected(printed, roles, _pairs(tables, roles))


def _collected(printed: Iterable[Cell], roles: Mapping[str, Roles], pairs: list[Pair]) -> Cells:
    merged: dict[Any, Cell] = {}
    for number, cell in enumerate(printed):
        # Two rows that look alike and are not, and counts that nobody can compare, stay apart.
        same = (cell.concept, cell.key, cell.value) if cell.value is not None else number
        merged.setdefault(
            same, Cell(cell.concept, cell.key, cell.value, adds_up=cell.adds_up)
        ).places += cell.places
    cells = sorted(merged.values(), key=_order)
    at = {place: number for number, cell in enumerate(cells) for place in cell.places}
    return Cells(cells, at, _slices(cells), pairs, roles)


def _order(cell: Cell) -> Any:
    named = sorted((place.table, place.column) for place in cell.places)
    return cell.concept, cell.key, -1 if cell.value is None else cell.value, named


def _slices(cells: list[Cell]) -> dict[tuple[str, Concept, tuple[str, ...]], dict[Key, int]]:
    slices: dict[tuple[str, Concept, tuple[str, ...]], dict[Key, int]] = {}
    for number, cell in enumerate(cells):
        for table in sorted({place.table for place in cell.places if cell.adds_up}):
            names = tuple(name for name, _ in cell.key)
            slices.setdefault((table, cell.concept, names), {})[cell.key] = number
    return slices


def _printed(frame: pd.DataFrame, table: str, roles: Roles, *, several_days: bool) -> list[Cell]:
    keys = keys_of(frame, roles("label"))
    cells = []
    for column in roles("count"):
        context = _context(frame, column, several_days=several_days)
        for row, value in enumerate(_whole(frame[column], column, table)):
            place = Place(table, row, column)
            cells.append(Cell(Concept(column, *context[row]), keys[row], value, [place]))
    return cells + _derived(frame, table, roles)


def _derived(frame: pd.DataFrame, table: str, roles: Roles) -> list[Cell]:
    """Numerators that a percentage and its denominator give away."""
    keys = keys_of(frame, roles("label"))
    return [
        Cell(Concept(column, table, ""), keys[row], value, [Place(table, row, column)], adds_up=False)
        for column in roles("percent")
        for numerator, denominator in [pair_of(frame, column, roles)]
        if numerator == column and denominator is not None
        for row, value in enumerate(products(frame, column, denominator))
    ]


def _pairs(tables: Mapping[str, pd.DataFrame], roles: Mapping[str, Roles]) -> list[Pair]:
    pairs = []
    for name, frame in tables.items():
        found = {pair_of(frame, column, roles[name]) for column in roles[name]("percent")}
        found |= {pair for pair in PAIRS if set(pair) <= set(roles[name]("count"))}
        for numerator, denominator in sorted(pair for pair in found if pair[1] is not None):
            pairs += [
                Pair(Place(name, row, numerator), Place(name, row, str(denominator)))
                for row in range(len(frame))
            ]
    return pairs


def days_of(frame: pd.DataFrame) -> list[str]:
    """Give `as_at` of each row, as written in a file, whatever type holds it; none where the table has no such column."""
    return [str(day)[:10] for day in frame["as_at"]] if "as_at" in frame else []


def _whole(values: "pd.Series[Any]", column: str, table: str) -> list[int | None]:
    numbers = numbers_in(values)
    if numbers is None:
        return [None] * len(values)
    if (numbers < 0).any():
        raise InputError(
            f"column {column!r} of table {table!r} holds a count below 0: publish counts, not changes"
        )
    return [None if pd.isna(value) else int(value) for value in numbers]


def _context(frame: pd.DataFrame, column: str, *, several_days: bool) -> list[tuple[str, str]]:
    """Measure, line, or what a line is out of; and the day."""
    source = next((name for name in _sources(column) if name in frame), None)
    of = frame[source].astype(str).tolist() if source else [""] * len(frame)
    days = days_of(frame) if several_days and "as_at" in frame else [""] * len(frame)
    return list(zip(of, days, strict=True))


def _sources(column: str) -> tuple[str, ...]:
    return {"of": ("out_of",), "count": ("line",), "rows": PROBLEM[-1:]}.get(column, ("measure",))
