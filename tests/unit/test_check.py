"""Every check finds what it names, and nothing on a clean case."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.questions.check import check
from ehcptime.records.checks_advice import ADVICE_CHECKS
from ehcptime.records.checks_cases import CASE_CHECKS
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
    "plan_issued_without_outcome": {
        "assessment_outcome": None,
        "assessment_outcome_date": None,
        "plan_issued_date": date(2025, 5, 20),
    },
    "closed_differs_from_plan": {"closed_date": date(2025, 6, 1)},
    "reversal_before_refusal": {"request_outcome": "N", "reversal_date": date(2025, 2, 9)},
    "reversal_without_refusal": {"reversal_route": "tribunal_order"},
    "reversal_without_route": {"request_outcome": "N"},
    "flag_not_0_or_1": {"week20": "perhaps"},
    "panel_before_received": {"panel_date": date(2025, 1, 5)},
    "panel_after_decision": {"panel_date": date(2025, 2, 11)},
    "issue_decision_before_received": {"issue_decision_date": date(2025, 1, 5)},
    "issue_decision_before_request_outcome": {"issue_decision_date": date(2025, 2, 9)},
    "draft_before_received": {"draft_sent_date": date(2025, 1, 5)},
    "draft_before_issue_decision": {"draft_sent_date": date(2025, 4, 24)},
    "draft_before_reversal": {"request_outcome": "N", "reversal_date": date(2025, 5, 2)},
    "first_final_overwritten": {"plan_start_date": date(2025, 5, 19)},
    "reversal_before_request": {"request_outcome": "N", "reversal_date": date(2025, 1, 5)},
    "challenge_without_reversal": {"request_outcome": "N", "request_mediation": 1},
    "challenge_without_refusal": {"assessment_tribunal": 1},
    "week20_without_plan": {"week20": 1, "assessment_outcome": "A", "assessment_outcome_date": None},
}
FOUND_BY_LIMITS = {
    "final_within_comment_period": {"draft_sent_date": date(2025, 5, 6)},
    "exception_on_time": {"week20": 1},
    "withdrawn_before_limit": {
        **dict.fromkeys(("assessment_outcome_date", "draft_sent_date", "issue_decision_date")),
        "assessment_outcome": "W",
        "closed_date": date(2025, 5, 12),  # received on 6 January, so due on 26 May
        "closed_reason": "withdrawn",
    },
    "closed_differs_from_refusal": {
        "assessment_outcome": "N",
        "draft_sent_date": None,
        "closed_date": date(2025, 5, 21),
    },
    "request_within_six_months": {"last_assessed_date": date(2024, 7, 7)},
    "open_without_event": {
        **dict.fromkeys(CLEAN),
        "received_date": date(2023, 5, 1),
        "request_outcome": "Y",
        "request_outcome_date": date(2023, 9, 30),
    },
    "day_and_month_swapped": {"received_date": date(2025, 6, 1)},  # 6 January
}


def codes(found):
    return set(found["code"])


def test_a_clean_case_has_no_problem():
    assert check(frame([CLEAN]), as_at=AS_AT).empty


@pytest.mark.parametrize("code", FOUND | FOUND_BY_LIMITS)
def test_a_check_finds_what_it_names(code):
    found = check(frame([{**CLEAN, **(FOUND | FOUND_BY_LIMITS)[code]}]), as_at=AS_AT)
    assert code in codes(found)
    assert found["case_id"].eq("0").all()
    assert found["message"].str.len().gt(10).all()


def test_a_plan_beside_its_outcome_or_after_a_refusal_is_no_query_about_a_missing_one():
    issued = {"plan_issued_date": date(2025, 5, 20)}
    refused = {"assessment_outcome": "N", "assessment_outcome_date": date(2025, 4, 20)}
    for facts in (issued, issued | refused):
        found = check(frame([CLEAN | facts]), as_at=AS_AT)["code"]
        assert "plan_issued_without_outcome" not in set(found)


def test_every_check_on_cases_is_tried_above():
    assert {one.code for one in CASE_CHECKS} == set(FOUND)


EDGES = {
    "withdrawn_before_limit": ("closed_date", date(2025, 5, 11), date(2025, 5, 27)),
    "request_within_six_months": ("last_assessed_date", date(2024, 7, 6), date(2025, 1, 7)),
    "open_without_event": ("request_outcome_date", date(2023, 10, 1), date(2025, 1, 1)),
    "final_within_comment_period": ("draft_sent_date", date(2025, 5, 5), date(2025, 5, 1)),
    "panel_after_decision": ("panel_date", date(2025, 2, 10), date(2025, 1, 6)),
    "first_final_overwritten": ("plan_start_date", date(2025, 5, 20), date(2025, 6, 1)),
}


@pytest.mark.parametrize("code", EDGES)
def test_a_day_on_the_other_side_is_no_finding(code):
    column, *days = EDGES[code]
    for day in days:
        row = {**CLEAN, **(FOUND | FOUND_BY_LIMITS)[code], column: day}
        assert code not in codes(check(frame([row]), as_at=AS_AT)), day


def test_an_exception_on_a_late_plan_is_not_remarked_on():
    late = {**CLEAN, "week20": 1, "assessment_outcome_date": date(2025, 5, 27)}
    assert check(frame([late]), as_at=AS_AT).empty


def test_exceptions_on_every_plan_of_the_extract_are_one_query_about_no_case():
    rows = [{**CLEAN, "person_id": None, "week20": 1, "assessment_outcome_date": date(2025, 6, 2)}] * 10
    found = check(frame(rows), as_at=AS_AT)
    assert found["code"].tolist() == ["exception_on_every_plan"]
    assert found["case_id"].isna().all()
    assert check(frame([*rows, {**rows[0], "week20": 0}]), as_at=AS_AT).empty
    assert check(frame(rows[:9]), as_at=AS_AT).empty


def test_an_open_case_with_later_advice_has_had_an_event():
    cases = frame([{**CLEAN, **FOUND_BY_LIMITS["open_without_event"]}])
    advice = frame([{"case_id": "0", "advice_type": "parent", "requested_date": date(2023, 10, 1)}], "advice")
    assert check(cases, as_at=AS_AT, advice=advice).empty


def test_a_plan_out_of_order_shows_its_day_wherever_it_stands():
    found = check(frame([{**CLEAN, "draft_sent_date": date(2025, 5, 21)}]), as_at=AS_AT)
    assert found[["code", "value"]].to_numpy().tolist() == [["final_before_draft", "2025-05-20"]]


def test_a_swap_is_a_suggestion_with_the_other_day():
    found = check(frame([{**CLEAN, "received_date": date(2025, 6, 1)}]), as_at=AS_AT)
    swap = found[found["code"] == "day_and_month_swapped"]
    assert swap[["column", "value", "severity"]].to_numpy().tolist() == [
        ["received_date", "2025-01-06", "query"]
    ]


def test_a_review_before_the_recorded_plan_shows_that_it_is_not_the_first():
    row = {**CLEAN, "review_date": pd.Timestamp("2025-05-19")}
    assert codes(check(frame([row]), as_at=AS_AT)) == {"first_final_overwritten"}


def test_a_reversal_before_the_refusal_to_issue_is_found():
    refused = {
        **CLEAN,
        "assessment_outcome": "N",
        "draft_sent_date": None,
        "reversal_date": date(2025, 5, 19),
    }
    assert "reversal_before_refusal" in codes(check(frame([refused]), as_at=AS_AT))
    later = {**refused, "reversal_date": date(2025, 5, 20)}
    assert "reversal_before_refusal" not in codes(check(frame([later]), as_at=AS_AT))


def test_a_limit_by_agreement_may_lie_ahead():
    agreed = {**CLEAN, "plan_final_override_date": date(2025, 12, 1)}
    assert check(frame([agreed]), as_at=AS_AT).empty


def test_a_plan_agreed_with_no_day_is_not_a_problem():
    agreed = {**CLEAN, "assessment_outcome_date": None}
    assert check(frame([agreed]), as_at=AS_AT).empty


def test_the_same_case_id_twice_is_found_and_does_not_raise():
    cases = frame([CLEAN, {**CLEAN, "person_id": "Q"}]).assign(case_id="A")
    assert codes(check(cases, as_at=AS_AT)) == {"duplicate_case_id"}


def requests(*rows):
    """Requests of one person: received, told no on a day (or still open), the person."""
    names = ("received_date", "request_outcome_date", "person_id")
    return frame(
        [
            {**dict(zip(names, (*row, "P")[:3], strict=True)), "request_outcome": "N" if row[1] else "A"}
            for row in rows
        ]
    )


def said(cases, as_at=AS_AT):
    found = check(cases, as_at=as_at)
    return found[["case_id", "code", "value"]].to_numpy().tolist()


MARCH, MAY, NOVEMBER = date(2025, 3, 3), date(2025, 5, 6), date(2025, 11, 4)


def test_two_live_requests_of_one_child_suggest_the_earlier_receipt():
    """users.md situation 8: the school asks on 3 March, the parent on 10 March, with no decision between."""
    assert said(requests((date(2025, 3, 10), None), (MARCH, None))) == [
        ["0", "two_open_requests", ""],
        ["1", "two_open_requests", ""],
        ["0", "request_overlaps_earlier", "2025-03-03"],
    ]


def test_an_overlap_is_found_by_dates_after_both_have_ended():
    both = requests((MARCH, MAY), (date(2025, 3, 10), MAY))
    assert said(both) == [["1", "request_overlaps_earlier", "2025-03-03"]]


def test_a_request_after_a_refusal_is_a_new_one_with_a_clock_of_its_own():
    again = requests((MARCH, MAY), (NOVEMBER, None))
    assert said(again, date(2025, 12, 1)) == [["1", "re_request", "2025-05-06"]]
    assert said(requests((MARCH, MAY), (MAY, None))) == [["1", "re_request", "2025-05-06"]]


def test_a_third_request_is_held_against_every_earlier_one():
    three = requests((MARCH, NOVEMBER), (date(2025, 3, 10), date(2025, 4, 1)), (MAY, None))
    found = said(three, date(2025, 12, 1))
    assert [row for row in found if row[0] == "2"] == [["2", "request_overlaps_earlier", "2025-03-03"]]


def test_twins_and_people_without_an_id_are_never_matched():
    assert said(requests((MARCH, None, "P"), (MARCH, None, "Q"))) == []
    assert said(requests((MARCH, None, None), (MARCH, None, None), (MARCH, None, " "))) == []


def test_a_row_marked_as_a_duplicate_is_not_reported_again():
    cases = requests((MARCH, None), (date(2025, 3, 10), None)).assign(closed_reason=[None, "duplicate"])
    assert [row for row in said(cases) if row[1] == "request_overlaps_earlier"] == []


def test_a_code_that_may_be_anything_is_not_shown():
    found = check(frame([{**CLEAN, "request_outcome": "Jane Doe said yes"}]), as_at=AS_AT)
    assert "Jane" not in found.to_string()


ASKED = {
    "case_id": "0",
    "advice_type": "health",
    "requested_date": date(2025, 3, 1),
    "body_received_date": date(2025, 3, 3),
    "round": 1,
}
FOUND_IN_ADVICE = {
    "advice_not_dated": {"requested_date": None},
    "date_implausible": {"requested_date": date(1900, 1, 1)},
    "date_after_as_at": {"returned_date": date(2026, 3, 1)},
    "code_not_known": {"advice_type": "doctor"},
    "returned_before_requested": {"returned_date": date(2025, 2, 1)},
    "body_received_before_requested": {"body_received_date": date(2025, 2, 1)},
    "returned_before_body_received": {"returned_date": date(2025, 3, 2)},
    "allocated_before_requested": {"allocated_date": date(2025, 2, 28)},
    "returned_before_allocated": {"returned_date": date(2025, 3, 3), "allocated_date": date(2025, 3, 4)},
    "body_received_missing": {"body_received_date": None},
    "flag_not_0_or_1": {"bound_by_reg_8": "usually"},
    "advice_without_case": {"case_id": "gone"},
    "advice_before_decision": {"requested_date": date(2025, 2, 9)},
    "advice_after_plan": {"requested_date": date(2025, 5, 21), "body_received_date": date(2025, 5, 21)},
    "round_without_rejection": {"round": 2},
}
# What comes with a fault, because the same days are wrong in another way too.
WITH = {
    "date_implausible": {"body_received_before_requested", "advice_before_decision"},
    "returned_before_requested": {"returned_before_body_received"},
}


@pytest.mark.parametrize("code", FOUND_IN_ADVICE)
def test_a_check_on_advice_finds_what_it_names(code):
    advice = frame([{**ASKED, **FOUND_IN_ADVICE[code]}], "advice")
    assert codes(check(frame([CLEAN]), as_at=AS_AT, advice=advice)) - WITH.get(code, set()) == {code}


def test_every_check_on_advice_is_tried_above():
    of_cases = {
        "advice_without_case",
        "advice_before_decision",
        "advice_after_plan",
        "round_without_rejection",
    }
    assert {one.code for one in ADVICE_CHECKS} | of_cases == set(FOUND_IN_ADVICE)


def askings(*changes):
    rows = frame([{**ASKED, **change} for change in changes], "advice")
    return check(frame([CLEAN]), as_at=AS_AT, advice=rows)["code"].tolist()


BACK = {"advice_outcome": "rejected", "returned_date": date(2025, 4, 1)}


def test_a_second_round_after_a_rejected_first_is_as_it_should_be():
    again = {"round": 2, "requested_date": date(2025, 4, 1), "body_received_date": date(2025, 4, 1)}
    assert askings(BACK, again) == []
    assert askings(again, BACK) == []


def test_a_second_round_before_the_rejected_answer_came_back_is_a_query():
    assert askings(BACK, {"round": 2, "requested_date": date(2025, 3, 31)}).count("round_before_answer") == 1


def test_a_second_round_of_another_service_needs_a_first_of_its_own():
    other = {"round": 2, "requested_date": date(2025, 4, 1), "body_received_date": date(2025, 4, 1)}
    assert askings({**BACK, "sub_service": "OT"}, {**other, "sub_service": "SaLT"}) == [
        "round_without_rejection"
    ]


def test_the_same_service_asked_twice_on_a_day_is_a_query_and_two_services_are_not():
    assert askings({}, {}) == ["same_asking_twice"] * 2
    assert askings({"sub_service": "OT"}, {"sub_service": "SaLT"}) == []
    assert askings({}, {"requested_date": date(2025, 3, 2)}) == []


def test_advice_asked_while_the_decision_is_not_made_is_before_it():
    cases = frame([{"received_date": date(2025, 1, 6), "request_outcome": "A"}])
    found = check(cases, as_at=AS_AT, advice=frame([ASKED], "advice"))
    assert codes(found) == {"advice_before_decision"}


CLAIM = {
    "case_id": "0",
    "rule": "plan_final",
    "code": "ABSENT_4W",
    "from_date": date(2025, 2, 1),
    "to_date": date(2025, 2, 28),
}
FOUND_IN_CLAIMS = {
    "claim_not_supported": {"to_date": date(2025, 2, 27)},
    "claim_not_an_exemption": {"code": "EP_SHORTAGE"},
    "claim_cannot_be_told": {"from_date": None, "to_date": None},
    "claim_without_reason": {"code": None},
    "claim_without_case": {"case_id": "gone"},
    "claim_rule_not_known": {"rule": "plan"},
    "claim_ends_before_it_starts": {"to_date": date(2025, 1, 31)},
}


def claimed(*changes, closures=None, **case):
    row = {**CLEAN, "week20": 1, "assessment_outcome_date": date(2025, 5, 27), **case}
    claims = frame([{**CLAIM, **change} for change in changes], "exemptions")
    return check(frame([row]), as_at=AS_AT, exemptions=claims, closures=closures)


def test_a_supported_claim_is_no_problem():
    assert claimed({}).empty


@pytest.mark.parametrize("code", FOUND_IN_CLAIMS)
def test_a_check_on_claims_finds_what_it_names(code):
    found = claimed(FOUND_IN_CLAIMS[code])
    assert codes(found) - {"week20_without_reason"} == {code}
    assert found["message"].str.len().gt(10).all()


def test_a_claim_of_a_case_that_begins_in_9999_is_not_judged():
    found = claimed({}, received_date=date(9999, 12, 31))
    assert "date_implausible" in codes(found)
    assert not found["code"].str.startswith("claim_").any()


def test_a_reason_that_may_be_anything_is_not_shown():
    found = claimed({"code": "Jane Doe was ill"})
    assert found["code"].tolist() == ["claim_not_an_exemption"]
    assert "Jane" not in found.to_string()


def test_an_exception_needs_a_reason_and_a_reason_an_exception():
    gone = {**CLAIM, "rule": "issue_decision"}
    assert "week20_without_reason" in codes(claimed(gone))
    assert codes(claimed({}, week20=0)) == {"reason_without_week20"}


def test_claims_that_overlap_are_a_query_and_the_first_is_still_judged():
    found = claimed({"to_date": date(2025, 2, 27)}, {})
    assert codes(found) == {"claims_overlap", "claim_not_supported"}


def shut(closed, reopened, setting="S"):
    return {"setting_id": setting, "closed_from": closed, "reopened_on": reopened}


def test_closures_that_cannot_be_are_found_and_stop_nothing():
    closures = frame(
        [
            shut(date(2025, 7, 20), date(2025, 9, 1)),
            shut(date(2025, 9, 3), date(2025, 7, 20)),
            shut(date(2025, 8, 31), date(2025, 9, 4)),
            shut(date(2025, 8, 31), date(2025, 9, 4), "T"),
            shut(date(2025, 9, 4), date(2025, 9, 8)),
            shut(None, date(2025, 9, 8)),
        ],
        "closures",
    )
    found = claimed({}, closures=closures)
    assert found[["code", "value"]].to_numpy().tolist() == [
        ["closure_ends_before_it_starts", "2025-07-20"],
        ["closure_not_dated", ""],
        ["closures_overlap", "2025-08-31"],
    ]
    assert found["case_id"].isna().all()


def test_the_same_case_twice_stops_no_claim_from_being_judged():
    cases = frame([{**CLEAN, "week20": 1}] * 2).assign(case_id="0")
    claims = frame([{**CLAIM, "code": "EP_SHORTAGE"}], "exemptions")
    assert "claim_not_an_exemption" in codes(check(cases, as_at=AS_AT, exemptions=claims))


def test_no_rows_give_no_problems_and_a_missing_column_raises():
    assert check(frame([CLEAN]).iloc[:0], as_at=AS_AT).empty
    with pytest.raises(InputError, match="received_date"):
        check(pd.DataFrame({"case_id": []}), as_at=AS_AT)
