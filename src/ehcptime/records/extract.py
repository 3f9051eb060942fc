"""What a reader or the simulator returns: every table of one extract, and how it was read."""

from dataclasses import dataclass, field, fields
from datetime import date

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.columns import COLUMNS

UNREAD_COLUMNS = ("case_id", "column", "value")


def empty(table: str) -> pd.DataFrame:
    """Give a frame with no rows and the columns that the table requires.

    >>> list(empty("closures").columns)
    ['setting_id', 'closed_from', 'reopened_on']
    """
    return pd.DataFrame(
        {
            name: pd.Series(dtype="datetime64[s]" if column.kind == "date" else "object")
            for name, column in COLUMNS[table].items()
            if column.required
        }
    )


@dataclass(frozen=True, eq=False)
class Extract:
    """The tables of one extract: frozen, and empty where there is nothing.

    `cases`, `advice`, `exemptions`, `closures` and `events` follow the column contract. `planted` is the answer key of
    simulated data. `reading` says what became of each file, column and row. `unread` has a row for each cell under a date
    that is no date (`case_id, column, value`; a value with other words than those of dates is not shown): `check` takes it.
    `extracted_on` is the day the data were taken, where it is known.
    """

    cases: pd.DataFrame
    advice: pd.DataFrame = field(default_factory=lambda: empty("advice"))
    exemptions: pd.DataFrame = field(default_factory=lambda: empty("exemptions"))
    closures: pd.DataFrame = field(default_factory=lambda: empty("closures"))
    events: pd.DataFrame = field(default_factory=lambda: empty("events"))
    planted: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["case_id", "defect", "column", "detectable"])
    )
    reading: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(
            columns=["file", "column", "became", "rows_in", "rows_out", "note"]
        )
    )
    unread: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(UNREAD_COLUMNS)))
    extracted_on: date | None = None

    def check_day(self, as_at: date) -> None:
        """Refuse a day after that of the extract: what happened in between is not in it, so much would look undone.

        Raises InputError; nothing is refused where the day of the extract is not recorded.

        >>> taken = Extract(empty("cases"), extracted_on=date(2025, 3, 31))
        >>> taken.check_day(date(2025, 4, 1))
        Traceback (most recent call last):
        ehcptime.errors.InputError: as_at 2025-04-01 is after the day of the extract, 2025-03-31: give a day that it covers
        """
        if self.extracted_on is not None and as_at > self.extracted_on:
            raise InputError(
                f"as_at {as_at} is after the day of the extract, {self.extracted_on}: give a day that it covers"
            )

    def __repr__(self) -> str:
        """Count the rows; show none of them."""
        counts = ", ".join(
            f"{f.name} {len(getattr(self, f.name))}" for f in fields(self) if f.name != "extracted_on"
        )
        return f"Extract({counts}, extracted_on {self.extracted_on})"
