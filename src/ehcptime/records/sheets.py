"""The sheets of a local file: where their header is, and what below it is not a record."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehcptime.errors import InputError
from ehcptime.records.date_forms import take_apart
from ehcptime.records.headings import both_of, is_second
from ehcptime.records.parquet import PARQUET_START, parquet_headings, parquet_texts
from ehcptime.records.personal import plain
from ehcptime.records.texts import Sheet, Text, first_rows, read_csv, text_of
from ehcptime.records.workbooks import EXCEL_STARTS, Rows, framed, read_workbook

_TABLES = (".csv", ".xlsx", ".xls", ".xlsm", ".parquet")
_LOOKED_AT = 100  # rows in which a header is looked for
_END = 20  # rows at the end in which totals are looked for though they have counts
_TOTAL = re.compile(r"(grand |sub-?|column )?(total|sum|count)s?\b.*", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One sheet of a file: its first rows, and how to read it from its header on, some columns being repetitive."""

    name: str
    file: str
    top: Rows
    load: Callable[[int, frozenset[int]], Sheet]

    @cached_property
    def plain_top(self) -> list[set[str]]:
        """The cells of each of the first rows, alone and with the heading above them, in plain letters."""
        return [
            {plain(cell) for cell in (*row, *both_of(self.top, number)) if cell.strip()}
            for number, row in enumerate(self.top)
        ]


def sources(path: Path) -> list[Source]:
    """List the sheets of a workbook or the tables of a folder; a CSV file is listed once for each delimiter.

    Raises:
        InputError: there is nothing at the path, or a file cannot be read.
    """
    if not path.exists():
        raise InputError(f"there is no file or folder {path.name}")
    if path.is_dir():
        return [source for file in tables_in(path) for source in sources(file)]
    with path.open("rb") as file:
        start = file.read(4)
        if start == PARQUET_START:
            return [_parquet(path)]
        if start.startswith(EXCEL_STARTS):
            return [_sheet(name, rows, path) for name, rows in read_workbook(path).items() if rows]
    text = text_of(path)
    return [_csv(path, delimiter, text) for delimiter in (",", "\t", ";")]


def tables_in(folder: Path) -> list[Path]:
    """List the CSV files, workbooks and Parquet files of a folder."""
    return [file for file in sorted(folder.iterdir()) if file.suffix.lower() in _TABLES]


def _sheet(name: str, rows: Rows, path: Path) -> Source:
    def load(header: int, _: frozenset[int]) -> Sheet:
        return Sheet(f"{path.name} {name}", framed(rows[header:], header + 1))

    return Source(name, path.name, rows[:_LOOKED_AT], load)


def _parquet(path: Path) -> Source:
    def load(_: int, __: frozenset[int]) -> Sheet:
        return Sheet(path.name, parquet_texts(path))

    return Source(path.name, path.name, [parquet_headings(path)], load)


def _csv(path: Path, delimiter: str, text: Text) -> Source:
    def load(header: int, repeating: frozenset[int]) -> Sheet:
        return read_csv(path, skip=header, delimiter=delimiter, repeating=repeating, text=text)

    return Source(path.name, path.name, first_rows(path, delimiter, _LOOKED_AT, text.encoding), load)


def find_header(
    source: Source, needed: Iterable[tuple[str, ...]], known: Mapping[str, str]
) -> tuple[int, int] | None:
    """Find the header: the first row with one heading of each that is needed, and how many of the known it has.

    Where the row below continues it, as under merged cells, the header is that row.
    """
    wanted = [{plain(heading) for heading in headings} for headings in needed]
    fits = [bool(wanted) and all(cells & one for one in wanted) for cells in source.plain_top]
    if True not in fits:
        return None
    number = fits.index(True)
    if fits[number + 1 : number + 2] == [True] and is_second(*source.top[number : number + 2]):
        number += 1
    return number, len(source.plain_top[number] & known.keys())


def records(sheet: Sheet, key: int | None, dates: list[int]) -> Sheet:
    """Leave out what is not a record, and note it: the header repeated, totals, and lines of text at the end.

    `key` is the position of the column that names a record. None of these rows holds a date: a row with a date is a
    record, whatever else it lacks.
    """
    undated = _undated(sheet.frame, dates)
    if not undated.any():
        return sheet
    loose = (
        sheet.frame[undated].astype(object).fillna("").set_axis(range(sheet.frame.shape[1]), axis="columns")
    )
    header = (loose == list(sheet.frame.columns)).all(axis=1)
    totals = ~header & (_is_total(loose[key]) if key is not None else (loose == "").all(axis=1))
    rest = undated.copy()
    rest.loc[loose.index] = ~(header | totals)
    closing = _closing(loose, rest & undated, sheet.frame.index.difference(loose.index[header | totals]))
    counts = ((header, "the header again"), (totals, "totals"), (closing, "text below the table"))
    notes = [sheet.note, *(f"{int(mask.sum())} rows are {what}" for mask, what in counts if mask.any())]
    out = loose.index[header | totals | closing]
    kept = sheet.frame.drop(index=out) if len(out) else sheet.frame
    return Sheet(sheet.name, kept, "; ".join(note for note in notes if note))


def _undated(frame: pd.DataFrame, dates: list[int]) -> pd.Series:
    """Mark rows without a date; at the end of a table, where totals stand, a count in a column of dates is none."""
    undated = np.ones(len(frame), dtype=bool)
    for position in dates:
        none = _blank(frame.iloc[:, position])
        last = frame.iloc[-_END:, position].astype(object).fillna("")
        counts = [take_apart(cell).shape == "not_a_date" for cell in last]
        none[-_END:] |= np.array(counts, dtype=bool)
        undated &= none
        if not undated.any():
            break  # every row has a date already
    return pd.Series(undated, index=frame.index)


def _blank(column: pd.Series) -> NDArray[np.bool_]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        by_code = np.append(
            column.cat.categories.isin(["", None]), True
        )  # the last is that of a missing cell
        return by_code[column.cat.codes.to_numpy()]
    return (column.isna() | (column == "")).to_numpy(copy=True)


def _is_total(keys: pd.Series) -> pd.Series:
    return keys.map(lambda cell: not cell.strip() or bool(_TOTAL.fullmatch(cell.strip()))).astype(bool)


def _closing(loose: pd.DataFrame, candidates: pd.Series, remaining: pd.Index) -> pd.Series:
    """Mark the rows at the end that hold a single cell, where the table has more than two columns."""
    single = (loose != "").sum(axis=1) == 1
    if loose.shape[1] <= 2:
        return single & False
    last = candidates.reindex(remaining) & single.reindex(remaining, fill_value=False)
    run = last[::-1].cumprod()[::-1].astype(bool)
    return run.reindex(loose.index, fill_value=False)
