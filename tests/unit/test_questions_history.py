"""Stock and flow, worked by hand."""

from datetime import date, datetime

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.history import COLUMNS, backlog_history
from ehcptime.questions.spans import spans
from ehcptime.questions.triangle import backlog_triangle
from questions_frames import table

R = "2025-01-06"


def cases(*rows):
    return table([{"case_id": f"c{number}"} | row for number, row in enumerate(rows)])


def history(*rows, start="2025-01-01", end="2025-04-30", freq="M", **options):
    return backlog_history(
        cases(*rows), start=date.fromisoformat(start), end=date.fromisoformat(end), freq=freq, **options
    )


def told(found):
    """For each period, the counts that are not 0."""
    rows = found.drop(columns="period").to_dict("records")
    return {
        period: {name: number for name, number in row.items() if number}
        for period, row in zip(found["period"], rows, strict=True)
    }


def refused(day, **more):
    return {"received_date": R, "request_outcome": "N", "request_outcome_date": day} | more


def test_columns_and_periods_are_those_of_the_design():
    found = history({"received_date": R})
    assert found.columns.tolist() == list(COLUMNS)
    assert list(COLUMNS) == (
        [
            "period",
            "opening",
            "opened",
            "of_which_reopened",
            "refused",
            "no_plan",
            "issued",
            "withdrawn",
            "left",
            "closing",
            "undated",
        ]
    )
    assert found["period"].tolist() == ["2025-01", "2025-02", "2025-03", "2025-04"]


@pytest.mark.parametrize(
    ("row", "exit_column"),
    [
        (refused("2025-02-10"), "refused"),
        (
            {"assessment_outcome": "N", "assessment_outcome_date": "2025-02-10", "request_outcome": "Y"},
            "no_plan",
        ),
        ({"assessment_outcome": "Y", "assessment_outcome_date": "2025-02-10"}, "issued"),
        ({"plan_issued_date": "2025-02-10"}, "issued"),
        ({"closed_date": "2025-02-10", "closed_reason": "withdrawn"}, "withdrawn"),
        ({"closed_date": "2025-02-10", "closed_reason": "moved_out"}, "left"),
        ({"closed_date": "2025-02-10", "closed_reason": "died"}, "left"),
        ({"closed_date": "2025-02-10"}, "left"),
        ({"closed_date": "2025-02-10", "request_outcome": "W"}, "left"),
    ],
)
def test_each_way_out(row, exit_column):
    assert told(history({"received_date": R} | row)) == {
        "2025-01": {"opened": 1, "closing": 1},
        "2025-02": {"opening": 1, exit_column: 1},
        "2025-03": {},
        "2025-04": {},
    }


def test_a_reversed_refusal_comes_back_in_as_opened():
    row = refused("2025-02-10", reversal_of="assess", reversal_route="conceded", reversal_date="2025-03-05")
    assert told(history(row)) == {
        "2025-01": {"opened": 1, "closing": 1},
        "2025-02": {"opening": 1, "refused": 1},
        "2025-03": {"opened": 1, "of_which_reopened": 1, "closing": 1},
        "2025-04": {"opening": 1, "closing": 1},
    }


def test_a_case_refused_twice_goes_out_twice():
    row = refused(
        "2025-01-20", reversal_of="assess", reversal_route="tribunal_order", reversal_date="2025-02-03"
    )
    found = told(history(row | {"assessment_outcome": "N", "assessment_outcome_date": "2025-04-07"}))
    assert found["2025-01"] == {"opened": 1, "refused": 1}
    assert found["2025-02"] == {"opened": 1, "of_which_reopened": 1, "closing": 1}
    assert found["2025-04"] == {"opening": 1, "no_plan": 1}


def test_a_plan_after_a_refusal_that_was_reversed_on_an_unknown_day_is_counted_in_and_out():
    found = told(history(refused("2025-01-20", plan_issued_date="2025-04-07")))
    assert found["2025-02"] == found["2025-03"] == {}
    assert found["2025-04"] == {"opened": 1, "of_which_reopened": 1, "issued": 1}


@pytest.mark.parametrize("sign", ["issue_decision_date", "draft_sent_date"])
def test_a_refusal_is_over_from_the_day_that_shows_it(sign):
    found = told(history(refused("2025-01-20", **{sign: "2025-03-10"})))
    assert found["2025-02"] == {}
    assert found["2025-03"] == {"opened": 1, "of_which_reopened": 1, "closing": 1}


def test_a_new_draft_after_a_refusal_to_issue_opens_the_case_again():
    row = {"received_date": R, "assessment_outcome": "N", "assessment_outcome_date": "2025-02-10"}
    found = told(history(row | {"draft_sent_date": "2025-04-07"}))
    assert found["2025-02"] == {"opening": 1, "no_plan": 1}
    assert found["2025-04"] == {"opened": 1, "of_which_reopened": 1, "closing": 1}


def test_an_assessment_that_an_earlier_return_decided_has_left_once_the_request_is_decided():
    row = {
        "received_date": R,
        "request_outcome": "Y",
        "request_outcome_date": "2025-02-10",
        "assessment_outcome": "H",
    }
    for reason in (None, "withdrawn"):
        found = told(history(row | {"closed_reason": reason, "closed_date": "2025-02-11"}))
        assert found["2025-01"] == {"opened": 1, "closing": 1}
        assert found["2025-02"] == {"opening": 1, "left": 1, "undated": 1}


def test_a_request_that_ended_on_the_day_it_came_is_counted_in_and_out():
    found = told(history({"received_date": R, "closed_date": R, "closed_reason": "withdrawn"}))
    assert found["2025-01"] == {"opened": 1, "withdrawn": 1}


@pytest.mark.parametrize("row", [{"request_outcome": "W"}, {"exported": "938"}, {"request_outcome": "N"}])
def test_closed_without_a_date_is_in_no_position_and_is_said(row):
    assert set(map(str, told(history({"received_date": "2025-02-03"} | row)).values())) == {
        "{}",
        "{'undated': 1}",
    }
    assert history({"received_date": "2025-02-03"} | row)["undated"].tolist() == [0, 1, 1, 1]


def test_a_refusal_whose_day_is_known_only_from_the_closing_is_no_reopening():
    found = told(history({"received_date": R, "request_outcome": "N", "closed_date": "2025-03-03"}))
    assert found["2025-02"] == {"undated": 1}
    assert found["2025-03"] == {"opened": 1, "refused": 1}


def test_duplicates_are_in_nothing():
    assert not any(told(history({"received_date": R, "closed_reason": "duplicate"})).values())


def test_an_unknown_start_is_open_from_the_beginning_and_never_opened():
    assert told(history({"received_date": None}))["2025-01"] == {"opening": 1, "closing": 1}
    triangle = backlog_triangle(cases({"received_date": None}), start=date(2025, 1, 1), end=date(2025, 1, 31))
    assert triangle.loc[triangle["open"] == 1, "age_band"].tolist() == ["unknown"]


def test_a_case_is_out_on_the_day_it_ends_and_in_on_the_day_it_comes():
    found = history(
        {"received_date": "2025-01-06", "plan_issued_date": "2025-01-08"},
        start="2025-01-05",
        end="2025-01-09",
        freq="D",
    )
    assert found["period"].tolist() == [f"2025-01-0{day}" for day in (5, 6, 7, 8, 9)]
    assert found["opened"].tolist() == [0, 1, 0, 0, 0]
    assert found["issued"].tolist() == [0, 0, 0, 1, 0]
    assert found["closing"].tolist() == [0, 1, 1, 0, 0]


def test_groups_come_first_in_order_and_have_every_period():
    found = history(
        {"received_date": R, "team": "south"},
        {"received_date": R, "team": None},
        {"received_date": "2025-02-03", "team": "north"},
        end="2025-02-28",
        by="team",
    )
    assert found.columns[0] == "team"
    assert found[["team", "period", "closing"]].to_numpy().tolist() == [
        ["north", "2025-01", 0],
        ["north", "2025-02", 1],
        ["south", "2025-01", 1],
        ["south", "2025-02", 1],
        ["not recorded", "2025-01", 1],
        ["not recorded", "2025-02", 1],
    ]


def test_the_first_and_last_period_are_cut_short_by_the_days_asked_for():
    rows = [{"received_date": day} for day in ("2025-01-14", "2025-01-15", "2025-02-10", "2025-02-11")]
    found = history(*rows, start="2025-01-15", end="2025-02-10")
    assert found[["opening", "opened", "closing"]].to_numpy().tolist() == [[1, 1, 2], [2, 1, 3]]


def test_nobody_and_nothing():
    empty = cases({"received_date": R}).iloc[:0].assign(team=None)
    found = backlog_history(empty, start=date(2025, 1, 1), end=date(2025, 2, 28), freq="M")
    assert found.drop(columns="period").to_numpy().sum() == 0
    assert len(found) == 2
    by_team = backlog_history(empty, start=date(2025, 1, 1), end=date(2025, 2, 28), freq="M", by="team")
    assert by_team.columns.tolist() == ["team", *COLUMNS]
    assert len(by_team) == 0


def test_the_triangle_by_hand():
    found = backlog_triangle(
        cases({"received_date": R}, {"received_date": "2024-12-31", "plan_issued_date": "2025-02-20"}),
        start=date(2025, 1, 1),
        end=date(2025, 3, 31),
        bands=[6, 12],
    )
    assert found.pivot_table(index="period", columns="age_band", values="open", sort=False).to_dict(
        "index"
    ) == {
        "2025-01": {"0-6": 2, "6-12": 0, "12+": 0, "unknown": 0},
        "2025-02": {"0-6": 0, "6-12": 1, "12+": 0, "unknown": 0},  # 53 days; the other is issued
        "2025-03": {"0-6": 0, "6-12": 1, "12+": 0, "unknown": 0},  # 84 days, the upper edge
    }
    assert found.columns.tolist() == ["period", "age_band", "open"]


@pytest.mark.parametrize(
    ("freq", "labels"),
    [
        ("M", ("2024-12", "2025-01")),
        ("Q", ("2024 Q4", "2025 Q1")),
        ("Y", ("2024", "2025")),
        ("FY", ("2024-25",)),
        ("AY", ("2024/25",)),
        ("W", ("2025-W01", "2025-W02")),
        ("D", tuple(f"2024-12-{day}" for day in (30, 31)) + tuple(f"2025-01-0{day}" for day in range(1, 7))),
    ],
)
def test_periods_from_a_monday_to_the_next(freq, labels):
    cut = spans(date(2024, 12, 30), date(2025, 1, 6), freq)
    assert cut.labels == labels
    assert cut.ends[-1] == cut.last


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"freq": "H"}, "freq must be one of M, Q, Y, FY, AY, W, D, not 'H'"),
        ({"end": date(2024, 12, 31)}, "end is before start"),
        ({"start": "2025-01-01"}, "start is str, not a date"),
        ({"by": "team"}, "there is no column 'team'"),
    ],
)
def test_arguments_that_cannot_be_used(change, message):
    usual = {"start": date(2025, 1, 1), "end": date(2025, 3, 31), "freq": "M"}
    with pytest.raises(CommandError, match=message):
        backlog_history(cases({"received_date": R}), **(usual | change))


def test_a_day_with_a_time_is_that_day():
    found = backlog_history(
        cases({"received_date": R}), start=datetime(2025, 1, 1, 9), end=date(2025, 1, 31), freq="M"
    )
    assert found["closing"].tolist() == [1]


def test_what_is_not_cases():
    with pytest.raises(InputError, match="received_date"):
        backlog_history(
            pd.DataFrame({"case_id": ["a"]}), start=date(2025, 1, 1), end=date(2025, 1, 31), freq="M"
        )
    twice = cases({"received_date": R}, {"received_date": R, "case_id": "c0"})
    with pytest.raises(InputError, match="the same case_id"):
        backlog_history(twice, start=date(2025, 1, 1), end=date(2025, 1, 31), freq="M")
