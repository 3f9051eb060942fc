"""Who waits longer: groups add up to all, differences are Newcombe's, chance is what it is said to be, and nothing hidden can be told."""

import re
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.audiences import for_audience
from ehcptime.questions.equality import CHARACTERISTICS, equality_view
from ehcptime.questions.equality_differences import differences
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.track import track
from equality_reader import Reader
from oracle.draws import AS_AT, CASE_DATES
from oracle.strategies import case_rows, messy_rows
from questions_frames import cases, issued

few = settings(max_examples=settings.default.max_examples // 6)
COUNTS = ["numerator", "denominator", "unknown", "not_due", "left_out"]
MEASURES = ("plans_due_20wk", "open_over_52wk")


@st.composite
def caseloads(draw):
    as_at = draw(AS_AT)
    rows = draw(st.lists(case_rows(as_at) | messy_rows(as_at), max_size=12))
    groups = st.sampled_from(["north", " south ", "", None])
    ages = st.none() | st.sampled_from([0, 4, 5, 10, 11, 15, 16, 19, 20, 25, 26])
    frame = pd.DataFrame(
        [row | {"area": draw(groups), "age_at_request": draw(ages)} for row in rows],
        columns=[*CASE_DATES, "area", "age_at_request", *(rows[0] if rows else [])] if not rows else None,
    ).assign(case_id=[f"c{number}" for number in range(len(rows))])
    for column in CASE_DATES:
        frame[column] = pd.to_datetime(frame.get(column)).astype("datetime64[s]") if rows else pd.NaT
    return track(frame, as_at=as_at)


@few
@given(caseloads())
def test_the_counts_of_the_groups_add_up_to_all_and_to_the_rows(frame):
    table = equality_view(frame).table
    assert set(table["characteristic"]) == set(CHARACTERISTICS)
    for (_, measure), block in table.groupby(["characteristic", "measure"]):
        groups, whole = block[block["group"] != "all"], block[block["group"] == "all"]
        assert groups[COUNTS].sum().tolist() == whole[COUNTS].iloc[0].tolist()
        assert whole[COUNTS].iloc[0].tolist() == timeliness(frame, measure)[COUNTS].iloc[0].tolist()


@few
@given(caseloads())
def test_each_group_is_the_measure_of_its_own_rows(frame):
    names = frame["area"].fillna("").map(lambda name: name.strip() or "not recorded")
    view = equality_view(frame, "area")
    for row in view.table.query("group != 'all'").itertuples():
        own = timeliness(frame[names == row.group], row.measure).iloc[0]
        assert [getattr(row, name) for name in COUNTS] == own[COUNTS].tolist()


def test_ages_are_in_the_bands_of_the_department():
    rows = [issued("2024-01-01", 100, age_at_request=age) for age in (*range(27), None)]
    table = equality_view(cases(rows, "2025-06-30"), "age_group").tables["age_group_due"]
    assert table[["age_group", "denominator"]].to_numpy().tolist() == [
        ["all", 28],
        ["under 5", 5],
        ["5 to 10", 6],
        ["11 to 15", 5],
        ["16 to 19", 4],
        ["20 to 25", 6],
        ["not recorded", 2],
    ]


# Differences


def newcombe(top, bottom, rest_top, rest):
    """The difference from the whole and its limits, in points, from scipy's Wilson limits."""
    one, other = (
        binomtest(k, n).proportion_ci(method="wilson") for k, n in ((top, bottom), (rest_top, rest))
    )
    p, q = top / bottom, rest_top / rest
    low = p - q - ((p - one.low) ** 2 + (other.high - q) ** 2) ** 0.5
    high = p - q + ((one.high - p) ** 2 + (q - other.low) ** 2) ** 0.5
    return [100 * rest / (bottom + rest) * value for value in (p - q, low, high)]


@given(
    st.lists(
        st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=4
    )
)
def test_differences_from_all_and_their_limits(groups):
    top, bottom = (sum(column) for column in zip(*groups, strict=True))
    rows = [("all", top, bottom), *((f"g{place}", *pair) for place, pair in enumerate(groups))]
    table = pd.DataFrame(rows, columns=["area", "numerator", "denominator"]).assign(
        percent=lambda f: 100 * f["numerator"] / f["denominator"].where(f["denominator"] > 0),
        percent_low=0.0,
        percent_high=0.0,
        measure="plans_due_20wk",
    )
    for (part, whole), row in zip(groups, differences(table).itertuples(), strict=True):
        if not whole or whole == bottom:
            assert row.difference is pd.NA
            assert row.beyond_chance is pd.NA
            continue
        gap, low, high = newcombe(part, whole, top - part, bottom - whole)
        assert [row.difference, row.difference_low, row.difference_high] == pytest.approx(
            [gap, low, high], abs=0.0501
        )
        assert gap == pytest.approx(100 * (part / whole - top / bottom))  # of the whole, the group among it
        assert row.beyond_chance is pd.NA if whole < 10 else row.beyond_chance == (low > 0 or high < 0)


def test_no_group_of_under_ten_is_said_to_lie_beyond_chance():
    """One of 1 in time where one of 9 is would come by chance 11 times in 100; its interval alone would say otherwise."""
    rows = (
        due(1, 19, area="north")
        + due(10, 19, area="south")
        + due(90, 30, area="south")
        + due(9, 30, area="west")
    )
    view = equality_view(cases(rows, "2025-06-30"), "area")
    found = view.differences.query("measure == 'plans_due_20wk'").set_index("group")
    assert found.loc["north", "difference_low"] > 0
    assert found["beyond_chance"].isna().to_dict() == {"north": True, "south": False, "west": True}
    assert "beyond chance" not in str(view).split("\n")[0]
    assert "too few to tell from chance (between" in str(view).split("\n")[0]
    assert "0 of 1 difference lie beyond chance" in str(view)


@pytest.fixture(scope="module")
def simulated():
    extract = simulate(1200, as_at=date(2025, 3, 31), seed=11, defects=False)
    return track(extract.cases, as_at=date(2025, 3, 31))


def covered(frame, draws, share, seed):
    """How often the interval of the difference of one group, drawn at random, holds 0; and that of its percentage, that of all."""
    random = np.random.default_rng(seed)
    held = {measure: [0, 0, 0] for measure in MEASURES}
    for _ in range(draws):
        drawn = frame.assign(group=np.where(random.random(len(frame)) < share, "drawn", "others"))
        view = equality_view(drawn.rename(columns={"group": "drawn_group"}), "drawn_group")
        for row in view.differences.query("group == 'drawn'").itertuples():
            counts = held[row.measure]
            counts[0] += 1
            counts[1] += row.difference_low <= 0 <= row.difference_high
            counts[2] += row.percent_low <= row.percent_all <= row.percent_high
    return held


def test_with_no_difference_planted_the_intervals_hold_it_about_as_often_as_they_say(simulated):
    # 40 draws at 95 in 100: within four standard errors, of 3.4 points each; on few cases such intervals hold a little more.
    for draws, difference, percentage in covered(simulated, 40, 0.2, seed=5).values():
        assert draws == 40
        assert 0.81 <= difference / draws <= 1.0
        assert 0.81 <= percentage / draws <= 1.0


@pytest.mark.nightly
def test_with_no_difference_planted_over_many_draws(simulated):
    for draws, difference, percentage in covered(simulated, 2_000, 0.2, seed=6).values():
        assert 0.935 <= difference / draws <= 0.975
        assert 0.935 <= percentage / draws <= 0.985


CASELOADS, SIZE = 25, 300


@pytest.fixture(scope="module")
def many():
    """Made-up caseloads side by side, which share nothing but how they were made; with and without a difference planted."""
    days = {"as_at": date(2025, 3, 31), "seed": 12, "preset": "england_2024", "defects": False}
    return {
        slower: track(simulate(CASELOADS * SIZE, slower=slower, **days).cases, as_at=days["as_at"])
        for slower in (None, ("sex", "F", 4))
    }


def differences_in(frame, groups):
    """By column the difference of one group among plans due, with its limits: in each of the caseloads, and in all of them together."""
    views = [frame.iloc[place::CASELOADS] for place in range(CASELOADS)]
    found = pd.concat([equality_view(view, list(groups)).differences for view in (*views, frame)])
    found = found[
        found["measure"].eq("plans_due_20wk") & found["group"].eq(found["characteristic"].map(groups))
    ]
    by_column = dict(list(found.groupby("characteristic")))
    assert all(len(rows) == CASELOADS + 1 for rows in by_column.values())
    return {column: (rows.iloc[:-1], rows.iloc[-1]) for column, rows in by_column.items()}


def test_with_nothing_planted_the_groups_of_a_return_differ_as_often_as_chance_says(many):
    groups = {"sex": "F", "area": "North", "ethnicity": "WBRI", "care_status": "neither"}
    for rows, _ in differences_in(many[None], groups).values():
        assert 0.78 <= 1 - rows["beyond_chance"].mean() <= 1.0  # four standard errors of 25 caseloads


def test_what_is_planted_lies_in_the_intervals_about_as_often_as_they_say(many):
    rows, whole = differences_in(many["sex", "F", 4], {"sex": "F"})["sex"]
    assert (
        whole["difference"] < -3
    )  # of England's plans on time, many are sent in the last four of the 20 weeks
    assert whole["beyond_chance"]
    held = rows["difference_low"].le(whole["difference"]) & rows["difference_high"].ge(whole["difference"])
    assert 0.78 <= held.mean() <= 1.0
    assert rows["difference"].lt(0).mean() > 0.9


def due(number, weeks, **more):
    return [issued("2024-01-01", 7 * weeks, **more)] * number


def test_a_planted_difference_is_shown_and_the_counts_are_those_planted():
    rows = due(60, 19, sex="F") + due(40, 30, sex="F") + due(30, 19, sex="M") + due(70, 30, sex="M")
    view = equality_view(cases(rows, "2025-06-30"), "sex")
    assert view.tables["sex_due"][["sex", "numerator", "denominator", "percent"]].to_numpy().tolist() == [
        ["all", 90, 200, 45.0],
        ["F", 60, 100, 60.0],
        ["M", 30, 100, 30.0],
    ]
    found = view.differences.query("measure == 'plans_due_20wk'")
    assert found["difference"].tolist() == [15.0, -15.0]
    assert found["beyond_chance"].all()
    assert (
        "Sex, F: of 100 plans due, 60 on time (60.0 per cent), 15.0 points above all cases (45.0); beyond chance"
        in str(view)
    )


def test_a_planted_difference_is_seen_in_a_simulated_caseload(simulated):
    late = timeliness(simulated, "plans_due_20wk", by="area")
    slow = simulated["assessment_outcome_date"] - simulated["received_date"] > pd.Timedelta(days=140)
    random = np.random.default_rng(3)
    group = np.where(
        slow & (random.random(len(simulated)) < 0.7), "x", random.choice(["x", "y", "z"], len(simulated))
    )
    found = equality_view(simulated.assign(ethnicity=group), "ethnicity").differences
    x = found.query("group == 'x' and measure == 'plans_due_20wk'").iloc[0]
    assert x["beyond_chance"]
    assert x["difference"] < 0
    assert late["denominator"].sum() > 200


def test_median_ages_are_those_of_the_open_cases_with_the_ranks_of_a_sign_test():
    rows = [{"received_date": f"2025-01-{day:02}", "area": "north"} for day in range(1, 26)]
    rows += [{"received_date": "2024-01-01", "area": "south"}] * 3 + due(5, 10, area="south")
    table = equality_view(cases(rows, "2025-06-30"), "area").table.query("measure == 'open_over_52wk'")
    north = table.set_index("group").loc["north"]
    ages = sorted((date(2025, 6, 30) - date(2025, 1, day)).days / 7 for day in range(1, 26))
    # 25 ages: the 8th from either end, as in every table of the sign test at 5 per cent (two-sided, 0.0433 outside).
    assert north["median_weeks"] == round(ages[12], 1)
    assert (
        abs(north["median_weeks_low"] - ages[7]) <= 0.2
    )  # a rank more or less: the ranks are those of the normal curve
    assert abs(north["median_weeks_high"] - ages[-8]) <= 0.2
    south = table.set_index("group").loc["south"]
    assert south["median_weeks"] == round(546 / 7, 1)
    assert south["median_weeks_low"] is pd.NA


# What it says

CAUSES = re.compile(
    r"because|caus|\bdue to\b|owing|result|reason|explain|effect|driv|lead|therefore|thanks|since|so that|why|discriminat|bias|unfair"
    r"|disadvantag|fault|blame|fail|better|worse|treat",
    re.IGNORECASE,
)


@few
@given(caseloads())
def test_no_sentence_states_a_cause_and_every_group_has_one(frame):
    view = equality_view(frame)
    lines = str(view).splitlines()
    assert not [line for line in lines if CAUSES.search(line)]
    rows = len(view.differences) + len(view.not_held)
    assert len(lines) - rows in (0, 1)
    assert sum("not recorded in this extract" in line for line in lines) == len(view.not_held)


def test_no_sentence_of_a_whole_caseload_states_a_cause(simulated):
    for view in (equality_view(simulated), equality_view(simulated, due_from=date(2024, 4, 1))):
        public = view.with_tables(for_audience(view.tables, audience="public"))
        assert not CAUSES.search(str(view))
        assert not CAUSES.search(str(public))


# For the public


def test_no_hidden_count_has_one_possible_value(simulated):
    view = equality_view(simulated, due_from=date(2024, 4, 1))
    public = view.with_tables(for_audience(view.tables, audience="public"))
    hidden = 0
    for table in public.tables.values():
        reader = Reader(table)
        for offset, column in ((0, "numerator"), (len(table), "denominator")):
            for place in np.flatnonzero(table[column].eq("[c]")):
                low, high = reader.extremes(offset + place)
                assert low < high, (table, place, column)
                hidden += 1
            shown = table[column][table[column].ne("[c]")].astype(int)
            assert not shown.between(1, 4).any()
    assert hidden
    assert "not shown" in str(public)


def test_the_sentences_for_the_public_are_made_from_the_printed_tables_alone():
    rows = (
        due(3, 19, area="north")
        + due(40, 30, area="north")
        + due(50, 19, area="south")
        + due(20, 30, area="south")
    )
    rows += due(30, 19, area="west") + due(9, 30, area="west")
    view = equality_view(cases(rows, "2025-06-30"), "area")
    public = view.with_tables(for_audience(view.tables, audience="public"))
    lines = str(public).splitlines()
    assert lines[0] == "Area, north: the figures of this group are not shown."
    printed = {str(value) for table in public.tables.values() for value in table.to_numpy().ravel()}
    found = public.differences
    assert found.loc[found["group"] == "north", ["percent", "difference"]].iloc[0].isna().all()
    assert "3" not in printed


# Edges


def test_due_from_leaves_earlier_plans_out_and_no_open_case():
    rows = [
        *due(4, 19, area="north"),
        issued("2025-01-06", 7 * 19, area="north"),
        {"received_date": "2023-05-01", "area": "north"},
    ]
    frame = cases(rows, "2025-06-30")
    table = (
        equality_view(frame, "area", due_from=date(2025, 1, 1))
        .table.query("group == 'north'")
        .set_index("measure")
    )
    assert table.loc["plans_due_20wk", COUNTS].tolist() == [1, 1, 0, 0, 5]
    assert table.loc["open_over_52wk", COUNTS].tolist() == [1, 1, 0, 0, 5]


def test_a_caseload_with_nothing_in_it_says_so():
    frame = cases([issued("2024-01-01", 100)], "2025-06-30").iloc[:0]
    view = equality_view(frame)
    assert view.tables == {}
    assert view.not_held == CHARACTERISTICS
    assert len(str(view).splitlines()) == 6


def test_what_cannot_be_answered_is_refused():
    frame = cases([issued("2024-01-01", 100, area="All")], "2025-06-30")
    with pytest.raises(InputError, match="'area' holds a group called 'all'"):
        equality_view(frame, "area")
    with pytest.raises(CommandError, match="no column 'town' to group by"):
        equality_view(frame, "town")
    with pytest.raises(CommandError, match="level must be between 0 and 1"):
        equality_view(frame, level=95)


def test_a_table_without_its_row_for_all_is_refused():
    table = equality_view(cases([issued("2025-01-06", 140, area="north")], "2025-06-30"), "area").table
    own = (
        table[table["measure"] == MEASURES[0]]
        .rename(columns={"group": "area"})
        .drop(columns="characteristic")
    )
    assert len(differences(own)) == 1
    with pytest.raises(
        InputError, match="the table by 'area' has no row 'all': give a table of equality_view"
    ):
        differences(own[own["area"] != "all"])


def test_one_group_alone_is_the_whole_and_differs_from_nothing():
    said = str(equality_view(cases([issued("2025-01-06", 140, area="north")] * 12, "2025-06-30"), "area"))
    assert "north" in said
    assert "points" not in said
    assert "lie beyond chance" not in said
