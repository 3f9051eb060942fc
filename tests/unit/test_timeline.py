"""One case: every limit that its facts have triggered, and what it says of them."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError, LawWarning
from ehcptime.law.book import LAW
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import frame

RECEIVED = date(2025, 4, 2)
CORE = {"request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment"}


def rules_of(found):
    return {deadline.rule for deadline in found}


def test_a_new_request_triggers_the_five_limits_on_a_request():
    assert rules_of(timeline(Case(case_id="A", received_date=RECEIVED), as_at=date(2025, 5, 1))) == CORE


def test_deadlines_come_in_the_order_of_their_due_dates():
    dates = {"decision_sent_date": date(2025, 5, 1), "review_meeting_date": date(2025, 9, 1)}
    found = timeline(Case(case_id="A", received_date=RECEIVED, other_dates=dates), as_at=date(2025, 10, 1))
    due = [deadline.due for deadline in found if deadline.due]
    assert due == sorted(due)
    assert {"appeal_lodge", "mediation_contact", "review_decision"} <= rules_of(found)
    assert found["review_decision"].due == date(2025, 9, 29)


def test_a_reversal_triggers_what_follows_from_its_route():
    facts = {"request_outcome": "N", "request_outcome_date": date(2025, 5, 12)}
    facts |= {"reversal_of": "assess", "reversal_route": "tribunal_order", "reversal_date": date(2025, 9, 1)}
    found = timeline(Case(case_id="A", received_date=RECEIVED, **facts), as_at=date(2025, 9, 20))
    due = {
        rule: found[rule].due
        for rule in ("notify_after_reversal", "no_plan_after_reversal", "plan_after_reversal")
    }
    assert list(due.values()) == [date(2025, 9, 15), date(2025, 11, 10), date(2025, 12, 8)]
    assert found["notify_after_reversal"].status == "overdue"
    assert found["plan_final"].due == date(2025, 12, 8)
    assert found["plan_final"].cite == "SI 2014/1530 reg 44(2)(b)(ii)"


def test_a_direction_replaces_the_limit_and_its_source_is_printed():
    facts = {
        "plan_final_override_date": date(2025, 9, 30),
        "plan_final_override_source": "direction of 1 July 2025",
    }
    found = timeline(Case(case_id="A", received_date=RECEIVED, **facts), as_at=date(2025, 9, 1))
    assert (found.plan_final_clock, found["plan_final"].due) == ("override", date(2025, 9, 30))
    assert "direction of 1 July 2025" in found.explain("plan_final")
    assert "sum:" not in found.explain("plan_final")


def test_advice_stands_beside_the_limits_on_the_request():
    asked = [AdviceRequest(case_id="A", advice_type="health", requested_date=date(2025, 6, 9))]
    asked.append(AdviceRequest(case_id="B", advice_type="health", requested_date=date(2025, 6, 9)))
    found = timeline(Case(case_id="A", received_date=RECEIVED), as_at=date(2025, 8, 1), advice=asked)
    assert len(found) == 6
    assert found["advice_body"].due == date(2025, 7, 21)
    assert "the day of receipt is not held" in found.explain("advice_body")


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ({"review_meting_date": RECEIVED}, "did you mean review_meeting_date"),
        ({"zzz": RECEIVED}, "knows no date 'zzz'"),
        ({"draft_sent_date": RECEIVED}, "a place of its own"),
        ({"review_meeting_date": "2 April"}, "give a date"),
    ],
)
def test_other_dates_are_those_that_the_rule_book_knows(dates, says):
    with pytest.raises(InputError) as caught:
        Case(case_id="A", received_date=RECEIVED, other_dates=dates)
    assert says in str(caught.value)


def test_a_reversal_before_the_request_is_refused():
    with pytest.raises(InputError, match="before the request was received"):
        Case(case_id="A", received_date=RECEIVED, reversal_date=date(2025, 4, 1))


def test_an_unknown_rule_lists_those_that_are_there():
    found = timeline(Case(case_id="A", received_date=RECEIVED), as_at=date(2025, 5, 1))
    with pytest.raises(CommandError, match="plan_final"):
        found["review_annual"]


def test_a_rule_book_not_checked_for_a_year_says_so_everywhere():
    as_at = date(2027, 11, 24)
    with pytest.warns(LawWarning, match="more than twelve months before 2027-11-24"):
        found = timeline(Case(case_id="A", received_date=date(2027, 6, 1)), as_at=as_at)
    for text in (str(found), found.explain("plan_final"), found._repr_html_()):
        assert "twelve months before 24 November 2027" in text
    with pytest.warns(LawWarning):
        track(frame([{"received_date": date(2027, 6, 1)}]), as_at=as_at)
    assert LAW.unchecked(date(2027, 11, 23)) == ()


def test_a_notebook_shows_a_table_that_cannot_run_anything():
    case = Case(case_id="<script>alert(1)</script>", received_date=RECEIVED)
    page = timeline(case, as_at=date(2025, 5, 1))._repr_html_()
    assert "<script>" not in page
    assert page.count("<tr>") == 6
    assert '<th scope="row">Final plan</th>' in page


def test_an_exempt_limit_is_not_called_due_without_saying_that_it_is_lifted():
    case = Case(case_id="A", received_date=RECEIVED, week20=True)
    said = timeline(case, as_at=date(2025, 12, 1))["plan_final"]
    assert said.exempt
    assert not said.breach
    assert "as soon as practicable" in said.outcome()
    assert "person's judgement" in said.explain()


def test_a_lifted_limit_is_never_called_due_or_overdue():
    claim = {"rule": "plan_final", "code": "EXC_PERSONAL"}
    found = timeline(Case(case_id="A", received_date=RECEIVED), as_at=date(2025, 12, 1), exemptions=[claim])
    said = found["plan_final"].outcome()
    assert (
        said
        == "the limit, 20 August 2025, is claimed to be lifted by EXC_PERSONAL: to be done as soon as practicable"
    )
    assert (found["plan_final"].status, found["plan_final"].breach) == ("overdue", False)


def test_a_claim_for_another_child_lifts_nothing():
    claim = {"case_id": "B", "rule": "plan_final", "code": "EXC_PERSONAL"}
    found = timeline(Case(case_id="A", received_date=RECEIVED), as_at=date(2025, 12, 1), exemptions=[claim])
    assert not found["plan_final"].exempt


def test_as_at_may_carry_a_time_and_not_a_zone():
    case = Case(case_id="A", received_date=RECEIVED)
    plain = timeline(case, as_at=date(2025, 8, 21))
    assert timeline(case, as_at=datetime(2025, 8, 21, 9, 30)) == plain
    assert timeline(case, as_at=pd.Timestamp("2025-08-21")) == plain
    with pytest.raises(CommandError, match="time zone"):
        timeline(case, as_at=datetime(2025, 8, 21, tzinfo=UTC))


def test_a_family_is_never_in_breach():
    dates = {"decision_sent_date": date(2025, 1, 6)}
    found = timeline(Case(case_id="A", received_date=None, other_dates=dates), as_at=date(2025, 9, 1))
    assert (found["appeal_lodge"].status, found["appeal_lodge"].breach) == ("overdue", False)


def test_the_plan_after_an_order_is_lifted_by_what_lifts_the_final_plan():
    facts = {"request_outcome": "N", "request_outcome_date": date(2025, 5, 12), "reversal_of": "assess"}
    facts |= {"reversal_route": "tribunal_order", "reversal_date": date(2025, 6, 2), "week20": True}
    found = timeline(Case(case_id="A", received_date=RECEIVED, **facts), as_at=date(2025, 12, 1))
    assert not found["plan_final"].breach
    assert not found["plan_after_reversal"].breach
    row = track(
        frame([{"received_date": RECEIVED, **facts}]), as_at=date(2025, 12, 1), rules=["plan_after_reversal"]
    ).iloc[0]
    assert (row["plan_after_reversal_exempt"], row["plan_after_reversal_breach"]) == (True, False)


def test_a_refusal_that_is_still_to_come_is_not_seen_by_an_order_either():
    facts = {
        "order_to_assess_date": date(2025, 1, 14),
        "assessment_outcome": "N",
        "assessment_outcome_date": date(2025, 4, 25),
    }
    row = pd.DataFrame([{**facts, "case_id": "A", "plan_issued_date": None}])
    dates = {name: "datetime64[s]" for name in row if name.endswith("_date")}
    found = track(
        row.astype(dates), as_at=date(2025, 4, 1), rules=["order_assess_no_plan", "order_assess_final"]
    ).iloc[0]
    assert (found["order_assess_no_plan_status"], found["order_assess_final_status"]) == (
        "not_applicable",
        "running",
    )


def test_a_plan_recorded_as_sen2_records_it_meets_an_order():
    facts = {"request_outcome": "Y", "assessment_outcome": "Y", "assessment_outcome_date": date(2025, 4, 1)}
    case = Case(
        case_id="A",
        received_date=date(2024, 9, 2),
        **facts,
        other_dates={"order_to_assess_date": date(2025, 1, 14)},
    )
    assert timeline(case, as_at=date(2025, 9, 1))["order_assess_final"].status == "met"
