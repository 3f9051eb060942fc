"""DfE's measures: days between two dates as recorded, whatever clock is in force."""

import numpy as np

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.questions.measures import Elapsed
from ehcptime.questions.tracked import Tracked
from ehcptime.questions.verdicts import Part, Step, Verdict, decide

DUPLICATE = "a duplicate record"
NOT_RECEIVED = "not received by then"
FLAGGED = "mediation or tribunal"
EXCEPTED = "an exception is recorded"
NO_DECISION = "no such decision"
HISTORICAL = "decided in an earlier return or by another authority (H)"


def outside(cases: Tracked) -> list[Step]:
    """Rows that are in no cohort: duplicates, requests not yet received, and assessments coded H."""
    return [
        Step(cases.is_code("closed_reason", "duplicate"), "left_out", DUPLICATE),
        Step(cases.is_stage("not_received"), "left_out", NOT_RECEIVED),
        Step(_historical(cases), "left_out", HISTORICAL),
    ]


def _historical(cases: Tracked) -> Mask:
    """Where the code H was known by then; what else is true of a case is worked out only where there is one, for it takes longer."""
    coded = cases.is_code("assessment_outcome", "H")
    return cases.now.is_historical if coded.any() else coded


def judge(cases: Tracked, rule: Elapsed) -> Verdict:
    """Decide each row by the days from `start` to the date of the outcome; it falls on the latter."""
    done = cases.days_by_then(f"{rule.outcome}_date")
    of_kind = cases.is_code(rule.outcome, *rule.codes)
    return decide(
        [
            *outside(cases),
            Step(~of_kind, "left_out", NO_DECISION),
            *_undated(cases, rule),
            Step(done == NOT_YET, "left_out", "no such decision by then"),
            *_without(cases, rule),
            *_by_duration(done - cases.days_by_then(rule.start), rule),
        ],
        np.where(of_kind, done, np.int32(NOT_YET)),
        cases.size,
    )


def _undated(cases: Tracked, rule: Elapsed) -> list[Step]:
    """A dated outcome after `as_at` is not yet; an undated one has happened, unless the step before it has not."""
    blank = cases.days(f"{rule.outcome}_date") == NOT_YET
    if rule.undated == "left_out":
        return [Step(blank, "left_out", "decided, and nothing issued yet")]
    if rule.outcome == "assessment_outcome":
        decided = cases.days("request_outcome_date")
        blank = blank & ((decided <= cases.as_at) | (decided == NOT_YET))
    return [Step(blank, "unknown", "decided on a day that is not recorded")]


def _without(cases: Tracked, rule: Elapsed) -> list[Step]:
    flagged = np.zeros(cases.size, dtype=bool)
    for flag in rule.flags:
        flagged |= cases.is_set(flag)
    steps = [Step(flagged, "left_out", FLAGGED)]
    if rule.exceptions == "leave_out":
        steps.append(Step(cases.is_set("week20"), "left_out", EXCEPTED))
    return steps


def _by_duration(days: Days, rule: Elapsed) -> list[Step]:
    """A missing start gives a number far below zero, and so does a start after the outcome."""
    upper = np.int32(NOT_YET) if rule.to_days is None else rule.to_days
    counted: Mask = (days >= rule.from_days) & (days <= upper)
    rest: Part = "late"
    return [
        Step((days < 0) | ~is_day(days), "unknown", "the days between cannot be worked out"),
        Step(counted, "on_time", f"{_span(rule)} after the request"),
        Step(True, rest, f"not {_span(rule)} after the request"),
    ]


def _span(rule: Elapsed) -> str:
    if rule.to_days is None:
        return f"{rule.from_days} days or more"
    return (
        f"{rule.to_days} days or less" if not rule.from_days else f"{rule.from_days} to {rule.to_days} days"
    )
