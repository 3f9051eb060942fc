"""Dates of ten characters and plain digits, taken apart all at once: nearly every date of an extract is one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_WIDTH = 10  # of 03/04/2025 and 2025-04-03
_LAYOUTS = {
    "numeric": ((6, 4), (0, 2), (3, 2)),
    "year_first": ((0, 4), (8, 2), (5, 2)),
}  # where a part begins, its digits
_SEPARATORS = "-/."


class PlainDates(NamedTuple):
    """The places of the texts that are plain dates of one shape, and the parts of each, as `take_apart` names them."""

    shape: str
    places: NDArray[np.int64]
    years: NDArray[np.int64]
    firsts: NDArray[np.int64]
    others: NDArray[np.int64]


def plain_dates(texts: Sequence[str]) -> list[PlainDates]:
    """Find the texts that are four, two and two digits with one separator, and take them apart.

    >>> [(dates.shape, dates.places.tolist()) for dates in plain_dates(["03/04/2025", "3 April", "2025-04-03"])]
    [('numeric', [0]), ('year_first', [2])]
    """
    wide = np.array([n for n, text in enumerate(texts) if len(text) == _WIDTH], dtype=np.int64)
    letters = np.array([texts[n] for n in wide], dtype=f"U{_WIDTH}").view(np.uint32).reshape(-1, _WIDTH)
    return [_of_shape(shape, wide, letters) for shape in _LAYOUTS]


def _of_shape(shape: str, places: NDArray[np.int64], letters: NDArray[np.uint32]) -> PlainDates:
    layout = _LAYOUTS[shape]
    between = sorted(set(range(_WIDTH)) - {at + n for at, length in layout for n in range(length)})
    digits = letters.astype(np.int64) - ord("0")
    whole = np.delete(digits, between, axis=1)
    first, second = letters[:, between].T
    fits = ((whole >= 0) & (whole <= 9)).all(axis=1) & (first == second)
    fits &= np.isin(first, [ord(separator) for separator in _SEPARATORS])
    parts = (digits[fits, at : at + length] @ 10 ** np.arange(length)[::-1] for at, length in layout)
    return PlainDates(shape, places[fits], *parts)
