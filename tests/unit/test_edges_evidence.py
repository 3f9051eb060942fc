"""Which closures speak for a claim: those of the setting that share a day with the claim's own days, else those days."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.records.case import Case
from ehcptime.tracking.claims import claims_of_case, exemption_claims
from frames import frame

# Received 2 April 2025: 20 weeks end on 20 August. The claim's days are 28 from 23 July to 19 August; each closure is too short.
CASE = {"received_date": "2025-04-02", "setting_id": "S"}
EARLIER = {
    "setting_id": "S",
    "closed_from": "2025-07-01",
    "reopened_on": "2025-07-23",
}  # its last day is 22 July
LATER = {"setting_id": "S", "closed_from": "2025-08-20", "reopened_on": "2025-09-03"}
OPEN_ENDED = {"setting_id": "S", "closed_from": "2025-08-20", "reopened_on": None}


def verdict(first, last, *closures, as_at=date(2025, 12, 1)):
    claim = {
        "case_id": "0",
        "rule": "plan_final",
        "code": "SCHOOL_CLOSED",
        "from_date": first,
        "to_date": last,
        "advice_requested_date": "2025-07-24",
    }
    shut = frame(closures, "closures") if closures else None
    found = exemption_claims(frame([CASE]), frame([claim], "exemptions"), as_at=as_at, closures=shut)
    return found["verdict"][0]


@pytest.mark.parametrize(
    ("first", "last", "closures", "expected"),
    [
        ("2025-07-23", "2025-08-19", [], "supported"),  # 28 days
        ("2025-07-23", "2025-08-18", [], "not_supported"),
        ("2025-07-23", "2025-08-19", [EARLIER], "supported"),
        ("2025-07-22", "2025-08-19", [EARLIER], "not_supported"),  # 22 July is a day of both
        ("2025-07-23", "2025-08-19", [LATER], "supported"),
        ("2025-07-23", "2025-08-20", [LATER], "not_supported"),  # 20 August is a day of both
        ("2025-07-23", "2025-08-19", [EARLIER, LATER], "supported"),
        ("2025-07-23", "2025-08-19", [OPEN_ENDED], "supported"),
        (
            "2025-07-23",
            "2025-08-20",
            [OPEN_ENDED],
            "not_supported",
        ),  # asked before its window opened on 13 August
        # A claim whose last day nobody recorded may go on, so that a later closure shares a day with it.
        ("2025-07-23", None, [LATER], "not_supported"),
        ("2025-07-23", None, [], "cannot_be_told"),
        # A claim without days is judged by every closure of the setting.
        (None, None, [LATER], "not_supported"),
        (None, None, [], "cannot_be_told"),
    ],
)
def test_a_closure_speaks_where_it_shares_a_day_with_the_claim(first, last, closures, expected):
    assert verdict(first, last, *closures) == expected


# Regulation 27: 14 weeks from 1 May 2025 end on 7 August.
REASSESSED = {"reassessment_agreed_date": date(2025, 5, 1), "reassessment_plan_date": None}


@pytest.mark.parametrize(
    ("rule", "code", "dates", "first", "last", "expected"),
    [
        ("reassess_final", "EXC_PERSONAL", REASSESSED, date(2025, 8, 7), None, "supported"),
        ("reassess_final", "EXC_PERSONAL", REASSESSED, date(2025, 8, 8), None, "not_supported"),
        ("reassess_final", "EXC_PERSONAL", REASSESSED, date(2025, 4, 1), date(2025, 5, 1), "supported"),
        ("reassess_final", "EXC_PERSONAL", REASSESSED, date(2025, 4, 1), date(2025, 4, 30), "not_supported"),
        ("reassess_final", "MISSED_APPT", REASSESSED, date(2025, 6, 2), None, "not_an_exemption"),
        ("reassess_final", "EXC_PERSONAL", {}, date(2025, 6, 2), None, "cannot_be_told"),
    ],
)
def test_a_claim_on_another_rule_is_judged_by_the_dates_that_the_rule_names_at_both_doors(
    rule, code, dates, first, last, expected
):
    as_at = date(2025, 12, 1)
    claim = {"case_id": "0", "rule": rule, "code": code, "from_date": first, "to_date": last}
    cases = frame([{**CASE, **dates}])
    for name in dates:
        cases[name] = pd.to_datetime(cases[name]).astype("datetime64[s]")
    found = exemption_claims(cases, frame([claim], "exemptions"), as_at=as_at)
    given = {name: day for name, day in dates.items() if day is not None}
    case = Case(case_id="0", received_date=date(2025, 4, 2), other_dates=given)
    (told,) = claims_of_case(case, [claim], as_at=as_at)
    assert found["verdict"].tolist() == [told.verdict] == [expected]
    assert found["why"].tolist() == [told.why]
