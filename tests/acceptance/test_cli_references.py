"""Every number that any command prints has a reference, and `trace` gives it again, says what changed, or says by which rules it was made."""

import dataclasses
import io
import json
import re
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
import typer.main

from ehcptime.cli import app as commands
from ehcptime.datasets.simulate import simulate
from ehcptime.outputs import ledger
from ehcptime.outputs.figure_manifest import FigureManifest, figure_reference
from ehcptime.records import doors
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.submission import write_sen2

APP = commands.app
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
    "workbook": "has those of the page: see test_report_workbook.py",
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
    "sen2-check --out": ("extract", "last"),
    "case": ("extract",),
    "case --page": ("extract",),
    "case --fact": (),
}
QUESTIONS = {
    "check": AT,
    "track": AT,
    "case": ("SYNTHETIC-000004", *AT),
    "case --page": ("SYNTHETIC-000004", *AT),
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
    "sen2-check --out": AT,
    "contributions": (*AT, "--period", "Y"),
    "overdue-advice": AT,
    "missing-advice": (*AT, "--period", "Y"),
    "last-in": AT,
    "rounds": AT,
    "rounds --each": (*AT, "--each"),
    "ep-throughput": (*AT, "--period", "Y"),
    "provider-pack": (*AT, "--provider", "Community paediatrics"),
    "combine": (),
    "at-risk --yesterday": AT,
    "what-changed": ("--as-at-before", THEN, "--as-at", LATER),
    "scenario": (*AT, "--runs", "100", "--months", "2", "--seed", "4"),
    "trajectory": AT,
    "service-effect": (*AT, "--service", "psychology", "--weeks", "6"),
    "law-effect": AT,
    "letters": AT,
    "audit-sample": (*AT, "--number", "9", "--seed", "3"),
}

PAGES = {"case --page": "--page", "sen2-check --out": "--out"}


class Printed(NamedTuple):
    """What a command printed, the page that it wrote if it did, and its manifest."""

    code: int
    out: str
    err: str
    page: str
    kept: Path

    @property
    def tables(self):
        return json.loads(self.kept.read_text("utf-8"))["tables"]

    @property
    def refs(self):
        return [row["ref"] for table in self.tables for row in table["rows"]]


def run(*words):
    """Run a command and give its exit code, and what it printed on standard output and error."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["ehcptime", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            commands.main()
    return ended.value.code or 0, out.getvalue(), err.getvalue()


def cached_of_extracts(describe):
    """Of an extract each description once; of nothing, a new one each time."""
    held = cache(describe)
    return lambda source, **asked: (held if isinstance(source, Extract) else describe)(source, **asked)


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """Read, print and track each extract once, and make the commands once: what these give is shown elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doors, "read_any", cache(doors.read_any))
        patch.setattr(ledger, "row_prints", cache(ledger.row_prints))
        patch.setattr(ledger, "manifest", cached_of_extracts(ledger.manifest))
        patch.setattr(commands, "app", typer.main.get_command(commands.app))
        yield


def small(number, day, seed):
    """A caseload with few closures, which take longer to read and print than all the rest."""
    made = simulate(number, as_at=day, seed=seed)
    return dataclasses.replace(made, closures=made.closures.head(20))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """One caseload as it stood on two days; and that of the first with a case gone and a date of another moved."""
    made = tmp_path_factory.mktemp("references")
    extract = small(60, LATER, seed=7)
    cases = extract.cases.copy()
    issued = cases["assessment_outcome_date"].notna() & cases["case_id"].ne("SYNTHETIC-000004")
    moved, gone = cases.index[issued][-1], cases.index[issued][0]
    cases.loc[moved, "assessment_outcome_date"] += pd.Timedelta(days=1)
    edited = dataclasses.replace(extract, cases=cases.drop(index=gone))
    for name, held, day in (
        ("earlier", extract, date(2025, 3, 30)),
        ("extract", extract, THEN),
        ("later", extract, LATER),
        ("edited", edited, THEN),
        ("last", extract, date(2024, 1, 16)),
        ("other", small(40, THEN, seed=9), THEN),
    ):
        write_sen2(held, made / name, as_at=day)
    (made / "rules.toml").write_text(RULES, encoding="utf-8")
    (made / "names").write_text(f"{cases['case_id'][moved]} {cases['case_id'][gone]}", encoding="utf-8")
    return made


TABLES = {"cases", "advice", "exemptions", "closures", "events"}
MADE = {
    "plan": ("scenario", *AT, "--runs", "0", "--months", "6"),
    "ours": ("contributions", *AT),
    "theirs": ("contributions", *AT),
    "published": ("official", *AT, "--la-code", "938"),
    "frozen": ("freeze", *AT, "--audience", "internal"),
}


@pytest.fixture(scope="module")
def given(place):
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
    if name in ("at-risk --yesterday", "sen2-check --out"):
        option = "--yesterday" if command == "at-risk" else "--last-year"
        inputs = [inputs[0], option, inputs[1]]
    elif command == "law-effect":
        inputs = [inputs[0], "--rules", inputs[1]]
    return (command, *inputs, *QUESTIONS[name])


@pytest.fixture(scope="module")
def printed(place, given):
    """Give what a command prints, as JSON or as a page, each time the same run."""

    @cache
    def one(name, extract="extract"):
        made = place / f"{name} {extract}"
        kept, page = made.with_suffix(".json"), made.with_suffix(".html")
        form = (
            (PAGES[name], page)
            if name in PAGES
            else ("--out", made, "--json")
            if name == "provider-pack"
            else ("--json",)
        )
        code, out, err = run(*words_of(name, given(name, extract)), "--manifest", kept, *form)
        assert code in {0, 1}, err
        return Printed(code, out, err, page.read_text("utf-8") if name in PAGES else "", kept)

    return one


def test_every_command_is_in_the_table_or_has_a_reason_not_to_be():
    named = {command.name for command in APP.registered_commands}
    asked = {name.partition(" ")[0] for name in QUESTIONS}
    assert named == asked | set(WITHOUT)
    assert not asked & set(WITHOUT)


def unreferenced(err):
    """Lines with a number and no reference, but for those that say what was read and where the manifest is."""
    aside = ("[", "ehcptime: note:", "read ", "SYNTHETIC-")
    numbered = {line.strip() for line in err.splitlines() if any(letter.isdigit() for letter in line)}
    return {line for line in numbered if not line.startswith(aside)}


@pytest.mark.parametrize("name", [name for name in QUESTIONS if name not in PAGES])
def test_every_number_has_a_reference_and_what_has_none_is_the_same_of_another_extract(name, printed):
    found = printed(name)
    rows = json.loads(found.out)
    assert rows or name == "restate"  # it lists cases, and none made a difference here
    assert found.refs
    if name != "provider-pack":
        assert {row["ref"] for row in rows} <= set(found.refs)
    rests_on = set(json.loads(found.kept.read_text("utf-8"))["run"]["inputs"])
    assert bool(rests_on - TABLES) == (len(INPUTS.get(name, ("extract",))) > 1)
    if name not in INPUTS or name == "case":
        assert unreferenced(found.err) == unreferenced(printed(name, "other").err)


@pytest.mark.parametrize("name", PAGES)
def test_every_row_and_every_sentence_with_a_number_on_a_page_has_its_reference_beside_it(name, printed):
    found = printed(name)
    held = {row["ref"]: " ".join(row["figures"].values()) for table in found.tables for row in table["rows"]}
    main = found.page[found.page.index("<main") : found.page.index("</main>")]
    bodies = re.findall(r"<tr[^>]*>(?:(?!</tr>).)*<td.*?</tr>", main, re.DOTALL)
    assert len(bodies) > 8
    told = [
        one
        for one in re.findall(r"<(?:p|dt)>(.*?)</(?:p|dt)>", main, re.DOTALL)
        if any(map(str.isdigit, one))
    ]
    assert told
    seen = set()
    for part in [*bodies, *told]:
        (ref,) = set(re.findall(r"\b[A-Z2-7]{4}-[A-Z2-7]{4}\b", part))
        seen.add(ref)
        text = unescape(re.sub(r"<span class=.*?</span>|<[^>]*>", " ", part)).replace(ref, "")
        figures = held[ref] + " " + text.split("  ")[0]
        assert not [
            number for number in re.findall(r"\d[\d.,]*\d|\d", text) if number not in figures + text[:60]
        ], ref
    assert seen == set(held) - {
        row["ref"]
        for table in found.tables
        if table["arguments"].get("answer", "")[:5] != "page "
        for row in table["rows"]
    }


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_same_input_gives_the_number_again_with_its_rows_and_another_names_what_changed(
    name, printed, given, place
):
    found, listed = printed(name), place / "changed.csv"
    code, out, err = run("trace", found.refs[-1], "--in", found.kept, *given(name))
    assert code == 0, out + err
    assert "with rule book" in out
    assert ", now " not in out
    assert ("rows in and out, by reason" in out) != (" no rows " in " ".join(out.split()))
    if "extract" not in INPUTS.get(name, ("extract",)):
        return
    words = ("trace", found.refs[0], "--in", found.kept, *given(name, "edited"), "--cases", "--out", listed)
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
    assert (
        sorted(path.name for path in Path.cwd().glob("page.*")) == []
    )  # a page asked again is written nowhere


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


@pytest.mark.parametrize("name", ["timeliness", "change", "law-effect", "case --fact"])
def test_a_number_of_another_edition_of_the_rules_is_explained_and_not_counted(
    name, printed, given, tmp_path
):
    kept = tmp_path / "run.json"
    kept.write_bytes(printed(name).kept.read_bytes())
    ref = of_other_rules(kept)
    code, out, _ = run("trace", ref, "--in", kept, *given(name))
    said = " ".join(out.split())
    assert code == 1
    assert "It rests on rule book 2019-09-01.0abc" in said
    assert "it was not counted again" in said
    assert "the same again" not in said
    assert ", now " not in said
    assert "rows in and out" not in said
    assert "The input has changed" not in said
    if "extract" in INPUTS.get(name, ("extract",)):
        said = " ".join(run("trace", ref, "--in", kept, *given(name, "edited"))[1].split())
        assert "The input has changed since: cases" in said
        assert "the same again" not in said


@pytest.mark.parametrize("name", ["backlog", "parts", "check", "delay", "at-risk", "waiting", "sen2-check"])
def test_references_stand_before_what_is_printed_on_a_screen(name, place, tmp_path):
    kept = tmp_path / "run.json"
    _, out, err = run(name, place / "extract", *AT, "--manifest", kept)
    refs = Printed(0, out, err, "", kept).refs
    assert refs
    assert [ref for ref in refs if ref not in out] == []
    assert unreferenced("\n".join(line for line in out.splitlines() if line.startswith("["))) == set()


def test_inputs_are_asked_for_in_their_order_and_number(printed, given):
    found = printed("change")
    code, _, err = run("trace", found.refs[0], "--in", found.kept, given("change")[0])
    assert code == 2
    assert "the figure was made from 2 inputs and 1 were given: give extract, then after" in err
    code, out, _ = run("trace", found.refs[0], "--in", found.kept)
    assert code == 0
    assert "Give the extract to have it counted again" in out
