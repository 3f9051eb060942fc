"""What ships to learn on: published dates, official figures, and the parts of the simulator."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from ehcptime.datasets.arrivals import arrive, window
from ehcptime.datasets.days import NEVER, Wait, dates, day_number, month_and_day, working
from ehcptime.datasets.decisions import published_decisions
from ehcptime.datasets.lengths import published_shares
from ehcptime.datasets.official import official_timeliness
from ehcptime.datasets.presets import load, preset_names, preset_parameters
from ehcptime.datasets.streams import Streams
from ehcptime.errors import CommandError


def test_published_decisions_hold_every_vector_once():
    decisions = published_decisions()
    assert len(decisions) == 16
    assert decisions["id"].is_unique
    assert decisions["agrees"].value_counts().to_dict() == {"yes": 13, "authorities conflict": 2, "no": 1}


def test_published_dates_are_seconds_and_the_rest_is_text():
    kinds = published_decisions().dtypes.astype(str)
    assert set(kinds[["start_date", "expected_due", "actual_date"]]) == {"datetime64[s]"}
    assert set(kinds.drop(["start_date", "expected_due", "actual_date"])) <= {"str", "object"}


@pytest.mark.parametrize(
    ("vector", "days"), [("jsc-request-decision", 42), ("jsc-16", 112), ("jsc-20", 140), ("w-herts-20", 140)]
)
def test_court_dates_are_whole_weeks_from_the_request(vector, days):
    row = published_decisions().set_index("id").loc[vector]
    assert row["expected_due"] - row["start_date"] == timedelta(days=days)


def test_the_disagreeing_decision_is_one_day_short():
    row = published_decisions().set_index("id").loc["lgo-23013824-16"]
    assert (row["expected_due"] - row["start_date"]).days == 111
    assert row["agrees"] == "no"


def test_every_published_decision_but_our_own_names_its_page():
    decisions = published_decisions()
    assert decisions.loc[decisions["url"].isna(), "id"].to_list() == ["draft-15d"]


def test_official_figures_cover_two_areas_and_twelve_years():
    official = official_timeliness()
    assert official.groupby("area")["year"].agg(["min", "max", "size"]).to_numpy().tolist() == [
        [2014, 2025, 12],
        [2014, 2025, 12],
    ]
    assert official["source"].str.contains("Open Government Licence v3.0").all()


def test_official_figures_are_nullable_numbers():
    kinds = official_timeliness().dtypes.astype(str)
    assert set(kinds.drop(["area", "area_code", "source"])) == {"Int64", "Float64"}
    assert kinds["plans_inc"] == "Int64"
    assert kinds["percent_within_20_weeks_exc"] == "Float64"


@pytest.mark.parametrize(
    ("area", "year", "column", "published"),
    [
        ("West Sussex", 2024, "requests", 2448),
        ("West Sussex", 2024, "percent_over_52_weeks_inc", 31.7),
        ("West Sussex", 2025, "percent_within_20_weeks_inc", 15.5),
        ("England", 2024, "percent_within_20_weeks_exc", 46.4),
        ("England", 2025, "mean_weeks_inc", 25.6),
        ("England", 2014, "plans_inc", 1359),
    ],
)
def test_official_figures_are_as_published(area, year, column, published):
    assert official_timeliness().set_index(["area", "year"]).loc[(area, year), column] == published


def test_official_percentages_follow_from_their_counts():
    official = official_timeliness()
    known = official[official["plans_inc"] > 0]
    share = known["within_20_weeks_inc"].astype(float) / known["plans_inc"].astype(float) * 100
    assert (share - known["percent_within_20_weeks_inc"].astype(float)).abs().max() < 0.051


def test_what_is_not_published_is_empty():
    official = official_timeliness().set_index(["area", "year"])
    assert official.loc[("West Sussex", 2014), "percent_within_20_weeks_inc"] is pd.NA
    assert official.loc[("England", 2022), "over_52_weeks_inc"] is pd.NA


@pytest.mark.parametrize("name", ["west_sussex_2024", "england_2024", "recovered", "collapse"])
def test_every_parameter_has_a_source(name):
    parameters = preset_parameters(name)
    assert name in preset_names()
    assert parameters["source"].str.len().min() > 0
    assert parameters["parameter"].is_unique


@pytest.mark.parametrize("name", ["west_sussex_2024", "england_2024", "recovered", "collapse"])
def test_yearly_lists_hold_seven_years_and_shares_are_shares(name):
    preset = load(name)
    for parameter in ("requests", "decided_in_6_weeks", "within_20_weeks", "over_52_weeks"):
        assert len(preset.numbers(parameter)) == 7
    shares = published_shares(preset)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert np.allclose(shares.sum(axis=1), 1)


@pytest.mark.parametrize("name", ["sussex", "common", "defects"])
def test_an_unknown_preset_is_refused_with_the_known_ones(name):
    with pytest.raises(
        CommandError,
        match="(use one of west_sussex_2024, england_2024, recovered, collapse|did you mean west_sussex_2024)",
    ):
        load(name)


def test_a_wait_has_the_median_and_the_ninetieth_percentile_that_it_is_given():
    wait = Wait(126, 259)
    assert wait.days(np.array([0.5, 0.9])).tolist() == pytest.approx([126, 259], abs=1)
    assert wait.share_by(np.array([126.0, 259.0])).tolist() == pytest.approx([0.5, 0.9])


def test_a_wait_cut_at_a_day_stays_on_its_side():
    u, room = np.linspace(0, 0.999, 200), np.full(200, 60)
    assert Wait(126, 259).days_within(u, room).max() <= 60
    assert Wait(126, 259).days_beyond(u, room).min() > 60


@pytest.mark.parametrize(
    ("day", "limit", "moved"),
    [
        (date(2025, 4, 4), None, date(2025, 4, 4)),  # a Friday
        (date(2025, 4, 5), None, date(2025, 4, 4)),
        (date(2025, 4, 6), None, date(2025, 4, 4)),
        (date(2025, 4, 7), None, date(2025, 4, 7)),
        (date(2025, 4, 6), date(2025, 4, 4), date(2025, 4, 7)),  # late stays late
        (date(2025, 4, 6), date(2025, 4, 6), date(2025, 4, 4)),  # timely stays timely
    ],
)
def test_work_is_done_on_working_days_without_changing_sides(day, limit, moved):
    limits = None if limit is None else np.array([day_number(limit)])
    assert working(np.array([day_number(day)]), limits)[0] == day_number(moved)


def test_a_month_and_its_day_are_read_from_a_day_number():
    month, day = month_and_day(np.array([day_number(date(2024, 2, 29)), day_number(date(1969, 12, 31))]))
    assert month.tolist() == [2, 12]
    assert day.tolist() == [29, 31]


def test_never_becomes_a_blank_date():
    out = dates(np.array([day_number(date(2025, 4, 2)), NEVER]))
    assert out.dtype == np.dtype("datetime64[s]")
    assert out[0] == np.datetime64("2025-04-02T00:00:00")
    assert np.isnat(out[1])


def test_streams_are_the_same_by_name_and_different_between_names():
    streams = Streams(3)
    assert streams["a"].random(3).tolist() == Streams(3)["a"].random(3).tolist()
    assert streams["a"].random(3).tolist() != streams["b"].random(3).tolist()


@pytest.mark.parametrize(
    ("as_at", "first_year"),
    [(date(2024, 12, 31), 2019), (date(2025, 1, 1), 2019), (date(2024, 12, 30), 2018)],
)
def test_the_window_ends_with_the_latest_full_year(as_at, first_year):
    assert window(as_at).year_starts[0] == day_number(date(first_year, 1, 1))


def test_requests_arrive_in_the_proportions_of_the_years():
    received = arrive(200_000, load("west_sussex_2024"), window(date(2024, 12, 31)), Streams(1)["arrivals"])
    years = pd.Series(dates(received)).dt.year.value_counts(normalize=True).sort_index()
    published = np.array([791, 800, 1377, 1735, 1946, 2448])
    assert np.abs(years.to_numpy() - published / published.sum()).max() < 0.004
