"""Frozen runs: tables saved with their manifest, whole or not at all, and read back only if nothing in them has changed."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from pydantic import ValidationError

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.fingerprints import Texts, fingerprint
from ehcptime.outputs.inert import csv_cells, inert, plain
from ehcptime.outputs.manifest import Audience, Manifest, SavedTable, measures_in, saved_table
from ehcptime.records.pseudonyms import IDS
from ehcptime.records.whole import whole

MANIFEST = "manifest.json"
_NUMBER = re.compile(r"^u?int\d+$|^float\d+$", re.IGNORECASE)
_FLAGS = {"True": True, "False": False, "": None}


@dataclass(frozen=True, eq=False)
class FrozenRun:
    """A run read back: its manifest, and its tables by name. Categories come back as text."""

    manifest: Manifest
    tables: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        """Count the rows; show none of them."""
        counts = ", ".join(f"{name} {len(table)}" for name, table in self.tables.items())
        return f"FrozenRun({counts})"


def freeze(
    tables: Mapping[str, pd.DataFrame],
    folder: str | Path,
    manifest: Manifest,
    *,
    audience: Audience = "public",
) -> Manifest:
    """Save tables as CSV files with the manifest of their run, and return it as saved.

    The folder is made if need be. Each file is written whole or not at all, and the manifest last: a folder without one is not a
    frozen run. A text that a spreadsheet would run gets an apostrophe before it. Tables with case or person ids are
    internal: they are saved only with `audience="internal"`, which is noted in the manifest.

    Raises CommandError where the folder holds a frozen run already or a table is internal and the audience is not,
    InputError where a file cannot be written.

    >>> import tempfile
    >>> from datetime import date
    >>> from ehcptime.outputs.manifest import manifest
    >>> table = pd.DataFrame({"area": ["=1+1"], "open": [3]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = freeze({"backlog": table}, folder, manifest({}, as_at=date(2025, 3, 31)))
    ...     (Path(folder) / "backlog.csv").read_text(encoding="utf-8-sig").split(), thaw(folder).tables["backlog"].equals(table)
    (['area,open', "'=1+1,3"], True)
    """
    place = Path(folder)
    if (place / MANIFEST).exists():
        raise CommandError(f"the folder {place.name} holds a frozen run already: give another folder")
    for name, table in tables.items():
        held = [column for column in IDS if column in table]
        if held and audience != "internal":
            raise CommandError(
                f'table {name!r} has the column {held[0]!r}: freeze it with audience="internal", or leave it out'
            )
    saved = {name: saved_table(name, table) for name, table in tables.items()}
    done = manifest.model_copy(
        update={"audience": audience, "tables": saved, "measures": measures_in(tables)}
    )
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            _write(place / saved[name].path, _csv_lines(table))
        _write(place / MANIFEST, done.model_dump_json(indent=2))
    except OSError as error:
        raise InputError(
            f"the frozen run cannot be written: {error.strerror}; choose another folder"
        ) from error
    return done


def thaw(folder: str | Path) -> FrozenRun:
    """Read a frozen run back and check every table against its fingerprint.

    Raises InputError where the manifest is missing, cannot be read or is of another format, or where a table is missing or is not
    what was saved.
    """
    place = Path(folder)
    found = _manifest(place)
    return FrozenRun(found, {name: _table(place, name, saved) for name, saved in found.tables.items()})


def _manifest(place: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((place / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the folder {place.name} holds no frozen run: {MANIFEST} cannot be read") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise InputError(
            f"{MANIFEST} is not a manifest that this version can read: freeze the run again"
        ) from error


def _table(place: Path, name: str, saved: SavedTable) -> pd.DataFrame:
    try:
        with (place / saved.path).open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise InputError(
            f"the frozen table {saved.path} is missing or cannot be read: freeze the run again"
        ) from error
    columns = [plain(cell) for cell in heading]
    table = None
    if columns == list(saved.columns) and all(len(row) == len(columns) for row in rows):
        table = _typed(columns, rows, saved)
    if table is None or fingerprint(table) != saved.fingerprint:
        raise InputError(f"the frozen table {name!r} is not what was saved: its file was changed afterwards")
    return table


def _typed(columns: list[str], rows: list[list[str]], saved: SavedTable) -> pd.DataFrame | None:
    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    try:
        made = {
            name: _column(np.array(texts, dtype=object), saved.columns[name])
            for name, texts in zip(columns, cells, strict=True)
        }
    except (ValueError, TypeError, KeyError):  # a cell that was changed into something of another kind
        return None
    return pd.DataFrame(made, index=range(len(rows)))


def _column(texts: Texts, dtype: str) -> pd.Series:
    values = pd.Series(texts, dtype=object)
    if dtype.startswith("datetime64"):
        return pd.to_datetime(values.mask(values == ""), format="ISO8601").astype(dtype)  # type: ignore[call-overload,no-any-return]
    if dtype in ("bool", "boolean"):
        return pd.Series([_FLAGS[text] for text in texts], dtype=dtype)
    if _NUMBER.match(dtype):
        return pd.to_numeric(values.mask(values == "")).astype(dtype)  # type: ignore[call-overload,no-any-return]
    return pd.Series([plain(text) for text in texts], dtype=str)


def _csv_lines(table: pd.DataFrame) -> Iterator[list[str]]:
    yield [inert(str(name)) for name in table.columns]
    yield from map(list, zip(*(csv_cells(table[name]) for name in table), strict=True))


def _write(path: Path, content: str | Iterator[list[str]]) -> None:
    encoding = "utf-8" if isinstance(content, str) else "utf-8-sig"
    with whole(path) as place, place.open("w", encoding=encoding, newline="") as file:
        if isinstance(content, str):
            file.write(content)
        else:
            csv.writer(file).writerows(content)
