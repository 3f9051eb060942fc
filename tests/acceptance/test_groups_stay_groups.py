"""Sex, ethnicity and care status are in nothing that is printed or written of single cases, and in a report as groups of one section alone."""

import re
import zipfile
from datetime import date

import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.submission import write_sen2

AS_AT = date(2025, 3, 31)
MARK = "zqxj"  # every value of the three columns begins with it, and nothing else does
COLUMNS = ("sex", "ethnicity", "care_status")


def marked(day):
    made = simulate(260, as_at=day, seed=5)
    cases = made.cases.assign(**{name: MARK + made.cases[name].str[:1] for name in COLUMNS})
    return Extract(cases, made.advice, made.exemptions, made.closures, made.events)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    top = tmp_path_factory.mktemp("marked")
    write_sen2(marked(AS_AT), top / "now", as_at=AS_AT)
    assert MARK in next(top.glob("now/*_person.csv")).read_text("utf-8-sig")
    return top


def texts(folder):
    """What was written, inside of workbooks too."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                yield from (book.read(name).decode("utf-8", "replace") for name in book.namelist())
        else:
            yield path.read_text("utf-8-sig", errors="replace")


OF_CASES = [
    ["check", "--out", "a.csv"],
    ["at-risk", "--out", "a.csv"],
    ["parts", "--out", "a.csv"],
    ["waiting", "--cases", "--out", "a.csv"],
    ["overdue-advice", "--out", "a.csv"],
    ["missing-advice", "--plans", "--out", "a.csv"],
    ["letters", "--out", "a.csv"],
    ["audit-sample", "--number", "20", "--seed", "1", "--out", "a.xlsx"],
    ["calendar", "--out", "a.ics"],
    ["delay", "--out", "a.csv"],
    ["export", "--out", "star", "--format", "csv", "--internal"],
    ["timeliness", "--out", "a.csv"],
    ["effect"],
    ["case", "SYNTHETIC-000250", "--page", "a.html"],
]


def given(words, place):
    command, *more = words
    extract = [more.pop(0), place / "now"] if command == "case" else [place / "now"]
    return [command, *reversed(extract)] if command == "case" else [command, *extract], more


@pytest.mark.parametrize("words", OF_CASES, ids=" ".join)
def test_nothing_of_single_cases_has_them(run, place, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    first, more = given(words, place)
    code, out, err = run(*first, "--as-at", AS_AT, *more)
    assert code in (0, 1), err
    said = [out, err, *texts(tmp_path)]
    assert sum(map(len, said)) > 100
    assert not [text for text in said if MARK in text]


@pytest.mark.parametrize(
    ("preset", "audience"), [("board", "internal"), ("board", "public"), ("public", "public")]
)
def test_a_report_has_them_as_groups_alone(run, place, tmp_path, preset, audience):
    code, _, err = run(
        *("report", place / "now", "--as-at", AS_AT, "--preset", preset, "--audience", audience),
        *("--out", tmp_path / "r.html"),
    )
    assert code in (0, 1), err
    page = (tmp_path / "r.html").read_text("utf-8")
    sections = re.split(r"(?=<section)", page)
    found = {re.search(r'id="([^"]*)"', section)[1] for section in sections if MARK in section}
    assert found <= {"equality"}
    assert not [
        row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if MARK in row and "SYNTHETIC-" in row
    ]
