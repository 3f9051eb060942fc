"""Deaths: children who died are counted with the other reasons in whatever is published, for they are few and one is too many."""

from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.markers import UNAVAILABLE
from ehcptime.outputs.roles import Roles, roles_of
from ehcptime.outputs.shares import pair_of
from ehcptime.questions.rounding import percent

_DIED, _OTHER = "died", "other"
_ABOUT = ("measure", "line", "out_of", "as_at")  # what a row is about, beside its groups


def with_deaths_in_other(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """Add the column and the rows of those who died to `other`, or call them `other` where there is none.

    Counts are added and percentages worked out again; what cannot be worked out from counts (a median) is `[x]`, and a note of such a row
    is dropped. The row of `other` keeps its index. Raises InputError for a column of deaths that is not numbers.

    >>> table = pd.DataFrame({"closed_reason": ["died", "withdrawn", "other"], "cases": [1, 8, 6]})
    >>> with_deaths_in_other(table, "closed").to_numpy().tolist()
    [['withdrawn', 8], ['other', 7]]
    """
    frame = _columns(frame, table)
    roles = roles_of(frame, table)
    named = {column: _named(frame[column]) for column in roles("label")}
    if not any(died.any() for died in named.values()):
        return frame
    labels = {column: frame[column].astype(object).mask(died, _OTHER) for column, died in named.items()}
    return _added(frame.assign(**labels), roles)


def _named(values: "pd.Series[Any]") -> "pd.Series[bool]":
    return values.astype(str).str.strip().str.casefold().eq(_DIED)


def _columns(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    for column in [name for name in frame if str(name).casefold() == _DIED]:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            raise InputError(
                f"column {column!r} of table {table!r} must hold numbers, to be added to 'other'"
            )
        if _OTHER not in frame:
            return frame.rename(columns={column: _OTHER})
        frame = frame.assign(**{_OTHER: frame[_OTHER] + frame[column]}).drop(columns=column)
    return frame


def _added(frame: pd.DataFrame, roles: Roles) -> pd.DataFrame:
    """One row for those that are now about the same children; the last of them stays."""
    keys = [column for column in frame if column in _ABOUT or column in roles("label")]
    again, several = frame.duplicated(keys, keep="last"), frame.duplicated(keys, keep=False)
    group = frame.groupby(keys, sort=False, dropna=False, observed=True).ngroup().to_numpy()
    sums = {
        column: frame[column].groupby(group).transform(lambda counts: counts.sum(skipna=False))
        for column in roles("count")
    }
    full = frame.assign(**sums)
    redone = {column: _share(full, pair_of(frame, column, roles), column) for column in roles("percent")}
    redone |= dict.fromkeys(roles("figure"), UNAVAILABLE)
    redone |= dict.fromkeys(roles("note"), "")
    if several.any():
        for column, values in redone.items():
            full[column] = full[column].astype(object).mask(several, values)
    return full[~again]


def _share(frame: pd.DataFrame, pair: tuple[str, str | None], column: str) -> Any:
    numerator, denominator = pair
    if denominator is None or numerator == column:
        return UNAVAILABLE
    return pd.Series(percent(frame[numerator], frame[denominator]), index=frame.index, dtype=object)
