"""Returns at their edges: cells of a workbook of every kind, tables with nothing under them, and elements nested without end."""

import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from ehcptime import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.template import _day, _header, _tables
from ehcptime.records.sen2.workbook import read_sheets
from ehcptime.records.workbooks import read_workbook, sheet_names


def test_each_kind_of_cell_is_read_as_a_table_of_text_would_hold_it(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, dated = book.add_worksheet("A"), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_boolean(0, 0, True)
        sheet.write_boolean(0, 1, False)
        sheet.write_datetime(0, 2, datetime(2025, 4, 2, 9, 30), dated)
        sheet.write_number(0, 3, 20.0)
        sheet.write_number(0, 4, 0.5)
    assert read_workbook(tmp_path / "a.xlsx") == {"A": [["1", "0", "2025-04-02 09:30:00", "20", "0.5"]]}
    assert sheet_names(tmp_path / "a.xlsx") == ["A"]


@pytest.mark.parametrize("read", [read_workbook, sheet_names])
@pytest.mark.parametrize("content", [b"PK\x03\x04 and nothing else", b"\xd0\xcf\x11\xe0 and nothing else"])
def test_what_only_begins_like_a_workbook_is_refused(tmp_path, read, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.xlsx .*save it again as \.xlsx, without a password"):
        read(tmp_path / "a.xlsx")


def test_a_workbook_that_is_cut_or_overwritten_inside_is_damaged(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(range(256)) * 40)
    whole = path.read_bytes()
    path.write_bytes(whole[:60] + b"\xff" * 60 + whole[120:])
    with pytest.raises(InputError, match=r"a\.xlsx is damaged or locked: save it again as \.xlsx"):
        read_workbook(path)


def test_a_title_with_nothing_under_it_is_no_table():
    found = list(_tables([["Person Record"], [""], ["Requests Records"], ["Requests record ID"], ["21"]]))
    assert [(name, header) for name, header, _ in found] == [("requests", 3)]


@pytest.mark.parametrize("text", ["", "yesterday", "02/03/2026"])
def test_a_moment_that_cannot_be_told_gives_no_day(text):
    assert _day(text) is None
    assert _day("2026-02-12T12:00:00") == date(2026, 2, 12)
    assert _header(None) == {}


def test_a_sheet_of_requests_that_is_empty_is_refused():
    with pytest.raises(InputError, match=r"a\.xlsx Requests is empty"):
        read_sheets({"Requests": [[""], [" "]], "Assessments": [["a"]]}, "a.xlsx")


@pytest.mark.parametrize("deep", [99, 101, 5000])
def test_elements_inside_elements_without_end_are_refused(tmp_path, deep):
    (tmp_path / "a.xml").write_text("<Message>" + "<a>" * deep + "</a>" * deep + "</Message>")
    says = "nests elements more than 100 deep" if deep > 100 else "is not a SEN2 return"
    with pytest.raises(InputError, match=says):
        read_sen2(tmp_path / "a.xml")


def test_a_seed_below_nothing_is_refused():
    with pytest.raises(CommandError, match="seed -1 is negative: give 0 or more"):
        simulate(10, as_at=date(2025, 3, 31), seed=-1)


def test_a_table_of_plans_that_nothing_ties_to_a_request_is_refused(tmp_path):
    modules = {
        "requests": "requeststableid,persontableid,receiveddate,requestoutcomedate,requestoutcome",
        "assessment": "requeststableid,assessmentoutcome,assessmentoutcomedate,week20",
        "namedplan": "namedplantableid,startdate",
    }
    for name, headings in modules.items():
        (tmp_path / f"Blade-Export_17-01-2024_{name}.csv").write_text(f"{headings}\n")
    with pytest.raises(
        InputError, match=r"namedplan\.csv has no column requeststableid or assessmenttableid"
    ):
        read_sen2(tmp_path)
