"""The accessible layout of government for spreadsheets, through gptables: cover, contents, notes, and one table a sheet."""

import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.outputs.inert import without_controls
from ehcptime.outputs.markers import UNAVAILABLE
from ehcptime.outputs.sheets import sheet_names
from ehcptime.records.workbooks import SETTINGS, extra
from ehcptime.tracking.words import long_date

_NO_CLOCK = datetime(2000, 1, 1)  # noqa: DTZ001 - the same tables give the same file, whatever the day
_NOTHING = "no rows"
_KEPT = ("Cover", "Contents", "Notes")


@dataclass(frozen=True, eq=False)
class Book:
    """What a workbook holds; `titles` are of tables by name, and a table without one goes by its name."""

    title: str
    notes: tuple[str, ...]
    shorthand: tuple[str, ...]
    tables: dict[str, pd.DataFrame]
    titles: dict[str, str]


def write_accessible(book: Book, path: Path) -> None:
    """Write a workbook in the accessible layout. Raises InputError where gptables, of the extra `excel`, is missing."""
    content = BytesIO()  # so that a full disk is met by a plain write
    with warnings.catch_warnings():
        # gptables 2 builds its tables in a way that pandas 3 no longer recommends
        warnings.filterwarnings("ignore", module=r"gptables\.")
        gptables = extra("gptables", "writing an accessible workbook")
        names = sheet_names([*_KEPT, *book.tables])[len(_KEPT) :]
        refs = [f"note{number}" for number, _ in enumerate(book.notes, start=1)]
        sheets = {
            sheet: _table(gptables, book, name, number, refs)
            for number, (sheet, name) in enumerate(zip(names, book.tables, strict=True), start=1)
        }
        made = gptables.produce_workbook(
            content,
            sheets,
            cover=gptables.Cover(
                title=plain(book.title),
                intro=[plain(text) for text in book.notes],
                about=list(book.shorthand),
            ),
            notes_table=pd.DataFrame({"ref": refs, "Note text": [plain(text) for text in book.notes]}),
            workbook_options=dict(SETTINGS),
        )
        made.set_properties({"title": plain(book.title), "created": _NO_CLOCK})
        made.close()
    path.write_bytes(content.getvalue())


def plain(text: str) -> str:
    r"""Make a text that gptables takes for nothing else: no reference to a note, no link, no control character, and not blank.

    >>> plain("a$$b$$ [c](d)"), plain("?"), plain("a\x1bb")
    ('a$ $b$ $ [c] (d)', 'text: ?', 'a?b')
    """
    said = without_controls(text).replace("$$", "$ $").replace("](", "] (")
    return said if re.search(r"[a-zA-Z0-9]", said) else f"text: {said}" if said.strip() else UNAVAILABLE


def _table(gptables: Any, book: Book, name: str, number: int, refs: list[str]) -> Any:
    return gptables.GPTable(
        table=_cells(book.tables[name]),
        table_name=f"table_{number}",
        title=plain(book.titles.get(name, name.replace("_", " "))),
        subtitles=["Notes to this table: " + " ".join(f"$${ref}$$" for ref in refs)],
        instructions="This worksheet contains one table. Notes are on the worksheet Notes; shorthand is explained on the cover.",
        legend=list(book.shorthand),
        index_columns={},
    )


def _cells(frame: pd.DataFrame) -> pd.DataFrame:
    """The cells as they are printed; a table with no rows says so in one."""
    headings = _headings(frame)
    rows = [
        [_cell(value) for value in row] for row in frame.astype(object).itertuples(index=False, name=None)
    ]
    return pd.DataFrame(rows or [[_NOTHING] * len(headings)], columns=headings, dtype=object)


def _headings(frame: pd.DataFrame) -> list[str]:
    """Headings in words, no two the same."""
    found: list[str] = []
    for name in frame.columns:
        heading = plain(str(name).replace("_", " "))
        found.append(
            heading if heading.casefold() not in map(str.casefold, found) else f"{heading} ({len(found) + 1})"
        )
    return found


def _cell(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, str):
        return plain(value) if value.strip() else "none"
    if value is None or pd.isna(value):
        return UNAVAILABLE
    if isinstance(value, bool):
        return "yes" if value else "no"
    return long_date(value) if isinstance(value, date) else value
