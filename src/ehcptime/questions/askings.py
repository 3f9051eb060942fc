"""Askings for advice: each one settled at its limit, and whether all that a plan needs was in when it was issued."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.errors import InputError
from ehcptime.questions.elapsed import outside
from ehcptime.questions.measures import AllAdvice
from ehcptime.questions.tracked import Tracked, same_day
from ehcptime.questions.verdicts import Step, Verdict, decide

_Counts = npt.NDArray[np.intp]


def judge(advice: Tracked) -> Verdict:
    """Decide each asking by its status; it falls on its limit."""
    return decide(
        [
            Step(advice.is_status("status", "met"), "on_time", "answered by its limit"),
            Step(advice.is_status("status", "met_late"), "late", "answered after its limit"),
            Step(advice.is_status("status", "overdue"), "late", "outstanding"),
            Step(
                advice.is_status("status", "ended_late"),
                "late",
                "not answered when the case ended after its limit",
            ),
            Step(advice.is_status("status", "running"), "not_due", "its limit has not ended"),
            Step(advice.is_status("status", "unknown"), "unknown", "whether it was in time cannot be told"),
            Step(True, "left_out", "no limit applies"),
        ],
        advice.days("due"),
        advice.size,
    )


def judge_plans(cases: Tracked, rule: AllAdvice, advice: Tracked | None) -> Verdict:
    """Decide each plan issued by its limit and by the advice in hand that day; it falls on the day of issue."""
    issued = np.broadcast_to(cases.now.final, cases.size)
    status = f"{rule.rule}_status"
    return decide(
        [
            *outside(cases),
            Step(issued == NOT_YET, "left_out", "no plan issued"),
            *_by_advice(cases, rule, advice, issued),
            Step(cases.is_status(status, "met"), "on_time", "issued by its limit with all advice in"),
            Step(cases.is_status(status, "met_late"), "late", "issued after its limit"),
            Step(True, "unknown", "whether it was in time cannot be told"),
        ],
        issued,
        cases.size,
    )


def _by_advice(cases: Tracked, rule: AllAdvice, advice: Tracked | None, issued: Days) -> list[Step]:
    if advice is None:
        return [Step(True, "unknown", "no advice was given to look at")]
    same_day(cases, advice)
    late = cases.is_status(f"{rule.rule}_status", "met_late")
    hand = _in_hand(cases, rule, advice, issued)
    return [
        Step(hand.rows == 0, "unknown", "no advice is recorded for it"),
        Step(late, "late", "issued after its limit"),
        *(Step(missing, "late", f"{_words(kind)} advice not in") for kind, missing in hand.missing.items()),
        Step(hand.untold, "unknown", "whether all advice was in cannot be told"),
    ]


class _Hand:
    """What was in hand on the day of issue: rows of advice per case, the kinds not in, and where that cannot be told."""

    def __init__(self, rows: _Counts) -> None:
        self.rows = rows
        self.missing: dict[str, Mask] = {}
        self.untold: Mask = np.zeros(rows.shape, dtype=bool)


def _in_hand(cases: Tracked, rule: AllAdvice, advice: Tracked, issued: Days) -> _Hand:
    if not cases.frame["case_id"].is_unique:
        raise InputError("column 'case_id' holds a value twice: each case must stand in one row")
    case = pd.Index(cases.frame["case_id"]).get_indexer(pd.Index(advice.frame["case_id"]))
    matched = case >= 0
    plan = np.where(matched, issued[case], NOT_YET) if cases.size else np.zeros(advice.size, dtype=np.int32)
    hand = _Hand(_count(case, matched, cases.size))
    returned = advice.days("returned_date")
    answered = advice.is_code("advice_outcome", "provided", "not_known")
    enough = advice.is_code("advice_outcome", "existing_sufficient")
    asked_on = advice.days("requested_date")
    live = matched & ((asked_on <= plan) | (asked_on == NOT_YET))
    live &= ~advice.is_code("advice_outcome", "withdrawn", "rejected")
    came = enough | (returned <= plan)
    untold = ~came & answered & (returned == NOT_YET)
    for kind in (*rule.required, *rule.if_asked):
        asked = live & advice.is_code("advice_type", kind)
        rows, there, unsure = (_count(case, asked & mask, cases.size) for mask in (True, came, untold))
        needed = np.full(cases.size, kind in rule.required) | (rows > 0)
        hand.missing[kind] = needed & ((rows == 0) | (there + unsure < rows))
        hand.untold |= needed & (unsure > 0)
    return hand


def _count(case: _Counts, rows: Mask | np.bool_, size: int) -> _Counts:
    return np.bincount(case[rows], minlength=size)


def _words(kind: str) -> str:
    return kind.replace("_", " ")
