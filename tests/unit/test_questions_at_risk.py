import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.at_risk import at_risk
from questions_frames import advice, after, cases, issued

R = "2025-01-06"  # 6 weeks: 17 February; 16 weeks: 28 April; 20 weeks: 26 May 2025


def listed(rows, as_at, **options):
    return at_risk(cases(rows, as_at), **options)


def deciding(**more):
    return {"received_date": R} | more


def assessing(**more):
    return deciding(request_outcome="Y", request_outcome_date=after(R, 20)) | more


def drafting(**more):
    return assessing(issue_decision_date=after(R, 100)) | more


@pytest.mark.parametrize(
    ("row", "as_at", "rule", "due", "waits_for"),
    [
        (deciding(), "2025-02-01", "request_decision", "2025-02-17", "decision whether to assess"),
        (assessing(), "2025-04-20", "issue_decision", "2025-04-28", "decision whether to issue a plan"),
        (drafting(), "2025-05-01", "plan_final", "2025-05-26", "draft plan"),
        (drafting(draft_sent_date="2025-04-25"), "2025-05-01", "plan_final", "2025-05-26", "final plan"),
    ],
)
def test_the_next_limit_and_what_it_waits_for(row, as_at, rule, due, waits_for):
    found = listed([row], as_at).iloc[0]
    assert (found["next_rule"], found["due"], found["waits_for"]) == (rule, pd.Timestamp(due), waits_for)


def test_within_the_days_asked_for_and_no_further():
    assert len(listed([deciding()], after(R, 42 - 28))) == 1
    assert len(listed([deciding()], after(R, 42 - 29))) == 0
    assert len(listed([deciding()], after(R, 42 - 29), days=29)) == 1
    assert len(listed([deciding()], after(R, 41), days=0)) == 0
    assert len(listed([deciding()], after(R, 42), days=0)) == 1


@pytest.mark.parametrize(
    ("days", "left", "why"),
    [
        (37, 5, "decision whether to assess due in 5 days, on 17 February 2025"),
        (41, 1, "decision whether to assess due in 1 day, on 17 February 2025"),
        (42, 0, "decision whether to assess due the same day, 17 February 2025"),
        (43, -1, "decision whether to assess overdue by 1 day, since 17 February 2025"),
        (57, -15, "decision whether to assess overdue by 15 days, since 17 February 2025"),
        (
            365,
            -323,
            "decision whether to assess overdue by 323 days, since 17 February 2025; open for over 52 weeks",
        ),
    ],
)
def test_why_it_is_listed(days, left, why):
    found = listed([deciding()], after(R, days)).iloc[0]
    assert (found["days_left"], found["why"]) == (left, why)


def test_an_exempt_limit_is_never_called_due_or_overdue():
    for as_at in ("2025-05-20", "2025-08-01"):
        found = listed([drafting(week20=1)], as_at).iloc[0]
        assert found["exempt"]
        assert found["why"] == (
            "the limit of the final plan (26 May 2025) is claimed to be lifted: it is for as soon as practicable"
        )
        assert pd.isna(found["days_left"])


def test_an_exemption_of_the_plan_does_not_lift_an_earlier_limit():
    found = listed([deciding(week20=1)], "2025-02-20").iloc[0]
    assert not found["exempt"]
    assert "overdue by 3 days" in found["why"]


@pytest.mark.parametrize(
    "row",
    [
        issued(R, 100),
        deciding(request_outcome="N", request_outcome_date=R),
        deciding(closed_date=after(R, 20), closed_reason="withdrawn"),
        deciding(closed_reason="duplicate"),
        deciding(request_outcome="W"),
        deciding(received_date="2026-01-01"),
    ],
)
def test_closed_cases_are_never_listed(row):
    assert len(listed([row], "2025-12-31")) == 0


def test_a_limit_that_cannot_be_told_is_listed_last():
    found = listed([{"received_date": None}, deciding()], "2025-12-31")
    assert found["case_id"].tolist() == ["c1", "c0"]
    assert found["next_rule"].tolist() == ["request_decision", "request_decision"]
    assert pd.isna(found["days_left"][1])
    assert (
        found["why"][1] == "the limit of the decision whether to assess cannot be worked out from the record"
    )


def test_sorted_by_due_date_then_case_and_numbered_afresh():
    rows = [{"case_id": "b"}, {"case_id": "a"}, {"case_id": "c", "received_date": "2025-01-01"}]
    found = listed([deciding() | row for row in rows], "2025-06-01")
    assert found["case_id"].tolist() == ["c", "a", "b"]
    assert found.index.tolist() == [0, 1, 2]


def test_the_advice_outstanding_is_named():
    rows = [
        {"case_id": "c0", "advice_type": kind, "requested_date": "2025-02-01", "returned_date": returned}
        for kind, returned in (
            ("social_care", None),
            ("psychology", None),
            ("psychology", None),
            ("education", "2025-02-10"),
            ("health", "2025-06-30"),
        )
    ]
    tracked = cases([assessing(), assessing()], "2025-04-20")
    found = at_risk(tracked, advice=advice(rows, "2025-04-20", cases=tracked))
    assert found["waits_for"].tolist() == [
        "health advice, psychology advice, social care advice",
        "decision whether to issue a plan",
    ]


def test_caseworker_and_team_are_kept_where_there_are_any():
    found = listed([deciding(caseworker="W1", team="north", area="x")], "2025-02-10")
    assert list(found.columns) == [
        "case_id",
        "caseworker",
        "team",
        "stage",
        "next_rule",
        "due",
        "days_left",
        "waits_for",
        "exempt",
        "why",
        "last_safe_draft",
        "act_by",
        "post_by",
        "ask_advice_by",
        "can_be_met",
        "plan_can_be_in_time",
    ]


JSC = {
    "received_date": "2025-04-02",
    "request_outcome": "Y",
    "request_outcome_date": "2025-05-29",
}  # 20 weeks: 20 August


def day(text):
    return pd.Timestamp(text)


def test_the_draft_of_a_plan_due_on_20_august_goes_out_by_5_august_or_is_posted_by_the_1st():
    found = listed([JSC | {"issue_decision_date": "2025-07-20"}], "2025-07-28").iloc[0]
    assert found["last_safe_draft"] == found["act_by"] == day("2025-08-05")  # a Tuesday
    assert found["post_by"] == day("2025-08-01")  # the Friday: two working days before
    assert found["can_be_met"] == "yes"


@pytest.mark.parametrize(
    ("as_at", "draft", "answer"),
    [
        ("2025-08-05", None, "yes"),
        ("2025-08-06", None, "only_if_answered_early"),
        ("2025-08-10", "2025-08-05", "yes"),
        ("2025-08-10", "2025-08-06", "only_if_answered_early"),
        ("2025-08-20", "2025-08-05", "yes"),
        ("2025-08-21", "2025-08-05", "no"),
    ],
)
def test_whether_the_plan_can_still_be_in_time(as_at, draft, answer):
    row = JSC | {"issue_decision_date": "2025-07-20", "draft_sent_date": draft}
    found = listed([row], as_at).iloc[0]
    assert (found["can_be_met"], found["plan_can_be_in_time"]) == (answer, answer)


def test_a_due_date_on_a_bank_holiday_is_acted_on_by_the_working_day_before():
    """26 May 2025 is the spring bank holiday, a Monday; the Friday before is the 23rd. The limit itself does not move."""
    found = listed([drafting(draft_sent_date="2025-05-01")], "2025-05-20").iloc[0]
    assert (found["due"], found["act_by"]) == (day("2025-05-26"), day("2025-05-23"))


def test_advice_is_asked_for_six_weeks_before_the_decision_whether_to_issue():
    found = listed([assessing()], "2025-02-20", days=70).iloc[0]
    assert found["ask_advice_by"] == day("2025-03-17")  # 28 April less 42 days, a Monday
    assert pd.isna(listed([drafting()], "2025-05-01")["ask_advice_by"][0])


def test_limits_that_are_lifted_or_cannot_be_told_or_are_past():
    assert listed([drafting(week20=1)], "2025-06-20")["can_be_met"][0] == "lifted"
    assert listed([{"received_date": None}], "2025-06-20")["can_be_met"][0] == "cannot_be_told"
    assert listed([deciding()], "2025-02-18")["can_be_met"][0] == "no"
    assert listed([deciding()], "2025-02-17")["can_be_met"][0] == "yes"


def test_what_cannot_be_used():
    with pytest.raises(CommandError, match="days must be a whole number, 0 or more"):
        listed([deciding()], "2025-02-10", days=-1)
    with pytest.raises(CommandError, match="0 or more, not 'a'"):
        listed([deciding()], "2025-02-10", days="a")
    with pytest.raises(InputError, match="none of the limits"):
        at_risk(cases([deciding()], "2025-02-10", rules=["plan_refusal"]))
    assert len(at_risk(cases([deciding()], "2025-02-10").iloc[:0])) == 0
