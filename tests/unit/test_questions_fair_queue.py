"""The fair queue: worked by hand, and against every pair of a plan and an older case."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.clock.counting import NOT_YET
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.fair_queue import fair_queue
from ehcptime.questions.overtaking import Stretches, count_up_to
from ehcptime.tracking.track import track
from frames import frame
from oracle.cases import track_case
from oracle.draws import AS_AT
from oracle.reading import read, start_day, word
from oracle.strategies import case_rows
from questions_frames import cases

AS_AT_HERE = "2025-12-31"


def asked(*rows, **options):
    return fair_queue(cases(rows, AS_AT_HERE), **options)


def plan(received, issued, **more):
    return {"received_date": received, "plan_issued_date": issued} | more


def test_the_older_cases_still_open_are_counted_on_the_day_of_issue():
    found = asked(
        plan("2025-03-03", "2025-06-02"),  # passes the first two of the five below
        {"received_date": "2024-01-08"},
        plan("2025-03-02", "2025-06-03"),  # a day older, issued a day later; it passes the one of 2024
        {"received_date": "2025-03-03"},  # the same day is not older
        {"received_date": "2025-01-06", "closed_date": "2025-06-02"},  # out on that very day
        {"received_date": "2025-01-06", "request_outcome": "N", "request_outcome_date": "2025-02-03"},
    )
    row = found.iloc[0]
    assert (row["issued"], row["overtook"], row["unknown"], row["percent"]) == (2, 2, 0, 100.0)
    assert row["median_places"] == 1.5  # 2 and 1
    assert row["oldest_days"] == 512  # 8 January 2024 to 3 June 2025
    assert row["sentence"] == (
        "Of 2 plans issued, 2 (100.0 per cent) came while an older case was still open: the median number of older cases "
        "passed was 1.5, and the oldest case passed was then 512 days old."
    )


def test_a_case_refused_and_re_opened_waits_only_while_it_is_open():
    reopened = {
        "received_date": "2025-01-06",
        "request_outcome": "N",
        "request_outcome_date": "2025-02-03",
        "reversal_of": "assess",
        "reversal_route": "conceded",
        "reversal_date": "2025-07-01",
    }
    before, after = plan("2025-02-03", "2025-06-30"), plan("2025-02-03", "2025-07-01")
    assert asked(reopened, before)["overtook"].tolist() == [0]
    assert asked(reopened, after)["overtook"].tolist() == [1]


def test_what_cannot_be_placed_is_said():
    found = asked(plan(None, "2025-06-02"), plan("2025-06-03", "2025-06-02"), {"received_date": None})
    assert found[["issued", "overtook", "unknown"]].to_numpy().tolist() == [[2, 0, 2]]
    assert found["percent"].isna().all()
    assert found["sentence"][0] == (
        "Whether new cases are put ahead of old ones cannot be told: no plan can be placed (2 more cannot be placed, because "
        "the start is not known or is after the plan)."
    )


def test_nobody_overtaken_and_nothing_issued():
    assert asked(plan("2025-01-06", "2025-06-02"), {"received_date": "2025-01-07"})["sentence"].tolist() == [
        "No older case was open when any of 1 plan was issued."
    ]
    empty = asked({"received_date": "2025-01-06"})
    assert empty["issued"].tolist() == [0]
    assert empty[["percent", "median_places", "oldest_days"]].isna().all(axis=None)
    assert len(asked({"received_date": "2025-01-06"}, period="M")) == 0
    none = cases([plan("2025-01-06", "2025-06-02")], AS_AT_HERE).iloc[:0]
    assert fair_queue(none)["issued"].tolist() == [0]


def test_duplicates_neither_overtake_nor_wait():
    found = asked(
        plan("2025-03-03", "2025-06-02", closed_reason="duplicate"),
        {"received_date": "2024-01-08", "closed_reason": "duplicate"},
        plan("2025-03-03", "2025-06-02"),
    )
    assert found[["issued", "overtook"]].to_numpy().tolist() == [[1, 0]]


def test_by_period_of_issue():
    found = asked(
        {"received_date": "2024-01-08"},
        plan("2025-01-06", "2025-05-31"),
        plan("2025-01-06", "2025-06-01"),
        plan("2023-01-09", "2025-06-30"),
        period="M",
    )
    assert found["period"].tolist() == ["2025-05", "2025-06"]
    assert found["issued"].tolist() == [1, 2]
    assert found["overtook"].tolist() == [1, 1]
    assert found["percent"].tolist() == [100.0, 50.0]
    assert (found["as_at"] == pd.Timestamp(AS_AT_HERE)).all()


def test_arguments_that_cannot_be_used():
    with pytest.raises(CommandError, match="period must be one of"):
        asked(plan("2025-01-06", "2025-06-02"), period="W")
    with pytest.raises(InputError, match="call track"):
        fair_queue(pd.DataFrame({"case_id": ["a"]}))


def by_pairs(rows, as_at):
    """Each plan and each case in turn, from the slow oracle: older cases open on the day of issue, and the oldest's age."""
    plans = []
    for row in rows:
        facts, start = read(row, as_at), start_day(row)
        issued = facts.first_final
        if issued is None or facts.not_received or word(row["closed_reason"]) == "duplicate":
            continue
        if start is None or start > issued:
            plans.append(None)
            continue
        ages = [
            (issued - start_day(other)).days
            for other in rows
            if start_day(other) is not None
            and start_day(other) < start
            and track_case(other, as_at=issued)["is_open"]
        ]
        plans.append(ages)
    return plans


@given(st.data(), AS_AT)
def test_any_queue_is_counted_as_pair_by_pair(data, as_at):
    rows = data.draw(st.lists(case_rows(as_at), min_size=1, max_size=15))
    plans = by_pairs(rows, as_at)
    row = fair_queue(track(frame(rows), as_at=as_at)).iloc[0]
    passed = [ages for ages in plans if ages]
    assert (row["issued"], row["unknown"]) == (len(plans), plans.count(None))
    assert row["overtook"] == len(passed)
    if passed:
        assert row["median_places"] == np.median([len(ages) for ages in passed])
        assert row["oldest_days"] == max(max(ages) for ages in passed)


DAYS = st.integers(-40, 40)


@given(
    st.lists(st.tuples(DAYS, DAYS, st.integers(1, 50)), max_size=40),
    st.lists(st.tuples(DAYS, DAYS), max_size=20),
)
def test_counts_and_minima_over_any_stretches(stretches, queries):
    start, day, length = np.array(stretches, dtype=np.int32).reshape(-1, 3).T
    since, on = np.array(queries, dtype=np.int32).reshape(-1, 2).T
    found = Stretches.of(start, day, day + length)
    over = [[s for s, d, n in stretches if d <= when < d + n] for when in on]
    assert found.oldest_open(on).tolist() == [min(starts, default=NOT_YET) for starts in over]
    older = [sum(s < first for s in starts) for first, starts in zip(since, over, strict=True)]
    assert found.older_open(since, on).tolist() == older


@given(st.lists(st.integers(0, 300), max_size=40), st.data())
def test_days_up_to_a_day_among_the_first_of_them(days, data):
    asked_for = data.draw(st.lists(st.tuples(st.integers(0, len(days)), st.integers(0, 300)), max_size=10))
    first, on = np.array(asked_for, dtype=np.int64).reshape(-1, 2).T
    found = count_up_to(np.array(days, dtype=np.int32), first, on.astype(np.int32))
    assert found.tolist() == [sum(day <= bound for day in days[:number]) for number, bound in asked_for]


def test_a_large_authority_takes_no_pairs():
    """Thirty thousand cases open for a year each: a thousand million pairs would not fit."""
    number = 30_000
    received = [date(2015, 1, 1) + timedelta(days=place % 3000) for place in range(number)]
    rows = pd.DataFrame(
        {
            "case_id": [f"c{place}" for place in range(number)],
            "received_date": pd.to_datetime(received).astype("datetime64[s]"),
        }
    )
    rows["plan_issued_date"] = rows["received_date"] + pd.Timedelta(days=365)
    found = fair_queue(track(rows, as_at=date(2025, 1, 1)))
    # Ten cases a day, first in and first out: whoever is older was issued before, or on that day.
    assert found[["issued", "overtook"]].to_numpy().tolist() == [[number, 0]]
