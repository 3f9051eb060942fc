"""What a committee asks next, in the report: how final the newest figures are, what the year can still reach, and who waits longer."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.pages import flow, kpis
from ehcptime.outputs.pages.backlog import _band as in_words
from ehcptime.outputs.pages.broad_groups import broad
from ehcptime.outputs.pages.figures import AGES, OPEN, TOTAL, figure
from ehcptime.outputs.pages.headline import waiting
from ehcptime.outputs.pages.presets import preset_of
from ehcptime.outputs.pages.run import run_of
from ehcptime.outputs.report import report
from ehcptime.outputs.trace import trace
from ehcptime.questions.measures import MEASURES
from ehcptime.records.extract import Extract
from report_pages import AS_AT, Page, small, tables_in

ONES = [("monthly", "internal"), ("board", "public"), ("board", "internal")]


@pytest.fixture(scope="module")
def extract():
    return simulate(1_500, as_at=AS_AT, seed=7)


@pytest.fixture(scope="module")
def made(extract):
    return {one: report(extract, as_at=AS_AT, preset=one[0], audience=one[1]) for one in ONES}


def earlier_of(extract, taken, unkeyed_after):
    """The same caseload some days before, when plans after a day had not been keyed."""
    issued = pd.to_datetime(extract.cases["assessment_outcome_date"])
    late = issued > pd.Timestamp(unkeyed_after)
    cases = extract.cases.assign(
        assessment_outcome=extract.cases["assessment_outcome"].mask(late),
        assessment_outcome_date=issued.mask(late),
    )
    return replace(extract, cases=cases, extracted_on=taken)


def test_what_is_still_to_be_keyed_is_said_where_extracts_tell_it_and_traced_nowhere(extract):
    before = earlier_of(extract, date(2025, 2, 28), date(2025, 2, 10))
    alone = Page(report(extract, as_at=AS_AT, preset="monthly").html).words
    assert "cannot be estimated: it takes an extract taken before this one as well." in alone
    for audience in ("public", "internal"):
        page = report(extract, as_at=AS_AT, preset="monthly", audience=audience, earlier=[before])
        words = Page(page.html).words
        assert re.search(r"March 2025: about \d+ in 100 plans are still to be keyed", words)
        assert ("Plans keyed so far" in words) == (audience == "internal")
    table = next(table for table in page.manifest.tables if table.arguments["table"] == "recording_lag")
    with pytest.raises(
        CommandError, match="rests on more than the extract, such as .* extracts taken before"
    ):
        trace(table.rows[0].ref, page.manifest, extract)
    for taken, said in ((None, "on a day that it does not tell"), (AS_AT, "on 2025-03-31")):
        with pytest.raises(InputError, match=f"an earlier extract was taken {said}"):
            report(extract, as_at=AS_AT, preset="board", earlier=[replace(before, extracted_on=taken)])


def test_the_year_is_bound_by_its_plans_and_by_what_is_in_hand():
    # 30 plans issued in 2025, 12 in time; 20 in hand that can only be late: 12/30 = 40.0 at best, 12/50 = 24.0 at worst.
    words = Page(
        report(small(), as_at=AS_AT, preset="board", kpis=[Kpi("plans_issued_20wk_exc", target=50)]).html
    ).words
    assert (
        "In 2025 so far 12 of 30 plans were on time (40.0 per cent). No request in hand can still be on time"
        in words
    )
    assert (
        "the year cannot pass 40.0 per cent; it cannot end below 24.0. A target of 50 per cent needs" in words
    )
    bounds = next(
        rows
        for caption, _, rows in tables_in(report(small(), as_at=AS_AT, preset="board").html)
        if caption == "What 2025 can still end on"
    )
    assert bounds[0][:7] == ["2025", "12", "30", "40.0", "24.0", "40.0", "24.0"]


@pytest.mark.parametrize("as_at", [date(2025, 3, 31), date(2025, 5, 15)])
def test_a_year_that_rests_on_a_hidden_number_is_not_said(as_at):
    page = report(small(on_time=3, late=17, waiting=17), as_at=as_at, preset="board")
    words = Page(page.html).words
    assert (
        "What the year can still reach is not shown, because it would rest on a number that is hidden."
        in words
    )
    assert "In 2025 so far" not in words
    assert not re.search(r"\b3 of 20\b|\b15\.0\b", words)


def test_open_requests_by_what_a_plan_can_be_add_up(made):
    for one in (("board", "internal"), ("monthly", "internal")):
        rows = made[one].tables["year_in_hand"].set_index("in_hand")["open"]
        assert rows.drop("all").sum() == rows["all"] > 0
        assert (rows >= 0).all()


def test_groups_in_public_are_broad_and_add_up(made):
    tables = {
        name: table for name, table in made["board", "public"].tables.items() if name.startswith("equality_")
    }
    assert {"equality_area_due", "equality_primary_need_due"} <= set(tables)
    for name, table in tables.items():
        whole, groups = (table[table.iloc[:, 0].eq("all") == is_all] for is_all in (True, False))
        assert len(groups) > 1, name
        for column in ("numerator", "denominator"):
            if not table[column].astype(str).eq("[c]").any():
                assert groups[column].sum() == whole[column].sum(), name


def test_no_sentence_of_groups_states_a_cause(made):
    for audience in ("public", "internal"):
        page = made["board", audience].html
        section = page[page.index('<section id="equality"') :]
        words = Page(section[: section.index("</section>") + 10]).words.casefold()
        assert not re.search(r"because of|due to|caused|results? from|leads? to|owing to", words)
        assert "it says who waits and not why" in words


def test_groups_that_cannot_be_printed_even_together_have_no_table():
    # A is small, and A with B is everybody: no group is left beside them.
    table = pd.DataFrame(
        {
            "area": ["all", "A", "B"],
            "numerator": [23, 3, 20],
            "denominator": [45, 5, 40],
            "measure": "plans_due_20wk",
        }
    ).assign(as_at=pd.Timestamp(AS_AT))
    assert broad(table) is None


def foi_of_nothing():
    return run_of(
        Extract(pd.DataFrame()),
        as_at=AS_AT,
        preset=preset_of("foi"),
        audience="public",
        kpis=(),
        provider=None,
    )


def test_flows_that_are_all_hidden_are_said_to_be():
    run = foi_of_nothing()
    names = ("opening", "opened", "refused", "no_plan", "issued", "withdrawn", "left", "closing", "undated")
    hidden = pd.DataFrame({"period": list(run.periods), **dict.fromkeys(names, "[c]")})
    (picture,) = flow.section(run, {flow.FLOW: hidden}).pictures
    assert picture.finding == "The number open at the end of a period cannot be printed for any period."


@pytest.mark.parametrize(
    ("band", "said"),
    [
        ("0-6", "0 to 6 weeks"),
        ("52+", "Over 52 weeks"),
        ("unknown", "Age not known"),
        ("0-6 or unknown", "0 to 6 weeks, or age not known"),
    ],
)
def test_a_band_of_ages_is_said_in_words(band, said):
    assert in_words(band) == said


def test_a_key_figure_of_who_is_open_is_of_the_day_and_has_no_last_time():
    # The 20 that wait asked on 15 October 2024; 20 weeks were over on 4 March 2025.
    named = "open_assessments_over_20wk"
    asked = {"preset": preset_of("board"), "audience": "internal", "provider": None}
    run = run_of(small(), as_at=AS_AT, kpis=(Kpi(named, better="lower"),), **asked)
    published = kpis.tables(run)
    row = figure(published, MEASURES[named], run.now)
    assert (row["numerator"], row["denominator"]) == (20, 20)
    (shown,) = kpis.more(run, published)[kpis.KPIS].to_dict("records")
    assert shown["now"] == 100.0
    assert pd.isna(shown["previous"])


@pytest.mark.parametrize(
    ("over", "far", "said"),
    [
        (
            "[c]",
            "[c]",
            "How many requests were open on 31 March 2025 is not shown, because it rests on fewer than 5",
        ),
        ("[c]", 0, "A hidden number of them were open for more than 20 weeks, 0 for more than 52 weeks."),
    ],
)
def test_who_waits_is_said_where_the_number_of_all_is_hidden(over, far, said):
    run = foi_of_nothing()
    printed = {
        AGES: pd.DataFrame({"age_band": [TOTAL], "open": ["[c]"]}),
        OPEN: pd.DataFrame({"measure": ["open_over_20wk", "open_over_52wk"], "numerator": [over, far]}),
    }
    text = waiting(run, printed)
    assert said in text
    assert ("52 weeks" in text) == (far == 0)
