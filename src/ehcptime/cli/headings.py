"""What was read, in words: files, rows, the day of the extract, the day of the position, and what was set aside."""

from datetime import date
from typing import Any

import typer

from ehcptime.cli.screen import printable

_FILES = 4


def head(extract: Any, as_at: date) -> None:
    """Say on standard error what a position rests on."""
    typer.echo(printable(words(extract, as_at)), err=True)


def words(extract: Any, as_at: date) -> str:
    """Say what was read, in one line."""
    taken = extract.extracted_on
    day = "the day of the extract is not recorded" if taken is None else f"extracted on {taken}"
    return (
        f"read {_files(extract.reading)}; {day}; position at {as_at}; {set_aside(extract):,} rows set aside"
    )


def set_aside(extract: Any) -> int:
    """Rows of the files that did not become rows of a table."""
    rows = _of_files(extract.reading)
    return int((rows["rows_in"] - rows["rows_out"]).clip(lower=0).sum())


def _files(reading: Any) -> str:
    rows = _of_files(reading)
    named = [
        f"{file} ({number:,} rows)"
        for file, number in rows[["file", "rows_in"]].head(_FILES).itertuples(index=False)
    ]
    more = len(rows) - len(named)
    return ", ".join(named) + (f" and {more} more files" if more > 0 else "") if named else "nothing"


def _of_files(reading: Any) -> Any:
    """Lines of a reading report that are of a whole file and not of a column."""
    return reading[reading["column"].eq("")].drop_duplicates(["file", "became"])
