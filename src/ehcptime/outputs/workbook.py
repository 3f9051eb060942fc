"""Workbooks: tables for the public and the board in the accessible layout of government, working lists with filters."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.accessible import Book, write_accessible
from ehcptime.outputs.audiences import Audience, for_audience
from ehcptime.outputs.deaths import with_deaths_in_other
from ehcptime.outputs.files import write_tables
from ehcptime.outputs.markers import SHORTHAND, is_marker
from ehcptime.outputs.refused import refuse_names
from ehcptime.records.saving import saving

_FOR_WHOM = {
    "public": "Small numbers are hidden in all tables of this workbook together.",
    "provider": "For one provider and the authority. It names no child.",
    "internal": "OFFICIAL-SENSITIVE. It shows small numbers and stays inside the authority.",
}


def workbook(
    tables: Mapping[str, pd.DataFrame],
    path: str | Path,
    *,
    audience: Audience,
    title: str,
    notes: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
    previous: Mapping[str, pd.DataFrame] | None = None,
    threshold: int = 5,
) -> Mapping[str, pd.DataFrame]:
    """Write tables to one Excel workbook, a sheet each, and return them as they were published.

    Tables that name nobody are laid out as the Government Analysis Function asks: a cover, contents, a sheet of notes with the
    shorthand explained, and one table a sheet with no blank rows and no merged cells; a missing number is `[x]` and a blank text `none`. For the public
    all are suppressed as one set, with `previous`, the tables published last time, and `threshold`. A table that names a case, a person or a worker
    makes the workbook a working list: first a sheet of notes, then filters, real dates, and ids as text; only `internal` may have one.
    Outside the authority children who died are counted with the other reasons. `titles` gives tables titles other than their names. Every text is stored as text. The file is written whole or not at all, and is the same for the same tables.

    Raises InputError for names that the audience may not see, where the extra `excel` is missing or the file cannot be
    written; CommandError for another audience, another ending than .xlsx, and no tables.

    >>> import tempfile
    >>> tables = {"open cases": pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 8, 11]})}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     workbook(tables, f"{folder}/board.xlsx", audience="public", title="Open cases")["open cases"]["open"].tolist()
    ['[c]', '[c]', 11]
    """
    place = workbook_place(path)
    given = published(tables, audience=audience, previous=previous, threshold=threshold)
    write_workbook(given, place, audience=audience, title=title, notes=notes, titles=titles)
    return given


def workbook_place(path: str | Path) -> Path:
    """Where a workbook goes; raises CommandError for another ending than .xlsx."""
    place = Path(path)
    if place.suffix.lower() != ".xlsx":
        raise CommandError(f"{place.name!r} is no workbook: end its name in .xlsx")
    return place


def published(
    tables: Mapping[str, pd.DataFrame],
    *,
    audience: Audience,
    previous: Mapping[str, pd.DataFrame] | None = None,
    threshold: int = 5,
) -> Mapping[str, pd.DataFrame]:
    """Tables of a workbook as its audience may see them; raises CommandError where there are none."""
    if not tables:
        raise CommandError("a workbook needs a table: give one or more")
    given = for_audience(tables, audience=audience, previous=previous, threshold=threshold)
    if audience == "provider":
        return {name: with_deaths_in_other(frame, name) for name, frame in given.items()}
    return given


def write_workbook(
    tables: Mapping[str, pd.DataFrame],
    place: Path,
    *,
    audience: Audience,
    title: str,
    notes: Sequence[str],
    titles: Mapping[str, str] | None,
) -> None:
    """Write tables that are fit for their audience: a working list where one of them names somebody, else the accessible layout."""
    said = (_FOR_WHOM[audience], *notes)
    if any(_has_names(frame) for frame in tables.values()):
        write_tables({"Notes": pd.DataFrame({title: list(said)}), **tables}, place)
        return
    book = Book(title, said, _shorthand(tables), dict(tables), dict(titles or {}))
    with saving(place, "choose another folder or close the file") as temporary:
        write_accessible(book, temporary)


def _has_names(frame: pd.DataFrame) -> bool:
    """Whether a table names a case, a person or a worker."""
    try:
        refuse_names(frame, "")
    except InputError:
        return True
    return False


def _shorthand(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    """What each marker means that stands in a table; [x] always, for it stands for a blank."""
    found = {
        value for frame in tables.values() for name in frame for value in frame[name] if is_marker(value)
    }
    return tuple(f"{mark} {text}" for mark, text in SHORTHAND.items() if mark in found or mark == "[x]")
