"""The column contract, read from columns.toml."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

Kind = Literal["text", "date", "code", "flag", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One known column of one table."""

    name: str
    kind: Kind
    means: str
    values: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    sen2: str = ""


def _column(name: str, entry: dict[str, Any]) -> Column:
    return Column(name=name, **{**entry, "values": tuple(entry.get("values", ()))})


def _load() -> MappingProxyType[str, MappingProxyType[str, Column]]:
    text = files("ehcptime.records").joinpath("columns.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            table: MappingProxyType({name: _column(name, entry) for name, entry in columns.items()})
            for table, columns in tomllib.loads(text).items()
        }
    )


COLUMNS = _load()


def names(table: str, kind: Kind | None = None) -> tuple[str, ...]:
    """Names of the known columns of a table, in the order of the contract, of one kind or of all.

    >>> names("closures")
    ('setting_id', 'closed_from', 'reopened_on')
    """
    return tuple(c.name for c in COLUMNS[table].values() if kind is None or c.kind == kind)


def required(table: str) -> tuple[str, ...]:
    """Names of the columns that a table cannot do without.

    >>> required("cases")
    ('case_id', 'received_date')
    """
    return tuple(c.name for c in COLUMNS[table].values() if c.required)
