"""Dates stated by courts and the Ombudsman, through both doors."""

from datetime import date, timedelta

import pandas as pd
import pytest

from ehcptime.datasets.decisions import published_decisions
from ehcptime.law.book import LAW
from ehcptime.records.case import Case
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import frame

# Typed from the decisions: id, rule, start, the date that was stated, what happened when it did.
VECTORS = [
    ("jsc-request-decision", "request_decision", "2025-04-02", "2025-05-14", "2025-05-29"),
    ("jsc-16", "issue_decision", "2025-04-02", "2025-07-23", "2025-10-21"),
    ("jsc-20", "plan_final", "2025-04-02", "2025-08-20", None),
    ("w-herts-20", "plan_final", "2022-12-30", "2023-05-19", None),
    ("lgo-25018809-16", "issue_decision", "2025-05-21", "2025-09-10", None),
    ("lgo-25018809-20", "plan_final", "2025-05-21", "2025-10-08", None),
]


CORE = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")


def day(text):
    return None if text is None else date.fromisoformat(text)


def both_doors(**facts):
    """Give the timeline of a case, and the row that track gives for it, the day after its last date."""
    as_at = max(value for value in facts.values() if isinstance(value, date)) + timedelta(days=400)
    return timeline(Case(case_id="0", **facts), as_at=as_at), track(frame([facts]), as_at=as_at).iloc[0]


@pytest.mark.parametrize(
    ("rule", "start", "due", "done"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS]
)
def test_a_stated_date_comes_out_of_both_doors(rule, start, due, done):
    facts = {"received_date": day(start)}
    if rule == "request_decision":
        facts |= {"request_outcome": "Y", "request_outcome_date": day(done)}
    elif done:
        facts |= {"assessment_outcome": "N", "assessment_outcome_date": day(done)}
    alone, row = both_doors(**facts)
    assert alone[rule].due == day(due)
    assert row[f"{rule}_due"].date() == day(due)
    assert LAW[rule].due(day(start)) == day(due)


def test_jsc_is_late_by_what_the_judge_said():
    alone, row = both_doors(
        received_date=date(2025, 4, 2),
        request_outcome="Y",
        request_outcome_date=date(2025, 5, 29),
        assessment_outcome="N",
        assessment_outcome_date=date(2025, 10, 21),
    )
    assert alone["request_decision"].outcome().endswith("15 days late")
    for rule in ("plan_refusal", "issue_decision"):
        assert alone[rule].outcome().endswith("12 weeks 6 days late")
        assert row[f"{rule}_days_over"] == 90
    assert (row["plan_refusal_breach"], row["issue_decision_breach"]) == (True, False)
    assert row["plan_final_status"] == alone["plan_final"].status == "not_applicable"


def test_the_disagreeing_decision_is_shown_as_such():
    decision = published_decisions().set_index("id").loc["lgo-23013824-16"]
    ours = LAW["issue_decision"].due(decision["start_date"].date())
    assert ours == date(2023, 9, 7)
    assert decision["expected_due"].date() == date(2023, 9, 6)
    assert decision["agrees"] == "no"
    as_at, received = date(2024, 4, 3), date(2023, 5, 18)
    counted = timeline(
        Case(case_id="0", received_date=received), as_at=as_at, convention="receipt_is_day_one"
    )
    assert counted["issue_decision"].due == date(2023, 9, 6)


def test_the_shipped_decisions_agree_with_the_law_where_they_say_so():
    decisions = published_decisions()
    core = decisions[decisions["rule"].isin(CORE) & decisions["start_date"].notna()]
    assert len(core) >= 8
    for decision in core.to_dict("records"):
        agrees = LAW[decision["rule"]].due(decision["start_date"].date()) == decision["expected_due"].date()
        assert agrees == (decision["agrees"] == "yes"), decision["id"]


def test_forty_weeks_late_in_west_sussex():
    # Due 13 October 2023 and issued 19 July 2024: exactly 40 weeks. The request date is the due date less 140 days.
    alone, row = both_doors(
        received_date=date(2023, 5, 26), assessment_outcome="Y", assessment_outcome_date=date(2024, 7, 19)
    )
    assert alone["plan_final"].due == date(2023, 10, 13)
    assert alone["plan_final"].outcome() == "done on 19 July 2024, 40 weeks late"
    assert row["plan_final_days_over"] == 280


def test_a_draft_served_on_5_august_allows_a_final_plan_on_20_august():
    facts = {"received_date": date(2025, 4, 2), "draft_sent_date": date(2025, 8, 5)}
    on_time, _ = both_doors(**facts, plan_issued_date=date(2025, 8, 20))
    assert on_time["draft_comment"].due == date(2025, 8, 19)
    assert (on_time["draft_comment"].status, on_time["plan_final"].status) == ("met", "met")
    hasty, row = both_doors(**facts, plan_issued_date=date(2025, 8, 19))
    assert (hasty["draft_comment"].status, hasty["draft_comment"].days_over) == ("too_soon", 1)
    assert not row["draft_comment_breach"]


@pytest.mark.parametrize(
    ("received", "reversed_on", "route", "final", "other", "clock", "decision"),
    [
        # Leeds 25 012 582: mediation agreement; 10 and 14 weeks from it.
        ("2024-07-23", "2025-01-14", "mediation_agreement", "2025-04-22", None, "reg_42", "2025-03-25"),
        # Essex 25 007 473: its own change of mind; authorities conflict.
        ("2024-12-16", "2025-02-21", "own_change", "2025-05-05", "2025-05-30", "original", "2025-04-07"),
        ("2022-12-30", "2023-03-01", "conceded", "2023-05-19", "2023-06-07", "original", "2023-04-21"),
        ("2024-07-23", "2025-01-14", "tribunal_order", "2025-04-22", None, "reg_44", "2025-03-25"),
        ("2024-07-23", "2025-01-14", "unopposed", "2025-04-22", None, "reg_45", "2025-03-25"),
    ],
)
def test_the_clock_after_a_reversal(received, reversed_on, route, final, other, clock, decision):
    alone, row = both_doors(
        received_date=day(received),
        request_outcome="N",
        request_outcome_date=day(received) + timedelta(days=40),
        reversal_of="assess",
        reversal_route=route,
        reversal_date=day(reversed_on),
    )
    assert alone["plan_final"].due == day(final) == row["plan_final_due"].date()
    assert alone.plan_final_due_other == day(other)
    assert (None if pd.isna(row["plan_final_due_other"]) else row["plan_final_due_other"].date()) == day(
        other
    )
    assert alone.plan_final_clock == row["plan_final_clock"] == clock
    assert alone["issue_decision"].due == day(decision)


def test_the_reversal_decisions_come_out_of_both_doors_by_their_route():
    decisions = published_decisions()
    rows = decisions[decisions["rule"].isin(["no_plan_after_reversal", "plan_after_reversal"])]
    assert len(rows) == 4
    for decision in rows.to_dict("records"):
        rule, on = decision["rule"], decision["start_date"].date()
        facts = {
            "received_date": on - timedelta(days=70),
            "request_outcome": "N",
            "request_outcome_date": on - timedelta(days=30),
            "reversal_of": "assess",
            "reversal_route": decision["route"],
            "reversal_date": on,
        }
        as_at = on + timedelta(days=400)
        alone = timeline(Case(case_id="0", **facts), as_at=as_at)[rule]
        row = track(frame([facts]), as_at=as_at, rules=[rule]).iloc[0]
        assert alone.due == row[f"{rule}_due"].date() == decision["expected_due"].date(), decision["id"]
        assert alone.status == row[f"{rule}_status"]
        assert ("reg 42(2)" in alone.cite) == (decision["route"] == "mediation_agreement")
        assert alone.breach == row[f"{rule}_breach"]
        if decision["agrees"] == "authorities conflict":
            assert not alone.breach  # the Ombudsman's practice is not a limit in law


def test_the_appeal_dates_of_the_advice_service_come_out_of_a_timeline():
    sent, certificate = date(2025, 10, 1), date(2025, 11, 29)
    as_at = date(2025, 12, 15)
    first = timeline(
        Case(case_id="0", received_date=None, other_dates={"decision_sent_date": sent}), as_at=as_at
    )
    assert first["appeal_lodge"].due == date(2025, 12, 1)
    dates = {"decision_sent_date": sent, "mediation_certificate_date": certificate}
    both = timeline(Case(case_id="0", received_date=None, other_dates=dates), as_at=as_at)
    assert both["appeal_lodge"].due == date(2026, 1, 2)
    for part in ("if that is later", "moves past it"):
        assert part in both["appeal_lodge"].explain()


def test_an_order_to_make_a_plan_gives_eleven_weeks():
    alone, row = both_doors(
        received_date=date(2025, 1, 6),
        request_outcome="Y",
        request_outcome_date=date(2025, 2, 10),
        assessment_outcome="N",
        assessment_outcome_date=date(2025, 4, 28),
        reversal_of="issue",
        reversal_route="order_to_make",
        reversal_date=date(2025, 9, 1),
    )
    assert alone["plan_final"].due == row["plan_final_due"].date() == date(2025, 11, 17)
    assert row["plan_final_clock"] == "reg_44"
    assert (row["plan_refusal_status"], row["stage"], row["is_open"]) == ("met", "drafting", True)


def test_where_authorities_conflict_both_are_named():
    alone, _ = both_doors(
        received_date=date(2024, 12, 16),
        request_outcome="N",
        request_outcome_date=date(2025, 1, 27),
        reversal_of="assess",
        reversal_route="own_change",
        reversal_date=date(2025, 2, 21),
    )
    words = alone["plan_final"].explain()
    for part in ("W) v Hertfordshire", "Ombudsman", "5 May 2025", "30 May 2025", "authorities conflict"):
        assert part in words
