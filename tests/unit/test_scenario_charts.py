"""The picture of a scenario says in words what its months hold: held to the table that `figure` gives."""

from dataclasses import replace
from datetime import date

import pandas as pd
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


def test_the_words_hold_the_day_when_it_is_clear_and_the_ends_of_the_table(found, tmp_path):
    text = plot_scenario(found, path=tmp_path / "a.png")
    table, day = found.figure("open_over_20wk"), found.clear_by[1]
    assert text.startswith(
        f"Open cases over 20 weeks: {table['middle'][0]:,.0f} in 2025-04, clear by {day.day} {day:%B %Y}; "
        f"at the end of {table['period'].iloc[-1]} between {table['lowest'].iloc[-1]:,.0f} and {table['highest'].iloc[-1]:,.0f} in 80"
    )
    assert text.endswith("A model under stated assumptions, and no promise.")
    assert (tmp_path / "a.png").read_bytes()[:4] == b"\x89PNG"


def test_other_figures_say_since_when_they_have_stood_where_they_end(found):
    months = pd.DataFrame(
        {"period": ["2025-04", "2025-05", "2025-06"], "measure": "open_over_52wk", "lowest": 0.0, "middle": [5.0, 0.4, 0.0], "highest": 9.0}
    )  # fmt: skip
    settled = plot_scenario(replace(found, months=months), "open_over_52wk")
    assert (
        "Open cases over 52 weeks: 5 in 2025-04, 0 from 2025-05; at the end of 2025-06 between 0 and 9"
        in settled
    )
    falling = plot_scenario(replace(found, months=months.assign(middle=[5.0, 3.0, 1.0])), "open_over_52wk")
    assert "5 in 2025-04, 1 in 2025-06;" in falling


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


def test_a_figure_that_no_month_has_is_not_drawn(found):
    months = found.months.assign(
        **dict.fromkeys(("lowest", "middle", "highest"), pd.array([None] * len(found.months), "Float64"))
    )
    with pytest.raises(
        InputError, match="nothing to draw: figure 'plans_due_20wk_percent' has no number in any month"
    ):
        plot_scenario(replace(found, months=months), "plans_due_20wk_percent")
