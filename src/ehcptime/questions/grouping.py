"""Groups of rows by any columns, in a fixed order, as places for one count."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.errors import CommandError, meant

NOT_RECORDED = "not recorded"
NO_LIMIT = "no limit"  # the rule of advice that has none

By = str | Sequence[str] | None
_Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Groups:
    """Place of each row's group, and one row of labels per group."""

    place: _Places
    labels: pd.DataFrame

    @property
    def size(self) -> int:
        """Number of groups."""
        return len(self.labels)


def columns_of(by: By, frame: pd.DataFrame, taken: Collection[str]) -> list[str]:
    """Check and list the columns to group by; `taken` are the names of the columns of the answer.

    >>> columns_of("team", pd.DataFrame({"area": []}), [])
    Traceback (most recent call last):
    ehcptime.errors.CommandError: there is no column 'team' to group by: use a column of the frame
    """
    columns = [] if by is None else [by] if isinstance(by, str) else list(by)
    for column in columns:
        if column not in frame:
            hint = meant(column, frame.columns, "use a column of the frame")
            raise CommandError(f"there is no column {column!r} to group by: {hint}")
        if column in taken:
            raise CommandError(
                f"column {column!r} has the name of a column of the answer: rename it to group by it"
            )
    if len(set(columns)) < len(columns):
        raise CommandError("a column to group by is named twice: name each once")
    return columns


def groups_of(
    frame: pd.DataFrame, columns: Sequence[str], *, blank: Mapping[str, str] = MappingProxyType({})
) -> Groups:
    """Group the rows by columns; blank values are a group of their own and come last.

    They are called "not recorded", or as `blank` says for their column.

    >>> groups_of(pd.DataFrame({"area": ["north", None, "coast"]}), ["area"]).labels["area"].tolist()
    ['coast', 'north', 'not recorded']
    """
    if not columns:
        return Groups(np.zeros(len(frame), dtype=np.intp), pd.DataFrame(index=range(1)))
    place = np.zeros(len(frame), dtype=np.intp)
    labels: list[list[Any]] = []
    most = 1
    for column in columns:
        codes, names = _column(frame[column], blank.get(column, NOT_RECORDED))
        found, place = _distinct(place * len(names) + codes, most * len(names))
        most = len(found)
        labels = [_taken(group, found // len(names)) for group in labels] + [
            _taken(names, found % len(names))
        ]
    return Groups(place, pd.DataFrame(dict(zip(columns, labels, strict=True))))


def _distinct(keys: _Places, most: int) -> tuple[_Places, _Places]:
    """Distinct keys in order, and the place of each key among them; `most` keys are possible, and where they are few none is sorted."""
    if most > len(keys):
        return np.unique(keys, return_inverse=True)
    is_there = counts_of(keys, most) > 0
    return np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[keys]


def counts_of(
    cell: npt.NDArray[np.intp], cells: int, times: npt.NDArray[np.int64] | None = None
) -> npt.NDArray[np.int64]:
    """Count the rows of each cell, or where each row stands for several, those.

    >>> counts_of(np.array([0, 2, 2]), 4).tolist(), counts_of(np.array([0, 2, 2]), 4, np.array([1, 5, 2])).tolist()
    ([1, 0, 2, 0], [1, 0, 7, 0])
    """
    return np.bincount(cell, weights=times, minlength=cells).astype(np.int64, copy=False)


def texts(values: Sequence[str]) -> "pd.Series[str]":
    """Return a column of text, which stays text when it is empty."""
    return pd.Series(list(values), dtype=str)


def _taken(names: Sequence[Any], places: _Places) -> list[Any]:
    return [names[place] for place in places]


def _column(values: "pd.Series[Any]", blank: str) -> tuple[_Places, list[Any]]:
    """Places in the labels, which are sorted, or in the order of the categories."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy().astype(np.intp)
        names = values.cat.categories.tolist()
        order = list(range(len(names)))
    else:
        codes, distinct = pd.factorize(values, use_na_sentinel=True)
        names = distinct.tolist()
        order = _sorted(names)
    rank = np.full(len(names) + 1, len(names), dtype=np.intp)
    for new, old in enumerate(order):
        rank[old] = new if str(names[old]).strip() else len(names)
    return rank[codes], [names[old] for old in order] + [blank]


def _sorted(names: list[Any]) -> list[int]:
    try:
        return sorted(range(len(names)), key=names.__getitem__)
    except TypeError:
        return sorted(range(len(names)), key=lambda place: str(names[place]))
