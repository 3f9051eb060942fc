"""What the dates of a claim show, to the day and in words, where changing the code showed no quick test (tools/mutate_code.py)."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.clock.counting import NOT_YET, UNKNOWN, day_number
from ehcptime.law.book import LAW
from ehcptime.tracking.closed_setting import closed_setting
from ehcptime.tracking.conditions import weighed
from ehcptime.tracking.faults import claim_faults, closure_faults
from ehcptime.tracking.findings import Period, Reason, School
from frames import frame

YEAR = 2025
IN = "in the period of the limit, 2 April 2025 to 20 August 2025"


def day(text):
    return text if isinstance(text, int) else day_number(date.fromisoformat(f"{YEAR}-{text}"))


PERIOD = Period(day("04-02"), day("08-20"))
ENDED = "; the limit had already ended on 20 August 2025"
SHUTS = "the window shuts 7 days before it re-opens"
SUMMER = (
    "07-23",
    "09-03",
)  # six weeks, so that the window is 16 July to 26 August, and 27 August is unsettled


def asked_head(asked, *closures, code="SCHOOL_CLOSED", as_at="12-01"):
    shut = tuple((day(closed), day(reopened)) for closed, reopened in closures)
    return closed_setting(Reason(code, NOT_YET, NOT_YET, (School(day(asked), shut),), day(as_at)), PERIOD)


@pytest.mark.parametrize(
    ("asked", "verdict", "why"),
    [
        ("07-15", "not_supported", "15 July 2025, 8 days before it closed on 23 July 2025; the window opens 7 days before"),
        ("07-16", "supported", "16 July 2025, in the window of a closure: closed from 23 July 2025 until 3 September 2025"),
        ("08-20", "supported", "20 August 2025, in the window of a closure: closed from 23 July 2025 until 3 September 2025"),
        ("08-21", "supported", "21 August 2025, in the window of a closure: closed from 23 July 2025 until 3 September 2025" + ENDED),
        ("08-26", "supported", "26 August 2025, in the window of a closure: closed from 23 July 2025 until 3 September 2025" + ENDED),
        ("08-27", "cannot_be_told", "27 August 2025, the closure window's last day: whether it counts is unsettled" + ENDED),
        ("08-28", "not_supported", "28 August 2025, 6 days before it re-opened on 3 September 2025; " + SHUTS + ENDED),
        ("09-03", "not_supported", "3 September 2025, the day it re-opened, 3 September 2025; " + SHUTS + ENDED),
        ("09-04", "not_supported", "4 September 2025, 1 day after it re-opened, 3 September 2025; " + SHUTS + ENDED),
    ],
)  # fmt: skip
def test_the_head_is_asked_in_the_window_of_a_closure_to_the_day(asked, verdict, why):
    assert asked_head(asked, SUMMER) == (verdict, f"the school was asked for advice on {why}")
    setting = asked_head(asked, SUMMER, code="EY_CLOSED")
    assert setting == (verdict, f"the early-years setting was asked for advice on {why}")


@pytest.mark.parametrize(
    ("closures", "as_at", "verdict", "why"),
    [
        ([("07-23", "08-19")], "12-01", "not_supported", "the school closed for 27 days, from 23 July 2025 until 19 August 2025, and the law asks for 4 weeks or more"),
        ([("07-23", "08-20")], "12-01", "supported", "the school was asked for advice on 24 July 2025, in the window of a closure: closed from 23 July 2025 until 20 August 2025"),
        ([("07-23", NOT_YET)], "08-18", "cannot_be_told", "the school closed on 23 July 2025, and the day it re-opened is not yet known"),
        ([("07-23", NOT_YET)], "08-19", "supported", "the school was asked for advice on 24 July 2025, in the window of a closure: closed from 23 July 2025 and not yet re-opened"),
        ([], "12-01", "cannot_be_told", "no closure of the setting is recorded"),
        ([("07-23", "08-19"), SUMMER], "12-01", "supported", "the school was asked for advice on 24 July 2025, in the window of a closure: closed from 23 July 2025 until 3 September 2025"),
    ],
)  # fmt: skip
def test_a_closure_lifts_from_four_weeks_on(closures, as_at, verdict, why):
    assert asked_head("07-24", *closures, as_at=as_at) == (verdict, why)


def test_of_several_closures_the_nearest_speaks_and_an_asking_without_a_day_says_so():
    spring = ("05-01", "06-05")
    assert "13 days before it closed on 23 July" in asked_head("07-10", spring, SUMMER).why
    assert "1 day after it re-opened, 5 June" in asked_head("06-06", spring, SUMMER).why
    assert asked_head(NOT_YET, SUMMER) == (
        "cannot_be_told",
        "the day on which the head was asked for advice is not recorded",
    )


def judged(code, first, last, *, as_at="12-01", period=PERIOD):
    return weighed(Reason(code, day(first), day(last), (), day(as_at)), LAW.exemptions[code], period)


AWAY = "away from "
ASKS = "and the law asks for 4 weeks or more"


@pytest.mark.parametrize(
    ("first", "last", "as_at", "verdict", "why"),
    [
        ("05-01", "05-28", "12-01", "supported", f"1 May 2025 to 28 May 2025: 28 days of it {IN}"),
        ("05-01", "05-27", "12-01", "not_supported", f"1 May 2025 to 27 May 2025, 27 days, {ASKS}"),
        ("03-01", "04-29", "12-01", "supported", f"1 March 2025 to 29 April 2025: 28 days of it {IN}"),
        ("03-01", "04-28", "12-01", "not_supported", f"1 March 2025 to 28 April 2025: 27 days of it {IN}, {ASKS} inside it"),
        ("04-01", "04-28", "12-01", "not_supported", f"1 April 2025 to 28 April 2025: 27 days of it {IN}, {ASKS} inside it"),
        ("07-24", "08-30", "12-01", "supported", f"24 July 2025 to 30 August 2025: 28 days of it {IN}"),
        ("07-25", "08-30", "12-01", "not_supported", f"25 July 2025 to 30 August 2025: 27 days of it {IN}, {ASKS} inside it"),
        ("01-01", "03-01", "12-01", "not_supported", f"1 January 2025 to 1 March 2025: 0 days of it {IN}, {ASKS} inside it"),
        ("05-01", NOT_YET, "05-28", "supported", f"1 May 2025 and not known to be back by 28 May 2025: 28 days of it {IN}"),
        ("05-01", NOT_YET, "05-27", "cannot_be_told", f"1 May 2025 and not known to be back by 27 May 2025: 27 days of it {IN}; {ASKS[4:]}, and the last day away is not recorded"),
        ("07-24", NOT_YET, "08-19", "cannot_be_told", f"24 July 2025 and not known to be back by 19 August 2025: 27 days of it {IN}; {ASKS[4:]}, and the last day away is not recorded"),
        ("07-25", NOT_YET, "09-01", "not_supported", f"25 July 2025 and not known to be back by 1 September 2025: 27 days of it {IN}, {ASKS} inside it"),
    ],
)  # fmt: skip
def test_an_absence_of_four_weeks_is_counted_in_the_period_of_the_limit(first, last, as_at, verdict, why):
    assert judged("ABSENT_4W", first, last, as_at=as_at) == (verdict, AWAY + why)
    assert judged("ABSENT_4W_BODY", first, last, as_at=as_at) == (verdict, AWAY + why)


def test_an_absence_of_two_weeks_is_counted_alike_and_needs_its_first_day():
    assert judged("ABSENT_2W", "05-01", "05-14").verdict == "supported"
    assert (
        judged("ABSENT_2W", "05-01", "05-13").why
        == "away from 1 May 2025 to 13 May 2025, 13 days, and the law asks for 2 weeks or more"
    )
    for code in ("ABSENT_2W", "ABSENT_4W"):
        assert judged(code, NOT_YET, "05-13") == ("cannot_be_told", "the first day away is not recorded")


BEGAN = "the circumstances began on "


@pytest.mark.parametrize(
    ("first", "last", "verdict", "why"),
    [
        ("04-02", NOT_YET, "supported", f"{BEGAN}2 April 2025, {IN}"),
        ("08-20", NOT_YET, "supported", f"{BEGAN}20 August 2025, {IN}"),
        ("08-21", NOT_YET, "not_supported", f"{BEGAN}21 August 2025, after {IN[3:]}"),
        ("04-01", NOT_YET, "supported", f"{BEGAN}1 April 2025 and lasted until 1 December 2025, {IN}"),
        ("03-01", "04-02", "supported", f"{BEGAN}1 March 2025 and lasted until 2 April 2025, {IN}"),
        ("03-01", "04-01", "not_supported", f"{BEGAN}1 March 2025 and lasted until 1 April 2025, before {IN[3:]}"),
        ("03-01", UNKNOWN, "cannot_be_told", f"{BEGAN}1 March 2025, before {IN[3:]}, and their last day is not recorded"),
        (NOT_YET, NOT_YET, "cannot_be_told", "the day on which the circumstances began is not recorded"),
    ],
)  # fmt: skip
def test_circumstances_lift_where_a_day_of_them_is_in_the_period(first, last, verdict, why):
    for code in ("EXC_PERSONAL", "EXC_CIRC_BODY"):
        assert judged(code, first, last) == (verdict, why)


@pytest.mark.parametrize(
    ("on", "is_in"), [("04-01", False), ("04-02", True), ("08-20", True), ("08-21", False)]
)
def test_an_appointment_lifts_where_it_was_missed_in_the_period(on, is_in):
    verdict, why = judged("MISSED_APPT", on, NOT_YET)
    assert verdict == ("supported" if is_in else "not_supported")
    assert why.endswith(f", {IN}" if is_in else f", outside {IN[3:]}")
    nothing = judged("MISSED_APPT", NOT_YET, NOT_YET)
    assert nothing == ("cannot_be_told", "the day of the missed appointment is not recorded")


@pytest.mark.parametrize(
    ("start", "due", "first", "last", "verdict", "ends"),
    [
        ("2020-01-01", "2020-05-01", None, None, "supported", "within the period of the limit, 1 January 2020 to 1 May 2020"),
        ("2020-01-01", "2020-04-30", None, None, "not_supported", "outside the period of the limit, 1 January 2020 to 30 April 2020"),
        ("2020-09-25", "2020-12-01", None, None, "supported", "within the period of the limit, 25 September 2020 to 1 December 2020"),
        ("2020-09-26", "2020-12-01", None, None, "not_supported", "outside the period of the limit, 26 September 2020 to 1 December 2020"),
        ("2020-01-01", "2020-05-20", "2020-05-20", None, "supported", "20 May 2020"),
        ("2020-01-01", "2020-05-20", "2020-05-21", None, "not_supported", "and the reason is dated outside the part of it in which the limit ran"),
        ("2020-01-01", "2020-05-20", "2020-03-01", "2020-05-01", "supported", "20 May 2020"),
        ("2020-01-01", "2020-05-20", "2020-03-01", "2020-04-30", "not_supported", "and the reason is dated outside the part of it in which the limit ran"),
    ],
)  # fmt: skip
def test_coronavirus_lifts_while_it_was_in_force_and_the_limit_ran(start, due, first, last, verdict, ends):
    days = [
        NOT_YET if text is None else day_number(date.fromisoformat(text))
        for text in (start, due, first, last)
    ]
    found = judged("COVID", *days[2:], as_at="12-01", period=Period(*days[:2]))
    assert found.verdict == verdict
    assert found.why.startswith("the exemption was in force from 1 May 2020 to 25 September 2020, ")
    assert found.why.endswith(ends)


def test_an_exemption_whose_text_was_not_seen_is_not_tested_by_dates():
    found = judged("AS_13_3", "05-01", "05-28")
    assert found == (
        "cannot_be_told",
        "the text of this exemption was not seen, or it names no dates, so dates cannot test it",
    )


def claims(*spans, rule="plan_final", code="ABSENT_4W"):
    rows = [
        {"case_id": "A", "rule": rule, "code": code, "from_date": first, "to_date": last}
        for first, last in spans
    ]
    return frame(rows, "exemptions")


D = [date(2025, 5, 1), date(2025, 5, 2), date(2025, 5, 3)]


@pytest.mark.parametrize(
    ("spans", "codes"),
    [
        ([(D[0], D[0])], []),
        ([(D[1], D[0])], ["claim_ends_before_it_starts"]),
        ([(None, D[0])], []),
        ([(None, D[0]), (None, D[1])], []),
        ([(D[0], D[1]), (D[2], D[2])], []),
        ([(D[0], D[1]), (D[1], D[2])], ["claims_overlap"]),
        ([(D[0], None), (D[2], D[2])], ["claims_overlap"]),
        ([(D[0], D[2]), (D[1], D[1]), (D[2], D[2])], ["claims_overlap", "claims_overlap"]),
    ],
)
def test_claims_that_end_before_they_start_or_overlap_are_faults_and_those_that_touch_no_day_twice_are_not(
    spans, codes
):
    assert [fault.code for fault in claim_faults(claims(*spans), LAW)] == codes


def test_an_overlap_names_the_claim_that_reaches_furthest_and_leaves_other_reasons_alone():
    found = list(claim_faults(claims((D[0], D[2]), (D[0], D[0]), (D[2], D[2])), LAW))
    assert [(fault.row, fault.column) for fault in found] == [(0, "from_date"), (2, "from_date")]
    two = claims((D[0], D[1]), (D[1], D[2])).assign(code=["ABSENT_4W", "EXC_PERSONAL"])
    assert not list(claim_faults(two, LAW))
    assert not list(claim_faults(claims((D[0], D[1]), (D[1], D[2]), code=""), LAW))
    unknown = claims((D[0], D[1]), rule="no_such_rule")
    assert [fault.code for fault in claim_faults(unknown, LAW)] == ["claim_rule_not_known"]


@pytest.mark.parametrize(("reopened", "is_fault"), [(0, True), (1, False)])
def test_a_setting_reopens_after_the_day_that_it_closed(reopened, is_fault):
    shut = frame([{"setting_id": "S", "closed_from": D[0], "reopened_on": D[reopened]}], "closures")
    assert [fault.code for fault in closure_faults(shut)] == ["closure_ends_before_it_starts"] * is_fault
    assert not list(closure_faults(shut.assign(closed_from=pd.NaT)))


def test_a_closure_of_exactly_four_weeks_is_long_enough_and_the_asking_decides():
    found = asked_head("09-04", ("07-23", "08-20"))
    assert (
        found.why
        == f"the school was asked for advice on 4 September 2025, 15 days after it re-opened, 20 August 2025; {SHUTS}{ENDED}"
    )
