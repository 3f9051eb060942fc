"""Rows in and out behind every printed figure: as many as the figure says, all of them somewhere, or a sentence that says why there are none."""

from datetime import date, timedelta
from functools import cache

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.outputs.ledger import Ledger, labels_in
from ehcptime.outputs.references import Asked
from ehcptime.outputs.trace import trace
from ehcptime.outputs.traced_behind import at_days, rows_behind
from ehcptime.outputs.traced_questions import At

DAY = date(2025, 3, 31)
EXTRACT = ehc.simulate(110, as_at=DAY, seed=7)
AT = At(EXTRACT, DAY)
YEAR = {"start": "2024-01-01", "end": "2024-12-31", "freq": "Q"}
HELD = {"measure": "plans_issued_20wk_exc"}
DUE = {"measure": "plans_due_20wk"}
PROVIDER = "Community paediatrics"
FOR = {"provider": PROVIDER}


@cache
def pack():
    return ehc.provider_pack(AT.advice, provider=PROVIDER, tracked=AT.cases).tables


def waiting():
    return ehc.backlog(ehc.waiting(AT.cases, advice=AT.advice), by=["waits_for"])


def counted_parts(named):
    found = ehc.parts(AT.cases, HELD["measure"])
    return (
        found.groupby(["part", "reason"], as_index=False, observed=True)
        .size()
        .rename(columns={"size": named})
    )


def letters():
    found = ehc.expected_letters(AT.cases, events=EXTRACT.events)
    return found.groupby(["title", "rule", "state"], as_index=False, observed=True).size()


def findings():
    found = ehc.check(EXTRACT.cases, as_at=DAY, advice=EXTRACT.advice, exemptions=EXTRACT.exemptions, closures=EXTRACT.closures, unread=EXTRACT.unread)  # fmt: skip
    return found.groupby(["severity", "code"], as_index=False, observed=True).size()


QUARTERS = {"start": date(2024, 1, 1), "end": date(2024, 12, 31), "freq": "Q"}
# The command, what it was asked, its answer, and the figure that is the number of rows in these parts.
ANSWERS = (
    ("check", {}, findings, {"size": ("in",)}),
    ("parts", HELD, lambda: counted_parts("rows"), {"rows": ("on_time", "late", "unknown", "not_due", "left_out")}),
    ("waterfall", {**HELD, "period": "Y"}, lambda: ehc.waterfall(AT.cases, HELD["measure"], period="Y").table, {}),
    ("waiting", {}, waiting, {"open": ("in",)}),
    ("triangle", YEAR, lambda: ehc.backlog_triangle(EXTRACT.cases, **QUARTERS), {"open": ("in",)}),
    ("fair-queue", {"period": "Y"}, lambda: ehc.fair_queue(AT.cases, period="Y"), {"issued": ("in",)}),
    ("time-to-final", {}, lambda: ehc.time_to_final(AT.cases, by=["area"]), {"cases": ("in", "out"), "outside": ("out",)}),
    ("decisions", {"period": "Y"}, lambda: ehc.decision_rates(AT.cases, period="Y"), {"count": ("in",), "of": ("in", "in the base only")}),
    ("exemptions", {}, lambda: ehc.exemption_audit(AT.cases, exemptions=EXTRACT.exemptions), {"count": ("in",), "of": ("in", "in the base only")}),
    ("missing-advice", {"period": "Y"}, lambda: ehc.missing_advice(AT.cases, AT.advice, period="Y"), {"plans": ("in",)}),
    ("overdue-advice", {}, lambda: ehc.overdue_advice(AT.advice), {"outstanding": ("in",)}),
    ("year-bounds", HELD, lambda: ehc.year_bounds(AT.cases, by=["area"]), {"issued": ("on_time", "late", "unknown"), "on_time": ("on_time",)}),
    ("equality", {}, lambda: ehc.equality_view(AT.cases, ["age_group", "area", "care_status"]).table, {"numerator": ("on_time",), "denominator": ("on_time", "late"), "left_out": ("left_out",)}),
    ("equality", {"due_from": "2024-04-01"}, lambda: ehc.equality_view(AT.cases, ["sex"], due_from=date(2024, 4, 1)).table, {"numerator": ("on_time",), "denominator": ("on_time", "late"), "left_out": ("left_out",)}),
    ("law-effect", DUE, lambda: ehc.timeliness(AT.cases, "plans_due_20wk"), {"numerator": ("on_time",), "denominator": ("on_time", "late")}),
    ("letters", {}, letters, {"size": ("in",)}),
    ("provider-pack due_by_month", FOR, lambda: pack()["due_by_month"], {"requested": ("in",)}),
    ("provider-pack returned_by_month", FOR, lambda: pack()["returned_by_month"], {"returned": ("in",)}),
    ("provider-pack plans_without_advice", FOR, lambda: pack()["plans_without_advice"], {"plans": ("in",)}),
)  # fmt: skip


def entered(command, arguments, table, extract=EXTRACT):
    """A table with its references, as the command line would print it."""
    name, _, answer = command.partition(" ")
    ledger = Ledger({"extract": extract}, as_at=DAY)
    asked = {**arguments, **({"answer": answer} if answer else {})}
    labels = ["line"] if "text" in table else labels_in(table)
    ledger.enter(table, Asked(f"ehcptime {name}", asked, labels))
    return ledger


def size_of(table):
    return {"cases": len(EXTRACT.cases), "advice": len(EXTRACT.advice)}.get(table)


@pytest.mark.parametrize(
    ("command", "arguments", "answer", "figures"),
    ANSWERS,
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_as_many_rows_are_in_as_the_figure_says_and_all_are_somewhere(command, arguments, answer, figures):
    kept = entered(command, arguments, answer()).tables[0]
    filled = [
        row for row in kept.rows if all(row.figures[name] not in ("", "0") for name in list(figures)[:1])
    ]
    assert filled
    for row in [*filled[:: max(1, len(filled) // 3)], kept.rows[-1]]:
        rows, _ = rows_behind({"extract": AT}, kept, row)
        found = rows.groupby("part")["rows"].sum()
        assert size_of(rows["table"].iloc[0]) in (None, rows["rows"].sum())
        for figure, parts in figures.items():
            assert sum(found.get(part, 0) for part in parts) == int(row.figures[figure] or 0), (row, figure)
        if command == "waterfall":
            number = (
                row.figures["removed"] if row.labels["step"].startswith("less") else row.figures["remaining"]
            )
            assert found.get("in", 0) == int(number), row
    assert rows_behind({"extract": AT}, kept, kept.rows[0])[0]["reason"].ne("").all()


def test_the_stock_of_a_period_is_opening_and_what_came_and_closing_and_what_went():
    table = ehc.backlog_history(EXTRACT.cases, **QUARTERS)
    kept = entered("history", YEAR, table).tables[0]
    for row, printed in zip(kept.rows, table.to_dict("records"), strict=True):
        rows, said = rows_behind({"extract": AT}, kept, row)
        found = rows.set_index("reason")["rows"]
        both = found.get("open before it and at its end", 0)
        assert both + found.get("open before it, not at its end", 0) == printed["opening"]
        assert both + found.get("not open before it, open at its end", 0) == printed["closing"]
        assert rows["rows"].sum() == len(EXTRACT.cases)
        assert said == ""


def test_a_figure_of_a_return_has_the_rows_of_its_count_at_the_end_of_the_year():
    found = ehc.sen2_rehearsal(EXTRACT, as_at=date(2025, 1, 16)).figures
    ledger = Ledger({"extract": EXTRACT}, as_at=date(2025, 1, 16))
    ledger.enter(
        found, Asked("ehcptime sen2-check", {"edition": "2025", "answer": "figures"}, ["file", "figure"])
    )
    (kept,) = ledger.tables
    at = {"extract": At(EXTRACT, date(2025, 1, 16))}
    counts = [
        row
        for row in kept.rows
        if row.figures["published"].isdigit() and not row.labels["figure"].startswith(("pc", "PC", "avg"))
    ]
    for row in counts[::6]:
        rows, _ = rows_behind(at, kept, row)
        assert rows.loc[rows["part"] == "in", "rows"].sum() == int(row.figures["published"]), row.labels


FIGURES = {
    "numerator": ("on_time",),
    "left_out": ("left_out",),
    "open": ("in",),
    "rows": ("in",),
    "issued": ("on_time", "late", "unknown"),
}
UNTOLD = ("year_in_hand", "rows_read")  # finer than the record, or of files


def test_the_rows_behind_the_tables_of_a_report_are_as_many_as_its_figures():
    made = ehc.report(EXTRACT, as_at=DAY, preset="monthly", audience="internal")
    seen = set()
    for kept in made.references.tables:
        name = kept.arguments["table"]
        for row in kept.rows[::9] if name not in UNTOLD else ():
            rows, _ = rows_behind({"extract": AT}, kept, row)
            found = rows.groupby("part")["rows"].sum()
            for figure in FIGURES.keys() & row.figures.keys() - ({"issued"} if name == "flow" else set()):
                assert sum(found.get(part, 0) for part in FIGURES[figure]) == int(row.figures[figure]), (
                    name,
                    row,
                )
                seen.add(name)
    assert {"trend_plans_due_20wk", "open_by_age", "problems", "open_over", "year_bounds"} <= seen


def said_of(command, table, *, arguments=None, extracts=None):
    kept = entered(command, arguments or {}, table).tables[0]
    return rows_behind({"extract": AT} if extracts is None else extracts, kept, kept.rows[0])


def test_where_a_figure_has_no_cohort_one_sentence_says_so():
    limits = pd.DataFrame({"rule": ["plan_final"], "due": ["2025-05-26"]})
    of_case = pd.DataFrame({"case_id": ["a"], "days_left": [3]})
    files = pd.DataFrame({"area": ["north"], "due": [3]})
    others = pd.DataFrame(
        {"year": ["2024"], "level": ["England"], "column": ["plans_issued_den"], "published": [9]}
    )
    for rows, said in (
        said_of("case", limits),
        said_of("at-risk", of_case),
        said_of("combine", files, extracts={}),
        said_of("compare", others),
    ):
        assert rows.empty
        assert list(rows) == ["table", "part", "reason", "rows"]
        assert said.count(".") == 1
        assert "no rows" in said


def test_what_is_not_told_apart_is_said_and_the_rows_are_those_of_the_whole_answer():
    plans = (AT.cases["plan_final_status"].astype(str).isin(["overdue", "met_late", "ended_late"])).sum()
    rows, said = said_of("delay", pd.DataFrame({"service": ["education"], "cases": [1]}))
    assert said == "Rows are those of the whole answer, which are not told apart by service."
    assert 0 < rows.loc[rows["part"] == "in", "rows"].sum() <= plans
    rows, said = said_of(
        "waiting", pd.DataFrame({"line": ["1"], "text": ["9 open"]}), arguments={"answer": "in words"}
    )
    assert said == "It is a sentence: its rows are those of the whole answer."
    assert rows.loc[rows["part"] == "in", "rows"].sum() == AT.cases["is_open"].sum()
    _, said = said_of("scenario", pd.DataFrame({"period": ["2025-04"], "issued": ["2"]}))
    assert said == "It is a forecast: the rows are the open cases that it starts from."
    _, said = said_of(
        "equality", pd.DataFrame({"area": ["others together"], "measure": ["open_over_52wk"], "n": [9]})
    )
    assert said.endswith("by area.")  # groups put together for the public are no group of the extract


def test_a_figure_of_two_extracts_has_the_rows_of_both():
    later = DAY + timedelta(days=30)
    table = pd.DataFrame({"component": ["on_time"], "cases": [1]})
    arguments = {"after_as_at": later.isoformat(), **HELD}
    kept = entered("change", arguments, table).tables[0]
    ats = at_days({"extract": EXTRACT, "after": EXTRACT}, kept, DAY)
    assert {name: at.as_at for name, at in ats.items()} == {"extract": DAY, "after": later}
    rows, _ = rows_behind(ats, kept, kept.rows[0])
    assert rows.groupby("table")["rows"].sum().to_dict() == {"cases": 110, "after cases": 110}


def test_two_periods_set_side_by_side_have_each_their_own_rows():
    asked = {"period": "Y", "label": "2023", "after_label": "2024", **HELD}
    kept = entered("change", asked, pd.DataFrame({"component": ["on_time"], "cases": [1]})).tables[0]
    rows, _ = rows_behind({"extract": AT, "after": AT}, kept, kept.rows[0])
    found = rows[rows["part"].isin(["on_time", "late"])].groupby("table")["rows"].sum()
    plans = ehc.timeliness(AT.cases, HELD["measure"], period="Y").set_index("period")["denominator"]
    assert found.to_dict() == {"cases": plans["2023"], "after cases": plans["2024"]}


def test_of_a_year_that_is_over_nobody_who_is_open_is_counted():
    rows, _ = said_of("year-bounds", ehc.year_bounds(AT.cases, year=2024), arguments={"year": 2024, **HELD})
    assert "in" not in set(rows["part"])
    rows, _ = said_of("year-bounds", ehc.year_bounds(AT.cases, year=2025), arguments={"year": 2025, **HELD})
    assert rows.loc[rows["part"] == "in", "rows"].sum() == AT.cases["is_open"].sum()


def test_rows_of_a_hidden_figure_are_said_to_stay_inside():
    tables = {
        "t": ehc.for_audience(
            {"t": ehc.timeliness(AT.cases, "plans_due_20wk", by="area")}, audience="public"
        )["t"]
    }
    asked = {"t": ehc.asked_of("timeliness", {"measure": "plans_due_20wk", "by": ["area"]})}
    shown, kept = ehc.references(EXTRACT, tables, asked, as_at=DAY, audience="public")
    found = trace(shown["t"]["ref"].iloc[0], kept, EXTRACT)
    assert (
        found.notes[-1]
        == "The rows show small numbers that the figure hides: they stay inside the authority."
    )
