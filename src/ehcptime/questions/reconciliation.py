"""Where every row went: from the files that were read, by way of the cases, to the parts of a measure."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.tracked import tracked_advice, tracked_cases
from ehcptime.records.extract import Extract

COLUMNS = ("step", "item", "went_to", "reason", "rows", "of")
SET_ASIDE = "set aside"
_READING = ("file", "column", "became", "rows_in", "rows_out", "note")
# What the rows of a table are made of: a SEN2 return holds requests, and local columns in a table called cases beside it.
_MADE_OF = {"cases": ("requests", "cases"), "advice": ("advice",)}
_AGAIN = "in a row with another, or not used: the reading says which"
_SEVERAL = "from rows that hold several"


class _Line(NamedTuple):
    """Some rows of one item at one step: where they went, why, and out of how many."""

    step: str
    item: str
    went_to: str
    reason: str
    rows: int
    of: int


def reconciliation(
    source: Extract | pd.DataFrame,
    tracked: pd.DataFrame,
    measure: str | Measure | None = None,
    *,
    advice: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Tie every row that was read to where it went: set aside, made into a case, tracked, and its part in a measure.

    `source` is an `Extract`, or the `reading` of one; `tracked` comes from `track`, or from `track_advice` for askings. Returns
    `step, item, went_to, reason, rows, of`, one row per destination, counts being of rows: `read` (one item per file), `made` (from the rows read
    to the table), `tracked` (from the table to the frame in hand, which may be filtered) and `measure` (its parts and their reasons). In each
    step the rows of an item sum to `of`, nothing is left over, and `of` of a step is what the one before gave. Steps with nothing to say are left out.
    `advice` is for `plans_20wk_all_advice`.

    Raises InputError for a source or a frame of another kind, and CommandError for an unknown measure.

    >>> from datetime import date
    >>> from ehcptime.datasets.simulate import simulate
    >>> from ehcptime.tracking.track import track
    >>> extract = simulate(100, as_at=date(2025, 3, 31), seed=1, defects=False)
    >>> table = reconciliation(extract, track(extract.cases, as_at=date(2025, 3, 31)), "plans_issued_20wk_inc")
    >>> bool((table.groupby(["step", "item"])["rows"].sum() == table.groupby(["step", "item"])["of"].first()).all())
    True
    """
    table = "advice" if "advice_type" in tracked and "stage" not in tracked else "cases"
    (tracked_advice if table == "advice" else tracked_cases)(tracked)
    reading = _reading(source)
    lines = list(_read(reading))
    made = None if isinstance(source, pd.DataFrame) else getattr(source, table)
    lines += _made(reading, table, len(tracked) if made is None else len(made))
    if made is not None:
        lines += _tracked(made, tracked, table)
    if measure is not None:
        lines += _measured(tracked, measure_of(measure), advice)
    kept = [
        line for line in lines if line.rows or (not line.of and line.went_to != SET_ASIDE and not line.reason)
    ]
    return pd.DataFrame(kept, columns=list(COLUMNS))


def _reading(source: Extract | pd.DataFrame) -> pd.DataFrame:
    """The lines of the reading that are about whole files."""
    reading = source if isinstance(source, pd.DataFrame) else getattr(source, "reading", None)
    if reading is None or any(column not in reading for column in _READING):
        raise InputError("the source must be an Extract, or the reading of one: give what a reader returned")
    return reading[reading["column"] == ""]


def _read(reading: pd.DataFrame) -> Iterator[_Line]:
    """Rows of each file that became rows of a table, and those set aside; a file read as two tables is two items."""
    several = reading["file"].duplicated(keep=False)
    columns = (*(reading[name] for name in ("file", "became", "rows_in", "rows_out", "note")), several)
    for file, became, rows_in, rows_out, note, shared in zip(*columns, strict=True):
        item = f"{file} as {became or SET_ASIDE}" if shared else str(file)
        whole = int(rows_in)
        kept = min(int(rows_out), whole) if became else 0
        if became:
            yield _Line("read", item, str(became), "", kept, whole)
        yield _Line("read", item, SET_ASIDE, str(note), whole - kept, whole)


def _made(reading: pd.DataFrame, table: str, made: int) -> Iterator[_Line]:
    """Rows of the table, and rows read that are not rows of their own in it; or rows of a file that hold several."""
    kept = reading.groupby("became")["rows_out"].sum()
    found = next((name for name in _MADE_OF[table] if name in kept.index), None)
    if found is None:
        return
    read = int(kept[found])
    whole = max(read, made)
    yield _Line("made", found, table, "", min(read, made), whole)
    yield _Line("made", found, SET_ASIDE, _AGAIN, read - min(read, made), whole)
    yield _Line("made", found, table, _SEVERAL, made - min(read, made), whole)


def _tracked(made: pd.DataFrame, tracked: pd.DataFrame, table: str) -> Iterator[_Line]:
    """Rows of the table that are in the frame in hand, or not, and rows of the frame that are not in the table."""
    held = min(int(tracked["case_id"].isin(made["case_id"]).sum()), len(made))
    foreign = len(tracked) - held
    whole = len(made) + foreign
    yield _Line("tracked", table, "tracked", "", held, whole)
    yield _Line("tracked", table, "not tracked", "not in the frame in hand", len(made) - held, whole)
    yield _Line("tracked", table, "tracked", f"not in the {table} of the extract", foreign, whole)


def _measured(tracked: pd.DataFrame, measure: Measure, advice: pd.DataFrame | None) -> Iterator[_Line]:
    decided = parts(tracked, measure, advice=advice)
    counts = decided.groupby(["part", "reason"], observed=True).size().reset_index(name="rows")
    for part, reason, rows in zip(counts["part"], counts["reason"], counts["rows"], strict=True):
        yield _Line("measure", measure.id, str(part), str(reason), int(rows), len(tracked))
