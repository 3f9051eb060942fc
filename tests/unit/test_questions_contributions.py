import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.backlog import backlog
from ehcptime.questions.contributions import contributions
from ehcptime.questions.timeliness import timeliness
from questions_frames import advice, cases

AS_AT = "2025-06-30"
ASKED = "2025-01-06"  # due 17 February 2025


def asking(kind="health", **more):
    return {
        "case_id": "A",
        "advice_type": kind,
        "requested_date": ASKED,
        "returned_date": None,
        "body_received_date": None,
        "advice_outcome": None,
    } | more


ROWS = [
    asking(returned_date="2025-02-17"),
    asking(returned_date="2025-02-18"),
    asking(),
    asking(requested_date="2025-06-01"),
    asking(requested_date=None),
    asking(advice_outcome="withdrawn"),
    asking(returned_date="2025-01-10", advice_outcome="not_known"),
    asking("psychology", returned_date="2025-01-20"),
    asking("psychology", bound_by_reg_8=1),
    asking("parent"),
]


def test_one_row_per_group_and_rule():
    found = contributions(advice(ROWS, AS_AT))
    columns = [
        "requested",
        "due",
        "in_time",
        "late",
        "outstanding",
        "not_due",
        "unknown",
        "not_required",
        "not_known",
    ]
    assert found[["advice_type", "rule", *columns]].to_numpy().tolist() == [
        ["health", "advice_body", 6, 4, 2, 1, 1, 1, 1, 0, 1],
        ["health", "no limit", 1, 0, 0, 0, 0, 0, 0, 1, 0],
        ["parent", "no limit", 1, 0, 0, 0, 0, 0, 0, 1, 0],
        ["psychology", "advice_body", 1, 1, 0, 0, 1, 0, 0, 0, 0],
        ["psychology", "advice_other", 1, 1, 1, 0, 0, 0, 0, 0, 0],
    ]
    assert found["percent"].tolist() == [50.0, pd.NA, pd.NA, 0.0, 100.0]


def test_it_agrees_with_the_measure():
    tracked = advice(ROWS, AS_AT)
    found = contributions(tracked)
    measured = timeliness(tracked, "advice_6wk", by="advice_type")
    for mine, theirs in (
        ("in_time", "numerator"),
        ("due", "denominator"),
        ("unknown", "unknown"),
        ("not_due", "not_due"),
    ):
        assert found[mine].tolist() == measured[theirs].tolist()
    assert found["percent"].equals(measured["percent"])


def test_the_period_is_that_of_the_limit():
    found = contributions(advice(ROWS, AS_AT), by=None, period="M")
    body = found[found["rule"] == "advice_body"]
    assert body[["period", "requested"]].to_numpy().tolist() == [
        ["2025-02", 5],
        ["2025-07", 1],
        ["unknown", 1],
    ]
    assert contributions(advice(ROWS, AS_AT), by=None)["period"].unique().tolist() == ["all"]


def test_the_authority_s_time_is_apart_from_the_provider_s():
    case = {
        "case_id": "A",
        "received_date": "2024-12-01",
        "request_outcome": "Y",
        "request_outcome_date": "2025-01-01",
    }
    tracked_cases = cases([case], AS_AT)
    rows = [
        asking(returned_date="2025-02-06"),
        asking(returned_date="2025-01-31", body_received_date="2025-01-26"),
        asking(requested_date="2025-03-02"),
    ]
    found = contributions(advice(rows, AS_AT, cases=tracked_cases)).iloc[0]
    assert found["authority_lag_days"] == 5.0  # 5, 5 and 60 days from the decision to the asking
    assert found["provider_lag_days"] == 18.0  # 31 days from sending, 5 from receipt
    assert contributions(advice(rows, AS_AT))["authority_lag_days"].isna().all()


def test_unanswered_when_the_case_ended_after_the_limit_is_late():
    case = {
        "case_id": "A",
        "received_date": "2024-12-01",
        "closed_date": "2025-03-01",
        "closed_reason": "withdrawn",
    }
    found = contributions(advice([asking()], AS_AT, cases=cases([case], AS_AT))).iloc[0]
    assert (found["late"], found["outstanding"], found["percent"]) == (1, 0, 0.0)


def test_what_cannot_be_used():
    with pytest.raises(InputError, match="call track_advice"):
        contributions(pd.DataFrame({"case_id": ["A"], "advice_type": ["health"]}))
    with pytest.raises(CommandError, match="no column 'provider'"):
        contributions(advice(ROWS, AS_AT), by="provider")
    with pytest.raises(CommandError, match="period must be one of"):
        contributions(advice(ROWS, AS_AT), period="W")
    assert len(contributions(advice(ROWS, AS_AT).iloc[:0])) == 0


def test_cases_given_for_advice_are_told_what_makes_advice():
    tracked = cases([{"case_id": "A", "received_date": ASKED}], AS_AT)
    with pytest.raises(InputError, match=r"call track_advice\(advice, as_at=\.\.\.\) first"):
        contributions(tracked)
    with pytest.raises(InputError, match=r"call track\(cases, as_at=\.\.\.\) first"):
        backlog(advice(ROWS, AS_AT))
