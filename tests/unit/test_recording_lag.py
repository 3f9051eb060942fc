"""How many of the newest plans are still to be keyed, on histories whose lag in keying is known."""

import sys

import numpy as np
import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.recording_lag import recording_lag

END = np.datetime64("2025-11-12")
GAPS = (182, 154, 126, 98, 63, 28, 0)  # days before END on which an extract was taken


def run(ids, issued, taken):
    """A tracked frame of plans, as an extract taken on one day holds them."""
    return pd.DataFrame(
        {
            "case_id": ids,
            "received_date": pd.to_datetime(issued - 100),
            "assessment_outcome": "Y",
            "assessment_outcome_date": pd.to_datetime(issued),
            "stage": "closed",
            "is_open": False,
            "age_days": 100,
            "as_at": pd.Timestamp(taken),
        }
    )


def history(issued, lag, gaps=GAPS):
    ids = np.array([f"c{number}" for number in range(len(issued))])
    keyed = issued + lag
    return [run(ids[keyed <= END - gap], issued[keyed <= END - gap], END - gap) for gap in gaps]


def drawn(seed, days=700, a_day=3):
    """Plans at random, four in five keyed within about four days and the rest within about thirty."""
    random = np.random.default_rng(seed)
    size = random.poisson(a_day * days)
    slow = random.random(size) < 0.2
    lag = np.where(slow, random.geometric(1 / 30, size), random.geometric(1 / 4, size) - 1)
    return END - random.integers(0, days, size), lag


def coverage(seeds, period, level):
    held, error = [], []
    for seed in seeds:
        issued, lag = drawn(seed)
        table = recording_lag(history(issued, lag), level=level, seed=seed).set_index("period")
        truth = ((issued.astype("datetime64[M]") == np.datetime64(period)) & (issued + lag > END)).sum()
        held.append(table.loc[period, "low"] <= truth <= table.loc[period, "high"])
        error.append(float(table.loc[period, "still_to_key"]) - truth)
    return np.mean(held), np.mean(error)


def test_ranges_hold_the_truth_about_as_often_as_they_say():
    # 12 histories: 80 per cent ranges should hold about 10 of them; below 7 has a chance of 1 in 50. The nightly test has 150.
    share, error = coverage(range(12), "2025-10", 0.8)
    assert share >= 7 / 12
    assert abs(error) < 3  # of about 8 still to be keyed


@pytest.mark.nightly
def test_ranges_hold_the_truth_about_as_often_as_they_say_over_150_histories():
    share, error = coverage(range(100, 250), "2025-10", 0.8)
    sys.stdout.write(
        f"80 per cent ranges of plans still to be keyed held the truth in {share:.2f}; mean error {error:.2f}\n"
    )
    assert (
        0.8 - 0.1 <= share <= 0.8 + 0.13
    )  # three standard errors, and counts are whole, which widens the range
    assert abs(error) < 1


def test_where_all_is_keyed_on_the_day_nothing_is_to_come():
    issued = END - np.arange(600)
    table = recording_lag(history(issued, np.zeros(600, dtype=int)))
    assert table["percent_keyed"].min() >= 99.9
    assert table["high"].max() <= 1
    assert "fewer than 1 in 100" in table["sentence"].iloc[-1]
    assert table.set_index("period").loc["2025-10", "keyed"] == 31


def test_where_all_is_keyed_after_a_fortnight_the_newest_fortnight_is_missing():
    issued = END - np.arange(600)
    table = recording_lag(history(issued, np.full(600, 14)), period="M").set_index("period")
    # 1 to 12 November: nothing is keyed. October: 30 and 31 October are 13 and 12 days old on 12 November.
    assert table.loc["2025-11", "keyed"] == 0
    assert table.loc["2025-10", "keyed"] == 29
    assert table.loc["2025-10", "low"] <= 2 <= table.loc["2025-10", "high"]
    assert table.loc["2025-08", "percent_keyed"] > 99


def test_the_same_runs_in_any_order_give_the_same_answer():
    runs = history(*drawn(5))
    once, again = recording_lag(runs), recording_lag(runs[::-1])
    pd.testing.assert_frame_equal(once, again)


@pytest.mark.parametrize(
    ("gaps", "words"),
    [((0,), "two extracts or more"), ((0, 0), "taken on the same day"), ((570, 0), "fewer than 30")],
)
def test_what_cannot_be_estimated_says_why(gaps, words):
    issued = END - np.arange(0, 600, 25 if gaps[0] else 2)
    table = recording_lag(history(issued, np.zeros(len(issued), dtype=int), gaps))
    assert table[["still_to_key", "low", "high", "percent_keyed"]].isna().all(axis=None)
    assert table["sentence"].str.contains(words).all()
    assert table["keyed"].sum() == (issued > END - 371).sum()


def test_extracts_of_different_cases_cannot_be_joined():
    issued = END - np.arange(600)
    old, new = history(issued, np.zeros(600, dtype=int), (100, 0))
    table = recording_lag([old.assign(case_id="x" + old["case_id"]), new])
    assert table["sentence"].str.contains("cannot be joined").all()


def test_wrong_questions_are_refused():
    once = history(*drawn(1), (0,))[0]
    with pytest.raises(CommandError, match="give the tracked extracts"):
        recording_lag([])
    with pytest.raises(CommandError, match="level between 0 and 1"):
        recording_lag([once], level=80)
    with pytest.raises(InputError, match="holds a case_id twice"):
        recording_lag([once, pd.concat([once, once])])
    assert recording_lag([once.head(0)]).empty


def test_a_period_of_which_hardly_any_can_be_keyed_yet_gets_no_number():
    """Every plan is keyed 100 days after its day, so nothing that is known says how many the last month will hold."""
    issued = END - np.arange(0, 700)
    table = recording_lag(history(issued, np.full(700, 100), gaps=(60, 0))).set_index("period")
    assert table.loc["2025-11", ["still_to_key", "low", "high"]].isna().all()
    assert table.loc["2025-11", "sentence"] == (
        "How many plans of 2025-11 are still to be keyed cannot be estimated, because hardly any of them would be keyed by now "
        "at the pace of these extracts."
    )
    assert table.loc["2025-03", "still_to_key"] == pytest.approx(0, abs=0.5)
