import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.throughput import ep_throughput, unallocated_advice
from questions_frames import advice, cases

AS_AT = "2025-03-15"


def ask(asked, allocated=None, returned=None, **more):
    return {
        "case_id": "A",
        "advice_type": "psychology",
        "source": "in-house",
        "requested_date": asked,
        "allocated_date": allocated,
        "returned_date": returned,
        "advice_outcome": None,
    } | more


ROWS = [
    ask("2025-01-06", "2025-01-20", "2025-02-10"),
    ask("2025-01-13", "2025-02-03", "2025-03-03"),
    ask("2025-01-20", None, "2025-02-28"),  # returned, and nobody recorded the allocation
    ask("2025-02-03", "2025-01-31", None),  # allocated before it was asked for
    ask("2025-02-10"),
    ask("2025-02-10", source="agency"),
    ask("2025-02-10", source=None, advice_outcome="withdrawn", returned_date="2025-02-17"),
    ask(None),  # no day of asking
    ask("2025-03-16"),  # not asked by then
    ask("2025-01-06", advice_type="health"),
]
STOCKS = [
    "queue_open",
    "asked",
    "returned",
    "ended",
    "queue_close",
    "unallocated_open",
    "allocated",
    "left_unallocated",
    "unallocated_close",
]


def told(table, *columns, **chosen):
    for column, value in chosen.items():
        table = table[table[column] == value]
    return table[list(columns)].to_numpy(dtype=object).tolist()


def test_both_queues_by_source_and_month():
    found = ep_throughput(advice(ROWS, AS_AT), period="M")
    assert told(found, "period", *STOCKS, source="in-house") == [
        ["2025-01", 0, 3, 0, 0, 3, 0, 1, 0, 2],
        ["2025-02", 3, 2, 2, 0, 3, 2, 2, 1, 1],
        ["2025-03", 3, 0, 1, 0, 2, 1, 0, 0, 1],
    ]
    assert told(found, *STOCKS, source="agency")[1] == [0, 1, 0, 0, 1, 0, 0, 0, 1]
    assert told(found, *STOCKS, source="not recorded")[1] == [0, 1, 0, 1, 0, 0, 0, 1, 0]
    assert set(found.loc[found["source"] == "in-house", "undated"]) == {1}
    assert found["source"].unique().tolist() == ["agency", "in-house", "not recorded"]


def test_turnaround_is_from_allocation_to_return():
    found = ep_throughput(advice(ROWS, AS_AT), period="M")
    # 20 January to 10 February, and 3 February to 3 March
    assert told(found, "turnaround_days", source="in-house") == [[pd.NA], [21.0], [28.0]]


def test_a_part_of_a_month_has_the_rate_of_its_days():
    found = ep_throughput(advice(ROWS, AS_AT), period="M")
    in_house = found[found["source"] == "in-house"]
    assert in_house["days"].tolist() == [31, 28, 15]
    assert in_house["asked_per_week"].tolist() == [0.7, 0.5, 0.0]
    assert in_house["returned_per_week"].tolist() == [0.0, 0.5, 0.5]
    assert in_house["complete"].tolist() == [True, True, False]
    assert ep_throughput(advice(ROWS, "2025-03-31"), period="M")["complete"].all()


def test_the_oldest_that_waits_for_allocation():
    found = ep_throughput(advice(ROWS, AS_AT), period="M")
    # on 31 January since 13 January; on 28 February and 15 March since 10 February
    assert told(found, "oldest_unallocated_days", source="in-house") == [[18], [18], [33]]
    listed = unallocated_advice(advice([ask("2025-02-10"), ask("2025-01-10", case_id="B")], AS_AT))
    assert told(listed, "case_id", "waiting_days") == [["B", 64], ["A", 33]]


def test_weeks():
    found = ep_throughput(advice(ROWS[:1], "2025-01-19"), period="W")
    assert told(found, "period", "asked", "days", "complete") == [
        ["2025-W02", 1, 7, True],
        ["2025-W03", 0, 7, True],
    ]


def test_an_unanswered_asking_leaves_with_its_case():
    case = {
        "case_id": "A",
        "received_date": "2024-12-01",
        "closed_date": "2025-03-01",
        "closed_reason": "withdrawn",
    }
    tracked = cases([case], AS_AT)
    asked = advice([ask("2025-01-06")], AS_AT, cases=tracked)
    with_cases = ep_throughput(asked, period="M", cases=tracked)
    assert told(with_cases, "ended", "queue_close", "undated") == [[0, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert told(ep_throughput(asked, period="M"), "asked", "undated") == [[0, 1]]
    assert len(unallocated_advice(asked, cases=tracked)) == 0


def test_an_asking_of_the_day_its_case_ended_ends_with_it_and_one_of_the_day_after_does_not():
    case = {
        "case_id": "A",
        "received_date": "2024-12-01",
        "closed_date": "2025-03-01",
        "closed_reason": "withdrawn",
    }
    tracked = cases([case], AS_AT)
    asked = advice([ask("2025-03-01"), ask("2025-03-02")], AS_AT, cases=tracked)
    assert told(ep_throughput(asked, period="M", cases=tracked), "asked", "ended", "queue_close") == [
        [2, 1, 1]
    ]


def test_what_cannot_be_used():
    tracked = advice(ROWS, AS_AT)
    with pytest.raises(CommandError, match="period must be one of M, Q"):
        ep_throughput(tracked, period="X")
    with pytest.raises(InputError, match="different values of as_at"):
        ep_throughput(tracked, period="M", cases=cases([{"received_date": "2024-12-01"}], "2025-03-14"))
    assert len(ep_throughput(tracked[tracked["advice_type"] == "health"], period="M")) == 0
    assert len(unallocated_advice(tracked.iloc[:0])) == 0
