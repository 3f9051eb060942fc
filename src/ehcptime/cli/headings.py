"""What was read, in words: files, rows, the day of the extract, the day of the position, and what was set aside."""

from datetime import date
from typing import Any

from ehcptime.cli.screen import note

_FILES = 4
# What the reading report says of rows that it could tie to nothing, or that stand twice: it names them.
_ROWS_NAMED = r"\(rows? \d|nothing in the return has"


def head(extract: Any, as_at: date) -> None:
    """Say on standard error what a position rests on."""
    note(words(extract, as_at))


def words(extract: Any, as_at: date) -> str:
    """Say what was read, in one line."""
    taken = extract.extracted_on
    day = (
        f"it does not say when it was taken, and nothing checks that it reaches {as_at}"
        if taken is None
        else f"extracted on {taken}"
    )
    return (
        f"read {_files(extract.reading)}; {day}; position at {as_at}; {set_aside(extract):,} rows set aside"
    )


def set_aside(extract: Any) -> int:
    """Rows of the files that became part of no table: left out as they were read, without a request, or given twice."""
    report = extract.reading
    lost = report[_is_table(report) | is_of_rows(report)]
    return int((lost["rows_in"] - lost["rows_out"]).clip(lower=0).sum())


def is_of_rows(report: Any) -> Any:
    """Lines of a reading report under a column that are of rows: it could tie them to nothing, or they stand twice."""
    return report["became"].eq("") & report["column"].ne("") & report["note"].str.contains(_ROWS_NAMED)


def _files(report: Any) -> str:
    rows = report[_is_table(report)]
    named = [
        f"{file} ({number:,} rows)"
        for file, number in rows[["file", "rows_in"]].head(_FILES).itertuples(index=False)
    ]
    more = len(rows) - len(named)
    return ", ".join(named) + (f" and {more} more files" if more > 0 else "") if named else "nothing"


def _is_table(report: Any) -> Any:
    """Lines of a reading report that are of a whole table and not of a column, nor of a file that is not used."""
    return report["column"].eq("") & report["became"].ne("")
