"""References: one for every figure, the same number again from the same input, and exactly the cases that changed."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.audiences import for_audience
from ehcptime.outputs.figure_manifest import FigureManifest, figure_reference, read_figure_manifest
from ehcptime.outputs.ledger import Ledger
from ehcptime.outputs.manifest import manifest
from ehcptime.outputs.references import Asked, referenced, references
from ehcptime.outputs.report import report
from ehcptime.outputs.report_references import report_references
from ehcptime.outputs.trace import trace
from ehcptime.outputs.traced_questions import At, answer_again, asked_of
from ehcptime.questions.backlog import backlog
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.timeliness import timeliness
from ehcptime.records.extract import Extract

AS_AT = date(2025, 3, 31)
EXTRACT = simulate(150, as_at=AS_AT, seed=5)
few = settings(max_examples=settings.default.max_examples // 6)
QUESTIONS = [
    ("timeliness", {"measure": "plans_due_20wk", "by": ["area"], "period": "Y"}),
    ("timeliness", {"measure": "plans_issued_20wk_exc", "by": None, "period": "FY"}),
    ("timeliness", {"measure": "open_over_52wk", "by": ["primary_need"]}),
    ("timeliness", {"measure": "advice_6wk", "by": ["advice_type"], "period": "Y"}),
    ("timeliness", {"measure": "plans_20wk_all_advice", "period": "Y"}),
    ("backlog", {"by": ["stage", "area"]}),
    ("backlog --summary", {"by": ["area"]}),
    ("contributions", {"by": ["advice_type"], "period": "Y"}),
    ("contributions --returned", {"by": ["provider"], "period": "AY"}),
    (
        "official",
        {"table": "timeliness", "layout": "2026", "la_code": "938", "topics": {"Need": "primary_need"}},
    ),
    ("official", {"table": "requests", "layout": "2025"}),
    ("official", {"table": "assessments", "layout": "2025"}),
]


def printed(extract, question, arguments, audience="internal"):
    tables = for_audience({"table": answer_again(At(extract, AS_AT), question, arguments)}, audience=audience)
    return references(
        extract, tables, {"table": asked_of(question, arguments)}, as_at=AS_AT, audience=audience
    )


@pytest.mark.parametrize(("question", "arguments"), QUESTIONS, ids=lambda value: str(value)[:60])
def test_every_row_has_its_own_reference_and_comes_out_the_same_again(question, arguments):
    tables, kept = printed(EXTRACT, question, arguments)
    table = tables["table"]
    assert table["ref"].is_unique
    assert table["ref"].str.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}").all()
    numbers = [
        name for name in table.select_dtypes("number") if name not in asked_of(question, arguments).labels
    ]
    step = max(1, len(table) // 3)
    for place in range(0, len(table), step):
        row = table.iloc[place]
        found = trace(row["ref"], kept, EXTRACT)
        assert found.is_same is True
        assert found.changes == ()
        assert set(numbers) <= set(found.figures["figure"])  # a reference for every number
        assert (found.figures["printed"] == found.figures["again"]).all()
        whole = EXTRACT.advice if "advice" in str(arguments) or "contributions" in question else EXTRACT.cases
        if arguments.get("measure") != "plans_20wk_all_advice":
            assert found.rows["rows"].sum() == len(whole)


def parts_of(found):
    return found.rows.groupby("part")["rows"].sum()


@pytest.mark.parametrize("measure", ["plans_due_20wk", "plans_issued_20wk_inc", "advice_6wk"])
def test_rows_in_and_out_are_the_counts_of_the_figure(measure):
    by = ["advice_type"] if measure == "advice_6wk" else ["area"]
    tables, kept = printed(EXTRACT, "timeliness", {"measure": measure, "by": by, "period": "Y"})
    for row in tables["table"].iloc[::4].itertuples():
        found = parts_of(trace(row.ref, kept, EXTRACT))
        assert found.get("on_time", 0) == row.numerator
        assert found.get("left_out", 0) == row.left_out
        assert found.get("not_due", 0) == row.not_due
        inside = found.get("on_time", 0) + found.get("late", 0)
        unknown = found.get("unknown", 0)
        assert row.denominator in (inside, inside + unknown)


def test_rows_in_are_those_of_a_backlog_of_contributions_and_of_every_official_count():
    for question, arguments, column in (
        ("backlog", {"by": ["stage"]}, "open"),
        ("backlog --summary", {"by": ["area"]}, "open"),
        ("contributions", {"by": ["provider"], "period": "Q"}, "requested"),
        ("contributions --returned", {"by": ["advice_type"], "period": "Y"}, "returned"),
    ):
        tables, kept = printed(EXTRACT, question, arguments)
        for _, row in tables["table"].head(4).iterrows():
            assert parts_of(trace(row["ref"], kept, EXTRACT)).get("in", 0) == row[column]
    for table in ("timeliness", "requests", "assessments"):
        tables, kept = printed(
            EXTRACT, "official", {"table": table, "layout": "2025", "topics": {"Area": "area"}}
        )
        row = tables["table"].iloc[-2]
        for name in tables["table"].columns[13::3]:
            if "pc" in name.lower():
                continue
            found = trace(f"{row['ref']}.{name}", kept, EXTRACT)
            assert parts_of(found).get("in", 0) == int(row[name])
            assert found.figures["figure"].tolist() == [name]


# What a reference is of


def test_a_reference_does_not_hang_on_the_order_of_rows_or_columns_and_on_nothing_else_that_stays():
    shuffled = replace(
        EXTRACT, cases=EXTRACT.cases.sample(frac=1, random_state=1)[sorted(EXTRACT.cases)], extracted_on=None
    )
    (one, _), (other, _) = (printed(extract, *QUESTIONS[0]) for extract in (EXTRACT, shuffled))
    assert one["table"]["ref"].tolist() == other["table"]["ref"].tolist()


@given(
    st.sampled_from(["question", "arguments", "labels", "day", "input", "book", "version"]),
    st.integers(1, 400),
)
def test_whatever_a_figure_rests_on_gives_it_another_reference(what, days):
    cases = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-01-06"])})
    run = manifest(cases, as_at=AS_AT)
    given_now = {
        "question": "backlog",
        "arguments": {"by": ["area"]},
        "labels": {"area": "north"},
        "run": run,
    }
    other = dict(given_now)
    if what in ("question", "arguments", "labels"):
        other[what] = {"question": "waiting", "arguments": {"by": ["team"]}, "labels": {"area": f"{days}"}}[
            what
        ]
    elif what == "day":
        other["run"] = manifest(cases, as_at=AS_AT + timedelta(days=days))
    elif what == "input":
        other["run"] = manifest(
            cases.assign(received_date=pd.Timestamp("2025-01-06") + pd.Timedelta(days=days)), as_at=AS_AT
        )
    else:
        change = (
            {"rule_book": f"{days}"}
            if what == "book"
            else {"versions": run.versions | {"ehcptime": f"{days}"}}
        )
        other["run"] = run.model_copy(update=change)
    assert figure_reference(**other) != figure_reference(**given_now)
    again = {**given_now, "run": manifest(cases, as_at=AS_AT), "arguments": {"by": ["area"], "period": None}}
    assert figure_reference(**again) == figure_reference(**given_now)
    assert figure_reference(**given_now, column="open") == f"{figure_reference(**given_now)}.open"


# When the input has changed


@few
@given(st.data())
def test_exactly_the_cases_that_changed_are_named(data):
    ids = EXTRACT.cases["case_id"].tolist()
    edited, dropped = (set(data.draw(st.lists(st.sampled_from(ids), max_size=4))) for _ in range(2))
    column = data.draw(st.sampled_from(["week20", "area", "received_date", "assessment_outcome"]))
    cases = EXTRACT.cases.copy()
    rows = cases["case_id"].isin(edited)
    before = cases.loc[rows, column].astype(str)
    value = {
        "week20": 1,
        "area": "Elsewhere",
        "received_date": pd.Timestamp("2020-02-29"),
        "assessment_outcome": "W",
    }
    cases.loc[rows, column] = value[column]
    truly = set(cases.loc[rows, "case_id"][before != cases.loc[rows, column].astype(str)]) - dropped
    cases = cases[~cases["case_id"].isin(dropped)]
    added = data.draw(st.sampled_from([[], ["SYNTHETIC-NEW"]]))
    extra = cases.head(len(added)).assign(case_id=added)
    now = replace(EXTRACT, cases=pd.concat([cases, extra], ignore_index=True))
    _, kept = KEPT
    found = trace(kept.tables[0].rows[0].ref, kept, now)
    told = {what: set(rows["id"]) for what, rows in found.changed.groupby("change")}
    assert told.get("changed", set()) == truly
    assert told.get("gone", set()) == dropped
    assert told.get("added", set()) == set(added)
    assert bool(found.changes) == bool(truly or dropped or added)
    figures = answer_again(At(now, AS_AT), *QUESTIONS[0]).astype(str)
    again = found.figures.set_index("figure")["again"]
    now_row = figures[
        (figures["area"] == kept.tables[0].rows[0].labels["area"])
        & (figures["period"] == kept.tables[0].rows[0].labels["period"])
    ]
    assert again["numerator"] == (
        now_row["numerator"].iloc[0] if len(now_row) else "not in the answer any more"
    )
    assert not [name for name in edited | dropped if name in str(found)]  # the text names no case


KEPT = printed(EXTRACT, *QUESTIONS[0])


def test_askings_that_changed_are_those_of_their_cases():
    advice = EXTRACT.advice.copy()
    advice.loc[3, "returned_date"] = pd.Timestamp("2025-03-30")
    advice = advice.drop(index=10)
    found = trace(KEPT[1].tables[0].rows[0].ref, KEPT[1], replace(EXTRACT, advice=advice))
    assert found.changed["table"].unique().tolist() == ["advice"]
    assert set(found.changed["id"]) == set(EXTRACT.advice.loc[[3, 10], "case_id"])
    assert "The input has changed since: advice." in found.notes


def test_closures_and_events_that_changed_are_named_too():
    closures = EXTRACT.closures.copy()
    closures.loc[2, "reopened_on"] += pd.Timedelta(days=1)
    now = replace(EXTRACT, closures=closures, events=EXTRACT.events.drop(index=5))
    found = trace(KEPT[1].tables[0].rows[0].ref, KEPT[1], now)
    assert found.inputs == ("closures", "events")
    assert found.changed.to_numpy().tolist() == [
        ["events", EXTRACT.events.loc[5, "case_id"], "changed"],
        ["closures", closures.loc[2, "setting_id"], "changed"],
    ]


def test_two_manifests_of_one_question_are_held_beside_each_other():
    later = replace(EXTRACT, cases=EXTRACT.cases.iloc[1:])
    ref = KEPT[1].tables[0].rows[0].ref
    by_manifest, by_extract = (
        trace(ref, KEPT[1], printed(later, *QUESTIONS[0])[1]),
        trace(ref, KEPT[1], later),
    )
    assert by_manifest.figures.equals(by_extract.figures)
    assert by_manifest.changes == by_extract.changes
    assert by_manifest.notes == by_extract.notes
    assert by_manifest.rows.empty


def test_a_ledger_names_every_extract_and_file_that_an_answer_rests_on():
    now = replace(EXTRACT, cases=EXTRACT.cases.iloc[1:])
    asked = Asked("ehcptime change", {}, ["component"])
    table = pd.DataFrame({"component": ["a", "a", "b"], "cases": [1, 2, 3]})
    kept = []
    for after, rules in ((EXTRACT, b"one"), (now, b"two")):
        book = Ledger({"extract": EXTRACT, "after": after, "rules": rules}, as_at=AS_AT)
        shown = book.enter(table, asked)
        kept.append(book.manifest(("extract", "after", "rules")))
    assert shown["ref"].is_unique
    assert list(shown) == ["ref", "component", "cases"]
    found = trace(kept[0].tables[0].rows[1].ref, *kept)
    assert found.is_same  # of the second row about a, and not of the first
    assert found.inputs == ("after cases", "rules")
    assert found.changed.to_numpy().tolist() == [["after cases", EXTRACT.cases["case_id"].iloc[0], "gone"]]


def test_a_note_is_a_figure_where_there_is_a_number_in_it():
    table = pd.DataFrame({"area": ["n", "s"], "open": [1, 2], "note": ["3 unknown", "few"]})
    _, kept = referenced(table, Asked("x", {}, ["area"]), manifest(EXTRACT, as_at=AS_AT))
    assert [row.figures for row in kept.rows] == [{"open": "1", "note": "3 unknown"}, {"open": "2"}]


def test_a_manifest_for_the_public_holds_no_case_and_says_what_cannot_be_told():
    tables, kept = printed(EXTRACT, "timeliness", {"measure": "plans_due_20wk", "by": ["area"]}, "public")
    text = kept.model_dump_json()
    assert "SYNTHETIC" not in text
    assert kept.cases == {}
    first = tables["table"]["ref"].iloc[0]
    assert trace(first, kept, EXTRACT).is_same
    found = trace(first, kept, replace(EXTRACT, cases=EXTRACT.cases.iloc[1:]))
    assert found.changes == ()
    assert any("which of them changed cannot be told" in note for note in found.notes)


# Another edition of the rules, and what is not a manifest


def of_another(**update):
    table = timeliness(At(EXTRACT, AS_AT).cases, "plans_due_20wk")
    run = manifest(EXTRACT, as_at=AS_AT)
    run = run.model_copy(update={name: value(run) for name, value in update.items()})
    _, rows = referenced(table, asked_of("timeliness", {"measure": "plans_due_20wk"}), run)
    return FigureManifest(run=run, tables=(rows,), cases=KEPT[1].cases), rows.rows[0].ref


def test_a_reference_from_another_rule_book_is_explained_and_not_counted_again():
    kept, ref = of_another(
        rule_book=lambda _: "2019-09-01.0abc", versions=lambda run: run.versions | {"ehcptime": "0.0.9"}
    )
    found = trace(ref, kept, EXTRACT)
    assert found.is_same is None
    assert (found.figures["again"] == "").all()
    assert found.rows.empty
    assert "It rests on rule book 2019-09-01.0abc" in found.notes[-1]
    assert "not counted again" in found.notes[-1]
    assert "Count it with ehcptime 0.0.9" in found.notes[-1]


def test_a_reference_from_another_version_by_the_same_rules_is_counted_and_says_so():
    kept, ref = of_another(versions=lambda run: run.versions | {"ehcptime": "0.0.9"})
    found = trace(ref, kept, EXTRACT)
    assert found.is_same
    assert found.notes[-1].startswith("It was made by ehcptime 0.0.9, and this is ")


def test_without_an_extract_it_says_what_was_kept():
    kept = KEPT[1]
    found = trace(kept.tables[0].rows[0].ref.lower(), kept)
    assert found.is_same is None
    assert found.notes[-1] == "Give the extract to have it counted again."
    assert MEASURES["plans_due_20wk"].sentence in str(found)
    for wrong in ("AAAA-AAAA", ""):
        with pytest.raises(CommandError, match="is not in this manifest"):
            trace(wrong, kept)
    with pytest.raises(CommandError, match="has no figure 'nonsense'"):
        trace(f"{kept.tables[0].rows[0].ref}.nonsense", kept)


def test_a_manifest_comes_back_as_saved_and_an_edited_one_is_refused(tmp_path):
    path = tmp_path / "run.json"
    KEPT[1].save(path)
    assert read_figure_manifest(path) == KEPT[1]
    text = path.read_text("utf-8")
    path.write_text(text.replace('"East"', '"Far East"'), "utf-8")
    with pytest.raises(InputError, match="was changed after it was saved"):
        read_figure_manifest(path)
    path.write_text("{}", "utf-8")
    with pytest.raises(InputError, match="is not a manifest of figures"):
        read_figure_manifest(path)
    with pytest.raises(InputError, match="there is no manifest gone.json"):
        read_figure_manifest(tmp_path / "gone.json")


def test_an_edited_number_is_found_by_counting_again(tmp_path):
    path = tmp_path / "run.json"
    KEPT[1].save(path)
    kept = read_figure_manifest(path)
    row = kept.tables[0].rows[0]
    edited = row.model_copy(update={"figures": row.figures | {"numerator": "999"}})
    table = kept.tables[0].model_copy(update={"rows": (edited, *kept.tables[0].rows[1:])})
    found = trace(row.ref, kept.model_copy(update={"tables": (table,)}), EXTRACT)
    assert found.is_same is False
    assert "the figure is not" in found.notes[-1]


def test_what_cannot_be_referenced_is_refused():
    run = manifest(EXTRACT, as_at=AS_AT)
    table = backlog(At(EXTRACT, AS_AT).cases)
    with pytest.raises(CommandError, match="has no column 'area'"):
        referenced(table, asked_of("backlog", {"by": ["area"]}), run)
    with pytest.raises(CommandError, match="has a column 'ref' already"):
        referenced(table.assign(ref=1), asked_of("backlog", {"by": ["stage"]}), run)
    with pytest.raises(CommandError, match="two rows of 'backlog' are about the same"):
        referenced(pd.concat([table, table]), asked_of("backlog", {"by": ["stage"]}), run)
    with pytest.raises(CommandError, match="'nonsense' cannot be traced: use one of timeliness"):
        asked_of("nonsense", {})


def test_an_extract_with_nothing_in_it_has_a_manifest_too():
    empty = Extract(EXTRACT.cases.iloc[:0])
    tables, kept = printed(empty, "timeliness", {"measure": "plans_due_20wk"})
    assert trace(tables["table"]["ref"].iloc[0], kept, empty).is_same


@pytest.mark.parametrize(("preset", "audience"), [("board", "internal"), ("public", "public")])
def test_every_number_of_a_report_has_a_reference_that_comes_out_the_same(preset, audience):
    page = report(EXTRACT, as_at=AS_AT, preset=preset, audience=audience)
    tables, kept = report_references(EXTRACT, page.tables, as_at=AS_AT, preset=preset, audience=audience)
    refs = [ref for table in tables.values() for ref in table["ref"]]
    assert len(set(refs)) == len(refs) == sum(map(len, page.tables.values()))
    for name, rows in zip(page.tables, kept.tables, strict=True):
        numbers = set(page.tables[name].select_dtypes("number"))
        assert numbers <= set(rows.rows[0].figures)
    assert trace(kept.tables[-1].rows[-1].ref, kept, EXTRACT).is_same
    assert bool(kept.cases) == (audience == "internal")


def test_a_table_of_a_report_that_rests_on_more_is_said_to():
    _, kept = report_references(
        EXTRACT,
        {"kpis": pd.DataFrame({"kpi": ["a"], "value": [1]})},
        as_at=AS_AT,
        preset="board",
        audience="internal",
    )
    with pytest.raises(CommandError, match="has no table 'kpis': it rests on more than the extract"):
        trace(kept.tables[0].rows[0].ref, kept, EXTRACT)
