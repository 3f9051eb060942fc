"""The cells of a column of text, stripped: by Arrow where the column is Arrow's, otherwise one at a time."""

import sys
from typing import NamedTuple

import pandas as pd

_SPACES = "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1))))  # what str.strip strips


class Cells(NamedTuple):
    """The stripped cells of a column, and how many hold something."""

    values: pd.Series
    filled: int


def strip_cells(text: pd.Series) -> Cells:
    """Strip the cells of a column of text.

    >>> strip_cells(pd.Series([" a", ""], dtype=object)).values.tolist(), strip_cells(pd.Series([" a", ""])).filled
    (['a', ''], 1)
    """
    if is_compact(text):
        stripped = text.str.strip(_SPACES)
        return Cells(stripped, int((stripped != "").sum()))
    texts = list(map(str.strip, text))
    return Cells(pd.Series(texts, index=text.index, name=text.name, dtype=object), sum(map(bool, texts)))


def is_compact(text: pd.Series) -> bool:
    """Say whether a column of text is held by Arrow, with no object for each cell."""
    return isinstance(text.dtype, pd.StringDtype)
