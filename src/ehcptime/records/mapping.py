"""Mappings from a local system's headings and codes to the column contract, as small TOML files."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS, required
from ehcptime.records.dates import Order
from ehcptime.records.personal import is_asked_for

BIRTH = "birth_date"  # may be mapped: it gives age_at_request and is discarded
_KEYS = {"source", "order", "columns", "codes", "keep", "services"}


@dataclass(frozen=True, slots=True)
class Service:
    """The columns of one service on a wide sheet of advice, and what is the same for all of its rows."""

    columns: Mapping[str, tuple[str, ...]]
    fixed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one table is found and read: headings for each column, codes for each value, and what else to keep."""

    table: str
    columns: Mapping[str, tuple[str, ...]]
    source: str = ""
    order: Order | None = None
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keep: tuple[str, ...] | None = ()  # None keeps whatever is not personal
    services: tuple[Service, ...] = ()
    free_text: tuple[str, ...] = ()  # headings of notes to keep, where `keep` is None


def contract_mapping(table: str, free_text: Collection[str] = ()) -> TableMapping:
    """Map a table to itself: its headings are already the contract's names. Of notes those in `free_text` are kept."""
    known = {name: (name,) for name in COLUMNS[table] if is_asked_for(name, free_text)}
    return TableMapping(table, known, keep=None, free_text=tuple(free_text))


def read_mapping(mapping: str | Path | Mapping[str, Any]) -> tuple[TableMapping, ...]:
    """Read a mapping: the path of a TOML file, the name of one that ships, or its content.

    Each table of the contract that the source fills has a section, with `columns` (contract name = heading, or a list
    of headings of which one is there). It may have `source` (name of the sheet or file), `order` (of numeric dates),
    `codes` (for a column, contract value = local values), `keep` (other headings to keep) and `services` (for advice
    on a wide sheet).

    Raises:
        InputError: the file is not there or not TOML, or a table, column or key is not known.

    >>> read_mapping({"cases": {"columns": {"case_id": "Ref", "received_date": "Received"}}})[0].columns["case_id"]
    ('Ref',)
    """
    content = mapping if isinstance(mapping, Mapping) else _content(mapping)
    if unknown := [name for name in content if name not in COLUMNS]:
        raise InputError(
            f"the mapping has a section {unknown[0]!r}: a section is one of {', '.join(COLUMNS)}"
        )
    if not content:
        raise InputError("the mapping has no section: begin with [cases]")
    return tuple(_table(name, section) for name, section in content.items())


def _content(mapping: str | Path) -> dict[str, Any]:
    path = Path(mapping)
    shipped = files("ehcptime.records").joinpath("mappings", f"{mapping}.toml")
    try:
        text = shipped.read_text("utf-8") if shipped.is_file() else path.read_text("utf-8")
        return tomllib.loads(text)
    except (OSError, UnicodeDecodeError):
        raise InputError(f"there is no mapping {path.name}: give the path of a TOML file in UTF-8") from None
    except (ValueError, RecursionError) as error:  # 5,000 digits or 3,000 brackets too
        raise InputError(f"the mapping {path.name} is not TOML: {str(error).lower()}") from None


def _table(name: str, section: Mapping[str, Any]) -> TableMapping:
    _refuse_unknown(_section(section, name), _KEYS, f"[{name}]")
    services = _section(section.get("services", {}), f"{name}.services")
    columns = _columns(name, _section(section.get("columns", {}), f"{name}.columns"))
    blank = [column for column in required(name) if column not in columns and not services]
    if blank:
        raise InputError(f"the mapping gives no heading for {' or '.join(blank)} of {name}: fill it in")
    return TableMapping(
        table=name,
        columns=columns,
        source=_one(section.get("source", ""), "source", name),
        order=_order(section.get("order") or None, name),
        codes={
            column: _codes(name, column, codes)
            for column, codes in _section(section.get("codes", {}), f"{name}.codes").items()
        },
        keep=_texts(section.get("keep", ()), "keep", name),
        services=tuple(_service(name, title, service) for title, service in services.items()),
    )


def _refuse_unknown(found: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(found.keys() - known):
        raise InputError(f"the mapping has {unknown[0]!r} in {where}: it is not a name that ehcptime knows")


def _columns(table: str, columns: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Take the headings that are filled in; one left blank is not mapped."""
    _refuse_unknown(columns, {*COLUMNS[table], BIRTH}, f"the columns of {table}")
    lists = {column: _texts(value, column, table) for column, value in columns.items()}
    filled = {column: tuple(heading for heading in headings if heading) for column, headings in lists.items()}
    return {column: headings for column, headings in filled.items() if headings}


def _codes(table: str, column: str, codes: Mapping[str, Any]) -> dict[str, str]:
    """Turn contract value = local values into local value -> contract value."""
    _section(codes, f"{table}.codes.{column}")
    known = COLUMNS[table].get(column)
    values = {"1", "0"} if known and known.kind == "flag" else set(known.values if known else ())
    if known is None or (values and codes.keys() - values):
        raise InputError(f"the mapping has codes for {column} of {table} that are not the contract's")
    lists = {code: _texts(value, f"{column}.{code}", table) for code, value in codes.items()}
    return {local.strip().casefold(): code for code, locals_ in lists.items() for local in locals_}


def _service(table: str, title: str, service: Mapping[str, Any]) -> Service:
    if table != "advice":
        raise InputError(f"the mapping has services in [{table}]: only [advice] can have them")
    _section(service, f"{table}.services.{title}")
    dates = {name for name, column in COLUMNS["advice"].items() if column.kind == "date"} | {"advice_outcome"}
    fixed = {"advice_type": title} | {key: str(value) for key, value in service.items() if key not in dates}
    _refuse_unknown(fixed, {"advice_type", "provider", "sub_service", "source", "round"}, f"services.{title}")
    columns = _columns("advice", {key: value for key, value in service.items() if key in dates})
    return Service(columns, fixed)


def _section(found: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(found, Mapping):
        raise InputError(f"the mapping has {name} as a value: write it as a section, [{name}]")
    return found


def _texts(value: Any, key: str, table: str) -> tuple[str, ...]:
    """One text, or a list of texts."""
    texts = (value,) if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise InputError(
            f"the mapping gives {key} of {table} something that is no text: write it in quotation marks"
        )
    return tuple(texts)


def _one(value: Any, key: str, table: str) -> str:
    texts = _texts(value, key, table)
    if len(texts) != 1:
        raise InputError(f"the mapping gives {key} of {table} as a list: write one text")
    return texts[0]


def _order(value: Any, table: str) -> Order | None:
    if value not in (None, *get_args(Order)):
        raise InputError(f'the mapping gives order of {table} wrongly: write "day_first" or "month_first"')
    return value  # type: ignore[no-any-return]
