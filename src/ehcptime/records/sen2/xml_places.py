"""Where the elements of a SEN2 return belong: the record of each, its number, and what ties it to other records."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehcptime.records.sen2.xml_blocks import MODULES_OF_XML, Level, Refused, Tags

_DEEPEST = 10  # modules inside modules; a return has five
_NONE = len(MODULES_OF_XML)  # where there is no module

Numbers = NDArray[np.int64]


class Records(NamedTuple):
    """The records among some elements.

    `modules`, `numbers` and `ties` have a row for each record and one more, the last, for what is in none. A number
    counts the records of one module in the order of the file; `ties` has a column for each module, with the number of
    the nearest record of it. `owners` has for each level the record that each element is in, and `positions` its place
    in the file. `before` and `after` are the records of each module before these, and with them.
    """

    modules: Numbers
    numbers: Numbers
    ties: Numbers
    owners: list[Numbers]
    positions: list[Numbers]
    before: Numbers
    after: Numbers

    def ties_of(self, module: str) -> Numbers:
        """Give the ties of the records of a module, in the order of the file."""
        chosen = np.flatnonzero(self.modules == MODULES_OF_XML.index(module))
        ties: Numbers = self.ties[chosen[np.argsort(self.numbers[chosen])]]
        return ties


class Cells(NamedTuple):
    """The texts of one tag in the records of one module, by number, and the row of each.

    Outside of records `module` is empty, and the rows are places in the file.
    """

    module: str
    tag: str
    name: str
    rows: Numbers
    texts: Numbers


def records_of(levels: list[Level], tags: Tags, counts: Mapping[str, int]) -> Records:
    """Find the records among elements; `counts` are the records of each module that came before.

    Raises:
        Refused: records are nested deeper than any return has them.
    """
    kinds = [_kinds(tags)[np.asarray(level.tags)] for level in levels]
    children = [np.asarray(level.children).astype(np.int64) for level in levels]
    modules = np.concatenate([kind[kind < _NONE] for kind in kinds])
    positions = _positions(children)
    found = [position[kind < _NONE] for position, kind in zip(positions, kinds, strict=True)]
    before = np.array([counts[name] for name in MODULES_OF_XML])
    numbers = _numbered(modules, np.concatenate(found), before)
    owners, ties = _tied(kinds, children, modules, numbers)
    after = before + np.bincount(modules, minlength=_NONE)
    return Records(np.append(modules, _NONE), np.append(numbers, 0), ties, owners, positions, before, after)


def _kinds(tags: Tags) -> Numbers:
    """Give the place of each tag's module among the modules."""
    places = {name: place for place, name in enumerate(MODULES_OF_XML)}
    return np.array([places.get(name, _NONE) for name in tags.names], dtype=np.int64)


def _positions(children: list[Numbers]) -> list[Numbers]:
    """Give the place of each element in the order of the file."""
    sizes = [np.zeros(0, dtype=np.int64)]  # of what each element holds, itself among it
    for counts in reversed(children):
        ends, total = np.cumsum(counts), np.append(0, np.cumsum(sizes[0]))
        sizes.insert(0, 1 + total[ends] - total[ends - counts])
    places = [np.cumsum(sizes[0]) - sizes[0]]
    for counts, inner in zip(children[:-1], sizes[1:], strict=False):
        earlier = np.cumsum(inner) - inner
        firsts = np.append(0, np.cumsum(inner))[np.cumsum(counts) - counts]
        places.append(np.repeat(places[-1] + 1 - firsts, counts) + earlier)
    return places


def _numbered(modules: Numbers, positions: Numbers, before: Numbers) -> Numbers:
    """Count the records of each module in the order of the file."""
    order = np.lexsort((positions, modules))
    starts = np.searchsorted(modules[order], np.arange(_NONE))
    numbers = np.empty(len(modules), dtype=np.int64)
    numbers[order] = np.arange(1, len(modules) + 1) + (before - starts)[modules[order]]
    return numbers


def _tied(
    kinds: list[Numbers], children: list[Numbers], modules: Numbers, numbers: Numbers
) -> tuple[list[Numbers], Numbers]:
    """Give the record that each element is in, and the ties of each record."""
    ties = np.zeros((len(modules) + 1, _NONE), dtype=np.int64)
    depths = np.zeros(len(modules) + 1, dtype=np.int64)
    owners = [np.full(len(kinds[0]), -1, dtype=np.int64)]
    first = 0
    for kind, counts in zip(kinds, children, strict=True):
        found = np.flatnonzero(kind < _NONE)
        records = np.arange(first, first + len(found))
        first += len(found)
        outer = owners[-1][found]
        ties[records], depths[records] = ties[outer], depths[outer] + 1
        ties[records, modules[records]] = numbers[records]
        _refuse_deep(depths, modules, numbers)
        inside = owners[-1].copy()
        inside[found] = records
        owners.append(np.repeat(inside, counts))
    return owners[:-1], ties


def _refuse_deep(depths: Numbers, modules: Numbers, numbers: Numbers) -> None:
    deepest = int(np.argmax(depths))
    if depths[deepest] > _DEEPEST + 1:
        module = MODULES_OF_XML[modules[deepest]]
        raise Refused(f"nests records more than {_DEEPEST} deep", module, int(numbers[deepest]))


def cells_of(levels: list[Level], records: Records, tags: Tags) -> Iterator[Cells]:
    """Give the texts of the elements that hold nothing else, by the module that they are in and their tag."""
    keys, rows, texts = (np.concatenate(parts) for parts in zip(*_leaves(levels, records, tags), strict=True))
    order = np.argsort(keys, kind="stable")
    keys, rows, texts = keys[order], rows[order], texts[order]
    edges = [*np.flatnonzero(np.diff(keys, prepend=-1)).tolist(), len(keys)]
    for start, end in pairwise(edges):
        module, tag = divmod(int(keys[start]), len(tags))
        name = MODULES_OF_XML[module] if module < _NONE else ""
        yield Cells(name, tags.shown[tag], tags.names[tag], rows[start:end], texts[start:end])


def _leaves(
    levels: list[Level], records: Records, tags: Tags
) -> Iterator[tuple[NDArray[np.uint16], Numbers, Numbers]]:
    """Give for each level the elements that hold a text alone: module and tag as one number, row, and text."""
    kinds = _kinds(tags)
    before = np.append(records.before, 0)
    for level, owners, positions in zip(levels, records.owners, records.positions, strict=True):
        codes = np.asarray(level.tags)
        leaf = (np.asarray(level.children) == 0) & (kinds[codes] == _NONE)
        owner = owners[leaf]
        modules = records.modules[owner]
        keys = (modules * len(tags) + codes[leaf]).astype(np.uint16)  # small, so that they are soon sorted
        rows = np.where(modules == _NONE, positions[leaf], records.numbers[owner] - before[modules] - 1)
        yield keys, rows, np.asarray(level.texts)[leaf].astype(np.int64)
