"""The modules of the SEN2 return, read from headings.toml, and the reading of one module's table."""

import tomllib
from collections.abc import Mapping
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
from ehcptime.records.unread import with_unread
from ehcptime.records.values import Values, read_values

_OLDEST_BIRTH = 1980  # 25 in 2014, when the plans began, with room to spare
_NO_LABELS: Mapping[str, str] = MappingProxyType({})
_KEYED = frozenset({"person", "requests"})  # modules in which a key that links returns may stand
NO_KEYS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a module: its tag in the return, and the column that it fills."""

    tag: str
    column: str
    required: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Module:
    """One module of the return, the columns that tie it to the others, and its items."""

    name: str
    items: tuple[Item, ...] = ()
    links: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    own: str = ""
    optional: bool = False

    def known(self) -> dict[str, str]:
        """Give the column for every heading, in plain letters, that the module knows."""
        ties = (*self.links, *self.either, self.own)
        tags = ((tag, item.column) for item in self.items for tag in (item.tag, *item.also))
        return {plain(tie): tie for tie in ties if tie} | {plain(tag): column for tag, column in tags}


def _item(tag: str, entry: dict[str, Any]) -> Item:
    return Item(tag=tag, **{**entry, "also": tuple(entry.get("also", ()))})


def _module(name: str, entry: dict[str, Any]) -> Module:
    items = tuple(_item(tag, item) for tag, item in entry.get("items", {}).items())
    lists = {key: tuple(entry.get(key, ())) for key in ("links", "either")}
    return Module(name, items, **lists, own=entry.get("own", ""), optional=entry.get("optional", False))


def _load() -> MappingProxyType[str, Module]:
    text = files("ehcptime.records.sen2").joinpath("headings.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _module(name, entry) for name, entry in tomllib.loads(text).items()})


MODULES = _load()


def read_module(
    sheet: Sheet,
    module: Module,
    notes: Notes,
    *,
    labels: Mapping[str, str] = _NO_LABELS,
    order: Order | None = None,
    keys: frozenset[str] = NO_KEYS,
) -> pd.DataFrame:
    """Read the table of one module: its ties as text, and its items under the names of the contract.

    `labels` gives the tag for each heading, in plain letters, of a format that has headings of its own. `keys` are the
    headings, in plain letters, that link this return to another: they are read as text, under the name of `key_column`.

    Raises:
        InputError: a tie or a required item has no column, or has two.
    """
    found = _found(sheet, module, labels)
    _refuse_missing(sheet, module, set(found.values()), labels)
    notes.add(sheet.name, "", module.name, len(sheet.frame), len(sheet.frame), sheet.note)
    kept: dict[str, pd.Series] = {}
    for position, (label, text) in enumerate(sheet.frame.items()):
        heading = str(label)
        if position in found:
            read = _read(text, found[position], sheet.name, order)
            kept |= with_unread(found[position], read)
            notes.add(sheet.name, heading, found[position], read.rows_in, read.rows_out, read.note)
        elif plain(heading) in keys and module.name in _KEYED:
            kept[key_column(heading)] = text.astype(object).str.strip().replace("", None)
            filled = int((text != "").sum())
            notes.add(sheet.name, heading, "", filled, 0, "used to link the returns, then discarded")
        else:
            notes.add(sheet.name, heading, "", int((text != "").sum()), 0, _why_not(heading))
    return pd.DataFrame(kept, index=sheet.frame.index)


def key_column(heading: str) -> str:
    """Name the column in which a key is kept until the returns are linked.

    >>> key_column("Native Id")
    'key nativeid'
    """
    return f"key {plain(heading)}"


def _why_not(heading: str) -> str:
    return "personal, not kept" if is_personal(heading) else "not used" if heading else "has no heading"


def _found(sheet: Sheet, module: Module, labels: Mapping[str, str]) -> dict[int, str]:
    """Give the column that each position fills."""
    known = module.known()
    found: dict[int, str] = {}
    for position, heading in enumerate(sheet.frame.columns):
        tag = labels.get(plain(heading), heading)
        if column := known.get(plain(tag)):
            if column in found.values():
                raise InputError(f"{sheet.name} has the column {heading} more than once")
            found[position] = column
    return found


def _refuse_missing(sheet: Sheet, module: Module, found: set[str], labels: Mapping[str, str]) -> None:
    shown = {tag: label for label, tag in labels.items()}
    missing = [tie for tie in module.links if tie not in found]
    missing += [item.tag for item in module.items if item.required and item.column not in found]
    if module.either and not found.intersection(module.either):
        missing += module.either
    if missing:
        names = " or ".join(shown.get(tag, tag.lower()) for tag in missing)
        raise InputError(f"{sheet.name} has no column {names}")


def _read(text: pd.Series, name: str, file: str, order: Order | None) -> Values:
    if name == "birth_date":
        heading = str(text.name)
        read = read_dates(text, column=heading, order=order, file=file, earliest=_OLDEST_BIRTH, personal=True)
        filled = int(read.dates.notna().sum())
        return Values(
            read.dates, filled + len(read.issues), filled, "used for age_at_request, then discarded"
        )
    return read_values(text, COLUMNS["cases"].get(name, Column(name, "text", "")), file=file, order=order)
