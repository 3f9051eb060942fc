"""Papers at the command line: one case on a page, letters, an audit sample, a calendar, and a workbook of a report's tables."""

import json
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.case_pages.page import case_page
from ehcptime.questions.audit_sample import audit_sample
from ehcptime.questions.letters import expected_letters
from ehcptime.records.doors import read_any
from ehcptime.records.one_case import case_of
from ehcptime.records.sen2.submission import write_sen2
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track

DAY = date(2025, 3, 31)
AS_AT = ("--as-at", str(DAY))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("extracts") / "west"
    write_sen2(simulate(400, as_at=DAY, seed=7), made, as_at=DAY)
    return made


@pytest.fixture(scope="module")
def held(folder):
    return read_any(folder)


def test_the_page_of_a_case_is_the_librarys(run, folder, held, tmp_path):
    name = held.cases["case_id"].iloc[-1]
    record = case_of(held, name)
    page = case_page(
        record.case, as_at=DAY, advice=record.advice, exemptions=record.exemptions, closures=record.closures, events=record.events, reader="ombudsman"
    )  # fmt: skip
    assert run("case", folder, name, *AS_AT, "--reader", "ombudsman", "--page", tmp_path / "a.html")[0] == 0
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page.html
    assert run("case", folder, name, *AS_AT, "--reader", "ombudsman", "--page", tmp_path / "a.txt")[0] == 0
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == page.text


def test_the_page_of_facts_given_by_hand(run, tmp_path):
    words = (
        "case",
        "--as-at",
        "2025-11-01",
        "--fact",
        "received_date=2025-04-02",
        "--page",
        tmp_path / "a.txt",
    )
    assert run(*words)[0] == 0
    assert "2 April 2025 + 140 days = 20 August 2025" in (tmp_path / "a.txt").read_text(encoding="utf-8")


def test_no_such_case_and_no_such_page(run, folder, tmp_path):
    code, _, err = run("case", folder, "nobody", *AS_AT)
    assert code == 2
    assert "no such case_id" in err
    assert "nobody" not in err
    name = read_any(folder).cases["case_id"].iloc[0]
    code, _, err = run("case", folder, name, *AS_AT, "--page", tmp_path / "a.pdf")
    assert code == 2
    assert "end its name in .html or .txt" in err


def test_letters_are_counted_on_the_screen_and_listed_in_a_file(run, folder, held):
    tracked = track(held.cases, as_at=DAY, exemptions=held.exemptions, closures=held.closures)
    expected = expected_letters(tracked, events=held.events)
    code, out, _ = run("letters", folder, *AS_AT, "--json")
    rows = json.loads(out)
    assert code == 0
    assert [row["case_id"] for row in rows] == expected["case_id"].tolist()
    assert [row["state"] for row in rows] == expected["state"].astype(str).tolist()
    code, out, _ = run("letters", folder, *AS_AT)
    assert code == 0
    assert held.cases["case_id"].iloc[0] not in out
    assert "whether there will be an assessment" in out


def test_an_audit_sample_and_its_sheets(run, folder, held, tmp_path):
    tracked = track(held.cases, as_at=DAY, exemptions=held.exemptions, closures=held.closures)
    asked = track_advice(held.advice, as_at=DAY, cases=held.cases)
    drawn = audit_sample(tracked, n=30, seed=7, by=["outcome", "service"], advice=asked)
    words = ("audit-sample", folder, *AS_AT, "--number", 30, "--seed", 7, "--by", "outcome,service")
    code, out, _ = run(*words, "--json")
    assert code == 0
    assert [row["case_id"] for row in json.loads(out)] == drawn["case_id"].tolist()
    assert run(*words, "--out", tmp_path / "audit.xlsx")[0] == 0
    book = CalamineWorkbook.from_path(tmp_path / "audit.xlsx")
    assert book.sheet_names == ["sample", "limits"]
    limits = book.get_sheet_by_name("limits").to_python()
    assert {row[0] for row in limits[1:]} == set(drawn["case_id"])
    code, _, err = run("audit-sample", folder, *AS_AT, "--number", 1, "--seed", 7)
    assert code == 2
    assert "raise n or group by fewer columns" in err


def test_a_calendar_is_for_inside(run, folder, tmp_path):
    code, out, _ = run("calendar", folder, *AS_AT, "--out", tmp_path / "a.ics")
    assert code == 0
    count = (tmp_path / "a.ics").read_text(encoding="utf-8").count("BEGIN:VEVENT")
    assert out.startswith(f"{count:,} limits written")
    code, _, err = run("calendar", folder, *AS_AT, "--out", tmp_path / "b.ics", "--audience", "public")
    assert code == 2
    assert "cannot go to 'public'" in err
    assert not (tmp_path / "b.ics").exists()


def test_a_workbook_of_the_board(run, folder, tmp_path):
    code, out, _ = run("workbook", folder, *AS_AT, "--preset", "board", "--out", tmp_path / "board.xlsx")
    assert code == 0
    names = CalamineWorkbook.from_path(tmp_path / "board.xlsx").sheet_names
    assert names[:3] == ["Cover", "Contents", "Notes"]
    assert out.startswith(f"{len(names) - 3} tables written")
    code, _, err = run("workbook", folder, *AS_AT, "--preset", "weekly", "--out", tmp_path / "no.xlsx")
    assert code == 2
    assert "weekly" in err
