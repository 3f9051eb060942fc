"""Checks of askings against one another: the same service asked twice, and rounds that do not follow on."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET
from ehcptime.records.checks import Finding, Rows, problems

# What makes two askings the same service's.
_SERVICE = ("case_id", "advice_type", "sub_service", "provider", "setting_id")
TWICE = Finding(
    "same_asking_twice",
    "query",
    "requested_date",
    "the same service asked twice on this day in one round: is one of them a duplicate?",
)
NOT_REJECTED = Finding(
    "round_without_rejection",
    "query",
    "round",
    "a later round, and no answer of the round before is recorded as rejected: check the rounds",
)
TOO_SOON = Finding(
    "round_before_answer",
    "query",
    "requested_date",
    "asked again before the rejected answer came back: check both days",
)


def round_problems(rows: Rows) -> Iterator[pd.DataFrame]:
    """Compare the askings of each service of each case. A service is known by its kind, part, provider and setting."""
    askings = _askings(rows)
    repeated = askings.duplicated(["service", "round", "asked"], keep=False)
    yield from _at(TWICE, rows, askings[repeated & (askings["asked"] != NOT_YET)])
    later = askings[askings["round"] > 1]
    if later.empty:
        return
    days = _rejected(askings).reindex(pd.MultiIndex.from_arrays([later["service"], later["round"] - 1]))
    rejected = days.notna().to_numpy()
    back = days.fillna(NOT_YET).to_numpy(dtype=np.int64)
    yield from _at(NOT_REJECTED, rows, later[~rejected])
    yield from _at(TOO_SOON, rows, later[rejected & (later["asked"] < back).to_numpy() & (back != NOT_YET)])


def _at(finding: Finding, rows: Rows, askings: pd.DataFrame) -> Iterator[pd.DataFrame]:
    where = np.zeros(len(rows.frame), dtype=np.bool_)
    where[askings["row"]] = True
    yield from problems(finding, rows, where)


def _askings(rows: Rows) -> pd.DataFrame:
    """Askings that could be one of several of their service, or of a later round: their rows, and what is known."""
    case = pd.factorize(rows.frame["case_id"], use_na_sentinel=True)[0]
    kind = np.broadcast_to(rows.facts.codes["advice_type"], len(case))
    round_ = _rounds(rows)
    alone = ~pd.Series(case * 100 + kind).duplicated(keep=False).to_numpy()
    taken = np.flatnonzero((case >= 0) & (~alone | (round_ > 1)))
    columns = {
        "asked": rows.days("requested_date"),
        "returned": rows.days("returned_date"),
        "rejected": rows.coded("advice_outcome", "rejected"),
    }
    return pd.DataFrame(
        {
            "row": taken,
            "service": _services(rows.frame.iloc[taken]),
            "round": round_[taken],
            **{name: np.broadcast_to(values, len(case))[taken] for name, values in columns.items()},
        }
    )


def _services(askings: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Number of each row's service: rows of one service of one case share it."""
    number = np.zeros(len(askings), dtype=np.int64)
    for name in (name for name in _SERVICE if name in askings):
        places, distinct = pd.factorize(askings[name], use_na_sentinel=True)
        number = pd.factorize(number * (len(distinct) + 1) + places + 1)[0].astype(np.int64)
    return number


def _rejected(askings: pd.DataFrame) -> "pd.Series[int]":
    """First day on which each round was sent back, by service and round: NOT_YET where it has no day."""
    return askings[askings["rejected"]].groupby(["service", "round"])["returned"].min()


def _rounds(rows: Rows) -> npt.NDArray[np.float64]:
    """The number of the round; 1 where it is blank or no number."""
    if "round" not in rows.frame:
        return np.ones(len(rows.frame))
    numbers = pd.to_numeric(rows.frame["round"], errors="coerce").astype("Float64")
    return np.asarray(numbers.fillna(1.0), dtype=np.float64)
