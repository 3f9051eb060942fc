"""What changed since the last run, worked by hand."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.questions.what_changed import what_changed
from ehcptime.tracking.track import track
from questions_frames import cases, table

R = "2025-01-06"  # 6 weeks: 17 February


def row(case_id, **more):
    return {
        "case_id": case_id,
        "received_date": R,
        "request_outcome_date": None,
        "request_outcome": None,
    } | more


def changed(before, after, first="2025-02-17", then="2025-02-18"):
    return what_changed(cases(before, first), cases(after, then))


def rows(found):
    return [tuple(line) for line in found.table[["case_id", "change", "column"]].astype(str).to_numpy()]


def test_nothing():
    found = changed([row("a")], [row("a")], then="2025-02-17")
    assert rows(found) == []
    assert str(found) == "Open cases: 1 (last run 1). Nothing changed."


def test_new_gone_closed_and_newly_overdue():
    before = [row("late"), row("shut"), row("lost")]
    after = [
        row("late"),
        row("shut", request_outcome="N", request_outcome_date="2025-02-18"),
        row("new", received_date="2025-02-18"),
    ]
    found = changed(before, after)
    assert rows(found) == [
        ("new", "new", ""),
        ("lost", "gone", ""),
        ("shut", "closed", ""),
        ("late", "newly_overdue", "request_decision"),
    ]
    due = found.table["after"].iloc[-1]
    assert due == pd.Timestamp("2025-02-17")
    assert (found.open_before, found.open_after) == (3, 2)


def test_a_case_that_was_overdue_already_is_not_newly_so():
    assert rows(changed([row("a")], [row("a")], "2025-02-18", "2025-02-19")) == []


def test_edits_of_dates():
    before = [
        row("back"), row("forward"), row("removed", last_contact_date="2025-02-01"), row("late_key"), row("in_time"),
    ]  # fmt: skip
    after = [
        row("back", received_date="2025-01-05"),
        row("forward", received_date="2025-01-07"),
        row("removed"),
        row("late_key", request_outcome="Y", request_outcome_date="2025-02-17"),
        row("in_time", request_outcome="Y", request_outcome_date="2025-02-18"),
    ]
    found = changed(before, after)
    edits = [line for line in rows(found) if line[1].startswith("date")]
    assert edits == [
        ("back", "date_edited_back", "received_date"),
        ("forward", "date_edited_forward", "received_date"),
        ("removed", "date_removed", "last_contact_date"),
        ("late_key", "date_added_late", "request_outcome_date"),
    ]
    back = found.table[found.table["change"] == "date_edited_back"].iloc[0]
    assert (back["before"], back["after"]) == (pd.Timestamp("2025-01-06"), pd.Timestamp("2025-01-05"))
    assert found.number("date_edited_back") == 1


def test_a_refusal_that_was_reversed_re_opens_a_case():
    refused = row("a", request_outcome="N", request_outcome_date="2025-02-10")
    back = refused | {"reversal_of": "assess", "reversal_route": "own_change", "reversal_date": "2025-02-18"}
    assert ("a", "re_opened", "") in rows(changed([refused], [back]))


def test_the_order_of_rows_does_not_matter_and_nothing_is_changed():
    frame = table([row("b"), row("a"), row("c", received_date="2025-01-20")])
    then, now = (track(frame, as_at=date(2025, 2, day)) for day in (17, 18))
    kept = now.copy()
    one = what_changed(then, now).table
    pd.testing.assert_frame_equal(one, what_changed(then, now.iloc[::-1]).table)
    pd.testing.assert_frame_equal(now, kept)


def test_what_cannot_be_compared():
    with pytest.raises(InputError, match="later than this one"):
        changed([row("a")], [row("a")], "2025-02-19", "2025-02-18")
    twice = cases([row("a")], "2025-02-17")
    with pytest.raises(InputError, match="last run holds a value twice"):
        what_changed(pd.concat([twice, twice]), twice)
    empty = cases([row("a")], "2025-02-17").iloc[:0]
    assert len(what_changed(empty, empty).table) == 0


def test_what_a_person_should_look_at():
    """20 weeks from 6 January are over on 26 May: both cases are late from the 27th."""
    before = [row("a"), row("b"), row("lost"), row("cleared", panel_date="2025-03-01")]
    after = [
        row("a", received_date="2025-01-05"),
        row("b"),
        row("cleared", request_outcome="N", request_outcome_date="2025-05-27"),
    ]
    found = changed(before, after, "2025-05-26", "2025-05-27")
    assert (found.late_before, found.late_after) == (0, 2)
    assert found.concerns == (
        "Open cases past the limit for the final plan: 2, 2 more than in the last run.",
        "1 case of the last run not in this one.",
        "1 case with a date on record moved back.",
        "1 case with a date on record removed.",
    )


def test_nothing_to_look_at_when_fewer_are_late():
    ended = row("a", request_outcome="N", request_outcome_date="2025-06-02")
    found = changed([row("a"), row("b")], [ended, row("b")], "2025-06-01", "2025-06-02")
    assert (found.late_before, found.late_after, found.concerns) == (2, 1, ())


def test_a_limit_that_one_of_the_runs_does_not_hold_is_not_newly_overdue():
    # Six weeks from 6 January 2025 are 17 February.
    before, after = cases([row("a")], "2025-02-17"), cases([row("a")], "2025-02-18")
    whole = what_changed(before, after).table["change"].tolist()
    assert whole.count("newly_overdue") == 1
    less = what_changed(before.drop(columns="request_decision_status"), after)
    assert less.table["change"].tolist() == [change for change in whole if change != "newly_overdue"]
