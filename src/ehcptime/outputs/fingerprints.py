"""Fingerprints: what a table holds, as one number that any changed cell changes and no order of rows or columns does."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

_APART, _ROW = "\x1f", "\x1e"  # between cells, and at the end of a row
_ESCAPES = str.maketrans({"\\": "\\\\", _APART: "\\u", _ROW: "\\r"})
_MIDNIGHT = "T00:00:00"

Texts = npt.NDArray[np.object_]


def fingerprint(table: pd.DataFrame) -> str:
    """SHA-256 of the names of the columns and of the cells as texts, in hexadecimal.

    The order of the rows and of the columns, the index and the type in which a value is held do not matter: a date, its ISO text, and
    the same in a category are one; so are 1 and 1.0, and a blank text and a missing value. Anything else that differs in one
    cell, and a row more or fewer, gives another fingerprint. It says nothing about a single row, but of a table so small that
    its content can be guessed it can confirm the guess.

    >>> one = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    >>> fingerprint(one) == fingerprint(one.iloc[::-1][["b", "a"]])
    True
    >>> fingerprint(one) == fingerprint(one.assign(a=[1, 3]))
    False
    """
    names = sorted(table.columns, key=str)
    heading = _escaped([str(name) for name in names])
    columns = [_escaped(cell_texts(table[name])).tolist() for name in names]
    rows = zip(*columns, strict=True) if columns else [()] * len(table)
    text = _ROW.join([_APART.join(heading), *sorted(map(_APART.join, rows))])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _escaped(texts: Iterable[str]) -> Texts:
    """Texts in which no mark stands that keeps cells or rows apart; each distinct one is looked at once."""
    codes, distinct = pd.factorize(np.asarray(texts, dtype=object))
    return np.array([text.translate(_ESCAPES) for text in distinct], dtype=object)[codes]


def cell_texts(values: pd.Series) -> Texts:
    """Cells of a column as a file of text would hold them: ISO dates, whole numbers without a point, blank where missing."""
    if values.dtype == object:  # here 1 and True are two things, though they are equal
        return np.array(
            ["" if gone else _text(value) for value, gone in zip(values, values.isna(), strict=True)],
            dtype=object,
        )
    codes, distinct = pd.factorize(values, use_na_sentinel=True)
    texts = np.array([*map(_text, distinct), ""], dtype=object)
    return texts[codes]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().removesuffix(_MIDNIGHT)
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
