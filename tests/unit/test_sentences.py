"""What answers say at their edges: nothing to do, nothing to reach, nothing that moved, and pictures of little."""

from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.demand import queue_figures
from ehcptime.questions.forecasting.outlook import path
from questions_frames import cases, issued

RECEIVED = "2025-01-06"


@pytest.mark.parametrize(
    ("demand", "capacity", "queue", "target", "says"),
    [
        (40, 40, 10, 0, "it neither grows nor shrinks. With this capacity it never gets there: to clear it needs more than 40 a week."),
        (40, 38, 0, 0, "it grows by 2 a week. It is at its target now."),
        (40, 38, 80, 2, "it grows by 2 a week. It is at its target now."),
        (30, 38, 80, 0, "it shrinks by 8 a week. To clear it takes 10 weeks."),
        (30, 38, 100, 2, "it shrinks by 8 a week. To bring it to 60 takes 5 weeks."),
    ],
)  # fmt: skip
def test_a_queue_says_whether_it_gets_there(demand, capacity, queue, target, says):
    found = queue_figures(demand, capacity, queue, target_wait_weeks=target)
    assert str(found) == f"Demand {demand} a week, capacity {capacity}, queue {queue}: {says}"
    assert found._repr_html_() == f"<p>{found}</p>"
    assert found.relief_capacity is None


def test_a_queue_without_demand_or_capacity_has_no_wait_and_no_load():
    still = queue_figures(0, 0, 10)
    assert (still.load, still.mean_wait_weeks, still.weeks_to_clear) == (None, None, None)
    assert queue_figures(0, 5, 10).weeks_to_clear == 2
    assert queue_figures(40, 38, 0).weeks_to_clear == 0
    with pytest.raises(CommandError, match="weeks must be above 0, not 0"):
        queue_figures(40, 38, 10, weeks=0)


# At 30 June 2025: one plan in time, one late, one request due on 21 July, one whose limit was 21 April.
YEAR = [
    issued(RECEIVED, 140),
    issued(RECEIVED, 147),
    {"received_date": "2025-03-03", "request_outcome": "Y", "request_outcome_date": "2025-04-01"},
    {"received_date": "2024-12-02", "request_outcome": "Y", "request_outcome_date": "2025-01-06"},
]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (50, "A target of 50 per cent is met so far."),
        (60, "A target of 60 per cent needs 1 more plan on time (2 if those that can only be late go out too), which those in hand can give."),
        (100, "A target of 100 per cent is out of reach: a plan this year has already missed it."),
    ],
)  # fmt: skip
def test_a_target_is_met_or_needs_plans_or_is_out_of_reach(target, says):
    (row,) = ehc.year_bounds(cases(YEAR, "2025-06-30"), "plans_issued_20wk_inc", target=target).to_dict(
        "records"
    )
    assert (row["issued"], row["on_time"], row["percent"]) == (2, 1, 50.0)
    assert (row["highest"], row["highest_all_issued"], row["lowest"]) == (66.7, 50.0, 25.0)
    assert says in row["sentence"]


def test_a_year_in_which_no_request_can_still_be_on_time_says_so():
    (row,) = ehc.year_bounds(cases([*YEAR[:2], YEAR[3]], "2025-06-30"), "plans_issued_20wk_inc").to_dict(
        "records"
    )
    assert (
        "No request in hand can still be on time, so the year cannot pass 50.0 per cent; it cannot end below 33.3."
        in row["sentence"]
    )


@pytest.mark.parametrize(
    ("before", "months", "says"),
    [
        (10.0, [12.0, 30.0], "rises from 10.0 to 30.0 per cent"),
        (30.0, [20.0, 10.0], "falls from 30.0 to 10.0 per cent"),
        (None, [10.0, None, 10.0], "holds at about 10.0 per cent"),
        (10.0, [None, None], "cannot be told, because no month has anything to divide"),
    ],
)
def test_how_a_percentage_moves(before, months, says):
    assert path(before, pd.Series(months, dtype=float)) == says


def test_cases_of_a_kind_of_period_are_not_listed_without_its_name():
    tracked = cases(YEAR, "2025-06-30")
    with pytest.raises(
        CommandError, match="period 'Q' is a kind of period: name one of its periods in label"
    ):
        ehc.case_ids(tracked, "plans_issued_20wk_inc", period="Q")
    assert ehc.case_ids(tracked, "plans_issued_20wk_inc", period="Q", label="2025 Q2") == ["c0", "c1"]


def test_without_the_limit_of_the_final_plan_no_plan_is_said_to_be_coming():
    tracked = cases(YEAR, "2025-04-01", rules=["request_decision"])
    assert "cannot be told, because the frame has no limit for the final plan" in str(
        ehc.morning_list(tracked, by="case_id")
    )


def test_a_plan_in_time_and_one_still_to_come_are_said_so(tmp_path):
    tracked = cases(YEAR, "2025-06-30")
    assert ehc.plot_case(tracked, "c0", tmp_path / "a.svg").startswith("Case c0: the final plan was in time")
    assert ehc.plot_case(tracked, "c2", tmp_path / "b.svg").startswith(
        "Case c2: assessing, final plan running"
    )


def test_what_did_not_move_is_said_to_have_stayed():
    frame = cases([issued(RECEIVED, 300), {"received_date": RECEIVED}], "2025-12-31").iloc[:, :6]
    june = ehc.backlog_history(frame, start=date(2025, 6, 1), end=date(2025, 6, 30), freq="M")
    assert ehc.plot_history(june).startswith(
        "Open cases stayed at 2 from the start of 2025-06 to the end of 2025-06."
    )
    ages = ehc.backlog_triangle(frame, start=date(2025, 6, 1), end=date(2025, 6, 30))
    assert ehc.plot_triangle(ages).startswith(
        "Open cases over 20 weeks old stayed at 2 from the end of 2025-06"
    )
    with pytest.raises(InputError, match="the table has no period to draw"):
        ehc.plot_history(june[:0])
    with pytest.raises(
        InputError, match="the table has several groups in one period: draw one group at a time"
    ):
        ehc.plot_history(pd.concat([june, june]))


@pytest.mark.parametrize("count", [0, 4])
def test_no_scenarios_and_more_than_three_are_not_drawn_together(count):
    with pytest.raises(InputError, match=f"{count} scenarios cannot be drawn together: give one to 3"):
        ehc.plot_scenario(dict.fromkeys(map(str, range(count))))


def test_two_runs_are_set_side_by_side_in_order_and_by_period():
    early, late = cases(YEAR, "2025-06-30"), cases(YEAR, "2025-07-31")
    with pytest.raises(
        CommandError, match="before is of a later day than after: give the two runs in order of time"
    ):
        ehc.restatement(late, early, "plans_issued_20wk_inc", period="Q")
    with pytest.raises(InputError, match="the earlier run has no rows: there is no figure to restate"):
        ehc.restatement(early[:0], late, "plans_issued_20wk_inc", period="Q")
    with pytest.raises(
        CommandError, match="'open_over_20wk' counts who is open on one day, so it takes no period"
    ):
        ehc.restatement(early, late, "open_over_20wk", period="Q")
    kept = ehc.case_parts(early, "plans_issued_20wk_inc")
    with pytest.raises(
        InputError, match="the parts that were kept are not of measure 'plans_issued_20wk_exc'"
    ):
        ehc.restatement(kept, late, "plans_issued_20wk_exc", period="Q")


def test_a_limit_that_an_agreement_replaced_has_no_length_on_the_page():
    case = ehc.Case(
        case_id="A",
        received_date=date(2025, 4, 2),
        plan_final_override_date=date(2025, 9, 1),
        plan_final_override_source="letter of 3 June",
    )
    page = ehc.case_page(case, as_at=date(2025, 8, 1))
    assert "set by agreement or direction" in page.html
    assert "1 September 2025" in page.html
    plain = ehc.case_page(case.model_copy(update={"plan_final_override_date": None}), as_at=date(2025, 8, 1))
    assert "set by agreement or direction" not in plain.html
