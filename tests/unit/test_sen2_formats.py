import importlib
import zipfile
from datetime import date, datetime

import pandas as pd
import pytest
import xlsxwriter

from ehcptime.errors import InputError
from ehcptime.records import workbooks
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade_writing import write_blade
from ehcptime.records.sen2.labelled import write_labelled
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.template import write_template
from ehcptime.records.sen2.workbook import write_sheets
from ehcptime.records.sen2.xml_writing import write_xml

# Every file here is typed by hand from the descriptions of the formats. Every person is invented.


def cells(frame, names):
    return {name: [None if pd.isna(value) else value for value in frame[name]] for name in names}


def values(extract, name):
    return [None if pd.isna(value) else value for value in extract.cases[name]]


def day(text):
    return pd.Timestamp(text)


def typed(path, sheets):
    """Type rows into a workbook as Excel holds them: numbers, true dates and text."""
    with xlsxwriter.Workbook(path) as book:
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for m, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        sheet.write_datetime(n, m, cell, as_date)
                    elif cell is not None:
                        sheet.write(n, m, cell)
    return path


PRE_SUBMISSION = {
    "Person": [
        ["persontableid", "surname", "forename", "personbirthdate", "sex", "ethnicity", "postcode", "upn"],
        [11.0, "Quillfeather", "Sunny", datetime(2015, 3, 1), "F", "WBRI", "ZZ99 3VZ", "Z938000099001"],
        [12.0, "Marrowby", "Cloudy", None, "M", None, None, None],
    ],
    "Requests": [
        [
            "requeststableid",
            "persontableid",
            "receiveddate",
            "rquestsource",
            "rya",
            "requestoutcomedate",
            "requestoutcome",
            "requestmediation",
            "requesttribunal",
            "exported",
        ],
        [21.0, 11.0, datetime(2025, 4, 2), 1.0, 0.0, datetime(2025, 5, 29), "Y", 0.0, 0.0, None],
        [22.0, 12.0, datetime(2025, 6, 3), 2.0, 0.0, None, "A", None, None, None],
    ],
    "Assessments": [
        [
            "persontableid",
            "requeststableid",
            "assessmentoutcome",
            "assessmentoutcomedate",
            "assessmentmediation",
            "assessmenttribunal",
            "othermediation",
            "othertribunal",
            "week20",
        ],
        [11.0, 21.0, "Y", datetime(2025, 10, 21), 0.0, 0.0, 0.0, 0.0, 1.0],
    ],
    "Named Plan": [["persontableid", "requeststableid", "startdate"], [11.0, 21.0, datetime(2025, 11, 1)]],
    "Plan Detail": [["persontableid", "requeststableid", "urn"], [11.0, 21.0, 100000.0]],
    "Active Plan": [["persontableid", "requeststableid", "transferla"], [11.0, 21.0, None]],
    "Placement Detail": [["persontableid", "requeststableid", "urn"], [11.0, 21.0, 100000.0]],
    "SEN Need": [
        ["persontableid", "requeststableid", "sentype", "sentyperank"],
        [11.0, 21.0, "ASD", 2.0],
        [11.0, 21.0, "SLCN", 1.0],
    ],
}


def check_two_cases(extract, ids=("21", "22"), *, needs=True, people=True):
    assert values(extract, "case_id") == list(ids)
    assert values(extract, "received_date") == [day("2025-04-02"), day("2025-06-03")]
    assert values(extract, "request_outcome") == ["Y", "A"]
    assert values(extract, "request_outcome_date") == [day("2025-05-29"), None]
    assert values(extract, "assessment_outcome") == ["Y", None]
    assert values(extract, "assessment_outcome_date") == [day("2025-10-21"), None]
    assert values(extract, "week20") == [1, None]
    assert values(extract, "plan_start_date") == [day("2025-11-01"), None]
    if needs:
        assert values(extract, "primary_need") == ["SLCN", None]
    if people:
        assert values(extract, "age_at_request") == [10, None]
        assert values(extract, "sex") == ["F", "M"]
        assert values(extract, "ethnicity") == ["WBRI", None]
    seen = extract.cases.to_csv() + extract.reading.to_csv()
    assert not [secret for secret in ("Quillfeather", "ZZ99", "Z938", "2015") if secret in seen]


def test_a_typed_pre_submission_workbook_reads_right(tmp_path):
    extract = read_sen2(typed(tmp_path / "pre.xlsx", PRE_SUBMISSION))
    check_two_cases(extract)
    assert values(extract, "request_source") == ["1", "2"]
    assert values(extract, "person_id") == ["11", "12"]


LA = "LA\n(From Header Record)"
PERSON_ID = "Person ID\n\n(This must match the relevant ID in the Person record table)"
REQUEST_ID = "Requests record ID\n\n(This must match the relevant ID in the Requests table)"
TEMPLATE = {
    "Guidance": [["Please read"]],
    "Data Entry Template": [
        ["SEN2 person level census"],
        ["Header Record"],
        ["Record Type", "Collection Name", "Year", "LA Number", "Date & Time \n(ccyy-mm-ddThh:mm:ss)"],
        ["Header", "SEN2", 2026.0, 938.0, 46065.5],
        [],
        ["Fill in one row for each person"],
        ["Person Record"],
        [
            "Record Type",
            "Person ID\n\n(This must be a unique ID for each Person record)",
            LA,
            "Surname",
            "Forename",
            "Date of Birth \n(ccyy-mm-dd)",
            "Sex",
            "Ethnicity",
            "Post Code",
            "UPN - Unique Pupil Number",
        ],
        [
            "Person",
            11.0,
            938.0,
            "Quillfeather",
            "Sunny",
            "2015-03-01",
            "F",
            "WBRI",
            "ZZ99 3VZ",
            "Z938000099001",
        ],
        ["Person", 12.0, 938.0, "Marrowby", "Cloudy", None, "M"],
        ["Person", None, 938.0],
        [],
        ["Fill in one row for each request"],
        ["Requests Records"],
        [
            "Record Type",
            "Requests record ID\n\n(This must be a unique ID for each Requests record)",
            LA,
            PERSON_ID,
            "Date request was received",
            "Initial Request Whilst In RYA",
            "Request Outcome Date",
            "Request Outcome",
            "Request Mediation",
            "Request Tribunal",
        ],
        ["Requests", 21.0, 938.0, 11.0, "2025-04-02", 0.0, "2025-05-29", "Y", 0.0, 0.0],
        ["Requests", 22.0, 938.0, 12.0, "2025-06-03", 0.0, None, "A"],
        ["Requests", None, 938.0],
        ["Requests", None, 938.0],
        ["Assessments Records"],
        [
            "Record Type",
            PERSON_ID,
            LA,
            REQUEST_ID,
            "Assessment Outcome - Decision to issue EHC plan",
            "Assessment Outcome Date",
            "Assessment Mediation",
            "Twenty week time limit exceptions apply",
        ],
        ["Assessment", 11.0, 938.0, 21.0, "Y", "2025-10-21", 0.0, 1.0],
        [],
        ["Named Plan Records"],
        ["Record Type", PERSON_ID, REQUEST_ID, LA, "EHC Plan Start Date", "Residential Settings"],
        ["NamedPlan", 11.0, 21.0, 938.0, "2025-11-01", "A"],
        ["Plan Detail Records"],
        ["Record Type", PERSON_ID, REQUEST_ID, LA, "URN - Unique Reference Number"],
        ["PlanDetail", 11.0, 21.0, 938.0, 100000.0],
        ["SEN Need Records"],
        [
            "Record Type",
            PERSON_ID,
            REQUEST_ID,
            "SEN Type of Need",
            "SEN Type of Need rank  (1=Primary, 2=Secondary)",
        ],
        ["SENneed", 11.0, 21.0, "SLCN", 1.0],
    ],
}


def test_a_typed_template_reads_right(tmp_path):
    extract = read_sen2(typed(tmp_path / "template.xlsx", TEMPLATE))
    check_two_cases(extract)
    assert values(extract, "la_code") == ["938", "938"]
    assert extract.extracted_on == date(2026, 2, 12)
    counted = extract.reading["note"].str.contains("2 rows are not filled in", regex=False)
    assert counted.any()


D2I = {
    "Module 1.csv": "Person ID,Surname,Forename,Dob (ccyy-mm-dd),Gender,Ethnicity,Postcode,UPN - Unique Pupil Number\n"
    "11,Quillfeather,Sunny,2015-03-01,F,WBRI,ZZ99 3VZ,Z938000099001\n12,Marrowby,Cloudy,,M,,,\n",
    "any name.csv": "Person ID,Requests Record ID,Date Request Was Received,Initial Request Whilst In RYA,"
    "Request Outcome Date,Request Outcome,Request Mediation,Request Tribunal,New start date\n"
    "11,21,2025-04-02,0,2025-05-29,Y,0,0,\n12,22,2025-06-03,0,,A,,,\n",
    "Module 3.csv": "Person ID,Requests Record ID,Assessment Outcome To Issue EHCP,Assessment Outcome Date,"
    "Assessment Mediation,Assessment Tribunal,Other Mediation,Other Tribunal,Twenty Weeks Time Limit Exceptions Apply\n"
    "11,21,Y,2025-10-21,0,0,0,0,1\n",
    "Module 4.csv": "Person ID,Request Records ID,EHC Plan Start Date,Residential Settings,Date EHC Plan Ceased\n"
    "11,21,2025-11-01,A,\n",
    "Module 5.csv": "Person ID,Request Records ID,EHC Plan (Transfer),Residential Settings\n11,21,,A\n",
}
SSD = {
    "ssd_ehcp_requests.csv": "ehcr_ehcp_request_id,ehcr_send_table_id,ehcr_ehcp_req_date,ehcr_ehcp_req_outcome_date,"
    "ehcr_ehcp_req_outcome\n21,S11,2025-04-02 00:00:00,2025-05-29 00:00:00,Y\n22,S12,2025-06-03 00:00:00,,A\n",
    "ssd_ehcp_assessment.csv": "ehca_ehcp_assessment_id,ehca_ehcp_request_id,ehca_ehcp_assessment_outcome_date,"
    "ehca_ehcp_assessment_outcome,ehca_ehcp_assessment_exceptions\n31,21,2025-10-21 00:00:00,Y,1\n",
    "ssd_ehcp_named_plan.csv": "ehcn_named_plan_id,ehcn_ehcp_asmt_id,ehcn_named_plan_start_date\n41,31,2025-11-01\n",
    "ssd_ehcp_active_plans.csv": "ehcp_active_ehcp_id,ehcp_ehcp_request_id,ehcp_active_ehcp_last_review_date\n51,21,\n",
    "ssd_sen_need.csv": "senn_table_id,senn_active_ehcp_id,senn_active_ehcp_need_type,senn_active_ehcp_need_rank\n"
    "61,51,ASD,2\n62,51,SLCN,1\n",
}


def folder_of(path, files):
    path.mkdir()
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def test_typed_files_with_the_headings_of_the_send_tool_read_right(tmp_path):
    extract = read_sen2(folder_of(tmp_path / "d2i", D2I))
    check_two_cases(extract, needs=False)
    assert "not used" in extract.reading.loc[extract.reading["file"] == "Module 5.csv", "note"].tolist()


def test_typed_files_of_the_safeguarding_dataset_read_right(tmp_path):
    extract = read_sen2(folder_of(tmp_path / "ssd", SSD))
    check_two_cases(extract, people=False)
    assert values(extract, "person_id") == ["S11", "S12"]


def test_two_files_of_one_module_are_refused(tmp_path):
    folder = folder_of(tmp_path / "d2i", D2I)
    (folder / "copy.csv").write_text(D2I["Module 3.csv"])
    with pytest.raises(InputError, match="both hold the module assessment"):
        read_sen2(folder)


def test_a_workbook_that_is_neither_is_refused(tmp_path):
    with pytest.raises(InputError, match="read it with read_extract"):
        read_sen2(typed(tmp_path / "local.xlsx", {"Sheet1": [["case_id"]]}))
    (tmp_path / "bad.xlsx").write_bytes(b"PK\x03\x04 and nothing more")
    with pytest.raises(InputError, match="not a workbook that can be read"):
        read_sen2(tmp_path / "bad.xlsx")


def test_a_template_without_its_tables_is_refused(tmp_path):
    path = typed(tmp_path / "t.xlsx", {"Data Entry Template": TEMPLATE["Data Entry Template"][:12]})
    with pytest.raises(InputError, match="no table Requests Records or Assessments Records"):
        read_sen2(path)


def test_a_template_that_is_not_filled_in_at_all_is_refused(tmp_path):
    path = typed(tmp_path / "t.xlsx", {"Data Entry Template": [["Please fill in"]]})
    with pytest.raises(InputError, match="no table Requests Records or Assessments Records"):
        read_sen2(path)


def test_formulas_without_results_are_refused_and_others_are_read(tmp_path):
    saved = {**PRE_SUBMISSION, "Requests": [[*row] for row in PRE_SUBMISSION["Requests"]]}
    path = typed(tmp_path / "pre.xlsx", saved)
    with xlsxwriter.Workbook(tmp_path / "saved.xlsx") as book:
        book.add_worksheet("a").write_formula(0, 0, "=1+1", None, 2)
    assert workbooks.read_workbook(tmp_path / "saved.xlsx") == {"a": [["2"]]}
    unsaved = tmp_path / "unsaved.xlsx"
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(unsaved, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet2.xml":
                content = content.replace(
                    b"</row></sheetData>", b'<c r="Z3"><f>TODAY()</f></c></row></sheetData>'
                )
            after.writestr(name, content)
    with pytest.raises(InputError, match="formulas whose results were not saved"):
        read_sen2(unsaved)


def test_what_unpacks_beyond_reason_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "_MOST_BYTES", 1000)
    with pytest.raises(InputError, match="unpacks to more than"):
        read_sen2(typed(tmp_path / "pre.xlsx", PRE_SUBMISSION))


def test_too_many_cells_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "_MOST_CELLS", 10)
    with pytest.raises(InputError, match="more than 10 cells"):
        read_sen2(typed(tmp_path / "pre.xlsx", PRE_SUBMISSION))


def test_without_the_extra_the_message_names_it(tmp_path, monkeypatch):
    path = typed(tmp_path / "pre.xlsx", PRE_SUBMISSION)

    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(workbooks, "import_module", missing)
    with pytest.raises(InputError, match=r'pip install "ehcptime\[excel\]"'):
        read_sen2(path)
    assert importlib.import_module("xlsxwriter")


def test_what_is_merged_downwards_fills_its_rows(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "m.xlsx") as book:
        sheet = book.add_worksheet("a")
        sheet.merge_range(0, 0, 2, 0, "North")
        sheet.write_column(0, 1, ["x", "y", "z"])
        sheet.merge_range(3, 0, 3, 1, "A title")
    expected = [["North", "x"], ["North", "y"], ["North", "z"], ["A title", ""]]
    assert workbooks.read_workbook(tmp_path / "m.xlsx") == {"a": expected}


def a_caseload():
    dates = pd.to_datetime(["2024-01-08", "2024-02-29", "2024-03-01"]).astype("datetime64[s]")
    return pd.DataFrame(
        {
            "case_id": ["1", "2", "3"],
            "received_date": dates,
            "person_id": ["1", "1", "2"],
            "rya": pd.array([0, 1, None], dtype="Int64"),
            "request_source": ["1", "2", None],
            "request_outcome": ["Y", None, "N"],
            "request_outcome_date": pd.Series([dates[1], None, dates[2]]).astype("datetime64[s]"),
            "request_mediation": pd.array([0, None, 1], dtype="Int64"),
            "exported": [None, "938", None],
            "assessment_outcome": ["Y", None, None],
            "assessment_outcome_date": pd.Series([dates[2], None, None]).astype("datetime64[s]"),
            "week20": pd.array([0, None, None], dtype="Int64"),
            "plan_start_date": pd.Series([dates[2], None, None]).astype("datetime64[s]"),
            "primary_need": ["ASD", None, None],
            "sex": ["F", "F", None],
            "ethnicity": ["<&>", "<&>", "NOBT"],
        }
    )


WRITERS = {
    "xml": lambda extract, path: write_xml(extract, path, as_at=date(2024, 7, 1)),
    "blade": lambda extract, path: write_blade(extract, path, as_at=date(2024, 7, 1)),
    "workbook": write_sheets,
    "template": lambda extract, path: write_template(extract, path, as_at=date(2024, 7, 1)),
    "d2i": lambda extract, path: write_labelled(extract, path, headings="d2i"),
    "ssd": lambda extract, path: write_labelled(extract, path, headings="ssd"),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_reads_back_what_was_written(tmp_path, name):
    cases = a_caseload()
    path = tmp_path / {"xml": "a.xml", "workbook": "a.xlsx", "template": "b.xlsx"}.get(name, "folder")
    WRITERS[name](Extract(cases), path)
    again = read_sen2(path).cases
    assert cells(again, cases) == cells(cases, cases)
    assert again["received_date"].dtype == "datetime64[s]"
    assert again["week20"].dtype == "Int64"


def test_what_the_requests_of_a_person_disagree_on_stays_with_the_requests(tmp_path):
    cases = a_caseload().assign(
        person_id=["1", "1", None], sex=["F", "M", "M"], ethnicity=["WBRI", None, "WIRI"]
    )
    write_blade(Extract(cases), tmp_path / "blade", as_at=date(2024, 7, 1))
    people = next((tmp_path / "blade").glob("*_person.csv")).read_text("utf-8-sig").splitlines()
    assert people == ["persontableid,sex,ethnicity", "1,,"]
    assert cells(read_sen2(tmp_path / "blade").cases, ["sex", "ethnicity"]) == cells(
        cases, ["sex", "ethnicity"]
    )
    write_xml(Extract(cases), tmp_path / "a.xml", as_at=date(2024, 7, 1))
    assert cells(read_sen2(tmp_path / "a.xml").cases, ["sex", "ethnicity"]) == {
        "sex": [None, None, "M"],
        "ethnicity": [None, None, "WIRI"],
    }
