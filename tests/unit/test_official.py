"""An authority's figures in DfE's columns; West Sussex 2024 is DfE's own row (2025 release)."""

import re

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.official import dfe_assessments, dfe_requests, dfe_timeliness
from ehcptime.questions.official_layout import LAYOUTS, PLACE
from questions_frames import after, cases, issued

R = "2024-02-01"
LATER = "2025-01-31"


def plain(table, row=0):
    """The figures of a row, without the columns that say where and when."""
    return table.iloc[row].drop(list(PLACE)).to_dict()


# Layout


def test_columns_of_the_2025_edition_are_those_of_the_published_file():
    header = (
        "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,new_la_code,"
        "old_la_code,la_name,breakdown_topic,breakdown,plans_issued_den,plans_issued_den_ex,"
        "plans_issued_within_20_weeks,plans_issued_20_weeks_ex,pc_plans_issued_within_20_weeks,"
        "PC_plans_issued_20_weeks_ex,plans_issued_gt20weeks_ltYear,plans_issued_gt20weeks_ltYear_ex,"
        "pc_plans_issued_gt20weeks_ltYear,PC_plans_issued_gt20weeks_ltYear_ex,plans_issued_gt_1_year,"
        "plans_issued_gt_1_year_ex,pc_plans_issued_gt_1_year,PC_plans_issued_gt_1_year_ex"
    )
    assert ",".join(dfe_timeliness(cases([issued(R, 140)], LATER)).columns) == header


def test_the_2026_edition_is_in_lower_case_with_averages():
    table = dfe_timeliness(cases([issued(R, 146)], LATER), edition=2026)
    assert all(column == column.lower() for column in table.columns)
    assert table["breakdown"].tolist() == ["All EHC plans"]
    assert table[["avg_weeks_issue_plan", "avg_weeks_issue_plan_exc"]].to_numpy().tolist() == [
        ["20.9", "20.9"]
    ]


def test_both_editions_hold_the_same_figures():
    old, new = (LAYOUTS["timeliness"][edition].columns for edition in (2025, 2026))
    assert {name.lower(): figure for name, figure in old.items()}.items() <= dict(new).items()


def test_an_unknown_edition_is_refused():
    with pytest.raises(CommandError, match=re.escape("known for the edition of 2025 and 2026, not of 2024")):
        dfe_timeliness(cases([issued(R, 140)], LATER), edition=2024)
    with pytest.raises(CommandError, match="layout of requests.csv"):
        dfe_requests(cases([issued(R, 140)], LATER), edition=2026)


@pytest.mark.parametrize(("code", "column"), [("938", "old_la_code"), ("E10000032", "new_la_code")])
def test_the_authority_stands_in_the_columns_of_the_place(code, column):
    row = dfe_timeliness(cases([issued(R, 140)], LATER), la_code=code, la_name="West Sussex").iloc[0]
    assert row[[column, "la_name", "time_period", "time_identifier", "geographic_level"]].tolist() == [
        code,
        "West Sussex",
        "2024",
        "Calendar year",
        "Local authority",
    ]
    assert row["country_code"] == "E92000001"


# Timeliness


def test_all_exceptions_give_the_marker_and_counts_of_nought():
    found = plain(dfe_timeliness(cases([issued(R, 140, week20=1), issued(R, 141, week20=1)], LATER)))
    assert found["plans_issued_den"] == "2"
    assert found["pc_plans_issued_within_20_weeks"] == "50"
    assert found["plans_issued_den_ex"] == "0"
    assert found["PC_plans_issued_20_weeks_ex"] == found["PC_plans_issued_gt_1_year_ex"] == "x"


def test_no_mean_is_the_marker_too():
    table = dfe_timeliness(cases([issued(R, 150, received_date=None)], LATER), edition=2026)
    assert plain(table)["avg_weeks_issue_plan"] == "x"


def test_topics_follow_all_plans_of_each_year_and_blank_is_unknown():
    rows = [
        issued(R, 140, primary_need="ASD"),
        issued(R, 140),
        issued("2023-01-09", 140, primary_need="SLCN"),
    ]
    table = dfe_timeliness(cases(rows, LATER), by={"Primary type of need": "primary_need"})
    assert table[["time_period", "breakdown_topic", "breakdown", "plans_issued_den"]].to_numpy().tolist() == [
        ["2023", "All EHC plans issued", "All EHC plans issued", "1"],
        ["2023", "Primary type of need", "SLCN", "1"],
        ["2024", "All EHC plans issued", "All EHC plans issued", "2"],
        ["2024", "Primary type of need", "ASD", "1"],
        ["2024", "Primary type of need", "Unknown", "1"],
    ]


def test_nothing_issued_is_an_empty_table():
    for tracked in (cases([{"received_date": R}], LATER), cases([issued(R, 140)], LATER).iloc[:0]):
        assert dfe_timeliness(tracked, by={"Team": "case_id"}).empty


def test_other_frames_and_columns_are_refused():
    tracked = cases([issued(R, 140)], LATER)
    with pytest.raises(InputError, match="call track"):
        dfe_timeliness(tracked.drop(columns="as_at"))
    with pytest.raises(CommandError, match="no column 'need'"):
        dfe_timeliness(tracked, by={"Primary type of need": "need"})


# Requests and assessments: rows in the shape of West Sussex 2024, at a hundredth of its size where it divides.


def request(code, days=30, **more):
    dated = {"request_outcome_date": after(R, days)} if code in ("Y", "N") else {}
    return {"received_date": R, "request_outcome": code} | dated | more


def test_requests_of_west_sussex_2024():
    """2,448 requests: 1,513 agreed, 744 refused, 189 not decided, 2 withdrawn."""
    counts = {"Y": 1513, "N": 744, "A": 189, "W": 2}
    rows = [request(code) for code, count in counts.items() for _ in range(count)]
    found = plain(dfe_requests(cases(rows, LATER)))
    assert list(found.values())[:10] == ["2448", "0", "1513", "744", "189", "2", "61.8", "30.4", "7.7", "0.1"]


def test_six_weeks_are_of_decisions_made_in_the_year_whenever_received():
    rows = [
        request("Y", 42),
        request("N", 43),
        request("Y", 42, received_date="2023-12-20", request_outcome_date="2024-01-31"),
    ]
    found = dfe_requests(cases(rows, LATER)).set_index("time_period")
    assert found.loc["2023", ["requests_received_in_year", "request_outcome_six_weeks"]].tolist() == [
        "1",
        "0",
    ]
    assert found.loc["2023", "request_outcome_six_weeks_pc"] == "x"
    assert found.loc[
        "2024", ["requests_received_in_year", "request_outcome_six_weeks", "request_outcome_over_6_weeks"]
    ].tolist() == ["2", "2", "1"]


def test_decisions_of_unknown_duration_keep_the_percentages_below_100():
    rows = [request("Y", 42)] * 2 + [request("Y", 50)] + [request("Y", received_date=None)]
    row = dfe_requests(cases(rows, LATER)).iloc[0]
    assert row[["request_outcome_six_weeks_pc", "request_outcome_over_6_weeks_pc"]].tolist() == ["50", "25"]


def test_what_is_no_request_of_the_year_is_in_no_count():
    rows = [
        request("Y"),
        request("H"),
        request("Y", closed_reason="duplicate"),
        request("Y", assessment_outcome="H"),
    ]
    rows += [request("Y", received_date="2025-06-01"), request("nonsense")]
    table = dfe_requests(cases(rows, LATER))
    assert table[["time_period", "requests_received_in_year"]].to_numpy().tolist() == [["2024", "1"]]


def test_a_request_that_closed_before_its_decision_was_withdrawn():
    rows = [
        request("A", closed_date="2024-03-01", closed_reason="moved_out"),
        request("A", closed_date="2025-06-01", closed_reason="moved_out"),
    ]
    found = plain(dfe_requests(cases(rows, LATER)))
    assert (found["requests_withdrawn"], found["requests_decision_not_made"]) == ("1", "1")


def test_a_frame_with_the_least_columns_gives_every_count():
    found = plain(dfe_requests(cases([{"received_date": R}], LATER)))
    assert found["requests_decision_not_made"] == "1"
    assert found["requests_rya"] == found["mediation_related_request"] == "0"
    assert dfe_assessments(cases([{"received_date": R}], LATER)).empty


def test_flags_of_requests_are_counted_singly_and_together():
    rows = [request("N", request_mediation=1), request("N", request_mediation=1, request_tribunal=1, rya=1)]
    found = plain(dfe_requests(cases(rows, LATER)))
    assert list(found.values())[-3:] == ["2", "1", "1"]
    assert found["requests_rya"] == "1"


def test_assessments_of_west_sussex_2024():
    """1,822 assessments: 1,797 issued, 25 not issued, of which 1 within 16 weeks; mediation cases are in."""
    rows = [issued(R, 140) | {"other_mediation": int(number < 51)} for number in range(1797)]
    rows += [issued(R, 112 if not number else 113) | {"assessment_outcome": "N"} for number in range(25)]
    found = plain(dfe_assessments(cases(rows, LATER)))
    assert list(found.values())[:13] == [
        "1822",
        "1797",
        "98.6",
        "25",
        "1.4",
        "0",
        "0",
        "0",
        "0",
        "1",
        "24",
        "4",
        "96",
    ]
    assert found["number_other_mediation"] == "51"


def test_a_decision_not_to_issue_of_unknown_duration_is_outside_the_16_week_base():
    rows = [issued(R, days) | {"assessment_outcome": "N"} for days in (112, 113)]
    rows.append(issued(R, 100, received_date=None) | {"assessment_outcome": "N"})
    found = plain(dfe_assessments(cases(rows, LATER)))
    assert found["assess_not_issued"] == "3"
    assert found["outcome_decision_within_time_pc"] == found["outcome_decision_over_time_pc"] == "50"


def test_open_and_withdrawn_assessments_are_in_the_percentages():
    rows = [
        issued(R, 140),
        request("Y", assessment_outcome="A"),
        request("Y", assessment_outcome="W", closed_date="2024-07-01"),
        request("Y"),
    ]
    table = dfe_assessments(cases(rows, "2024-12-31"))
    found = plain(table)
    assert len(table) == 1
    assert (found["assess_in_year"], found["assess_not_made"], found["assess_withdrawn"]) == ("3", "1", "1")
    assert found["assess_issued_pc"] == "33.3"


def test_an_assessment_decided_after_that_day_is_not_one_recorded_as_undecided():
    later = issued(R, 140)  # 20 June 2024
    table = dfe_assessments(cases([later, issued("2024-01-04", 140)], "2024-06-19"))
    assert table[["assess_in_year", "assess_issued", "assess_not_made"]].to_numpy().tolist() == [
        ["1", "1", "0"]
    ]


def test_a_plan_agreed_and_not_issued_is_no_assessment_completed():
    assert dfe_assessments(cases([request("Y", assessment_outcome="Y")], LATER)).empty


def test_the_index_is_new_and_the_frame_is_left_alone():
    tracked = cases([issued(R, 140), issued(R, 141)], LATER).set_axis([7, 3])
    before = tracked.copy()
    assert dfe_timeliness(tracked, by={"Case": "case_id"}).index.tolist() == [0, 1, 2]
    pd.testing.assert_frame_equal(tracked, before)
