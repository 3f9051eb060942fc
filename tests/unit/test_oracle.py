"""The oracle against published dates and worked situations, typed in by hand."""

from datetime import date
from pathlib import Path

import pytest

import oracle
from oracle.advice import track_ask
from oracle.cases import track_case
from oracle.months import keeps, last_day, roll_appeal

D = date.fromisoformat
RECEIVED = D("2025-04-02")


def _case(received="2025-04-02", **columns):
    dates = {name: D(value) if name.endswith("_date") else value for name, value in columns.items()}
    return {"case_id": "C1", "received_date": D(received)} | dates


def _track(as_at, received="2025-04-02", **columns):
    return track_case(_case(received, **columns), as_at=D(as_at))


def _limit(out, rule):
    return out[f"{rule}_status"], out[f"{rule}_days_over"]


def test_the_oracle_knows_nothing_of_what_it_checks():
    modules = sorted(Path(oracle.__file__).parent.glob("*.py"))
    assert modules
    assert [module.name for module in modules if "import ehcptime" in module.read_text("utf-8")] == []
    assert [module.name for module in modules if "from ehcptime" in module.read_text("utf-8")] == []


# The published vectors.


def test_jsc_v_cambridgeshire_is_late_at_six_and_at_sixteen_weeks():
    out = _track(
        "2025-11-30",
        request_outcome="Y",
        request_outcome_date="2025-05-29",
        assessment_outcome="N",
        assessment_outcome_date="2025-10-21",
    )
    assert out["request_decision_due"] == D("2025-05-14")
    assert _limit(out, "request_decision") == ("met_late", 15)
    assert out["plan_refusal_due"] == out["issue_decision_due"] == D("2025-07-23")
    assert _limit(out, "plan_refusal") == _limit(out, "issue_decision") == ("met_late", 12 * 7 + 6)
    assert out["plan_refusal_breach"]
    assert not out["issue_decision_breach"]  # guidance
    assert out["plan_final_due"] == D("2025-08-20")
    assert _limit(out, "plan_final") == ("not_applicable", None)
    assert (out["stage"], out["is_open"]) == ("closed", False)


@pytest.mark.parametrize("reversed_on", ["2023-06-01", "2023-05-19", None])
def test_w_v_hertfordshire_keeps_the_original_twenty_weeks(reversed_on):
    row = _case("2022-12-30", request_outcome="N", request_outcome_date="2023-02-10")
    row |= {"reversal_of": "assess", "reversal_route": "conceded"}
    row["reversal_date"] = None if reversed_on is None else D(reversed_on)
    out = track_case(row, as_at=D("2023-07-01"))
    assert out["plan_final_due"] == D("2023-05-19")
    assert out["plan_final_clock"] == "original"
    assert _limit(out, "plan_final") == ("overdue", 43)


def test_leeds_spans_the_summer_with_no_shift():
    out = _track("2025-06-01", "2025-05-21")
    assert out["issue_decision_due"] == D("2025-09-10")
    assert out["plan_final_due"] == D("2025-10-08")


def test_leeds_after_a_mediation_agreement():
    out = _track(
        "2025-02-01",
        "2024-11-01",
        request_outcome="N",
        request_outcome_date="2024-12-10",
        reversal_of="assess",
        reversal_route="mediation_agreement",
        reversal_date="2025-01-14",
    )
    assert out["plan_refusal_due"] == out["issue_decision_due"] == D("2025-03-25")
    assert out["plan_final_due"] == D("2025-04-22")
    assert out["plan_final_clock"] == "reg_42"


def test_essex_shows_two_dates_the_earlier_in_force():
    out = _track(
        "2025-03-01",
        "2024-12-16",
        request_outcome="N",
        request_outcome_date="2025-01-20",
        reversal_of="assess",
        reversal_route="own_change",
        reversal_date="2025-02-21",
    )
    assert out["plan_final_due"] == D("2025-05-05")
    assert out["plan_final_due_other"] == D("2025-05-30")
    assert out["issue_decision_due"] == D("2025-04-07")  # 16 weeks; the Ombudsman's 10 end on 2 May
    assert out["plan_final_clock"] == "original"


def test_essex_2023_counted_the_day_of_receipt():
    row = _case("2023-05-18")
    assert track_case(row, as_at=D("2023-06-01"))["plan_refusal_due"] == D("2023-09-07")
    day_one = track_case(row, as_at=D("2023-06-01"), convention="receipt_is_day_one")
    assert day_one["plan_refusal_due"] == day_one["issue_decision_due"] == D("2023-09-06")


def test_west_sussex_is_forty_weeks_late():
    out = _track("2024-08-01", "2023-05-26", plan_issued_date="2024-07-19")
    assert out["plan_final_due"] == D("2023-10-13")
    assert _limit(out, "plan_final") == ("met_late", 40 * 7)


def test_the_draft_gives_fifteen_days_that_begin_with_service():
    lawful = _track("2025-09-01", draft_sent_date="2025-08-05", plan_issued_date="2025-08-20")
    assert lawful["draft_comment_due"] == D("2025-08-19")
    assert _limit(lawful, "draft_comment") == ("met", 0)
    hasty = _track("2025-09-01", draft_sent_date="2025-08-05", plan_issued_date="2025-08-19")
    assert _limit(hasty, "draft_comment") == ("too_soon", 1)
    assert not hasty["draft_comment_breach"]


# Counting.

WINTER = [D("2025-12-25"), D("2025-12-26"), D("2026-01-01")]


@pytest.mark.parametrize(
    ("start", "period", "expected"),
    [
        ("2025-10-01", {"months": 2, "count": "after"}, "2025-12-01"),
        ("1978-09-30", {"months": 4, "count": "after"}, "1979-01-30"),
        ("2024-01-31", {"months": 1, "count": "after"}, "2024-02-29"),
        ("2024-01-10", {"months": 12, "count": "beginning_with"}, "2025-01-09"),
        ("2025-08-05", {"days": 15, "count": "beginning_with"}, "2025-08-19"),
        ("2025-04-02", {"weeks": 20, "count": "after"}, "2025-08-20"),
        ("2025-02-15", {"count": "before"}, "2025-02-14"),
        ("2025-03-15", {"weeks": 2, "count": "before"}, "2025-03-01"),
        ("2025-03-15", {"count": "immediately"}, "2025-03-15"),
        ("2025-12-24", {"working_days": 3, "count": "after"}, "2025-12-31"),
        ("2025-12-24", {"working_days": 3, "count": "beginning_with"}, "2025-12-30"),
        ("2025-12-31", {"working_days": 3, "count": "before"}, "2025-12-24"),
    ],
)
def test_a_period_ends_where_a_wall_calendar_says(start, period, expected):
    assert last_day(D(start), holidays=WINTER, **period) == D(expected)


def test_a_bound_says_which_side_of_the_last_day_is_good():
    last = D("2025-08-19")
    assert keeps(last, last, bound="at_most", count="after")
    assert not keeps(last, last, bound="at_least", count="beginning_with")
    assert keeps(last, last, bound="at_least", count="before")


def test_an_appeal_rolls_out_of_christmas():
    month = last_day(D("2025-11-29"), months=1, count="after")
    assert roll_appeal(month, WINTER) == D("2026-01-02")


# Situation 1: which day is week 20.


@pytest.mark.parametrize(
    ("issued", "expected"), [("2025-08-20", ("met", 0)), ("2025-08-21", ("met_late", 1))]
)
def test_a_plan_is_on_time_to_the_end_of_its_last_day(issued, expected):
    out = _track("2025-09-01", assessment_outcome="Y", assessment_outcome_date=issued)
    assert _limit(out, "plan_final") == expected
    assert out["age_days"] == 140 + expected[1]


def test_an_open_case_is_running_on_its_last_day_and_overdue_on_the_next():
    assert _limit(_track("2025-08-20"), "plan_final") == ("running", 0)
    assert _limit(_track("2025-08-21"), "plan_final") == ("overdue", 1)


def test_a_claim_lifts_the_breach_and_nothing_else():
    late = track_case(_case(), as_at=D("2025-08-21"))
    claimed = track_case(_case(week20=1), as_at=D("2025-08-21"), exempt_claims={"request_decision"})
    assert (late["plan_final_breach"], late["request_decision_breach"]) == (True, True)
    assert (claimed["plan_final_breach"], claimed["request_decision_breach"]) == (False, False)
    assert claimed["plan_final_status"] == "overdue"
    assert claimed["plan_final_exempt"]


# Situation 2: refused, then not refused.


@pytest.mark.parametrize(
    ("route", "clock", "decision", "final"),
    [
        ("mediation_agreement", "reg_42", "2025-09-09", "2025-10-07"),
        ("tribunal_order", "reg_44", "2025-09-09", "2025-10-07"),
        ("consent_order", "reg_44", "2025-09-09", "2025-10-07"),
        ("unopposed", "reg_45", "2025-09-09", "2025-10-07"),
        ("conceded", "original", "2025-07-23", "2025-08-20"),
        ("order_to_make", "reg_44", "2025-07-23", "2025-09-16"),
    ],
)
def test_each_route_has_its_clock_after_a_refusal_to_assess(route, clock, decision, final):
    row = _case(request_outcome="N", request_outcome_date="2025-05-14", reversal_date="2025-07-01")
    out = track_case(row | {"reversal_route": route}, as_at=D("2025-07-10"))
    assert out["plan_final_clock"] == clock
    assert out["issue_decision_due"] == D(decision)
    assert out["plan_final_due"] == D(final)
    assert _limit(out, "request_decision") == ("met", 0)
    assert (out["stage"], out["is_open"]) == ("assessing", True)


@pytest.mark.parametrize("route", ["mediation_agreement", "tribunal_order", "unopposed", "order_to_make"])
def test_a_refusal_to_issue_that_is_reversed_has_eleven_weeks(route):
    row = _case(assessment_outcome="N", assessment_outcome_date="2025-07-20", reversal_date="2025-09-01")
    out = track_case(row | {"reversal_of": "issue", "reversal_route": route}, as_at=D("2025-09-02"))
    assert out["plan_final_due"] == D("2025-11-17")
    assert _limit(out, "plan_refusal") == ("met", -3)
    assert (out["stage"], out["is_open"]) == ("drafting", True)


def test_a_reversal_with_no_route_leaves_the_final_unknown():
    row = _case(request_outcome="N", request_outcome_date="2025-05-14", reversal_date="2025-07-01")
    out = track_case(row, as_at=D("2025-07-10"))
    assert (out["plan_final_due"], out["plan_final_clock"]) == (None, None)
    assert _limit(out, "plan_final") == ("unknown", None)


def test_a_refusal_stands_until_the_day_of_its_reversal():
    row = _case(request_outcome="N", request_outcome_date="2025-05-14", reversal_date="2025-07-01")
    row |= {"reversal_of": "assess", "reversal_route": "tribunal_order"}
    before, after = (track_case(row, as_at=D(day)) for day in ("2025-06-30", "2025-07-01"))
    assert (before["is_open"], before["age_days"], before["plan_final_status"]) == (
        False,
        42,
        "not_applicable",
    )
    assert (after["is_open"], after["age_days"], after["plan_final_status"]) == (True, 90, "running")


# Situation 6: advice clocks with holes.

DECIDED = _case(request_outcome="Y", request_outcome_date="2025-05-29")


def _ask(kind, requested="2025-06-09", **columns):
    dates = {name: D(value) if name.endswith("_date") else value for name, value in columns.items()}
    asked = None if requested is None else D(requested)
    return {"case_id": "C1", "advice_type": kind, "requested_date": asked} | dates


def test_the_psychologist_is_84_days_late_and_the_authority_took_11_to_ask():
    ask = _ask("psychology", returned_date="2025-10-13", advice_outcome="provided")
    out = track_ask(ask, as_at=D("2025-11-01"), case=DECIDED)
    assert out["due"] == D("2025-07-21")
    assert (out["rule"], out["status"], out["days_over"]) == ("advice_other", "met_late", 84)
    assert out["asked_after_days"] == 11
    assert not out["breach"]


def test_health_asked_on_an_unknown_day_is_neither_on_time_nor_late():
    out = track_ask(_ask("health", None, returned_date="2025-06-20"), as_at=D("2025-11-01"), case=DECIDED)
    assert (out["rule"], out["due"], out["status"]) == ("advice_body", None, "unknown")
    assert out["asked_after_days"] is None


def test_social_care_that_knows_nothing_has_answered():
    ask = _ask("social_care", returned_date="2025-06-12", advice_outcome="not_known")
    out = track_ask(ask, as_at=D("2025-11-01"), case=DECIDED)
    assert (out["status"], out["days_over"]) == ("met", -39)


def test_an_occupational_therapist_who_has_not_answered_is_overdue():
    ask = _ask("other", bound_by_reg_8=1)
    out = track_ask(ask, as_at=D("2025-11-01"), case=DECIDED)
    assert (out["rule"], out["start_basis"], out["status"]) == ("advice_body", "sent", "overdue")
    assert out["days_over"] == 103
    assert out["breach"]


def test_a_body_starts_when_it_receives_the_request():
    out = track_ask(_ask("health", body_received_date="2025-06-11"), as_at=D("2025-07-24"))
    assert (out["start_basis"], out["due"]) == ("received", D("2025-07-23"))
    assert _exempt_after("MISSED_APPT") == (True, False)
    assert _exempt_after("EXC_PERSONAL") == (False, True)
    assert _exempt_after("COVID") == (False, True)


def _exempt_after(code):
    out = track_ask(_ask("health", exemption=code), as_at=D("2025-08-01"))
    return out["exempt"], out["breach"]


@pytest.mark.parametrize(
    ("asked", "exempt"),
    [("2020-03-19", False), ("2020-03-20", True), ("2020-09-25", True), ("2020-09-26", False)],
)
def test_the_coronavirus_reason_is_open_to_a_limit_that_ran_in_its_window(asked, exempt):
    assert track_ask(_ask("health", asked, exemption="COVID"), as_at=D("2020-12-01"))["exempt"] == exempt


def test_a_parent_has_no_limit():
    out = track_ask(_ask("parent"), as_at=D("2025-11-01"))
    assert (out["rule"], out["due"], out["status"]) == (None, None, "not_applicable")


# Situation 9: leaving before the end.


def test_a_withdrawal_before_the_limit_is_neither_on_time_nor_late():
    out = _track("2025-12-01", request_outcome="W", closed_date="2025-06-04")
    assert _limit(out, "plan_final") == _limit(out, "issue_decision") == ("not_applicable", None)
    assert _limit(out, "request_decision") == ("ended_late", 21)
    assert out["age_days"] == 63


@pytest.mark.parametrize(
    ("closed", "expected"), [("2025-08-20", ("not_applicable", None)), ("2025-08-21", ("ended_late", 1))]
)
def test_a_case_closed_after_its_limit_stays_late(closed, expected):
    out = _track("2025-12-01", request_outcome="Y", closed_date=closed, closed_reason="moved_out")
    assert _limit(out, "plan_final") == expected
    assert out["plan_final_breach"] == (expected[0] == "ended_late")


def test_a_case_that_left_on_an_unknown_day_is_not_open_and_not_judged():
    out = _track("2025-12-01", request_outcome="Y", request_outcome_date="2025-05-14", exported="1")
    assert _limit(out, "request_decision") == ("met", 0)
    assert _limit(out, "plan_final") == ("unknown", None)
    assert (out["is_open"], out["stage"], out["age_days"]) == (False, "closed", None)


def test_the_clock_does_not_start_before_the_child_moves_in():
    out = _track("2025-07-10", moved_in_date="2025-07-16")
    assert (out["stage"], out["is_open"], out["age_days"]) == ("not_received", False, None)
    assert out["plan_final_due"] == D("2025-12-03")
    assert out["plan_final_status"] == "not_applicable"


# Situation 10: several drafts and several finals.


def test_the_clock_stops_at_the_first_final():
    out = _track(
        "2026-02-01",
        assessment_outcome="Y",
        assessment_outcome_date="2026-01-14",
        plan_issued_date="2025-08-20",
        draft_sent_date="2025-08-05",
    )
    assert _limit(out, "plan_final") == ("met", 0)
    assert _limit(out, "draft_comment") == ("met", 0)


def test_before_the_final_the_last_draft_is_what_is_tested():
    out = _track("2025-08-19", draft_sent_date="2025-08-05", plan_issued_date="2025-08-20")
    assert _limit(out, "draft_comment") == ("running", 0)
    assert (out["stage"], out["plan_final_status"]) == ("finalising", "running")
