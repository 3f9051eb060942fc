"""What each row plays in each measure; expected answers from design.md and sen2.md, worked by hand."""

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.parts import parts
from questions_frames import advice, after, cases, issued

R = "2025-01-06"  # 42 days later: 17 February; 112: 28 April; 140: 26 May 2025
LATER = "2026-06-30"


def part(row, measure, as_at=LATER, **options):
    return parts(cases([row], as_at, **options), measure).iloc[0]


def request(**more):
    return {"received_date": R} | more


def refused(days, **more):
    return request(request_outcome="N", request_outcome_date=after(R, days), **more)


def not_issued(days, **more):
    return request(
        request_outcome="Y",
        request_outcome_date=after(R, 30),
        assessment_outcome="N",
        assessment_outcome_date=after(R, days),
        **more,
    )


def reversed_(row, of, route, on):
    return row | {"reversal_of": of, "reversal_route": route, "reversal_date": after(R, on)}


# DfE's measures


@pytest.mark.parametrize(
    ("days", "within", "middle", "over"),
    [
        (0, "on_time", "late", "late"),
        (140, "on_time", "late", "late"),
        (141, "late", "on_time", "late"),
        (364, "late", "on_time", "late"),
        (365, "late", "late", "on_time"),
        (-1, "unknown", "unknown", "unknown"),
    ],
)
def test_bands_of_days_from_request_to_issue(days, within, middle, over):
    row = issued(R, days)
    for suffix in ("inc", "exc"):
        assert part(row, f"plans_issued_20wk_{suffix}")["part"] == within
        assert part(row, f"plans_20_52wk_{suffix}")["part"] == middle
        assert part(row, f"plans_over_52wk_{suffix}")["part"] == over


def test_the_edge_of_52_weeks_is_a_parameter():
    moved = MEASURES["plans_over_52wk_inc"].but(from_days=367)
    assert [part(issued(R, days), moved)["part"] for days in (365, 366, 367)] == ["late", "late", "on_time"]


def test_a_plan_falls_on_the_day_of_issue():
    assert part(issued(R, 140), "plans_issued_20wk_inc")["falls_on"] == pd.Timestamp("2025-05-26")


@pytest.mark.parametrize(
    "flag",
    [
        "request_mediation",
        "request_tribunal",
        "assessment_mediation",
        "assessment_tribunal",
        "other_mediation",
        "other_tribunal",
    ],
)
def test_any_flag_leaves_a_plan_out_unless_the_measure_says_otherwise(flag):
    row = issued(R, 100, **{flag: 1})
    found = part(row, "plans_issued_20wk_exc")
    assert (found["part"], found["reason"]) == ("left_out", "mediation or tribunal")
    assert part(row, MEASURES["plans_issued_20wk_exc"].but(flags=[]))["part"] == "on_time"
    assert part(issued(R, 100, **{flag: 0}), "plans_issued_20wk_exc")["part"] == "on_time"


def test_flags_do_not_leave_out_decisions():
    row = not_issued(100, assessment_tribunal=1, request_mediation=1)
    assert part(row, "no_plan_16wk")["part"] == "on_time"
    assert part(row, "request_decisions_6wk")["part"] == "on_time"


def test_an_exception_leaves_both_top_and_bottom():
    for days in (100, 200):
        assert part(issued(R, days, week20=1), "plans_issued_20wk_exc")["part"] == "left_out"
    assert part(issued(R, 100, week20=1), "plans_issued_20wk_inc")["part"] == "on_time"
    assert part(issued(R, 200, week20=1), "plans_issued_20wk_inc")["part"] == "late"
    assert part(issued(R, 100, week20=None), "plans_issued_20wk_exc")["part"] == "on_time"


def test_exceptions_are_read_from_week20_alone():
    claims = pd.DataFrame({"case_id": ["c0"], "rule": ["plan_final"], "code": ["EXC_PERSONAL"]})
    assert part(issued(R, 200), "plans_issued_20wk_exc", exemptions=claims)["part"] == "late"


def test_a_plan_with_no_request_date_is_unknown():
    row = issued(R, 100) | {"received_date": None}
    assert part(row, "plans_issued_20wk_inc")["part"] == "unknown"


def test_dfe_uses_the_date_received_alone():
    row = issued(R, 150, moved_in_date=after(R, 50))
    assert part(row, "plans_issued_20wk_inc")["part"] == "late"
    assert part(row, "plans_due_20wk")["part"] == "on_time"


def test_a_plan_issued_after_as_at_is_not_issued():
    row = issued(R, 140)
    assert part(row, "plans_issued_20wk_inc", "2025-05-26")["part"] == "on_time"
    assert part(row, "plans_issued_20wk_inc", "2025-05-25")["part"] == "left_out"


def test_a_plan_agreed_and_not_issued_is_not_in_the_issued_cohort():
    row = request(request_outcome="Y", assessment_outcome="Y")
    assert part(row, "plans_issued_20wk_inc")["part"] == "left_out"


@pytest.mark.parametrize("code", ["A", "W", "H", "N", None])
def test_other_outcomes_are_not_plans(code):
    row = issued(R, 100) | {"assessment_outcome": code}
    assert part(row, "plans_issued_20wk_inc")["part"] == "left_out"


@pytest.mark.parametrize(
    ("code", "days", "expected"), [("Y", 42, "on_time"), ("N", 42, "on_time"), ("N", 43, "late")]
)
def test_six_week_decisions_either_way(code, days, expected):
    row = request(request_outcome=code, request_outcome_date=after(R, days))
    assert part(row, "request_decisions_6wk")["part"] == expected


@pytest.mark.parametrize("code", ["H", "W", "A", None])
def test_no_six_week_decision(code):
    assert part(request(request_outcome=code), "request_decisions_6wk")["part"] == "left_out"


def test_a_decision_on_an_unknown_day_is_unknown_and_falls_on_no_day():
    found = part(request(request_outcome="N"), "request_decisions_6wk")
    assert found["part"] == "unknown"
    assert pd.isna(found["falls_on"])
    assert part(request(request_outcome="Y", assessment_outcome="N"), "no_plan_16wk")["part"] == "unknown"


def test_an_undated_refusal_to_issue_has_not_happened_before_the_decision_to_assess():
    row = request(request_outcome="Y", request_outcome_date=after(R, 30), assessment_outcome="N")
    assert part(row, "no_plan_16wk", after(R, 29))["part"] == "left_out"
    assert part(row, "no_plan_16wk", after(R, 30))["part"] == "unknown"


@pytest.mark.parametrize(("days", "expected"), [(112, "on_time"), (113, "late")])
def test_no_plan_within_16_weeks(days, expected):
    assert part(not_issued(days), "no_plan_16wk")["part"] == expected
    assert part(not_issued(days), "decision_by_16wk")["part"] == expected


def test_request_h_leaves_the_six_weeks_and_stays_in_the_plan_measures():
    row = issued(R, 100, request_outcome="H", request_outcome_date=None)
    assert part(row, "request_decisions_6wk")["part"] == "left_out"
    assert part(row, "request_decisions_due_6wk")["part"] == "left_out"
    assert part(row, "plans_issued_20wk_inc")["part"] == "on_time"
    assert part(row, "plans_due_20wk")["part"] == "on_time"


CASE_MEASURES = sorted(name for name in MEASURES if name != "advice_6wk")


@pytest.mark.parametrize("measure", CASE_MEASURES)
@pytest.mark.parametrize(
    "row",
    [
        issued(R, 100, closed_reason="duplicate"),
        request(received_date="2027-01-01"),
        issued(R, 100, assessment_outcome="H"),
    ],
    ids=["duplicate", "not received", "assessment H"],
)
def test_what_is_in_no_cohort(measure, row):
    assert part(row, measure)["part"] == "left_out"


# Plans due


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (issued(R, 140), "on_time"),
        (issued(R, 141), "late"),
        (request(), "late"),
        (refused(140), "left_out"),
        (refused(141), "late"),
        (not_issued(140), "left_out"),
        (not_issued(141), "late"),
        (request(closed_date=after(R, 140), closed_reason="withdrawn"), "left_out"),
        (request(closed_date=after(R, 141), closed_reason="withdrawn"), "late"),
        (request(request_outcome="W"), "unknown"),
        (request(request_outcome="N"), "unknown"),
        (request(received_date=None), "unknown"),
    ],
)
def test_plans_due(row, expected):
    for measure in ("plans_due_20wk", "plans_due_20wk_exc", "plans_received_20wk"):
        assert part(row, measure)["part"] == expected


def test_what_ended_after_its_limit_is_told_apart():
    assert part(refused(141), "plans_due_20wk")["reason"] == "refused after its limit"
    closed = request(closed_date=after(R, 141), closed_reason="moved_out")
    assert part(closed, "plans_due_20wk")["reason"] == "ended after its limit"


def test_a_plan_due_falls_on_its_limit_and_a_request_on_its_start():
    assert part(issued(R, 200), "plans_due_20wk")["falls_on"] == pd.Timestamp("2025-05-26")
    assert part(issued(R, 200), "plans_received_20wk")["falls_on"] == pd.Timestamp(R)
    assert part(issued(R, 200, moved_in_date=after(R, 9)), "plans_received_20wk")["falls_on"] == pd.Timestamp(
        "2025-01-15"
    )


def test_the_limit_is_settled_at_the_end_of_its_day():
    assert part(request(), "plans_due_20wk", after(R, 140))["part"] == "not_due"
    assert part(request(), "plans_due_20wk", after(R, 141))["part"] == "late"
    assert part(issued(R, 140), "plans_due_20wk", after(R, 140))["part"] == "on_time"


def test_an_exemption_claimed_leaves_the_second_measure_alone():
    row = request(week20=1)
    assert part(row, "plans_due_20wk")["part"] == "late"
    assert part(row, "plans_due_20wk_exc")["part"] == "left_out"


def test_reversed_after_its_limit_it_comes_in_on_the_day_of_the_reversal():
    row = reversed_(refused(30), "assess", "conceded", 160)
    found = part(row, "plans_due_20wk")
    assert (found["part"], found["falls_on"]) == ("late", pd.Timestamp(after(R, 160)))
    assert part(row, "plans_due_20wk", after(R, 159))["part"] == "left_out"


def test_reversed_by_its_limit_it_stays_on_the_limit():
    row = reversed_(refused(30), "assess", "conceded", 60)
    found = part(row, "plans_due_20wk")
    assert (found["part"], found["falls_on"]) == ("late", pd.Timestamp(after(R, 140)))


def test_an_order_starts_another_clock_and_the_case_falls_on_that():
    row = reversed_(refused(30), "assess", "tribunal_order", 200)
    found = part(row, "plans_due_20wk")
    assert (found["part"], found["falls_on"]) == ("late", pd.Timestamp(after(R, 298)))
    done = row | {"assessment_outcome": "Y", "assessment_outcome_date": after(R, 298)}
    assert part(done, "plans_due_20wk")["part"] == "on_time"


def test_a_case_late_at_its_first_limit_stays_there_whatever_happens_afterwards():
    """JSC's shape: still open at week 20, refused later; then an order gives it another limit."""
    row = reversed_(not_issued(202), "issue", "order_to_make", 400)
    row |= {"plan_issued_date": after(R, 420)}
    for days in (141, 202, 399, 400, 420, 500):
        found = part(row, "plans_due_20wk", after(R, days))
        assert (found["part"], found["falls_on"]) == ("late", pd.Timestamp(after(R, 140)))


def test_reversed_with_no_route_is_unknown_unless_it_was_late_already():
    of_assess = {"reversal_of": "assess", "reversal_date": after(R, 200)}
    assert part(refused(30, **of_assess), "plans_due_20wk")["part"] == "unknown"
    assert part(refused(150, **of_assess), "plans_due_20wk")["part"] == "late"


# Decisions due


def test_decisions_to_assess_that_fell_due():
    assert part(request(), "request_decisions_due_6wk", after(R, 42))["part"] == "not_due"
    assert part(request(), "request_decisions_due_6wk", after(R, 43))["part"] == "late"
    assert part(refused(42), "request_decisions_due_6wk")["part"] == "on_time"
    assert part(refused(43), "request_decisions_due_6wk")["part"] == "late"


def test_decisions_whether_to_issue_a_plan_that_fell_due():
    decided = request(request_outcome="Y", request_outcome_date=after(R, 30))
    assert part(decided, "decision_by_16wk", after(R, 112))["part"] == "not_due"
    assert part(decided, "decision_by_16wk", after(R, 113))["part"] == "late"
    assert part(decided | {"draft_sent_date": after(R, 112)}, "decision_by_16wk")["part"] == "on_time"
    assert part(decided | {"draft_sent_date": after(R, 113)}, "decision_by_16wk")["part"] == "unknown"
    assert part(refused(30), "decision_by_16wk")["part"] == "left_out"
    assert part(refused(113), "decision_by_16wk")["part"] == "late"


# Open cases


@pytest.mark.parametrize(
    ("days", "over_20", "over_52"),
    [(140, "late", "late"), (141, "on_time", "late"), (364, "on_time", "late"), (365, "on_time", "on_time")],
)
def test_open_cases_by_age(days, over_20, over_52):
    assert part(request(), "open_over_20wk", after(R, days))["part"] == over_20
    assert part(request(), "open_over_52wk", after(R, days))["part"] == over_52


def test_open_cases_in_assessment_alone():
    assert part(request(), "open_assessments_over_52wk")["part"] == "left_out"
    assert part(request(request_outcome="Y"), "open_assessments_over_52wk")["part"] == "on_time"
    assert part(request(request_outcome="?"), "open_assessments_over_52wk")["part"] == "unknown"
    assert part(request(request_outcome="?"), "open_over_52wk")["part"] == "on_time"


def test_open_cases_with_no_start_are_unknown_and_closed_ones_out():
    assert part(request(received_date=None), "open_over_20wk")["part"] == "unknown"
    assert part(issued(R, 300), "open_over_20wk")["part"] == "left_out"
    assert part(issued(R, 300), "open_over_20wk", after(R, 299))["part"] == "on_time"


# Advice


def asking(kind="health", **more):
    return {
        "case_id": "c0",
        "advice_type": kind,
        "requested_date": "2025-02-10",
        "returned_date": None,
    } | more


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (asking(returned_date="2025-03-24"), "on_time"),
        (asking(returned_date="2025-03-25"), "late"),
        (asking(), "late"),
        (asking(requested_date=None), "unknown"),
        (asking("parent"), "left_out"),
        (asking(advice_outcome="withdrawn"), "left_out"),
        (asking(requested_date="2026-06-01"), "not_due"),
    ],
)
def test_advice_within_six_weeks(row, expected):
    assert parts(advice([row], LATER), "advice_6wk")["part"].tolist() == [expected]


PLAN = issued(R, 130)
ALL = [
    asking(kind, returned_date="2025-03-20") for kind in ("education", "health", "psychology", "social_care")
]


@pytest.mark.parametrize(
    ("askings", "expected"),
    [
        (ALL, "on_time"),
        (ALL[:3], "late"),
        ([*ALL[:3], asking("social_care", returned_date=after(R, 130))], "on_time"),
        ([*ALL[:3], asking("social_care", returned_date=after(R, 131))], "late"),
        (
            [*ALL[:3], asking("social_care", returned_date="2025-03-01", advice_outcome="not_known")],
            "on_time",
        ),
        ([*ALL[:3], asking("social_care", advice_outcome="existing_sufficient")], "on_time"),
        ([*ALL[:3], asking("social_care", advice_outcome="provided")], "unknown"),
        ([*ALL[:3], asking("social_care", returned_date="2025-03-01", advice_outcome="rejected")], "late"),
        ([*ALL, asking("psychology", returned_date="2025-03-01", advice_outcome="rejected")], "on_time"),
        ([*ALL, asking("health")], "late"),
        ([*ALL, asking("health", advice_outcome="withdrawn")], "on_time"),
        ([*ALL, asking("health", requested_date=after(R, 131))], "on_time"),
        ([*ALL, asking("parent")], "late"),
        ([*ALL, asking("parent", returned_date="2025-03-01")], "on_time"),
        ([*ALL, asking("other")], "on_time"),
        ([row | {"case_id": "someone else"} for row in ALL], "unknown"),
    ],
)
def test_plans_in_time_with_all_advice(askings, expected):
    found = parts(cases([PLAN], LATER), "plans_20wk_all_advice", advice=advice(askings, LATER))
    assert found["part"].tolist() == [expected]


def test_a_late_plan_is_late_whatever_its_advice():
    found = parts(cases([issued(R, 141)], LATER), "plans_20wk_all_advice", advice=advice(ALL, LATER))
    assert found["part"].tolist() == ["late"]


def test_without_advice_nothing_can_be_told():
    found = part(PLAN, "plans_20wk_all_advice")
    assert (found["part"], found["reason"]) == ("unknown", "no advice was given to look at")


# Doors


def test_the_answer_keeps_the_index_and_changes_nothing():
    tracked = cases([issued(R, 140), request()], LATER).set_axis(["x", "y"])
    copy = tracked.copy(deep=True)
    for measure in CASE_MEASURES:
        found = parts(tracked, measure)
        assert found.index.tolist() == ["x", "y"]
        assert list(found.columns) == ["part", "reason", "falls_on"]
    pd.testing.assert_frame_equal(tracked, copy)


def test_a_frame_that_was_not_tracked_is_refused():
    with pytest.raises(InputError, match="call track"):
        parts(pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime([R])}), "plans_due_20wk")
    with pytest.raises(InputError, match="call track_advice"):
        parts(cases([request()], LATER), "advice_6wk")
    with pytest.raises(InputError, match="not of track_advice"):
        parts(advice([asking()], LATER), "plans_due_20wk")


def test_a_frame_tracked_without_the_rule_is_refused():
    with pytest.raises(InputError, match="no column 'plan_final_status'"):
        part(request(), "plans_due_20wk", rules=["request_decision"])


def test_two_values_of_as_at_are_refused():
    both = pd.concat([cases([request()], "2025-03-01"), cases([request()], "2025-03-02")])
    with pytest.raises(InputError, match="different values of as_at"):
        parts(both, "plans_due_20wk")
    with pytest.raises(InputError, match="different values of as_at"):
        parts(cases([PLAN], LATER), "plans_20wk_all_advice", advice=advice(ALL, "2025-03-02"))


def test_an_unknown_measure_is_refused():
    with pytest.raises(CommandError, match="no measure 'timeliness'"):
        part(request(), "timeliness")
    with pytest.raises(CommandError, match="no measure 'plans_due': did you mean plans_due_20wk"):
        MEASURES["plans_due"]
    assert MEASURES.get("plans_due") is None
    assert "plans_due" not in MEASURES


@pytest.mark.parametrize("measure", CASE_MEASURES)
def test_an_empty_frame_gives_an_empty_answer(measure):
    assert len(parts(cases([request()], LATER).iloc[:0], measure)) == 0
