"""The cells of a column of text, stripped: by Arrow where the column is Arrow's, once each where they are categories."""

import sys
from typing import NamedTuple

import numpy as np
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
    if isinstance(text.array, pd.Categorical):
        return _strip_categories(text, text.array)
    texts = list(map(str.strip, text))
    return Cells(pd.Series(texts, index=text.index, name=text.name, dtype=object), sum(map(bool, texts)))


def _strip_categories(text: pd.Series, cells: pd.Categorical) -> Cells:
    distinct = np.array([*map(str.strip, cells.categories), ""], dtype=object)  # the last is that of a blank
    stripped = pd.Series(distinct[cells.codes], index=text.index, name=text.name, dtype=object, copy=False)
    return Cells(stripped, int(np.count_nonzero((distinct != "")[cells.codes])))


def is_compact(text: pd.Series) -> bool:
    """Say whether a column of text is held by Arrow, with no object for each cell."""
    return isinstance(text.dtype, pd.StringDtype)
