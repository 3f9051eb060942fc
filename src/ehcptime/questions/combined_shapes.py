"""What tables of contributions must have in common before they are added up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.questions import contributions, returned_advice
from ehcptime.questions.periods import ALL, UNDATED

ADDED = ("authority", "authorities", "not_from", "as_at_last")
# Each share of a table, recomputed from the sums of its numerator and its denominator.
_DUE_SHARES = {
    "percent": ("in_time", ("due",)),
    "percent_not_exempt": ("in_time_not_exempt", ("due_not_exempt",)),
}
_RETURNED_SHARES = {"returned_percent": ("returned_in_time", ("returned_in_time", "returned_late"))}
_DUE_COUNTS = (*contributions.COUNTS, *contributions.MORE_COUNTS, "sent_only")
_PERSONAL = ("case_id", "person_id", "setting_id", "caseworker")


@dataclass(frozen=True, eq=False)
class Shape:
    """What the tables have in common: their columns, those that they are grouped by, their counts and their shares."""

    columns: list[str]
    keys: list[str]
    counts: list[str]
    shares: Mapping[str, tuple[str, tuple[str, ...]]]

    @property
    def is_due(self) -> bool:
        """Whether they count what was due, and not what was returned."""
        return self.shares is _DUE_SHARES


def shape_of(tables: Mapping[str, pd.DataFrame]) -> Shape:
    """Find what the tables have in common; InputError where they cannot be combined."""
    if not tables:
        raise InputError("there are no tables to combine: give one for each authority, by its name")
    names = list(tables)
    shapes = [_shape(name, table) for name, table in tables.items()]
    for name, shape, table in zip(names, shapes, tables.values(), strict=True):
        if shape.columns != shapes[0].columns:
            raise InputError(
                f"the tables of {names[0]} and {name} have different columns: make both with the same question and by"
            )
        if table.duplicated(shape.keys).any():
            raise InputError(f"the table of {name} has a row twice: give each answer once")
    _same_periods(tables)
    return shapes[0]


def _shape(name: str, table: pd.DataFrame) -> Shape:
    columns = [str(column) for column in table.columns]
    for known, counts, shares in (
        (contributions.COLUMNS, _DUE_COUNTS, _DUE_SHARES),
        (returned_advice.COLUMNS, returned_advice.COUNTS, _RETURNED_SHARES),
    ):
        if set(known) <= set(columns) and "rule" in columns:
            keys = [column for column in columns if column not in known] + ["period"]
            _refuse_keys(name, keys)
            return Shape(columns, keys, list(counts), shares)
    raise InputError(
        f"the table of {name} is not an answer of contributions or returned_contributions: give one of those"
    )


def _refuse_keys(name: str, keys: Sequence[str]) -> None:
    for column in keys:
        if column in _PERSONAL:
            raise InputError(
                f"the table of {name} is grouped by {column!r}, which may single people out: group it by services"
            )
        if column in ADDED:
            raise InputError(
                f"the table of {name} is grouped by {column!r}, a column of the answer: rename it"
            )


def _same_periods(tables: Mapping[str, pd.DataFrame]) -> None:
    forms = {_form(str(label)) for table in tables.values() for label in table["period"]} - {""}
    if len(forms) > 1:
        raise InputError("the tables count by different periods: make them all with the same period")


def _form(label: str) -> str:
    """Form of a period's label, which tells months (2025-03) from financial years (2024-25); empty where there is none."""
    if label == UNDATED:
        return ""
    if label == ALL:
        return ALL
    year = re.fullmatch(r"\d{2}(\d{2})-(\d{2})", label)
    following = year is not None and (int(year[1]) + 1) % 100 == int(year[2])
    return re.sub(r"\d", "9", label) + (" year" if following else "")
