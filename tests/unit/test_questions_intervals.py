"""Intervals for small numbers: scipy's answer, and what stays of the table."""

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.stats import binomtest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.intervals import intervals
from ehcptime.questions.timeliness import timeliness
from questions_frames import cases, issued


def table(*counts):
    return pd.DataFrame(counts, columns=["numerator", "denominator"])


@given(
    st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([0.8, 0.9, 0.95, 0.99]),
)
@example((0, 1), 0.95)
@example((1, 1), 0.95)
@example((171, 1495), 0.95)
def test_limits_agree_with_scipy(counts, level):
    found = intervals(table(counts), level).iloc[0]
    theirs = binomtest(*counts).proportion_ci(confidence_level=level, method="wilson")
    assert found["percent_low"] == pytest.approx(theirs.low * 100, abs=0.0501)
    assert found["percent_high"] == pytest.approx(theirs.high * 100, abs=0.0501)


def test_small_counts_move_more_than_large_ones():
    found = intervals(table((1, 4), (10, 40), (1000, 4000)))
    assert found["percent_low"].tolist() == [4.6, 14.2, 23.7]
    assert found["percent_high"].tolist() == [69.9, 40.2, 26.4]


def test_ends_are_0_and_100_and_never_beyond():
    found = intervals(table((0, 5), (5, 5)))
    assert found[["percent_low", "percent_high"]].to_numpy().tolist() == [[0.0, 43.4], [56.6, 100.0]]


def test_an_answer_of_timeliness_keeps_its_columns_and_its_empty_percentages():
    rows = [issued("2025-01-06", 100, team="a"), issued("2025-01-06", 200, team="a"), {"team": "b"}]
    answer = timeliness(cases(rows, "2025-12-31"), "plans_issued_20wk_inc", by="team").set_index("team")
    before = answer.copy()
    found = intervals(answer)
    pd.testing.assert_frame_equal(answer, before)
    pd.testing.assert_frame_equal(found.drop(columns=["percent_low", "percent_high"]), answer)
    place = list(found.columns).index("percent")
    assert list(found.columns)[place : place + 3] == ["percent", "percent_low", "percent_high"]
    assert found.loc["a", ["percent_low", "percent_high"]].tolist() == [9.5, 90.5]
    assert found.loc["b", ["percent", "percent_low", "percent_high"]].isna().all()
    assert str(found["percent_low"].dtype) == "Float64"


def test_asking_again_at_another_level_replaces_the_limits():
    narrow = intervals(intervals(table((10, 40))), 0.8)
    assert list(narrow.columns).count("percent_low") == 1
    assert narrow["percent_low"][0] > intervals(table((10, 40)))["percent_low"][0]


@pytest.mark.parametrize("level", [0, 1, 95, -0.1, float("nan")])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(CommandError, match="level must be between 0 and 1"):
        intervals(table((1, 4)), level)


@pytest.mark.parametrize(
    "bad",
    [
        pd.DataFrame({"numerator": [1]}),
        pd.DataFrame({"numerator": ["[c]"], "denominator": ["[c]"]}),
        pd.DataFrame({"numerator": [5], "denominator": [4]}),
        pd.DataFrame({"numerator": pd.array([None], "Int64"), "denominator": [4]}),
    ],
)
def test_what_is_not_two_counts_is_refused(bad):
    with pytest.raises(InputError, match=r"column '(numerator|denominator)' must"):
        intervals(bad)
