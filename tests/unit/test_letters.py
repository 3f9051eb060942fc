"""What a family should have been told by now, for cases whose letters are listed by hand."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import InputError
from ehcptime.questions.letters import LETTERS, STATES, expected_letters
from ehcptime.tracking.track import track
from questions_frames import cases

AS_AT = date(2025, 9, 1)


def letters(row, as_at=AS_AT, events=None):
    written = {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
    found = expected_letters(cases([{"case_id": "a", **written}], as_at.isoformat()), events=events)
    return {
        (row.letter, row.rule): (
            None if pd.isna(row.due) else row.due.date(),
            None if pd.isna(row.recorded_on) else row.recorded_on.date(),
            row.state,
        )
        for row in found.itertuples()
    }


RECEIVED = date(2025, 4, 2)  # limits: 14 May, 23 July, 20 August


def test_nothing_is_expected_before_the_first_limit():
    assert letters({"received_date": RECEIVED}, date(2025, 5, 14)) == {}


def test_the_day_after_it_the_decision_and_word_of_the_delay_are():
    found = letters({"received_date": RECEIVED, "request_outcome_date": None}, date(2025, 5, 15))
    assert found == {
        ("views", "request_decision"): (None, None, "not_recorded"),
        ("assess_decision", "request_decision"): (date(2025, 5, 14), None, "none_found"),
        ("missed", "request_decision"): (date(2025, 5, 14), None, "not_recorded"),
    }


def test_decided_on_the_last_day_and_the_day_after():
    row = {"received_date": RECEIVED, "request_outcome": "Y"}
    for day, state in ((14, "recorded"), (15, "recorded_late")):
        found = letters({**row, "request_outcome_date": date(2025, 5, day)}, date(2025, 5, 20))
        assert found["assess_decision", "request_decision"] == (date(2025, 5, 14), date(2025, 5, day), state)
        assert (("missed", "request_decision") in found) == (day == 15)


def test_a_plan_has_all_its_letters():
    row = {
        "received_date": RECEIVED,
        "request_outcome": "Y",
        "request_outcome_date": date(2025, 5, 14),
        "draft_sent_date": date(2025, 7, 20),
        "plan_issued_date": date(2025, 8, 20),
        "letter_appeal_rights_date": date(2025, 8, 20),
    }
    assert letters(row) == {
        ("views", "request_decision"): (None, None, "not_recorded"),
        ("assess_decision", "request_decision"): (date(2025, 5, 14), date(2025, 5, 14), "recorded"),
        ("issue_decision", "issue_decision"): (date(2025, 7, 23), None, "not_recorded"),
        ("draft", "draft_comment"): (None, date(2025, 7, 20), "recorded"),
        ("final", "plan_final"): (date(2025, 8, 20), date(2025, 8, 20), "recorded"),
        ("appeal_rights", "appeal_lodge"): (None, date(2025, 8, 20), "recorded"),
    }


def test_a_lifted_limit_asks_for_word_of_it_and_has_no_day():
    found = letters(
        {
            "received_date": RECEIVED,
            "request_outcome": "Y",
            "request_outcome_date": date(2025, 5, 1),
            "week20": 1,
        }
    )
    assert found["exemption", "plan_final"] == (None, None, "not_recorded")
    assert found["final", "plan_final"][0] is None
    assert ("missed", "plan_final") not in found
    assert ("missed", "issue_decision") in found


def test_a_statutory_reversal_asks_for_word_within_two_weeks():
    row = {
        "received_date": date(2025, 1, 6),
        "request_outcome": "N",
        "request_outcome_date": date(2025, 2, 10),
        "reversal_of": "assess",
        "reversal_date": date(2025, 6, 2),
    }
    due = date(2025, 6, 16)
    for route, is_there in (("tribunal_order", True), ("own_change", False)):
        for as_at in (date(2025, 6, 16), date(2025, 6, 17)):
            found = letters({**row, "reversal_route": route}, as_at)
            expected = is_there and as_at > due
            assert (("assess_notice", "notify_after_reversal") in found) == expected
    kept = letters({**row, "reversal_route": "tribunal_order", "assess_notice_date": date(2025, 6, 18)})
    assert kept["assess_notice", "notify_after_reversal"] == (due, date(2025, 6, 18), "recorded_late")


def test_an_undated_decision_was_sent_on_a_day_that_is_not_known():
    found = letters({"received_date": RECEIVED, "request_outcome": "Y", "assessment_outcome": "A"})
    assert found["assess_decision", "request_decision"][1:] == (None, "day_not_known")


def test_events_are_read_and_those_after_the_day_are_not():
    row = {"received_date": RECEIVED}
    log = pd.DataFrame(
        {
            "case_id": ["a", "a", "b", "a"],
            "event": ["Letter_Views", "letter_missed", "letter_missed", "tea"],
            "date": pd.to_datetime(["2025-04-04", "2025-09-02", "2025-05-01", "2025-04-01"]),
        }
    )
    found = letters(row, events=log)
    assert found["views", "request_decision"] == (None, date(2025, 4, 4), "recorded")
    assert found["missed", "request_decision"] == (date(2025, 5, 14), None, "none_found")


@pytest.mark.parametrize("reason", ["duplicate", None])
def test_duplicates_and_requests_to_come_have_no_letters(reason):
    day = RECEIVED if reason else date(2026, 1, 5)
    assert letters({"received_date": day, "closed_reason": reason}) == {}


def test_every_row_is_of_a_case_of_the_frame_and_the_order_of_rows_does_not_matter():
    extract = simulate(400, as_at=AS_AT, seed=3)
    from_one = expected_letters(track(extract.cases, as_at=AS_AT))
    shuffled = expected_letters(track(extract.cases.sample(frac=1, random_state=1), as_at=AS_AT))
    order = ["case_id", "letter", "rule"]
    pd.testing.assert_frame_equal(
        from_one.sort_values(order, ignore_index=True), shuffled.sort_values(order, ignore_index=True)
    )
    assert not from_one.duplicated(order).any()
    assert set(from_one["letter"]) <= set(LETTERS)
    assert set(from_one["state"]) <= set(STATES)


def test_a_frame_with_no_rows_has_no_letters():
    frame = track(simulate(5, as_at=AS_AT, seed=1).cases, as_at=AS_AT).iloc[:0]
    assert len(expected_letters(frame)) == 0


def test_a_frame_that_was_not_tracked_is_refused():
    with pytest.raises(InputError, match="track"):
        expected_letters(pd.DataFrame({"case_id": ["a"]}))
