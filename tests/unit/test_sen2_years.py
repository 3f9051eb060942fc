"""Returns of successive years typed by hand: linked by a key alone, and H filled from the earlier one."""

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.sen2.returns import read_sen2

REQUESTS = (
    "requeststableid,persontableid,NativeId,receiveddate,requestoutcomedate,requestoutcome,requestmediation\n"
)
ASSESSMENT = "requeststableid,assessmentoutcome,assessmentoutcomedate,week20\n"
PERSON = "persontableid,upn,surname,personbirthdate\n"
# One child decided in 2023 whose plan came in 2024, one undecided at the end of 2023, one finished in 2023, and one
# refused in 2023 who asks again in 2024. The same table ids stand for other rows in the other year.
YEARS = {
    "17-01-2024": {
        "requests": "1,1,N1,2023-Sep-04 00:00:00,2023-Oct-13 00:00:00,Y,0\n"
        "2,2,N2,2023-Nov-27 00:00:00,,A,\n"
        "3,3,N3,2023-Jan-09 00:00:00,2023-Feb-17 00:00:00,Y,0\n"
        "4,4,N4,2023-Mar-06 00:00:00,2023-Apr-14 00:00:00,N,1\n",
        "assessment": "1,A,,0\n3,Y,2023-May-26 00:00:00,0\n",
        "person": "1,Z938000099001,Quillfeather,2015-Mar-01 00:00:00\n2,Z938000099002,,\n3,Z938000099003,,\n4,Z938000099004,,\n",
    },
    "16-01-2025": {
        "requests": "3,2,N1,2023-Sep-04 00:00:00,,H,\n"
        "2,1,N2,2023-Nov-27 00:00:00,2024-Jan-05 00:00:00,Y,0\n"
        "1,4,N9,2024-Apr-08 00:00:00,2024-May-17 00:00:00,Y,0\n"
        "5,5,N8,2023-Dec-04 00:00:00,,H,\n",
        "assessment": "3,Y,2024-Jan-19 00:00:00,0\n2,Y,2024-Apr-12 00:00:00,1\n1,A,,\n5,Y,2024-Apr-19 00:00:00,0\n",
        "person": "2,Z938000099001,Quillfeather,2015-Mar-01 00:00:00\n1,Z938000099002,,\n4,Z938000099004,,\n5,Z938000099005,,\n",
    },
}
HEADINGS = {"requests": REQUESTS, "assessment": ASSESSMENT, "person": PERSON}


@pytest.fixture
def years(tmp_path):
    folders = []
    for day, modules in YEARS.items():
        folder = tmp_path / f"sen2_{day[-4:]}"
        folder.mkdir()
        for name, rows in modules.items():
            (folder / f"Blade-Export_{day}_{name}.csv").write_text(HEADINGS[name] + rows)
        folders.append(folder)
    return folders


def shown(cases, *columns):
    rows = {}
    for row in cases.to_dict("records"):
        values = [row[name] for name in columns]
        rows[row["case_id"]] = tuple(
            None if pd.isna(v) else str(v.date()) if isinstance(v, pd.Timestamp) else v for v in values
        )
    return rows


def notes_of(extract, text):
    return extract.reading[extract.reading["note"].str.contains(text, regex=False)]


@pytest.mark.parametrize("key", ["NativeId", "UPN", ["upn"], "native id"])
def test_a_decision_marked_h_is_that_of_the_earlier_return(years, key):
    extract = read_sen2(years, key=key)
    assert shown(extract.cases, "request_outcome", "request_outcome_date", "assessment_outcome_date") == {
        "3": ("Y", "2023-10-13", "2024-01-19"),
        "2": ("Y", "2024-01-05", "2024-04-12"),
        "1": ("Y", "2024-05-17", None),
        "5": ("H", None, "2024-04-19"),
        "sen2_2024/3": ("Y", "2023-02-17", "2023-05-26"),
        "sen2_2024/4": ("N", "2023-04-14", None),
    }
    assert str(extract.extracted_on) == "2025-01-16"
    (line,) = notes_of(extract, "2 are H").to_dict("records")
    assert (line["rows_in"], line["rows_out"]) == (2, 1)
    assert "of an earlier return for 1" in line["note"]
    assert len(notes_of(extract, "2 requests are also in an earlier return")) == 1


def test_nothing_personal_is_left_of_the_key(years):
    extract = read_sen2(years, key="UPN")
    assert "Z9380000" not in extract.cases.to_csv() + extract.reading.to_csv() + repr(extract)
    assert not [name for name in extract.cases if "upn" in name.lower() or name.startswith("key")]
    assert len(notes_of(extract, "used to link the returns, then discarded")) == 2


def test_a_key_that_is_one_for_each_person_links_the_requests_of_a_person(years):
    people = shown(read_sen2(years, key="UPN").cases, "person_id")
    assert people["sen2_2024/4"] == people["1"] == ("4",)
    assert people["sen2_2024/3"] == ("sen2_2024/3",)


def test_without_a_key_nothing_is_linked_and_the_report_says_so(years):
    extract = read_sen2(years)
    pd.testing.assert_frame_equal(extract.cases, read_sen2(years[1]).cases)
    (line,) = notes_of(extract, "no key=").to_dict("records")
    assert (line["file"], line["rows_in"], line["rows_out"]) == ("sen2_2024", 4, 0)


def test_the_order_of_the_paths_does_not_matter_where_the_days_are_known(years):
    forward, backward = (read_sen2(paths, key="NativeId").cases for paths in (years, years[::-1]))
    pd.testing.assert_frame_equal(forward, backward)


def test_ids_of_persons_that_mean_other_persons_are_not_mixed(years):
    cases = read_sen2(years, key="NativeId").cases
    assert not cases["case_id"].duplicated().any()
    assert shown(cases, "person_id")["sen2_2024/3"] == ("sen2_2024/3",)


def test_the_same_key_with_another_date_is_not_linked(years):
    path = years[1] / "Blade-Export_16-01-2025_requests.csv"
    path.write_text(path.read_text().replace("2023-Sep-04", "2023-Sep-05"))
    cases = read_sen2(years, key="NativeId").cases
    assert shown(cases, "request_outcome")["3"] == ("H",)
    assert "sen2_2024/1" in cases["case_id"].tolist()


def test_a_key_that_stands_twice_links_nothing_and_is_reported(years):
    path = years[1] / "Blade-Export_16-01-2025_requests.csv"
    path.write_text(path.read_text().replace("N8,2023-Dec-04", "N1,2023-Sep-04"))
    extract = read_sen2(years, key="NativeId")
    assert shown(extract.cases, "request_outcome")["3"] == ("H",)
    assert len(notes_of(extract, "share a key and a date (cases rows 0, 3)")) == 1


def test_ids_that_the_authority_keeps_need_no_date(tmp_path):
    folders = []
    for year, outcome in (("2024", "2023-10-13,Y"), ("2025", ",H")):
        folder = tmp_path / year
        folder.mkdir()
        (folder / "requests.csv").write_text(
            "Person ID,Requests Record ID,Date Request Was Received,Request Outcome Date,Request Outcome\n"
            f"P1,R1,2023-09-0{year[-1]},{outcome}\n"
        )
        (folder / "assessments.csv").write_text(
            "Person ID,Requests Record ID,Assessment Outcome To Issue EHCP,Assessment Outcome Date,Twenty Weeks Time Limit Exceptions Apply\n"
        )
        (folder / "advice.csv").write_text("case_id,advice_type,requested_date\nR1,health,2023-10-16\n")
        folders.append(folder)
    extract = read_sen2(folders, key="case_id")
    assert shown(extract.cases, "request_outcome", "request_outcome_date") == {"R1": ("Y", "2023-10-13")}
    assert extract.advice["case_id"].tolist() == ["R1"]
    assert extract.reading["file"].str.startswith(("2024: ", "2025")).all()


def test_three_years_are_linked_one_after_the_other(years, tmp_path):
    folder = tmp_path / "sen2_2026"
    folder.mkdir()
    requests = "7,9,N1,2023-Sep-04 00:00:00,,H,\n8,8,N2,2023-Nov-27 00:00:00,,H,\n"
    (folder / "Blade-Export_15-01-2026_requests.csv").write_text(REQUESTS + requests)
    (folder / "Blade-Export_15-01-2026_assessment.csv").write_text(ASSESSMENT + "7,H,,\n8,H,,\n")
    cases = read_sen2([*years, folder], key="NativeId").cases
    told = shown(
        cases, "request_outcome", "request_outcome_date", "assessment_outcome", "assessment_outcome_date"
    )
    assert told["7"] == ("Y", "2023-10-13", "Y", "2024-01-19")
    assert told["8"] == ("Y", "2024-01-05", "Y", "2024-04-12")
    assert len(cases) == 6


def test_a_return_in_xml_is_linked_by_what_its_persons_hold(tmp_path):
    paths = []
    for year, outcome in (
        (2024, "<RequestOutcomeDate>2023-10-13</RequestOutcomeDate><RequestOutcome>Y"),
        (2025, "<RequestOutcome>H"),
    ):
        path = tmp_path / f"{year}.xml"
        path.write_text(
            f"<Message><Persons><Person><UPN>Z938000099001</UPN><Requests><ReceivedDate>2023-09-04</ReceivedDate>"
            f"{outcome}</RequestOutcome></Requests></Person></Persons></Message>"
        )
        paths.append(path)
    cases = read_sen2(paths, key="upn").cases
    assert shown(cases, "request_outcome", "request_outcome_date") == {"1": ("Y", "2023-10-13")}


@pytest.mark.parametrize(
    ("key", "match"),
    [("sourceid", "has no column sourceid"), (["NativeId", "surname2"], "has no column surname2")],
)
def test_a_key_that_a_return_does_not_hold_is_named(years, key, match):
    with pytest.raises(InputError, match=match):
        read_sen2(years, key=key)


def test_no_return_at_all_is_refused():
    with pytest.raises(InputError, match="no return is named"):
        read_sen2([])


def test_one_return_with_a_key_keeps_its_own_ids(years):
    pd.testing.assert_frame_equal(read_sen2(years[1], key="NativeId").cases, read_sen2(years[1]).cases)


def test_persons_whom_the_authority_numbers_keep_their_numbers(years):
    # Person 2 asked on 4 September 2023 in one return, and person 2 of the other did too; no other pair is the same.
    cases = read_sen2(years, key="person_id").cases
    assert cases["person_id"].tolist() == ["2", "1", "4", "5", "1", "2", "3", "4"]


def test_what_is_no_flag_fills_a_blank_of_a_later_year_as_it_stands(years):
    path = years[0] / "Blade-Export_17-01-2024_requests.csv"
    path.write_text(path.read_text().replace("2023-Oct-13 00:00:00,Y,0", "2023-Oct-13 00:00:00,Y,perhaps"))
    cases = read_sen2(years, key="NativeId").cases.set_index("case_id")
    assert cases.loc["3", "request_mediation"] == "perhaps"
    assert cases.loc["2", "request_mediation"] == 0


def test_closures_of_both_years_are_kept_once(years):
    rows = ("S1,2023-12-21,2024-01-08", "S1,2024-12-20,2025-01-06")
    for folder, own in zip(years, (rows[:1], rows), strict=True):
        lines = "\n".join(["setting_id,closed_from,reopened_on", *own])
        (folder / "closures.csv").write_text(lines + "\n")
    closures = read_sen2(years, key="NativeId").closures
    assert sorted(closures["closed_from"].dt.strftime("%Y-%m-%d")) == ["2023-12-21", "2024-12-20"]


def test_a_day_that_an_asking_lacks_stays_unread_whatever_a_later_return_says_of_the_case(years):
    askings = "case_id,advice_type,requested_date\n3,health,w/c 16th October\n"
    (years[1] / "advice.csv").write_text(askings)
    unread = read_sen2(years, key="NativeId").unread
    assert unread.to_numpy().tolist() == [["3", "requested_date", "w/c 16th October"]]
