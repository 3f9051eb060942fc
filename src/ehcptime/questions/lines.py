"""Lines of a tidy answer: each counts some rows out of others, and says of what, so that every figure can be opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.errors import CommandError
from ehcptime.questions.grouping import texts
from ehcptime.questions.rounding import percent

COLUMNS = ("line", "count", "of", "out_of", "percent", "note")

_Places = npt.NDArray[np.intp]
_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Line:
    """Rows that are counted out of others: `counted` is always a part of `whole`; `out_of` names the whole.

    `cannot` says why nothing can be counted, if so. `aside` gives, by the words for them, rows that a reader would look for in the whole.
    """

    name: str
    counted: Mask
    whole: Mask
    out_of: str
    cannot: str = ""
    aside: Mapping[str, Mask] = field(default_factory=dict)


def line_of(lines: Sequence[Line], name: str) -> Line:
    """Find a line by its name; CommandError where there is none.

    >>> line_of([Line("requests", np.ones(1, bool), np.ones(1, bool), "rows")], "plans")
    Traceback (most recent call last):
    ehcptime.errors.CommandError: there is no line 'plans': use one of requests
    """
    for line in lines:
        if line.name == name:
            return line
    raise CommandError(
        f"there is no line {name!r}: use one of {', '.join(dict.fromkeys(line.name for line in lines))}"
    )


def tallied(lines: Sequence[Line], cell: _Places, labels: pd.DataFrame) -> pd.DataFrame:
    """Count lines in cells: for each cell, whose labels are a row of `labels`, one row per line, with the columns of COLUMNS.

    `count` and `of` are empty where a line cannot be counted; `percent` also where there is nothing to divide.

    >>> both = np.ones(2, bool)
    >>> lines = [Line("late", np.array([True, False]), both, "plans")]
    >>> tallied(lines, np.zeros(2, np.intp), pd.DataFrame({"team": ["a"]})).to_numpy().tolist()
    [['a', 'late', 1, 2, 'plans', 50.0, '']]
    """
    cells, each = len(labels), len(lines)
    counted, whole = (
        np.array([_count(mask, cell, cells) for mask in masks], dtype=np.int64).reshape(each, cells).T.ravel()
        for masks in ([line.counted for line in lines], [line.whole for line in lines])
    )
    cannot = np.tile(np.array([bool(line.cannot) for line in lines], dtype=bool), cells)
    table = labels.loc[labels.index.repeat(each)].reset_index(drop=True)
    return table.assign(
        line=texts([line.name for line in lines] * cells),
        count=pd.arrays.IntegerArray(counted, cannot),
        of=pd.arrays.IntegerArray(whole, cannot),
        out_of=texts([line.out_of for line in lines] * cells),
        percent=percent(counted, np.where(cannot, 0, whole)),
        note=texts(_notes(lines, cell, whole.reshape(cells, each))),
    )


def _count(mask: Mask, cell: _Places, cells: int) -> _Counts:
    return np.bincount(cell[mask], minlength=cells)


def _notes(lines: Sequence[Line], cell: _Places, whole: _Counts) -> list[str]:
    aside = [{words: _count(mask, cell, len(whole)) for words, mask in line.aside.items()} for line in lines]
    return [
        "; ".join(_note(line, int(whole[row, place]), {words: n[row] for words, n in aside[place].items()}))
        for row in range(len(whole))
        for place, line in enumerate(lines)
    ]


def _note(line: Line, whole: int, aside: Mapping[str, Any]) -> list[str]:
    if line.cannot:
        return [f"cannot be computed, because {line.cannot}"]
    empty = [] if whole else [f"no percentage, because there are no {line.out_of}"]
    return [*empty, *(f"{number} {words}" for words, number in aside.items() if number)]
