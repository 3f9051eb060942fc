"""The day itself: done on the last day, ended on as_at, reversed and closed on one day. Each answer is worked by hand."""

from datetime import date

import pytest

from ehcptime.law.book import LAW
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from frames import frame

RECEIVED = date(2025, 4, 2)  # week 6 is 14 May, week 16 is 23 July, week 20 is 20 August 2025
REFUSED = {"received_date": RECEIVED, "request_outcome": "N", "request_outcome_date": date(2025, 5, 12)}


def one(as_at, **facts):
    return track(frame([{"received_date": RECEIVED, **facts}]), as_at=as_at).iloc[0]


def test_a_plan_issued_on_as_at_and_on_the_last_day_of_the_comment_period():
    row = one(date(2025, 8, 19), draft_sent_date=date(2025, 8, 5), plan_issued_date=date(2025, 8, 19))
    assert row["draft_comment_status"] == "too_soon"
    assert row["plan_final_status"] == "met"


@pytest.mark.parametrize(
    ("closed", "status"), [(date(2025, 8, 20), "not_applicable"), (date(2025, 8, 21), "ended_late")]
)
def test_a_case_closed_on_as_at_has_ended(closed, status):
    row = one(closed, closed_date=closed, closed_reason="withdrawn")
    assert row["plan_final_status"] == status
    assert not row["is_open"]


@pytest.mark.parametrize(("draft", "status"), [(date(2025, 7, 23), "met"), (date(2025, 7, 24), "unknown")])
def test_a_draft_on_the_sixteenth_week_proves_the_decision_in_time(draft, status):
    row = one(
        date(2025, 9, 1), request_outcome="Y", request_outcome_date=date(2025, 5, 1), draft_sent_date=draft
    )
    assert row["issue_decision_status"] == status


@pytest.mark.parametrize(("closed", "still_open"), [(date(2025, 6, 2), True), (date(2025, 6, 3), False)])
def test_a_closing_on_the_day_of_the_reversal_is_the_refusals_own(closed, still_open):
    facts = {"reversal_of": "assess", "reversal_route": "conceded", "reversal_date": date(2025, 6, 2)}
    row = one(date(2025, 7, 1), **REFUSED, **facts, closed_date=closed)
    assert row["is_open"] == still_open


@pytest.mark.parametrize(("issued", "clock"), [(date(2025, 7, 1), "original"), (date(2025, 7, 2), None)])
def test_a_plan_on_the_day_of_the_refusal_does_not_follow_it(issued, clock):
    refused = {"assessment_outcome": "N", "assessment_outcome_date": date(2025, 7, 1)}
    row = one(
        date(2025, 9, 1),
        request_outcome="Y",
        request_outcome_date=date(2025, 5, 1),
        **refused,
        plan_issued_date=issued,
    )
    assert (row["plan_final_clock"] if isinstance(row["plan_final_clock"], str) else None) == clock


def asked(as_at, case, **facts):
    advice = frame(
        [{"case_id": "0", "advice_type": "health", "requested_date": date(2025, 6, 2), **facts}], "advice"
    )
    return track_advice(advice, as_at=as_at, cases=frame([{"received_date": RECEIVED, **case}])).iloc[0]


@pytest.mark.parametrize(
    ("closed", "status"), [(date(2025, 6, 1), "overdue"), (date(2025, 6, 2), "not_applicable")]
)
def test_an_asking_on_the_day_the_case_ended_ended_with_it(closed, status):
    case = {"closed_date": closed, "closed_reason": "withdrawn"}
    assert asked(date(2025, 9, 1), case)["status"] == status


def test_a_request_that_the_body_received_on_as_at_counts_from_then():
    row = asked(date(2025, 6, 5), {}, body_received_date=date(2025, 6, 5))
    assert (row["start_basis"], row["due"].date()) == ("received", date(2025, 7, 17))


def test_a_version_rules_to_the_end_of_its_last_day(tmp_path):
    reform = tmp_path / "reform.toml"
    reform.write_text(
        "[[plan_final.versions]]\nfrom = 2025-06-01\nlength = { weeks = 24 }\ncount = 'after'\nbound = 'at_most'\n"
        "cite = 'an invented reform'\nurl = 'https://example.org'\nexempt_by = []\nmark = 'seen'\nchecked_on = 2025-01-01\n",
        encoding="utf-8",
    )
    days = [date(2025, 5, 31), date(2025, 6, 1)]
    cases = frame([{"received_date": day} for day in days])
    old, new = (track(cases, as_at=date(2025, 12, 1), law=law) for law in (LAW, LAW.extend(reform)))
    assert [day.date() for day in old["plan_final_due"]] == [date(2025, 10, 18), date(2025, 10, 19)]
    assert [day.date() for day in new["plan_final_due"]] == [date(2025, 10, 18), date(2025, 11, 16)]


def test_an_agreement_replaces_the_limit_and_says_so():
    row = one(
        date(2025, 9, 1),
        plan_final_override_date=date(2025, 9, 30),
        plan_final_override_source="order of 1 July 2025",
    )
    assert (row["plan_final_clock"], row["plan_final_due"].date()) == ("override", date(2025, 9, 30))
    assert (row["plan_final_status"], row["plan_final_days_over"]) == ("running", -29)
