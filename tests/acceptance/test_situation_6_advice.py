"""Situation 6, advice clocks with holes: one case with its exact dates, and every question of the clinical officer about it."""

from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc

AS_AT = date(2025, 12, 1)
BY = ["advice_type", "sub_service", "provider"]


def days(*values):
    return pd.to_datetime(list(values)).astype("datetime64[s]")


@pytest.fixture(scope="module")
def cases():
    case = {"case_id": ["A"], "received_date": days("2025-04-02"), "request_outcome": ["Y"]}
    return ehc.track(pd.DataFrame(case | {"request_outcome_date": days("2025-05-29")}), as_at=AS_AT)


@pytest.fixture(scope="module")
def advice(cases):
    rows = {
        "case_id": "A",
        "advice_type": ["psychology", "health", "social_care", "other"],
        "sub_service": [None, None, None, "OT"],
        "provider": ["EPS", "Paediatrics", "Social care", "Therapies"],
        "requested_date": days("2025-06-09", None, "2025-06-09", "2025-06-09"),
        "returned_date": days("2025-10-13", "2025-06-20", "2025-06-12", None),
        "advice_outcome": ["provided", "provided", "not_known", None],
    }
    return ehc.track_advice(pd.DataFrame(rows), as_at=AS_AT, cases=cases)


def row(table, kind):
    return table[table["advice_type"] == kind].iloc[0]


def test_the_psychologist_was_due_on_21_july_and_84_days_late(advice):
    found = advice.iloc[0]
    assert (found["due"].date(), found["days_over"], found["status"]) == (date(2025, 7, 21), 84, "met_late")


def test_of_the_advice_due_how_much_came_in_time(advice):
    found = ehc.contributions(advice, by=BY)
    counts = ["requested", "due", "in_time", "late", "outstanding", "unknown", "not_known"]
    assert {kind: row(found, kind)[counts].tolist() for kind in found["advice_type"]} == {
        "psychology": [1, 1, 0, 1, 0, 0, 0],
        "health": [1, 0, 0, 0, 0, 1, 0],
        "social_care": [1, 1, 1, 0, 0, 0, 1],
        "other": [1, 1, 0, 0, 1, 0, 0],
    }
    assert row(found, "health")["percent"] is pd.NA
    assert "1 of 1 (100.0 per cent) cannot be told" in row(found, "health")["note"]
    assert row(found, "other")["percent"] == 0.0


def test_the_authority_s_11_days_are_its_own(advice):
    found = ehc.contributions(advice, by=BY)
    lags = ["authority_lag_days", "provider_lag_days"]
    assert row(found, "psychology")[lags].tolist() == [11.0, 126.0]
    assert row(found, "social_care")[lags].tolist() == [11.0, 3.0]
    assert row(found, "health")[lags].tolist() == [pd.NA, pd.NA]  # nothing stands in for a missing day


def test_in_the_month_it_was_due_and_in_the_month_it_came(advice):
    due = ehc.contributions(advice, by=BY, period="M")
    assert due.set_index("advice_type")["period"].to_dict() == {
        "psychology": "2025-07",
        "health": "unknown",
        "social_care": "2025-07",
        "other": "2025-07",
    }
    came = ehc.returned_contributions(advice, by=BY, period="M")
    assert came.set_index("advice_type")["period"].to_dict() == {
        "psychology": "2025-10",
        "health": "2025-06",
        "social_care": "2025-06",
    }
    assert came.set_index("advice_type")["returned_unknown"].to_dict() == {
        "psychology": 0,
        "health": 1,
        "social_care": 0,
    }


def test_occupational_therapy_is_overdue_now(advice):
    found = ehc.overdue_advice(advice, by=BY)
    there = found[found["outstanding"] > 0]
    # 21 July to 1 December is 133 days, 19 weeks past the limit
    assert there[["sub_service", "overdue_band", "outstanding", "oldest_days"]].to_numpy().tolist() == [
        ["OT", "12+", 1, 133]
    ]


def test_a_body_bound_by_regulation_8_is_counted_from_receipt_or_it_is_said_that_it_is_not():
    rows = pd.DataFrame(
        {
            "case_id": "A",
            "advice_type": "health",
            "requested_date": days("2025-06-09", "2025-06-09"),
            "body_received_date": days("2025-06-12", None),
            "returned_date": days("2025-07-24", "2025-07-24"),
        }
    )
    found = ehc.contributions(ehc.track_advice(rows, as_at=AS_AT)).iloc[0]
    # received on 12 June it was due on 24 July; sent on 9 June, on 21 July
    assert (found["in_time"], found["late"], found["sent_only"], found["kind"]) == (1, 1, 1, "statutory")
    assert "1 counted from the day of sending" in found["note"]
