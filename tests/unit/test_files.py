"""Tables as files: what a spreadsheet would run is inert, dates are dates, and a file is there whole or not at all."""

import csv
import json
import stat
import zipfile
from datetime import date, datetime
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.files import json_text, write_table, write_tables

HOSTILE = ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1"]


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "case_id": ["00123", "1E5", None],
            "due": pd.to_datetime(["2025-08-20", None, "1899-12-31"]),
            "days_left": pd.array([-7, None, 0], "Int64"),
            "percent": [11.4, np.nan, 50.0],
            "exempt": [True, False, True],
            "stage": pd.Categorical(["drafting", None, "drafting"]),
            "by_day": np.array([date(2025, 8, 5), None, date(2025, 8, 6)], dtype=object),
        },
        index=[7, 7, 9],
    )


def csv_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def excel_rows(path, sheet=None):
    with CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_name(sheet or book.sheet_names[0]).to_python()


def part(path, name):
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def test_csv_holds_iso_dates_blanks_for_what_is_missing_and_no_index(tmp_path, frame):
    write_table(frame, tmp_path / "list.csv")
    assert csv_rows(tmp_path / "list.csv") == [
        list(frame.columns),
        ["00123", "2025-08-20", "-7", "11.4", "True", "drafting", "2025-08-05"],
        ["1E5", "", "", "", "False", "", ""],
        ["", "1899-12-31", "0", "50", "True", "drafting", "2025-08-06"],
    ]


def test_json_is_records_with_iso_dates_and_nulls(tmp_path, frame):
    write_table(frame, tmp_path / "list.JSON")
    found = json.loads((tmp_path / "list.JSON").read_text(encoding="utf-8"))
    assert found == json.loads(json_text(frame))
    assert found[:2] == [
        {
            "case_id": "00123", "due": "2025-08-20", "days_left": -7, "percent": 11.4, "exempt": True,
            "stage": "drafting", "by_day": "2025-08-05",
        },
        {
            "case_id": "1E5", "due": None, "days_left": None, "percent": None, "exempt": False,
            "stage": None, "by_day": None,
        },
    ]  # fmt: skip


def test_json_holds_what_json_has_no_word_for():
    frame = pd.DataFrame(
        {"a": [np.inf, 1.5], "b": [(1, None), (2, 3)], "c": [datetime(2025, 1, 2, 3, 4), pd.NaT]}
    )
    assert json.loads(json_text(frame)) == [
        {"a": "inf", "b": [1, None], "c": "2025-01-02T03:04:00"},
        {"a": 1.5, "b": [2, 3], "c": None},
    ]
    assert json.loads(json_text(frame.head(0))) == []


def test_excel_holds_real_dates_numbers_and_ids_as_text(tmp_path, frame):
    write_table(frame, tmp_path / "list.xlsx")
    assert excel_rows(tmp_path / "list.xlsx") == [
        list(frame.columns),
        ["00123", date(2025, 8, 20), -7.0, 11.4, True, "drafting", date(2025, 8, 5)],
        ["1E5", "", "", "", False, "", ""],
        ["", "1899-12-31", 0.0, 50.0, True, "drafting", date(2025, 8, 6)],
    ]


def test_a_sheet_has_a_filter_a_frozen_heading_and_widths(tmp_path, frame):
    write_table(frame, tmp_path / "list.xlsx")
    sheet = part(tmp_path / "list.xlsx", "xl/worksheets/sheet1.xml")
    assert '<autoFilter ref="A1:G4"/>' in sheet
    assert 'state="frozen"' in sheet
    assert 'ySplit="1"' in sheet
    assert 'customWidth="1"' in sheet
    assert "mergeCell" not in sheet


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_is_inert(tmp_path, text):
    frame = pd.DataFrame({text: [text], "kind": pd.Categorical([text])})
    write_table(frame, tmp_path / "list.csv")
    assert csv_rows(tmp_path / "list.csv") == [[f"'{text}", "kind"], [f"'{text}"] * 2]
    write_table(frame, tmp_path / "list.xlsx")
    sheet = part(tmp_path / "list.xlsx", "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert 'quotePrefix="1"' in part(tmp_path / "list.xlsx", "xl/styles.xml")
    assert json.loads(json_text(frame)) == [{text: text, "kind": text}]


def test_a_link_is_a_text(tmp_path):
    write_table(pd.DataFrame({"note": ["https://example.org"]}), tmp_path / "list.xlsx")
    assert "hyperlink" not in part(tmp_path / "list.xlsx", "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_control_characters_and_what_is_no_text_become_question_marks(tmp_path, suffix):
    target = tmp_path / f"list{suffix}"
    write_table(pd.DataFrame({"note\x07": ["a\x1b[31m\x00\ud800b"]}, dtype=object), target)
    read = {".csv": csv_rows, ".xlsx": excel_rows}.get(suffix)
    rows = (
        read(target)
        if read
        else [list(json.loads(target.read_text())[0]), list(json.loads(target.read_text())[0].values())]
    )
    assert "a?[31m??b" in rows[-1]
    assert "note?" in rows[0]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_an_empty_table_is_a_file_with_its_headings(tmp_path, frame, suffix):
    target = tmp_path / f"none{suffix}"
    write_table(frame.head(0), target)
    assert target.exists()
    if suffix != ".json":
        assert (csv_rows if suffix == ".csv" else excel_rows)(target) == [list(frame.columns)]


def test_several_tables_are_a_sheet_each_and_one_file_of_json(tmp_path, frame):
    tables = {
        "Sam/Area: north": frame,
        "sam area  north": frame,
        "x" * 40: frame,
        "History": frame,
        "": frame,
    }
    write_tables(tables, tmp_path / "lists.xlsx")
    with CalamineWorkbook.from_path(tmp_path / "lists.xlsx") as book:
        assert book.sheet_names == ["Sam Area  north", "sam area  north (2)", "x" * 31, "History ", "table"]
    write_tables(tables, tmp_path / "lists.json")
    assert list(json.loads((tmp_path / "lists.json").read_text())) == list(tables)
    with pytest.raises(CommandError, match="holds one table"):
        write_tables(tables, tmp_path / "lists.csv")


def test_only_the_owner_can_read_a_file(tmp_path, frame):
    for suffix in (".csv", ".xlsx", ".json"):
        write_table(frame, tmp_path / f"list{suffix}")
        assert stat.S_IMODE((tmp_path / f"list{suffix}").stat().st_mode) == 0o600


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path, suffix):
    target = tmp_path / f"list{suffix}"
    target.write_text("as it was")

    class Bad:
        def __str__(self):
            raise RuntimeError("cannot be said")

    with pytest.raises(RuntimeError):
        write_table(pd.DataFrame({"a": ["x", Bad()]}), target)
    assert target.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["list.pdf", "list", "list.csv.gz"])
def test_an_unknown_ending_is_one_sentence(tmp_path, frame, name):
    with pytest.raises(CommandError, match=r"end its name in \.csv, \.xlsx or \.json, or \.parquet$"):
        write_table(frame, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path, frame):
    with pytest.raises(
        InputError, match=r"^list\.csv cannot be written: No such file or directory; choose another folder"
    ):
        write_table(frame, tmp_path / "nowhere" / "list.csv")


def test_what_a_sheet_cannot_hold_is_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="column 'note' holds a text longer than a cell of Excel"):
        write_table(pd.DataFrame({"note": ["x" * 32_768]}), tmp_path / "list.xlsx")
    with pytest.raises(CommandError, match="1,048,576 rows and 1 columns are more than a sheet holds"):
        write_table(pd.DataFrame({"n": np.zeros(1_048_576, dtype=np.int8)}), tmp_path / "list.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_extra_is_named_where_it_is_missing(tmp_path, frame, monkeypatch):
    def without(name, *rest):
        if name == "xlsxwriter":
            raise ImportError(name)
        return import_module(name, *rest)

    monkeypatch.setattr("ehcptime.records.workbooks.import_module", without)
    with pytest.raises(InputError, match=r'needs the excel extra: pip install "ehcptime\[excel\]"'):
        write_table(frame, tmp_path / "list.xlsx")
    assert not list(tmp_path.iterdir())


def test_the_same_table_gives_the_same_workbook(tmp_path, frame):
    write_table(frame, tmp_path / "one.xlsx")
    write_table(frame, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_the_frame_is_left_as_it_was(tmp_path, frame):
    before = frame.copy(deep=True)
    for suffix in (".csv", ".xlsx", ".json"):
        write_table(frame, tmp_path / f"list{suffix}")
    pd.testing.assert_frame_equal(frame, before)


def test_a_table_of_no_columns_is_an_empty_sheet(tmp_path):
    write_table(pd.DataFrame(), tmp_path / "none.xlsx")
    with CalamineWorkbook.from_path(tmp_path / "none.xlsx") as book:
        (name,) = book.sheet_names
        assert book.get_sheet_by_name(name).to_python() == []
    assert "autoFilter" not in part(tmp_path / "none.xlsx", "xl/worksheets/sheet1.xml")
