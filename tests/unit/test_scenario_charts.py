"""The picture of a scenario says in words what its months hold: held to the table that `figure` gives."""

from datetime import date

import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.scenario_charts import plot_scenario
from ehcptime.questions.scenario import scenario
from ehcptime.tracking.track import track

DAY = date(2025, 3, 31)


def tracked(day=DAY):
    return track(simulate(600, as_at=day, seed=1, defects=False).cases, as_at=day)


@pytest.fixture(scope="module")
def found():
    return scenario(tracked(), weeks=104, runs=100)


def test_the_words_hold_the_ends_of_the_table_and_the_month_since_which_it_has_stood_still(found, tmp_path):
    text = plot_scenario(found, path=tmp_path / "a.png")
    table = found.figure("open_over_20wk")
    ends = [round(value) for value in table["middle"]]
    last = len(ends) - 1
    while last and ends[last - 1] == ends[-1]:
        last -= 1
    word = "from" if last < len(ends) - 1 else "in"
    assert text.startswith(
        f"Open cases over 20 weeks: {ends[0]:,} in 2025-04, {ends[-1]:,} {word} {table['period'][last]}; "
        f"at the end of {table['period'].iloc[-1]} between {table['lowest'].iloc[-1]:,.0f} and {table['highest'].iloc[-1]:,.0f} in 80"
    )
    assert text.endswith("A model under stated assumptions, and no promise.")
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"


def test_several_are_named(found):
    text = plot_scenario({"as now": found, "more": found}, "plans_due_20wk_percent")
    assert "per cent, as now: " in text
    assert "per cent, more: " in text


def test_what_cannot_be_drawn_together_is_refused(found):
    other = scenario(tracked(date(2025, 4, 30)), weeks=4, runs=0)
    with pytest.raises(CommandError, match="use one of arrivals"):
        plot_scenario(found, "open_over_20")
    for given, words in (({}, "0 scenarios"), ({"a": found, "b": other}, "begin on different days")):
        with pytest.raises(InputError, match=words):
            plot_scenario(given)
