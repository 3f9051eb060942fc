"""Event logs made into cases by hand: what stands, what is first, what is last."""

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.events import cases_from_events, events


def log(*rows, case_id="C1"):
    names, days = zip(*rows, strict=True)
    return pd.DataFrame({"case_id": case_id, "event": names, "date": pd.to_datetime(list(days))})


def made(*rows):
    case = cases_from_events(log(*rows)).iloc[0].dropna()
    return {name: str(v.date()) if isinstance(v, pd.Timestamp) else v for name, v in case.items()}


def test_situation_ten_the_first_final_stops_the_clock():
    case = made(
        ("request_received", "2025-04-02"),
        ("draft_sent", "2025-07-01"),
        ("draft_sent", "2025-07-20"),
        ("draft_sent", "2025-08-05"),
        ("plan_issued", "2025-08-20"),
        ("plan_issued", "2026-01-14"),
    )
    assert case["plan_issued_date"] == case["assessment_outcome_date"] == "2025-08-20"
    assert case["draft_sent_date"] == "2025-08-05"
    assert case["assessment_outcome"] == "Y"


def test_an_amended_final_and_its_draft_change_nothing():
    case = made(
        ("request_received", "2025-04-02"),
        ("draft_sent", "2025-08-05"),
        ("plan_issued", "2025-08-20"),
        ("draft_sent", "2025-12-01"),
        ("plan_amended", "2026-01-14"),
    )
    assert case["plan_issued_date"] == "2025-08-20"
    assert case["draft_sent_date"] == "2025-08-05"


def test_an_amended_final_alone_is_refused_and_not_taken_for_the_first():
    for first in ([], [("plan_issued", "2026-02-01")]):
        with pytest.raises(InputError, match="1 of the events amend a plan"):
            made(("request_received", "2025-04-02"), ("plan_amended", "2026-01-14"), *first)


def test_a_draft_sent_on_the_day_of_the_final_is_before_it():
    case = made(("plan_issued", "2025-08-20"), ("draft_sent", "2025-08-20"))
    assert case["draft_sent_date"] == "2025-08-20"


def test_a_refusal_and_its_reversal_by_order():
    case = made(
        ("request_received", "2025-01-06"),
        ("refused_to_assess", "2025-02-10"),
        ("tribunal_order", "2025-06-02"),
        ("decided_to_assess", "2025-06-12"),
        ("plan_issued", "2025-09-01"),
    )
    assert (case["request_outcome"], case["request_outcome_date"]) == ("N", "2025-02-10")
    assert (case["reversal_of"], case["reversal_route"]) == ("assess", "tribunal_order")
    assert case["reversal_date"] == "2025-06-02"
    assert (case["assessment_outcome"], case["assessment_outcome_date"]) == ("Y", "2025-09-01")


def test_a_decision_the_other_way_is_a_reversal_by_an_unknown_route():
    case = made(
        ("request_received", "2025-01-06"),
        ("refused_to_assess", "2025-02-10"),
        ("decided_to_assess", "2025-03-03"),
    )
    assert (case["reversal_of"], case["reversal_date"]) == ("assess", "2025-03-03")
    assert "reversal_route" not in case


def test_a_refusal_to_issue_that_was_reversed_keeps_its_code_and_dates_the_plan():
    case = made(
        ("decided_to_assess", "2025-02-03"),
        ("refused_to_issue", "2025-04-14"),
        ("mediation_agreement", "2025-06-02"),
        ("plan_issued", "2025-08-01"),
    )
    assert (case["assessment_outcome"], case["assessment_outcome_date"]) == ("N", "2025-04-14")
    assert (case["plan_issued_date"], case["reversal_of"]) == ("2025-08-01", "issue")


def test_where_both_refusals_were_reversed_the_later_names_the_clock():
    case = made(
        ("refused_to_assess", "2025-02-10"),
        ("tribunal_order", "2025-05-01"),
        ("refused_to_issue", "2025-07-14"),
        ("unopposed", "2025-09-02"),
        ("consent_order", "2025-09-20"),
    )
    assert (case["reversal_of"], case["reversal_route"], case["reversal_date"]) == (
        "issue",
        "unopposed",
        "2025-09-02",
    )


def test_a_decision_whose_way_is_not_said_has_a_day_and_no_code():
    case = made(("request_received", "2025-01-06"), ("request_decided", "2025-02-10"))
    assert case["request_outcome_date"] == "2025-02-10"
    assert "request_outcome" not in case


def test_a_closing_that_a_reversal_undid_gives_way_to_a_later_one():
    case = made(
        ("refused_to_assess", "2025-02-10"),
        ("case_closed", "2025-02-10"),
        ("mediation_agreement", "2025-03-03"),
        ("moved_out", "2025-05-01"),
        ("case_closed", "2025-06-01"),
    )
    assert (case["closed_date"], case["closed_reason"]) == ("2025-05-01", "moved_out")


def test_cases_follow_the_contract_and_no_order_of_rows():
    rows = pd.concat([log(("request_received", "2025-01-06"), case_id=name) for name in ("B", "A")])
    rows = pd.concat([rows, log(("draft_sent", "2025-03-06"), ("draft_sent", "2025-04-06"), case_id="A")])
    cases = cases_from_events(rows)
    assert cases["case_id"].tolist() == ["A", "B"]
    assert cases.columns.tolist() == ["case_id", "received_date", "draft_sent_date"]
    pd.testing.assert_frame_equal(cases_from_events(rows[::-1]), cases)


def test_a_case_without_its_request_is_a_case():
    cases = cases_from_events(log(("draft_sent", "2025-03-06")))
    assert cases["received_date"].isna().tolist() == [True]


def test_names_are_read_however_they_are_spelt():
    case = made(
        ("Request received", "2025-01-06"), ("DRAFT-SENT", "2025-02-10"), ("final plan", "2025-03-10")
    )
    assert (case["received_date"], case["draft_sent_date"]) == ("2025-01-06", "2025-02-10")
    assert case["plan_issued_date"] == "2025-03-10"


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            {"event": "Sunny Beam phoned"},
            r"rows 0, 1: is not an event that is known: use one of request_received,",
        ),
        ({"case_id": " "}, "rows 0, 1: has no case_id"),
        ({"date": pd.NaT}, "rows 0, 1: has no date"),
        ({"date": "2025-01-06"}, "text stands where a date belongs"),
    ],
)
def test_a_row_that_cannot_be_placed_is_refused_by_its_number(change, match):
    rows = log(("request_received", "2025-01-06"), ("draft_sent", "2025-02-10")).assign(**change)
    with pytest.raises(InputError, match=match) as refused:
        cases_from_events(rows)
    assert "Sunny" not in str(refused.value)


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="no column event or date"):
        cases_from_events(pd.DataFrame({"case_id": ["1"]}))
    with pytest.raises(InputError, match="no column case_id"):
        events(pd.DataFrame({"received_date": []}))


def test_no_events_are_no_cases_and_no_cases_no_events():
    nothing = log(("draft_sent", "2025-02-10")).iloc[:0]
    assert cases_from_events(nothing).columns.tolist() == ["case_id", "received_date"]
    assert events(cases_from_events(nothing)).columns.tolist() == ["case_id", "event", "date"]


def test_every_dated_step_is_an_event_and_nothing_else():
    cases = pd.DataFrame(
        {
            "case_id": ["B", "A"],
            "received_date": pd.to_datetime(["2025-01-06", "2025-01-07"]),
            "request_outcome": ["Y", "W"],
            "request_outcome_date": pd.to_datetime(["2025-02-10", "2025-02-11"]),
            "assessment_outcome": ["Y", None],
            "assessment_outcome_date": pd.to_datetime(["2025-05-12", None]),
            "plan_issued_date": pd.to_datetime(["2025-05-12", None]),
            "closed_date": pd.to_datetime([None, "2025-02-11"]),
            "closed_reason": [None, "withdrawn"],
            "team": ["North", "South"],
        }
    )
    before = cases.copy()
    told = events(cases)
    assert list(told.itertuples(index=False, name=None)) == [
        ("B", "request_received", pd.Timestamp("2025-01-06")),
        ("B", "decided_to_assess", pd.Timestamp("2025-02-10")),
        ("B", "plan_issued", pd.Timestamp("2025-05-12")),
        ("A", "request_received", pd.Timestamp("2025-01-07")),
        ("A", "closed_withdrawn", pd.Timestamp("2025-02-11")),
    ]
    pd.testing.assert_frame_equal(cases, before)


def test_an_outcome_that_cannot_be_read_was_still_decided():
    cases = pd.DataFrame(
        {
            "case_id": ["A"],
            "request_outcome": ["maybe"],
            "request_outcome_date": pd.to_datetime(["2025-02-10"]),
        }
    )
    assert events(cases)["event"].tolist() == ["request_decided"]
    with pytest.raises(InputError, match="cases, row 0: has no case_id"):
        events(cases.assign(case_id=""))
