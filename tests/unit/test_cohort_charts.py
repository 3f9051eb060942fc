"""Bars that show what is not yet due, and charts of nothing, which are refused."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.outputs.charts import plot_backlog
from ehcptime.outputs.cohort_charts import plot_cohort
from ehcptime.outputs.flow_charts import plot_history, plot_triangle
from ehcptime.questions.backlog import backlog
from questions_frames import cases


def months(**more):
    """What timeliness gives of fourteen requests: five in each month and four without a date; 2 of March are not yet due."""
    return pd.DataFrame(
        {
            "measure": "plans_received_20wk", "period": ["2025-02", "2025-03", "unknown"],
            "numerator": [1, 3, 0], "denominator": [3, 3, 0], "unknown": [1, 0, 4], "not_due": [0, 2, 0],
            "left_out": [1, 0, 0],
        }
        | more
    )  # fmt: skip


def test_what_became_of_each_month_shows_what_is_not_yet_due_and_says_what_is_in_no_bar(tmp_path):
    text = plot_cohort(months(), tmp_path / "a.png")
    assert text == (
        "Requests received, plan issued by its limit: of 8 cases 4 on time, 2 not on time, 2 not yet due. "
        "By period, in that order: 2025-02 1, 2, 0; 2025-03 3, 0, 2. In no bar: 1 left out, 5 unknown."
    )
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    inside = plot_cohort(
        months(measure="plans_issued_20wk_inc")
    )  # this one has its unknown in the denominator
    assert inside.endswith("In no bar: 1 left out.")


NO_FLOW = pd.DataFrame({"period": ["2025"], "opening": [0], "opened": 0, "closing": 0, "issued": 0})


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_backlog(
            backlog(cases([{"received_date": None}], "2025-12-31").iloc[:0]), as_at=date(2025, 12, 31)
        ),
        lambda: plot_history(NO_FLOW),
        lambda: plot_triangle(pd.DataFrame({"period": ["2025"], "age_band": "0-6", "open": 0})),
        lambda: plot_cohort(months(numerator=0, denominator=0, not_due=0)),
    ],
)
def test_a_chart_of_nothing_is_not_drawn(draw):
    with pytest.raises(InputError, match="nothing to draw"):
        draw()


def test_a_backlog_in_bands_that_do_not_tell_20_weeks_is_refused():
    # Open for 30 weeks: with these bands nothing says that it is over 20.
    stock = backlog(cases([{"received_date": "2025-06-04"}], "2025-12-31"), bands=[26, 52])
    with pytest.raises(InputError, match="the table has age bands of its own"):
        plot_backlog(stock, as_at=date(2025, 12, 31))


def test_what_is_no_cohort_by_period_is_refused():
    with pytest.raises(InputError, match="no column 'measure': give an answer of timeliness"):
        plot_cohort(pd.DataFrame({"period": ["2025"]}))
    with pytest.raises(InputError, match="several groups"):
        plot_cohort(pd.concat([months(), months()]))
