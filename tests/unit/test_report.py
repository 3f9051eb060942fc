"""The report: the same numbers in text, chart and table, small numbers hidden, no case in it, and sense for any extract."""

import re
from datetime import date, timedelta
from html import unescape

import numpy as np
import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.pages.measures import definition
from ehcptime.outputs.pages.presets import PRESETS, preset_of
from ehcptime.outputs.pages.run import run_of
from ehcptime.outputs.pages.trend import _moved as moved
from ehcptime.outputs.report import report
from ehcptime.outputs.svg import Point, line
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.timeliness import timeliness
from ehcptime.records.extract import Extract
from ehcptime.tracking.track import track
from report_pages import AS_AT, EVERY, PROVIDER, Page, case, every_report, extract_of, small


@pytest.fixture(scope="module")
def extract():
    return simulate(900, as_at=AS_AT, seed=7)


@pytest.fixture(scope="module")
def few():
    return simulate(120, as_at=AS_AT, seed=7)


@pytest.fixture(scope="module")
def made(extract):
    return every_report(extract)


@pytest.mark.parametrize("one", EVERY)
class TestEveryPage:
    def test_it_is_a_whole_page_with_landmarks_and_one_heading(self, made, one):
        page = Page(made[one].html)
        assert page.open == []
        assert page.all("html") == [{"lang": "en-GB"}]
        for tag in ("h1", "header", "main", "footer", "nav", "title"):
            assert len([1 for name, _ in page.elements if name == tag]) >= 1, tag
        assert len(page.all("h1")) == len(page.all("main")) == 1
        assert page.all("a")[0] == {"class": "skip", "href": "#content"}

    def test_ids_are_unique_and_whatever_points_to_one_finds_it(self, made, one):
        page = Page(made[one].html)
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(set(ids)) == len(ids)
        for _, attributes in page.elements:
            for name in attributes.get("aria-labelledby", "").split():
                assert name in ids
            if attributes.get("href", "").startswith("#"):
                assert attributes["href"][1:] in ids

    def test_it_runs_nothing_and_loads_nothing(self, made, one):
        page = Page(made[one].html)
        assert not {"script", "iframe", "object", "embed", "form", "img"} & {
            name for name, _ in page.elements
        }
        for name, attributes in page.elements:
            assert not [key for key in attributes if key.startswith("on") or key == "src"], name
            assert attributes.get("href", "#").startswith(("#", "data:,"))
        assert "@import" not in made[one].html
        assert "url(" not in re.sub(r"url\(#[a-z0-9-]+-hatch\)", "", made[one].html)

    def test_every_table_has_a_caption_scopes_and_a_region_to_scroll_in(self, made, one):
        page = Page(made[one].html)
        regions = [attributes for attributes in page.all("div") if attributes.get("role") == "region"]
        assert len(page.all("table")) == len(page.all("caption")) == len(regions) > 0
        assert {attributes.get("tabindex") for attributes in regions} == {"0"}
        assert {attributes.get("scope") for attributes in page.all("th")} == {"col", "row"}

    def test_no_case_child_worker_or_setting_is_in_it(self, made, one, extract):
        html = made[one].html
        for column in ("case_id", "person_id", "caseworker", "setting_id"):
            values = {str(value) for value in extract.cases[column].dropna().unique()}
            assert len(values) > 5
            assert not [value for value in values if value in html], column

    def test_each_charts_finding_is_text_and_alternative(self, made, one):
        page = Page(made[one].html)
        found = re.findall(r"<figcaption>(.*?)</figcaption>", made[one].html, re.DOTALL)
        described = re.findall(r"<desc id=[^>]*>(.*?)</desc>", made[one].html, re.DOTALL)
        assert [unescape(text) for text in found] == [unescape(text) for text in described]
        assert len(page.all("svg")) == len(found)
        assert found or one == ("health", "public")  # of one service, every number of a month is hidden
        assert all(attributes["role"] == "img" for attributes in page.all("svg"))

    def test_it_is_small(self, made, one):
        assert len(made[one].html.encode()) < 300_000


@pytest.mark.parametrize("one", [one for one in EVERY if one[0] != "health"])
def test_the_definition_of_each_measure_is_in_the_text_under_its_figure(made, one):
    words = Page(made[one].html).words
    for name in PRESETS[one[0]].measures:
        assert " ".join(definition(MEASURES[name]).split()) in words
        assert MEASURES[name].sentence in words


def test_hand_worked_numbers_are_the_same_in_text_chart_and_table():
    # 50 plans fell due on 4 March 2025: 12 issued that day, 18 the day after, 20 still open. 30 plans were issued, 12 in time.
    page = report(small(), as_at=AS_AT, preset="monthly", audience="internal")
    words = Page(page.html).words
    assert (
        "March 2025. Of the plans that fell due, 12 of 50 (24.0 per cent) were issued by their limit."
        in words
    )
    assert "Of the plans issued, 12 of 30 (40.0 per cent) came within 20 weeks" in words
    assert "On 31 March 2025, 20 requests were open: 20 of them for more than 20 weeks, 0 for more" in words
    assert "20 to 30 weeks: 20 (past 20 weeks)" in words
    assert 'text-anchor="middle">24.0</text>' in page.html
    row = page.tables["trend_plans_due_20wk"].set_index("period").loc["2025-03"]
    assert row[["numerator", "denominator", "percent"]].tolist() == [12, 50, 24.0]


def test_the_sentence_of_who_waits_agrees_with_the_measures(made, extract):
    tracked = track(extract.cases, as_at=AS_AT, exemptions=extract.exemptions, closures=extract.closures)
    words = Page(made["monthly", "internal"].html).words
    over, far = (timeliness(tracked, f"open_over_{weeks}wk").iloc[0] for weeks in (20, 52))
    assert (
        f"{over['denominator']} requests were open: {over['numerator']} of them for more than 20 weeks, "
        f"{far['numerator']} for more than 52 weeks."
    ) in words


def test_small_numbers_are_in_no_part_of_a_public_page():
    # 3 of 37 in time: the 3 and the 34 that gives it back may stand nowhere, in words, charts or tables.
    found = report(small(on_time=3, late=17, waiting=17), as_at=AS_AT, preset="monthly")
    words = Page(found.html).words
    assert "Of the plans that fell due, a hidden number of 37 (the percentage is hidden)" in words
    assert not re.search(r"\b3 of 37\b|\b3 of 20\b|\b8\.1\b|\b15\.0\b|\b34\b", words)
    inside = Page(report(small(3, 17, 17), as_at=AS_AT, preset="monthly", audience="internal").html).words
    assert "3 of 37 (8.1 per cent)" in inside


@pytest.mark.parametrize("one", [one for one in EVERY if one[1] == "public"])
def test_no_published_table_holds_a_small_count(made, one):
    for name, table in made[one].tables.items():
        for column in table.columns.difference(["as_at", "complete", "percent"]):
            for value in table[column]:
                if isinstance(value, int | np.integer) and not isinstance(value, bool | np.bool_):
                    assert not 0 < value < 5, (name, column)


def test_last_months_tables_are_heeded():
    # Last time 12 of 50 were on time; since then one late plan was found to have been on time. 13 beside 12 would tell of one child.
    before = report(small(on_time=12, late=18), as_at=AS_AT, preset="public")
    now = small(on_time=13, late=17)
    alone = report(now, as_at=AS_AT, preset="public").tables["trend_plans_due_20wk"].iloc[-1]
    after = report(now, as_at=AS_AT, preset="public", previous=before.tables)
    row = after.tables["trend_plans_due_20wk"].iloc[-1]
    assert alone[["numerator", "denominator"]].tolist() == [13, 50]
    assert row[["numerator", "denominator", "percent"]].tolist() == ["[c]", 50, "[c]"]
    assert not re.search(r"\b13 of\b|\b26\.0\b", Page(after.html).words)


def test_committee_papers_are_public_unless_internal_is_asked_for(extract):
    for preset in ("board", "foi", "public", "monthly"):
        assert preset_of(preset).for_whom(None) == "public"
    assert preset_of("health").for_whom(None) == "provider"
    with pytest.raises(CommandError, match="'public' has no audience 'internal'"):
        report(extract, as_at=AS_AT, preset="public", audience="internal")
    with pytest.raises(CommandError, match="has no audience 'provider'"):
        report(extract, as_at=AS_AT, preset="board", audience="provider")
    with pytest.raises(CommandError, match="did you mean board"):
        report(extract, as_at=AS_AT, preset="bord")


@pytest.mark.parametrize("one", EVERY)
def test_only_what_stays_inside_is_stamped(made, one):
    assert made[one].html.count("OFFICIAL-SENSITIVE") == (3 if one[1] == "internal" else 0)


@pytest.mark.parametrize("audience", ["provider", "public", "internal"])
def test_a_provider_sees_no_other_body(made, extract, audience):
    words = Page(made["health", audience].html).words
    others = set(extract.advice["provider"].dropna().unique()) - {PROVIDER}
    assert len(others) > 1
    assert PROVIDER in words
    assert not [other for other in others if other in words]


def test_a_provider_is_for_its_own_report_alone(extract):
    with pytest.raises(CommandError, match="needs a provider"):
        report(extract, as_at=AS_AT, preset="health")
    with pytest.raises(CommandError, match="no other report takes one"):
        report(extract, as_at=AS_AT, preset="board", provider=PROVIDER)


def test_what_others_typed_is_text_in_every_report(few):
    hostile = "<script>alert(1)</script>\x00\x1b[31m\u202e=1+1"
    cases = few.cases.assign(area=hostile, team=hostile, primary_need=hostile)
    advice = few.advice.assign(
        provider=hostile, sub_service=hostile, source=hostile, advice_type=few.advice["advice_type"]
    )
    reading = few.reading.assign(file=hostile, note=hostile)
    typed = Extract(cases=cases, advice=advice, exemptions=few.exemptions, reading=reading)
    for preset, audience in EVERY:
        page = report(
            typed,
            as_at=AS_AT,
            preset=preset,
            audience=audience,
            provider=hostile if preset == "health" else None,
        )
        assert "<script" not in page.html
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page.html)
        page.html.encode("utf-8")
        assert (preset != "health") or "&lt;script&gt;" in page.html


@pytest.mark.parametrize("preset", ["monthly", "board", "foi", "public"])
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (0, "No request was open on 31 March 2025."),
        (1, "How many requests were open on 31 March 2025 is not shown, because it rests on fewer than 5"),
    ],
)
def test_an_empty_extract_and_a_single_case_make_sense(preset, rows, said):
    cases = pd.DataFrame(
        {"case_id": ["ONLY-ONE"] * rows, "received_date": pd.to_datetime(["2025-01-06"] * rows)}
    )
    page = report(Extract(cases=cases), as_at=AS_AT, preset=preset)
    words = Page(page.html).words
    assert said in words
    assert "nan" not in words.lower().split()
    assert "ONLY-ONE" not in page.html
    assert "<NA>" not in unescape(page.html)


def test_a_period_with_nothing_in_it_has_no_percentage():
    words = Page(report(small(), as_at=date(2025, 5, 31), preset="monthly", audience="internal").html).words
    assert "May 2025. No plan fell due. In April 2025: none of none, so there is no percentage." in words
    assert "0.0 per cent) were issued" not in words


def test_a_report_is_the_same_each_time(extract, made):
    assert report(extract, as_at=AS_AT, preset="public").html == made["public", "public"].html


def test_the_order_of_rows_changes_nothing(extract, made):
    mixed = Extract(
        cases=extract.cases.sample(frac=1, random_state=3),
        advice=extract.advice.sample(frac=1, random_state=3),
        exemptions=extract.exemptions,
        closures=extract.closures,
        events=extract.events,
        extracted_on=extract.extracted_on,
    )
    assert report(mixed, as_at=AS_AT, preset="public").html == made["public", "public"].html


def test_nothing_given_is_changed(few):
    before = {
        name: getattr(few, name).copy(deep=True) for name in ("cases", "advice", "exemptions", "closures")
    }
    report(few, as_at=AS_AT, preset="foi")
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(few, name), frame)


@pytest.mark.parametrize(
    ("preset", "as_at", "first", "last"),
    [
        ("monthly", date(2025, 3, 31), "2024-03", "2025-03"),
        ("monthly", date(2025, 3, 30), "2024-02", "2025-02"),
        ("monthly", date(2024, 2, 29), "2023-02", "2024-02"),
        ("monthly", date(2025, 1, 1), "2023-12", "2024-12"),
        ("board", date(2025, 3, 31), "2023 Q2", "2025 Q1"),
        ("board", date(2025, 5, 15), "2023 Q2", "2025 Q1"),
        ("board", date(2025, 1, 1), "2023 Q1", "2024 Q4"),
    ],
)
def test_the_period_reported_on_is_the_last_that_has_ended(preset, as_at, first, last):
    run = run_of(
        Extract(pd.DataFrame()),
        as_at=as_at,
        preset=preset_of(preset),
        audience="public",
        kpis=(),
        provider=None,
    )
    assert (run.periods[0], run.periods[-1], len(run.periods)) == (first, last, PRESETS[preset].periods)
    assert run.first_day.day == 1


def test_a_day_after_the_extract_is_refused(extract):
    with pytest.raises(InputError, match="after the day of the extract"):
        report(extract, as_at=AS_AT + timedelta(days=1), preset="board")


def test_law_and_local_target_are_lines_apart(extract):
    page = report(extract, as_at=AS_AT, preset="board", kpis=[Kpi("plans_due_20wk", target=60)])
    assert page.html.count('class="law"') == 4
    assert page.html.count('class="target"') == 1
    words = Page(page.html).words
    assert "Local targets: Plans due, issued by their limit: 60 per cent." in words
    assert "local target: 60 per cent" in words
    assert "the law: every plan (100 per cent)" in words
    assert "Local targets: none given." in Page(report(extract, as_at=AS_AT, preset="board").html).words


def test_key_figures_are_rated_in_words_first(extract):
    kpis = [
        Kpi("plans_issued_20wk_inc", target=60, scale="threshold", thresholds=(60, 40)),
        Kpi("plans_due_20wk", scale="west_sussex_completion", word="Amber"),
        Kpi("plans_over_52wk_inc", target=5, better="lower"),
    ]
    words = Page(report(extract, as_at=AS_AT, preset="board", audience="internal", kpis=kpis).html).words
    assert "Red ▲" in words
    assert "target not agreed" in words
    assert "Amber ▶: the action is in progress and on track." in words
    with pytest.raises(CommandError, match="there is no measure"):
        report(extract, as_at=AS_AT, preset="board", kpis=[Kpi("plans")])


def test_a_report_is_saved_whole_or_not_at_all(made, tmp_path):
    page = made["public", "public"]
    assert page.save(tmp_path / "page.html").read_text(encoding="utf-8") == page.html
    assert [one.name for one in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(InputError, match=r"page\.html cannot be written"):
        page.save(tmp_path / "missing" / "page.html")


def test_a_report_shows_itself_in_a_notebook_and_names_no_one(made):
    page = made["public", "public"]
    assert repr(page) == "Report('public', audience='public', as_at 2025-03-31, 9 tables)"
    assert page._repr_html_().startswith('<iframe title="public report"')
    with pytest.raises(AttributeError):
        page.html = ""


def test_the_forecast_starts_from_no_hidden_number():
    words = Page(report(small(on_time=12, late=18, waiting=3), as_at=AS_AT, preset="monthly").html).words
    assert "No forecast is printed, because it would start from a number that is hidden." in words


def test_a_headline_that_is_hidden_whole_is_one_plain_sentence():
    words = Page(report(small(on_time=1, late=1, waiting=0), as_at=AS_AT, preset="monthly").html).words
    assert "a hidden number of a hidden number" not in words
    assert f"{MEASURES['plans_issued_20wk_inc'].title}: not shown, because it rests on fewer than 5" in words


def test_the_reason_why_the_last_period_is_provisional_is_the_true_one():
    last_days = [case(n, date(2024, 11, 11), date(2025, 3, 28)) for n in range(5)]  # due on 31 March 2025
    for rows, why in (
        (last_days, "that day is not over"),
        ([*last_days, case(9, date(2024, 11, 11))], "limits that fall on that day are still running"),
    ):
        words = Page(report(extract_of(rows), as_at=AS_AT, preset="monthly", audience="internal").html).words
        assert (
            f"March 2025 is provisional: it ends on the day of the position, 31 March 2025, and {why}."
            in words
        )
    after = Page(
        report(extract_of(rows), as_at=date(2025, 4, 1), preset="monthly", audience="internal").html
    ).words
    assert "March 2025 is provisional" not in after


def _trend(*cells):
    """What is said of a line; a cell is a number or None, with a question mark where it may still move."""
    points = [
        Point(
            name,
            None if cell is None else float(cell.strip("?")),
            str(cell).strip("?"),
            is_provisional=str(cell).endswith("?"),
        )
        for name, cell in zip("abcdef", cells, strict=False)
    ]
    return moved(points, [f"period {name}" for name in "abcdef"[: len(cells)]])


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("10.0", "20.0"), "rose from 10.0 per cent in period a to 20.0 per cent in period b."),
        (("10.0", "20.0", "5.0?"), "rose from 10.0 per cent in period a to 20.0 per cent in period b. Provisional: 5.0 per cent in period c."),
        (("10.0", None, "9.0"), "fell from 10.0 per cent in period a to 9.0 per cent in period c. 1 of 3 periods has no percentage that can be printed, 1 of them between the two."),
        ((None, None, "9.0", "9.0"), "9.0 per cent in period d, as in period c. 2 of 4 periods have no percentage that can be printed."),
        ((None, "9.0?"), "no period that is complete has a percentage that can be printed. 1 of 2 periods has no percentage that can be printed. Provisional: 9.0 per cent in period b."),
        ((None, None), "no period has a percentage that can be printed."),
    ],
)  # fmt: skip
def test_a_trend_compares_what_is_complete_and_printed(cells, said):
    assert _trend(*cells) == said


def test_a_provisional_point_is_drawn_broken_and_named_so():
    points = [Point("March", 1.0, "1.0"), Point("April", 2.0, "2.0", is_provisional=True)]
    drawn = line(points, name="x", title="t", finding="f")
    assert drawn.count("stroke-dasharray") == 2  # the point and the way to it
    assert drawn.index("April") < drawn.index("(provisional)")
    assert drawn.count("(provisional)") == 1


def test_made_up_data_says_so_and_a_record_does_not(made):
    for one, page in made.items():
        assert Page(page.html).words.count("SYNTHETIC data: nobody in it exists.") == 1, one
        assert "SYNTHETIC-" not in page.html
    assert "SYNTHETIC" not in report(small(), as_at=AS_AT, preset="monthly").html
