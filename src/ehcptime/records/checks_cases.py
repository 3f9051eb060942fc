"""Checks of the cases that need one row and no law."""

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, day_number
from ehcptime.records.arrays import days_of
from ehcptime.records.checks import Check, Find, Rows
from ehcptime.records.checks_common import OLDEST, before, common

# Columns that some extracts carry beside the contract's, and that show that a plan was there already.
_REVIEWS = ("review_date", "review_meeting_date")
_REQUEST_FLAGS = ("request_mediation", "request_tribunal")
_ISSUE_FLAGS = ("assessment_mediation", "assessment_tribunal")


def plan_day(rows: Rows) -> Days:
    """Day of the first final plan as recorded: the earlier of the two places where it may stand."""
    coded = rows.coded("assessment_outcome", "Y")
    dated = np.where(coded, rows.days("assessment_outcome_date"), np.int32(NOT_YET))
    return np.minimum(rows.days("plan_issued_date"), dated)


def _undated(outcome: str, *codes: str) -> Find:
    return lambda rows: rows.coded(outcome, *codes) & ~rows.given(f"{outcome}_date")


def _date_alone(outcome: str) -> Find:
    return lambda rows: rows.coded(outcome, "", "A", "W", "H") & rows.given(f"{outcome}_date")


def _ended_undated(rows: Rows) -> Mask:
    left = (
        rows.coded("request_outcome", "W") | rows.coded("assessment_outcome", "W") | rows.flagged("exported")
    )
    return np.asarray(left & ~rows.given("closed_date"))


def _plan_before(column: str) -> Find:
    def find(rows: Rows) -> Mask:
        plan = plan_day(rows)
        return np.asarray((plan != NOT_YET) & rows.given(column) & (plan < rows.days(column)))

    return find


def _two_plans(rows: Rows) -> Mask:
    both = rows.coded("assessment_outcome", "Y") & rows.given("assessment_outcome_date", "plan_issued_date")
    return np.asarray(both & (rows.days("plan_issued_date") != rows.days("assessment_outcome_date")))


def _plan_without_outcome(rows: Rows) -> Mask:
    """A plan in this library's own column alone: a refusal that stands, or was reversed, has an outcome of its own."""
    told = rows.coded("assessment_outcome", "Y") & rows.given("assessment_outcome_date")
    silent = rows.coded("assessment_outcome", "", "Y", "A", "W", "H")
    return np.asarray(rows.given("plan_issued_date") & silent & ~told)


def _overwritten(rows: Rows) -> Mask:
    """A plan was there before the first final as recorded: it started, or was reviewed, on an earlier day."""
    plan = plan_day(rows)
    earlier = rows.given("plan_start_date") & (rows.days("plan_start_date") < plan)
    for name in _REVIEWS:
        if name in rows.frame and rows.frame[name].dtype.kind == "M":
            earlier = earlier | (days_of(rows.frame[name], name) < plan)
    return np.asarray(earlier & (plan != NOT_YET))


def _closed_elsewhere(rows: Rows) -> Mask:
    plan = plan_day(rows)
    return np.asarray((plan != NOT_YET) & rows.given("closed_date") & (plan != rows.days("closed_date")))


def _reversal_recorded(rows: Rows) -> Mask:
    return np.asarray(rows.given("reversal_date") | ~rows.coded("reversal_route", ""))


def _reversal_of_nothing(rows: Rows) -> Mask:
    refused = rows.coded("request_outcome", "N") | rows.coded("assessment_outcome", "N")
    return np.asarray(_reversal_recorded(rows) & ~refused)


def _reversal_too_early(rows: Rows) -> Mask:
    """A reversal of a refusal to issue where that is named, or is the only refusal; else of that to assess."""
    to_assess, to_issue = rows.coded("request_outcome", "N"), rows.coded("assessment_outcome", "N")
    of_issue = to_issue & (rows.coded("reversal_of", "issue") | ~to_assess)
    of_assess = to_assess & ~of_issue & (rows.coded("reversal_of", "assess") | ~to_issue)
    return np.asarray(
        (of_assess & rows.before("reversal_date", "request_outcome_date"))
        | (of_issue & rows.before("reversal_date", "assessment_outcome_date"))
    )


def _gone_on(rows: Rows) -> Mask:
    """After a refusal to assess: an outcome of the assessment, a draft or a plan."""
    later = (
        rows.coded("assessment_outcome", "Y", "N")
        | rows.given("draft_sent_date")
        | rows.given("plan_issued_date")
    )
    return np.asarray(rows.coded("request_outcome", "N") & later)


def _gone_on_without_route(rows: Rows) -> Mask:
    return np.asarray(_gone_on(rows) & rows.coded("reversal_route", ""))


def _challenged_without_reversal(rows: Rows) -> Mask:
    """A challenge is flagged and the case went on after the refusal, and no reversal is recorded."""
    planned = rows.coded("assessment_outcome", "N") & rows.given("plan_issued_date")
    went_on = (_gone_on(rows) & rows.flagged(*_REQUEST_FLAGS)) | (planned & rows.flagged(*_ISSUE_FLAGS))
    return np.asarray(went_on & ~_reversal_recorded(rows) & rows.coded("reversal_of", ""))


def _challenge_of_nothing(outcome: str, flag: str) -> Find:
    return lambda rows: rows.flagged(flag) & rows.coded(outcome, "", "Y", "A", "W")


def _week20_without_plan(rows: Rows) -> Mask:
    return np.asarray(rows.flagged("week20") & (plan_day(rows) > rows.as_at))


def _no_start(rows: Rows) -> Mask:
    return ~rows.given("received_date") & ~rows.given("responsible_date")


def _no_receipt(rows: Rows) -> Mask:
    return ~rows.given("received_date") & rows.given("responsible_date")


def _before_the_law(rows: Rows) -> Mask:
    first = day_number(pd.Timestamp("2014-09-01").date())
    return np.asarray((rows.days("received_date") < first) & (rows.days("received_date") >= OLDEST))


def _date_without_code(outcome: str) -> Check:
    return Check(f"{outcome.split('_', maxsplit=1)[0]}_date_without_outcome", "error", outcome, "a day without a decision: add the code or remove the day", _date_alone(outcome))  # fmt: skip


def _challenge(outcome: str, flag: str) -> Check:
    return Check("challenge_without_refusal", "query", flag, "mediation or an appeal about a refusal, and no refusal is recorded: was a refusal overwritten when it was reversed?", _challenge_of_nothing(outcome, flag))  # fmt: skip


CASE_CHECKS: tuple[Check, ...] = (
    Check("no_start_date", "error", "received_date", "no day of receipt, so no limit can be worked out: find the day and add it", _no_start),
    Check("no_received_date", "query", "received_date", "no day of receipt: DfE measures cannot time this case", _no_receipt),
    Check("received_before_law", "query", "received_date", "received before 1 September 2014, when the limits came into force: check the day", _before_the_law),
    *common("cases"),
    Check("panel_before_received", "query", "panel_date", "the panel met before the request was received: check both days", before("panel_date", "received_date")),
    Check("panel_after_decision", "info", "panel_date", "the panel met after the decision whether to assess: was it about something later?", before("request_outcome_date", "panel_date")),
    Check("request_outcome_before_received", "error", "request_outcome_date", "decided before the request was received: check both days", before("request_outcome_date", "received_date")),
    Check("assessment_outcome_before_received", "error", "assessment_outcome_date", "ended before the request was received: check both days", before("assessment_outcome_date", "received_date")),
    Check("assessment_outcome_before_request_outcome", "error", "assessment_outcome_date", "ended before the decision to assess: check both days", before("assessment_outcome_date", "request_outcome_date")),
    Check("issue_decision_before_received", "error", "issue_decision_date", "the family was told whether a plan would be issued before the request was received: check both days", before("issue_decision_date", "received_date")),
    Check("issue_decision_before_request_outcome", "error", "issue_decision_date", "the family was told whether a plan would be issued before the decision to assess: check both days", before("issue_decision_date", "request_outcome_date")),
    Check("draft_before_received", "error", "draft_sent_date", "draft sent before the request was received: check both days", before("draft_sent_date", "received_date")),
    Check("draft_before_decision", "query", "draft_sent_date", "draft sent before the decision to assess: check both days", before("draft_sent_date", "request_outcome_date")),
    Check("draft_before_issue_decision", "query", "draft_sent_date", "draft sent before the family was told that a plan would be issued: check both days", before("draft_sent_date", "issue_decision_date")),
    Check("draft_before_reversal", "query", "draft_sent_date", "draft sent before the refusal was reversed: is it an earlier draft, or is a day wrong?", before("draft_sent_date", "reversal_date")),
    Check("final_before_draft", "error", "plan_issued_date", "plan issued before its draft: check both days", _plan_before("draft_sent_date"), plan_day),
    Check("final_before_decision", "error", "plan_issued_date", "plan issued before the decision to issue one: check both days", _plan_before("issue_decision_date"), plan_day),
    Check("closed_before_received", "error", "closed_date", "closed before the request was received: check both days", before("closed_date", "received_date")),
    Check("request_outcome_without_date", "error", "request_outcome_date", "decided, with no day: find the day and add it", _undated("request_outcome", "Y", "N")),
    Check("assessment_outcome_without_date", "error", "assessment_outcome_date", "refused, with no day: find the day and add it", _undated("assessment_outcome", "N")),
    _date_without_code("request_outcome"),
    _date_without_code("assessment_outcome"),
    Check("ended_without_date", "query", "closed_date", "withdrawn or moved away, with no day: it is left out of past positions", _ended_undated),
    Check("two_first_plans", "query", "plan_issued_date", "two days for the first plan: the earlier is used", _two_plans),
    Check("plan_issued_without_outcome", "query", "plan_issued_date", "a plan with no outcome of the assessment beside it: DfE measures read assessment_outcome and assessment_outcome_date and leave this plan out, so add Y and the day", _plan_without_outcome),
    Check("first_final_overwritten", "error", "plan_start_date", "the plan started, or was reviewed, before its recorded day of issue: an amended plan may have overwritten the first, so use neither day until confirmed", _overwritten),
    Check("closed_differs_from_plan", "query", "closed_date", "the closing day is not that of the plan and is ignored", _closed_elsewhere),
    Check("reversal_before_request", "error", "reversal_date", "reversed before the request was received: check both days", before("reversal_date", "received_date")),
    Check("reversal_before_refusal", "error", "reversal_date", "reversed before it was refused: check both days", _reversal_too_early),
    Check("reversal_without_refusal", "query", "reversal_date", "a reversal, and no refusal: check the outcome codes", _reversal_of_nothing),
    Check("reversal_without_route", "query", "reversal_route", "the refusal did not stand, and how is not recorded, so the clock in force cannot be told", _gone_on_without_route),
    Check("challenge_without_reversal", "query", "reversal_date", "mediation or an appeal is recorded and the case went on after a refusal, and no reversal is recorded: add how and when it was reversed", _challenged_without_reversal),
    *(_challenge("request_outcome", flag) for flag in _REQUEST_FLAGS),
    *(_challenge("assessment_outcome", flag) for flag in _ISSUE_FLAGS),
    Check("week20_without_plan", "query", "week20", "an exception to the 20 weeks is recorded and no plan was issued by as_at: DfE counts exceptions of plans issued", _week20_without_plan),
)  # fmt: skip
