"""The SEN2 return as XML: read in one pass, in blocks, with nothing in the file ever followed or expanded."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from xml.parsers import expat

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.notes import Notes
from ehcptime.records.personal import is_personal, plain
from ehcptime.records.sen2.assembling import Part, assemble
from ehcptime.records.sen2.modules import MODULES, NO_KEYS, read_module
from ehcptime.records.texts import Sheet

_BLOCK = 1 << 16
_DEEPEST = 10  # modules inside modules; a return has five
_MOST_TAGS = 1000
_LONGEST_TEXT = 10_000
_AT_ONCE = 5_000  # records held as they were read, before they are put into columns
_REMEMBERED = 100_000  # texts kept once each; dates and codes repeat, and the rest is not worth the memory
_ROWS = {"person": "persontableid", "requests": "requeststableid", "assessment": "assessmenttableid"}
_ROWS |= {"namedplan": "namedplantableid", "activeplans": "activeplanstableid", "senneed": ""}


def read_xml(path: Path, *, order: Order | None = None, keys: frozenset[str] = NO_KEYS) -> Extract:
    """Read a SEN2 return in XML, of any collection year, in one streaming pass.

    The return holds no numbers for its records, so `case_id` and `person_id` count them in the order of the file: the
    same file always gives the same ids, and another file gives others. `extracted_on` is the day in the header's
    `DateTime`.

    Raises:
        InputError: the file is not well-formed, declares entities or a document type, or holds no SEN2 persons.
    """
    tables = _Tables(keys)
    _parse(path, tables)
    if not tables.counts["person"]:
        raise InputError(f"{path.name} holds no Person, so it is not a SEN2 return")
    notes = Notes()
    parts = {}
    for name, module in MODULES.items():
        sheet = Sheet(f"{path.name} {name}", tables.frame(name))
        parts[name] = Part(sheet.name, read_module(sheet, module, notes, order=order, keys=keys))
        for tag, count in sorted(tables.unused[name].items()):
            notes.add(sheet.name, tag, "", count, 0, "personal, not kept" if is_personal(tag) else "not used")
    cases = assemble(parts, notes)
    if lea := tables.header.get("lea", ""):
        cases = cases.assign(la_code=lea)
    return Extract(cases=cases, reading=notes.frame(), extracted_on=_day(tables.header.get("datetime", "")))


def _day(moment: str) -> date | None:
    try:
        return date.fromisoformat(moment[:10])
    except ValueError:
        return None


def _parse(path: Path, tables: "_Tables") -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = tables.start
    parser.EndElementHandler = tables.end
    parser.CharacterDataHandler = tables.pieces.append
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                parser.Parse(block)
                tables.refuse_long_text()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = expat.errors.messages[error.code]
        raise InputError(f"{path.name} is not well-formed XML: {what}, line {error.lineno}") from None
    except _Refused as refused:
        raise InputError(
            f"{path.name} {refused}, line {parser.CurrentLineNumber}: it is not a SEN2 return"
        ) from None


class _Refused(Exception):  # noqa: N818, it is caught where the file's name is known
    """What makes a file not a return."""


def _refuse_declaration(*_: Any) -> None:
    raise _Refused("declares a document type or an entity")


class _Names(dict[str, str]):
    """Each tag in plain letters, without its namespace."""

    def __missing__(self, tag: str) -> str:
        if len(self) >= _MOST_TAGS:
            raise _Refused(f"has more than {_MOST_TAGS} different tags")
        self[tag] = plain(tag.rpartition(":")[2])
        return self[tag]


class _Modules(dict[str, str]):
    """The module of each tag; empty where a tag is none."""

    def __init__(self, names: _Names) -> None:
        self._names = names

    def __missing__(self, tag: str) -> str:
        name = self._names[tag]
        self[tag] = name if name in _ROWS else ""
        return self[tag]


class _Open(NamedTuple):
    """A module that is open: its row, the ties of what is inside it, the items that it wants, and what it does not."""

    name: str
    row: dict[str, str]
    ties: dict[str, str]
    items: set[str]
    unused: Counter[str]


class _Tables:
    """The rows of each module, gathered from the events of a parser; a text is kept only where an item wants it."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.counts: Counter[str] = Counter()
        self._rows: dict[str, list[dict[str, str]]] = {name: [] for name in _ROWS}
        self.unused: dict[str, Counter[str]] = {name: Counter() for name in _ROWS}
        self.header: dict[str, str] = {}
        self._keys = keys
        self._items = {name: set(module.known()) | keys for name, module in MODULES.items()}
        self._columns = {name: {tag: list[str]() for tag in self._headings(name)} for name in _ROWS}
        self._open: list[_Open] = []  # the modules that are open, outermost first
        self._names = _Names()
        self._modules = _Modules(self._names)
        self._texts: dict[str, str] = {}
        self._leaf = False
        self.pieces: list[str] = []  # of the text since the last tag began

    def start(self, tag: str, _: dict[str, str]) -> None:
        self.pieces.clear()
        name = self._modules[tag]
        self._leaf = not name
        if name:
            self._begin(name)

    def _begin(self, name: str) -> None:
        ties = self._open[-1].ties.copy() if self._open else {}
        self.counts[name] += 1
        if tie := _ROWS[name]:
            ties[tie] = str(self.counts[name])
        if len(self._open) > _DEEPEST:
            raise _Refused(f"nests records more than {_DEEPEST} deep")
        row = ties.copy()
        self._rows[name].append(row)
        self._open.append(_Open(name, row, ties, self._items[name], self.unused[name]))

    def end(self, tag: str) -> None:
        """End an element; most hold a text alone, so what is asked of each text is asked here."""
        if not self._leaf:
            self._end_module(tag)
            return
        self._leaf = False
        pieces = self.pieces
        text = (pieces[0] if len(pieces) == 1 else "".join(pieces)).strip()
        if len(text) > _LONGEST_TEXT:
            self.refuse_long_text()
        name = self._names[tag]
        if not self._open:
            self.header.setdefault(name, text)
            return
        _, row, _, items, unused = self._open[-1]
        if name not in items:
            if text:
                unused[tag] += 1
        elif name in row:
            raise _Refused(f"has two {tag} in one record")
        else:
            row[name] = self._texts.get(text) or self._remembered(text)

    def _end_module(self, tag: str) -> None:
        if self._open and self._names[tag] == self._open[-1].name:
            name = self._open.pop().name
            if not self._open and len(self._rows[name]) >= _AT_ONCE:
                self._settle()

    def _remembered(self, text: str) -> str:
        """Keep a text that may come again, so that it is kept once."""
        if len(self._texts) < _REMEMBERED:
            self._texts[text] = text
        return text

    def refuse_long_text(self) -> None:
        if sum(map(len, self.pieces)) > _LONGEST_TEXT:
            raise _Refused(f"has a text of more than {_LONGEST_TEXT} characters")

    def _headings(self, name: str) -> list[str]:
        """List every column that the module knows, and the keys that may link it to another return."""
        module = MODULES[name]
        ties = (tie for tie in (*module.links, *module.either, module.own) if tie)
        known = dict.fromkeys([*ties, *(item.tag for item in module.items)])
        return [*known, *sorted(self._keys - {plain(tag) for tag in module.known()})]

    def _settle(self) -> None:
        """Put the records that have been read into columns: they take much less room there."""
        for name, rows in self._rows.items():
            for heading, cells in self._columns[name].items():
                key = plain(heading)
                cells.extend([row.get(key, "") for row in rows])
            rows.clear()

    def frame(self, name: str) -> pd.DataFrame:
        """Give the rows of a module as text."""
        self._settle()
        keys = self._keys - set(MODULES[name].known())
        columns = {
            heading: cells
            for heading, cells in self._columns[name].items()
            if heading not in keys or any(cells)
        }
        return pd.DataFrame(columns, index=pd.RangeIndex(1, self.counts[name] + 1), dtype=object)
