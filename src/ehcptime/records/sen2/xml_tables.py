"""The elements of a SEN2 return put into the columns of its modules, many thousands at a time."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehcptime.records.personal import plain
from ehcptime.records.sen2.modules import MODULES, Module
from ehcptime.records.sen2.xml_blocks import MODULES_OF_XML, Elements, Refused, Tags
from ehcptime.records.sen2.xml_places import Cells, Numbers, Records, cells_of, records_of

_TIES = ("persontableid", "requeststableid", "assessmenttableid", "namedplantableid", "activeplanstableid")


class _Column(NamedTuple):
    """The cells of a column for some records, and how often the file gives each.

    A cell is the number of a text, or that of the record that it ties its own to, below zero.
    """

    cells: NDArray[np.int32]
    given: NDArray[np.int32]


class _Kept:
    """The texts that are kept from some elements, each by its number among all that are kept from the file."""

    def __init__(self, texts: list[str], numbers: dict[str, int]) -> None:
        self._texts, self._numbers = texts, numbers
        self._places = np.full(len(texts), -1, dtype=np.int32)
        self._filled = np.array(list(map(bool, texts)))

    def filled(self, texts: Numbers) -> int:
        """Count the texts that hold something."""
        return int(np.count_nonzero(self._filled[texts]))

    def of(self, texts: Numbers) -> NDArray[np.int32]:
        """Give the numbers of texts among all that are kept."""
        used = np.bincount(texts, minlength=len(self._texts)) > 0
        for text in np.flatnonzero(used & (self._places < 0)).tolist():
            self._places[text] = self._numbers.setdefault(self._texts[text], len(self._numbers))
        kept: NDArray[np.int32] = self._places[texts]
        return kept


class Tables:
    """The rows of each module as text, and how many cells of each unused tag hold something."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.header: dict[str, str] = {}
        self.counts = dict.fromkeys(MODULES_OF_XML, 0)
        self.unused = {name: Counter[str]() for name in MODULES_OF_XML}
        self._keys = keys
        self._wanted = {name: _wanted(MODULES[name], keys) for name in MODULES_OF_XML}
        self._columns = {
            name: {heading: [np.zeros(0, dtype=np.int32)] for heading in wanted.values()}
            for name, wanted in self._wanted.items()
        }
        self._texts = {"": 0}

    def add(self, elements: Elements, tags: Tags) -> None:
        """Add elements to the tables.

        Raises:
            Refused: a record gives an item twice or is too deep in others, or a text is too long.
        """
        records = records_of(elements.levels, tags, self.counts)
        columns = {name: self._begun(name, records) for name in MODULES_OF_XML}
        texts = elements.texts()
        kept = _Kept(texts, self._texts)
        for cells in cells_of(elements.levels, records, tags):
            if cells.module:
                self._place(cells, columns[cells.module], kept)
            else:
                self.header.setdefault(cells.name, texts[cells.texts[np.argmin(cells.rows)]])
        for name, begun in columns.items():
            for heading, column in begun.items():
                self._columns[name][heading].append(column.cells)
            self.counts[name] = int(records.after[MODULES_OF_XML.index(name)])

    def _begun(self, name: str, records: Records) -> dict[str, _Column]:
        """Give the columns of a module for the records to be added: what ties them stands in them already."""
        ties = records.ties_of(name)
        columns = {
            heading: _Column(np.zeros(len(ties), dtype=np.int32), np.zeros(len(ties), dtype=np.int32))
            for heading in self._columns[name]
        }
        for tie, numbers in zip(_TIES, ties.T, strict=False):
            if tie in columns:
                columns[tie].cells[:] = -numbers
                columns[tie].given[:] = numbers > 0
        return columns

    def _place(self, cells: Cells, columns: dict[str, _Column], kept: _Kept) -> None:
        """Put the texts of one tag where they are wanted, or count them."""
        if heading := self._wanted[cells.module].get(cells.name):
            column = columns[heading]
            column.cells[cells.rows] = kept.of(cells.texts)
            column.given[:] += np.bincount(cells.rows, minlength=len(column.given))
            if (column.given > 1).any():
                number = self.counts[cells.module] + int(np.argmax(column.given > 1)) + 1
                raise Refused(f"has two {cells.tag} in one record", cells.module, number)
        elif filled := kept.filled(cells.texts):
            self.unused[cells.module][cells.tag] += filled

    def frame(self, name: str) -> pd.DataFrame:
        """Give the rows of a module as categories of text; a key is a column only where some row has it."""
        keys = self._keys - set(MODULES[name].known())
        cells = {heading: np.concatenate(parts) for heading, parts in self._columns[name].items()}
        index = pd.RangeIndex(1, self.counts[name] + 1)
        columns = {
            heading: pd.Series(_texts_of(numbers, self._shown), index=index, copy=False)
            for heading, numbers in cells.items()
            if heading not in keys or numbers.any()
        }
        return pd.DataFrame(columns, index=index, copy=False)

    @cached_property
    def _shown(self) -> NDArray[np.object_]:
        """The text of each number: those below zero are from the end, as are the records that they tie to."""
        return np.array([*self._texts, *map(str, range(max(self.counts.values()), 0, -1))], dtype=object)


def _texts_of(cells: NDArray[np.int32], shown: NDArray[np.object_]) -> pd.Index | pd.Categorical:
    """Give the texts of cells: of ties one for each, of others as categories, since they repeat."""
    if cells.min(initial=0) < 0:
        return pd.Index(shown[cells], dtype=object)
    used = np.bincount(cells) > 0
    categories = pd.Index(shown[: len(used)][used], dtype=object)
    return pd.Categorical.from_codes((np.cumsum(used) - 1)[cells], categories, validate=False)


def _wanted(module: Module, keys: Iterable[str]) -> dict[str, str]:
    """Give the heading for every name that the module knows, and for the keys that may link it to another return."""
    ties = (tie for tie in (*module.links, *module.either, module.own) if tie)
    items = {plain(tag): item.tag for item in module.items for tag in (item.tag, *item.also)}
    known = {tie: tie for tie in ties} | items
    return known | {key: key for key in sorted(keys) if key not in known}
