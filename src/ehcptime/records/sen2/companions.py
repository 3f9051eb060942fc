"""What stands beside a SEN2 return: the columns and tables that the return does not carry."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from ehcptime.records.dates import Order
from ehcptime.records.extract import Extract
from ehcptime.records.local import read_companion, write_companion
from ehcptime.records.notes import Notes
from ehcptime.records.sen2.assembling import Part, in_contract_order, join, one_each
from ehcptime.records.values import rows_named

CASES_LOCAL = "cases_local.csv"
TABLES = {
    "advice": "advice.csv",
    "exemptions": "exemptions.csv",
    "closures": "closures.csv",
    "events": "events.csv",
}


def read_companions(
    folder: Path,
    cases: pd.DataFrame,
    notes: Notes,
    *,
    order: Order | None = None,
    free_text: Collection[str] = (),
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Read the companions that are there: the cases with their local columns, and the other tables by name."""
    if (folder / CASES_LOCAL).exists():
        local = read_companion(
            folder / CASES_LOCAL, "cases", notes, required=("case_id",), order=order, free_text=free_text
        )
        cases = _with_local(cases, Part(CASES_LOCAL, local), notes)
    tables = {
        table: read_companion(folder / file, table, notes, order=order, free_text=free_text).reset_index(
            drop=True
        )
        for table, file in TABLES.items()
        if (folder / file).exists()
    }
    return cases, tables


def _with_local(cases: pd.DataFrame, part: Part, notes: Notes) -> pd.DataFrame:
    """Add local columns by `case_id`; where the return has the column too, the local value fills its blanks."""
    local = one_each(part, "case_id", notes)
    both = [name for name in local.columns if name in cases.columns and name != "case_id"]
    joined = join(
        cases, local.rename(columns=_aside(both)), "case_id", "case_id", part.file, notes, "request"
    )
    for name in both:
        joined[name] = _filled(joined, name, part.file, notes)
    return in_contract_order(joined.drop(columns=list(_aside(both).values())))


def _aside(columns: list[str]) -> dict[str, str]:
    return {name: f"{name} (local)" for name in columns}


def _filled(joined: pd.DataFrame, name: str, file: str, notes: Notes) -> pd.Series:
    own, local = joined[name], joined[f"{name} (local)"]
    differ = joined.index[own.notna() & local.notna() & (own.astype(object) != local.astype(object))]
    if len(differ):
        note = f"differs from the return, whose value is used (cases {rows_named(differ)})"
        notes.add(file, name, name, len(differ), 0, note)
    return own.where(own.notna(), local)


def write_companions(extract: Extract, local: pd.DataFrame, folder: Path) -> None:
    """Write the columns of `cases` that the return does not carry, and the other tables."""
    write_companion(local, folder / CASES_LOCAL)
    for table, file in TABLES.items():
        write_companion(getattr(extract, table), folder / file)
