"""The command line at its edges: a pipe that closes, places that cannot be written, and more notes than a screen should hold."""

import io
import json
import sys

import pytest

from ehcptime.cli import app as command_line

SHEET = "Case Ref,Date Received\n7,28/04/2025\n8,03/04/2025\n"


def test_a_reader_that_has_seen_enough_is_no_error(monkeypatch):
    def closes():
        raise BrokenPipeError

    said = io.StringIO()
    monkeypatch.setattr(command_line, "app", closes)
    monkeypatch.setattr(sys, "stderr", said)
    command_line.main()
    assert said.closed


def test_a_rule_that_there_was_not_is_said(run):
    code, out, _ = run("law", "--diff", "2014-08-31", "2014-09-01")
    assert code == 0
    assert "2014-08-31: no such rule" in out
    assert "20 weeks" in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("map", "{sheet}", "--out", "{none}/m.toml"), "m.toml cannot be written: No such file or directory"),
        (
            (
                "provider-pack",
                "{cases}",
                "--as-at",
                "2025-12-31",
                "--provider",
                "Therapies",
                "--out",
                "{sheet}/pack",
            ),
            "the folder pack cannot be written: Not a directory",
        ),
    ],
)
def test_a_place_that_cannot_be_written_is_named(run, tmp_path, words, says):
    places = {"sheet": tmp_path / "sheet.csv", "cases": tmp_path / "cases", "none": tmp_path / "none"}
    places["sheet"].write_text(SHEET)
    places["cases"].mkdir()
    (places["cases"] / "cases.csv").write_text("case_id,received_date\nA,2025-01-06\n")
    (places["cases"] / "advice.csv").write_text(
        "case_id,advice_type,provider,requested_date\nA,health,Therapies,2025-02-10\n"
    )
    code, _, err = run(*(word.format(**places) for word in words))
    assert (code, says in err) == (3, True), err


def test_more_notes_about_rows_than_five_are_counted(run, tmp_path):
    (tmp_path / "requests.csv").write_text(
        "Person ID,Requests Record ID,Date Request Was Received,Request Outcome Date,Request Outcome\n"
        "P1,R1,2024-09-02,2024-10-14,Y\n"
    )
    (tmp_path / "assessments.csv").write_text(
        "Person ID,Requests Record ID,Assessment Outcome To Issue EHCP,Assessment Outcome Date,"
        "Twenty Weeks Time Limit Exceptions Apply\n"
    )
    for number in range(7):
        (tmp_path / f"other{number}.csv").write_text("heading\n1\n")
    code, _, err = run("backlog", tmp_path, "--as-at", "2025-03-31")
    assert code == 0
    assert err.count("csv: not used") == 5
    assert "2 more notes about rows: `ehcptime check` gives them" in err


def test_what_each_authority_put_in_can_be_asked_for(run, tmp_path):
    (tmp_path / "cases.csv").write_text("case_id,received_date\nA,2025-01-06\n")
    (tmp_path / "advice.csv").write_text(
        "case_id,advice_type,requested_date\nA,health,2025-02-10\nA,psychology,2025-02-10\n"
    )
    made = tmp_path / "west.csv"
    assert run("contributions", tmp_path, "--as-at", "2025-12-31", "--out", made)[0] == 0
    code, out, _ = run("combine", f"West Sussex={made}", "--authorities", "--json", "--quiet")
    (row,) = json.loads(out)
    assert (code, row["authority"], row["askings"]) == (0, "West Sussex", 2)


WAITING = (
    "scenario", "{cases}", "--as-at", "2025-03-31", "--arrivals", "0", "--refused", "0", "--no-plan", "0",
    "--drafting", "1", "--panel", "1", "--runs", "0", "--months", "1",
)  # fmt: skip


@pytest.fixture
def waiting(tmp_path):
    rows = [f"C{number},2025-01-06,Y,2025-02-03" for number in range(3)]
    lines = "\n".join(["case_id,received_date,request_outcome,request_outcome_date", *rows])
    (tmp_path / "cases.csv").write_text(lines + "\n")
    return [word.format(cases=tmp_path / "cases.csv") for word in WAITING]


def test_a_month_in_which_nothing_can_be_divided_is_blank_on_the_screen(run, waiting):
    # Twenty weeks from 6 January are 26 May, so nothing falls due in April.
    code, out, _ = run(*waiting, "--ep", "in_house=1", "--ep", "locum=0.5")
    assert code == 0
    # Arrivals, plans issued and cases over 20 weeks; neither percentage.
    assert [line.split() for line in out.splitlines() if line.startswith("2025-04")] == [
        ["2025-04", "0", "0", "0"]
    ]


@pytest.mark.parametrize("word", ["many", "in_house=many"])
def test_a_rate_that_is_no_number_is_refused(run, waiting, word):
    code, out, err = run(*waiting, "--ep", word)
    assert (code, out) == (2, "")
    assert "'many' is not a number of cases or of money: write it as 38 or as SOURCE=38" in err


def test_a_version_with_nothing_to_note_is_printed_without_a_note(run):
    code, out, _ = run("law", "plan_refusal")
    now = out[out.rindex("  from ") :]  # since 26 September 2020
    assert (code, "16 weeks" in now, "note:" in now) == (0, True, False)


def test_the_figures_of_a_workbook_are_kept_for_trace(run, tmp_path):
    (tmp_path / "cases.csv").write_text("case_id,received_date\nA,2025-01-06\n")
    code, out, _ = run(
        "workbook", tmp_path / "cases.csv", "--as-at", "2025-03-31", "--preset", "foi", "--out", tmp_path / "a.xlsx", "--manifest", tmp_path / "kept.json",
    )  # fmt: skip
    assert code == 0
    assert "kept.json" in out
    assert json.loads((tmp_path / "kept.json").read_text())["tables"]
