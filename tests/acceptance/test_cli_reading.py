"""How the command line reads: several years by a key, dates that no value settles, and a mapping, for every command."""

import pytest
import typer

from ehcptime.cli.app import app

# Typed by hand. Decided in 2023, planned in 2024: the return of 2025 marks the decision H and has no date of it.
RETURN = """<?xml version="1.0"?>
<Message><Header><CollectionDetails><Collection>SEN2</Collection><Year>{year}</Year></CollectionDetails></Header>
<Persons><Person><UPN>Z938000099001</UPN><Requests><NativeId>N1</NativeId><ReceivedDate>2023-09-04</ReceivedDate>
{request}</Requests></Person></Persons></Message>
"""
DECIDED = "<RequestOutcomeDate>2023-10-13</RequestOutcomeDate><RequestOutcome>Y</RequestOutcome>"
PLANNED = (
    "<RequestOutcome>H</RequestOutcome><Assessment><AssessmentOutcome>Y</AssessmentOutcome>"
    "<AssessmentOutcomeDate>2024-01-19</AssessmentOutcomeDate><Week20>0</Week20></Assessment>"
)
EVERY = {"--mapping", "--order", "--earlier", "--key"}
OPEN_TO_BOTH = "Case Ref,Date Received\nA7,03/04/2025\nA8,05/06/2025\n"


@pytest.fixture(autouse=True)
def here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def years(tmp_path):
    for year, request in ((2024, DECIDED), (2025, PLANNED)):
        (tmp_path / f"{year}.xml").write_text(RETURN.format(year=year, request=request))
    return ["2025.xml", "--earlier", "2024.xml", "--key", "NativeId"]


@pytest.fixture
def sheet(tmp_path):
    (tmp_path / "local.csv").write_text(OPEN_TO_BOTH)
    (tmp_path / "m.toml").write_text(
        '[cases.columns]\ncase_id = "Case Ref"\nreceived_date = "Date Received"\n'
    )
    return "local.csv"


def cell(path, column):
    header, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    return [row.split(",")[header.split(",").index(column)] for row in rows]


def options_of(command):
    return {option for parameter in _made(command).params for option in parameter.opts}


def _made(command):
    return typer.main.get_command(app).commands[command.name]


def test_every_command_that_takes_an_extract_has_every_option_of_reading():
    takers = {
        command.name: options_of(command)
        for command in app.registered_commands
        if any(parameter.name == "extract" for parameter in _made(command).params)
    }
    assert {"case", "check", "track", "timeliness", "backlog", "contributions", "at-risk"} <= takers.keys()
    assert {name: EVERY - found for name, found in takers.items() if EVERY - found} == {}


def test_an_earlier_return_dates_the_decision_that_a_later_one_marks_h(run, years, tmp_path):
    alone, _, _ = run("track", "2025.xml", "--as-at", "2025-01-16", "--out", "alone.csv")
    both, _, _ = run("track", *years, "--as-at", "2025-01-16", "--out", "both.csv")
    assert (alone, both) == (0, 0)
    assert cell(tmp_path / "alone.csv", "request_decision_status") == ["not_applicable"]
    # 4 September 2023 + 42 days = 16 October; decided on the 13th
    assert cell(tmp_path / "both.csv", "request_decision_status") == ["met"]
    assert cell(tmp_path / "both.csv", "request_outcome_date") == ["2023-10-13"]


@pytest.mark.parametrize("command", ["check", "timeliness", "backlog"])
def test_other_commands_read_several_years_too(run, years, command):
    code, _, err = run(command, *years, "--as-at", "2025-01-16")
    assert code in (0, 1)
    assert ("nativeid: used to link the returns, then discarded" in err) == (command == "check")
    assert ("`ehcptime check` names them" in err) == (command != "check")
    assert ("ehcptime: note: columns not kept: " in err) == (command != "check")
    assert "nothing checks that it reaches 2025-01-16" in err


def test_a_case_is_taken_from_several_years(run, years, tmp_path):
    run("track", *years, "--as-at", "2025-01-16", "--out", "both.csv")
    (ref,) = cell(tmp_path / "both.csv", "case_id")
    code, out, _ = run(
        "case", years[0], ref, *years[1:], "--as-at", "2025-01-16", "--explain", "request_decision"
    )
    assert code == 0
    assert "13 October 2023" in out


def test_a_key_that_a_return_does_not_have_is_one_sentence(run, years):
    code, out, err = run("track", *years[:-1], "ClientRef", "--as-at", "2025-01-16")
    assert (code, out) == (3, "")
    assert "has no column ClientRef among its persons and requests" in err


@pytest.mark.parametrize("words", [["--earlier", "2024.xml"], ["--key", "NativeId"]])
def test_earlier_returns_and_what_links_them_go_together(run, years, words):
    code, _, err = run("track", years[0], *words, "--as-at", "2025-01-16")
    assert code == 2
    assert "--earlier and --key go together" in err


@pytest.mark.usefixtures("sheet")
def test_earlier_returns_do_not_go_with_a_mapping(run, years):
    code, _, err = run("track", *years, "--mapping", "m.toml", "--as-at", "2025-01-16")
    assert code == 2
    assert "cannot go with --mapping" in err


def test_a_numeric_date_that_nothing_settles_is_refused_until_its_order_is_said(run, sheet, tmp_path):
    words = ["track", sheet, "--mapping", "m.toml", "--as-at", "2025-07-01", "--out"]
    code, _, err = run(*words, "refused.csv")
    assert code == 3
    assert "Date Received" in err or "received_date" in err
    assert not (tmp_path / "refused.csv").exists()
    for order, days in {
        "day_first": ["2025-04-03", "2025-06-05"],
        "month_first": ["2025-03-04", "2025-05-06"],
    }.items():
        assert run(*words, f"{order}.csv", "--order", order)[0] == 0
        assert cell(tmp_path / f"{order}.csv", "received_date") == days


def test_an_order_goes_into_the_proposal(run, sheet, tmp_path):
    code, out, _ = run("map", sheet, "--out", "proposed.toml", "--order", "month_first")
    assert code == 0
    assert "2 cases and 0 askings" in out
    assert 'order = "month_first"' in (tmp_path / "proposed.toml").read_text()
    assert run("map", sheet, "--mapping", "proposed.toml")[0] == 0


def test_what_the_values_prove_is_proposed_against_the_order_that_was_given(run, sheet, tmp_path):
    (tmp_path / sheet).write_text(OPEN_TO_BOTH + "A9,28/04/2025\n")
    code, out, _ = run("map", sheet, "--out", "proposed.toml", "--order", "month_first")
    assert 'order = "day_first"' in (tmp_path / "proposed.toml").read_text()
    assert code == 0
    assert "3 cases" in out


def test_a_wrong_order_is_named_with_those_there_are(run, sheet):
    code, _, err = run("map", sheet, "--order", "dayfirst")
    assert code == 2
    assert "day_first" in err
    assert "month_first" in err


def test_a_cell_that_is_no_date_is_a_problem_and_widens_the_headline(run, tmp_path):
    header = "case_id,received_date,request_outcome,request_outcome_date,assessment_outcome,assessment_outcome_date\n"
    rows = "A,2025-01-06,Y,2025-02-10,Y,2025-05-26\nB,2025-01-06,Y,2025-02-10,Y,w/c 3rd March\n"
    (tmp_path / "local.csv").write_text(header + rows)
    code, out, _ = run("check", "local.csv", "--as-at", "2025-09-30", "--json")
    assert code == 1
    assert '"date_not_read"' in out
    assert '"w/c 3rd March"' in out
    _, out, _ = run("effect", "local.csv", "--as-at", "2025-09-30", "--measure", "plans_issued_20wk_inc")
    assert "100.0 per cent, between 50.0 and 100.0 whatever the 1 bad row is" in out


@pytest.fixture
def _blade(tmp_path):
    """An export of 31 March 2025 of one case, typed by hand."""
    folder = tmp_path / "blade"
    folder.mkdir()
    rows = {
        "requests": "requeststableid,persontableid,receiveddate,requestoutcomedate,requestoutcome\n7,1,2025-01-06,,A\n",
        "assessment": "requeststableid,assessmentoutcome,assessmentoutcomedate,week20\n",
        "person": "persontableid\n1\n",
    }
    for name, text in rows.items():
        (folder / f"Blade-Export_31-03-2025_{name}.csv").write_text(text)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        (["track", "blade"], ["--as-at", "{}"]),
        (["timeliness", "blade"], ["--as-at", "{}"]),
        (["case", "blade", "7"], ["--as-at", "{}"]),
        (["history", "blade"], ["--start", "2025-01-01", "--end", "{}"]),
        (["change", "blade", "blade"], ["--as-at", "2025-01-31", "--after-as-at", "{}"]),
        (["what-changed", "blade", "blade"], ["--as-at-before", "2025-01-31", "--as-at", "{}"]),
    ],
)
@pytest.mark.usefixtures("_blade")
def test_a_day_after_that_of_the_extract_is_refused_unless_it_is_allowed(run, words, days):
    def at(day, *more):
        return run(*words, *(one.format(day) for one in days), *more)

    assert at("2025-03-31")[0] == 0
    code, out, err = at("2025-04-30")
    assert (code, out) == (3, "")
    assert err.splitlines()[-1] == (
        "ehcptime: as_at 2025-04-30 is after the day of the extract, 2025-03-31: give a day that it covers, or --after-extract"
    )
    assert at("2025-04-30", "--after-extract")[0] == 0


def test_the_last_run_is_read_by_the_mapping_and_the_order_of_this_one(run, sheet, tmp_path):
    (tmp_path / "last.csv").write_text(OPEN_TO_BOTH.splitlines()[0] + "\nA7,03/04/2025\n")
    how = ["--mapping", "m.toml", "--order", "day_first", "--as-at", "2025-07-01"]
    _, out, _ = run("at-risk", sheet, "--yesterday", "last.csv", *how)
    assert "1 case new" in out
    _, out, _ = run("what-changed", "last.csv", sheet, "--as-at-before", "2025-06-30", *how)
    assert "1 case new" in out
