"""Every check finds what it names, and nothing on a clean case."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.questions.check import check
from ehcptime.records.checks import ADVICE_CHECKS, CASE_CHECKS
from frames import frame

AS_AT = date(2025, 9, 30)
CLEAN = {
    "received_date": date(2025, 1, 6),
    "request_outcome": "Y",
    "request_outcome_date": date(2025, 2, 10),
    "assessment_outcome": "Y",
    "assessment_outcome_date": date(2025, 5, 20),
    "draft_sent_date": date(2025, 5, 1),
    "issue_decision_date": date(2025, 4, 25),
    "person_id": "P",
}

FOUND = {
    "no_start_date": {"received_date": None},
    "no_received_date": {"received_date": None, "responsible_date": date(2025, 1, 6)},
    "received_before_law": {"received_date": date(2013, 1, 6)},
    "date_implausible": {"draft_sent_date": date(1900, 1, 1)},
    "date_after_as_at": {"assessment_outcome_date": date(2025, 10, 1)},
    "code_not_known": {"request_outcome": "yes"},
    "request_outcome_before_received": {"request_outcome_date": date(2025, 1, 5)},
    "assessment_outcome_before_received": {"assessment_outcome_date": date(2025, 1, 5)},
    "assessment_outcome_before_request_outcome": {"assessment_outcome_date": date(2025, 2, 9)},
    "draft_before_decision": {"draft_sent_date": date(2025, 2, 9)},
    "final_before_draft": {"draft_sent_date": date(2025, 5, 21)},
    "final_before_decision": {"issue_decision_date": date(2025, 5, 21)},
    "closed_before_received": {"closed_date": date(2025, 1, 5)},
    "request_outcome_without_date": {"request_outcome_date": None},
    "assessment_outcome_without_date": {"assessment_outcome": "N", "assessment_outcome_date": None},
    "request_date_without_outcome": {"request_outcome": None},
    "assessment_date_without_outcome": {"assessment_outcome": "A"},
    "ended_without_date": {"assessment_outcome": "W", "assessment_outcome_date": None},
    "two_first_plans": {"plan_issued_date": date(2025, 5, 21)},
    "closed_differs_from_plan": {"closed_date": date(2025, 6, 1)},
    "reversal_before_refusal": {"request_outcome": "N", "reversal_date": date(2025, 2, 9)},
    "reversal_without_refusal": {"reversal_route": "tribunal_order"},
    "reversal_without_route": {"request_outcome": "N"},
    "final_within_comment_period": {"draft_sent_date": date(2025, 5, 6)},
}


def codes(found):
    return set(found["code"])


def test_a_clean_case_has_no_problem():
    assert check(frame([CLEAN]), as_at=AS_AT).empty


@pytest.mark.parametrize("code", FOUND)
def test_a_check_finds_what_it_names(code):
    found = check(frame([{**CLEAN, **FOUND[code]}]), as_at=AS_AT)
    assert code in codes(found)
    assert found["case_id"].eq("0").all()
    assert found["message"].str.len().gt(10).all()


def test_every_check_on_cases_is_tried_above():
    assert {one.code for one in CASE_CHECKS} | {"final_within_comment_period"} == set(FOUND)


def test_a_plan_agreed_with_no_day_is_not_a_problem():
    agreed = {**CLEAN, "assessment_outcome_date": None}
    assert check(frame([agreed]), as_at=AS_AT).empty


def test_the_same_case_id_twice_is_found_and_does_not_raise():
    cases = frame([CLEAN, {**CLEAN, "person_id": "Q"}]).assign(case_id="A")
    assert codes(check(cases, as_at=AS_AT)) == {"duplicate_case_id"}


def test_two_open_requests_of_one_person_are_a_query():
    opened = {"received_date": date(2025, 9, 1), "person_id": "P"}
    found = check(
        frame([opened, opened, {**opened, "person_id": "Q"}, {**opened, "person_id": None}]), as_at=AS_AT
    )
    assert found[["case_id", "code"]].to_numpy().tolist() == [
        ["0", "two_open_requests"],
        ["1", "two_open_requests"],
    ]


def test_a_code_that_may_be_anything_is_not_shown():
    found = check(frame([{**CLEAN, "request_outcome": "Jane Doe said yes"}]), as_at=AS_AT)
    assert "Jane" not in found.to_string()


ASKED = {"case_id": "0", "advice_type": "health", "requested_date": date(2025, 3, 1)}
FOUND_IN_ADVICE = {
    "advice_not_dated": {"requested_date": None},
    "date_implausible": {"requested_date": date(1900, 1, 1)},
    "date_after_as_at": {"returned_date": date(2026, 3, 1)},
    "code_not_known": {"advice_type": "doctor"},
    "returned_before_requested": {"returned_date": date(2025, 2, 1)},
    "body_received_before_requested": {"body_received_date": date(2025, 2, 1)},
    "advice_without_case": {"case_id": "gone"},
}


@pytest.mark.parametrize("code", FOUND_IN_ADVICE)
def test_a_check_on_advice_finds_what_it_names(code):
    advice = frame([{**ASKED, **FOUND_IN_ADVICE[code]}], "advice")
    assert codes(check(frame([CLEAN]), as_at=AS_AT, advice=advice)) == {code}


def test_every_check_on_advice_is_tried_above():
    assert {one.code for one in ADVICE_CHECKS} | {"advice_without_case"} == set(FOUND_IN_ADVICE)


def test_no_rows_give_no_problems_and_a_missing_column_raises():
    assert check(frame([CLEAN]).iloc[:0], as_at=AS_AT).empty
    with pytest.raises(InputError, match="received_date"):
        check(pd.DataFrame({"case_id": []}), as_at=AS_AT)
