"""Charts: each saves a picture, and its text alternative states the finding with the numbers of its table."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.outputs.delay_charts import plot_case, plot_delay
from ehcptime.outputs.flow_charts import plot_history, plot_triangle
from ehcptime.questions.history import backlog_history
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


def test_delay_by_service_leaves_out_lifted_limits_and_says_whose_the_duty_is(tmp_path):
    table = pd.DataFrame(
        {
            "service": ["health", "authority", "psychology", "health"],
            "exempt": [False, False, False, True],
            "case_days": [12, 40, 8, 500],
            "cases": [1, 3, 2, 4],
        }
    )
    text = plot_delay(table, tmp_path / "a.png")
    assert text.startswith(
        "Authority: 40 of 60 days of delay. authority 40 days, 3 cases; health 12 days, 1 case"
    )
    assert "500" not in text
    assert text.endswith(
        "The duty to issue in time is the authority's whoever was late; this shows where the time went."
    )
    assert drawn(tmp_path / "a.png")


def test_one_case_on_lanes(tmp_path):
    tracked = cases([issued(R, 200, case_id="A")], "2025-12-31")
    asked = advice(
        [
            {
                "case_id": "A",
                "advice_type": "psychology",
                "requested_date": "2025-02-10",
                "returned_date": "2025-05-01",
            }
        ],
        "2025-12-31",
        cases=tracked,
    )
    text = plot_case(tracked, "A", tmp_path / "a.svg", advice=asked)
    assert text.startswith("Case A: the final plan was 8 weeks 4 days late.")
    assert "psychology advice from 10 February 2025 to 1 May 2025 (80 days), answered" in text
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").lstrip().startswith("<?xml")


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
