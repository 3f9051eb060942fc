import pandas as pd
import pytest

from ehcptime.questions.rounds import rejections, rounds
from questions_frames import advice, cases

AS_AT = "2025-06-30"
ONE = {
    "requested_date": "2025-01-06",
    "returned_date": "2025-01-27",
    "advice_outcome": "rejected",
    "round": 1,
}
TWO = {
    "requested_date": "2025-02-03",
    "returned_date": "2025-02-24",
    "advice_outcome": "provided",
    "round": 2,
}


def tracked(*rows, case=None):
    blank = {"case_id": "A", "advice_type": "health", "returned_date": None, "advice_outcome": None}
    return advice([blank | row for row in rows], AS_AT, cases=case)


def told(table, *columns):
    return table[list(columns)].to_numpy(dtype=object).tolist()


def test_each_round_has_its_clock_and_all_have_one():
    found = rounds(tracked(ONE, TWO))
    # 6 to 27 January, 3 to 24 February, and 6 January to 24 February
    assert told(found, "round", "rounds", "days", "total_days", "state", "note") == [
        [1, 2, 21, 49, "answered", ""],
        [2, 2, 21, 49, "answered", ""],
    ]
    assert found["due"].dt.date.astype(str).tolist() == ["2025-02-17", "2025-03-17"]
    assert found["status"].tolist() == ["met", "met"]


def test_the_order_of_the_rows_does_not_matter_and_the_index_is_kept():
    frame = tracked(TWO, ONE)
    frame.index = ["second", "first"]
    found = rounds(frame)
    assert found.index.tolist() == ["second", "first"]
    assert told(found, "round", "days", "total_days") == [[2, 21, 49], [1, 21, 49]]


def test_rounds_that_overlap_count_their_days_once():
    early = TWO | {"requested_date": "2025-01-20"}
    found = rounds(tracked(ONE, early))
    assert found["total_days"].tolist() == [49, 49]  # not 21 + 35
    assert found["days"].tolist() == [21, 35]
    assert found["note"].tolist() == ["", "asked before the answer of the round before came"]


def test_numbers_against_the_days():
    found = rounds(tracked(ONE | {"round": 2}, TWO | {"round": 1}))
    assert found["round"].tolist() == [1, 2]
    assert found["note"].tolist()[1] == "numbered out of the order of asking"


def test_a_missing_day_leaves_the_order_to_the_numbers_and_the_total_untold():
    found = rounds(tracked(TWO, ONE | {"requested_date": None}))
    assert told(found, "round", "days", "total_days") == [[2, 21, pd.NA], [1, pd.NA, pd.NA]]
    assert found["note"].tolist() == ["", "the day of asking is missing"]


@pytest.mark.parametrize(
    ("rows", "state", "total"),
    [
        ([ONE], "sent back", pd.NA),
        ([ONE, {"requested_date": "2025-02-03"}], "running", 175),  # 6 January to 30 June
        ([TWO], "answered", 21),
        ([TWO | {"returned_date": None}], "unknown", pd.NA),
        ([{"requested_date": "2025-02-03", "advice_outcome": "withdrawn"}], "nothing to answer", pd.NA),
        ([{"requested_date": "2025-02-03", "returned_date": "2025-02-01"}], "answered", pd.NA),
        ([{"requested_date": "2025-07-01"}], "nothing to answer", pd.NA),
    ],
)
def test_where_a_service_stands(rows, state, total):
    found = rounds(tracked(*rows))
    assert set(found["state"]) == {state}
    assert {str(value) for value in found["total_days"]} == {str(total)}


def test_unanswered_when_the_case_ended():
    case = {
        "case_id": "A",
        "received_date": "2024-12-01",
        "closed_date": "2025-03-01",
        "closed_reason": "withdrawn",
    }
    found = rounds(tracked(ONE, {"requested_date": "2025-02-03"}, case=cases([case], AS_AT)))
    assert set(found["state"]) == {"ended unanswered"}
    assert found["total_days"].isna().all()


def test_what_was_withdrawn_or_is_still_to_be_asked_is_no_round():
    found = rounds(tracked(TWO | {"advice_outcome": "withdrawn"}, ONE, {"requested_date": "2025-07-15"}))
    assert found["round"].tolist() == [pd.NA, 1, pd.NA]
    assert found["note"].tolist() == ["withdrawn", "", "not asked by then"]


def test_services_are_apart():
    found = rounds(
        tracked(ONE | {"sub_service": "SaLT"}, TWO | {"sub_service": "OT"}, ONE | {"case_id": "B"})
    )
    assert found["rounds"].tolist() == [1, 1, 1]


def test_the_share_that_was_sent_back():
    rows = [
        ONE,
        TWO,
        ONE | {"case_id": "B"},
        TWO | {"case_id": "C"},
        {"case_id": "D", "requested_date": "2025-06-01"},
        TWO | {"case_id": "E", "advice_type": "psychology", "returned_date": "2025-03-03"},
    ]
    found = rejections(tracked(*rows)).set_index("advice_type")
    counts = ["services", "asked_again", "rounds", "answers", "rejected", "percent_rejected"]
    assert found.loc["health", counts].tolist() == [4, 1, 5, 4, 2, 50.0]
    assert found.loc["psychology", counts].tolist() == [1, 0, 1, 1, 0, 0.0]
    assert found.loc["health", ["days_in_one", "days_in_more"]].tolist() == [21.0, 49.0]
    assert found.loc["psychology", ["days_in_one", "days_in_more"]].tolist() == [28.0, pd.NA]


def test_no_rows():
    assert len(rounds(tracked(ONE).iloc[:0])) == 0
    assert len(rejections(tracked(ONE).iloc[:0])) == 0
