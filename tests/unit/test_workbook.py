"""Workbooks: one table a sheet with no blank row and no merged cell, notes and shorthand there, and small numbers hidden in all."""

import re
import zipfile
from datetime import date

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.markers import SHORTHAND
from ehcptime.outputs.report import report
from ehcptime.outputs.report_workbook import report_workbook
from ehcptime.outputs.workbook import workbook
from ehcptime.questions.backlog import backlog
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.track import track

AS_AT = date(2025, 3, 31)


@pytest.fixture(scope="module")
def tracked():
    return track(simulate(800, as_at=AS_AT, seed=2).cases, as_at=AS_AT)


@pytest.fixture
def tables(tracked):
    return {
        "open_cases": backlog(tracked),
        "plans": timeliness(tracked, "plans_due_20wk", period="FY"),
        "nothing": timeliness(tracked.iloc[:0], "plans_due_20wk", period="FY"),
    }


def rows(path, sheet):
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()


def parts(path, folder):
    with zipfile.ZipFile(path) as packed:
        return [
            packed.read(name).decode()
            for name in packed.namelist()
            if name.startswith(folder) and name.endswith(".xml")
        ]


@pytest.mark.parametrize("audience", ["public", "provider", "internal"])
def test_every_sheet_holds_one_table_and_no_merged_or_blank_row(tables, tmp_path, audience):
    place = tmp_path / "book.xlsx"
    workbook(tables, place, audience=audience, title="Board tables", notes=["A note."])
    book = CalamineWorkbook.from_path(place)
    assert book.sheet_names == ["Cover", "Contents", "Notes", "open_cases", "plans", "nothing"]
    for sheet in book.sheet_names:
        for row in rows(place, sheet):
            assert any(cell != "" for cell in row), sheet
    sheets = parts(place, "xl/worksheets/")
    assert not any("mergeCell" in sheet for sheet in sheets)
    assert [len(re.findall("<tablePart ", sheet)) for sheet in sheets] == [0, 1, 1, 1, 1, 1]
    for table in parts(place, "xl/tables/"):
        names = re.findall(r'<tableColumn id="\d+" name="([^"]*)"', table)
        assert len(names) == len(set(map(str.casefold, names))) > 0
        assert all(names)


def test_no_cell_of_a_table_is_blank(tables, tmp_path):
    place = tmp_path / "book.xlsx"
    workbook(tables, place, audience="public", title="Board tables")
    for sheet in ("open_cases", "plans", "nothing"):
        found = rows(place, sheet)
        table = [row for row in found if row[-1] != ""]
        assert len(table) == max(len(tables[sheet]), 1) + 1
        assert all(cell != "" for row in table for cell in row)


def test_notes_and_shorthand_are_explained(tables, tmp_path):
    place = tmp_path / "book.xlsx"
    workbook(tables, place, audience="public", title="Board tables", notes=["How the plans were counted."])
    notes = [row[-1] for row in rows(place, "Notes")]
    assert "How the plans were counted." in notes
    cover = " ".join(str(cell) for row in rows(place, "Cover") for cell in row)
    printed = {cell for name in ("open_cases", "plans") for row in rows(place, name) for cell in row}
    assert "[c]" in printed
    for mark in printed & set(SHORTHAND):
        assert f"{mark} {SHORTHAND[mark]}" in cover
    assert "[note 1]" in rows(place, "plans")[1][0]


def test_numbers_are_numbers_and_the_same_as_those_returned(tables, tmp_path):
    published = workbook(tables, tmp_path / "book.xlsx", audience="public", title="Board tables")
    expected = published["open_cases"].astype(object).to_numpy().tolist()
    assert [row for row in rows(tmp_path / "book.xlsx", "open_cases") if row[-1] != ""][1:] == expected


def test_all_tables_are_hidden_as_one_set(tmp_path):
    tables = {
        "by team": pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 8, 11]}),
        "by team again": pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 8, 11]}),
    }
    workbook(tables, tmp_path / "book.xlsx", audience="public", title="T")
    for sheet in tables:
        assert rows(tmp_path / "book.xlsx", sheet)[-3:] == [["a", "[c]"], ["b", "[c]"], ["all", 11.0]]


@pytest.mark.parametrize("audience", ["public", "provider"])
def test_died_has_no_row_outside(tmp_path, audience):
    tables = {"ends": pd.DataFrame({"closed_reason": ["died", "withdrawn", "other"], "cases": [21, 88, 16]})}
    workbook(tables, tmp_path / "book.xlsx", audience=audience, title="T")
    with zipfile.ZipFile(tmp_path / "book.xlsx") as packed:
        assert b"died" not in b"".join(packed.read(name) for name in packed.namelist())
    assert rows(tmp_path / "book.xlsx", "ends")[-1] == ["other", 37.0]


def test_a_working_list_has_real_dates_and_ids_as_text_and_stays_inside(tracked, tmp_path):
    listed = (
        tracked[["case_id", "plan_final_due", "age_days"]].head(4).assign(case_id=["007", "1E5", "=1", "x"])
    )
    workbook(
        {"list": listed},
        tmp_path / "list.xlsx",
        audience="internal",
        title="This week",
        notes=["Call first."],
    )
    assert CalamineWorkbook.from_path(tmp_path / "list.xlsx").sheet_names == ["Notes", "list"]
    assert [row[0] for row in rows(tmp_path / "list.xlsx", "Notes")] == [
        "This week", "OFFICIAL-SENSITIVE. It shows small numbers and stays inside the authority.", "Call first."
    ]  # fmt: skip
    found = rows(tmp_path / "list.xlsx", "list")
    assert [row[0] for row in found] == ["case_id", "007", "1E5", "=1", "x"]
    assert all(isinstance(row[1], date) for row in found[1:])
    assert "<autoFilter" in "".join(parts(tmp_path / "list.xlsx", "xl/worksheets/"))
    for audience in ("public", "provider"):
        with pytest.raises(InputError, match="has the column 'case_id'"):
            workbook({"list": listed}, tmp_path / "no.xlsx", audience=audience, title="T")
    assert not (tmp_path / "no.xlsx").exists()


def test_the_same_tables_make_the_same_file(tables, tmp_path):
    for name in ("a", "b"):
        workbook(tables, tmp_path / f"{name}.xlsx", audience="public", title="T")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_cannot_be_written_is_refused(tables, tmp_path):
    with pytest.raises(CommandError, match=r"end its name in \.xlsx"):
        workbook(tables, tmp_path / "a.csv", audience="public", title="T")
    with pytest.raises(CommandError, match="needs a table"):
        workbook({}, tmp_path / "a.xlsx", audience="public", title="T")
    with pytest.raises(InputError, match="cannot be written"):
        workbook(tables, tmp_path / "none" / "a.xlsx", audience="public", title="T")
    with pytest.raises(CommandError, match="audience must be one of"):
        workbook(tables, tmp_path / "a.xlsx", audience="press", title="T")


@pytest.mark.parametrize("preset", ["board", "foi"])
def test_a_report_and_its_workbook_hold_the_same_numbers(tmp_path, preset):
    extract = simulate(600, as_at=AS_AT, seed=8)
    page = report(extract, as_at=AS_AT, preset=preset)
    tables = report_workbook(extract, tmp_path / "book.xlsx", as_at=AS_AT, preset=preset)
    assert list(tables) == list(page.tables)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, page.tables[name])
    with zipfile.ZipFile(tmp_path / "book.xlsx") as packed:
        held = b"".join(packed.read(name) for name in packed.namelist())
    assert b"SYNTHETIC-0" not in held
    assert b"SYNTHETIC data: nobody in it exists." in held
