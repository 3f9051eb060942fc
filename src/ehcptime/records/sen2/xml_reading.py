"""The SEN2 return as XML: read in one pass, in blocks, with nothing in the file ever followed or expanded."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
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
    if not tables.rows["person"]:
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
    parser.CharacterDataHandler = tables.text
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                parser.Parse(block)
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


class _Tables:
    """The rows of each module, gathered from the events of a parser; a text is kept only where an item wants it."""

    def __init__(self, keys: frozenset[str]) -> None:
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in _ROWS}
        self.unused: dict[str, Counter[str]] = {name: Counter() for name in _ROWS}
        self.header: dict[str, str] = {}
        self._keys = keys
        self._items = {name: set(module.known()) | keys for name, module in MODULES.items()}
        self._open: list[tuple[str, dict[str, str]]] = []  # the modules that are open, outermost first
        self._names = _Names()
        self._texts: dict[str, str] = {}
        self._leaf = False
        self._text = ""

    def start(self, tag: str, _: dict[str, str]) -> None:
        self._text = ""
        name = self._names[tag]
        self._leaf = name not in _ROWS
        if not self._leaf:
            self._begin(name)

    def _begin(self, name: str) -> None:
        row = {
            tie: number for _, above in self._open for tie, number in above.items() if tie in _ROWS.values()
        }
        if tie := _ROWS[name]:
            row[tie] = str(len(self.rows[name]) + 1)
        if len(self._open) > _DEEPEST:
            raise _Refused(f"nests records more than {_DEEPEST} deep")
        self.rows[name].append(row)
        self._open.append((name, row))

    def end(self, tag: str) -> None:
        name = self._names[tag]
        if self._open and name == self._open[-1][0]:
            self._open.pop()
        elif self._leaf:
            self._item(name, tag)
        self._leaf = False

    def _item(self, name: str, tag: str) -> None:
        text = self._text.strip()
        if not self._open:
            self.header.setdefault(name, text)
            return
        module, row = self._open[-1]
        if name not in self._items[module]:
            self.unused[module][tag] += text != ""
        elif name in row:
            raise _Refused(f"has two {tag} in one record")
        else:
            if len(self._texts) < _REMEMBERED:
                self._texts.setdefault(text, text)
            row[name] = self._texts.get(text, text)

    def text(self, text: str) -> None:
        if self._leaf:
            self._text += text
            if len(self._text) > _LONGEST_TEXT:
                raise _Refused(f"has a text of more than {_LONGEST_TEXT} characters")

    def frame(self, name: str) -> pd.DataFrame:
        """Give the rows of a module as text, with every column that the module knows."""
        module, rows = MODULES[name], self.rows[name]
        ties = [tie for tie in (*module.links, *module.either, module.own) if tie]
        linking = [key for key in sorted(self._keys - set(module.known())) if any(key in row for row in rows)]
        headings = dict.fromkeys([*ties, *(item.tag for item in module.items), *linking])
        keys = {heading: plain(heading) for heading in headings}
        columns = {heading: [row.get(key, "") for row in rows] for heading, key in keys.items()}
        return pd.DataFrame(columns, index=pd.RangeIndex(1, len(rows) + 1), dtype=object)
