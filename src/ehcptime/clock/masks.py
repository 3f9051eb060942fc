"""Masks: choosing between values and joining conditions, on arrays of one place per row.

They mean what NumPy's `where`, `&`, `|` and `& ~` mean, in a form that a processor takes many rows of at a time, and leave out work
that would change nothing. An array of length one says the same of every row, and so may what comes back.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import Days, Mask

_Values = TypeVar("_Values", Days, npt.NDArray[np.int8])


def choose(where: Mask, these: _Values | int, others: _Values | int) -> _Values:
    """Take these values where a mask holds and the others elsewhere, as `np.where` does; one of the two may be a plain number.

    It is a sum, and a processor adds many numbers at a time where it can take only one branch.

    >>> choose(np.array([True, False]), 7, np.array([1, 2], np.int8)).tolist()
    [7, 2]
    """
    gap = np.asarray(these - others)
    picked: _Values = np.multiply(gap, where.view(np.int8), out=gap if gap.shape == where.shape else None)
    picked += others
    return picked


def instead(values: _Values, where: Mask, other: _Values | int) -> _Values:
    """Put another value where a mask holds; where it holds nowhere the values are given back as they are, which costs nothing.

    >>> days = np.array([1, 2], np.int32)
    >>> instead(days, np.array([False]), 3) is days
    True
    """
    return choose(where, other, values) if where.any() else values


def both(one: Mask, other: Mask) -> Mask:
    """Where two masks hold; one that holds nowhere is given back as it is, which costs nothing.

    A column that is not there makes such a mask, of length one.

    >>> both(np.array([True, False]), np.array([False])).tolist()
    [False]
    """
    if not one.any():
        return one
    return one & other if other.any() else other


def either(one: Mask, other: Mask) -> Mask:
    """Where one of two masks holds, at no cost where one of them holds nowhere.

    >>> either(np.array([True, False]), np.array([False])).tolist()
    [True, False]
    """
    if not one.any():
        return other
    return one | other if other.any() else one


def without(one: Mask, other: Mask) -> Mask:
    """Where one mask holds and the other does not, at no cost where one of them holds nowhere.

    >>> without(np.array([True, False]), np.array([False])).tolist()
    [True, False]
    """
    return one & ~other if one.any() and other.any() else one
