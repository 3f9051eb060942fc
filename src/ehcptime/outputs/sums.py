"""Sums: how counts that are about the same children add up, side by side in a row or in different tables."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ehcptime.outputs.additions import EVERYONE, PAIRS, PROBLEM, SUMS, TOTALS, Sum
from ehcptime.outputs.cells import Cell, Cells, Concept
from ehcptime.outputs.handovers import Numbers, add_chains, over_periods
from ehcptime.outputs.labels import Key
from ehcptime.outputs.margins import Margins, Name, Terms
from ehcptime.questions.measures import MEASURES

_UNKNOWN_OUTSIDE = frozenset(name for name, measure in MEASURES.items() if not measure.unknown_in_denominator)
_LINES = 3  # rows in which unnamed columns must add up before that is more than chance


def add_sums(margins: Margins, cells: Cells) -> None:
    """Add what is known of the columns of each table: shares, the sums of our own answers, totals beside their parts, stocks."""
    _shares(margins, cells)
    _sums(margins, cells)
    _runs(margins, cells)
    add_chains(margins, cells)
    _bands(margins, cells)


def _shares(margins: Margins, cells: Cells) -> None:
    """Numerator and rest are the denominator."""
    for pair in cells.pairs:
        part = cells.at.get(pair.numerator)
        if part is not None:  # a percentage with nothing but markers is no cell
            margins.equal({cells.at[pair.denominator]: 1, part: -1}, rest=True)


def _sums(margins: Margins, cells: Cells) -> None:
    """Sums that our own answers are known to keep, between cells that are about the same rows."""
    alike: dict[tuple[Key, str], dict[Name, Numbers]] = defaultdict(dict)
    for number, cell in enumerate(cells.cells):
        alike[about(cell), cell.concept.as_at][cell.concept.column, cell.concept.of] = (number,)
    for there in alike.values():
        add_all(margins, there)
        _everyone(margins, there)
    for (key, day), summed in over_periods(cells).items():
        add_all(margins, {**summed, **alike.get((key, day), {})})


def _everyone(margins: Margins, there: Mapping[Name, Numbers]) -> None:
    """Counts that together are all cases of a group are equal, whichever measure or question they come from."""
    found: dict[int, list[int]] = {}
    for of in sorted({of for _, of in there}):
        for names in EVERYONE:
            outside = ["unknown"] if "denominator" in names and of in _UNKNOWN_OUTSIDE else []
            counts = [there.get(_concept(name, of)) for name in (*names, *outside)]
            numbers = [number for count in counts if count is not None for number in count]
            total = margins.total(terms_of(numbers, []))
            if total and None not in counts:
                margins.equal(terms_of(found.setdefault(total, numbers), numbers))


def add_all(margins: Margins, there: Mapping[Name, Numbers]) -> None:
    """Add the known sums of counts that are about the same children; each is one printed count, or the sum of several."""
    for of in sorted({of for _, of in there}):
        _add(margins, there, _plain(of), of)
    _add(margins, there, [rule for rule in SUMS if "@" in rule.whole[0]], "")


def _plain(of: str) -> Iterator[Sum]:
    yield from (rule for rule in SUMS if "@" not in rule.whole[0])
    yield from (Sum((whole,), (part,), rest=True) for part, whole in PAIRS)
    if of not in _UNKNOWN_OUTSIDE:
        yield Sum(("denominator",), ("numerator", "unknown"), rest=True)


def _add(margins: Margins, there: Mapping[Name, Numbers], rules: Iterable[Sum], of: str) -> None:
    for rule in rules:
        whole = [there.get(_concept(name, of)) for name in rule.whole]
        parts = [there.get(_concept(name, of)) for name in rule.parts]
        printed = [number for part in parts if part is not None for number in part]
        if None in whole or not printed or (None in parts and not rule.rest):
            continue
        wholes = [number for count in whole if count is not None for number in count]
        margins.equal(terms_of(wholes, printed), rest=rule.rest)


def _concept(name: str, of: str) -> tuple[str, str]:
    column, _, context = name.partition("@")
    return column, context or of


def terms_of(plus: Iterable[int], minus: Iterable[int]) -> Terms:
    """Some counts less others."""
    terms: Terms = defaultdict(int)
    for number in plus:
        terms[number] += 1
    for number in minus:
        terms[number] -= 1
    return dict(terms)


def _runs(margins: Margins, cells: Cells) -> None:
    """Columns of one table that are the sum of columns side by side, in every row."""
    for table, roles in cells.roles.items():
        rows = _rows(cells, table, roles("count"))
        values = np.array([[_or_nan(margins.values[number]) for number in row] for row in rows], dtype=float)
        if len(rows):
            for whole, first, last in _adding(values, roles("count")):
                for row in rows:
                    margins.equal(terms_of([row[whole]], row[first:last]))


def _or_nan(value: int | None) -> float:
    return np.nan if value is None else value


def _rows(cells: Cells, table: str, columns: Sequence[str]) -> list[list[int]]:
    by_row: dict[int, dict[str, int]] = defaultdict(dict)
    for place, number in cells.at.items():
        if place.table == table:
            by_row[place.row][place.column] = number
    return [[row[column] for column in columns] for _, row in sorted(by_row.items())]


def _adding(values: npt.NDArray[np.float64], columns: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Wholes and their runs; in fewer rows than a few, only if the whole has the name of a total."""
    upto = np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1)
    for whole, column in enumerate(columns):
        if column.casefold() not in TOTALS and (values[:, whole] > 0).sum() < _LINES:
            continue
        for first, last in combinations(range(len(columns) + 1), 2):
            is_run = last - first > 1 and not first <= whole < last
            if is_run and (upto[:, last] - upto[:, first] == values[:, whole]).all():
                yield whole, first, last


def about(cell: Cell) -> Key:
    """Whom a count is about: what names a problem in the record is what is counted, and no group."""
    return tuple(label for label in cell.key if cell.concept.column != "rows" or label[0] not in PROBLEM)


def _bands(margins: Margins, cells: Cells) -> None:
    """Open cases over a number of weeks are those of the bands of weeks from it on."""
    bands: dict[tuple[Key, str], dict[str, int]] = defaultdict(dict)
    for number, cell in enumerate(cells.cells):
        labels = dict(cell.key)
        band = labels.pop("age_band", None)
        if band and cell.concept.column == "open":
            bands[tuple(sorted(labels.items())), cell.concept.as_at][band] = number
    for number, cell in enumerate(cells.cells):
        older = _from(cell.concept, bands.get((cell.key, cell.concept.as_at), {}))
        if older:
            margins.equal(terms_of([number], older))


def _from(concept: Concept, bands: Mapping[str, int]) -> list[int]:
    """The bands of weeks that a count of open cases is the sum of; none for other counts."""
    if concept.column == "unknown_age":
        return [bands["unknown"]] if "unknown" in bands else []
    over = re.fullmatch(r"(?:open_)?over_(\d+)wk", concept.of or concept.column)
    starts = {int(start.group()): band for text, band in bands.items() if (start := re.match(r"\d+", text))}
    weeks = int(over.group(1)) if over and concept.column != "denominator" else None
    return [band for start, band in starts.items() if start >= weeks] if weeks in starts else []
