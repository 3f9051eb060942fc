"""The command line as a user meets it: answers, one-sentence refusals, exit codes, and nothing on disk that was not asked for."""

import shutil
import subprocess
import sys
from datetime import date

import pytest

from ehcptime.cli.app import app
from ehcptime.datasets.simulate import simulate
from ehcptime.records.sen2.submission import write_sen2

AS_AT = "2025-03-31"
DAY = date(2025, 3, 31)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("extract") / "sen2"
    write_sen2(simulate(400, as_at=DAY, seed=7), made, as_at=DAY)
    return made


def listing(path):
    return sorted((p.relative_to(path), p.stat().st_size, p.stat().st_mtime_ns) for p in path.rglob("*"))


def test_the_help_lists_every_command(run):
    code, out, _ = run("--help")
    assert code == 0
    for name in (
        "demo",
        "case",
        "check",
        "track",
        "timeliness",
        "backlog",
        "contributions",
        "at-risk",
        "law",
        "simulate",
    ):
        assert name in out


def test_every_command_has_help_with_an_example(run):
    for command in app.registered_commands:
        code, out, _ = run(command.name, "--help")
        assert code == 0
        assert command.name == "demo" or "Example" in out, command.name


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["check"], "problems"),
        (["track"], "plan_final_due"),
        (["timeliness"], "plans_due_20wk"),
        (["timeliness", "--measure", "plans_due_20wk", "--period", "FY"], "open_over_20wk"),
        (["timeliness", "--measure", "advice_6wk"], "advice_body"),
        (["timeliness", "--measure", "plans_20wk_all_advice"], "percent"),
        (["timeliness", "--measure", "plans_issued_20wk_exc", "--by", "area", "--period", "Y"], "area"),
        (["backlog"], "open cases"),
        (["backlog", "--by", "area"], "area"),
        (["contributions"], "psychology"),
        (["at-risk", "--days", "14"], "in the next 14 days"),
    ],
)
def test_a_command_answers_and_changes_nothing(run, folder, command, says):
    before = listing(folder)
    code, out, err = run(command[0], folder, "--as-at", AS_AT, *command[1:])
    assert code == (1 if command == ["check"] else 0), err
    assert says in out
    assert listing(folder) == before


def test_out_writes_every_row_where_it_says(run, folder, tmp_path):
    target = tmp_path / "tracked.csv"
    code, out, _ = run("track", folder, "--as-at", AS_AT, "--out", target)
    assert code == 0
    assert "400 rows" in out
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 401
    assert "plan_final_due" in lines[0]


def test_a_case_can_be_given_by_its_facts(run):
    facts = [
        "--fact",
        "received_date=2025-04-02",
        "--fact",
        "assessment_outcome=N",
        "--fact",
        "assessment_outcome_date=2025-10-21",
    ]
    code, out, _ = run("case", "--as-at", "2025-11-01", *facts, "--explain", "plan_refusal")
    assert code == 0
    assert "2 April 2025 + 112 days = 23 July 2025" in out
    assert "12 weeks 6 days late" in out


def test_a_case_can_be_taken_from_an_extract(run, folder):
    code, out, _ = run("case", folder, "SYNTHETIC-000001", "--as-at", AS_AT)
    assert code == 0
    assert "Final plan" in out


def test_the_law_is_printed_whole_and_by_rule(run):
    _, out, _ = run("law")
    assert "plan_final" in out
    code, out, _ = run("law", "plan_final")
    assert code == 0
    assert "reg 13(2)" in out
    assert run("law", "plan_final", "--json")[1].startswith("[")


def test_a_difference_is_planted_at_the_command_line_as_in_the_library(run, tmp_path):
    code, out, err = run("simulate", 150, "--as-at", AS_AT, "--slower", "sex=F:8", "--out", tmp_path / "new")
    assert code == 0, err
    assert "plans of sex F take 8 weeks longer" in out
    write_sen2(simulate(150, as_at=DAY, seed=1, slower=("sex", "F", 8)), tmp_path / "library", as_at=DAY)
    for path in (tmp_path / "library").iterdir():
        assert (tmp_path / "new" / path.name).read_bytes() == path.read_bytes()


def test_simulate_writes_a_folder_that_can_be_read(run, tmp_path):
    target = tmp_path / "made"
    assert run("simulate", 60, "--as-at", AS_AT, "--out", target)[0] == 0
    assert run("backlog", target, "--as-at", AS_AT)[0] == 0
    code, _, err = run("simulate", 60, "--as-at", AS_AT, "--out", target)
    assert code in {2, 3}
    assert err.count("\n") == 1


@pytest.mark.parametrize("command", ["check", "track", "timeliness", "backlog", "contributions", "at-risk"])
def test_as_at_is_required(run, folder, command):
    code, _, err = run(command, folder)
    assert code == 2
    assert "--as-at" in err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["track", "{folder}", "--as-at", "31/03/2025"], 2, "YYYY-MM-DD"),
        (["track", "{folder}", "--as-at", AS_AT, "--convention", "day1"], 2, "convention"),
        (["timeliness", "{folder}", "--as-at", AS_AT, "--measure", "on_time"], 2, "there is no measure"),
        (["timeliness", "{folder}", "--as-at", AS_AT, "--by", "colour"], 2, "colour"),
        (["backlog", "{folder}", "--as-at", AS_AT, "--by", "colour"], 2, "colour"),
        (["law", "final"], 2, "there is no rule"),
        (["case", "--as-at", AS_AT, "--fact", "received_date"], 2, "NAME=VALUE"),
        (["case", "--as-at", AS_AT, "--fact", "received_date=2/4/25"], 2, "YYYY-MM-DD"),
        (["case", "--as-at", AS_AT, "--fact", "recieved=2025-04-02"], 3, "recieved"),
        (["case", "{folder}", "nobody", "--as-at", AS_AT], 2, "no such case_id"),
        (["case", "{folder}", "--as-at", AS_AT], 2, "case_id"),
        (["track", "{empty}", "--as-at", AS_AT], 3, "blade"),
        (["track", "{missing}", "--as-at", AS_AT], 3, "missing"),
        (["track", "{no_column}", "--as-at", AS_AT], 3, "receiveddate"),
        (["track", "{no_bytes}", "--as-at", AS_AT], 3, "empty"),
        (["track", "{twice}", "--as-at", AS_AT], 3, "same id"),
        (["simulate", "0", "--as-at", AS_AT, "--out", "{missing}"], 2, "1 or more"),
        (["simulate", "10", "--as-at", AS_AT, "--out", "{missing}", "--preset", "kent"], 2, "kent"),
        (["simulate", "10", "--as-at", AS_AT, "--out", "{missing}", "--slower", "sex=F"], 2, "sex=F:8"),
        (
            ["simulate", "10", "--as-at", AS_AT, "--out", "{missing}", "--slower", "sex=X:8"],
            2,
            "no group 'X'",
        ),
    ],
)
def test_a_mistake_is_one_sentence_and_changes_nothing(run, folder, tmp_path, words, code, says):
    requests = next(folder.glob("*_requests.csv"))
    lines = requests.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    for name, text in (
        ("no_column", "".join(line.replace("receiveddate", "received") for line in lines)),
        ("no_bytes", ""),
        ("twice", "".join([*lines, lines[1].replace("-2019 ", "-2020 ").replace("2019-", "2020-")])),
    ):
        shutil.copytree(folder, tmp_path / name)
        (tmp_path / name / requests.name).write_text(text, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    places = {name: tmp_path / name for name in ("empty", "missing", "no_column", "no_bytes", "twice")} | {
        "folder": folder
    }
    before = listing(tmp_path)
    found, _, err = run(*(word.format(**places) for word in words))
    assert found == code, err
    assert says in err
    assert "Traceback" not in err
    if "Usage" not in err:
        assert (
            sum(line.startswith("ehcptime: ") and "ehcptime: note: " not in line for line in err.splitlines())
            == 1
        )
        assert err.splitlines()[-1].startswith("ehcptime: ")
    assert listing(tmp_path) == before


def test_a_module_run_as_a_program_leaves_no_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "from ehcptime.cli.app import main; main()", "track", str(tmp_path), "--as-at", AS_AT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_the_demonstration_shows_the_law_the_caseload_and_the_sentence(run, tmp_path):
    code, out, err = run("demo", "--out", tmp_path / "demo")
    assert code == 0, err
    assert "2 April 2025 + 112 days = 23 July 2025" in out
    assert "differ by 1 day" in out
    assert "On-time plans rose from 40 to 47. Late plans rose from 73 to 131" in out
    assert (tmp_path / "demo" / "backlog.png").read_bytes().startswith(b"\x89PNG")


def test_the_law_of_a_day_and_what_changed_between_two(run):
    code, out, _ = run("law", "--on", "2020-06-01")
    assert code == 0
    assert "COVID" in out
    _, out, _ = run("law", "--diff", "2020-04-30", "2020-05-01")
    assert "lifted by SCHOOL_CLOSED, EY_CLOSED, EXC_PERSONAL, ABSENT_4W, COVID" in out
    _, out, _ = run("law", "--diff", "2025-04-30", "2025-05-01")
    assert out.startswith("0 rules")


def test_a_rule_book_that_is_old_says_so(run, monkeypatch):
    monkeypatch.setattr("warnings.filters", [])
    _, _, err = run("case", "--as-at", "2028-06-01", "--fact", "received_date=2028-02-01")
    assert "ehcptime: note: the rule book was last checked" in err
