"""Reading a tracked frame: its `as_at`, and its columns as arrays of day numbers, codes and flags."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.engine import STATUSES
from ehcptime.clock.masks import instead
from ehcptime.errors import InputError
from ehcptime.records.arrays import codes_of, days_of, facts_of_frame, flags_of
from ehcptime.records.columns import COLUMNS
from ehcptime.tracking.columns import as_dates
from ehcptime.tracking.situation import STAGES, Situation, situation

CASE_COLUMNS = ("case_id", "received_date", "stage", "is_open", "age_days", "as_at")
ADVICE_COLUMNS = ("case_id", "advice_type", "rule", "due", "status", "as_at")
_NO_ROWS = UNKNOWN  # stands for as_at in a frame with no rows: before every day
_Cell = TypeVar("_Cell", bound=np.generic)


@dataclass(frozen=True, eq=False)
class Tracked:
    """A tracked frame and the day it was tracked at; columns that are not there read as blank.

    Where `rows` are named it stands for those alone, though `frame` is the whole, and `arrays` holds what has been read for all of them.
    """

    frame: pd.DataFrame
    table: str
    as_at: int
    rows: slice = field(default_factory=lambda: slice(None))
    arrays: dict[tuple[str, str], Any] | None = None

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(range(len(self.frame))[self.rows])

    def held(self) -> "Tracked":
        """Give the same to be taken in pieces: a column is read once, for all of them."""
        return replace(self, arrays={})

    def take(self, rows: slice) -> "Tracked":
        """Give some of the rows of what is `held`."""
        return replace(self, rows=rows)

    def _read(self, name: tuple[str, str], read: Callable[[], npt.NDArray[_Cell]]) -> npt.NDArray[_Cell]:
        if self.arrays is None:
            return read()[self.rows]
        if name not in self.arrays:
            self.arrays[name] = read()
        found: npt.NDArray[_Cell] = self.arrays[name][self.rows]
        return found

    def days(self, column: str) -> Days:
        """Day numbers of a column; NOT_YET where it is blank."""
        if column not in self.frame:
            return np.full(self.size, NOT_YET, dtype=np.int32)
        return self._read(("days", column), lambda: days_of(self.frame[column], column))

    def days_by_then(self, column: str) -> Days:
        """Day numbers of a column, read as blank where they are after `as_at`."""
        days = self.days(column)
        return instead(days, days > self.as_at, NOT_YET)

    def is_code(self, column: str, *values: str) -> Mask:
        """Return true where a column of codes holds one of these."""
        return self._is_among(column, COLUMNS[self.table][column].values, values)

    def _is_among(self, column: str, known: tuple[str, ...], wanted: Sequence[str]) -> Mask:
        found = np.zeros(self.size, dtype=bool)
        if column not in self.frame:
            return found
        codes = self._read(("code", column), lambda: codes_of(self.frame[column], known))
        for value in wanted:
            found |= codes == known.index(value) + 1
        return found

    def is_set(self, column: str) -> Mask:
        """Return true where a flag is set."""
        if column not in self.frame:
            return np.zeros(self.size, dtype=bool)
        return self._read(("flag", column), lambda: flags_of(self.frame[column]))

    def is_stage(self, *stages: str) -> Mask:
        """Return true where the stage is one of these."""
        return self._is_among("stage", STAGES, stages)

    def is_status(self, column: str, *statuses: str) -> Mask:
        """Return true where a column of statuses holds one of these."""
        self.need(column)
        return self._is_among(column, STATUSES, statuses)

    def ages(self) -> tuple[Days, Mask]:
        """Give each age in days, and where it is known."""
        age = self.frame["age_days"]
        days = self._read(("days", "age_days"), lambda: age.fillna(0).to_numpy(dtype=np.int32))
        return days, self._read(("is known", "age_days"), lambda: age.notna().to_numpy(dtype=bool))

    def need(self, *columns: str) -> None:
        """Refuse a frame that was tracked without the rule that these columns belong to."""
        missing = [column for column in columns if column not in self.frame]
        if missing:
            raise InputError(
                f"the frame has no column {missing[0]!r}: call track with that rule among its rules"
            )

    @cached_property
    def now(self) -> Situation:
        """What is true of each case at `as_at`, by the one judge that track uses."""
        held = {} if self.arrays is None else self.arrays
        every = ("facts", self.table)
        if every not in held:
            held[every] = facts_of_frame(self.frame, self.table)
        return situation(held[every].take(self.rows), self.as_at)


def tracked_cases(frame: pd.DataFrame) -> Tracked:
    """Read the result of `track`.

    Raises InputError for any other frame, and for one that mixes two values of `as_at`.

    >>> tracked_cases(pd.DataFrame({"case_id": ["a"]}))
    Traceback (most recent call last):
    ehcptime.errors.InputError: the frame has no column 'received_date': call track(cases, as_at=...) first
    """
    return _tracked(frame, "cases", CASE_COLUMNS, "track(cases, as_at=...)")


def tracked_advice(frame: pd.DataFrame) -> Tracked:
    """Read the result of `track_advice`; errors as for cases."""
    return _tracked(frame, "advice", ADVICE_COLUMNS, "track_advice(advice, as_at=...)")


def _tracked(frame: pd.DataFrame, table: str, columns: tuple[str, ...], call: str) -> Tracked:
    for column in columns:
        if column not in frame:
            raise InputError(f"the frame has no column {column!r}: call {call} first")
    return Tracked(frame, table, as_at_of(frame))


def as_at_of(frame: pd.DataFrame) -> int:
    """Day number of the one value of `as_at`; a day before every other for a frame with no rows."""
    values = frame["as_at"]
    if len(values) == 0:
        return _NO_ROWS
    stamps = values.to_numpy()
    if stamps.dtype.kind == "M":
        stamps = stamps.view(np.int64)  # whole numbers compare faster than dates
    days = days_of(values.iloc[:1] if (stamps == stamps[0]).all() else values, "as_at")
    if (days != days[0]).any() or days[0] == NOT_YET:
        raise InputError(
            "the frame mixes rows tracked at different values of as_at: ask about one day at a time"
        )
    return int(days[0])


def as_at_column(frame: pd.DataFrame, rows: int) -> npt.NDArray[np.datetime64]:
    """Return the value of `as_at` of a frame as a column of an answer; NaT for a frame with no rows."""
    return as_dates(np.full(rows, as_at_of(frame), dtype=np.int32))


def places_among(cases: pd.DataFrame, advice: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Place of the case of each asking among the cases; -1 where it is not there."""
    return np.asarray(pd.Index(cases["case_id"]).get_indexer(pd.Index(advice["case_id"])))


def same_day(cases: Tracked, advice: Tracked) -> None:
    """Refuse cases and advice that were tracked at different days."""
    if cases.size and advice.size and cases.as_at != advice.as_at:
        raise InputError(
            "the cases and the advice were tracked at different values of as_at: track both at one"
        )
