"""Every time limit, typed by hand from the statutory sources: number, unit, counting, bound and first day.

`start` is the trigger, `done` the act, `later` the second trigger of a rule that has two. What has no length
(sending the draft, consulting on ceasing, the effect of ceasing) has no limit, so it has no row; an agreement
on an appealable matter has the limits of an order.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Period:
    """A length and how it is counted."""

    number: int
    unit: str
    count: str


@dataclass(frozen=True)
class Statute:
    """One limit: its period, whether it is a most or a least, and the first start that it covers."""

    number: int
    unit: str
    count: str
    bound: str
    first: date

    @property
    def period(self) -> Period:
        """The length and its counting."""
        return Period(self.number, self.unit, self.count)

    @property
    def looks_ahead(self) -> bool:
        """Whether the limit is counted back from a day that may still be to come."""
        return self.count == "before"

    @property
    def is_minimum(self) -> bool:
        """Whether the period must have passed before the act."""
        return self.bound == "at_least" and not self.looks_ahead


REGS = date(2014, 9, 1)  # SI 2014/1530, the Act, the Code and the Tribunal's rules for these appeals
REG_45 = date(2015, 3, 23)  # SI 2015/359 replaced the numbers of regulation 45
DETAINED = date(2015, 4, 1)  # SI 2015/62
EXTENDED = date(2018, 4, 3)  # SI 2017/1306

BOOK = {
    # Request, assessment, plan.
    "assess_refusal_notice": Statute(6, "weeks", "after", "at_most", REGS),
    "request_decision": Statute(6, "weeks", "after", "at_most", REGS),
    "assess_six_month_gate": Statute(6, "months", "beginning_with", "at_least", REGS),
    "advice_body": Statute(6, "weeks", "after", "at_most", REGS),
    "advice_other": Statute(6, "weeks", "after", "at_most", REGS),
    "plan_refusal": Statute(16, "weeks", "after", "at_most", REGS),
    "issue_decision": Statute(16, "weeks", "after", "at_most", REGS),
    "draft_comment": Statute(15, "days", "beginning_with", "at_least", REGS),
    "plan_final": Statute(20, "weeks", "after", "at_most", REGS),
    "consult_reply": Statute(15, "days", "after", "at_most", REGS),
    # Moving.
    "move_transfer": Statute(0, "", "immediately", "at_most", REGS),
    "move_inform": Statute(6, "weeks", "after", "at_most", REGS),
    "move_review": Statute(12, "months", "beginning_with", "at_most", REGS),
    "move_cb_notify": Statute(0, "", "immediately", "at_most", REGS),
    "move_cb_request": Statute(15, "working_days", "after", "at_most", REGS),
    "cb_change_notify": Statute(15, "working_days", "after", "at_most", REGS),
    "cb_change_request": Statute(15, "working_days", "after", "at_most", REGS),
    # Phase transfers: the start is the transfer, the limit a day of its year.
    "phase_post16": Statute(0, "", "before", "at_most", REGS),
    "phase_other": Statute(0, "", "before", "at_most", REGS),
    "phase_post16_switch": Statute(5, "months", "before", "at_least", REGS),
    # Annual review and amendment.
    "review_annual": Statute(12, "months", "beginning_with", "at_most", REGS),
    "review_meeting_notice": Statute(2, "weeks", "before", "at_least", REGS),
    "review_circulate": Statute(2, "weeks", "before", "at_least", REGS),
    "review_report": Statute(2, "weeks", "after", "at_most", REGS),
    "review_decision": Statute(4, "weeks", "after", "at_most", REGS),
    "review_decision_no_meeting": Statute(12, "months", "beginning_with", "at_most", REGS),
    "review_amend_notice": Statute(4, "weeks", "after", "at_most", REGS),
    "amend_comment_window": Statute(15, "days", "beginning_with", "at_least", REGS),
    "amend_final": Statute(8, "weeks", "after", "at_most", REGS),
    "amend_no_change_notice": Statute(8, "weeks", "after", "at_most", REGS),
    "review_overall": Statute(12, "weeks", "after", "at_most", REGS),
    "amend_no_review_comment_window": Statute(15, "days", "beginning_with", "at_least", REGS),
    "amend_no_review_final": Statute(8, "weeks", "after", "at_most", REGS),
    # Re-assessment.
    "reassess_decision": Statute(15, "days", "after", "at_most", REGS),
    "reassess_bar": Statute(6, "months", "beginning_with", "at_least", REGS),
    "reassess_final": Statute(14, "weeks", "after", "at_most", REGS),
    # Mediation.
    "mediation_contact": Statute(2, "months", "after", "at_most", REGS),
    "mediation_cert_declined": Statute(3, "working_days", "after", "at_most", REGS),
    "mediation_tell_cb": Statute(3, "working_days", "after", "at_most", REGS),
    "mediation_arrange": Statute(30, "days", "after", "at_most", REGS),
    "mediation_date_notice": Statute(5, "working_days", "before", "at_least", REGS),
    "mediation_cert_after": Statute(3, "working_days", "after", "at_most", REGS),
    "mediation_cert_failed": Statute(3, "working_days", "after", "at_most", REGS),
    "mediation_cb_tells_la": Statute(1, "weeks", "after", "at_most", REGS),
    "mediation_other": Statute(2, "weeks", "after", "at_most", REGS),
    # Orders, and what has the limits of an order.
    "notify_after_reversal": Statute(2, "weeks", "after", "at_most", REGS),
    "no_plan_after_reversal": Statute(10, "weeks", "after", "at_most", REGS),
    "plan_after_reversal": Statute(14, "weeks", "after", "at_most", REGS),
    "order_make_draft": Statute(5, "weeks", "after", "at_most", REGS),
    "order_make_final": Statute(11, "weeks", "after", "at_most", REGS),
    "order_reconsider": Statute(2, "weeks", "after", "at_most", REGS),
    "order_amend": Statute(5, "weeks", "after", "at_most", REGS),
    "order_placement": Statute(2, "weeks", "after", "at_most", REGS),
    "order_continue": Statute(0, "", "immediately", "at_most", REGS),
    "order_continue_amend": Statute(5, "weeks", "after", "at_most", REGS),
    "order_cease": Statute(0, "", "immediately", "at_most", REGS),
    "unopposed_assess_notify": Statute(2, "weeks", "after", "at_most", REG_45),
    "unopposed_assess_no_plan": Statute(10, "weeks", "after", "at_most", REG_45),
    "unopposed_assess_final": Statute(14, "weeks", "after", "at_most", REG_45),
    "unopposed_make_draft": Statute(5, "weeks", "after", "at_most", REG_45),
    "unopposed_make_final": Statute(11, "weeks", "after", "at_most", REG_45),
    "unopposed_amend": Statute(5, "weeks", "after", "at_most", REG_45),
    "unopposed_placement": Statute(2, "weeks", "after", "at_most", REG_45),
    "practice_no_plan": Statute(10, "weeks", "after", "at_most", REGS),
    "practice_final": Statute(14, "weeks", "after", "at_most", REGS),
    # Elsewhere.
    "recommendation_reply": Statute(5, "weeks", "after", "at_most", EXTENDED),
    "detained_refusal_notice": Statute(6, "weeks", "after", "at_most", DETAINED),
    "detained_final": Statute(20, "weeks", "after", "at_most", DETAINED),
    "appeal_lodge": Statute(2, "months", "after", "at_most", REGS),
    "appeal_response": Statute(30, "working_days", "after", "at_most", REGS),
}

# What `later` starts, for the rules that have a second trigger.
SECOND = {
    "move_transfer": Period(15, "working_days", "beginning_with"),
    "move_cb_notify": Period(15, "working_days", "beginning_with"),
    "move_review": Period(3, "months", "beginning_with"),
    "appeal_lodge": Period(1, "months", "after"),
}
# Month and day that the limit stands before.
FIXED = {"phase_post16": (3, 31), "phase_other": (2, 15)}
# Days by which another reading moves the last good day; each rule is first read as its default.
READINGS = {
    "phase_post16": {"loose": 1},  # "by", not "before"
    "phase_other": {"loose": 1},
    "review_meeting_notice": {"strict": -1},  # fourteen clear days
    "review_circulate": {"strict": -1},
}
