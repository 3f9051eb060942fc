"""Headings of two rows, and counts below a column of dates: the file itself and the mapping proposed for it."""

import datetime as dt
import tomllib

import pandas as pd
import pytest
import xlsxwriter

from ehcptime.errors import InputError
from ehcptime.records.proposals import propose_mapping
from ehcptime.records.reading import read_extract

WIDE = """\
Advice sheet,,,,,,,
,,EP,,,OT,,
Case Ref,Date Received,Requested,Received,Notes,Requested,Received,Caseworker
A7,28/04/2025,12/06/2025,20/07/2025,ok,13/06/2025,,JB
A8,03/04/2025,12/06/2025,,,,,JB
A9,03/04/2025,12/06/2025,,,14/06/2025,21/06/2025,KT
Total,3,3,1,,2,1,
"""
MERGED_DOWN = """\
Case Ref,Date Received,EP,,OT,
,,Requested,Received,Requested,Received
A7,28/04/2025,12/06/2025,20/07/2025,13/06/2025,
A8,03/04/2025,12/06/2025,,,
"""


def rows(advice):
    return [
        (case, kind, asked.date().isoformat(), None if pd.isna(back) else back.date().isoformat())
        for case, kind, asked, back in advice[
            ["case_id", "advice_type", "requested_date", "returned_date"]
        ].itertuples(index=False)
    ]


def read_as_proposed(path):
    return read_extract(path, mapping=tomllib.loads(propose_mapping(path)))


def test_a_service_in_the_row_above_its_columns(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(WIDE)
    extract = read_as_proposed(path)
    assert extract.cases["case_id"].tolist() == ["A7", "A8", "A9"]
    assert extract.cases["caseworker"].tolist() == ["JB", "JB", "KT"]  # beside a service, and not of it
    assert rows(extract.advice) == [
        ("A7", "psychology", "2025-06-12", "2025-07-20"),
        ("A8", "psychology", "2025-06-12", None),
        ("A9", "psychology", "2025-06-12", None),
        ("A7", "health", "2025-06-13", None),
        ("A9", "health", "2025-06-14", "2025-06-21"),
    ]


def test_case_headings_that_stand_in_the_upper_row(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(MERGED_DOWN)
    extract = read_as_proposed(path)
    assert extract.cases["received_date"].dt.day.tolist() == [28, 3]
    assert rows(extract.advice) == [
        ("A7", "psychology", "2025-06-12", "2025-07-20"),
        ("A8", "psychology", "2025-06-12", None),
        ("A7", "health", "2025-06-13", None),
    ]


def test_merged_cells_of_a_workbook(tmp_path):
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Advice")
        date = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range("A1:G1", "Advice asked for")
        for cells, text in {
            "A2:A3": "Case Ref",
            "B2:B3": "Date received",
            "C2:D2": "EP",
            "E2:F2": "OT",
        }.items():
            sheet.merge_range(cells, text)
        sheet.write("G2", "Social care")
        sheet.write_row("C3", ["Requested", "Received", "Requested", "Received", "Requested"])
        sheet.write("A4", "A7")
        for column in range(1, 7):
            sheet.write_datetime(3, column, dt.datetime(2025, 4, column), date)
    extract = read_as_proposed(path)
    assert extract.cases["case_id"].tolist() == ["A7"]
    assert extract.cases["received_date"].dt.day.tolist() == [1]
    assert rows(extract.advice) == [
        ("A7", "psychology", "2025-04-02", "2025-04-03"),
        ("A7", "health", "2025-04-04", "2025-04-05"),
        ("A7", "social_care", "2025-04-06", None),
    ]


def test_one_heading_twice_with_nothing_above_it_is_refused(tmp_path):
    path = tmp_path / "twice.csv"
    path.write_text("A title\nRef,Received,Received\n7,2025-04-28,2025-04-29\n")
    mapping = {"cases": {"columns": {"case_id": "Ref", "received_date": ["Received", "A title Received"]}}}
    with pytest.raises(InputError, match="Received more than once"):
        read_extract(path, mapping=mapping)


@pytest.mark.parametrize("records", [1, 2, 3, 30])
def test_a_count_below_a_column_of_dates_is_no_date_of_it(tmp_path, records):
    path = tmp_path / "local.csv"
    body = "".join(f"A{n},{n % 28 + 1:02}/04/2025,{n % 28 + 1:02}/05/2025\n" for n in range(13, 13 + records))
    path.write_text(f"Case Ref,Date Received,Decision date\n{body}Total,{records},{records}\n")
    columns = tomllib.loads(propose_mapping(path))["cases"]["columns"]
    assert columns["received_date"] == "Date Received"
    assert columns["request_outcome_date"] == "Decision date"
    assert len(read_as_proposed(path).cases) == records


def test_askings_of_a_case_without_an_id_are_kept_and_no_total(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(WIDE.replace("A9,03/04/2025", ",03/04/2025"))
    advice = read_as_proposed(path).advice
    assert len(advice) == 5
    assert advice["case_id"].isna().sum() == 2
    assert advice["requested_date"].notna().all()
