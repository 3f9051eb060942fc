"""Notes under figures about advice: why there is no percentage, what cannot be told, and what a limit was counted from."""

from collections.abc import Iterator, Mapping

import numpy.typing as npt
import pandas as pd

from ehcptime.questions.grouping import texts
from ehcptime.questions.rounding import percent


def due_notes(counts: Mapping[str, npt.ArrayLike]) -> "pd.Series[str]":
    """Say of each row of `contributions` what a reader must know of it."""
    return texts(["; ".join(_due_note(row)) for row in _rows(counts)])


def returned_notes(counts: Mapping[str, npt.ArrayLike]) -> "pd.Series[str]":
    """Say of each row of `returned_contributions` what a reader must know of it."""
    return texts(["; ".join(_returned_note(row)) for row in _rows(counts)])


def _rows(counts: Mapping[str, npt.ArrayLike]) -> list[dict[str, int]]:
    return pd.DataFrame(counts).to_dict("records")  # type: ignore[return-value]


def _due_note(row: dict[str, int]) -> Iterator[str]:
    if not row["due"]:
        yield "no percentage, because none was due on a day that can be told"
    if row["unknown"]:
        yield _untold(row["unknown"], row["requested"])
    if row["missed_appointments"]:
        yield f"{row['missed_appointments']} excused to the body by a missed appointment, and not to the authority"
    if row["sent_only"]:
        yield f"{row['sent_only']} counted from the day of sending, because the day of receipt is not held"


def _returned_note(row: dict[str, int]) -> Iterator[str]:
    if not row["returned_in_time"] + row["returned_late"]:
        yield "no percentage, because no answer with a limit that can be told came back"
    if row["returned_unknown"]:
        yield _untold(row["returned_unknown"], row["returned"])


def _untold(number: int, of: int) -> str:
    return f"{number} of {of} ({percent(number, of)} per cent) cannot be told in time or late, and are outside the percentage"
