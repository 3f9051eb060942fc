import time
from datetime import datetime
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from ehcptime.errors import InputError
from ehcptime.records.mapping import read_mapping
from ehcptime.records.reading import read_extract

MAPPING = """
[cases]
order = ""
keep = ["School type"]
[cases.columns]
case_id = "Case Ref"
received_date = ["Date Received", "Received"]
request_outcome = "Decision"
request_outcome_date = "Decision date"
week20 = "Exception?"
plan_issued_date = "Final plan"
caseworker = ""
[cases.codes.request_outcome]
Y = ["Agreed", "agree to assess"]
N = "Refused"
A = "Pending"
[cases.codes.week20]
1 = "Exception recorded"
0 = "None"
"""
LOCAL = """\
Requests for assessment,,,,,,,
Run on 12/05/2025 by the data team
,,,,,,,
Case Ref,Child,Date Received,Decision,Decision date,Exception?,Final plan,School type
0007,Sunny Beam,02/04/2025,Agreed,14/05/2025,None,20/08/2025 00:00:00,Primary
A8,Misty Beam,03/04/2025,Refused,06/05/2025,,,Secondary

Case Ref,Child,Date Received,Decision,Decision date,Exception?,Final plan,School type
A9,Cloudy Gale,28/04/2025,Pending,,Exception recorded,,Special
Total,,3,,,,,
Source: local system
"""


@pytest.fixture
def local(tmp_path):
    (tmp_path / "map.toml").write_text(MAPPING)
    (tmp_path / "local.csv").write_text(LOCAL)
    return tmp_path / "local.csv"


def values(frame, name):
    return [None if pd.isna(value) else value for value in frame[name]]


def day(text):
    return pd.Timestamp(text)


def test_a_local_sheet_reads_through_its_mapping(local):
    extract = read_extract(local, mapping=local.with_name("map.toml"))
    cases = extract.cases
    assert values(cases, "case_id") == ["0007", "A8", "A9"]
    assert values(cases, "received_date") == [day("2025-04-02"), day("2025-04-03"), day("2025-04-28")]
    assert values(cases, "request_outcome") == ["Y", "N", "A"]
    assert values(cases, "request_outcome_date") == [day("2025-05-14"), day("2025-05-06"), None]
    assert values(cases, "plan_issued_date") == [day("2025-08-20"), None, None]
    assert values(cases, "week20") == [0, None, 1]
    assert values(cases, "School type") == ["Primary", "Secondary", "Special"]
    assert "Child" not in cases
    first = extract.reading.iloc[0]
    assert (first["rows_in"], first["rows_out"]) == (6, 3)
    for what in ("1 rows are the header again", "1 rows are totals", "1 rows are text below"):
        assert what in first["note"]


def test_a_column_that_no_value_settles_needs_the_order(local):
    local.write_text(LOCAL.replace("28/04/2025", "07/04/2025"))
    mapping = local.with_name("map.toml")
    with pytest.raises(InputError, match=r'column received_date of local\.csv .* order="day_first"'):
        read_extract(local, mapping=mapping)
    assert read_extract(local, mapping=mapping, order="day_first").cases[
        "received_date"
    ].dt.month.tolist() == [4, 4, 4]
    settled = mapping.read_text().replace('order = ""', 'order = "month_first"')
    mapping.write_text(settled)
    with pytest.raises(InputError, match="cannot be read with order"):
        read_extract(local, mapping=mapping)


def test_a_row_with_a_date_is_never_taken_for_a_total(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("case_id,received_date,team\n,2025-04-02,x\nTotal,2025-04-03,y\n")
    assert len(read_extract(path).cases) == 2


def test_a_case_with_its_id_alone_is_kept_within_the_table(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("case_id,received_date,team\n1,,\n2,2025-04-02,x\n")
    assert values(read_extract(path).cases, "case_id") == ["1", "2"]


def test_contract_headings_need_no_mapping_and_personal_columns_go(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("case_id,received_date,DOB,Surname,school\n1,2025-03-01,2015-03-01,Quillfeather,North\n")
    extract = read_extract(path)
    assert extract.cases.columns.tolist() == ["case_id", "received_date", "school", "age_at_request"]
    assert values(extract.cases, "age_at_request") == [10]
    assert "Quillfeather" not in extract.cases.to_csv() + extract.reading.to_csv()


@pytest.mark.parametrize(("delimiter", "encoding"), [("\t", "utf-16"), (";", "cp1252"), (",", "utf-8-sig")])
def test_other_delimiters_and_encodings_are_recognised(tmp_path, delimiter, encoding):
    path = tmp_path / "a.csv"
    text = "case_id,received_date,team\n1,2025-03-01,Café\n".replace(",", delimiter)
    path.write_bytes(text.encode(encoding))
    assert values(read_extract(path).cases, "team") == ["Café"]


def test_ids_that_name_a_child_are_reported(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "case_id,received_date,person_id\nZ938000099001,2025-03-01,Sunny Beam\nC2,2025-03-01,943 476 5919\n"
    )
    notes = " ".join(read_extract(path).reading["note"])
    for shape in ("1 shaped like a UPN", "1 shaped like a name", "1 shaped like a ULN or an NHS number"):
        assert shape in notes
    assert "Sunny" not in notes


def workbook(path, sheets):
    with xlsxwriter.Workbook(path) as book:
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for m, cell in enumerate(row):
                    write = sheet.write_datetime if isinstance(cell, datetime) else sheet.write
                    if cell is not None:
                        write(n, m, cell, *((as_date,) if isinstance(cell, datetime) else ()))
    return path


def test_a_workbook_of_several_sheets_is_read(tmp_path):
    path = workbook(
        tmp_path / "book.xlsx",
        {
            "Read me": [["Hello"]],
            "Cases": [
                ["Caseload"],
                [],
                ["case_id", "received_date", "week20"],
                [1.0, datetime(2025, 4, 2), 1.0],
                ["B2", 45749.0, 0.0],
                ["B3", "29/04/2025", None],
            ],
            "Advice": [["case_id", "advice_type", "requested_date"], [1.0, "health", datetime(2025, 5, 16)]],
        },
    )
    extract = read_extract(path)
    assert values(extract.cases, "case_id") == ["1", "B2", "B3"]
    assert values(extract.cases, "received_date") == [day("2025-04-02"), day("2025-04-02"), day("2025-04-29")]
    assert values(extract.advice, "requested_date") == [day("2025-05-16")]
    assert "not used" in extract.reading.loc[extract.reading["file"] == "book.xlsx Read me", "note"].tolist()


def test_a_wide_sheet_of_advice_becomes_one_row_for_each_asking(tmp_path):
    (tmp_path / "w.csv").write_text(
        "Ref,Received,EP asked,EP back,OT asked,OT back,EP outcome\n"
        "1,2025-04-02,2025-05-16,2025-06-20,2025-05-17,,given\n2,2025-04-03,,,,,\n"
    )
    columns = {"case_id": "Ref", "received_date": "Received"}
    mapping = {
        "cases": {"columns": columns},
        "advice": {
            "columns": {"case_id": "Ref"},
            "codes": {"advice_outcome": {"provided": "given"}},
            "services": {
                "psychology": {
                    "requested_date": "EP asked",
                    "returned_date": "EP back",
                    "advice_outcome": "EP outcome",
                },
                "ot": {
                    "advice_type": "health",
                    "sub_service": "OT",
                    "round": 1,
                    "requested_date": "OT asked",
                    "returned_date": "OT back",
                },
            },
        },
    }
    advice = read_extract(tmp_path / "w.csv", mapping=mapping).advice
    assert values(advice, "case_id") == ["1", "1"]
    assert values(advice, "advice_type") == ["psychology", "health"]
    assert values(advice, "returned_date") == [day("2025-06-20"), None]
    assert values(advice, "advice_outcome") == ["provided", None]
    assert values(advice, "sub_service") == [None, "OT"]
    assert values(advice, "round") == [None, 1]


@pytest.mark.parametrize(
    ("mapping", "match"),
    [
        ({}, "no section"),
        ({"plans": {}}, "section 'plans'"),
        ({"cases": {}}, "no heading for case_id or received_date"),
        ({"cases": {"columns": {"case_id": "a", "received_date": "b", "recieved": "c"}}}, "'recieved'"),
        ({"cases": {"colums": {}}}, "'colums'"),
        ({"cases": {"columns": {"case_id": "a", "received_date": ""}}}, "no heading for received_date"),
        (
            {
                "cases": {
                    "columns": {"case_id": "a", "received_date": "b"},
                    "codes": {"request_outcome": {"Yes": "x"}},
                }
            },
            "codes for request_outcome",
        ),
        ("nowhere.toml", "no mapping nowhere.toml"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(mapping, match):
    with pytest.raises(InputError, match=match):
        read_mapping(mapping)


def test_a_mapping_that_is_not_toml_is_refused(tmp_path):
    (tmp_path / "m.toml").write_text("[cases\n")
    with pytest.raises(InputError, match=r"m\.toml is not TOML"):
        read_mapping(tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "headings case_id and received_date"),
        ("case_id,advice_type,requested_date\n1,health,2025-01-01\n", "headings case_id and received_date"),
        ("case_id,received_date,case_id\n1,2025-01-01,2\n", "more than once"),
        ("case_id,received_date\n1,2025-01-01,2,3\n", "line"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, text, match):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(InputError, match=match):
        read_extract(tmp_path / "a.csv")


def test_headings_of_the_mapping_that_are_not_there_are_named(local):
    mapping = {"cases": {"columns": {"case_id": "Case Ref", "received_date": "Date Logged"}}}
    with pytest.raises(InputError, match="Case Ref and Date Logged"):
        read_extract(local, mapping=mapping)
    with pytest.raises(InputError, match="no sheet or file Sheet9"):
        read_extract(local, mapping={"cases": {**mapping["cases"], "source": "Sheet9"}})


def test_a_large_file_is_read_fast(tmp_path):
    rows = 200_000
    days = pd.Series(pd.date_range("2014-01-01", "2026-01-01").strftime("%d/%m/%Y"))
    chosen = np.random.default_rng(1).integers(0, len(days), (rows, 3))
    names = ("received_date", "request_outcome_date", "plan_issued_date")
    dates = {name: days.to_numpy()[chosen[:, n]] for n, name in enumerate(names)}
    pd.DataFrame({"case_id": np.arange(rows).astype(str), **dates}).to_csv(tmp_path / "big.csv", index=False)
    start = time.process_time()
    assert len(read_extract(tmp_path / "big.csv").cases) == rows
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", ["capita_one", "synergy", "liquidlogic", "mosaic"])
def test_the_templates_that_ship_invent_no_heading(tmp_path, name):
    with pytest.raises(InputError, match="no heading for case_id or received_date"):
        read_mapping(name)
    blank = files("ehcptime.records").joinpath("mappings", f"{name}.toml").read_text("utf-8")
    filled = blank.replace('case_id = ""', 'case_id = "Ref"').replace(
        'received_date = ""', 'received_date = "In"'
    )
    (tmp_path / "mine.toml").write_text(filled)
    (table,) = read_mapping(tmp_path / "mine.toml")
    assert dict(table.columns) == {"case_id": ("Ref",), "received_date": ("In",)}
