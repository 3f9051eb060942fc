"""Plan against actual, counted by hand and by one plain loop over the cases."""

from datetime import date, timedelta

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import InputError
from ehcptime.questions.forecasting.saved import read_plan
from ehcptime.questions.scenario import scenario
from ehcptime.questions.trajectory import trajectory
from ehcptime.tracking.track import track
from questions_frames import cases, issued, table

START = date(2025, 3, 31)
FIGURES = ("arrivals", "refused", "no_plan", "issued", "due", "open", "open_over_20wk", "plans_due_20wk_percent",
           "plans_issued_20wk_percent", "mean_age_weeks", "waiting_for_advice")  # fmt: skip


def plan(
    months=(("2025-04", "2025-04-01", "2025-04-28"), ("2025-05", "2025-04-29", "2025-05-26")),
    measures=FIGURES,
    ends=(1, 2, 3),
):
    rows = [
        (period, pd.Timestamp(first), pd.Timestamp(last), measure, *map(float, ends))
        for measure in measures
        for period, first, last in months
    ]
    return pd.DataFrame(
        rows, columns=["period", "from_date", "to_date", "measure", "lowest", "middle", "highest"]
    )


def caseload():
    return [
        issued("2024-11-11", 140),  # due and issued on 31 March: before the plan begins
        issued("2024-11-12", 140),  # due and issued on 1 April
        issued("2024-12-09", 141),  # due on 28 April, issued on the day after: late
        {"received_date": "2024-12-10"},  # due on 29 April, open
        {"received_date": "2025-04-01", "request_outcome": "N", "request_outcome_date": "2025-04-28"},
        {"received_date": "2025-04-28"},
        {"received_date": "2025-04-29"},
        {"received_date": "2025-04-10", "closed_date": "2025-04-20", "closed_reason": "duplicate"},
    ]


def actual(found, period):
    rows = found.table[found.table["period"] == period]
    return dict(zip(rows["measure"], rows["actual"], strict=True))


def test_each_figure_is_counted_over_the_days_of_its_month():
    found = trajectory(plan(), cases(caseload(), "2025-06-30"))
    april, may = actual(found, "2025-04"), actual(found, "2025-05")
    assert {name: april[name] for name in ("arrivals", "refused", "no_plan", "issued", "due")} == {
        "arrivals": 2, "refused": 1, "no_plan": 0, "issued": 1, "due": 2,
    }  # fmt: skip
    assert {name: may[name] for name in ("arrivals", "refused", "issued", "due")} == {
        "arrivals": 1, "refused": 0, "issued": 1, "due": 1,
    }  # fmt: skip
    # On 28 April: open are the plan issued on the 29th (140 days old), the one received on 10 December (139) and that of the day (0).
    assert (april["open"], april["open_over_20wk"]) == (3, 0)
    assert april["mean_age_weeks"] == pytest.approx((140 + 139 + 0) / 3 / 7)
    # On 26 May: received on 10 December (167 days), 28 and 29 April.
    assert (may["open"], may["open_over_20wk"]) == (3, 1)
    assert (april["plans_due_20wk_percent"], may["plans_due_20wk_percent"]) == (50, 0)
    assert (april["plans_issued_20wk_percent"], may["plans_issued_20wk_percent"]) == (100, 0)
    assert pd.isna(april["waiting_for_advice"])


@pytest.mark.parametrize(
    ("ends", "place"),
    [
        ((2, 2, 2), "inside"),
        ((0, 1, 2), "inside"),
        ((2, 3, 4), "inside"),
        ((3, 4, 5), "below"),
        ((0, 1, 1.9), "above"),
    ],
)
def test_a_month_is_inside_its_range_ends_included_or_above_or_below(ends, place):
    found = trajectory(plan(measures=["arrivals"], ends=ends), cases(caseload(), "2025-04-28")).table
    assert found["place"].tolist() == [place, "to_come"]


def test_a_month_counts_once_its_last_day_is_over():
    for as_at, place in (("2025-04-27", "to_come"), ("2025-04-28", "inside")):
        assert (
            trajectory(plan(measures=["arrivals"]), cases(caseload(), as_at)).table["place"].iloc[0] == place
        )


def test_the_sentences():
    said = str(
        trajectory(
            plan(measures=["arrivals", "plans_due_20wk_percent"], ends=(0, 0, 1)),
            cases(caseload(), "2025-06-30"),
        )
    )
    assert said.splitlines() == [
        "arrivals: 1 of 2 months inside the range; in 2025-05 planned 0 (0 to 1), happened 1: inside the range.",
        "plans_due_20wk_percent: 1 of 2 months inside the range; in 2025-05 planned 0.0 (0.0 to 1.0), happened 0.0: inside the range.",
    ]
    assert str(trajectory(plan(), cases(caseload(), "2025-04-01"))) == (
        "No month of the plan that can be compared has ended by 1 April 2025."
    )


def test_nothing_to_divide_cannot_be_told():
    found = trajectory(
        plan(measures=["plans_due_20wk_percent"]), cases([{"received_date": "2025-04-01"}], "2025-06-30")
    ).table
    assert found["place"].tolist() == ["cannot_be_told"] * 2
    assert "cannot be told" in found["sentence"].iloc[0]


def test_a_saved_scenario_is_a_plan_and_every_row_of_it_is_answered():
    extract = simulate(600, as_at=date(2025, 9, 30), seed=4)
    made = scenario(track(extract.cases, as_at=START), weeks=40, runs=100)
    later = track(extract.cases, as_at=date(2025, 9, 30))
    found = trajectory(made.months, later)
    assert len(found.table) == len(made.months)
    pd.testing.assert_frame_equal(found.table[list(made.months)], made.months)
    ended = found.table["to_date"] <= "2025-09-30"
    assert (found.table.loc[~ended, "place"] == "to_come").all()
    assert ended.any()
    for row in found.table[ended & found.table["measure"].eq("arrivals")].itertuples():
        received = extract.cases["received_date"].dropna()
        duplicate = extract.cases["closed_reason"].eq("duplicate")
        moved = extract.cases["moved_in_date"].notna()
        plain = received[~duplicate & ~moved].between(row.from_date, row.to_date).sum()
        assert plain <= row.actual <= plain + (moved & ~duplicate).sum()


def test_the_months_of_a_scenario_are_whole_weeks_that_follow_one_another():
    made = scenario(track(simulate(300, as_at=START, seed=4).cases, as_at=START), weeks=30, runs=0).months
    one = made[made["measure"].eq("open")]
    assert one["from_date"].iloc[0].date() == START + timedelta(days=1)
    assert one["to_date"].iloc[-1].date() == START + timedelta(weeks=30)
    assert (
        one["from_date"].iloc[1:].to_numpy() - one["to_date"].iloc[:-1].to_numpy() == pd.Timedelta(days=1)
    ).all()
    assert (one["to_date"].dt.strftime("%Y-%m") == one["period"]).all()


def test_what_is_no_plan_is_refused():
    tracked = cases(caseload(), "2025-06-30")
    with pytest.raises(InputError, match="no column 'lowest'"):
        trajectory(plan().drop(columns="lowest"), tracked)
    with pytest.raises(InputError, match="twice"):
        trajectory(pd.concat([plan(), plan()]), tracked)
    with pytest.raises(InputError, match="'to_date' of the plan has a blank"):
        trajectory(plan().assign(to_date=pd.NaT), tracked)
    with pytest.raises(InputError, match="no rows"):
        trajectory(
            plan(), track(table([{"case_id": "a", "received_date": "2025-01-01"}]).head(0), as_at=START)
        )


def test_a_month_in_which_nothing_was_planned_that_could_be_divided():
    none = plan(measures=["plans_due_20wk_percent"], ends=(float("nan"),) * 3)
    found = trajectory(none, cases(caseload(), "2025-06-30"))
    # Due on 1 and on 28 April: one plan in time, one late.
    assert found.table["sentence"][0].endswith(
        "in 2025-04 nothing was planned that could be divided, happened 50.0"
    )
    assert found._repr_html_().count("<p>") == len(str(found).splitlines())


def test_a_plan_reads_back_the_same_from_csv_and_json(tmp_path):
    saved = plan(measures=["open", "plans_due_20wk_percent"])
    saved.assign(
        from_date=saved["from_date"].dt.strftime("%Y-%m-%d"), to_date=saved["to_date"].dt.strftime("%Y-%m-%d")
    ).to_json(tmp_path / "plan.json", orient="records")
    saved.to_csv(tmp_path / "plan.csv", index=False)
    for name in ("plan.json", "plan.csv"):
        pd.testing.assert_frame_equal(
            read_plan(tmp_path / name), saved, check_dtype=False, check_column_type=False
        )


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("plan.csv", None, "the plan plan.csv cannot be read: No such file or directory"),
        ("plan.json", "{", "plan.json is not a plan that can be read: give the .csv or .json file"),
        ("plan.json", "3", "plan.json is not a plan that can be read"),
        ("plan.csv", "from_date\nsoon\n", "plan.csv is not a plan that can be read"),
        ("plan.csv", "", "plan.csv is not a plan that can be read"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, name, text, says):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=says):
        read_plan(tmp_path / name)
