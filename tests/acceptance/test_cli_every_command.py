"""What holds for every command: JSON and nothing else, quiet when it is asked to be, an example and the exit codes in its help."""

import json
import shlex
import sys
from datetime import date

import pytest

from ehcptime.cli.app import app
from ehcptime.datasets.simulate import simulate
from ehcptime.records.sen2.submission import write_sen2

DAY = date(2025, 3, 31)
AT = ("--as-at", str(DAY))
ON = ("{extract}", *AT)
COMMANDS = {
    "demo": ("--out", "{new}"),
    "simulate": ("20", *AT, "--out", "{new}"),
    "map": ("{sheet}", "--out", "{new}.toml"),
    "check": ON,
    "track": ON,
    "case": ("{extract}", "SYNTHETIC-000002", *AT, "--explain", "all"),
    "law": ("plan_final",),
    "measures": (),
    "codes": (),
    "conform": ("--run", shlex.join([sys.executable, "-c", "pass"])),
    "timeliness": ON,
    "parts": ON,
    "cases": ON,
    "effect": ON,
    "official": ON,
    "compare": ("{published}", *ON, "--la-code", "938"),
    "waterfall": ON,
    "time-to-final": ON,
    "exemptions": ON,
    "decisions": ON,
    "change": ("{extract}", "{extract}", *AT),
    "freeze": (*ON, "--out", "{new}"),
    "restate": ("{frozen}", *ON),
    "backlog": ON,
    "waiting": ON,
    "history": ("{extract}", "--start", "2024-01-01", "--end", "2024-06-30"),
    "triangle": ("{extract}", "--start", "2024-01-01", "--end", "2024-06-30"),
    "fair-queue": ON,
    "delay": ON,
    "equality": ON,
    "year-bounds": ON,
    "recording-lag": ("{extract}", "{extract}", *AT, *AT),
    "sen2-check": ON,
    "trace": ("{ref}", "--in", "{manifest}", "{extract}"),
    "contributions": ON,
    "overdue-advice": ON,
    "missing-advice": ON,
    "last-in": ON,
    "rounds": ON,
    "ep-throughput": ON,
    "provider-pack": (*ON, "--provider", "Community paediatrics", "--out", "{new}"),
    "combine": ("one={contributions}", "two={contributions}"),
    "at-risk": ON,
    "what-changed": ("{extract}", "{extract}", *AT, "--as-at-before", str(DAY)),
    "scenario": (*ON, "--runs", "0", "--months", "3"),
    "trajectory": ("{plan}", *ON),
    "service-effect": (*ON, "--service", "psychology", "--weeks", "6"),
    "law-effect": (*ON, "--rules", "{rules}"),
    "report": (*ON, "--out", "{new}.html"),
    "letters": ON,
    "audit-sample": (*ON, "--number", "20", "--seed", "1"),
    "calendar": (*ON, "--out", "{new}.ics"),
    "workbook": (*ON, "--out", "{new}.xlsx"),
    "export": (*ON, "--out", "{new}", "--format", "csv"),
}
SHEET = "Case Ref,Date Received\n7,28/04/2025\n8,03/04/2025\n"


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """An extract with its notes on what could not be read, and where the files are that commands make of it."""
    made = tmp_path_factory.mktemp("every")
    write_sen2(simulate(120, as_at=DAY, seed=7), made / "extract", as_at=DAY)
    (made / "sheet.csv").write_text(SHEET, encoding="utf-8")
    (made / "rules.toml").touch()
    names = ("extract", "frozen")
    files = {
        "sheet": "csv",
        "published": "csv",
        "contributions": "csv",
        "plan": "csv",
        "rules": "toml",
        "manifest": "json",
    }
    return {name: made / name for name in names} | {
        name: made / f"{name}.{end}" for name, end in files.items()
    }


@pytest.fixture
def asked(held, run, tmp_path):
    """Give the words of a command, what it is given made first."""
    making = {
        "published": ("official", *ON, "--la-code", "938", "--out", "{published}"),
        "contributions": ("contributions", *ON, "--out", "{contributions}"),
        "plan": ("scenario", *ON, "--runs", "0", "--months", "3", "--out", "{plan}"),
        "frozen": ("freeze", *ON, "--audience", "internal", "--out", "{frozen}"),
        "manifest": ("backlog", *ON, "--manifest", "{manifest}"),
    }

    def words(name):
        places = {**held, "new": tmp_path / f"new{len(list(tmp_path.iterdir()))}"}
        wanted = " ".join(COMMANDS[name])
        for each, making_it in making.items():
            if f"{{{each}}}" in wanted and not held[each].exists():
                assert run(*(word.format(**places) for word in making_it))[0] == 0
        if name == "trace":
            text = json.loads(held["manifest"].read_text("utf-8"))
            places["ref"] = text["tables"][0]["rows"][0]["ref"]
        return name, *(word.format(**places) for word in COMMANDS[name])

    return words


def test_the_table_has_every_command():
    assert set(COMMANDS) == {command.name for command in app.registered_commands}


@pytest.mark.parametrize("name", COMMANDS)
def test_json_is_all_that_is_printed_and_a_quiet_command_says_nothing_else(name, run, asked, monkeypatch):
    monkeypatch.setattr("ehcptime.cli.demonstration.REQUESTS", 400)
    code, out, err = run(*asked(name), "--json", "--quiet")
    assert code in {0, 1}, err
    assert isinstance(json.loads(out), list)
    assert err == ""


@pytest.mark.parametrize("name", ["backlog", "law", "freeze", "case"])
def test_a_quiet_command_still_says_what_is_wrong(name, run):
    wrong = {"law": ("law", "no_such_rule"), "case": ("case", *AT)}.get(
        name, (name, "no_such_file", *AT, *(("--out", "x") if name == "freeze" else ()))
    )
    code, out, err = run(*wrong, "--quiet", "--json")
    assert code in {2, 3}
    assert err.startswith("ehcptime: ")
    assert err.count("\n") == 1
    assert out == ""


def test_what_is_said_without_quiet_goes_to_standard_error(run, asked):
    code, out, err = run(*asked("backlog"), "--json")
    assert code == 0
    assert json.loads(out)
    assert "position at 2025-03-31" in err
    assert "open cases" in err


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_has_an_example_of_the_command_and_the_exit_codes(name, run):
    code, out, _ = run(name, "--help")
    said = " ".join(out.replace("│", " ").split())
    assert code == 0
    assert f"ehcptime {name}" in said
    assert "Example" in said
    for exit_code in (
        "0 done",
        "1 done, but something needs a person",
        "2 wrong command",
        "3 the input cannot",
    ):
        assert exit_code in said
    for option in ("--json", "--quiet"):
        assert option in said
