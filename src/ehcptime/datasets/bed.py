"""What defects are planted in: a copy of the record, which cases are taken, and the answer key.

Each defect has its own stream of random numbers and touches nothing but its own cells; no case carries two. The count of a
defect is its rate per 1,000, rounded, as far as there are cases that could carry it.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ehcptime.datasets.claims import Claims
from ehcptime.datasets.days import NEVER, Days, Flags, upto
from ehcptime.datasets.people import People
from ehcptime.datasets.record import Record
from ehcptime.datasets.streams import Streams
from ehcptime.datasets.tables import Objects


@dataclass(slots=True)
class Bed:
    """What defects are planted in; a private copy that is handed back when all are done."""

    record: Record
    people: People
    claims: Claims
    made: Flags
    streams: Streams
    rates: dict[str, float]
    taken: Flags = field(init=False)
    planted: list[tuple[str, Days, str, Flags]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.record = replace(
            self.record, days={name: days.copy() for name, days in self.record.days.items()}
        )
        self.taken = np.zeros(len(self.made), dtype=np.bool_)

    def known(self, *columns: str) -> Flags:
        """Say which cases have all of these days."""
        days = [self.record.days[column] < NEVER for column in columns]
        return np.asarray(np.logical_and.reduce(days), dtype=np.bool_)

    def pick(self, defect: str, could: Flags, out_of: int | None = None) -> Days:
        """Choose the cases that carry a defect: those with the lowest numbers in its stream."""
        n = len(self.taken)
        wanted = round(self.rates[defect] * (n if out_of is None else out_of) / 1000)
        rows = np.flatnonzero(could & ~self.taken)
        scores = self.streams[f"defect {defect}"].random(n)[rows]
        return np.sort(rows[np.argsort(scores, kind="stable")[:wanted]])

    def offsets(self, defect: str, rows: Days, least: int, most: int) -> Days:
        """Draw a number of days for each case that carries a defect."""
        drawn = upto(self.streams[f"offset {defect}"], len(self.taken), most - least)
        return np.asarray(least + drawn[rows], dtype=np.int64)

    def note(self, defect: str, rows: Days, column: str, detectable: Flags | bool = True) -> None:
        """Enter planted cases in the answer key."""
        self.taken[rows] = True
        self.planted.append((defect, rows, column, np.broadcast_to(np.asarray(detectable), rows.shape)))

    def write(
        self, defect: str, rows: Days, column: str, days: Days | int, detectable: Flags | bool = True
    ) -> None:
        """Overwrite the days of the chosen cases, and enter them."""
        self.record.days[column][rows] = days
        self.note(defect, rows, column, detectable)


def answer_key(bed: Bed, ids: Objects) -> pd.DataFrame:
    """Give the `planted` table: one row per defect, `detectable` being whether the extract can show it at all."""
    sizes = [len(rows) for _, rows, _, _ in bed.planted]
    return pd.DataFrame(
        {
            "case_id": np.concatenate([ids[rows] for _, rows, _, _ in bed.planted]),
            "defect": np.repeat(np.array([name for name, _, _, _ in bed.planted], dtype=object), sizes),
            "column": np.repeat(np.array([column for _, _, column, _ in bed.planted], dtype=object), sizes),
            "detectable": np.concatenate([seen for _, _, _, seen in bed.planted]).astype(np.bool_),
        }
    )
