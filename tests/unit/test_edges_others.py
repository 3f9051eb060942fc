"""Rules that are not about a request, and what they depend on: a code, a date that must be there, one that ends the matter."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehcptime.clock.counting import day_number
from ehcptime.errors import InputError
from ehcptime.law.book import LAW
from ehcptime.records.case import Case
from ehcptime.tracking.exempt import lifts, may_lift
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import plain

D = date.fromisoformat
ORDER = {"order_to_assess_date": "2025-06-02"}  # 10 weeks end on 11 August 2025, 14 on 8 September
MEETING = {"review_meeting_date": "2025-05-01"}  # 4 weeks end on 29 May 2025, 12 on 24 July
NOTICE = {"amendment_notice_date": "2025-05-01"}  # 8 weeks end on 26 June 2025


def rows(*given):
    names = dict.fromkeys(name for row in given for name in row)
    return pd.DataFrame(
        {
            name: pd.Series(
                [row.get(name) for row in given],
                dtype="datetime64[s]" if name.endswith("_date") else object,
            )
            for name in names
        }
    )


def came_to(rule, as_at, **facts):
    columns = {LAW[rule].start: None, LAW[rule].done: None}
    if LAW[rule].only_with:
        columns[LAW[rule].only_with[0]] = None
    found = track(rows({**columns, **facts}), as_at=D(as_at), rules=[rule])
    return found[f"{rule}_status"][0], plain(found[f"{rule}_days_over"][0])


@pytest.mark.parametrize(
    ("rule", "facts", "as_at", "status", "days_over"),
    [
        # Regulation 44(2)(b): 14 weeks to the plan, or 10 to the notice that there will be none.
        ("order_assess_final", ORDER, "2025-09-08", "running", 0),
        ("order_assess_final", ORDER, "2025-09-09", "overdue", 1),
        ("order_assess_final", {**ORDER, "assessment_outcome": "N"}, "2025-09-09", "not_applicable", None),
        ("order_assess_final", {**ORDER, "assessment_outcome": "Y"}, "2025-09-09", "overdue", 1),
        ("order_assess_final", {**ORDER, "assessment_outcome": "N", "assessment_outcome_date": "2025-09-09"}, "2025-09-09", "not_applicable", None),
        ("order_assess_final", {**ORDER, "assessment_outcome": "N", "assessment_outcome_date": "2025-09-10"}, "2025-09-09", "overdue", 1),
        ("order_assess_no_plan", {**ORDER, "assessment_outcome": "N", "assessment_outcome_date": "2025-08-11"}, "2025-09-09", "met", 0),
        ("order_assess_no_plan", {**ORDER, "assessment_outcome": "N", "assessment_outcome_date": "2025-08-12"}, "2025-09-09", "met_late", 1),
        ("order_assess_no_plan", {**ORDER, "assessment_outcome": "Y", "assessment_outcome_date": "2025-08-12"}, "2025-09-09", "not_applicable", None),
        ("order_assess_no_plan", {**ORDER, "assessment_outcome": None}, "2025-09-09", "not_applicable", None),
        # Regulation 22(2): 4 weeks to the notice of amendments, where the plan is to be amended.
        ("review_amend_notice", MEETING, "2025-06-02", "not_applicable", None),
        ("review_amend_notice", {**MEETING, "amendment_decided_date": "2025-05-20"}, "2025-06-02", "overdue", 4),
        ("review_amend_notice", {**MEETING, "amendment_decided_date": "2025-06-02"}, "2025-06-02", "overdue", 4),
        ("review_amend_notice", {**MEETING, "amendment_decided_date": "2025-06-03"}, "2025-06-02", "not_applicable", None),
        ("review_amend_notice", {**MEETING, "amendment_notice_date": "2025-05-30"}, "2025-06-02", "met_late", 1),
        # 8 weeks to the amended plan, unless the amendment is dropped.
        ("amend_final", NOTICE, "2025-06-27", "overdue", 1),
        ("amend_final", {**NOTICE, "amendment_dropped_date": "2025-06-26"}, "2025-07-01", "not_applicable", None),
        ("amend_final", {**NOTICE, "amendment_dropped_date": "2025-06-27"}, "2025-07-01", "ended_late", 1),
        ("amend_final", {**NOTICE, "amendment_dropped_date": "2025-07-02"}, "2025-07-01", "overdue", 5),
        ("amend_final", {**NOTICE, "closed_date": "2025-06-20"}, "2025-07-01", "not_applicable", None),
        ("amend_final", {**NOTICE, "closed_date": "2025-06-28", "amendment_dropped_date": "2025-06-20"}, "2025-07-01", "not_applicable", None),
        ("amend_final", {**NOTICE, "closed_date": "2025-06-28", "amendment_dropped_date": "2025-06-29"}, "2025-07-01", "ended_late", 2),
    ],
)  # fmt: skip
def test_a_rule_applies_where_what_it_depends_on_is_recorded_by_then(rule, facts, as_at, status, days_over):
    assert came_to(rule, as_at, **facts) == (status, days_over)
    given = {name: D(value) if name.endswith("_date") else value for name, value in facts.items()}
    own = {name: value for name, value in given.items() if name in Case.model_fields}
    dates = {name: value for name, value in given.items() if name not in own}
    case = Case(case_id="A", received_date=None, **own, other_dates=dates)
    line = timeline(case, as_at=D(as_at), rules=[rule])[rule]
    assert (line.status, line.days_over) == (status, days_over)


def test_each_row_is_judged_by_its_own_code():
    said = (("N", "2025-08-11"), ("Y", "2025-08-11"), (None, None))
    given = [
        {**ORDER, "assessment_outcome": code, "assessment_outcome_date": on, "plan_issued_date": None}
        for code, on in said
    ]
    found = track(rows(*given), as_at=D("2025-09-09"), rules=["order_assess_final", "order_assess_no_plan"])
    assert found["order_assess_final_status"].tolist() == ["not_applicable", "overdue", "overdue"]
    assert found["order_assess_no_plan_status"].tolist() == ["met", "not_applicable", "not_applicable"]


def test_a_rule_that_depends_on_a_code_needs_its_column_where_it_applies_with_it_alone():
    frame = rows({**ORDER, "assessment_outcome_date": None, "plan_issued_date": None})
    with pytest.raises(InputError, match="'order_assess_no_plan' needs the column 'assessment_outcome'"):
        track(frame, as_at=D("2025-09-09"), rules=["order_assess_no_plan"])
    assert (
        track(frame, as_at=D("2025-09-09"), rules=["order_assess_final"])["order_assess_final_status"][0]
        == "overdue"
    )


REASSESSED = [
    {"case_id": case, "reassessment_agreed_date": "2025-05-01", "reassessment_plan_date": None}
    for case in "ABC"
]


def claims(*given):
    return pd.DataFrame(
        {
            "case_id": [case for case, _, _ in given],
            "rule": [rule for _, rule, _ in given],
            "code": [code for _, _, code in given],
        }
    )


def exempt(frame, given):
    found = track(frame, as_at=D("2026-01-01"), rules=["reassess_final"], exemptions=given)
    return found["reassess_final_exempt"].tolist()


def test_one_reason_that_the_law_knows_is_enough_and_lifts_the_limit_of_its_own_case_alone():
    frame = rows(*REASSESSED)
    given = claims(
        ("A", "reassess_final", "MISSED_APPT"),
        ("A", "reassess_final", "EXC_PERSONAL"),
        ("B", "reassess_final", "MISSED_APPT"),
        ("C", "plan_final", "EXC_PERSONAL"),
    )
    assert exempt(frame, given) == [True, False, False]
    assert exempt(frame, given.iloc[:0]) == [False, False, False]
    assert exempt(frame, None) == [False, False, False]
    assert exempt(frame.drop(columns="case_id"), given) == [False, False, False]
    with pytest.raises(InputError, match="code"):
        exempt(frame, given.drop(columns="code"))


BOOK = """
[exemptions.OURS]
title = "Ours"
condition = "agreed in writing"
cite = "our standard"
mark = "seen"
{days}
[ours]
title = "Ours"
duty_on = "local authority"
act = "send"
trigger = "a request"
start = "received_date"
done = "draft_sent_date"
kind = "local"
[[ours.versions]]
from = 2014-09-01
length = {{ weeks = 3 }}
count = "after"
bound = "at_most"
cite = "our standard"
url = "https://example.org"
mark = "seen"
checked_on = 2026-11-23
exempt_by = ["OURS"]
"""


@pytest.mark.parametrize(
    ("days", "lifted"),
    [
        ("", True),
        ("from = 2026-01-01", True),  # with one end alone it has no time of its own
        ("to = 2020-01-01", True),
        ("from = 2025-04-23\nto = 2025-12-31", True),  # 3 weeks from 2 April 2025 end on 23 April
        ("from = 2025-04-24\nto = 2025-12-31", False),
        ("from = 2025-01-01\nto = 2025-04-02", True),
        ("from = 2025-01-01\nto = 2025-04-01", False),
    ],
)
def test_an_exemption_has_a_time_of_its_own_where_it_has_both_ends(tmp_path, days, lifted):
    path = tmp_path / "ours.toml"
    path.write_text(BOOK.format(days=days), encoding="utf-8")
    book = LAW.extend(path)
    assert lifts("ours", "OURS", D("2025-04-02"), D("2025-04-23"), book) is lifted
    numbers = [np.array([day_number(D(day))], np.int32) for day in ("2025-04-02", "2025-04-23")]
    assert may_lift("ours", "OURS", *numbers, book).tolist() == [lifted]
