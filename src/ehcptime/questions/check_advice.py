"""Checks of askings for advice that need their case."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, is_day
from ehcptime.records.checks import Finding, Rows, found, problems
from ehcptime.records.checks_advice import ADVICE_CHECKS
from ehcptime.records.checks_rounds import round_problems
from ehcptime.tracking.outcomes import H, Y
from ehcptime.tracking.situation import Situation

NO_CASE = Finding(
    "advice_without_case",
    "error",
    "case_id",
    "advice for a case that is not in the cases: add the case or drop the row",
)
BEFORE_DECISION = Finding(
    "advice_before_decision",
    "query",
    "requested_date",
    "asked for before it was decided to assess: check both days",
)
AFTER_PLAN = Finding(
    "advice_after_plan",
    "query",
    "requested_date",
    "asked for after the plan was issued: is it for a review, or is a day wrong?",
)


@dataclass(frozen=True, eq=False)
class Askings:
    """The askings, and the row of the case of each: -1 where it has none."""

    rows: Rows
    case: npt.NDArray[np.intp]

    @classmethod
    def of(cls, advice: pd.DataFrame, cases: Rows) -> "Askings":
        """Read a frame of advice beside its cases."""
        return cls(Rows.of(advice, "advice", cases.as_at), rows_of_cases(cases.frame, advice))


def advice_problems(askings: Askings, cases: Rows, now: Situation) -> Iterator[pd.DataFrame]:
    """Give what is wrong with the askings, alone and beside their cases."""
    rows, case = askings.rows, askings.case
    yield from found(ADVICE_CHECKS, rows)
    yield from round_problems(rows)
    yield from problems(NO_CASE, rows, case < 0)
    asked = np.broadcast_to(rows.days("requested_date"), len(rows.frame))
    known = (case >= 0) & is_day(asked)
    agreed, final = (_of_case(days, case, len(cases.frame)) for days in (_agreed(now), now.final))
    yield from problems(BEFORE_DECISION, rows, known & (agreed != UNKNOWN) & (asked < agreed))
    yield from problems(AFTER_PLAN, rows, known & (asked > final))


def rows_of_cases(cases: pd.DataFrame, others: pd.DataFrame) -> npt.NDArray[np.intp]:
    """Row of the case of each row of another table: the first of several, -1 where there is none."""
    ids = cases["case_id"]
    first = np.flatnonzero((ids.notna() & ~ids.duplicated()).to_numpy())
    place = pd.Index(ids.iloc[first]).get_indexer(pd.Index(others["case_id"]))
    found: npt.NDArray[np.intp] = np.append(first, -1)[place]
    return found


def _agreed(now: Situation) -> Days:
    """Day on which it was agreed to assess: NOT_YET where it is not decided, UNKNOWN where that cannot be told."""
    refused = now.refused_to_assess
    day = np.where(
        now.request.code == Y, now.request_decided, np.where(refused.made, refused.reversed_on, NOT_YET)
    )
    untold = refused.stands | (now.request.code == H) | now.request.is_puzzle
    shown = (now.request.code != Y) & ~refused.made & (now.request_decided == UNKNOWN)
    return np.where(untold | shown, np.int32(UNKNOWN), day).astype(np.int32)


def _of_case(days: Days, case: npt.NDArray[np.intp], whole: int) -> Days:
    if not whole:
        return np.full(len(case), NOT_YET, dtype=np.int32)
    return np.broadcast_to(days, whole)[case]
