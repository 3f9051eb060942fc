"""A cell under a date that is no date stays with its case, whatever it was read from, and is an error of it."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.questions.check import check
from ehcptime.questions.effect import effect
from ehcptime.records.extract import Extract
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track

AS_AT = date(2025, 9, 30)
WEEK = "w/c 3rd March"
BLADE = {
    "requests": "requeststableid,persontableid,receiveddate,requestoutcomedate,requestoutcome\n"
    "7,1,2025-01-06,tbc,Y\n8,2,2025-01-13,2025-02-17,Y\n",
    "assessment": "requeststableid,assessmentoutcome,assessmentoutcomedate,week20\n"
    f"7,Y,2025-05-26,0\n8,Y,{WEEK},0\n9,Y,{WEEK},0\n",
    "person": "persontableid,personbirthdate\n1,soon\n2,2015-03-01\n",
}


def cells(extract):
    return extract.unread.values.tolist()


def blade(folder, modules, day="17-01-2026"):
    folder.mkdir(exist_ok=True)
    for name, text in modules.items():
        (folder / f"Blade-Export_{day}_{name}.csv").write_text(text)
    return folder


def test_a_cell_of_any_module_comes_with_the_case_that_its_row_belongs_to(tmp_path):
    extract = read_sen2(blade(tmp_path / "a", BLADE))
    # The assessment of request 9 belongs to no request, and a birth date is nobody's business.
    assert cells(extract) == [["7", "request_outcome_date", "tbc"], ["8", "assessment_outcome_date", WEEK]]
    assert not [name for name in extract.cases if name.startswith("unread")]


def test_a_cell_that_a_companion_fills_is_no_longer_unread(tmp_path):
    folder = blade(tmp_path / "a", BLADE)
    (folder / "cases_local.csv").write_text(
        f"case_id,request_outcome_date,draft_sent_date\n7,2025-02-10,\n8,,{WEEK}\n"
    )
    (folder / "advice.csv").write_text(
        f"case_id,advice_type,requested_date,returned_date\n7,health,2025-02-11,{WEEK}\n"
    )
    assert cells(read_sen2(folder)) == [
        ["8", "assessment_outcome_date", WEEK],
        ["8", "draft_sent_date", WEEK],
        ["7", "returned_date", WEEK],
    ]


def test_of_two_years_the_one_that_can_be_read_is_enough(tmp_path):
    keyed = {
        "requests": "requeststableid,persontableid,NativeId,receiveddate,requestoutcomedate,requestoutcome\n{}",
        "assessment": BLADE["assessment"].splitlines()[0] + "\n",
    }
    first = keyed | {
        "requests": keyed["requests"].format("1,1,N1,2024-01-08,tbc,Y\n2,2,N2,2024-01-15,tbc,Y\n")
    }
    second = keyed | {"requests": keyed["requests"].format("9,9,N1,2024-01-08,2024-02-12,Y\n")}
    folders = [
        blade(tmp_path / "2024", first, "17-01-2025"),
        blade(tmp_path / "2025", second, "16-01-2026"),
    ]
    assert cells(read_sen2(folders, key="NativeId")) == [["2024/2", "request_outcome_date", "tbc"]]


def test_a_service_of_a_wide_sheet_whose_day_cannot_be_read_was_asked_all_the_same(tmp_path):
    (tmp_path / "a.csv").write_text(f"Ref,Received,EP asked\n7,2025-01-06,{WEEK}\n8,2025-01-06,\n")
    mapping = {
        "cases": {"columns": {"case_id": "Ref", "received_date": "Received"}},
        "advice": {
            "columns": {"case_id": "Ref"},
            "services": {"psychology": {"requested_date": "EP asked"}},
        },
    }
    extract = read_extract(tmp_path / "a.csv", mapping=mapping)
    assert extract.advice["case_id"].tolist() == ["7"]
    assert cells(extract) == [["7", "requested_date", WEEK]]


def test_words_that_may_name_somebody_are_not_shown(tmp_path):
    (tmp_path / "a.csv").write_text("case_id,received_date,panel_date\n7,2025-01-06,ask Mrs Jones\n")
    extract = read_extract(tmp_path / "a.csv")
    found = check(extract.cases, as_at=AS_AT, unread=extract.unread)
    assert found[["code", "column", "value"]].values.tolist() == [["date_not_read", "panel_date", "(words)"]]


def test_an_extract_in_which_every_date_was_read_has_none(tmp_path):
    (tmp_path / "a.csv").write_text("case_id,received_date\n7,2025-01-06\n")
    extract = read_extract(tmp_path / "a.csv")
    assert extract.unread.empty
    assert check(extract.cases, as_at=AS_AT, unread=extract.unread).empty


def test_a_table_that_is_not_one_of_unread_cells_is_refused():
    cases = pd.DataFrame({"case_id": ["7"], "received_date": pd.to_datetime(["2025-01-06"])})
    with pytest.raises(InputError, match="'value'"):
        check(cases, as_at=AS_AT, unread=pd.DataFrame({"case_id": ["7"], "column": ["received_date"]}))


def extract_of(**columns):
    cases = pd.DataFrame(
        {"case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-06"] * 2), **columns}
    )
    return Extract(cases)


def said(extract, measure, *unread, advice=None):
    table = pd.DataFrame(unread, columns=["case_id", "column", "value"])
    found = check(extract.cases, as_at=AS_AT, advice=advice, unread=table)
    tracked = track(extract.cases, as_at=AS_AT)
    return str(effect(found, tracked, measure))


@pytest.mark.parametrize(
    ("measure", "column", "expected"),
    [
        (
            "plans_issued_20wk_inc",
            "assessment_outcome_date",
            "between 50.0 and 100.0 whatever the 1 bad row is",
        ),
        ("plans_due_20wk", "assessment_outcome_date", "between 50.0 and 100.0 whatever the 1 bad row is"),
        ("plans_issued_20wk_inc", "panel_date", "with no bad row in it; 1 bad row not in it"),
    ],
)
def test_a_plan_of_a_day_that_cannot_be_read_may_be_in_the_figure(measure, column, expected):
    extract = extract_of(
        request_outcome="Y",
        request_outcome_date=pd.to_datetime(["2025-02-10"] * 2),
        assessment_outcome="Y",
        assessment_outcome_date=pd.to_datetime(["2025-05-26", None]),
    )
    assert said(extract, measure, ("b", column, WEEK)).endswith(expected)


def test_what_no_date_changes_stays_out():
    settled = extract_of(closed_reason=[None, "duplicate"])
    assert "1 bad row not in it" in said(settled, "plans_due_20wk", ("b", "draft_sent_date", WEEK))
    closed = extract_of(
        assessment_outcome=["A", "Y"], assessment_outcome_date=pd.to_datetime([None, "2025-05-26"])
    )
    assert "1 bad row not in it" in said(closed, "open_over_20wk", ("b", "request_outcome_date", WEEK))


def test_of_askings_the_one_without_its_day_is_flagged_and_not_its_neighbour():
    advice = pd.DataFrame(
        {
            "case_id": ["a", "a"],
            "advice_type": ["health", "health"],
            "requested_date": pd.to_datetime(["2025-09-01", "2025-06-02"]),
            "returned_date": pd.to_datetime([None, "2025-06-30"]),
        }
    )
    unread = pd.DataFrame({"case_id": ["a"], "column": ["returned_date"], "value": ["01/01/1900"]})
    problems = check(extract_of().cases, as_at=AS_AT, advice=advice, unread=unread)
    found = effect(problems, track_advice(advice, as_at=AS_AT), "advice_6wk")
    # The asking of September is not due yet, and may have been answered in time.
    assert (found.percent, found.lowest, found.highest, found.flagged) == (100.0, 50.0, 100.0, 1)
