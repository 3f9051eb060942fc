"""Every number that any command prints has a reference, and `trace` gives it again, says what changed, or says by which rules it was made."""

import dataclasses
import json
from datetime import date

import pandas as pd
import pytest

from ehcptime.cli.app import app
from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.figure_manifest import FigureManifest, figure_reference
from ehcptime.records.sen2.submission import write_sen2

THEN, LATER = date(2025, 3, 31), date(2025, 4, 30)
AT = ("--as-at", THEN)
YEAR = ("--start", "2024-01-01", "--end", "2024-12-31", "--freq", "Q")
RULES = """
[[plan_final.versions]]
from = 2024-09-01
length = { weeks = 24 }
count = "after"
bound = "at_most"
cite = "an invented reform, for this test"
url = "https://example.org"
exempt_by = []
mark = "memory"
checked_on = 2025-06-01
"""
# Commands that print nothing about a caseload, or whose figures have their references elsewhere.
WITHOUT = {
    "law": "prints the rule book",
    "measures": "prints definitions",
    "codes": "prints definitions",
    "conform": "is about another system, and not about a caseload",
    "map": "reads a sheet and counts its rows, and answers no question",
    "simulate": "makes data up",
    "demo": "shows made-up data",
    "trace": "is what a reference is for",
    "freeze": "keeps tables with a manifest of its own, which `restate` holds a later extract against",
    "export": "writes the rows themselves, for another tool to count",
    "calendar": "writes days of single cases, each of which `case` and `track` trace",
    "report": "has references on its page: see test_cli_report.py",
    "workbook": "holds the tables of a report: see test_cli_report.py",
}
# What each command is given, and what it is asked. Several for one command where it prints in several ways.
INPUTS = {
    "change": ("extract", "later"),
    "compare": ("published", "extract"),
    "combine": ("ours", "theirs"),
    "law-effect": ("extract", "rules"),
    "recording-lag": ("extract", "later"),
    "restate": ("frozen", "extract"),
    "trajectory": ("plan", "extract"),
    "what-changed": ("extract", "later"),
    "at-risk --yesterday": ("extract", "earlier"),
    "sen2-check --last-year": ("extract", "last"),
    "case": ("extract",),
    "case --fact": (),
}
QUESTIONS = {
    "check": AT,
    "track": AT,
    "case": ("SYNTHETIC-000004", *AT),
    "case --fact": ("--fact", "received_date=2025-01-06", *AT, "--explain", "all"),
    "timeliness": (*AT, "--period", "Y"),
    "timeliness --by": (*AT, "--by", "area", "--audience", "public"),
    "parts": AT,
    "cases": AT,
    "effect": (*AT, "--measure", "plans_due_20wk", "--severity", "query"),
    "official": AT,
    "compare": (*AT, "--la-code", "938"),
    "waterfall": (*AT, "--period", "Y"),
    "time-to-final": (*AT, "--by", "area"),
    "exemptions": AT,
    "decisions": AT,
    "change": (*AT, "--after-as-at", LATER),
    "restate": AT,
    "backlog": AT,
    "backlog --summary": (*AT, "--summary"),
    "waiting": AT,
    "history": YEAR,
    "triangle": YEAR,
    "fair-queue": AT,
    "delay": AT,
    "equality": (*AT, "--by", "area"),
    "equality --audience": (*AT, "--by", "area,primary_need", "--audience", "public"),
    "year-bounds": (*AT, "--target", "40"),
    "recording-lag": (*AT, "--as-at", LATER),
    "sen2-check": AT,
    "sen2-check --last-year": AT,
    "contributions": (*AT, "--period", "Y"),
    "overdue-advice": AT,
    "missing-advice": (*AT, "--period", "Y"),
    "last-in": AT,
    "rounds": AT,
    "rounds --each": (*AT, "--each"),
    "ep-throughput": (*AT, "--period", "Y"),
    "provider-pack": (*AT, "--provider", "Community paediatrics"),
    "combine": (),
    "at-risk": AT,
    "at-risk --yesterday": AT,
    "what-changed": ("--as-at-before", THEN, "--as-at", LATER),
    "scenario": (*AT, "--runs", "0", "--months", "6"),
    "scenario --seed": (*AT, "--runs", "100", "--months", "3", "--seed", "4"),
    "trajectory": AT,
    "service-effect": (*AT, "--service", "psychology", "--weeks", "6"),
    "law-effect": AT,
    "letters": AT,
    "audit-sample": (*AT, "--number", "20", "--seed", "3"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One caseload as it stood on two days; and that of the first with a case gone and a date of another moved."""
    made = tmp_path_factory.mktemp("references")
    extract = simulate(120, as_at=LATER, seed=7)
    cases = extract.cases.copy()
    rows = cases["assessment_outcome_date"].notna()
    moved = cases.index[rows & cases["case_id"].ne("SYNTHETIC-000004")][-1]
    cases.loc[moved, "assessment_outcome_date"] += pd.Timedelta(days=1)
    first = cases["case_id"][rows & cases["case_id"].ne("SYNTHETIC-000004")].iloc[0]
    edited = dataclasses.replace(extract, cases=cases[cases["case_id"] != first])
    for name, held, day in (
        ("earlier", extract, date(2025, 3, 30)),
        ("extract", extract, THEN),
        ("later", extract, LATER),
        ("edited", edited, THEN),
        ("last", extract, date(2024, 1, 16)),
        ("other", simulate(80, as_at=THEN, seed=9), THEN),
    ):
        write_sen2(held, made / name, as_at=day)
    (made / "rules.toml").write_text(RULES, encoding="utf-8")
    (made / "names").write_text(f"{cases['case_id'][moved]} {first}", encoding="utf-8")
    return made


TABLES = {"cases", "advice", "exemptions", "closures", "events"}
MADE = {
    "plan": ("scenario", *AT, "--runs", "0", "--months", "6"),
    "ours": ("contributions", *AT),
    "theirs": ("contributions", *AT),
    "published": ("official", *AT, "--la-code", "938"),
    "frozen": ("freeze", *AT, "--audience", "internal"),
}


@pytest.fixture
def given(place, run):
    """Make what a command is given, and say it in its order; `extract` names the caseload that it is asked of."""

    def made(name, extract="extract"):
        names = INPUTS.get(name, ("extract",))
        held = {each: place / each for each in ("earlier", "extract", "later", "last")}
        held |= {"rules": place / "rules.toml", "frozen": place / "frozen"}
        held |= {each: place / f"{each}.csv" for each in ("plan", "ours", "theirs", "published")}
        for file in names:
            if file in MADE and not held[file].exists():
                command, *words = MADE[file]
                source = place / ("edited" if file in ("frozen", "theirs") else "extract")
                assert run(command, source, *words, "--out", held[file])[0] == 0
        held["extract"] = place / extract
        return [f"{each}={held[each]}" if name == "combine" else held[each] for each in names]

    return made


def words_of(name, inputs):
    """The command with what it is given, an option in front of those that are given so."""
    command = name.partition(" ")[0]
    if name in ("at-risk --yesterday", "sen2-check --last-year"):
        inputs = [inputs[0], name.partition(" ")[2], inputs[1]]
    elif command == "law-effect":
        inputs = [inputs[0], "--rules", inputs[1]]
    return (command, *inputs, *QUESTIONS[name])


def form_of(name, tmp_path):
    """JSON; of what writes a folder, a new one."""
    if name == "provider-pack":
        return ("--out", tmp_path / f"pack-{len(list(tmp_path.iterdir()))}", "--json")
    return ("--json",)


def figures_in(kept):
    return [row["ref"] for table in json.loads(kept.read_text("utf-8"))["tables"] for row in table["rows"]]


def test_every_command_is_in_the_table_or_has_a_reason_not_to_be():
    named = {command.name for command in app.registered_commands}
    asked = {name.partition(" ")[0] for name in QUESTIONS}
    assert named == asked | set(WITHOUT)
    assert not asked & set(WITHOUT)


def unreferenced(err):
    """Lines with a number and no reference, but for those that say what was read and where the manifest is."""
    aside = ("[", "ehcptime: note:", "read ", "SYNTHETIC-")
    numbered = {line.strip() for line in err.splitlines() if any(letter.isdigit() for letter in line)}
    return {line for line in numbered if not line.startswith(aside)}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_number_has_a_reference_and_what_has_none_is_the_same_of_another_extract(
    name, run, given, tmp_path
):
    kept = tmp_path / "run.json"
    words = words_of(name, given(name))
    code, out, err = run(*words, "--manifest", kept, *form_of(name, tmp_path))
    assert code in {0, 1}, err
    rows, refs = json.loads(out), figures_in(kept)
    assert rows or name == "restate"  # it lists cases, and none made a difference here
    assert refs
    if name != "provider-pack":
        assert {row["ref"] for row in rows} <= set(refs)
    rests_on = set(json.loads(kept.read_text("utf-8"))["run"]["inputs"])
    assert bool(rests_on - TABLES) == (len(INPUTS.get(name, ("extract",))) > 1)
    if name not in INPUTS or name == "case":
        words = words_of(name, given(name, "other"))
        _, _, other = run(*words, "--manifest", kept, *form_of(name, tmp_path))
        assert unreferenced(err) == unreferenced(other)


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_input_gives_the_number_again_and_another_names_its_rows(name, run, given, place, tmp_path):
    kept, listed = tmp_path / "run.json", tmp_path / "changed.csv"
    code, out, err = run(*words_of(name, given(name)), "--manifest", kept, *form_of(name, tmp_path)[:-1])
    assert code in {0, 1}, err
    refs = figures_in(kept)
    code, out, err = run("trace", refs[-1], "--in", kept, *given(name))
    assert code == 0, out + err
    assert "with rule book" in out
    assert ", now " not in out
    if "extract" not in INPUTS.get(name, ("extract",)):
        return
    words = ("trace", refs[0], "--in", kept, *given(name, "edited"), "--cases", "--out", listed)
    code, out, _ = run(*words)
    assert code == 1
    assert "The input has changed since: " in out
    if "public" in QUESTIONS[name]:
        assert "which of them changed cannot be told" in " ".join(out.split())
        return
    moved, gone = (place / "names").read_text("utf-8").split()
    told = pd.read_csv(listed)
    told = told[told["table"].str.endswith("cases")].set_index("id")["change"]
    assert told.to_dict() == {moved: "changed", gone: "gone"}


def of_other_rules(kept):
    """The manifest as another edition of the rule book would have left it."""
    held = FigureManifest.model_validate_json(kept.read_text("utf-8"))
    run = held.run.model_copy(update={"rule_book": "2019-09-01.0abc"})
    tables = [
        table.model_copy(
            update={
                "rows": tuple(
                    row.model_copy(
                        update={"ref": figure_reference(table.question, table.arguments, row.labels, run)}
                    )
                    for row in table.rows
                )
            }
        )
        for table in held.tables
    ]
    held.model_copy(update={"run": run, "tables": tuple(tables)}).save(kept)
    return tables[0].rows[0].ref


@pytest.mark.parametrize("name", ["timeliness", "history", "change", "law-effect", "case --fact"])
def test_a_number_of_another_edition_of_the_rules_is_explained_and_not_counted(name, run, given, tmp_path):
    kept = tmp_path / "run.json"
    assert run(*words_of(name, given(name)), "--manifest", kept)[0] in {0, 1}
    ref = of_other_rules(kept)
    code, out, _ = run("trace", ref, "--in", kept, *given(name))
    said = " ".join(out.split())
    assert code == 1
    assert "It rests on rule book 2019-09-01.0abc" in said
    assert "it was not counted again" in said
    assert "the same again" not in said
    assert ", now " not in said
    assert "The input has changed" not in said
    if "extract" in INPUTS.get(name, ("extract",)):
        said = " ".join(run("trace", ref, "--in", kept, *given(name, "edited"))[1].split())
        assert "The input has changed since: cases" in said
        assert "the same again" not in said


def test_references_stand_before_what_is_printed_on_a_screen(run, place, tmp_path):
    kept = tmp_path / "run.json"
    for words in (
        ("backlog",),
        ("parts",),
        ("check",),
        ("delay",),
        ("at-risk",),
        ("waiting",),
        ("sen2-check",),
    ):
        _, out, _ = run(*words, place / "extract", *AT, "--manifest", kept)
        refs = figures_in(kept)
        assert [ref for ref in refs if ref not in out] == []
        assert unreferenced("\n".join(line for line in out.splitlines() if line.startswith("["))) == set()


def test_inputs_are_asked_for_in_their_order_and_number(run, given, tmp_path):
    kept = tmp_path / "run.json"
    run(*words_of("change", given("change")), "--manifest", kept)
    ref = figures_in(kept)[0]
    code, _, err = run("trace", ref, "--in", kept, given("change")[0])
    assert code == 2
    assert "the figure was made from 2 inputs and 1 were given: give extract, then after" in err
    code, out, _ = run("trace", ref, "--in", kept)
    assert code == 0
    assert "Give the extract to have it counted again" in out
