"""Edges of tracking that changing its code by one showed to be held by no quick test (tools/mutate_code.py)."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ehcptime.clock.counting import NOT_YET, UNKNOWN, day_number
from ehcptime.errors import InputError
from ehcptime.law.book import LAW
from ehcptime.records.arrays import UNREADABLE
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.exempt import lifts, may_lift
from ehcptime.tracking.outcomes import A, H, N, Outcome, W, Y, cut, is_future
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import differences, frame, plain

RECEIVED = date(2025, 4, 2)  # a Wednesday: 6 weeks end on 14 May, 16 on 23 July, 20 on 20 August
AS_AT = date(2025, 6, 30)
REFUSED = {"request_outcome": "N", "request_outcome_date": date(2025, 5, 12)}
NOT_ISSUED = {
    "request_outcome": "Y",
    "request_outcome_date": date(2025, 5, 12),
    "assessment_outcome": "N",
    "assessment_outcome_date": date(2025, 7, 1),
}
ORDER = {"reversal_of": "assess", "reversal_route": "tribunal_order"}


def one(*, as_at=AS_AT, **facts):
    return track(frame([{"received_date": RECEIVED, **facts}]), as_at=as_at)


def told(*, as_at=AS_AT, **facts):
    return timeline(Case(case_id="A", received_date=RECEIVED, **facts), as_at=as_at)


def test_an_outcome_has_any_of_the_codes_that_are_asked_for():
    codes = np.array([Y, N, A, W, H, UNREADABLE], np.int8)
    nowhere = np.zeros(6, bool)
    outcome = Outcome(codes, np.full(6, NOT_YET, np.int32), nowhere, nowhere)
    assert outcome.has(Y).tolist() == [True, False, False, False, False, False]
    assert outcome.has(Y, N).tolist() == [True, True, False, False, False, False]
    assert outcome.has(Y, N, H).tolist() == [True, True, False, False, True, False]
    assert outcome.is_puzzle.tolist() == [False] * 5 + [True]


def test_a_day_after_as_at_is_not_yet_come_and_as_at_itself_is():
    days = np.array([9, 10, 11, NOT_YET, UNKNOWN], np.int32)
    assert cut(days, 10).tolist() == [9, 10, NOT_YET, NOT_YET, UNKNOWN]
    assert is_future(days, 10).tolist() == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("facts", "as_at", "age"),
    [
        ({}, AS_AT, 89),  # 2 April to 30 June
        ({}, RECEIVED, 0),
        ({}, RECEIVED - timedelta(days=1), None),
        ({"closed_date": date(2025, 4, 12)}, AS_AT, 10),
        ({"closed_date": RECEIVED}, AS_AT, 0),
        ({"closed_date": date(2025, 4, 1)}, AS_AT, None),
        ({"exported": True}, AS_AT, None),
        ({"received_date": None}, AS_AT, None),
        (REFUSED, AS_AT, 40),
        ({"responsible_date": date(2025, 4, 1)}, AS_AT, 90),
        ({"moved_in_date": date(2025, 4, 3)}, AS_AT, 88),
        ({"moved_in_date": date(2025, 4, 1)}, AS_AT, 89),
    ],
)
def test_the_age_runs_from_the_start_to_the_end_or_as_at(facts, as_at, age):
    tracked = one(as_at=as_at, **facts)
    assert plain(tracked["age_days"].iloc[0]) == age


@pytest.mark.parametrize(
    ("on", "status", "clock", "due"),
    [
        # By regulation 44(2)(b): 14 weeks from the order for a plan after an order to assess.
        (date(2025, 5, 12), "running", "reg_44", date(2025, 8, 18)),
        (date(2025, 5, 13), "running", "reg_44", date(2025, 8, 19)),
        (date(2025, 6, 30), "running", "reg_44", date(2025, 10, 6)),
        (date(2025, 5, 11), "unknown", "reg_44", None),  # before the refusal: on a day nobody recorded
        (date(2025, 7, 1), "not_applicable", "original", date(2025, 8, 20)),  # not yet reversed
    ],
)
def test_a_refusal_to_assess_is_reversed_on_its_day_or_later_and_not_before(on, status, clock, due):
    tracked = one(**REFUSED, **ORDER, reversal_date=on)
    expected = {"plan_final_status": status, "plan_final_clock": clock, "plan_final_due": due}
    assert differences(tracked, expected, 0) == {}


@pytest.mark.parametrize(
    ("start", "due", "known"),
    [
        (date(2020, 9, 25), date(2020, 12, 1), True),
        (date(2020, 9, 26), date(2020, 12, 1), False),
        (date(2020, 1, 1), date(2020, 5, 1), True),
        (date(2020, 1, 1), date(2020, 4, 30), False),
        (date(2020, 6, 1), None, False),
        (None, date(2020, 6, 1), False),
    ],
)
def test_the_coronavirus_exemption_lifts_what_ran_on_a_day_of_1_may_to_25_september_2020(start, due, known):
    # SI 2020/471: in force 1 May to 25 September 2020.
    assert lifts("plan_final", "COVID", start, due, LAW) is known
    days = [np.array([NOT_YET if day is None else day_number(day)], np.int32) for day in (start, due)]
    assert may_lift("plan_final", "COVID", *days, LAW).tolist() == [known]
    assert not lifts("draft_comment", "COVID", start, due, LAW)
    assert may_lift("draft_comment", "COVID", *days, LAW).tolist() == [False]
    assert not lifts("plan_final", "NO_SUCH_CODE", start, due, LAW)


def test_an_exemption_lifts_by_the_version_that_the_start_picks():
    for start in (date(2015, 1, 5), RECEIVED):
        assert lifts("plan_final", "ABSENT_4W", start, None, LAW)
        assert not lifts("plan_final", "MISSED_APPT", start, None, LAW)
    assert not lifts("plan_final", "ABSENT_4W", None, None, LAW)
    assert not lifts("plan_final", "ABSENT_4W", date(2013, 1, 1), None, LAW)  # before the Act
    days = np.array([day_number(RECEIVED), NOT_YET, UNKNOWN, day_number(date(2013, 1, 1))], np.int32)
    assert may_lift("plan_final", "ABSENT_4W", days, days, LAW).tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("rule", "facts", "as_at", "said"),
    [
        ("plan_final", {}, AS_AT, "due on 20 August 2025, 7 weeks 2 days left"),
        ("plan_final", {}, date(2025, 8, 19), "due on 20 August 2025, 1 day left"),
        ("plan_final", {}, date(2025, 8, 20), "due on 20 August 2025, the last day"),
        ("plan_final", {}, date(2025, 8, 21), "was due on 20 August 2025, not done, 1 day over on 21 August 2025"),
        ("plan_final", {"plan_issued_date": date(2025, 8, 20)}, date(2025, 9, 1), "done on 20 August 2025, in time"),
        ("plan_final", {"plan_issued_date": date(2025, 8, 22)}, date(2025, 9, 1), "done on 22 August 2025, 2 days late"),
        ("plan_final", {"closed_date": date(2025, 8, 22)}, date(2025, 9, 1), "was due on 20 August 2025; the case ended without it, 2 days over"),
        ("draft_comment", {"draft_sent_date": AS_AT}, AS_AT, "the period ends on 14 July 2025, 14 days left"),
        ("draft_comment", {"draft_sent_date": AS_AT}, date(2025, 7, 14), "the period ends on 14 July 2025, the last day"),
        ("draft_comment", {"draft_sent_date": AS_AT}, date(2025, 7, 15), "the period ended on 14 July 2025"),
        ("draft_comment", {"draft_sent_date": AS_AT, "plan_issued_date": date(2025, 7, 14)}, date(2025, 8, 1), "done on 14 July 2025, 1 day too soon: a query, not a breach"),
        ("plan_final", {"week20": True}, date(2025, 8, 21), "the limit, 20 August 2025, is claimed to be lifted by an exception recorded with no reason (Week20): to be done as soon as practicable"),
        ("plan_final", {"week20": True, "closed_date": date(2025, 8, 22)}, date(2025, 9, 1), "the limit, 20 August 2025, is claimed to be lifted by an exception recorded with no reason (Week20): to be done as soon as practicable; the case ended without it"),
    ],
)  # fmt: skip
def test_what_a_limit_came_to_is_said_to_the_day(rule, facts, as_at, said):
    assert told(as_at=as_at, **facts)[rule].outcome() == said


LATER = date(2025, 9, 1)


@pytest.mark.parametrize(
    ("rule", "facts", "why"),
    [
        ("plan_final", {"closed_date": date(2025, 6, 2)}, "does not apply: the case ended on 2 June 2025, within the limit"),
        ("plan_final", REFUSED, "does not apply: the decision not to carry out an assessment of 12 May 2025 stands"),
        ("plan_final", {"request_outcome": "N"}, "does not apply: the decision not to carry out an assessment stands"),
        ("plan_final", NOT_ISSUED, "does not apply: the decision not to issue a plan of 1 July 2025 stands"),
        ("issue_decision", REFUSED, "does not apply: the decision not to carry out an assessment of 12 May 2025 stands"),
        ("plan_refusal", {}, "does not apply: no decision not to issue a plan is recorded"),
        ("draft_comment", {}, "does not apply: no draft is recorded"),
        ("request_decision", {"request_outcome": "H"}, "does not apply: the decision was made before this return"),
        ("plan_final", {"assessment_outcome": "H"}, "does not apply: the assessment is recorded as historical"),
        ("request_decision", {"request_outcome": "Y"}, "cannot be told: it was done, on a day that is not recorded"),
        ("request_decision", {"request_outcome": "Y", "request_outcome_date": date(2025, 4, 1)}, "cannot be told: it is recorded as done on 1 April 2025, before it could start"),
        ("plan_final", {"exported": True}, "cannot be told: the case ended on a day that is not recorded"),
        ("draft_comment", {"plan_issued_date": date(2025, 8, 1)}, "cannot be told: a plan was issued and the day of the draft is not recorded"),
        ("plan_final", {**REFUSED, **ORDER}, "cannot be told: a refusal was reversed and the record does not say on what day, so the limit in force is not known"),
        ("plan_final", {**REFUSED, "reversal_of": "assess", "reversal_date": date(2025, 6, 2)}, "cannot be told: a refusal was reversed and the record does not say how, so the limit in force is not known"),
    ],
)  # fmt: skip
def test_why_a_limit_does_not_apply_or_cannot_be_told(rule, facts, why):
    assert told(as_at=LATER, **facts)[rule].outcome() == why


def test_a_request_received_tomorrow_has_no_limit_yet():
    found = told(as_at=date(2025, 4, 1))["plan_final"]
    assert found.outcome() == "does not apply: the request had not been received"


def test_a_limit_that_no_version_covers_says_so():
    case = Case(case_id="A", received_date=date(2013, 3, 4))
    found = timeline(case, as_at=date(2013, 6, 3))["plan_final"]
    assert found.outcome() == "cannot be told: no version of the rule was in force on 4 March 2013"


@pytest.mark.parametrize(
    ("asking", "rule", "status", "why"),
    [
        ({"advice_type": "health", "body_received_date": date(2025, 5, 6)}, "advice_body", "running", ""),
        ({"advice_type": "health"}, "advice_body", "running", ""),
        ({"advice_type": "parent"}, "advice_other", "not_applicable", "no limit runs for it"),
        ({"advice_type": "education", "advice_outcome": "withdrawn"}, "advice_other", "not_applicable", "no limit runs for it"),
        ({"advice_type": "education"}, "advice_other", "running", ""),
        ({"advice_type": "education", "requested_date": None}, "advice_other", "unknown", "the day of asking is not recorded"),
        ({"advice_type": "education", "returned_date": date(2025, 5, 4)}, "advice_other", "unknown", "a day that it needs is not recorded"),
    ],
)  # fmt: skip
def test_an_asking_says_which_limit_is_its_own_and_why_none_is(asking, rule, status, why):
    case = Case(
        case_id="A", received_date=RECEIVED, request_outcome="Y", request_outcome_date=date(2025, 5, 2)
    )
    given = AdviceRequest(**{"case_id": "A", "requested_date": date(2025, 5, 5), **asking})
    found = [
        line
        for line in timeline(case, as_at=date(2025, 6, 2), advice=[given])
        if line.rule.startswith("advice")
    ]
    assert [(line.rule, line.status, line.reason) for line in found] == [(rule, status, why)]
    says_sent = found[0].notes == ("counted from the day it was sent; the day of receipt is not held",)
    assert says_sent is (rule == "advice_body" and "body_received_date" not in asking)
    assert found[0].notes == () or says_sent


def test_an_index_without_order_and_an_empty_frame_are_tracked_alike():
    cases = frame(
        [{"received_date": RECEIVED, "week20": None}, {"received_date": None, "week20": True}]
    ).set_index(pd.Index(["b", "a"]))
    tracked = track(cases, as_at=date(2025, 8, 21))
    assert tracked["plan_final_breach"].tolist() == [True, False]
    assert tracked["plan_final_exempt"].tolist() == [False, True]
    assert track(cases.iloc[:0], as_at=AS_AT).shape == (0, tracked.shape[1])


W_ON = {"closed_date": date(2025, 6, 2)}
PLAN = {"assessment_outcome": "Y", "assessment_outcome_date": date(2025, 6, 2)}


@pytest.mark.parametrize(
    ("facts", "status", "stage", "is_open"),
    [
        # The limit is 14 May: 47 days before as_at, 19 before 2 June.
        ({}, ("overdue", 47), "deciding", True),
        ({"assessment_outcome": "A"}, ("unknown", None), "assessing", True),
        ({"assessment_outcome": "W", **W_ON}, ("unknown", None), "closed", False),
        ({"request_outcome": "W", **W_ON}, ("ended_late", 19), "closed", False),
        ({"request_outcome": "W", "closed_date": date(2025, 5, 14)}, ("not_applicable", None), "closed", False),
        ({"request_outcome": "W", "closed_date": date(2025, 5, 15)}, ("ended_late", 1), "closed", False),
        ({"request_outcome": "W"}, ("unknown", None), "closed", False),
        ({"request_outcome": "W", "assessment_outcome": "W", **W_ON}, ("ended_late", 19), "closed", False),
        ({"request_outcome": "W", "closed_date": date(2025, 7, 1)}, ("overdue", 47), "deciding", True),
        ({"draft_sent_date": date(2025, 6, 2)}, ("unknown", None), "finalising", True),
        ({"draft_sent_date": date(2025, 7, 1)}, ("overdue", 47), "deciding", True),
        ({"issue_decision_date": date(2025, 6, 30)}, ("unknown", None), "drafting", True),
        ({"plan_issued_date": date(2025, 6, 30)}, ("unknown", None), "closed", False),
        (PLAN, ("unknown", None), "closed", False),
        ({"assessment_outcome": "Y"}, ("unknown", None), "drafting", True),
        ({"assessment_outcome": "H"}, ("unknown", None), "closed", False),
        ({"request_outcome": "H"}, ("not_applicable", None), "assessing", True),
        ({"request_outcome": "Y"}, ("unknown", None), "assessing", True),
        ({"request_outcome": "Y", "request_outcome_date": date(2025, 5, 14)}, ("met", 0), "assessing", True),
        ({"request_outcome": "Y", "request_outcome_date": date(2025, 5, 15)}, ("met_late", 1), "assessing", True),
        ({"request_outcome": "Y", "request_outcome_date": date(2025, 7, 1)}, ("overdue", 47), "deciding", True),
        (REFUSED, ("met", -2), "closed", False),
        ({**REFUSED, "assessment_outcome": "A"}, ("met", -2), "assessing", True),
        ({**REFUSED, "assessment_outcome": "Y"}, ("met", -2), "drafting", True),
        ({**REFUSED, "draft_sent_date": date(2025, 6, 2)}, ("met", -2), "finalising", True),
        ({**REFUSED, **W_ON}, ("met", -2), "closed", False),
        ({"closed_date": date(2025, 6, 30), "closed_reason": "duplicate"}, ("ended_late", 47), "closed", False),
        ({"closed_date": date(2025, 7, 1)}, ("overdue", 47), "deciding", True),
        ({"request_outcome_date": date(2025, 5, 12)}, ("met", -2), "unknown", True),
    ],
)  # fmt: skip
def test_the_decision_on_the_request_and_the_stage_by_what_is_recorded(facts, status, stage, is_open):
    row = one(**facts).iloc[0]
    found = row["request_decision_status"], plain(row["request_decision_days_over"])
    assert (found, row["stage"], row["is_open"]) == (status, stage, is_open)


@pytest.mark.parametrize(
    ("facts", "issue_decision", "plan_refusal", "plan_final"),
    [
        # The limits are 23 July (16 weeks) and 20 August (20 weeks); as at 1 September.
        ({}, ("overdue", 40), ("not_applicable", None), ("overdue", 12)),
        (NOT_ISSUED, ("met", -22), ("met", -22), ("not_applicable", None)),
        ({**NOT_ISSUED, "assessment_outcome_date": date(2025, 7, 24)}, ("met_late", 1), ("met_late", 1), ("not_applicable", None)),
        ({**NOT_ISSUED, "assessment_outcome_date": None}, ("unknown", None), ("unknown", None), ("not_applicable", None)),
        ({"issue_decision_date": date(2025, 7, 23)}, ("met", 0), ("not_applicable", None), ("overdue", 12)),
        ({"issue_decision_date": date(2025, 7, 24), "draft_sent_date": date(2025, 7, 24)}, ("met_late", 1), ("not_applicable", None), ("overdue", 12)),
        ({"draft_sent_date": date(2025, 7, 23)}, ("met", 0), ("not_applicable", None), ("overdue", 12)),
        ({"draft_sent_date": date(2025, 7, 24)}, ("unknown", None), ("not_applicable", None), ("overdue", 12)),
        ({"plan_issued_date": date(2025, 7, 23)}, ("met", 0), ("not_applicable", None), ("met", -28)),
        ({"plan_issued_date": date(2025, 8, 21)}, ("unknown", None), ("not_applicable", None), ("met_late", 1)),
        ({"plan_issued_date": date(2025, 8, 21), "assessment_outcome": "Y", "assessment_outcome_date": date(2025, 8, 20)}, ("unknown", None), ("not_applicable", None), ("met", 0)),
        ({"assessment_outcome": "Y"}, ("unknown", None), ("not_applicable", None), ("overdue", 12)),
        ({"plan_final_override_date": date(2025, 8, 25)}, ("overdue", 40), ("not_applicable", None), ("overdue", 7)),
        ({**NOT_ISSUED, "draft_sent_date": date(2025, 7, 2)}, ("met", -22), ("met", -22), ("unknown", None)),
        ({**NOT_ISSUED, "reversal_route": "conceded", "reversal_date": date(2025, 7, 1)}, ("met", -22), ("met", -22), ("overdue", 12)),
        ({**NOT_ISSUED, "draft_sent_date": date(2025, 7, 1)}, ("met", -22), ("met", -22), ("not_applicable", None)),
        ({**NOT_ISSUED, "plan_issued_date": date(2025, 7, 1)}, ("met", -22), ("met", -22), ("not_applicable", None)),
        ({**NOT_ISSUED, "plan_issued_date": date(2025, 8, 21), "reversal_of": "issue", "reversal_route": "conceded", "reversal_date": date(2025, 8, 1)}, ("met", -22), ("met", -22), ("met_late", 1)),
        # A reversal is of the refusal that it names; where it names none, of that to issue if there is one, else of that to assess.
        ({**NOT_ISSUED, "reversal_of": "assess", "reversal_route": "conceded", "reversal_date": date(2025, 8, 1)}, ("met", -22), ("met", -22), ("not_applicable", None)),
        ({**REFUSED, "reversal_route": "tribunal_order", "reversal_date": date(2025, 6, 2)}, ("overdue", 21), ("not_applicable", None), ("running", -7)),  # 10 weeks to 11 August, 14 to 8 September
        ({**REFUSED, "reversal_of": "assess", "reversal_date": date(2025, 6, 2)}, ("unknown", None), ("not_applicable", None), ("unknown", None)),
    ],
)  # fmt: skip
def test_the_limits_of_16_and_20_weeks_by_what_is_recorded(facts, issue_decision, plan_refusal, plan_final):
    row = one(as_at=LATER, **facts).iloc[0]
    rules = ("issue_decision", "plan_refusal", "plan_final")
    found = [(row[f"{rule}_status"], plain(row[f"{rule}_days_over"])) for rule in rules]
    assert found == [issue_decision, plan_refusal, plan_final]


def test_advice_is_joined_to_cases_that_are_cases():
    advice = frame(
        [{"case_id": "0", "advice_type": "education", "requested_date": date(2025, 5, 5)}], "advice"
    )
    with pytest.raises(InputError, match="received_date"):
        track_advice(advice, as_at=AS_AT, cases=pd.DataFrame({"case_id": ["0"]}))


def test_a_limit_is_lifted_by_what_is_claimed_of_it_and_of_no_other():
    named = {"plan_final": "EXC_PERSONAL", "request_decision": "ABSENT_4W"}
    claims = [{"rule": rule, "code": code} for rule, code in named.items()]
    found = timeline(Case(case_id="A", received_date=RECEIVED), as_at=LATER, exemptions=claims)
    assert "lifted by EXC_PERSONAL: " in found["plan_final"].outcome()
    assert "lifted by ABSENT_4W: " in found["request_decision"].outcome()


@pytest.mark.parametrize(
    ("facts", "plan_final", "stage"),
    [
        # A reversal that is still to come hides what has no day of its own; what is dated shows that it was reversed.
        ({"assessment_outcome": "Y", "reversal_of": "assess", "reversal_date": date(2025, 7, 1)}, "not_applicable", "closed"),
        ({"assessment_outcome": "A", "reversal_of": "assess", "reversal_date": date(2025, 7, 1)}, "not_applicable", "closed"),
        ({"assessment_outcome": "Y"}, "unknown", "drafting"),
        ({"assessment_outcome_date": date(2025, 6, 2)}, "not_applicable", "closed"),
        ({"draft_sent_date": date(2025, 6, 2), "reversal_of": "assess", "reversal_date": date(2025, 7, 1)}, "unknown", "finalising"),
        ({"draft_sent_date": date(2025, 7, 2)}, "not_applicable", "closed"),
    ],
)  # fmt: skip
def test_a_refusal_stands_until_something_shows_that_it_was_reversed(facts, plan_final, stage):
    row = one(**REFUSED, **facts).iloc[0]
    assert (row["plan_final_status"], row["stage"]) == (plan_final, stage)


@pytest.mark.parametrize(
    ("override", "rule", "code", "is_lifted"),
    [
        # After an order to assess the words are those of regulation 44(3): absent for two weeks. An agreed day changes no words.
        (None, "plan_final", "ABSENT_2W", True),
        (None, "plan_final", "ABSENT_4W", False),
        (date(2025, 9, 30), "plan_final", "ABSENT_2W", False),
        (date(2025, 9, 30), "plan_final", "ABSENT_4W", True),
        (None, "plan_refusal", "ABSENT_2W", True),
        (date(2025, 9, 30), "plan_refusal", "ABSENT_2W", True),
        (date(2025, 9, 30), "plan_refusal", "ABSENT_4W", False),
    ],
)
def test_a_claim_is_judged_by_the_words_in_force(override, rule, code, is_lifted):
    facts = {**REFUSED, **ORDER, "reversal_date": date(2025, 6, 2), "plan_final_override_date": override}
    claims = pd.DataFrame({"case_id": ["0"], "rule": [rule], "code": [code]})
    tracked = track(frame([{"received_date": RECEIVED, **facts}]), as_at=LATER, exemptions=claims)
    assert tracked[f"{rule}_exempt"].tolist() == [is_lifted]


@pytest.mark.parametrize(
    ("asking", "rule", "basis"),
    [
        ({"advice_type": "health", "body_received_date": date(2025, 5, 6)}, "advice_body", "received"),
        ({"advice_type": "health"}, "advice_body", "sent"),
        (
            {"advice_type": "health", "body_received_date": date(2025, 7, 1)},
            "advice_body",
            "sent",
        ),  # not received yet
        ({"advice_type": "education", "body_received_date": date(2025, 5, 6)}, "advice_other", "sent"),
        ({"advice_type": "education", "requested_date": None}, "advice_other", None),
        ({"advice_type": "parent"}, None, None),
        ({"advice_type": "education", "advice_outcome": "existing_sufficient"}, None, None),
    ],
)
def test_the_day_that_an_asking_is_counted_from_is_named(asking, rule, basis):
    row = {"case_id": "A", "requested_date": date(2025, 5, 5), "body_received_date": None, **asking}
    found = track_advice(frame([row], "advice"), as_at=AS_AT).iloc[0]
    assert (plain(found["rule"]), plain(found["start_basis"])) == (rule, basis)
