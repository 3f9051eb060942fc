"""Why a limit does not apply, or cannot be told, in words for one case."""

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, to_date
from ehcptime.tracking.limits import RULES, Judged
from ehcptime.tracking.outcomes import H, N
from ehcptime.tracking.refusals import Refusal
from ehcptime.tracking.situation import Situation
from ehcptime.tracking.words import long_date


def reason(rule: str, now: Situation, found: Judged) -> str:
    """Say why the status of a rule is not_applicable or unknown; empty for any other status."""
    place = RULES.index(rule)
    status = int(found.status[place, 0])
    if status == 0:
        return _not_applicable(rule, now)
    return _unknown(rule, now, found, place) if status == 1 else ""


def _not_applicable(rule: str, now: Situation) -> str:
    says = (
        (not now.is_received.all(), "the request had not been received"),
        (now.is_historical.all() and rule != "request_decision", "the assessment is recorded as historical"),
        (
            (now.request.code == H).all() and rule == "request_decision",
            "the decision was made before this return",
        ),
        (
            (now.assessment.code != N).all() and rule == "plan_refusal",
            "no decision not to issue a plan is recorded",
        ),
        ((now.draft == NOT_YET).all() and rule == "draft_comment", "no draft is recorded"),
        (rule in {"issue_decision", "plan_final"} and bool(_standing(now)), _standing(now)),
    )
    return next(
        (text for holds, text in says if holds), f"the case ended on {_day(now.end)}, within the limit"
    )


def _standing(now: Situation) -> str:
    for refusal, what in (
        (now.refused_to_assess, "not to carry out an assessment"),
        (now.refused_to_issue, "not to issue a plan"),
    ):
        if refusal.stands.all():
            return f"the decision {what}{_made(refusal)} stands"
    return ""


def _made(refusal: Refusal) -> str:
    return "" if (refusal.day == UNKNOWN).all() else f" of {_day(refusal.day)}"


def _unknown(rule: str, now: Situation, found: Judged, place: int) -> str:
    start, done, due = (int(days[place, 0]) for days in (found.start, found.done, found.due))
    if start == UNKNOWN:
        return _no_start(rule, now, found)
    if done == UNKNOWN:
        return "it was done, on a day that is not recorded"
    if due == NOT_YET:
        return f"no version of the rule was in force on {_day(found.start[place])}"
    if done < start:
        return f"it is recorded as done on {_day(found.done[place])}, before it could start"
    return "the case ended on a day that is not recorded"


def _no_start(rule: str, now: Situation, found: Judged) -> str:
    reversed_ = now.refused_to_assess.is_reversed | now.refused_to_issue.is_reversed
    if reversed_.all() and rule != "draft_comment":
        told = "on what day" if found.clock[0] >= 0 else "how"
        return (
            f"a refusal was reversed and the record does not say {told}, so the limit in force is not known"
        )
    if rule == "draft_comment":
        return "a plan was issued and the day of the draft is not recorded"
    return "the day of receipt is not recorded"


def _day(days: Days) -> str:
    day = to_date(np.asarray(days).reshape(-1)[0])
    return long_date(day) if day else "a day that is not recorded"
