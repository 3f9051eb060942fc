"""References on the page of a report: every row of figures has one, and tracing it gives the same numbers again."""

import re
import tempfile
from datetime import date
from html import unescape
from pathlib import Path

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError
from ehcptime.outputs import traced_report
from ehcptime.outputs.figure_manifest import read_figure_manifest
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.pages.presets import PRESETS, preset_of
from ehcptime.outputs.report import Report, report
from ehcptime.outputs.trace import trace
from ehcptime.questions.timeliness import timeliness
from ehcptime.records.extract import Extract
from ehcptime.tracking.track import track
from report_pages import AS_AT, EVERY, PROVIDER, Page, every_report, small, tables_in


@pytest.fixture(scope="module")
def extract():
    return simulate(700, as_at=AS_AT, seed=7)


@pytest.fixture(scope="module")
def made(extract):
    return every_report(extract)


@pytest.mark.parametrize("one", EVERY)
def test_every_row_of_figures_has_a_reference_that_holds_its_numbers(made, one):
    kept = {row.ref: row for table in made[one].references.tables for row in table.rows}
    printed = list(tables_in(made[one].html))
    assert len(printed) > 2
    for caption, headings, rows in printed:
        if caption == "What this page rests on":
            assert "Reference" not in headings
            continue
        assert headings[-1] == "Reference", caption
        for *cells, ref in rows:
            figures = [*kept[ref].figures.values(), *kept[ref].labels.values()]
            held = [float(text) for text in figures if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text)]
            for text in (text.replace(",", "") for text in cells if re.fullmatch(r"-?[\d,]+(\.\d+)?", text)):
                places = len(text.partition(".")[2])
                assert float(text) in {round(figure, places) for figure in held}, (caption, ref)


@pytest.mark.parametrize("one", EVERY)
def test_a_sentence_of_counts_names_the_rows_that_they_are_from(made, one):
    kept = {row.ref: set(row.figures.values()) for table in made[one].references.tables for row in table.rows}
    said = re.findall(r'<(?:p|dt)>(.*?) <span class="refs">\[(.*?)\]</span>', made[one].html)
    assert said or one[0] == "health"
    for text, refs in said:
        figures = set().union(*(kept[ref] for ref in re.findall(r"[A-Z2-7]{4}-[A-Z2-7]{4}", refs)))
        if unescape(text) in figures or any(unescape(text).endswith(f"{figure}.") for figure in figures):
            continue  # the sentence is a figure itself
        for counts in re.findall(r"([\d,]+) of ([\d,]+) \(([\d.]+) per cent\)", text):
            assert {float(count.replace(",", "")) for count in counts} <= {
                float(figure) for figure in figures if re.fullmatch(r"[\d.]+", figure)
            }, text


def test_every_finding_says_which_table_holds_its_figures(made):
    for one, page in made.items():
        words = Page(page.html).words
        captions = {caption for caption, _, _ in tables_in(page.html)}
        named = re.findall(r"Figures and their references: table “(.*?)”\.", words)
        assert len(named) == page.html.count("<figcaption>"), one
        assert set(named) <= captions


KPIS = (
    Kpi("plans_due_20wk", baseline=10, target=60, scale="threshold", thresholds=(60, 40)),
    Kpi("plans_issued_20wk_exc", target=50, scale="west_sussex_impact", word="Amber"),
    Kpi("open_assessments_over_20wk"),
)


@pytest.mark.parametrize(
    ("preset", "audience", "given"),
    [(*one, {}) for one in EVERY]
    + [
        ("board", "public", {"kpis": KPIS}),
        ("monthly", "internal", {"kpis": KPIS}),
        ("public", "public", {"previous": True}),
    ],
)
def test_every_table_of_a_report_traces_to_the_same_numbers(monkeypatch, preset, audience, given):
    few = simulate(250, as_at=AS_AT, seed=3)
    asked = {
        "preset": preset,
        "audience": audience,
        "provider": PROVIDER if preset == "health" else None,
        **given,
    }
    if "previous" in given:
        asked["previous"] = report(few, as_at=date(2025, 2, 28), preset=preset).tables
    page = report(few, as_at=AS_AT, **asked)
    again = {}

    def once(extract, **arguments):
        assert arguments["kpis"] == asked.get("kpis", ())
        if not again:
            again["made"] = report(extract, **arguments)
        return again["made"]

    monkeypatch.setattr(traced_report, "report", once)
    kept = read_figure_manifest(saved(page.manifest))
    assert len(kept.tables) > len(page.tables) * (preset != "health")
    for table in kept.tables:
        if table.rows:
            found = trace(table.rows[-1].ref, kept, few)
            assert found.is_same, table.arguments["table"]
    assert again["made"].references.tables == kept.tables
    assert bool(kept.cases) == (audience == "internal")


def saved(manifest):
    place = Path(tempfile.mkdtemp()) / "run.json"
    manifest.save(place)
    return place


def test_a_number_of_another_input_is_said_to_be_another():
    page = report(small(), as_at=AS_AT, preset="monthly", audience="internal")
    table = next(
        table for table in page.manifest.tables if table.arguments["table"] == "trend_plans_due_20wk"
    )
    found = trace(table.rows[-1].ref, page.manifest, small(on_time=13, late=17))
    assert found.is_same is False
    again = found.figures.set_index("figure").loc["numerator"]
    assert again[["printed", "again"]].tolist() == ["12", "13"]


@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_and_one_case_give_a_sensible_page_of_every_preset(preset, rows):
    cases = pd.DataFrame(
        {"case_id": ["ONLY-ONE"] * rows, "received_date": pd.to_datetime(["2025-01-06"] * rows)}
    )
    asked = {
        "case_id": ["ONLY-ONE"],
        "advice_type": "health",
        "provider": "Therapies",
        "requested_date": pd.to_datetime(["2025-02-03"]),
    }
    advice = pd.DataFrame(asked).iloc[:rows]
    for audience in preset_of(preset).audiences:
        given = {"provider": "Therapies" if preset == "health" else None}
        if preset == "health" and not rows:
            with pytest.raises(CommandError, match="was not asked for any advice"):
                report(
                    Extract(cases=cases, advice=advice),
                    as_at=AS_AT,
                    preset=preset,
                    audience=audience,
                    **given,
                )
            continue
        page = report(
            Extract(cases=cases, advice=advice), as_at=AS_AT, preset=preset, audience=audience, **given
        )
        text = unescape(page.html)
        assert "<NA>" not in text
        assert "nan" not in Page(page.html).words.casefold().split()
        assert "NaT" not in text
        assert "ONLY-ONE" not in text
        assert len(page.html) < 100_000
        assert read_figure_manifest(saved(page.manifest)).tables == page.references.tables


def test_a_report_is_made_for_key_figures_that_can_be_told_apart(extract):
    twice = [Kpi("plans_due_20wk", target=60), Kpi("plans_due_20wk", target=50)]
    with pytest.raises(CommandError, match="'plans_due_20wk' is given twice"):
        report(extract, as_at=AS_AT, preset="board", kpis=twice)
    assert Report("board", "public", AS_AT, "<p></p>", {}).references is None
    with pytest.raises(CommandError, match="this page has no references"):
        _ = Report("board", "public", AS_AT, "<p></p>", {}).manifest


def test_a_key_figure_of_who_is_open_in_assessment_is_its_own(extract):
    page = report(
        extract, as_at=AS_AT, preset="board", audience="internal", kpis=[Kpi("open_assessments_over_20wk")]
    )
    tracked = track(extract.cases, as_at=AS_AT, exemptions=extract.exemptions, closures=extract.closures)
    told = timeliness(tracked, "open_assessments_over_20wk").iloc[0]["percent"]
    table = next(table for table in page.manifest.tables if table.arguments["table"] == "kpis")
    assert table.rows[0].figures["now"] == str(told)
    assert told != timeliness(tracked, "open_over_20wk").iloc[0]["percent"]
