"""CSV files without quotation marks by way of Arrow's reader, where pyarrow is installed: each distinct text is made once.

The result is that of the reader of our own. What Arrow would read otherwise, or would not read, is left to that one.
"""

from collections.abc import Collection, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_BLOCK = 1 << 22  # larger than any line that is read at all
_SAMPLE = 2_000


@cache
def has_arrow() -> bool:
    """Say whether pyarrow is installed; it is only loaded when a file is read."""
    return find_spec("pyarrow") is not None


def read_arrow(
    path: Path, headings: Sequence[str], *, skip: int, delimiter: str, repeating: Collection[int]
) -> pd.DataFrame | None:
    r"""Read what stands below a header; None where a line has another number of cells, or there is none.

    The file is in UTF-8, its lines end in \n or \r\n, and it holds no quotation mark. `skip` lines, the header among them, come first.
    Columns at the positions `repeating` are categories.
    """
    arrow, csv = import_module("pyarrow"), import_module("pyarrow.csv")
    text, repeated = arrow.string(), arrow.dictionary(arrow.int32(), arrow.string())
    names = [str(n) for n in range(len(headings))]
    kinds = {name: repeated if n in repeating else text for n, name in enumerate(names)}
    try:
        table = csv.read_csv(
            path,
            read_options=csv.ReadOptions(column_names=names, skip_rows=skip, block_size=_BLOCK),
            parse_options=csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except arrow.ArrowInvalid:
        return None
    if not len(table):
        return None
    columns = [_column(column, n in repeating) for n, column in enumerate(table.columns)]
    return pd.DataFrame(dict(enumerate(columns)), copy=False).set_axis(list(headings), axis="columns")


def _column(column: Any, repeats: bool) -> pd.Series:
    """Turn one column of Arrow's into texts, or into categories."""
    if repeats:
        codes, texts = _distinct(column)
        return pd.Series(pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object), validate=False))
    sample = column.slice(0, _SAMPLE)
    if len(sample.unique()) > len(sample) / 2:  # as ids do
        compact: pd.Series = column.to_pandas(types_mapper=_as_it_is)
        return compact
    codes, texts = _distinct(column.dictionary_encode())
    return pd.Series(texts[codes], dtype=object)


def _as_it_is(_: Any) -> Any:
    return pd.StringDtype("pyarrow", na_value=np.nan)


def _distinct(column: Any) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
    """Give the number of each cell's text, and the texts."""
    whole = column.unify_dictionaries().combine_chunks()
    codes: NDArray[np.int32] = whole.indices.to_numpy()
    return codes, whole.dictionary.to_numpy(zero_copy_only=False)
