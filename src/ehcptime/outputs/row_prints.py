"""Prints of single rows, by case or setting: which of them an input holds otherwise than the one that a figure was made from."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from ehcptime.outputs.fingerprints import cell_texts
from ehcptime.records.extract import Extract

# The tables that figures are made from, and what their rows go by.
_IDS = dict.fromkeys(("cases", "advice", "exemptions", "events"), "case_id") | {"closures": "setting_id"}
_LENGTH = 12  # hexadecimal digits: 48 bits, so that two versions of one case do not look alike

Prints = Mapping[str, Mapping[str, str]]  # by table and id


class RowChanges(NamedTuple):
    """Cases of one table (settings, of `closures`) that came, went or changed, by id."""

    table: str
    added: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.added or self.gone or self.changed)


def row_prints(extract: Extract) -> dict[str, dict[str, str]]:
    """Give a short SHA-256 of what each table holds of each case, or setting; the order of rows and columns does not matter.

    It names cases, and can confirm a guess at the row of one: for internal use.

    >>> cases = pd.DataFrame({"case_id": ["a", "b"], "received_date": ["2025-01-06", "2025-02-03"]})
    >>> one, other = row_prints(Extract(cases)), row_prints(Extract(cases.assign(received_date="2025-01-06").iloc[::-1]))
    >>> one["cases"]["a"] == other["cases"]["a"], one["cases"]["b"] == other["cases"]["b"]
    (True, False)
    """
    return {name: _of_table(getattr(extract, name), by) for name, by in _IDS.items()}


def _of_table(table: pd.DataFrame, by: str) -> dict[str, str]:
    """A blank cell is as none, so that a column that is new or gone changes only the cases for which it says something."""
    names = sorted(str(name) for name in table.columns)
    columns = [[f"{name}={text!r}" if text else "" for text in cell_texts(table[name])] for name in names]
    rows: dict[str, list[str]] = {}
    for case, cells in zip(table[by].astype(str), zip(*columns, strict=True), strict=True):
        rows.setdefault(case, []).append("\n".join(filter(None, cells)))
    return {case: _print(sorted(found)) for case, found in sorted(rows.items())}


def _print(rows: Iterable[str]) -> str:
    return hashlib.sha256("\n\n".join(rows).encode()).hexdigest()[:_LENGTH]


def changed_rows(before: Prints, after: Prints) -> tuple[RowChanges, ...]:
    """Say which cases differ between two inputs, table by table; nothing for a table in which none does.

    >>> changed_rows({"cases": {"a": "1", "b": "2"}}, {"cases": {"a": "1", "b": "3", "c": "4"}})
    (RowChanges(table='cases', added=('c',), gone=(), changed=('b',)),)
    """
    found = (_changes(name, before.get(name, {}), after.get(name, {})) for name in {**before, **after})
    return tuple(one for one in found if one)


def _changes(table: str, before: Mapping[str, str], after: Mapping[str, str]) -> RowChanges:
    return RowChanges(
        table,
        tuple(case for case in after if case not in before),
        tuple(case for case in before if case not in after),
        tuple(case for case, found in after.items() if before.get(case, found) != found),
    )
