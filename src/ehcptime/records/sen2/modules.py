"""The modules of the SEN2 return, read from headings.toml, and the reading of one module's table."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS, Column
from ehcptime.records.dates import Order, read_dates
from ehcptime.records.notes import Notes
from ehcptime.records.personal import is_personal, plain
from ehcptime.records.texts import Sheet
from ehcptime.records.values import Values, read_values

_OLDEST_BIRTH = 1980  # 25 in 2014, when the plans began, with room to spare


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a module: its tag in the return, and the column that it fills."""

    tag: str
    column: str
    required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the return, the columns that link it, and its items."""

    name: str
    items: tuple[Item, ...]
    key: str = ""
    parent: str = ""
    optional: bool = False

    def links(self) -> tuple[str, ...]:
        """Name the linking columns."""
        return tuple(link for link in (self.key, self.parent) if link)


def _item(tag: str, entry: dict[str, Any]) -> Item:
    return Item(tag=tag, **{**entry, "also": tuple(entry.get("also", ()))})


def _load() -> MappingProxyType[str, Module]:
    text = files("ehcptime.records.sen2").joinpath("headings.toml").read_text(encoding="utf-8")
    modules = {}
    for name, entry in tomllib.loads(text).items():
        items = tuple(_item(tag, item) for tag, item in entry.pop("items", {}).items())
        modules[name] = Module(name=name, items=items, **entry)
    return MappingProxyType(modules)


MODULES = _load()


def read_module(sheet: Sheet, module: Module, notes: Notes, order: Order | None = None) -> pd.DataFrame:
    """Read the table of one module: its links as text, and its items under the names of the contract.

    Raises:
        InputError: a link or a required item has no column, or has two.
    """
    found = _headings(sheet)
    wanted = {plain(link): link for link in module.links()}
    for item in module.items:
        wanted |= {plain(tag): item.column for tag in (item.tag, *item.also) if plain(tag) in found}
    needed = [*module.links(), *(item.tag for item in module.items if item.required)]
    if missing := [tag.lower() for tag in needed if not _given(tag, module, found)]:
        raise InputError(f"{sheet.name} has no column {' or '.join(missing)}")
    notes.add(sheet.name, "", module.name, len(sheet.frame), len(sheet.frame), sheet.note)
    kept = {}
    for heading, position in found.items():
        text = sheet.frame.iloc[:, position]
        if heading in wanted:
            read = _read(text, wanted[heading], sheet.name, order)
            kept[wanted[heading]] = read.values
            notes.add(sheet.name, str(text.name), wanted[heading], read.rows_in, read.rows_out, read.note)
        else:
            why = "personal, not kept" if is_personal(str(text.name)) else "not used"
            notes.add(sheet.name, str(text.name), "", int((text != "").sum()), 0, why)
    return pd.DataFrame(kept, index=sheet.frame.index)


def _headings(sheet: Sheet) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, heading in enumerate(sheet.frame.columns):
        if plain(heading) in found:
            raise InputError(f"{sheet.name} has the column {heading} more than once")
        if plain(heading):
            found[plain(heading)] = position
    return found


def _given(tag: str, module: Module, found: dict[str, int]) -> bool:
    also = next((item.also for item in module.items if item.tag == tag), ())
    return any(plain(name) in found for name in (tag, *also))


def _read(text: pd.Series, name: str, file: str, order: Order | None) -> Values:
    if name == "birth_date":
        read = read_dates(
            text, column=str(text.name), order=order, file=file, earliest=_OLDEST_BIRTH, personal=True
        )
        filled = int(read.dates.notna().sum())
        return Values(
            read.dates, filled + len(read.issues), filled, "used for age_at_request, then discarded"
        )
    return read_values(text, COLUMNS["cases"].get(name, Column(name, "text", "")), file=file, order=order)
