"""Why a case is on the list: one clause about its limit, and one more if it has been open for over a year."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

STEPS = {
    "request_decision": "decision whether to assess",
    "issue_decision": "decision whether to issue a plan",
    "plan_final": "final plan",
}
_YEAR = 364  # days in 52 weeks


def why(
    rules: Sequence[str],
    due: npt.NDArray[np.datetime64],
    left: npt.NDArray[np.int32],
    exempt: npt.NDArray[np.bool_],
    age: "pd.Series[Any]",
) -> list[str]:
    """Say for each case why it is listed. `left` is in days; `due` is NaT where the limit cannot be told."""
    steps = [STEPS[rule] for rule in rules]
    rows = zip(steps, _dates(due), left.tolist(), exempt.tolist(), strict=True)
    old = age.gt(_YEAR).fillna(value=False).tolist()
    return [
        _clause(*row) + ("; open for over 52 weeks" if over else "")
        for row, over in zip(rows, old, strict=True)
    ]


def _clause(step: str, due: str, left: int, exempt: bool) -> str:
    if not due:
        return f"the limit of the {step} cannot be worked out from the record"
    if exempt:
        return f"the limit of the {step} ({due}) is claimed to be lifted: it is for as soon as practicable"
    if left < 0:
        return f"{step} overdue by {_days(-left)}, since {due}"
    return f"{step} due in {_days(left)}, on {due}" if left else f"{step} due the same day, {due}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _dates(dates: npt.NDArray[np.datetime64]) -> list[str]:
    """Dates as read aloud, such as 20 August 2025; empty where there is none."""
    place, distinct = pd.factorize(dates, use_na_sentinel=True)
    days = pd.DatetimeIndex(distinct)
    texts = [f"{day.day} {day.month_name()} {day.year}" for day in days]
    return [texts[number] if number >= 0 else "" for number in place]
