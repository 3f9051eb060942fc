"""What follows the reversal of a refusal: to tell the family, to refuse a plan, to send one. The route sets the limits."""

from dataclasses import dataclass

import numpy as np

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.due import due_from
from ehcptime.law.book import RuleBook
from ehcptime.law.models import Route
from ehcptime.records.arrays import Codes
from ehcptime.tracking.outcomes import N
from ehcptime.tracking.routes import taken
from ehcptime.tracking.situation import Situation

AFTER = ("notify_after_reversal", "no_plan_after_reversal", "plan_after_reversal")
ROLES = ("notify", "no_plan", "final")


@dataclass(frozen=True, slots=True)
class JudgedAfter:
    """Due days, starts, statuses and days over of shape (rules, cases), and where a limit is practice and not law."""

    due: Days
    start: Days
    done: Days
    status: Codes
    days_over: Days
    is_practice: Mask


def judged_after(now: Situation, as_at: int, law: RuleBook) -> JudgedAfter:
    """Apply the limits that follow a reversal to each case; not_applicable where nothing was reversed."""
    rows = np.broadcast_shapes(now.start.shape, now.end.shape, now.route.shape)
    due = np.full((len(AFTER), *rows), NOT_YET, dtype=np.int32)
    start = due.copy()
    is_practice = np.zeros(rows, dtype=np.bool_)
    for refusal, kind in ((now.refused_to_assess, "assess"), (now.refused_to_issue, "issue")):
        for chosen, route in taken(refusal, now, rows, law):
            is_practice[chosen] = route.practice
            _set(due, start, chosen, np.broadcast_to(refusal.reversed_on, rows), law, route, kind)
    done = _done(now, due.shape)
    status, days_over = engine.judge(due, start, done, np.broadcast_to(now.other_end, due.shape), as_at)
    stands = np.broadcast_to(now.refused_to_issue.stands | now.is_historical, rows)
    status[AFTER.index("no_plan_after_reversal"), ~np.broadcast_to(now.assessment.code == N, rows)] = 0
    replaced = np.broadcast_to(now.override != NOT_YET, rows)
    status[AFTER.index("plan_after_reversal"), stands | replaced] = engine.NOT_APPLICABLE
    return JudgedAfter(due, start, done, status, days_over, is_practice)


def _set(due: Days, start: Days, rows: Mask, on: Days, law: RuleBook, route: Route, kind: str) -> None:
    for place, role in enumerate(ROLES):
        follower = getattr(getattr(route, kind), role)
        if follower is None:
            continue
        due[place, rows] = due_from(law.limits([follower]), on[rows])
        start[place, rows] = on[rows]


def _done(now: Situation, shape: tuple[int, ...]) -> Days:
    """The acts; where the day the family was told is not recorded, any later step shows that it was."""
    done = np.full(shape, NOT_YET, dtype=np.int32)
    refused = np.where(
        (now.assessment.code == N) & (now.assessment.day == NOT_YET), UNKNOWN, now.assessment.day
    )
    step = np.minimum(np.minimum(now.draft, now.final), np.minimum(now.decision_to_issue, refused))
    shown = np.where(step == NOT_YET, np.int32(NOT_YET), np.int32(UNKNOWN))
    done[0] = np.where(now.assess_notice != NOT_YET, now.assess_notice, shown)
    done[1], done[2] = np.where(now.assessment.code == N, refused, np.int32(NOT_YET)), now.final
    return done
