"""Roles: what each column of a table is, a label, a count, a percentage, another figure, a note, or none of these."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.additions import BASES, COUNTS
from ehcptime.outputs.markers import is_marker
from ehcptime.outputs.refused import refuse_answers, refuse_names

Role = Literal["label", "count", "percent", "figure", "note", "constant"]

_NOTES = frozenset({"note", "notes", "sentence", "why_left_out", "why"})
_CONSTANTS = frozenset(
    {"measure", "as_at", "complete", "cohort", "rule_book", "definition", "line", "out_of", "england"}
)
_LABELS = frozenset(
    {
        "year", "month", "quarter", "week", "day", "period", "time_period", "age_at_request",
        "la_code", "new_la_code", "old_la_code", "region_code", "country_code",
    }
)  # fmt: skip
_KNOWN = COUNTS | frozenset(BASES)  # counts whatever their name looks like
_FIGURE = re.compile(r"(?:^|_)(?:days|weeks|median|mean|p\d+|lowest|middle|highest|target|needed)(?:_|$)")
_PERCENT = re.compile(r"(?:^|_)(?:percent|per_cent|rate|share)(?:_|$)")


@dataclass(frozen=True)
class Roles:
    """The role of every column, in the order of the table."""

    of: Mapping[str, Role]

    def __call__(self, *roles: Role) -> list[str]:
        """Columns that have one of these roles."""
        return [column for column, role in self.of.items() if role in roles]


def roles_of(frame: pd.DataFrame, table: str, counts: Collection[str] = ()) -> Roles:
    """Tell the columns of a table apart by their names and by what they hold; whole numbers are counts.

    `counts` names columns that are counts though every cell in them is hidden.

    Raises InputError for a column that names a child or a worker, for an answer that gives back what is hidden in others (a curve by
    days, a waterfall, the shares of a change, the assumptions of a forecast), and for counts that are text.

    >>> frame = pd.DataFrame({"team": ["a"], "numerator": [7], "denominator": [9], "percent": [77.8]})
    >>> dict(roles_of(frame, "plans").of)
    {'team': 'label', 'numerator': 'count', 'denominator': 'count', 'percent': 'percent'}
    """
    if not frame.columns.is_unique or not all(isinstance(column, str) for column in frame):
        raise InputError(f"table {table!r} must have columns whose names are text and differ")
    refuse_names(frame, table)
    refuse_answers(frame, table)
    roles = Roles({column: _role(frame[column], column, counts) for column in frame.columns})
    _refuse_text(frame, table, roles)
    return roles


def _refuse_text(frame: pd.DataFrame, table: str, roles: Roles) -> None:
    """A table whose numbers are all text, as in DfE's own layout, would go out as if it were labels."""
    if roles("count", "percent", "figure"):
        return
    for column in roles("label"):
        if column not in _LABELS and frame[column].astype(str).str.fullmatch(r"[\d,]+").any():
            raise InputError(
                f"column {column!r} of table {table!r} holds numbers as text: give counts as numbers, "
                "for DfE's layout the answer of timeliness that it was made from"
            )


def _role(values: "pd.Series[Any]", column: str, counts: Collection[str]) -> Role:
    if column in _NOTES:
        return "note"
    if column in _CONSTANTS or pd.api.types.is_bool_dtype(values):
        return "constant"
    numbers = numbers_in(values)
    if numbers is None or column in _LABELS:
        hidden = not values.empty and values.map(is_marker).all()
        return "label" if not hidden else "count" if column in counts else "constant"
    return "percent" if _PERCENT.search(column) else _count_or_figure(numbers, column)


def _count_or_figure(numbers: "pd.Series[float]", column: str) -> Role:
    is_count = not _FIGURE.search(column) and (numbers.dropna() % 1 == 0).all()
    return "count" if is_count or column in _KNOWN else "figure"


def numbers_in(values: "pd.Series[Any]") -> "pd.Series[float] | None":
    """Read a column of numbers and markers, which are NaN; None for a column that holds anything else, or no number.

    Text that looks like numbers is read as numbers only beside a marker, as in a published table read back from a file.

    >>> numbers_in(pd.Series([12, "[c]"], dtype=object)).tolist(), numbers_in(pd.Series(["2025"]))
    ([12.0, nan], None)
    """
    if pd.api.types.is_numeric_dtype(values):
        return values.astype("Float64").astype("float64").where(values.notna())
    if pd.api.types.is_datetime64_any_dtype(values):
        return None
    marked = values.map(is_marker).astype(bool)
    rest = values[~marked & values.notna()]
    if not len(rest) or not (marked.any() or all(isinstance(value, int | float) for value in rest)):
        return None
    read = pd.to_numeric(rest, errors="coerce")
    return None if read.isna().any() else read.astype(float).reindex(values.index)
