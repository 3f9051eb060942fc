"""The manifest: what a run rested on, so that a figure can be made again, or shown to rest on something else."""

import platform
import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.metadata import version
from typing import Annotated, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from ehcptime.errors import CommandError, InputError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.outputs.fingerprints import fingerprint
from ehcptime.records.extract import Extract
from ehcptime.records.frames import require_frame
from ehcptime.tracking.columns import plain_day
from ehcptime.tracking.made_with import NOT_RECORDED

_TABLES = ("cases", "advice", "exemptions", "closures", "events")
_PACKAGES = ("ehcptime", "numpy", "pandas")

Source = Extract | Mapping[str, pd.DataFrame] | pd.DataFrame
_NAME = r"[a-z0-9][a-z0-9_-]*"
Audience = Literal["public", "internal"]
_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Rows = Annotated[int, Field(ge=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Print(_Frozen):
    """Fingerprint and number of rows of a table."""

    fingerprint: _Digest
    rows: _Rows


class SavedTable(Print):
    """The same of a table that was saved, with the name of its file and the type of each column."""

    path: Annotated[str, Field(pattern=rf"^{_NAME}\.csv$")]
    columns: dict[str, str]


class Manifest(_Frozen):
    """What a run rested on: no case, no id and no value of any row is in it.

    `format` is the version of the manifest itself, `inputs` the tables that were read, `rule_book` the edition of the law,
    `versions` those of the packages and of Python, `measures` the ids of the measures in the tables, `tables` what was made.
    """

    format: Literal[1] = 1
    audience: Audience = "public"
    as_at: date
    extracted_on: date | None
    rule_book: str
    versions: dict[str, str]
    measures: tuple[str, ...] = ()
    inputs: dict[str, Print]
    tables: dict[str, SavedTable] = {}

    def what_differs(self, other: "Manifest") -> tuple[str, ...]:
        """Say in words what another run rested on that this one did not; nothing where a figure must come out the same."""
        return tuple(_differences(self, other))


def manifest(
    source: Source, *, as_at: date, tables: Mapping[str, pd.DataFrame] | None = None, law: RuleBook = LAW
) -> Manifest:
    """Describe a run: its input tables by fingerprint and rows, its day, its law, its packages and what it made.

    `source` is the `Extract` that was read, or the frames that were, by name (one frame alone is the cases). `tables` are results by
    name, which `freeze` saves as `<name>.csv`. The fingerprint of a table does not depend on the order of its rows and columns (see
    `fingerprint`). Raises CommandError for a name that cannot be that of a file, and InputError where a table says that it was
    made at another day or by another rule book.

    >>> cases = pd.DataFrame({"case_id": ["a", "b"], "received_date": ["2025-01-06", "2025-02-03"]})
    >>> one, other = (manifest(frame, as_at=date(2025, 3, 31)) for frame in (cases, cases.iloc[::-1]))
    >>> one == other, one.inputs["cases"].rows
    (True, 2)
    """
    day = plain_day(as_at)
    made = dict(tables or {})
    for name, table in made.items():
        _check_made(name, table, day, law)
    return Manifest(
        as_at=day,
        extracted_on=source.extracted_on if isinstance(source, Extract) else None,
        rule_book=law.edition,
        versions={name: version(name) for name in _PACKAGES} | {"python": platform.python_version()},
        measures=measures_in(made),
        inputs={name: print_of(name, table) for name, table in _inputs(source).items()},
        tables={name: saved_table(name, table) for name, table in made.items()},
    )


def print_of(name: str, table: pd.DataFrame) -> Print:
    """Fingerprint and rows of a table; raises InputError for what is not a frame or names a column twice."""
    require_frame(table, f"rows of table {name!r}")
    return Print(fingerprint=fingerprint(table), rows=len(table))


def saved_table(name: str, table: pd.DataFrame) -> SavedTable:
    """Describe a table that is to be saved under a name; raises CommandError for a name that cannot be that of a file."""
    if not re.fullmatch(_NAME, name):
        raise CommandError(
            f"table name {name!r} cannot be that of a file: use small letters, digits, hyphens and underscores"
        )
    found = print_of(name, table)
    columns = {str(column): str(table[column].dtype) for column in table}
    return SavedTable(**found.model_dump(), path=f"{name}.csv", columns=columns)


def measures_in(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """Ids of the measures that tables say they are of, in order."""
    said = {
        str(name) for table in tables.values() if "measure" in table for name in table["measure"].unique()
    }
    return tuple(sorted(said))


def _inputs(source: Source) -> dict[str, pd.DataFrame]:
    if isinstance(source, Extract):
        return {name: getattr(source, name) for name in _TABLES}
    return {"cases": source} if isinstance(source, pd.DataFrame) else dict(source)


def _check_made(name: str, table: pd.DataFrame, as_at: date, law: RuleBook) -> None:
    days = set() if "as_at" not in table else set(pd.to_datetime(table["as_at"].dropna()).dt.date)
    if days - {as_at}:
        raise InputError(
            f"table {name!r} was made at another day than as_at {as_at}: give it its own manifest"
        )
    books = set() if "rule_book" not in table else set(table["rule_book"]) - {NOT_RECORDED, law.edition}
    if books:
        raise InputError(f"table {name!r} was made by rule book {min(books)}: give that rule book as law")


def _differences(one: Manifest, other: Manifest) -> Iterator[str]:
    for name, word in (("as_at", "as at"), ("extracted_on", "extracted on"), ("rule_book", "rule book")):
        before, after = getattr(one, name), getattr(other, name)
        if before != after:
            yield f"{word} {before}, then {after}"
    for name in sorted({*one.versions, *other.versions}):
        was, now = one.versions.get(name, "none"), other.versions.get(name, "none")
        if was != now:
            yield f"{name} {was}, then {now}"
    for name in sorted({*one.inputs, *other.inputs}):
        first, second = one.inputs.get(name), other.inputs.get(name)
        if first != second:
            yield f"{name}: {_rows(first)}, then {_rows(second)}"


def _rows(found: Print | None) -> str:
    return "not given" if found is None else f"{found.rows} rows ({found.fingerprint[:8]})"
