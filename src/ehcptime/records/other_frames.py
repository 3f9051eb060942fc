"""The door for the frames of others: polars, pyarrow and DuckDB, by the Arrow interface, none of them imported unless given."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pandas as pd

from ehcptime.errors import InputError

_STREAM = "__arrow_c_stream__"
_WHOLE = ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")


def is_other(frame: object) -> bool:
    """Say whether an object is a table of another library that speaks Arrow: polars, pyarrow, DuckDB and their like.

    >>> is_other(pd.DataFrame()), is_other([])
    (False, False)
    """
    return hasattr(frame, _STREAM) and not isinstance(frame, pd.DataFrame)


def any_other(*frames: object) -> bool:
    """Say whether any of these is a table of another library."""
    return any(map(is_other, frames))


def as_pandas(frame: Any) -> Any:
    """Give the table of another library as a DataFrame, with a new index; give back anything else as it is.

    Dates become datetimes, so a blank is NaT; whole numbers and flags become nullable, so nothing turns into a fraction;
    dictionaries become categories.

    Raises:
        InputError: pyarrow, which makes the frame, is not installed.

    >>> import pyarrow as pa
    >>> as_pandas(pa.table({"week20": [1, None]}))["week20"].tolist()
    [1, <NA>]
    """
    return pandas_of(arrow_of(frame)) if is_other(frame) else frame


def pandas_of(table: Any) -> pd.DataFrame:
    """Give an Arrow table as a DataFrame; a column of lists or the like is left blank, for no column of the contract is one."""
    arrow = arrow_library()
    for place, field in enumerate(table.schema):
        if arrow.types.is_nested(field.type):
            table = table.set_column(place, field.name, arrow.nulls(table.num_rows))
    kinds = {getattr(arrow, name.lower())(): getattr(pd, f"{name}Dtype")() for name in _WHOLE}
    kinds[arrow.bool_()] = pd.BooleanDtype()
    frame: pd.DataFrame = table.to_pandas(types_mapper=kinds.get, date_as_object=False, ignore_metadata=True)
    return frame


def arrow_of(frame: Any) -> Any:
    """Give a table of another library, or a DataFrame without its index, as an Arrow table.

    Raises:
        InputError: pyarrow is not installed, or a column holds values of several kinds.
    """
    arrow = arrow_library()
    if not isinstance(frame, pd.DataFrame):
        return arrow.table(frame)
    try:
        return arrow.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    except (arrow.ArrowInvalid, arrow.ArrowTypeError) as error:
        column = error.args[-1].rpartition("column ")[2].partition(" ")[0]
        raise InputError(
            f"column {column} holds values of several kinds, which Arrow does not: make them all text or all numbers"
        ) from None


def in_kind(question: Callable[..., pd.DataFrame], frame: Any, **given: Any) -> Any:
    """Ask a question that adds columns to a frame, and add them to the frame of another library that was given.

    The columns of `frame` are not touched. A polars frame gets a polars frame, a DuckDB relation a relation of the
    default connection, and a table of any other library that speaks Arrow a pyarrow table. The other tables `given` may
    be of any of these kinds; a DataFrame gets a DataFrame.

    >>> import pyarrow as pa
    >>> in_kind(lambda frame: frame.assign(days=frame["weeks"] * 7), pa.table({"weeks": [20]})).to_pylist()
    [{'weeks': 20, 'days': 140}]
    """
    table = arrow_of(frame) if is_other(frame) else None
    answer = question(
        frame if table is None else pandas_of(table),
        **{name: as_pandas(value) for name, value in given.items()},
    )
    if table is None:
        return answer
    added = arrow_of(answer[[name for name in answer.columns if name not in table.column_names]])
    if _library(frame) == "polars":
        return frame.hstack(import_module("polars").DataFrame(added))
    for name in added.column_names:
        table = table.append_column(added.schema.field(name), added.column(name))
    return import_module("duckdb").from_arrow(table) if _library(frame) == "duckdb" else table


def _library(frame: object) -> str:
    return type(frame).__module__.partition(".")[0].strip("_")


def arrow_library() -> Any:
    """Import pyarrow, an optional extra.

    Raises:
        InputError: it is not installed.
    """
    try:
        return import_module("pyarrow")
    except ImportError:
        raise InputError(
            "tables of other libraries and Parquet files need pyarrow: pip install 'ehcptime[arrow]'"
        ) from None
