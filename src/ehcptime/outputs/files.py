"""Tables as files for people and other programs: CSV, Excel, JSON or Parquet, by the end of the name, whole or not at all."""

import csv
import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.inert import csv_cells, inert, without_controls
from ehcptime.outputs.sheets import write_sheets
from ehcptime.records.parquet import write_parquet
from ehcptime.records.saving import saving

SUFFIXES = (".csv", ".xlsx", ".json", ".parquet")
_ONE_SHEET = "table"


def write_table(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a frame, without its index, to a file whose name ends in .csv, .xlsx, .json or .parquet.

    The file is written whole or not at all, and only its owner can read it. In CSV a text that a spreadsheet would run gets an apostrophe before it; in
    Excel every text is stored as text, ids too, and dates are dates. JSON is a list of records, with ISO dates and null
    for what is missing. Control characters are replaced by question marks, but for Parquet, in which every column keeps its
    own type and every text stands as it is.

    Raises CommandError for another ending and for a table that a sheet cannot hold, InputError where the file cannot be written or
    the excel or the arrow extra is missing.

    >>> import tempfile
    >>> frame = pd.DataFrame({"case_id": ["=1+1"], "due": pd.to_datetime(["2025-08-20"]), "days_left": pd.array([None], "Int64")})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(frame, Path(folder) / "list.csv")
    ...     print((Path(folder) / "list.csv").read_text(encoding="utf-8-sig"))
    case_id,due,days_left
    '=1+1,2025-08-20,
    """
    write_tables({_ONE_SHEET: frame}, path)


def write_tables(tables: Mapping[str, pd.DataFrame], path: str | Path) -> None:
    """Write several frames to one file: a sheet each in Excel, under the name of each in JSON; one frame alone is as in `write_table`.

    Raises CommandError for several frames in CSV or Parquet too, which hold one table.
    """
    place = check_suffix(path)
    with saving(place, "choose another folder or close the file") as temporary:
        _write(tables, temporary, place.suffix.lower())


def check_suffix(path: str | Path) -> Path:
    """Refuse a name of a file that says nothing of its format.

    >>> check_suffix("list.pdf")
    Traceback (most recent call last):
    ehcptime.errors.CommandError: 'list.pdf' is no table that can be written: end its name in .csv, .xlsx or .json, or .parquet
    """
    place = Path(path)
    if place.suffix.lower() not in SUFFIXES:
        raise CommandError(
            f"{place.name!r} is no table that can be written: end its name in .csv, .xlsx or .json, or .parquet"
        )
    return place


def json_text(frame: pd.DataFrame) -> str:
    """Write a frame as a JSON list of records, with ISO dates and null for what is missing.

    >>> print(json_text(pd.DataFrame({"due": pd.to_datetime(["2025-08-20", None]), "cases": pd.array([1, None], "Int64")})))
    [
     {"due": "2025-08-20", "cases": 1},
     {"due": null, "cases": null}
    ]
    """
    lines = ",\n".join(f" {json.dumps(row, ensure_ascii=False)}" for row in _records(frame))
    return f"[\n{lines}\n]" if lines else "[]"


def _write(tables: Mapping[str, pd.DataFrame], path: Path, suffix: str) -> None:
    if suffix == ".xlsx":
        write_sheets(tables, path)
    elif suffix == ".json":
        path.write_text(_json(tables) + "\n", encoding="utf-8")
    elif suffix == ".parquet":
        write_parquet(_only(tables, suffix), path)
    else:
        _write_csv(tables, path)


def _json(tables: Mapping[str, pd.DataFrame]) -> str:
    if len(tables) == 1:
        return json_text(*tables.values())
    named = ",\n".join(f"{json.dumps(name)}: {json_text(frame)}" for name, frame in tables.items())
    return f"{{\n{named}\n}}"


def _only(tables: Mapping[str, pd.DataFrame], suffix: str) -> pd.DataFrame:
    if len(tables) != 1:
        raise CommandError(f"a {suffix} file holds one table: end the name of the file in .xlsx or .json")
    (frame,) = tables.values()
    return frame


def _write_csv(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    frame = _only(tables, ".csv")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_safe(str(name)) for name in frame.columns])
        writer.writerows(
            zip(*(csv_cells(frame.iloc[:, n], _safe) for n in range(frame.shape[1])), strict=True)
        )


def _safe(text: str) -> str:
    return inert(without_controls(text))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    names = [without_controls(str(name)) for name in frame.columns]
    columns = [[_json_cell(value) for value in frame.iloc[:, n].astype(object)] for n in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _json_cell(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, datetime | date):
        return None if pd.isna(value) else value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, list | tuple):
        return [_json_cell(part) for part in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, float) and math.isinf(value):
        return str(value)
    return value if isinstance(value, bool | int | float) else str(value)
