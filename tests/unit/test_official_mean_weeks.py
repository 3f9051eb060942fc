"""Mean weeks: as published where sen2.md 2.5 shows single plans, and plain means worked by hand."""

import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError, RuleError
from ehcptime.questions.mean_weeks import COLUMNS, mean_weeks, whole_day_weeks
from questions_frames import cases, issued

R = "2025-01-06"


def means(rows, **options):
    return mean_weeks(cases(rows, "2026-06-30"), **options).iloc[0]


# DfE 2026 release: South Tyneside "Mixed - Any other Mixed background" and Havering age 17, one plan each.
@pytest.mark.parametrize(("days", "weeks"), [(140, 20.0), (146, 20.9), (0, 0.0), (7, 1.0)])
def test_one_plan_gives_its_own_weeks(days, weeks):
    found = means([issued(R, days)])
    assert [found[name] for name in COLUMNS if "mean_weeks" in name] == [weeks] * 4


def test_the_published_form_cuts_the_mean_to_whole_days():
    found = means([issued(R, 140), issued(R, 147), issued(R, 147)])  # 434 days: 144.67, cut to 144
    assert found["mean_weeks_as_published"] == 20.6  # 144 / 7 = 20.57
    assert found["mean_weeks"] == 20.7  # 144.67 / 7 = 20.67


def test_whole_days_end_in_seven_ways_only():
    endings = {round(value * 10) % 10 for value in whole_day_weeks(range(1000), [1] * 1000)}
    assert endings == {0, 1, 3, 4, 6, 7, 9}  # as all 161 published averages of authorities do


def test_the_published_form_without_exceptions_divides_by_all_plans():
    rows = [issued(R, 140), issued(R, 300, week20=1), issued(R, 301, week20=1)]
    found = means(rows)
    assert found["mean_weeks_exc_as_published"] == 6.6  # 140 / 3 = 46.67, cut to 46; 46 / 7 = 6.57
    assert found["mean_weeks_exc"] == 20.0
    assert (found["days_known"], found["days_known_exc"]) == (3, 1)


def test_all_exceptions_show_nought_as_published_and_nothing_in_the_plain_mean():
    found = means(
        [issued(R, 140, week20=1)]
    )  # so do Sunderland, North Tyneside, Stockton and Harrow in places
    assert found["mean_weeks_exc_as_published"] == 0.0
    assert found["mean_weeks_exc"] is pd.NA
    assert "an exception is recorded on every one" in found["note"]


def test_unknown_durations_count_as_plans_and_are_in_no_mean():
    found = means([issued(R, 140), issued(R, 150, received_date=None), issued(R, -1)])
    assert (found["plans"], found["days_known"], found["mean_weeks"]) == (3, 1, 20.0)
    assert "2 of unknown duration are in no mean" in found["note"]


def test_every_mean_says_that_it_is_of_plans_issued_only():
    assert means([issued(R, 140)])["note"] == "of plans issued only: who is still waiting is not in it"


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        ([{"received_date": R}], "no mean, because no plan counts (1 left out)"),
        (
            [issued(R, 150, received_date=None)],
            "no mean, because the duration of none of the 1 can be worked out",
        ),
    ],
)
def test_nothing_to_divide_is_empty_with_a_reason(rows, because):
    found = means(rows)
    assert found[[name for name in COLUMNS if "mean_weeks" in name]].isna().all()
    assert found["note"] == because


def test_a_frame_with_no_rows_has_one_empty_row_and_no_periods():
    empty = cases([issued(R, 140)], "2026-06-30").iloc[:0]
    assert mean_weeks(empty)["note"].tolist() == ["no mean, because no plan counts (no rows)"]
    assert mean_weeks(empty, period="Y").empty


def test_groups_and_periods_add_up():
    rows = [issued(R, 140, team="a"), issued(R, 400, team="b"), {"received_date": R, "team": "b"}]
    table = mean_weeks(cases(rows, "2026-06-30"), by="team", period="Y")
    assert table[["team", "period", "plans", "left_out"]].to_numpy().tolist() == [
        ["a", "2025", 1, 0],
        ["a", "2026", 0, 0],
        ["b", "2025", 0, 0],
        ["b", "2026", 1, 0],
        ["b", "unknown", 0, 1],
    ]


def test_the_flags_that_leave_a_case_out_are_a_parameter():
    rows = [issued(R, 140), issued(R, 280, other_tribunal=1)]
    assert means(rows)["plans"] == 1
    assert means(rows, flags=["request_mediation"])["mean_weeks"] == 30.0
    assert means(rows, flags=())["plans"] == 2
    with pytest.raises(RuleError, match="flags"):
        means(rows, flags=["mediation"])


def test_errors():
    tracked = cases([issued(R, 140)], "2026-06-30")
    with pytest.raises(InputError, match="call track"):
        mean_weeks(tracked.drop(columns="stage"))
    with pytest.raises(CommandError, match="period must be one of"):
        mean_weeks(tracked, period="W")
    with pytest.raises(CommandError, match="no column 'area'"):
        mean_weeks(tracked, by="area")
