"""DfE's timeliness file as the user downloaded it: read with any edition's headings, and the areas found in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.official_layout import LAYOUTS, PLACE
from ehcptime.records.texts import read_csv

# Headings by which DfE's other files are told, in lower case: the older releases had one file for everything.
_SINGLE_FILE = ("tot_inc_exc_ehc", "totincexcehc")
_ONE_ROW = ("time_period", "geographic_level", "region_code", "old_la_code")
_NOT_NUMBERS = frozenset({"", "x", "z", "c", "k", "low", "-", ":", "no data"})
_NEW = LAYOUTS["timeliness"][2026].columns
_AVERAGES = tuple(name for name, figure in _NEW.items() if figure.kind == "weeks")
_NEEDED = tuple(name for name in _NEW if name not in _AVERAGES)


@dataclass(frozen=True, eq=False)
class Published:
    """The rows of a file that are not broken down, headings in lower case; `columns` are those that hold figures."""

    name: str
    rows: pd.DataFrame
    columns: tuple[str, ...]

    def numbers(self, rows: pd.DataFrame, column: str) -> pd.Series:
        """Give the figures of a column as numbers, missing where DfE gives none; the index is that of `rows`."""
        text = rows[column].str.strip().str.lower()
        given = text[~text.isin(_NOT_NUMBERS)]
        numbers = pd.to_numeric(given.str.replace(",", ""), errors="coerce")
        if numbers.isna().any():
            line = int(numbers.index[numbers.isna()][0])
            raise InputError(
                f"{self.name}, line {line}, column {column!r} holds neither a number nor a marker such as x: download the file again"
            )
        return numbers.reindex(rows.index).astype("Float64")


def read_published(path: str | Path) -> Published:
    """Read DfE's `timeliness_20_week.csv`, of the 2025 or the 2026 edition.

    Raises InputError where the file is missing, another file of the release, or no such file at all.
    """
    sheet = read_csv(Path(path))
    frame = sheet.frame.set_axis(sheet.frame.columns.str.lower(), axis="columns")
    if frame.columns.has_duplicates:
        raise InputError(f"{sheet.name} has two columns of one name: download the file again")
    _check(frame.columns, sheet.name)
    everyone = [layout.everyone.lower() for layout in LAYOUTS["timeliness"].values()]
    rows = frame[frame["breakdown_topic"].str.strip().str.lower().isin(everyone)]
    if rows.duplicated(list(_ONE_ROW)).any():
        raise InputError(f"{sheet.name} has two rows for one area and year: download the file again")
    columns = tuple(name for name in _NEW if name in frame)
    return Published(sheet.name, rows.assign(time_period=rows["time_period"].str.strip()), columns)


def _check(headings: pd.Index, name: str) -> None:
    missing = [column for column in (*PLACE, *_NEEDED) if column not in headings]
    if not missing:
        return
    wanted = LAYOUTS["timeliness"][2025].file
    for table in ("requests", "assessments"):
        other = LAYOUTS[table][2025]
        if all(column in headings for column in other.columns):
            raise InputError(
                f"{name} has the columns of DfE's {other.file}: give {wanted} of the same release"
            )
    if any(column in headings for column in _SINGLE_FILE):
        raise InputError(
            f"{name} has the columns of a release before 2025, which are not read: give {wanted} of 2025 or later"
        )
    raise InputError(f"{name} has no column {missing[0]!r}: give DfE's {wanted}, as downloaded")


@dataclass(frozen=True, slots=True)
class Area:
    """An authority, its region, England or a neighbour: its name, what it is, and its rows in the file."""

    name: str
    level: str
    rows: pd.DataFrame


def areas_of(published: Published, la_code: str, neighbours: Sequence[str]) -> list[Area]:
    """Find an authority by its code, new or old, or its name; then its region, England and the neighbours named.

    Raises CommandError for one that the file does not have.
    """
    own = _authority(published, la_code)
    region = own["region_code"].iloc[-1]
    level = published.rows["geographic_level"].str.strip().str.lower()
    in_region = published.rows[(level == "regional") & (published.rows["region_code"] == region)]
    near = [_authority(published, code) for code in neighbours]
    return [
        Area(own["la_name"].iloc[-1], "authority", own),
        Area(own["region_name"].iloc[-1], "region", in_region),
        Area("England", "England", published.rows[level == "national"]),
        *(Area(rows["la_name"].iloc[-1], "neighbour", rows) for rows in near),
    ]


def _authority(published: Published, la_code: str) -> pd.DataFrame:
    """Rows of an authority; its old code holds them together when its new one changes."""
    rows, wanted = published.rows, str(la_code).strip().lower()
    matches = [
        rows[column].str.strip().str.lower() == wanted for column in ("old_la_code", "new_la_code", "la_name")
    ]
    found = rows[(matches[0] | matches[1] | matches[2]) & (rows["old_la_code"].str.strip() != "")]
    if not wanted or found.empty:
        raise CommandError(
            f"{published.name} has no authority {la_code!r}: give its three-digit code, its nine-character code or its name"
        )
    everywhere: pd.DataFrame = rows[rows["old_la_code"] == found["old_la_code"].iloc[-1]]
    return everywhere
