"""The star schema as data: its tables, their columns and what refers to what, read from star.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from ehcptime.records.arrays import BLANK, days_of, tristate_of
from ehcptime.tracking.columns import as_dates

Kind = Literal["text", "number", "date", "flag"]


@dataclass(frozen=True, slots=True)
class StarColumn:
    """One column: `refers` is the table and column that it is a key to, if it is one."""

    kind: Kind
    means: str
    refers: str = ""


@dataclass(frozen=True, slots=True)
class StarTable:
    """One table and its columns in order."""

    about: str
    columns: Mapping[str, StarColumn]

    def shaped(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give the columns of the table in order and of their kind; what the frame lacks is blank."""
        blank = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        columns = {name: _typed(frame.get(name, blank), column.kind) for name, column in self.columns.items()}
        return pd.DataFrame(columns, index=frame.index).reset_index(drop=True)


def _typed(values: "pd.Series[Any]", kind: Kind) -> "pd.Series[Any]":
    """Cells of one kind, whatever the extract held them as."""
    if kind == "date":
        return pd.Series(as_dates(days_of(values, str(values.name))), index=values.index)
    if kind == "flag":
        read = tristate_of(values)
        return pd.Series(pd.array(read == 1, dtype="boolean"), index=values.index).mask(read == BLANK)
    there = values.astype(object).where(values.notna(), None)
    if kind == "number":
        return there.astype("Int64")
    return there.map(lambda value: value if value is None else str(value))


def _load() -> Mapping[str, StarTable]:
    text = files("ehcptime.outputs").joinpath("star.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            name: StarTable(
                table["about"], {column: StarColumn(**entry) for column, entry in table["columns"].items()}
            )
            for name, table in tomllib.loads(text).items()
        }
    )


STAR = _load()


def schema() -> pd.DataFrame:
    """List every column of every table: `table`, `column`, `kind`, `refers`, `means`.

    >>> schema().query("refers == 'case.case_key'")["table"].tolist()
    ['limit', 'advice', 'part']
    """
    rows = [
        (table, name, column.kind, column.refers or None, column.means)
        for table, held in STAR.items()
        for name, column in held.columns.items()
    ]
    return STAR["schema"].shaped(pd.DataFrame(rows, columns=list(STAR["schema"].columns)))
