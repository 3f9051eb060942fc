"""Charts: each saves a picture, and its text alternative states the finding with the numbers of its table."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.case_chart import plot_case
from ehcptime.outputs.delay_charts import plot_delay
from ehcptime.outputs.flow_charts import plot_history, plot_triangle
from ehcptime.outputs.rate_charts import plot_timeliness
from ehcptime.questions.delay import CAVEAT
from ehcptime.questions.history import backlog_history
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.triangle import backlog_triangle
from questions_frames import advice, after, cases, issued

R = "2025-01-06"
ROWS = [issued(R, 200), {"received_date": R}, issued(after(R, 20), 100)]


def drawn(path):
    return path.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_stock_and_flow(tmp_path):
    frame = cases(ROWS, "2025-12-31").iloc[:, :6]
    table = backlog_history(frame, start=date(2025, 1, 1), end=date(2025, 6, 30), freq="M")
    text = plot_history(table, tmp_path / "a.png")
    assert text.startswith("Open cases rose from 0 to 2 from the start of 2025-01 to the end of 2025-06.")
    assert "In all 3 came in and 1 went out, 1 of them with a plan." in text
    assert drawn(tmp_path / "a.png")


def test_the_triangle(tmp_path):
    frame = cases(ROWS, "2025-12-31").iloc[:, :6]
    table = backlog_triangle(frame, start=date(2025, 1, 1), end=date(2025, 6, 30))
    text = plot_triangle(table, tmp_path / "a.png")
    assert text.startswith("Open cases over 20 weeks old rose from 0 to 2 from the end of 2025-01")
    assert drawn(tmp_path / "a.png")


def delayed(**more):
    return pd.DataFrame(
        {
            "service": ["health", "authority", "psychology", "health"],
            "exempt": [False, False, False, True],
            "case_days": [12, 1040, 8, 500],
            "cases": [1, 1003, 2, 4],
            "period": "all",
            "as_at": pd.Timestamp("2025-12-31"),
        }
        | more
    )


def test_delay_by_service_sets_lifted_limits_apart_and_says_when_and_whose_the_duty_is(tmp_path):
    text = plot_delay(delayed(), tmp_path / "a.png")
    assert text == (
        "The authority's own steps took 1,040 of 1,060 days of delay: authority 1,040 days, 1,003 cases; health 12 days, 1 case; "
        "psychology 8 days, 2 cases. All plans that are or were late, as at 31 December 2025. "
        f"500 more days are of cases whose limit is claimed to be lifted. {CAVEAT}"
    )
    assert drawn(tmp_path / "a.png")
    quarter = plot_delay(delayed(period="2025 Q2", case_days=[2000, 1, 1, 0]), tmp_path / "a.png")
    assert quarter.startswith("Health took 2,000 of 2,002 days of delay: ")
    assert "Plans due in 2025 Q2, as at 31 December 2025. The duty" in quarter


def lanes(tmp_path, row, *asks, as_at="2025-12-31"):
    tracked = cases([row | {"case_id": "A"}], as_at)
    rows = [
        {"case_id": "A", "requested_date": None, "returned_date": None, "advice_outcome": None} | ask
        for ask in asks
    ]
    asked = advice(rows, as_at, cases=tracked) if rows else None
    return plot_case(tracked, "A", tmp_path / "a.svg", advice=asked)


def test_one_case_on_lanes(tmp_path):
    asked = {"advice_type": "psychology", "requested_date": "2025-02-10", "returned_date": "2025-05-01"}
    assert lanes(tmp_path, issued(R, 200), asked) == (
        "Case A: the final plan was 8 weeks 4 days late; as at 31 December 2025. deciding from 6 January 2025 to 5 February 2025 (30 days); "
        "waiting to ask from 5 February 2025 to 10 February 2025 (5 days); "
        "psychology advice from 10 February 2025 to 1 May 2025 (80 days), answered, 38 days past its limit; "
        "days that cannot be told from 1 May 2025 to 25 July 2025 (85 days)."
    )
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        ({"returned_date": "2025-05-01"}, "asked for on a day that is not recorded, answered on 1 May 2025"),
        ({}, "asked for on a day that is not recorded, still out"),
        ({"requested_date": "2025-02-10", "advice_outcome": "provided"}, "asked for on 10 February 2025, answered on a day that is not recorded"),
        ({"requested_date": "2025-02-10", "advice_outcome": "withdrawn"}, "asked for on 10 February 2025, withdrawn"),
        ({"requested_date": "2025-02-10", "advice_outcome": "existing_sufficient"}, "asked for on 10 February 2025, existing advice was enough"),
        ({"requested_date": "2025-07-01"}, "from 1 July 2025 to 25 July 2025 (24 days), still out"),  # until the case ended
        (
            {"requested_date": "2025-02-10", "returned_date": "2025-05-01", "exemption": "MISSED_APPT"},
            "from 10 February 2025 to 1 May 2025 (80 days), answered",
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_or_lifted_of_an_asking_is_said(tmp_path, ask, words):
    text = lanes(tmp_path, issued(R, 200), {"advice_type": "health"} | ask)
    assert f"health advice {words}" in text
    assert "past its limit" not in text


def test_nothing_is_called_late_by_a_limit_that_is_claimed_to_be_lifted(tmp_path):
    text = lanes(tmp_path, issued(R, 200, week20=1))
    assert text.startswith("Case A: closed, and the limit for the final plan is claimed to be lifted; as at")
    assert " late" not in text
    picture = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "20 weeks: claimed to be lifted" in picture


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (issued(R, 140), "Case A: the final plan was in time;"),
        ({"received_date": R}, "Case A: the final plan is 32 weeks late;"),
        ({"received_date": "2025-12-01"}, "Case A: deciding, final plan running;"),
        ({"received_date": R, "request_outcome": "N", "request_outcome_date": after(R, 35)}, "Case A: closed, final plan not applicable;"),
        ({"received_date": "2014-07-01"}, "Case A: deciding, final plan unknown;"),  # before the Regulations
    ],
)  # fmt: skip
def test_what_became_of_the_final_plan_is_said_first(tmp_path, row, words):
    # 20 weeks from 6 January 2025 are 26 May, and 224 days more are 5 January 2026.
    text = lanes(tmp_path, row, as_at="2026-01-05" if "is 32" in words else "2025-12-31")
    assert text.startswith(words)
    assert ("20 weeks" in (tmp_path / "a.svg").read_text(encoding="utf-8")) == ("unknown" not in words)


def test_an_asking_to_come_is_not_drawn(tmp_path):
    assert "health" not in lanes(
        tmp_path, {"received_date": R}, {"advice_type": "health", "requested_date": "2026-01-01"}
    )


def test_what_cannot_be_drawn(tmp_path):
    tracked = cases([{"received_date": None}], "2025-12-31")
    for draw in (
        lambda: plot_case(tracked, "nobody", tmp_path / "a.png"),
        lambda: plot_case(tracked, "c0", tmp_path / "a.png"),
        lambda: plot_history(pd.DataFrame({"period": []}), tmp_path / "a.png"),
        lambda: plot_delay(pd.DataFrame({"service": []}), tmp_path / "a.png"),
    ):
        with pytest.raises(InputError):
            draw()


@pytest.mark.parametrize(
    "row",
    [
        {"received_date": "2025-12-31"},
        {"received_date": R, "request_outcome": "N", "request_outcome_date": R},
    ],
)
def test_a_case_that_began_and_ended_on_one_day_has_no_line(tmp_path, row):
    with pytest.raises(InputError, match="no time line, because it began and ended on one day"):
        lanes(tmp_path, row)
    assert not (tmp_path / "a.svg").exists()


def quarters(measure="plans_due_20wk", **more):
    return pd.DataFrame(
        {
            "measure": measure, "cohort": "due", "period": ["2024 Q3", "2024 Q4", "2025 Q1", "2025 Q2", "unknown"],
            "numerator": [5, 3, 1, 1, 0], "denominator": [10, 9, 4, 1, 2],
            "percent": pd.array([50.0, 33.3, 25.0, 100.0, 0.0], dtype="Float64"),
            "complete": [True, True, False, False, True],
        }
        | more
    )  # fmt: skip


def test_a_measure_over_time_from_its_first_to_its_last_complete_period(tmp_path):
    text = plot_timeliness(quarters(), tmp_path / "a.png")
    assert text == (
        "Plans due, issued by their limit, fell to 33.3 per cent (3 of 9) in 2024 Q4, from 50.0 per cent (5 of 10) in 2024 Q3. "
        "Not complete: 2025 Q1. 2 without a date are in no period."
    )
    assert drawn(tmp_path / "a.png")
    issued_too = plot_timeliness([quarters(), quarters("plans_issued_20wk_inc", cohort="issued")])
    assert "Plans issued within 20 weeks, including exceptions, fell to 33.3 per cent" in issued_too
    assert "Not complete: 2025 Q1, 2025 Q2." in issued_too


def test_a_line_with_one_period_and_one_with_a_gap():
    gap = quarters(percent=pd.array([50.0, None, None, None, None], dtype="Float64"))
    assert plot_timeliness(gap).startswith(
        "Plans due, issued by their limit: 50.0 per cent (5 of 10) in 2024 Q3."
    )


def test_a_line_from_an_answer_of_timeliness():
    table = timeliness(cases([issued(R, 100), issued(R, 200)], "2025-12-31"), "plans_due_20wk", period="M")
    assert "50.0 per cent (1 of 2) in 2025-05" in plot_timeliness(table)


@pytest.mark.parametrize(
    "given",
    [
        [],
        [quarters()] * 4,
        pd.DataFrame({"period": []}),
        pd.concat([quarters(), quarters()]),
        quarters(percent=pd.array([None] * 5, dtype="Float64")),
    ],
)
def test_what_is_no_line_is_refused(given):
    with pytest.raises(InputError):
        plot_timeliness(given)


def test_a_picture_is_its_words_and_shows_itself_in_a_notebook_with_them_as_alternative(tmp_path):
    table = quarters('late <script> "x"')
    png, svg = plot_timeliness(table), plot_timeliness(table, tmp_path / "a.svg")
    assert png == svg
    shown = png._repr_html_()
    assert shown.startswith('<img src="data:image/png;base64,')
    assert 'alt="late &lt;script&gt; &quot;x&quot; fell to' in shown
    assert "<script" not in shown
    assert svg._repr_html_().startswith('<img src="data:image/svg+xml;base64,')
    assert (tmp_path / "a.svg").read_bytes() == svg.image
    with pytest.raises(CommandError, match=r"cannot end in 'pdf': give a path that ends in \.png or \.svg"):
        plot_timeliness(table, tmp_path / "a.pdf")
