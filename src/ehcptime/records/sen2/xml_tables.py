"""The elements of a SEN2 return put into the columns of its modules, many thousands at a time."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehcptime.records.personal import plain
from ehcptime.records.sen2.modules import MODULES, Module
from ehcptime.records.sen2.xml_blocks import MODULES_OF_XML, Level, Refused, Tags
from ehcptime.records.sen2.xml_places import Cells, Records, cells_of, records_of

_LONGEST_TEXT = 10_000
_REMEMBERED = 100_000  # texts kept once each; dates and codes repeat, and the rest is not worth the memory
_TIES = ("persontableid", "requeststableid", "assessmenttableid", "namedplantableid", "activeplanstableid")


class _Texts(dict[str, str]):
    """Each text once, while there is room; they are kept no longer than the file is read."""

    def __missing__(self, text: str) -> str:
        if len(self) < _REMEMBERED:
            self[text] = text
        return text


class _Column(NamedTuple):
    """The cells of a column for some records, and how often the file gives each."""

    cells: NDArray[np.object_]
    given: NDArray[np.int64]


class Tables:
    """The rows of each module as text, and how many cells of each unused tag hold something."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.header: dict[str, str] = {}
        self.counts = dict.fromkeys(MODULES_OF_XML, 0)
        self.unused = {name: Counter[str]() for name in MODULES_OF_XML}
        self._keys = keys
        self._wanted = {name: _wanted(MODULES[name], keys) for name in MODULES_OF_XML}
        self._columns = {
            name: {heading: list[str]() for heading in wanted.values()}
            for name, wanted in self._wanted.items()
        }
        self._texts = _Texts()

    def add(self, levels: list[Level], tags: Tags) -> None:
        """Add elements to the tables.

        Raises:
            Refused: a record gives an item twice or is too deep in others, or a text is too long.
        """
        for level in levels:
            if max(map(len, filter(None, level.texts)), default=0) > _LONGEST_TEXT:
                raise Refused(f"has a text of more than {_LONGEST_TEXT} characters")
        records = records_of(levels, tags, self.counts)
        columns = {name: self._begun(name, records) for name in MODULES_OF_XML}
        for cells in cells_of(levels, records, tags):
            self._place(cells, columns)
        for name, begun in columns.items():
            for heading, column in begun.items():
                self._columns[name][heading].extend(column.cells.tolist())
            self.counts[name] = int(records.after[MODULES_OF_XML.index(name)])

    def _begun(self, name: str, records: Records) -> dict[str, _Column]:
        """Give the columns of a module for the records to be added: what ties them stands in them already."""
        ties = records.ties_of(name)
        columns = {
            heading: _Column(np.full(len(ties), "", dtype=object), np.zeros(len(ties), dtype=np.int64))
            for heading in self._columns[name]
        }
        for tie, numbers in zip(_TIES, ties.T, strict=False):
            if tie in columns:
                tied = numbers > 0
                columns[tie].cells[tied] = list(map(str, numbers[tied].tolist()))
                columns[tie].given[tied] = 1
        return columns

    def _place(self, cells: Cells, columns: dict[str, dict[str, _Column]]) -> None:
        """Put the texts of one tag where they are wanted, or count them."""
        if not cells.module:
            self.header.setdefault(cells.name, (cells.texts[int(np.argmin(cells.rows))] or "").strip())
        elif heading := self._wanted[cells.module].get(cells.name):
            column = columns[cells.module][heading]
            kept = self._texts
            column.cells[cells.rows] = [kept[text.strip()] if text else "" for text in cells.texts]
            column.given[:] += np.bincount(cells.rows, minlength=len(column.given))
            if (column.given > 1).any():
                number = self.counts[cells.module] + int(np.argmax(column.given > 1)) + 1
                raise Refused(f"has two {cells.tag} in one record", cells.module, number)
        elif filled := sum(map(bool, map(str.strip, filter(None, cells.texts)))):
            self.unused[cells.module][cells.tag] += filled

    def frame(self, name: str) -> pd.DataFrame:
        """Give the rows of a module as text; a key is a column only where some row has it."""
        keys = self._keys - set(MODULES[name].known())
        columns = {
            heading: cells
            for heading, cells in self._columns[name].items()
            if heading not in keys or any(cells)
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(1, self.counts[name] + 1), dtype=object)


def _wanted(module: Module, keys: Iterable[str]) -> dict[str, str]:
    """Give the heading for every name that the module knows, and for the keys that may link it to another return."""
    ties = (tie for tie in (*module.links, *module.either, module.own) if tie)
    items = {plain(tag): item.tag for item in module.items for tag in (item.tag, *item.also)}
    known = {tie: tie for tie in ties} | items
    return known | {key: key for key in sorted(keys) if key not in known}
