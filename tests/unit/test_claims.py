"""Claims of exemption judged on their dates: every answer here was worked out by hand from law.md section 3."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import InputError
from ehcptime.law.book import LAW
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.claims import (
    CAUSATION,
    claims_of_case,
    exemption_claims,
    supported,
    supported_by_rule,
)
from ehcptime.tracking.closures import closures_that_may_apply
from ehcptime.tracking.faults import claim_faults, closure_faults
from frames import frame, plain

AS_AT = date(2026, 3, 31)
# Received 2 April 2025: week 6 ends on 14 May, week 16 on 23 July, week 20 on 20 August.
CASE = {"received_date": "2025-04-02", "setting_id": "S"}
SUMMER = {"setting_id": "S", "closed_from": "2025-07-23", "reopened_on": "2025-09-03"}


def judged(claim, *, case=None, as_at=AS_AT, closures=None, advice=None):
    claim = {"case_id": "0", "rule": "plan_final", "code": "SCHOOL_CLOSED", **claim}
    found = exemption_claims(
        frame([{**CASE, **(case or {})}]),
        frame([claim], "exemptions"),
        as_at=as_at,
        closures=None if closures is None else frame(closures, "closures"),
        advice=None
        if advice is None
        else frame([{"case_id": "0", "advice_type": "education", **row} for row in advice], "advice"),
    )
    row = found.iloc[0]
    return row["verdict"], row["supported"], row["why"]


def verdict(claim, **given):
    return judged(claim, **given)[0]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("2025-07-14", "not_supported"),
        ("2025-07-15", "not_supported"),  # 8 days before it closed
        ("2025-07-16", "supported"),  # 7
        ("2025-07-17", "supported"),  # 6
        ("2025-07-18", "supported"),
        ("2025-07-23", "supported"),
        ("2025-08-25", "supported"),
        ("2025-08-26", "supported"),  # 8 days before it re-opened
        ("2025-08-27", "cannot_be_told"),  # 7: the edge that is unsettled
        ("2025-08-28", "not_supported"),
        ("2025-08-29", "not_supported"),
        ("2025-09-03", "not_supported"),
        ("2025-09-10", "not_supported"),
    ],
)
@pytest.mark.parametrize("code", ["SCHOOL_CLOSED", "EY_CLOSED", " school_closed "])
def test_the_window_of_a_summer_closure(asked, expected, code):
    assert verdict({"code": code, "advice_requested_date": asked}, closures=[SUMMER]) == expected


@pytest.mark.parametrize(
    ("reopened", "expected"),
    [("2025-07-28", "not_supported"), ("2025-07-29", "supported"), ("2025-07-30", "supported")],
)
def test_a_closure_of_27_days_is_too_short_and_one_of_28_is_not(reopened, expected):
    closure = {"setting_id": "S", "closed_from": "2025-07-01", "reopened_on": reopened}
    assert verdict({"advice_requested_date": "2025-07-02"}, closures=[closure]) == expected


def test_why_names_the_days():
    closure = {**SUMMER, "closed_from": "2025-07-22"}
    assert judged({"advice_requested_date": "2025-07-10"}, closures=[closure]) == (
        "not_supported",
        "no",
        "the school was asked for advice on 10 July 2025, 12 days before it closed on 22 July 2025; the window opens 7 days before",
    )
    easter = {"setting_id": "S", "closed_from": "2025-04-07", "reopened_on": "2025-04-21"}
    assert judged({"advice_requested_date": "2025-04-08"}, closures=[easter])[2] == (
        "the school closed for 14 days, from 7 April 2025 until 21 April 2025, and the law asks for 4 weeks or more"
    )
    assert judged({"advice_requested_date": "2025-08-27"}, closures=[SUMMER]) == (
        "cannot_be_told",
        "cannot_be_told",
        (
            "the school was asked for advice on 27 August 2025, the closure window's last day: whether it counts is unsettled; "
            "the limit had already ended on 20 August 2025"
        ),
    )
    late = {"code": "EY_CLOSED", "advice_requested_date": "2025-08-30"}
    assert judged(late, closures=[SUMMER])[2].startswith(
        "the early-years setting was asked for advice on 30 August 2025, 4 days before it re-opened on 3 September 2025; "
        "the window shuts 7 days before it re-opens"
    )
    assert "not_an_exemption" not in CAUSATION
    assert "person's judgement" in CAUSATION


def test_any_closure_that_supports_wins_and_the_nearest_speaks_otherwise():
    easter = {"setting_id": "S", "closed_from": "2025-04-05", "reopened_on": "2025-04-22"}
    assert verdict({"advice_requested_date": "2025-07-20"}, closures=[easter, SUMMER]) == "supported"
    answer = judged({"advice_requested_date": "2025-04-03"}, closures=[SUMMER, easter])
    assert answer[0] == "not_supported"
    assert "closed for 17 days" in answer[2]


def test_the_closure_of_another_setting_is_none():
    other = {**SUMMER, "setting_id": "T"}
    assert verdict({"advice_requested_date": "2025-07-20"}, closures=[other]) == "cannot_be_told"
    assert verdict({"advice_requested_date": "2025-07-20"}) == "cannot_be_told"
    blank = {"setting_id": None}
    assert verdict({"advice_requested_date": "2025-07-20"}, case=blank, closures=[SUMMER]) == "cannot_be_told"


def test_the_days_of_the_claim_stand_in_for_a_closure_and_the_last_is_a_closed_day():
    days = {"from_date": "2025-07-01", "advice_requested_date": "2025-07-02"}
    assert verdict({**days, "to_date": "2025-07-27"}) == "not_supported"  # re-opened on the 28th: 27 days
    assert verdict({**days, "to_date": "2025-07-28"}) == "supported"
    assert verdict({"from_date": "2025-07-01", "to_date": "2025-07-28"}) == "cannot_be_told"  # nobody asked
    # Recorded closures that overlap the claim's days are used in place of them.
    short = {"setting_id": "S", "closed_from": "2025-07-01", "reopened_on": "2025-07-15"}
    assert verdict({**days, "to_date": "2025-07-28"}, closures=[short]) == "not_supported"


def test_a_claim_without_a_day_of_asking_takes_it_from_the_advice():
    inside, outside = {"requested_date": "2025-07-20"}, {"requested_date": "2025-05-20"}
    assert verdict({}, closures=[SUMMER]) == "cannot_be_told"
    assert verdict({}, closures=[SUMMER], advice=[inside]) == "supported"
    assert verdict({}, closures=[SUMMER], advice=[outside]) == "not_supported"
    assert verdict({}, closures=[SUMMER], advice=[outside, inside]) == "supported"
    health = {**inside, "advice_type": "health"}
    assert verdict({}, closures=[SUMMER], advice=[health]) == "cannot_be_told"
    elsewhere = {**inside, "setting_id": "T"}
    assert verdict({}, closures=[SUMMER], advice=[elsewhere]) == "cannot_be_told"
    # The claim's own day is the one that is judged.
    assert (
        verdict({"advice_requested_date": "2025-05-20"}, closures=[SUMMER], advice=[inside])
        == "not_supported"
    )


def test_a_closure_reads_as_it_stood():
    asked = {"advice_requested_date": "2025-07-20"}
    # 28 days closed by 19 August, but the day of asking is only sure to be in the window once that is.
    assert verdict(asked, closures=[SUMMER], as_at=date(2025, 8, 18)) == "cannot_be_told"
    assert verdict(asked, closures=[SUMMER], as_at=date(2025, 8, 19)) == "supported"
    assert verdict(asked, closures=[SUMMER], as_at=date(2025, 7, 22)) == "cannot_be_told"  # not yet closed
    assert verdict(asked, closures=[{**SUMMER, "reopened_on": None}]) == "cannot_be_told"
    before = {"advice_requested_date": "2025-07-01"}
    assert verdict(before, closures=[SUMMER], as_at=date(2025, 8, 1)) == "not_supported"
    late = {"advice_requested_date": "2025-08-20"}
    assert verdict(late, closures=[SUMMER], as_at=date(2025, 8, 26)) == "cannot_be_told"
    assert verdict(late, closures=[SUMMER], as_at=date(2025, 8, 27)) == "supported"


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025-05-01", "2025-05-28", "supported"),  # 28 days, both counted
        ("2025-05-01", "2025-05-27", "not_supported"),
        ("2025-07-24", "2025-09-30", "supported"),  # 28 days to 20 August
        ("2025-07-25", "2025-09-30", "not_supported"),
        ("2025-02-01", "2025-04-29", "supported"),  # 28 days from 2 April
        ("2025-02-01", "2025-04-28", "not_supported"),
        ("2025-01-01", "2025-12-31", "supported"),
        ("2025-09-01", "2025-12-31", "not_supported"),
        (None, "2025-05-28", "cannot_be_told"),
        (None, None, "cannot_be_told"),
        ("2025-07-24", None, "supported"),  # still away by as_at, long after
        ("2025-07-25", None, "not_supported"),  # 27 days of the limit were left
    ],
)
def test_an_absence_of_four_weeks_inside_the_limit(first, last, expected):
    assert verdict({"code": "ABSENT_4W", "from_date": first, "to_date": last}) == expected


@pytest.mark.parametrize(
    ("as_at", "expected"),
    [
        (date(2025, 5, 27), "cannot_be_told"),
        (date(2025, 5, 28), "supported"),
        (date(2025, 4, 30), "cannot_be_told"),
    ],
)
@pytest.mark.parametrize("last", [None, "2025-06-30"])
def test_an_absence_that_goes_on_is_judged_up_to_as_at(as_at, expected, last):
    claim = {"code": "ABSENT_4W", "from_date": "2025-05-01", "to_date": last}
    assert verdict(claim, as_at=as_at) == expected


def test_absence_is_judged_against_the_one_limit_that_is_named():
    away = {"code": "ABSENT_4W", "from_date": "2025-04-20", "to_date": "2025-05-20"}
    assert verdict(away) == "supported"
    assert verdict({**away, "rule": "plan_refusal"}) == "supported"
    assert verdict({**away, "rule": "request_decision"}) == "not_supported"  # 25 days to 14 May
    why = judged({**away, "rule": "request_decision"})[2]
    assert why == (
        "away from 20 April 2025 to 20 May 2025: 25 days of it in the period of the limit, 2 April 2025 to 14 May 2025, "
        "and the law asks for 4 weeks or more inside it"
    )


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2025-06-01", "2025-06-10", "supported"),
        ("2025-08-20", "2025-09-10", "supported"),
        ("2025-08-21", "2025-09-10", "not_supported"),
        ("2025-03-01", "2025-04-02", "supported"),
        ("2025-03-01", "2025-04-01", "not_supported"),
        ("2025-06-01", None, "supported"),
        ("2025-03-01", None, "cannot_be_told"),
        (None, "2025-06-10", "cannot_be_told"),
        (None, None, "cannot_be_told"),
    ],
)
def test_exceptional_circumstances_have_a_day_inside_the_limit(first, last, expected):
    assert verdict({"code": "EXC_PERSONAL", "from_date": first, "to_date": last}) == expected


def test_circumstances_that_had_not_ended_by_as_at_lasted_until_then():
    claim = {"code": "EXC_PERSONAL", "from_date": "2025-03-01", "to_date": "2025-12-01"}
    assert verdict(claim, as_at=date(2025, 5, 1)) == "supported"


@pytest.mark.parametrize(
    "code", ["EP_SHORTAGE", "PARENT_ASKED_TO_WAIT", "PANEL_DATE", "BANK_HOLIDAY", "WAITING_LIST", "BUDGET", "SCHOOL_PLACE", "Jo was ill"]
)  # fmt: skip
@pytest.mark.parametrize("rule", ["plan_final", "request_decision", "issue_decision"])
def test_what_is_not_in_the_law_is_no_exemption(code, rule):
    found = judged({"code": code, "rule": rule, "from_date": "2025-05-01", "to_date": "2025-06-10"})
    assert found[:2] == ("not_an_exemption", "no")
    assert "none of the law's exemptions" in found[2]
    assert "Jo" not in found[2]


def test_a_code_of_another_limit_says_where_it_belongs():
    missed = judged({"code": "MISSED_APPT", "from_date": "2025-05-01"})
    assert missed[:2] == ("not_an_exemption", "no")
    assert "advice_body" in missed[2]
    two_weeks = judged({"code": "ABSENT_2W", "from_date": "2025-05-01", "to_date": "2025-06-10"})
    assert two_weeks[:2] == ("not_an_exemption", "no")
    assert "order_assess_" in two_weeks[2]
    assert "reg 44(3)" in two_weeks[2]
    assert verdict({"rule": "draft_comment", "advice_requested_date": "2025-07-20"}) == "not_an_exemption"


@pytest.mark.parametrize("code", [None, "", "  "])
def test_a_claim_without_a_reason_cannot_be_told(code):
    assert judged({"code": code}) == ("cannot_be_told", "cannot_be_told", "no reason is recorded")


def test_a_claim_of_a_case_that_is_not_there_cannot_be_told():
    assert judged({"case_id": "elsewhere", "code": "EP_SHORTAGE"}) == (
        "cannot_be_told",
        "cannot_be_told",
        "its case is not in the cases",
    )


def test_a_claim_on_a_case_with_no_start_cannot_be_told():
    claim = {"code": "ABSENT_4W", "from_date": "2025-05-01", "to_date": "2025-06-10"}
    assert verdict(claim, case={"received_date": None}) == "cannot_be_told"


REFUSED = {"request_outcome": "N", "request_outcome_date": "2025-05-20"}


def test_a_claim_on_a_refused_request_says_that_reg_4_1_has_none():
    away = {
        "code": "ABSENT_4W",
        "rule": "request_decision",
        "from_date": "2025-04-05",
        "to_date": "2025-05-05",
    }
    found = judged(away, case=REFUSED)
    assert found[0] == "supported"
    assert "regulation 4(1)" in found[2]
    assert "regulation 5(4) lifts" in found[2]
    assert "regulation 4(1)" not in judged(away, case={**REFUSED, "request_outcome": "Y"})[2]
    assert "regulation 4(1)" not in judged(away, case=REFUSED, as_at=date(2025, 5, 19))[2]
    none = judged({"code": "EP_SHORTAGE", "rule": "request_decision"}, case=REFUSED)
    assert none[0] == "not_an_exemption"
    assert "regulation 4(1)" in none[2]


def test_the_limit_on_a_refusal_itself_has_none():
    claim = {
        "rule": "assess_refusal_notice",
        "code": "ABSENT_4W",
        "from_date": "2025-04-05",
        "to_date": "2025-05-05",
    }
    found = judged(claim, case=REFUSED)
    assert found[:2] == ("not_an_exemption", "no")
    assert "regulation 4(1)" in found[2]
    assert "claim it on request_decision" in found[2]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2019-12-12", "not_supported"),  # week 20 on 30 April 2020
        ("2019-12-13", "supported"),  # 1 May 2020
        ("2020-06-01", "supported"),
        ("2020-09-25", "supported"),
        ("2020-09-26", "not_supported"),
        ("2025-04-02", "not_supported"),
    ],
)
def test_the_coronavirus_reason_is_tested_against_the_running_period(received, expected):
    assert verdict({"code": "COVID"}, case={"received_date": received}) == expected


def test_a_coronavirus_reason_dated_outside_its_time_is_not_supported():
    case = {"received_date": "2020-03-02"}  # week 20 on 20 July 2020
    assert verdict({"code": "COVID", "from_date": "2020-07-20"}, case=case) == "supported"
    assert verdict({"code": "COVID", "from_date": "2020-07-21"}, case=case) == "not_supported"
    early = {"code": "COVID", "from_date": "2020-03-20", "to_date": "2020-04-30"}
    assert verdict(early, case=case) == "not_supported"
    assert verdict({**early, "to_date": "2020-05-01"}, case=case) == "supported"


ORDER = {
    "request_outcome": "N",
    "request_outcome_date": "2025-05-01",
    "reversal_of": "assess",
    "reversal_route": "tribunal_order",
    "reversal_date": "2025-09-01",
    "order_to_assess_date": pd.Timestamp("2025-09-01"),
}


def test_after_an_order_the_limit_in_force_has_the_exemptions_of_reg_44_3():
    # 14 weeks from 1 September 2025 is 8 December.
    away = {"from_date": "2025-11-25", "to_date": "2025-12-31"}  # 14 days to 8 December
    for rule in ("plan_final", "plan_after_reversal", "order_assess_final"):
        assert verdict({**away, "code": "ABSENT_2W", "rule": rule}, case=ORDER) == "supported"
        late = {**away, "code": "ABSENT_2W", "rule": rule, "from_date": "2025-11-26"}
        assert verdict(late, case=ORDER) == "not_supported"
        assert verdict({**away, "code": "ABSENT_4W", "rule": rule}, case=ORDER) == "not_an_exemption"
        assert verdict({**away, "code": "AS_13_3", "rule": rule}, case=ORDER) == "cannot_be_told"
        assert verdict({**away, "code": "EXC_PERSONAL", "rule": rule}, case=ORDER) == "supported"
    closure = {"rule": "plan_final", "advice_requested_date": "2025-07-20"}
    found = judged(closure, case=ORDER, closures=[SUMMER])
    assert found[0] == "not_an_exemption"
    assert found[2].endswith("after the reversal the limit in force is order_assess_final")
    own = {**ORDER, "reversal_route": "own_change"}
    assert verdict({**away, "code": "ABSENT_2W"}, case=own) == "not_an_exemption"
    assert verdict(closure, case=own, closures=[SUMMER]) == "supported"


@pytest.mark.parametrize(
    ("code", "first", "last", "expected"),
    [
        ("MISSED_APPT", "2025-06-09", None, "supported"),
        ("MISSED_APPT", "2025-07-21", None, "supported"),
        ("MISSED_APPT", "2025-07-22", None, "not_supported"),
        ("MISSED_APPT", "2025-06-08", None, "not_supported"),
        ("MISSED_APPT", None, None, "cannot_be_told"),
        ("ABSENT_4W_BODY", "2025-06-24", "2025-08-30", "supported"),
        ("ABSENT_4W_BODY", "2025-06-25", "2025-08-30", "not_supported"),
        ("EXC_CIRC_BODY", "2025-07-21", None, "supported"),
        ("EXC_CIRC_BODY", "2025-07-22", None, "not_supported"),
        ("EXC_PERSONAL", "2025-07-01", None, "not_an_exemption"),
        ("SCHOOL_CLOSED", "2025-07-01", None, "not_an_exemption"),
    ],
)
def test_the_six_weeks_of_a_body(code, first, last, expected):
    health = {"advice_type": "health", "requested_date": "2025-06-06", "body_received_date": "2025-06-09"}
    claim = {"rule": "advice_body", "code": code, "from_date": first, "to_date": last}
    assert verdict(claim, advice=[health]) == expected
    education = {"advice_type": "education", "requested_date": "2025-06-09"}
    for given in (None, [education]):
        none_given = "cannot_be_told" if expected != "not_an_exemption" else expected
        assert verdict(claim, advice=given) == none_given


def test_claims_keep_their_order_index_and_columns_and_nothing_is_changed():
    cases = frame([CASE, CASE])
    claims = frame(
        [
            {"case_id": "1", "rule": "plan_final", "code": "EP_SHORTAGE", "ours": 1},
            {
                "case_id": "0",
                "rule": "plan_final",
                "code": "EXC_PERSONAL",
                "from_date": "2025-05-01",
                "ours": 2,
            },
        ],
        "exemptions",
    ).set_axis([7, 3])
    before = claims.copy(deep=True)
    found = exemption_claims(cases, claims, as_at=AS_AT)
    pd.testing.assert_frame_equal(claims, before)
    assert list(found.index) == [7, 3]
    assert list(found.columns) == [*claims.columns, "verdict", "supported", "why"]
    assert found["verdict"].tolist() == ["not_an_exemption", "supported"]
    assert found["verdict"].cat.categories.tolist() == ["supported", "not_supported", "cannot_be_told", "not_an_exemption"]  # fmt: skip
    assert found["supported"].tolist() == ["no", "yes"]


def test_no_claims_are_no_rows():
    nothing = pd.DataFrame({"case_id": [], "rule": [], "code": []})
    found = exemption_claims(frame([CASE]), nothing, as_at=AS_AT)
    assert found.empty
    assert list(found.columns) == ["case_id", "rule", "code", "verdict", "supported", "why"]
    columns = supported_by_rule(frame([CASE]), nothing, as_at=AS_AT)
    assert plain(columns["plan_final"][0]) is None


GOOD = {
    "case_id": "0",
    "rule": "plan_final",
    "code": "ABSENT_4W",
    "from_date": "2025-05-01",
    "to_date": "2025-05-31",
}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([GOOD, {**GOOD, "from_date": "2025-05-31", "to_date": "2025-06-30"}], ["row 1", "overlaps the claim in row 0"]),
        ([GOOD, {**GOOD, "from_date": "2025-04-01", "to_date": None}], ["row 0", "overlaps the claim in row 1"]),
        ([GOOD, {**GOOD, "code": " absent_4w", "from_date": "2025-05-10", "to_date": "2025-05-11"}], ["overlaps"]),
        ([{**GOOD, "to_date": "2025-04-30"}], ["row 0", "to_date", "ends before it starts"]),
        ([GOOD, {**GOOD, "rule": "plan_finl"}], ["column 'rule', row 1", "rule book"]),
        ([{**GOOD, "rule": None}], ["column 'rule', row 0"]),
    ],
)  # fmt: skip
def test_claims_that_cannot_be_used_are_refused_in_one_sentence(rows, says):
    with pytest.raises(InputError) as raised:
        exemption_claims(frame([CASE]), frame(rows, "exemptions"), as_at=AS_AT)
    for part in says:
        assert part in str(raised.value)
    assert len(list(claim_faults(frame(rows, "exemptions"), LAW))) == 1
    one = Case(case_id="0", received_date=date(2025, 4, 2))
    with pytest.raises(InputError, match=says[-1]):
        claims_of_case(one, frame(rows, "exemptions").to_dict("records"), as_at=AS_AT)


@pytest.mark.parametrize(
    "second",
    [
        {"from_date": "2025-06-01", "to_date": "2025-06-30"},
        {"rule": "plan_refusal"},
        {"code": "EXC_PERSONAL"},
        {"case_id": "1"},
        {"code": None},
        {"from_date": None, "to_date": None},
    ],
)
def test_claims_that_do_not_overlap_are_kept(second):
    claims = frame([GOOD, {**GOOD, **second}], "exemptions")
    assert len(exemption_claims(frame([CASE, CASE]), claims, as_at=AS_AT)) == 2


@pytest.mark.parametrize("reopened", ["2025-07-22", "2025-07-23"])
def test_a_closure_that_ends_before_it_starts_is_refused(reopened):
    bad = frame([SUMMER, {**SUMMER, "reopened_on": reopened}], "closures")
    says = "column 'reopened_on', row 1: re-opens on or before the day that it closed"
    with pytest.raises(InputError, match=says):
        exemption_claims(frame([CASE]), frame([GOOD], "exemptions"), as_at=AS_AT, closures=bad)
    advice = frame([{"case_id": "0", "advice_type": "education", "requested_date": "2025-07-20"}], "advice")
    with pytest.raises(InputError, match=says):
        closures_that_may_apply(frame([CASE]), advice, bad, as_at=AS_AT)
    assert [(fault.row, fault.column) for fault in closure_faults(bad)] == [(1, "reopened_on")]


def test_text_where_dates_belong_and_missing_columns_are_refused():
    claims = pd.DataFrame([{**GOOD, "from_date": "1 May 2025"}]).astype({"from_date": object})
    with pytest.raises(InputError, match="text stands where a date belongs"):
        exemption_claims(frame([CASE]), claims, as_at=AS_AT)
    with pytest.raises(InputError, match="no column 'code'"):
        exemption_claims(frame([CASE]), frame([GOOD], "exemptions").drop(columns="code"), as_at=AS_AT)
    with pytest.raises(InputError, match="already have a column 'why'"):
        exemption_claims(frame([CASE]), frame([GOOD], "exemptions").assign(why=""), as_at=AS_AT)


def test_the_best_claim_of_a_case_speaks_for_the_rule():
    claims = [
        {"case_id": "0", "rule": "plan_final", "code": "EP_SHORTAGE"},
        {"case_id": "0", "rule": "plan_final", "code": None},
        {"case_id": "0", "rule": "plan_final", "code": "EXC_PERSONAL", "from_date": "2025-05-01"},
        {"case_id": "1", "rule": "plan_final", "code": "EP_SHORTAGE"},
        {"case_id": "1", "rule": "plan_final", "code": None},
        {"case_id": "2", "rule": "plan_final", "code": "EP_SHORTAGE"},
        {"case_id": "3", "rule": "request_decision", "code": "EXC_PERSONAL", "from_date": "2025-05-01"},
    ]
    flags = [0, 0, 1, 1, 1, None]
    cases = frame([{**CASE, "week20": flag} for flag in flags])
    found = supported_by_rule(cases, frame(claims, "exemptions"), as_at=AS_AT)
    assert list(found) == [
        "request_decision",
        "plan_refusal",
        "issue_decision",
        "plan_final",
        "draft_comment",
    ]
    assert [plain(value) for value in found["plan_final"]] == [
        "yes", "cannot_be_told", "no", "cannot_be_told", "cannot_be_told", None
    ]  # fmt: skip
    assert [plain(value) for value in found["request_decision"]] == [None, None, None, "yes", None, None]
    own = frame(claims, "exemptions").query("case_id == '0'").to_dict("records")
    one = claims_of_case(Case(case_id="0", received_date=date(2025, 4, 2)), own, as_at=AS_AT)
    assert supported(one, "plan_final") == "yes"
    assert supported(one, "request_decision") is None
    assert supported([], "plan_final", week20=True) == "cannot_be_told"


def test_a_case_takes_its_closures_and_its_advice():
    case = Case(case_id="0", received_date=date(2025, 4, 2), setting_id="S")
    asked = [AdviceRequest(case_id="0", advice_type="education", requested_date=date(2025, 7, 20))]
    closure = {"setting_id": "S", "closed_from": date(2025, 7, 23), "reopened_on": date(2025, 9, 3)}
    claim = {"rule": "plan_final", "code": "SCHOOL_CLOSED"}
    given = {"as_at": AS_AT, "closures": [closure], "advice": asked}
    assert claims_of_case(case, [claim], **given)[0].verdict == "supported"
    assert claims_of_case(case, [claim], as_at=AS_AT)[0].verdict == "cannot_be_told"
    assert claims_of_case(case, [], as_at=AS_AT) == ()


def listed(asked, *, closure=None, case=None, as_at=AS_AT, **advice):
    row = {"case_id": "0", "advice_type": "education", "requested_date": asked, **advice}
    return closures_that_may_apply(
        frame([{**CASE, **(case or {})}]),
        frame([row], "advice"),
        frame([closure or SUMMER], "closures"),
        as_at=as_at,
    )


def test_the_helper_lists_where_an_exemption_may_be_available():
    found = listed("2025-07-20")
    row = {name: plain(value) for name, value in found.iloc[0].items()}
    assert row == {
        "case_id": "0",
        "setting_id": "S",
        "closed_from": date(2025, 7, 23),
        "reopened_on": date(2025, 9, 3),
        "asked": date(2025, 7, 20),
        "certain": True,
        "rules": "plan_refusal, plan_final",
        "note": "an exemption may be available: the authority must show that the closure made the limit impractical",
    }


@pytest.mark.parametrize(
    ("asked", "certain"),
    [
        ("2025-07-15", None),
        ("2025-07-16", True),
        ("2025-08-26", True),
        ("2025-08-27", False),
        ("2025-08-28", None),
    ],
)
def test_the_helper_is_uncertain_on_the_last_day(asked, certain):
    found = listed(asked, case={"received_date": "2025-07-01"})
    assert found["certain"].tolist() == ([] if certain is None else [certain])


def test_the_helper_lists_only_limits_that_were_running_and_not_met():
    assert listed("2025-07-24")["rules"].tolist() == ["plan_final"]  # the day after week 16
    assert listed("2025-08-20")["rules"].tolist() == ["plan_final"]
    assert listed("2025-08-21").empty  # after week 20
    early = {"received_date": "2025-07-01"}
    assert listed("2025-07-20", case=early)["rules"].tolist() == [
        "request_decision, plan_refusal, plan_final"
    ]
    decided = {**early, "request_outcome": "Y", "request_outcome_date": "2025-07-10"}
    assert listed("2025-07-20", case=decided)["rules"].tolist() == ["plan_refusal, plan_final"]
    assert listed("2025-09-20", case=ORDER, closure={**SUMMER, "reopened_on": "2025-11-03"}).empty


def test_the_helper_looks_at_heads_alone_and_at_the_setting_that_was_asked():
    assert listed("2025-07-20", advice_type="psychology").empty
    assert listed("2025-07-20", setting_id="T").empty
    assert len(listed("2025-07-20", setting_id=None)) == 1
    assert len(listed("2025-07-20", setting_id="S", case={"setting_id": "T"})) == 1
    assert listed("2025-07-20", as_at=date(2025, 7, 19)).empty
    assert listed("2025-07-20", as_at=date(2025, 8, 1))["certain"].tolist() == [False]
    easter = {"setting_id": "S", "closed_from": "2025-07-23", "reopened_on": "2025-08-06"}
    assert listed("2025-07-20", closure=easter).empty
    assert listed(None).empty
    assert listed("2025-07-20", case_id="elsewhere").empty


def test_the_helper_takes_cases_without_settings():
    cases = frame([{"received_date": "2025-04-02"}])
    advice = frame([{"case_id": "0", "advice_type": "education", "requested_date": "2025-07-20"}], "advice")
    assert closures_that_may_apply(cases, advice, frame([SUMMER], "closures"), as_at=AS_AT).empty


def test_every_claim_that_the_simulator_draws_without_defects_is_supported():
    made = simulate(2_000, as_at=date(2024, 12, 31), seed=4, preset="england_2024", defects=False)
    found = exemption_claims(
        made.cases, made.exemptions, as_at=date(2024, 12, 31), closures=made.closures, advice=made.advice
    )
    assert set(found["code"]) == {"SCHOOL_CLOSED", "ABSENT_4W", "EXC_PERSONAL"}
    # A mediation agreement or an order puts another limit in force, with exemptions of its own.
    reversed_ = made.cases.loc[made.cases["reversal_route"].notna(), "case_id"]
    assert set(found.loc[~found["case_id"].isin(reversed_), "verdict"]) == {"supported"}
