"""Acts that meet the limits on a request, and cases that a limit leaves out."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.masks import both, either, instead
from ehcptime.errors import RuleError
from ehcptime.records.arrays import UNREADABLE
from ehcptime.tracking.outcomes import H, N, Y
from ehcptime.tracking.situation import Situation

_Found = TypeVar("_Found")


def named(by_column: Mapping[str, _Found], name: str, rule: str) -> _Found:
    """Give what stands under the name of a date that a rule uses."""
    if name not in by_column:
        raise RuleError(
            f"rule {rule!r} names the date {name!r}: a limit on a request can use {', '.join(by_column)}"
        )
    return by_column[name]


def act(name: str, now: Situation, decision_due: Days, rule: str) -> Days:
    """Day of the act that meets a rule; `decision_due` is the limit of the decision to issue."""
    by_column: dict[str, Callable[[], Days]] = {
        "request_outcome_date": lambda: now.request_decided,
        "assessment_outcome_date": lambda: _refused(now),
        "issue_decision_date": lambda: _decision_to_issue(now, decision_due),
        "plan_issued_date": lambda: now.final,
    }
    return named(by_column, name, rule)()


def _refused(now: Situation) -> Days:
    undated = both(now.assessment.code == N, now.assessment.day == NOT_YET)
    return instead(now.assessment.day, undated, UNKNOWN)


def _decision_to_issue(now: Situation, due: Days) -> Days:
    """Readings 8: its own day, that of a refusal, or the day of a draft or plan that proves it in time."""
    coded = both(now.assessment.code != Y, now.assessment.day != NOT_YET)
    proof: Days = np.minimum(now.draft, now.final)
    happened = now.assessment.has(Y, N, UNREADABLE) | (proof != NOT_YET)
    shown = instead(proof, happened & (proof > due), UNKNOWN)
    shown = instead(shown, coded, now.assessment.day)
    return instead(shown, now.decision_to_issue != NOT_YET, now.decision_to_issue)


def excluded(now: Situation, rule: str) -> Mask:
    """Where a limit does not apply, whatever its dates."""
    out = ~now.is_received
    if rule == "request_decision":
        return either(now.request.code == H, out)
    if rule == "plan_refusal":
        return either(now.assessment.code != N, out)
    out = either(now.is_historical, out)
    if rule == "issue_decision":
        return either(now.refused_to_assess.stands, out)
    return either(now.refusal_stands, out) if rule == "plan_final" else out
