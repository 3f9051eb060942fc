"""Askings for advice: each one settled at its limit, and whether all that a plan needs was in when it was issued."""

import numpy as np

from ehcptime.clock.counting import NOT_YET, Days
from ehcptime.questions.elapsed import outside
from ehcptime.questions.in_hand import askings_of, kind_of
from ehcptime.questions.measures import AllAdvice
from ehcptime.questions.tracked import Tracked, same_day
from ehcptime.questions.verdicts import Step, Verdict, decide

NO_ADVICE = "no advice was given to look at"
NO_LIMIT = "no limit applies"
NO_ROWS = "no advice is recorded for it"


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
            Step(True, "left_out", NO_LIMIT),
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
        return [Step(True, "unknown", NO_ADVICE)]
    same_day(cases, advice)
    late = cases.is_status(f"{rule.rule}_status", "met_late")
    askings = askings_of(cases, advice, issued)
    kinds = {kind: kind_of(askings, kind, rule.required) for kind in (*rule.required, *rule.if_asked)}
    untold = np.zeros(cases.size, dtype=bool)
    for found in kinds.values():
        untold |= found.untold
    return [
        Step(askings.per_case(askings.case >= 0) == 0, "unknown", NO_ROWS),
        Step(late, "late", "issued after its limit"),
        *(Step(found.missing, "late", f"{_words(kind)} advice not in") for kind, found in kinds.items()),
        Step(untold, "unknown", "whether all advice was in cannot be told"),
    ]


def _words(kind: str) -> str:
    return kind.replace("_", " ")
