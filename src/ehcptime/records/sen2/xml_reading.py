"""The SEN2 return as XML: read in one pass, in blocks, with nothing in the file ever followed or expanded."""

from datetime import date
from pathlib import Path

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.notes import Notes
from ehcptime.records.personal import is_personal
from ehcptime.records.sen2.assembling import Part, assemble
from ehcptime.records.sen2.modules import MODULES, NO_KEYS, read_module
from ehcptime.records.sen2.xml_blocks import Refused, Tags, levels_of, line_of
from ehcptime.records.sen2.xml_tables import Tables
from ehcptime.records.texts import Sheet


def read_xml(path: Path, *, order: Order | None = None, keys: frozenset[str] = NO_KEYS) -> Extract:
    """Read a SEN2 return in XML, of any collection year, in one streaming pass.

    The return holds no numbers for its records, so `case_id` and `person_id` count them in the order of the file: the
    same file always gives the same ids, and another file gives others. `extracted_on` is the day in the header's
    `DateTime`.

    Raises:
        InputError: the file is not well-formed, declares entities or a document type, or holds no SEN2 persons.
    """
    tables = read_tables(path, keys)
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


def read_tables(path: Path, keys: frozenset[str] = NO_KEYS) -> Tables:
    """Read the tables of a return as text, in one pass.

    Raises:
        InputError: the file is not well-formed, or holds what no return does.
    """
    tables, tags = Tables(keys), Tags()
    try:
        for elements in levels_of(path, tags):
            tables.add(elements, tags)
    except Refused as refused:
        where = f", line {line_of(path, refused.module, refused.number)}" if refused.module else ""
        raise InputError(f"{path.name} {refused}{where}: it is not a SEN2 return") from None
    return tables
