"""What a check is, and how its findings become rows of problems.

A check finds rows and never mends them. Codes are stable: they may be relied on in scripts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.records.arrays import BLANK, UNREADABLE, Facts, code_number, facts_of_frame
from ehcptime.records.columns import COLUMNS, Column

Severity = Literal["error", "query", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
PROBLEM_COLUMNS = ("case_id", "code", "severity", "column", "value", "message")
NOT_SHOWN = "(not shown)"
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one table that checks look at: as given, as arrays, and the day of the question."""

    table: str
    frame: pd.DataFrame
    facts: Facts
    as_at: int

    @classmethod
    def of(cls, frame: pd.DataFrame, table: str, as_at: int) -> "Rows":
        """Read a frame that follows the column contract."""
        return cls(table, frame, facts_of_frame(frame, table), as_at)

    def days(self, column: str) -> Days:
        """Day numbers of a column, as recorded."""
        return self.facts.days[column]

    def given(self, *columns: str) -> Mask:
        """Return true where every one of these days is recorded."""
        masks = [self.facts.days[column] != NOT_YET for column in columns]
        return np.asarray(np.logical_and.reduce(np.broadcast_arrays(*masks)))

    def before(self, earlier: str, later: str) -> Mask:
        """Return true where the first day is before the second, both recorded."""
        return np.asarray(self.given(earlier, later) & (self.days(earlier) < self.days(later)))

    def coded(self, column: str, *codes: str) -> Mask:
        """Return true where a code is one of these; "" stands for blank."""
        numbers = [BLANK if code == "" else code_number(column, code, table=self.table) for code in codes]
        return np.isin(self.facts.codes[column], numbers)

    def unreadable(self, column: str) -> Mask:
        """Return true where a code cannot be read."""
        return np.asarray(self.facts.codes[column] == UNREADABLE)

    def flagged(self, *flags: str) -> Mask:
        """Return true where any of these flags is set."""
        return np.asarray(
            np.logical_or.reduce(np.broadcast_arrays(*(self.facts.flags[flag] for flag in flags)))
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: its stable code, how grave it is, the column to look at and the sentence."""

    code: str
    severity: Severity
    column: str
    message: str


Find = Callable[[Rows], Mask]


@dataclass(frozen=True, slots=True)
class Check(Finding):
    """A finding, how to find it in the rows of one table, and the days to show where they are not those of its column."""

    find: Find
    shows: Callable[[Rows], Days] | None = None


def found(checks: Iterable[Check], rows: Rows) -> Iterator[pd.DataFrame]:
    """Run checks; give the problems of each that found any, one row per row and check."""
    for check in checks:
        yield from problems(check, rows, check.find(rows), days=check.shows(rows) if check.shows else None)


def problems(
    finding: Finding, rows: Rows, where: Mask, *, days: Days | None = None
) -> Iterator[pd.DataFrame]:
    """Give one problem per row found, if any was; `days` are shown where the cell itself is not what to look at."""
    places = np.flatnonzero(np.broadcast_to(where, len(rows.frame)))
    if len(places):
        column = finding.column
        values = shown(column, rows, places) if days is None else day_texts(days, places, len(rows.frame))
        ids = rows.frame["case_id"].iloc[places].astype("object").to_numpy()
        yield problem_rows(finding, ids, values)


def problem_rows(
    finding: Finding, ids: npt.NDArray[Any], values: Sequence[str], messages: Sequence[str] | None = None
) -> pd.DataFrame:
    """Put findings into the frame that `check` returns; a blank `case_id` is about no one case."""
    return pd.DataFrame(
        {
            "case_id": ids,
            "code": finding.code,
            "severity": finding.severity,
            "column": finding.column,
            "value": np.asarray(values, dtype=object),
            "message": finding.message if messages is None else np.asarray(messages, dtype=object),
        },
        columns=list(PROBLEM_COLUMNS),
    )


def shown(column: str, rows: Rows, places: Places) -> list[str]:
    """Give what stands in a column: a date, or what looks like a code; never free text."""
    if column in rows.facts.days:
        return day_texts(rows.facts.days[column], places, len(rows.frame))
    known = COLUMNS[rows.table].get(column)
    if known is None or known.kind not in ("code", "flag") or column not in rows.frame:
        return [""] * len(places)
    where, distinct = pd.factorize(rows.frame[column].iloc[places], use_na_sentinel=True)
    texts = [*(_code_text(value, known) for value in distinct), ""]
    return [texts[number] for number in where]


def day_texts(days: Days, places: Places, rows: int) -> list[str]:
    """Give the days in some places as ISO dates, blank where there is none."""
    taken = np.broadcast_to(days, rows)[places]
    texts = np.datetime_as_string(np.where(is_day(taken), taken, 0).astype("datetime64[D]"))
    return [str(text) for text in np.where(is_day(taken), texts, "")]


def _code_text(value: Any, known: Column) -> str:
    """A code that cannot be read may be anything, so only what looks like a code is shown."""
    text = str(value).strip()
    is_short = len(text) <= 2 or (len(text) <= 3 and text.isdigit())
    return text if is_short or text.casefold() in known.values else NOT_SHOWN
