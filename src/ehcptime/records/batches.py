"""A caseload in batches: from Parquet files larger than memory, or from whatever gives one frame after another."""

from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import names
from ehcptime.records.other_frames import arrow_library, as_pandas, is_other, pandas_of

_AHEAD = 1  # batches that are read before they are asked for


def batches_of(
    source: str | Path | Iterable[Any], table: str, also: Collection[str] = (), *, rows: int
) -> Iterator[pd.DataFrame]:
    """Give the frames of a source one after another.

    `source` is a Parquet file, a folder of them, a frame, or anything that gives frames of pandas, polars or Arrow. From Parquet
    come the columns of the contract and those named in `also`, some `rows` at a time; categories come as text.

    Raises:
        InputError: there is nothing at the path, it is no Parquet, or pyarrow is not installed.

    >>> [len(frame) for frame in batches_of(pd.DataFrame({"case_id": ["a", "b"]}), "cases", rows=10)]
    [2]
    """
    if isinstance(source, str | Path):
        yield from _of_parquet(Path(source).absolute(), [*names(table), *also], rows)
    elif isinstance(source, pd.DataFrame) or is_other(source):
        yield as_pandas(source)
    else:
        yield from map(as_pandas, source)


def _of_parquet(path: Path, wanted: Collection[str], rows: int) -> Iterator[pd.DataFrame]:
    arrow = arrow_library()
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name}")
    try:
        found = import_module("pyarrow.dataset").dataset(path, format="parquet")
        columns = [name for name in found.schema.names if name in wanted]
        batches = found.to_batches(
            columns=columns, batch_size=rows, batch_readahead=_AHEAD, fragment_readahead=_AHEAD
        )
        for batch in batches:
            yield _without_categories(pandas_of(arrow.table(batch)))
    except (arrow.ArrowException, OSError):
        raise InputError(f"{path.name} holds what is no Parquet, or is damaged: write it again") from None


def _without_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Give categories as text, since each batch may have others."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("category").columns, object))
