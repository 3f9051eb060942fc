"""The days by which to act: the last working day for the next step, for a draft by hand or post, and for asking advice."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from ehcptime.clock.calendars import england
from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.questions.tracked import Tracked
from ehcptime.tracking.columns import as_dates

CanBeMet = Literal["yes", "only_if_answered_early", "no", "lifted", "cannot_be_told"]
CAN_BE_MET: tuple[str, ...] = get_args(CanBeMet)
_COMMENT = 15  # days for the family to comment, the day of service counted: reg 13(1)
_ADVICE = 42  # days for advice: reg 8(1), Code 9.41
_POST = 2  # working days that first class post takes: Practice Direction of 1985, by way of Interpretation Act 1978 s.7
_YES, _EARLY, _NO, _LIFTED, _UNTOLD = (np.int8(place) for place in range(len(CAN_BE_MET)))


@dataclass(frozen=True, eq=False)
class Acting:
    """Days for some open cases; NOT_YET where there is none.

    `last_draft` is the last day on which a draft can be served and leave the family its 15 days before the final plan is due, and
    `post_by` the last working day on which it can be posted to be served by then. `ask_by` is the last working day on which advice can be
    asked for and be due by the decision whether to issue. `can_be_met` are places in CAN_BE_MET, of the next limit and of the plan.
    """

    act_by: Days
    last_draft: Days
    post_by: Days
    ask_by: Days
    can_be_met: npt.NDArray[np.int8]
    plan_can_be_met: npt.NDArray[np.int8]


def acting(cases: Tracked, rule: npt.NDArray[np.str_], due: Days, exempt: Mask) -> Acting:
    """Work out the days of every case; `rule` and `due` are those of its next limit."""
    draft = np.broadcast_to(cases.now.draft, cases.size)
    last_draft = _last_draft(cases)
    undrafted = draft == NOT_YET
    for_plan = rule == "plan_final"
    step = np.where(for_plan & undrafted, last_draft, due)
    plan = _plan(cases, draft, last_draft)
    here = np.where(due >= cases.as_at, _YES, _NO)
    here = np.where(is_day(due), here, _UNTOLD)
    here = np.where(exempt, _LIFTED, here)
    posted = _working(last_draft, -_POST)
    return Acting(
        act_by=_working(step, 0),
        last_draft=last_draft,
        post_by=np.where(undrafted, posted, np.int32(NOT_YET)),
        ask_by=_ask_by(cases),
        can_be_met=np.where(for_plan, plan, here).astype(np.int8),
        plan_can_be_met=plan,
    )


def _last_draft(cases: Tracked) -> Days:
    """For a final plan that is still to come."""
    if "plan_final_status" not in cases.frame:
        return np.full(cases.size, NOT_YET, dtype=np.int32)
    pending = cases.is_status("plan_final_status", "running", "overdue")
    return np.where(pending, cases.days("plan_final_due") - np.int32(_COMMENT), np.int32(NOT_YET))


def _plan(cases: Tracked, draft: Days, last_draft: Days) -> npt.NDArray[np.int8]:
    """Whether the final plan can still be sent in time and after the family's 15 days."""
    if "plan_final_status" not in cases.frame:
        return np.full(cases.size, _UNTOLD, dtype=np.int8)
    served = np.where(draft == NOT_YET, np.int32(cases.as_at), draft)
    found = np.where(served <= last_draft, _YES, _EARLY)
    found = np.where(cases.is_status("plan_final_status", "overdue"), _NO, found)
    known = cases.is_status("plan_final_status", "running", "overdue")
    found = np.where(known, found, _UNTOLD)
    return np.where(known & cases.is_set("plan_final_exempt"), _LIFTED, found).astype(np.int8)


def _ask_by(cases: Tracked) -> Days:
    """For a decision whether to issue that is still to come."""
    if "issue_decision_status" not in cases.frame:
        return np.full(cases.size, NOT_YET, dtype=np.int32)
    pending = cases.is_status("issue_decision_status", "running", "overdue")
    days = cases.days("issue_decision_due") - np.int32(_ADVICE)
    return _working(np.where(pending, days, np.int32(NOT_YET)), 0)


def _working(days: Days, offset: int) -> Days:
    """The last working day on or before each day, or some working days before that."""
    known, calendar = is_day(days), england()
    dates = as_dates(np.where(known, days, 0)).astype("datetime64[D]")
    calendar.warn_beyond(dates[known])
    back = np.busday_offset(dates, offset, roll="backward", busdaycal=calendar.busdays).astype(np.int64)
    return np.where(known, back, NOT_YET).astype(np.int32)
