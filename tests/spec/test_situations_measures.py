"""The situations of the user research whose answers are figures, with the answers it states."""

import pandas as pd

from ehcptime.questions.at_risk import at_risk
from ehcptime.questions.backlog import backlog
from ehcptime.questions.change import explain_change
from ehcptime.questions.contributions import contributions
from ehcptime.questions.official import dfe_timeliness
from ehcptime.questions.parts import parts
from ehcptime.questions.timeliness import timeliness
from questions_frames import advice, after, cases, issued


def figure(tracked, measure, **options):
    row = timeliness(tracked, measure, **options).iloc[0]
    return row["numerator"], row["denominator"], row["percent"]


# Situation 1: R = 2 April 2025; week 20 ends on 20 August, and nothing moves it.


def test_week_20_in_august_does_not_move():
    received = "2025-04-02"
    for last, part in (("2025-08-20", "on_time"), ("2025-08-21", "late")):
        row = issued(received, 0, assessment_outcome_date=last)
        for measure in ("plans_issued_20wk_inc", "plans_due_20wk"):
            assert parts(cases([row], "2025-12-31"), measure)["part"].tolist() == [part]


# Situation 3: the month the backlog is cleared. Essex, January: 40 of 113; March: 47 of 178.


def month(first, on_time, late, late_days):
    plans = [issued(after(first, 3), 120) for _ in range(on_time)]
    return plans + [issued(after(first, 123 - late_days), late_days) for _ in range(late)]


def test_the_rate_falls_while_on_time_plans_rise():
    january = cases(month("2024-09-10", 40, 73, 200), "2025-01-31")
    march = cases(month("2024-11-10", 47, 131, 300), "2025-03-31")
    assert figure(january, "plans_issued_20wk_inc") == (40, 113, 35.4)
    assert figure(march, "plans_issued_20wk_inc") == (47, 178, 26.4)
    assert str(explain_change(january, march, "plans_issued_20wk_inc")) == (
        "On-time plans rose from 40 to 47. Late plans rose from 73 to 131 as older cases were finished, so the rate "
        "fell from 35.4 per cent to 26.4 per cent."
    )


def test_issuing_an_old_plan_cannot_lower_the_due_cohort():
    rows = [issued("2025-01-06", 130), {"received_date": "2023-01-09", "request_outcome": "Y"}]
    before = cases(rows, "2025-06-30")
    old = rows[1] | {"assessment_outcome": "Y", "assessment_outcome_date": "2025-06-20"}
    after_it = cases([rows[0], old], "2025-06-30")
    for measure in ("plans_due_20wk", "plans_received_20wk"):
        one, other = (timeliness(frame, measure, period="Y") for frame in (before, after_it))
        pd.testing.assert_frame_equal(one, other)
    assert figure(before, "plans_issued_20wk_inc")[2] == 100.0
    assert figure(after_it, "plans_issued_20wk_inc")[2] == 50.0


# Situation 4: ten requests in March; in July 3 final on time, 1 late, 4 open over 20 weeks, 2 not yet due.


def test_open_cases_and_people_not_yet_due():
    rows = [issued("2025-03-03", 130)] * 3 + [issued("2025-03-03", 145)]
    rows += [{"received_date": "2025-03-03", "request_outcome": "Y"}] * 4
    rows += [{"received_date": "2025-03-31", "request_outcome": "Y"}] * 2
    tracked = cases(rows, "2025-07-31")
    found = timeliness(tracked, "plans_received_20wk", period="M").iloc[0]
    assert (found["numerator"], found["denominator"], found["not_due"], found["percent"]) == (3, 8, 2, 37.5)
    assert not found["complete"]
    assert figure(tracked, "plans_due_20wk") == (3, 8, 37.5)
    assert figure(tracked, "open_over_20wk") == (4, 6, 66.7)


# Situation 5: 100 plans: 20 exceptions (8 on time), 80 others (40 on time).


def test_exceptions_leave_both_top_and_bottom():
    rows = [issued("2025-01-06", 100, week20=1)] * 8 + [issued("2025-01-06", 200, week20=1)] * 12
    rows += [issued("2025-01-06", 100, week20=0)] * 40 + [issued("2025-01-06", 200)] * 40
    tracked = cases(rows, "2025-12-31")
    assert figure(tracked, "plans_issued_20wk_exc") == (40, 80, 50.0)
    assert figure(tracked, "plans_issued_20wk_inc") == (48, 100, 48.0)
    assert figure(tracked, "plans_due_20wk_exc") == (40, 80, 50.0)
    assert figure(tracked, "plans_due_20wk") == (48, 100, 48.0)


def test_all_exceptions_cannot_be_computed():
    """Dorset 2024: 585 plans, an exception on every one; 287 in time, 49.1 per cent with them."""
    rows = [issued("2024-01-08", 140, week20=1)] * 287 + [issued("2024-01-08", 141, week20=1)] * 298
    tracked = cases(rows, "2024-12-31")
    assert figure(tracked, "plans_issued_20wk_inc") == (287, 585, 49.1)
    found = timeliness(tracked, "plans_issued_20wk_exc").iloc[0]
    assert found["percent"] is pd.NA
    assert found["note"] == "no percentage, because there is nothing to divide (585 left out)"
    assert dfe_timeliness(tracked)["PC_plans_issued_20_weeks_ex"].tolist() == ["x"]


# Situation 6: advice clocks with holes. Decision to assess 29 May.


def test_advice_clocks_with_holes():
    case = {
        "case_id": "A",
        "received_date": "2025-04-02",
        "request_outcome": "Y",
        "request_outcome_date": "2025-05-29",
    }
    rows = [
        {"advice_type": "psychology", "requested_date": "2025-06-09", "returned_date": "2025-10-13"},
        {"advice_type": "health", "sub_service": "paediatrics", "returned_date": "2025-06-20"},
        {
            "advice_type": "social_care",
            "requested_date": "2025-06-09",
            "returned_date": "2025-06-12",
            "advice_outcome": "not_known",
        },
        {"advice_type": "health", "sub_service": "OT", "requested_date": "2025-06-09"},
    ]
    tracked_cases = cases([case], "2025-10-31")
    tracked = advice([{"case_id": "A"} | row for row in rows], "2025-10-31", cases=tracked_cases)
    assert tracked["days_over"].tolist()[0] == 84
    found = contributions(tracked).set_index("advice_type")
    assert found.loc["psychology", ["due", "late", "provider_lag_days"]].tolist() == [1, 1, 126.0]
    assert found.loc["social_care", ["due", "in_time", "not_known", "percent"]].tolist() == [1, 1, 1, 100.0]
    assert found.loc[
        "health", ["requested", "due", "in_time", "outstanding", "unknown", "percent"]
    ].tolist() == [
        2,
        1,
        0,
        1,
        1,
        0.0,
    ]
    assert set(found["authority_lag_days"].dropna()) == {11.0}
    assert at_risk(tracked_cases, advice=tracked)["waits_for"].tolist() == ["health advice"]


# Situation 9: leaving before the end.


def test_leaving_before_the_end():
    received = "2025-01-06"  # due 26 May 2025
    ended = [
        ({"closed_date": after(received, 63), "closed_reason": "withdrawn"}, "left_out"),
        ({"closed_date": after(received, 84), "closed_reason": "moved_out"}, "left_out"),
        ({"closed_date": after(received, 140), "closed_reason": "died"}, "left_out"),
        ({"closed_date": after(received, 141), "closed_reason": "withdrawn"}, "late"),
        ({"assessment_outcome": "H"}, "left_out"),
    ]
    tracked = cases(
        [{"received_date": received, "request_outcome": "Y"} | row for row, _ in ended], "2025-12-31"
    )
    assert parts(tracked, "plans_due_20wk")["part"].tolist() == [part for _, part in ended]
    assert backlog(tracked)["open"].sum() == 0
    assert len(at_risk(tracked)) == 0


def test_a_closed_case_leaves_the_open_list_the_same_day():
    row = {"received_date": "2025-01-06", "closed_date": "2025-03-10", "closed_reason": "withdrawn"}
    assert len(at_risk(cases([row], "2025-03-09"))) == 1
    assert len(at_risk(cases([row], "2025-03-10"))) == 0


# Situation 10: the draft that must go out by 5 August if the final is due on 20 August.


def test_the_last_safe_draft_of_jsc():
    row = {"received_date": "2025-04-02", "request_outcome": "Y", "request_outcome_date": "2025-05-29"}
    found = at_risk(cases([row], "2025-07-25", rules=["plan_final"])).iloc[0]
    assert found["due"] == pd.Timestamp("2025-08-20")
    assert found["last_safe_draft"] == pd.Timestamp("2025-08-05")
