"""The bounds of a year are those of every way in which the rest of it could go, tried one by one."""

from datetime import date, timedelta
from itertools import product

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ehcptime.errors import CommandError
from ehcptime.questions.year_bounds import year_bounds
from questions_frames import after, cases, issued

YEAR_END = date(2025, 12, 31)


def published(plans):
    """(on time, all) by DfE's definition, in plain Python: 140 days or less, an unknown duration not on time."""
    return sum(days is not None and 0 <= days <= 140 for days in plans), len(plans)


def rounded(on_time, of):
    return int(on_time / of * 100 * 10 + 0.5) / 10


def ways(received, as_at):
    """What may become of an open case in the rest of the year: days from request to plan, or nothing."""
    days = [as_at + timedelta(n) for n in range(1, (YEAR_END - as_at).days + 1)]
    if received is None:
        return [(), *[(None,) for _ in days[:1]]]
    kinds = {min((day - received).days, 141) if (day - received).days > 140 else 140 for day in days}
    return [(), *[(kind,) for kind in kinds]]


@st.composite
def caseloads(draw):
    as_at = YEAR_END - timedelta(draw(st.sampled_from([0, 1, 2, 3, 100, 139, 140, 141, 200, 364])))
    edges = st.sampled_from([1, 30, 138, 139, 140, 141, 142, 250])
    done = draw(st.lists(edges, max_size=4))
    beyond = st.integers(-2, 2).map(lambda n: (YEAR_END - as_at).days + n)
    ages = st.one_of(
        st.integers(0, 3), st.integers(137, 143), st.integers(0, 400), beyond.map(lambda n: 140 - n)
    )
    waiting = draw(st.lists(st.one_of(st.none(), ages.map(lambda n: max(n, 0))), max_size=5))
    return as_at, done, waiting


def frame(as_at, done, waiting):
    rows = [issued(after(as_at.isoformat(), -days), days, week20=0) for days in done]
    rows += [
        {"received_date": None if age is None else after(as_at.isoformat(), -age), "request_outcome": "Y"}
        for age in waiting
    ]
    return cases(rows, as_at.isoformat())


@given(caseloads())
def test_the_bounds_are_those_of_every_way_the_year_could_go(caseload):
    as_at, done, waiting = caseload
    assume(done or waiting)
    received = [None if age is None else as_at - timedelta(age) for age in waiting]
    row = year_bounds(frame(as_at, done, waiting)).iloc[0]
    ends = []
    for way in product(*(ways(day, as_at) for day in received)):
        on_time, of = published([*done, *(days for way_of_one in way for days in way_of_one)])
        ends += [rounded(on_time, of)] if of else []
    if ends:
        assert (row["lowest"], row["highest"]) == (min(ends), max(ends))
    else:
        assert row[["lowest", "highest"]].isna().all()
    if as_at == YEAR_END and done:
        assert row["lowest"] == row["highest"] == row["percent"]


@given(caseloads(), st.sampled_from([0, 12.5, 50, 66.7, 90, 99.9, 100]))
def test_needed_is_the_fewest_plans_on_time_that_reach_the_target(caseload, target):
    as_at, done, waiting = caseload
    assume(done)
    row = year_bounds(frame(as_at, done, waiting), target=target).iloc[0]
    on_time, of = published(done)
    tried = (m for m in range(10_000) if (on_time + m) * 1000 >= round(target * 10) * (of + m))
    fewest = next(tried, None)
    assert (None if pd.isna(row["needed"]) else row["needed"]) == fewest


def test_groups_add_up_and_the_sentence_says_the_bounds():
    rows = [issued("2025-01-06", 141, area="north"), issued("2025-01-06", 140, area="south")]
    rows += [{"received_date": day, "area": "north"} for day in ("2025-02-03", "2025-09-29", "2025-09-30")]
    tracked = cases(rows, "2025-10-01")
    whole = year_bounds(tracked, target=60).iloc[0]
    # The February request can only be late. By 31 December the others are 93 and 92 days old, so neither can be late.
    assert whole[["issued", "on_time", "can_be_on_time", "can_be_late", "only_late"]].tolist() == [
        2,
        1,
        2,
        1,
        1,
    ]
    assert whole[["percent", "lowest", "highest", "highest_all_issued"]].tolist() == [50.0, 33.3, 75.0, 60.0]
    assert whole[["needed", "needed_all_issued"]].tolist() == [1, 2]
    assert "cannot pass 75.0 per cent, or 60.0 if the 1 that can only be late" in whole["sentence"]
    parts = year_bounds(tracked, by="area")
    assert parts["area"].tolist() == ["north", "south"]
    for name in ("issued", "on_time", "can_be_on_time", "can_be_late", "only_late"):
        assert parts[name].sum() == whole[name]


def test_a_plan_that_would_not_be_counted_is_not_in_hand():
    left_out = [
        {"week20": 1},
        {"assessment_tribunal": 1},
        {"closed_date": "2025-09-01", "closed_reason": "withdrawn"},
    ]
    rows = [issued("2025-01-06", 100)] + [{"received_date": "2025-06-02"} | more for more in left_out]
    assert year_bounds(cases(rows, "2025-10-01"))["can_be_on_time"].tolist() == [0]
    assert year_bounds(cases(rows, "2025-10-01"), "plans_issued_20wk_inc")["can_be_on_time"].tolist() == [1]


@pytest.mark.parametrize(
    ("as_at", "words"),
    [("2025-12-31", "The year is over"), ("2025-03-01", "No plan that counts has been issued in 2025")],
)
def test_a_year_that_is_over_and_one_with_nothing_issued_say_so(as_at, words):
    rows = [issued("2025-05-05", 100), {"received_date": "2025-01-06"}]
    assert words in year_bounds(cases(rows, as_at))["sentence"].iloc[0]


def test_what_is_not_a_share_of_plans_in_time_is_refused():
    tracked = cases([issued("2025-01-06", 100)], "2025-10-01")
    with pytest.raises(CommandError, match="not a share of plans issued in time"):
        year_bounds(tracked, "plans_due_20wk")
    with pytest.raises(CommandError, match="target must be between 0 and 100"):
        year_bounds(tracked, target=101)
    with pytest.raises(CommandError, match="no cases to take the year from"):
        year_bounds(tracked.head(0))


def test_where_all_in_hand_would_be_on_time_the_figure_can_only_be_100():
    # 20 weeks from 24 November 2025 are 13 April 2026.
    (row,) = year_bounds(cases([{"received_date": "2025-11-24"}], "2025-12-01")).to_dict("records")
    assert (row["can_be_on_time"], row["can_be_late"]) == (1, 0)
    assert (row["lowest"], row["highest"]) == (100.0, 100.0)
    (later,) = year_bounds(cases([{"received_date": "2025-11-24"}], "2025-12-01"), year=2026).to_dict(
        "records"
    )
    assert (later["can_be_on_time"], later["can_be_late"]) == (1, 1)
    assert (later["lowest"], later["highest"]) == (0.0, 100.0)


def test_a_year_with_nothing_issued_and_nothing_in_hand_has_no_bounds():
    closed = {"received_date": "2025-01-06", "closed_date": "2025-03-03", "closed_reason": "withdrawn"}
    (row,) = year_bounds(cases([closed], "2025-06-30")).to_dict("records")
    assert pd.isna(row["lowest"])
    assert pd.isna(row["highest"])
    assert row["sentence"].endswith("so no figure can be computed from them.")
