"""Folders of CSV files with Data to Insight's headings: its SEND tool's modules, and its safeguarding dataset."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.notes import Notes
from ehcptime.records.personal import plain
from ehcptime.records.sen2.assembling import Part, assemble
from ehcptime.records.sen2.companions import CASES_LOCAL, TABLES, read_companions, write_companions
from ehcptime.records.sen2.disassembling import take_to_modules
from ehcptime.records.sen2.labels import Labels, labelled, labels_of, shortened
from ehcptime.records.sen2.modules import MODULES, NO_KEYS, read_module
from ehcptime.records.texts import Sheet, first_rows, folder_made, read_csv, refuse_filled, text_of, write_csv

Format = Literal["d2i", "ssd"]

FORMATS: Mapping[Format, Mapping[str, Labels]] = MappingProxyType(
    {"d2i": labels_of("d2i"), "ssd": labels_of("ssd")}
)
_ESSENTIAL = {"requests", "assessment"}


def read_labelled(
    folder: Path,
    *,
    order: Order | None = None,
    keys: frozenset[str] = NO_KEYS,
    free_text: Collection[str] = (),
) -> Extract | None:
    """Read a folder of CSV files that bear the headings of one of the formats; None where they do not.

    The files are told apart by their headings, so their names do not matter.

    Raises:
        InputError: two files hold the same module, or a file cannot be used.
    """
    sheets = [_shortened(read_csv(path)) for path in _own_files(folder)]
    for labels in FORMATS.values():
        found = _modules(sheets, labels)
        if set(found) >= _ESSENTIAL:
            notes = Notes()
            cases = _cases(sheets, found, labels, order, keys, notes)
            cases, tables = read_companions(folder, cases, notes, order=order, free_text=free_text)
            return Extract(cases=cases, **tables, reading=notes.frame(), extracted_on=None)
    return None


def has_labelled(folder: Path) -> bool:
    """Say whether a folder holds CSV files with the headings of one of the formats."""
    sheets = [_shortened(Sheet(path.name, _headed_alone(path))) for path in _own_files(folder)]
    return any(set(_modules(sheets, labels)) >= _ESSENTIAL for labels in FORMATS.values())


def _headed_alone(path: Path) -> pd.DataFrame:
    """Give a frame with the headings of a file, and no rows."""
    top = first_rows(path, ",", 1, text_of(path).encoding)
    return pd.DataFrame(columns=top[0] if top else [])


def _own_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*.csv")) if path.name not in _companions()]


def _companions() -> set[str]:
    return {CASES_LOCAL, *TABLES.values()}


def _shortened(sheet: Sheet) -> Sheet:
    headings = [shortened(heading) for heading in sheet.frame.columns]
    return sheet._replace(frame=sheet.frame.set_axis(headings, axis="columns"))


def _modules(sheets: list[Sheet], labels: Mapping[str, Labels]) -> dict[str, Sheet]:
    """Find the module of each file by its headings."""
    found: dict[str, Sheet] = {}
    for sheet in sheets:
        tags = {
            name: {own.plain().get(plain(h), "") for h in sheet.frame.columns} for name, own in labels.items()
        }
        for name in labels:
            if _holds(tags[name], name):
                if name in found:
                    raise InputError(
                        f"{sheet.name} and {found[name].name} both hold the module {name}: keep one"
                    )
                found[name] = sheet
    return found


def _holds(tags: set[str], name: str) -> bool:
    """Say whether a file holds a module: what the module cannot do without, or else any item of it, or its own key."""
    items = MODULES[name].items
    if required := {item.tag for item in items if item.required}:
        return tags >= required
    return not tags.isdisjoint({item.tag for item in items} or {MODULES[name].own})


def _cases(
    sheets: list[Sheet],
    found: Mapping[str, Sheet],
    labels: Mapping[str, Labels],
    order: Order | None,
    keys: frozenset[str],
    notes: Notes,
) -> pd.DataFrame:
    parts = {
        name: Part(
            sheet.name,
            read_module(sheet, MODULES[name], notes, labels=labels[name].plain(), order=order, keys=keys),
        )
        for name, sheet in found.items()
    }
    used = {sheet.name for sheet in found.values()}
    for sheet in sheets:
        if sheet.name not in used:
            notes.add(sheet.name, "", "", len(sheet.frame), 0, "not used")
    return assemble(parts, notes)


def write_labelled(extract: Extract, folder: str | Path, *, headings: Format) -> None:
    """Write an extract as a folder of CSV files with the headings of a format, and beside it what they do not carry.

    Raises:
        InputError: the folder holds files already, or a case has no `case_id` of its own.
    """
    folder = Path(folder)
    refuse_filled(folder)
    labels = FORMATS[headings]
    modules, rest = take_to_modules(extract.cases, carried=_carried(labels))
    folder_made(folder)
    for name, own in labels.items():
        write_csv(labelled(modules[name], name, own), folder / f"{own.title}.csv")
    write_companions(extract, rest, folder)


def _carried(labels: Mapping[str, Labels]) -> set[str]:
    tags = {tag for own in labels.values() for tag in own.tags.values()}
    ties = {"person_id"} if "persontableid" in tags else set()
    return ties | {item.column for name in labels for item in MODULES[name].items if item.tag in tags}
