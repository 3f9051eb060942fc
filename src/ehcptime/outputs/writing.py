"""Writing: markers put in the place of what is hidden in a table, of percentages that would give it back, and of numbers in notes."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from ehcptime.outputs.additions import BASES
from ehcptime.outputs.cells import Place
from ehcptime.outputs.markers import CONFIDENTIAL, NOT_APPLICABLE, UNAVAILABLE, is_marker, masked, numbers_of
from ehcptime.outputs.roles import Roles, numbers_in
from ehcptime.outputs.shares import pair_of
from ehcptime.questions.delay import CAVEAT

SMALLEST_BASE = 10  # of a percentage

# Words beside a number in a note, and the column that holds the same count.
_SAID = (
    ("unknown: ", "", "unknown"),
    ("", " unknown", "unknown"),
    ("", " not yet due", "not_due"),
    ("", " left out", "left_out"),
)


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes one table; `hidden` are the places of hidden counts, and `withheld` hides them all."""

    frame: pd.DataFrame
    table: str
    roles: Roles
    hidden: Collection[Place]
    threshold: int
    withheld: bool

    def written(self) -> pd.DataFrame:
        """Return the table with markers for what is hidden or missing, and notes that give no number away."""
        columns = {column: self._column(column) for column in self.roles("count", "percent", "figure")}
        columns |= {column: self._notes(column) for column in self.roles("note")}
        return self.frame.assign(**{name: values for name, values in columns.items() if values is not None})

    def _column(self, column: str) -> "pd.Series[Any] | None":
        """The column with its markers; None where it has none to put in."""
        role = self.roles.of[column]
        marks = (
            self._counts(column) if role == "count" else self._figures(column, is_percent=role == "percent")
        )
        return _marked(self.frame[column], marks)

    def _is_hidden(self, row: int, column: str) -> bool:
        return (
            self.withheld
            or Place(self.table, row, column) in self.hidden
            or is_marker(self.frame[column].iloc[row])
        )

    def _counts(self, column: str) -> list[str]:
        blank = self.frame[column].isna().tolist()
        return [
            CONFIDENTIAL if self._is_hidden(row, column) else UNAVAILABLE if blank[row] else ""
            for row in range(len(self.frame))
        ]

    def _figures(self, column: str, *, is_percent: bool) -> list[str]:
        parts = self._parts(column, is_percent=is_percent)
        blank = self.frame[column].isna().tolist()
        return [
            NOT_APPLICABLE
            if blank[row] and not self.withheld
            else CONFIDENTIAL
            if self._gives_away(row, *parts)
            else ""
            for row in range(len(self.frame))
        ]

    def _parts(self, column: str, *, is_percent: bool) -> tuple[str | None, str | None]:
        if is_percent:
            return pair_of(self.frame, column, self.roles)
        return None, next((base for base in BASES if base in self.roles("count")), None)

    def _gives_away(self, row: int, numerator: str | None, denominator: str | None) -> bool:
        """A figure gives a count away if that is hidden, and says nothing fit to print if its base is small."""
        if denominator is None or self._is_hidden(row, denominator):
            return True
        base = self._value(row, denominator)
        if base is None or base < SMALLEST_BASE:
            return True
        if numerator is None:
            return any(self._is_hidden(row, column) for column in self.roles("count"))
        if self._is_hidden(row, numerator):
            return True
        if self.roles.of[numerator] == "percent":
            return False  # the numerator that it gives away is a cell, and not a hidden one
        part = self._value(row, numerator)
        return part is None or 0 < part < self.threshold or 0 < base - part < self.threshold

    def _value(self, row: int, column: str) -> float | None:
        value = self.numbers[column][row]
        return None if pd.isna(value) else value

    @cached_property
    def numbers(self) -> dict[str, list[float]]:
        """Counts and percentages, read once for the whole table."""
        return {
            column: numbers.tolist()
            for column in self.roles("count", "percent")
            if (numbers := numbers_in(self.frame[column])) is not None
        }

    def _notes(self, column: str) -> "pd.Series[Any] | None":
        notes = self.frame[column]
        clean = [self._note(row, note) if isinstance(note, str) else note for row, note in enumerate(notes)]
        same = all(old is new or old == new for old, new in zip(notes, clean, strict=True))
        return None if same else pd.Series(clean, index=notes.index, dtype=notes.dtype)

    def _note(self, row: int, note: str) -> str:
        if is_of_method(note):
            return note
        found = numbers_of(note)
        return masked(
            note,
            frozenset(
                place
                for place, (before, _, after) in enumerate(found)
                if self._is_printed(row, before, after)
            ),
        )

    def _is_printed(self, row: int, before: str, after: str) -> bool:
        """A number may stay in a note if it is printed in its row too."""
        for left, right, column in _SAID:
            if before.endswith(left) and after.startswith(right) and column in self.roles("count"):
                return not self._is_hidden(row, column)
        return False


def is_of_method(note: str) -> bool:
    """Whether a note says how a figure was made, the same of every row: its numbers are weeks of a plan and count nobody.

    >>> is_of_method(f"{CAVEAT} By weeks planned: deciding 6."), is_of_method("6 left out")
    (True, False)
    """
    return note.startswith(CAVEAT)


def _marked(values: "pd.Series[Any]", marks: list[str]) -> "pd.Series[Any] | None":
    """The column with markers in the place of numbers; None if it needs none but those that it has."""
    old = values.tolist()
    new = [value if is_marker(value) else mark or value for mark, value in zip(marks, old, strict=True)]
    if all(is_marker(value) or not mark for mark, value in zip(marks, old, strict=True)):
        return None
    return pd.Series(new, index=values.index, dtype=object)
