"""The star schema as files, in CSV for anything and in Parquet for what knows types."""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Literal

import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.files import write_table
from ehcptime.outputs.star import star_schema
from ehcptime.outputs.star_columns import STAR
from ehcptime.records.arrow_csv import has_arrow
from ehcptime.records.extract import Extract
from ehcptime.records.whole import whole

Format = Literal["csv", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "parquet")


def export(
    extract: Extract,
    folder: str | Path,
    *,
    as_at: date,
    key: str | None = None,
    internal: bool = False,
    formats: Sequence[Format] = FORMATS,
) -> dict[str, int]:
    """Write the tables of `star_schema` to a folder, and return the number of rows of each.

    `case.csv` and `case.parquet` hold the same rows, and so do those of every other table. The folder is made if need be; files of an
    earlier export are replaced one by one, each whole or not at all, so that a report can be pointed at the same folder every month.
    Only their owner can read them. Flags are True or False, dates ISO; in CSV a text that a spreadsheet would run gets an apostrophe
    before it. Parquet needs the extra `arrow`.

    Raises CommandError for an unknown format or without pyarrow for Parquet, InputError where a file cannot be written, and what
    `star_schema` raises.

    >>> import tempfile
    >>> from ehcptime.datasets.simulate import simulate
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     rows = export(simulate(20, as_at=date(2024, 12, 31), seed=1), folder, as_at=date(2024, 12, 31), formats=["csv"])
    ...     sorted(path.name for path in Path(folder).iterdir())[:3], rows["limit"]
    (['advice.csv', 'calendar.csv', 'case.csv'], 100)
    """
    _check(formats)
    star, place = star_schema(extract, as_at=as_at, key=key, internal=internal), Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, table in star.items():
            if "csv" in formats:
                write_table(table, place / f"{name}.csv")
            if "parquet" in formats:
                _write_parquet(name, table, place / f"{name}.parquet")
    except OSError as error:
        raise InputError(f"the folder {place.name} cannot be written: {error.strerror}") from error
    return {name: len(table) for name, table in star.items()}


def _check(formats: Sequence[str]) -> None:
    unknown = [each for each in formats if each not in FORMATS]
    if unknown or not formats:
        raise CommandError(f"formats must be csv, parquet or both, not {', '.join(unknown) or 'none'}")
    if "parquet" in formats and not has_arrow():
        raise CommandError('Parquet needs pyarrow: run pip install "ehcptime[arrow]", or ask for csv alone')


def _write_parquet(name: str, table: pd.DataFrame, path: Path) -> None:
    """Types are those of the schema, so that an empty column is what it will be when it is filled."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    kinds = {"text": arrow.string(), "number": arrow.int64(), "date": arrow.date32(), "flag": arrow.bool_()}
    columns = {
        column: arrow.array(table[column].astype(object), type=kinds[held.kind], from_pandas=True)
        for column, held in STAR[name].columns.items()
    }
    with whole(path) as temporary:
        parquet.write_table(arrow.table(columns), temporary)
