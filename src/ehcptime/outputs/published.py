"""Published tables: markers put in the place of numbers, notes without numbers, and a report of what was hidden."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from ehcptime.outputs.cells import Cells
from ehcptime.outputs.hiding import Hiding
from ehcptime.outputs.markers import CONFIDENTIAL, SHORTHAND
from ehcptime.outputs.writing import Writer

REPORT = ("table", "counts", "small", "beside", "figures", "withheld", "why")


@dataclass(frozen=True, eq=False)
class Published(Mapping[str, pd.DataFrame]):
    """Tables that can be published, by name; `hidden`, one row per table saying how much is hidden; `shorthand`, the symbols used.

    `hidden` has `table`, `counts` (all counts of the table), `small` (hidden because they are small), `beside` (counts hidden so
    that those cannot be worked out), `figures` (percentages and others hidden), `withheld` and `why`. It holds no value that is hidden.
    """

    tables: Mapping[str, pd.DataFrame]
    hidden: pd.DataFrame

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return one table."""
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        """Go over the names of the tables."""
        return iter(self.tables)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self.tables)

    @property
    def shorthand(self) -> dict[str, str]:
        """The symbols that are in the tables, and what they mean; for the notes of a page or a sheet."""
        used = {
            symbol
            for frame in self.tables.values()
            for column in frame
            if frame[column].dtype == object or pd.api.types.is_string_dtype(frame[column])
            for value in frame[column]
            if isinstance(value, str)
            for symbol in SHORTHAND
            if symbol in value
        }
        return {symbol: meaning for symbol, meaning in SHORTHAND.items() if symbol in used}


def published(tables: Mapping[str, pd.DataFrame], cells: Cells, hiding: Hiding, threshold: int) -> Published:
    """Put markers in the tables for what is hidden, and report on it."""
    hidden = {place for number in hiding.hidden for place in cells.cells[number].places}
    done = {
        name: Writer(
            frame, name, cells.roles[name], hidden, threshold, withheld=name in hiding.withheld
        ).written()
        for name, frame in tables.items()
    }
    rows = [_row(name, tables[name], done[name], cells, hiding) for name in tables]
    return Published(MappingProxyType(done), pd.DataFrame(rows, columns=list(REPORT)))


def rounding_report(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Report that nothing is hidden, because everything is rounded."""
    rows = [[name, 0, 0, 0, 0, False, "every count is rounded to the nearest 5"] for name in tables]
    return pd.DataFrame(rows, columns=list(REPORT))


def _row(name: str, before: pd.DataFrame, after: pd.DataFrame, cells: Cells, hiding: Hiding) -> list[Any]:
    roles = cells.roles[name]
    here = {
        number: cell
        for number, cell in enumerate(cells.cells)
        if any(place.table == name and place.column in roles("count") for place in cell.places)
    }
    figures = sum(
        int((after[column].map(_is_confidential) & ~before[column].map(_is_confidential)).sum())
        for column in roles("percent", "figure")
    )
    small = len(here.keys() & hiding.small)
    return [
        name,
        len(here),
        small,
        len(here.keys() & hiding.hidden) - small,
        figures,
        name in hiding.withheld,
        _why(name in hiding.withheld, bool(here.keys() & hiding.told_already)),
    ]


def _is_confidential(value: Any) -> bool:
    return isinstance(value, str) and value == CONFIDENTIAL


def _why(withheld: bool, told: bool) -> str:
    reasons = []
    if withheld:
        reasons.append(
            "withheld, because no smaller set of hidden counts keeps the small ones from being worked out"
        )
    if told:
        reasons.append("a small count was in the last publication, so hiding it now does not make it unknown")
    return "; ".join(reasons)
