"""Parquet files: read as tables of text, by the same door as every other local file, and written with their types."""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.other_frames import arrow_library, arrow_of, pandas_of
from ehcptime.records.values import as_text

PARQUET_START = b"PAR1"


def parquet_headings(path: Path) -> list[str]:
    """Give the names of the columns of a Parquet file, without reading its rows.

    Raises:
        InputError: it is damaged, or pyarrow is not installed.
    """
    return list(_opened(path).schema_arrow.names)


def parquet_texts(path: Path) -> pd.DataFrame:
    """Read a Parquet file as text, as a CSV file of it would be: blank cells are "", and the index numbers the rows from 1.

    Dates are in the form of ISO, with the time of day and the zone where the column has them, so that what may not be
    read as a date is refused as it would be from any other file.
    """
    try:
        table = _opened(path).read()
        table.validate(full=True)  # text that is no UTF-8 shows here, and not in the middle of the work
        frame = pandas_of(table)
    except (arrow_library().ArrowException, OSError):
        raise _damaged(path) from None
    texts = [_texts(frame.iloc[:, place]) for place in range(frame.shape[1])]
    index = pd.RangeIndex(1, len(frame) + 1)
    made = pd.DataFrame(dict(enumerate(texts)), index=index, dtype=object)
    return made.set_axis([str(name).strip() for name in frame.columns], axis="columns")


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, without its index, every column with its own type.

    Raises:
        InputError: a column holds values of several kinds, or pyarrow is not installed.
    """
    arrow_library()
    import_module("pyarrow.parquet").write_table(arrow_of(frame), path)


def _opened(path: Path) -> Any:
    arrow = arrow_library()
    try:
        return import_module("pyarrow.parquet").ParquetFile(path)
    except (arrow.ArrowException, OSError):
        raise _damaged(path) from None


def _damaged(path: Path) -> InputError:
    return InputError(f"{path.name} is a damaged Parquet file: write it again")


def _texts(values: "pd.Series[Any]") -> Any:
    """Give the texts of a column, each made once."""
    codes, distinct = pd.factorize(values)
    found = pd.Series(distinct)
    dated = pd.api.types.is_datetime64_any_dtype(found.dtype)
    shown = found.astype(str) if dated else as_text(found)
    return np.array([*shown, ""], dtype=object)[codes]
