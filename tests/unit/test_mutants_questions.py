"""Edges of the questions that changing their code by one showed to be held by no quick test (tools/mutate_code.py)."""

from datetime import date

import pytest

from ehcptime.questions.contributions import facts_of
from ehcptime.questions.parts import parts
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.tracked import tracked_advice
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from frames import frame

RECEIVED = date(2025, 4, 2)  # 20 weeks end on 20 August 2025
YES = {"request_outcome": "Y", "request_outcome_date": date(2025, 5, 12)}


def refused(day):
    return {**YES, "assessment_outcome": "N", "assessment_outcome_date": day}


@pytest.mark.parametrize(
    ("facts", "part", "reason"),
    [
        # Refused or ended by the limit: out; after it: in, and late for good (docs/design.md, the measures).
        (refused(date(2025, 8, 20)), "left_out", "refused by its limit"),
        (refused(date(2025, 8, 21)), "late", "refused after its limit"),
        ({"closed_date": date(2025, 8, 20)}, "left_out", "ended by its limit"),
        ({"closed_date": date(2025, 8, 21)}, "late", "ended after its limit"),
        ({"plan_issued_date": date(2025, 8, 20)}, "on_time", "done by its limit"),
        ({"plan_issued_date": date(2025, 8, 21)}, "late", "done after its limit"),
    ],
)
def test_a_case_refused_or_ended_by_its_limit_is_out_and_after_it_is_late(facts, part, reason):
    tracked = track(frame([{"received_date": RECEIVED, **facts}]), as_at=date(2025, 12, 1))
    found = parts(tracked, "plans_due_20wk").iloc[0]
    assert (found["part"], found["reason"]) == (part, reason)


@pytest.mark.parametrize(("as_at", "is_complete"), [(date(2025, 8, 31), False), (date(2025, 9, 1), True)])
def test_a_month_is_complete_once_its_last_day_is_over(as_at, is_complete):
    cases = frame([{"received_date": RECEIVED, "plan_issued_date": date(2025, 8, 20)}])
    found = timeliness(track(cases, as_at=as_at), "plans_due_20wk", period="M")
    assert found.loc[found["period"] == "2025-08", "complete"].tolist() == [is_complete]


def test_an_asking_is_in_time_and_not_exempt_only_where_it_is_both():
    # Six weeks from 5 May end on 16 June 2025.
    rows = [
        {"case_id": "A", "returned_date": date(2025, 6, 16), "exemption": None},
        {"case_id": "B", "returned_date": date(2025, 6, 17), "exemption": None},
        {"case_id": "C", "returned_date": date(2025, 6, 16), "exemption": "MISSED_APPT"},
        {"case_id": "D", "returned_date": date(2025, 6, 17), "exemption": "MISSED_APPT"},
    ]
    shared = {
        "advice_type": "health",
        "requested_date": date(2025, 5, 5),
        "body_received_date": date(2025, 5, 5),
    }
    advice = track_advice(frame([{**shared, **row} for row in rows], "advice"), as_at=date(2025, 7, 1))
    facts = facts_of(tracked_advice(advice))
    assert facts["in_time"].tolist() == [True, False, True, False]
    assert facts["due_not_exempt"].tolist() == [True, True, False, False]
    assert facts["in_time_not_exempt"].tolist() == [True, False, False, False]
