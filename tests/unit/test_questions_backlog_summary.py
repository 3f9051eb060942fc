"""The backlog in a row per group, against counts worked by hand and against `backlog`."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.backlog import backlog
from ehcptime.questions.backlog_summary import COLUMNS, backlog_summary
from ehcptime.tracking.track import track
from frames import frame
from oracle.draws import AS_AT
from oracle.strategies import case_rows
from questions_frames import advice, after, cases, issued

TODAY = "2025-07-31"


def aged(days, **more):
    return {"received_date": after(TODAY, -days)} | more


def going(days, **more):
    return aged(days, request_outcome="Y", request_outcome_date=after(TODAY, -days)) | more


def row_of(*rows, **options):
    return backlog_summary(cases(rows, TODAY), **options).iloc[0].to_dict()


def test_what_is_over_a_limit_is_over_it_by_a_day_or_more():
    rows = [aged(42), aged(43), going(43), going(140), going(141), going(364), going(365)]
    row = row_of(*rows)
    assert {
        name: row[name] for name in ("open", "over_6wk_undecided", "over_20wk", "over_52wk", "overdue")
    } == {
        "open": 7,
        "over_6wk_undecided": 1,
        "over_20wk": 3,
        "over_52wk": 1,
        "overdue": 3,
    }


def test_an_exempt_case_is_over_its_age_but_not_overdue():
    row = row_of(going(200, week20=1), going(200), going(100, week20=1))
    assert (row["over_20wk"], row["overdue"], row["exempt"], row["limit_unknown"]) == (2, 1, 1, 0)


def test_a_new_clock_is_not_overdue_and_an_unknown_one_is_said():
    refused = {"request_outcome": "N", "request_outcome_date": after(TODAY, -160)}
    row = row_of(
        aged(
            200,
            **refused,
            reversal_of="assess",
            reversal_route="tribunal_order",
            reversal_date=after(TODAY, -20),
        ),
        aged(200, **refused, draft_sent_date=after(TODAY, -5)),
    )
    assert (row["over_20wk"], row["overdue"], row["limit_unknown"]) == (2, 0, 1)


def test_ages_by_hand():
    row = row_of(*(going(days) for days in (70, 140, 350, 700)), oldest_case=True)
    assert row["median_weeks"] == 35.0  # (140 + 350) / 2 = 245 days
    assert row["p90_weeks"] == 85.0  # seven tenths of the way from 350 to 700 = 595 days
    assert (row["oldest_days"], row["oldest_case_id"], row["unknown_age"]) == (700, "c3", 0)


def test_an_unknown_age_is_open_and_in_no_age():
    row = row_of({"received_date": None, "request_outcome": "Y"}, oldest_case=True)
    assert (row["open"], row["unknown_age"], row["over_20wk"], row["limit_unknown"]) == (1, 1, 0, 1)
    assert all(pd.isna(row[name]) for name in ("median_weeks", "p90_weeks", "oldest_days", "oldest_case_id"))


def test_the_oldest_is_named_only_if_asked_and_the_first_of_equals():
    rows = [going(50, case_id="b"), going(50, case_id="a"), going(20, case_id="0")]
    assert "oldest_case_id" not in row_of(*rows)
    assert row_of(*rows, oldest_case=True)["oldest_case_id"] == "a"


def test_caseworkers_by_name_with_the_caseload_beside():
    rows = [going(200, caseworker="Zoe"), *(going(10, caseworker="Amy") for _ in range(3)), going(10)]
    found = backlog_summary(cases(rows, TODAY), "caseworker")
    assert found[["caseworker", "open", "overdue"]].to_numpy().tolist() == [
        ["Amy", 3, 0],
        ["Zoe", 1, 1],
        ["not recorded", 1, 0],
    ]
    assert found.columns.tolist() == ["caseworker", *(name for name in COLUMNS if name != "oldest_case_id")]


def test_by_what_it_waits_for():
    tracked = cases([going(100), going(100), aged(10)], TODAY)
    asked = advice(
        [
            {
                "case_id": "c0",
                "advice_type": "psychology",
                "requested_date": after(TODAY, -90),
                "returned_date": None,
            }
        ],
        TODAY,
        cases=tracked,
    )
    found = backlog_summary(tracked, "waits_for", advice=asked)
    assert found[["waits_for", "open"]].to_numpy().tolist() == [
        ["decision whether to assess", 1],
        ["psychology advice", 1],
        ["advice or a decision (no advice recorded)", 1],
    ]


def test_nobody_open():
    tracked = cases([issued("2025-01-06", 100, team="a")], TODAY)
    whole = backlog_summary(tracked, oldest_case=True)
    assert whole[["open", "overdue", "unknown_age"]].to_numpy().tolist() == [[0, 0, 0]]
    assert whole[["median_weeks", "p90_weeks", "oldest_days", "oldest_case_id"]].isna().all(axis=None)
    assert len(backlog_summary(tracked, "team")) == 0
    assert backlog_summary(tracked.iloc[:0])["open"].tolist() == [0]


def test_frames_and_columns_that_cannot_be_used():
    tracked = cases([aged(10)], TODAY)
    with pytest.raises(CommandError, match="there is no column 'team'"):
        backlog_summary(tracked, "team")
    with pytest.raises(InputError, match="no column 'plan_final_status'"):
        backlog_summary(cases([aged(10)], TODAY, rules=["request_decision"]))


@given(st.data(), AS_AT)
def test_groups_add_up_and_agree_with_the_bands(data, as_at):
    rows = data.draw(st.lists(case_rows(as_at), min_size=1, max_size=15))
    team = st.sampled_from(["a", "b", None])
    tracked = track(frame([row | {"team": data.draw(team)} for row in rows]), as_at=as_at)
    whole, by_team = backlog_summary(tracked).iloc[0], backlog_summary(tracked, ["team", "waits_for"])
    counts = [name for name in COLUMNS if name.startswith("over")] + [
        "open",
        "exempt",
        "limit_unknown",
        "unknown_age",
    ]
    assert by_team[counts].sum().tolist() == whole[counts].tolist()
    bands = backlog(tracked, by=None).set_index("age_band")["open"]
    assert whole["open"] == bands.sum() == tracked["is_open"].sum()
    assert whole["unknown_age"] == bands["unknown"]
    assert whole["over_20wk"] == bands[["20-30", "30-52", "52+"]].sum()
    assert whole["over_52wk"] == bands["52+"]
    undecided = backlog(tracked, by="stage", bands=[6]).query("stage == 'deciding' and age_band == '6+'")
    assert whole["over_6wk_undecided"] == undecided["open"].sum()
    known = tracked.loc[tracked["is_open"], "age_days"].dropna().astype(float)
    if len(known):
        assert abs(whole["median_weeks"] - np.median(known) / 7) < 0.051
        assert abs(whole["p90_weeks"] - np.percentile(known, 90) / 7) < 0.051
        assert whole["oldest_days"] == known.max()


def test_situations_4_and_9_of_the_users():
    """Open cases are in the stock however old; who leaves before the end is in it until that day, and not on it."""
    left = {"closed_date": "2025-03-10", "closed_reason": "withdrawn"}
    rows = frame([{"received_date": date(2025, 1, 6)} | left, {"received_date": date(2025, 1, 6)}])
    for day, count in ((date(2025, 3, 9), 2), (date(2025, 3, 10), 1)):
        assert backlog_summary(track(rows, as_at=day))["open"].tolist() == [count]
