"""The calendar: all-day events for limits still to be met, by case id alone, the same file whenever it is made."""

from datetime import UTC, date, datetime

import icalendar
import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.calendar_feed import Feed, calendar
from ehcptime.tracking.track import track
from questions_frames import cases

ROWS = [
    {"case_id": "a", "received_date": "2025-04-02", "request_outcome": "Y", "request_outcome_date": "2025-05-01", "caseworker": "Kim Secret", "team": "North"},
    {"case_id": "b", "received_date": "2025-04-02", "week20": 1, "request_outcome": "Y", "request_outcome_date": "2025-05-01", "caseworker": "Jo"},
    {"case_id": "c", "received_date": "2025-04-02", "request_outcome": "N", "request_outcome_date": "2025-05-01"},
    {"case_id": "d", "received_date": "2025-04-02", "request_outcome": "Y", "request_outcome_date": "2025-05-01", "issue_decision_date": "2025-07-01", "draft_sent_date": "2025-08-01"},
]  # fmt: skip


@pytest.fixture
def tracked():
    return cases(ROWS, "2025-08-04")


def events(path):
    return list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def test_limits_still_to_be_met_are_events_of_one_day(tracked, tmp_path):
    assert calendar(tracked, tmp_path / "x.ics", audience="internal") == Feed(limits=5, lifted=1)
    found = [(e["DTSTART"].dt, e["DTEND"].dt, str(e["SUMMARY"])) for e in events(tmp_path / "x.ics")]
    assert found == [
        (date(2025, 7, 23), date(2025, 7, 24), "a: Decision whether to issue a plan, last day"),
        (date(2025, 7, 23), date(2025, 7, 24), "b: Decision whether to issue a plan, last day"),
        (
            date(2025, 8, 15),
            date(2025, 8, 16),
            "d: Time to comment on the draft plan, last day of the family's time",
        ),
        (date(2025, 8, 20), date(2025, 8, 21), "a: Final plan, last day"),
        (date(2025, 8, 20), date(2025, 8, 21), "d: Final plan, last day"),
    ]
    assert {e["DTSTAMP"].dt for e in events(tmp_path / "x.ics")} == {datetime(2025, 8, 4, tzinfo=UTC)}


def test_only_the_cases_of_one_worker_who_is_not_named(tracked, tmp_path):
    calendar(tracked, tmp_path / "x.ics", audience="internal", caseworker="Kim Secret")
    text = (tmp_path / "x.ics").read_text(encoding="utf-8")
    assert "Secret" not in text
    assert "North" not in text
    assert {str(e["SUMMARY"])[0] for e in events(tmp_path / "x.ics")} == {"a"}


def test_the_same_positions_give_the_same_file_and_later_ones_the_same_ids(tracked, tmp_path):
    shuffled = tracked.sample(frac=1, random_state=1)
    for name, frame in (("x", tracked), ("y", shuffled), ("z", cases(ROWS, "2025-08-05"))):
        calendar(frame, tmp_path / f"{name}.ics", audience="internal")
    assert (tmp_path / "x.ics").read_bytes() == (tmp_path / "y.ics").read_bytes()
    ids = [{str(e["UID"]) for e in events(tmp_path / f"{name}.ics")} for name in "xz"]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 5


@pytest.mark.parametrize("audience", ["public", "provider"])
def test_nobody_outside_is_given_one(tracked, tmp_path, audience):
    with pytest.raises(CommandError, match=f"cannot go to '{audience}'"):
        calendar(tracked, tmp_path / "x.ics", audience=audience)
    assert not (tmp_path / "x.ics").exists()


def test_what_cannot_be_written_is_refused(tracked, tmp_path):
    with pytest.raises(CommandError, match=r"end its name in \.ics"):
        calendar(tracked, tmp_path / "x.txt", audience="internal")
    with pytest.raises(CommandError, match="no column 'caseworker'"):
        calendar(tracked.drop(columns="caseworker"), tmp_path / "x.ics", audience="internal", caseworker="Jo")
    with pytest.raises(InputError, match="cannot be written"):
        calendar(tracked, tmp_path / "none" / "x.ics", audience="internal")
    with pytest.raises(InputError, match="call track"):
        calendar(pd.DataFrame({"case_id": ["a"]}), tmp_path / "x.ics", audience="internal")


def test_no_cases_make_an_empty_calendar(tracked, tmp_path):
    assert calendar(tracked.iloc[:0], tmp_path / "x.ics", audience="internal") == Feed(0, 0)
    assert events(tmp_path / "x.ics") == []


def test_a_caseload_has_an_event_for_each_running_or_overdue_limit_that_stands(tmp_path):
    frame = track(simulate(500, as_at=date(2025, 3, 31), seed=4).cases, as_at=date(2025, 3, 31))
    expected = 0
    for row in frame.to_dict("records"):
        for rule in ("request_decision", "issue_decision", "plan_final", "draft_comment"):
            stands = row[f"{rule}_status"] in ("running", "overdue") and not row[f"{rule}_exempt"]
            expected += bool(row["is_open"] and stands)
    found = calendar(frame, tmp_path / "x.ics", audience="internal")
    assert found.limits == len(events(tmp_path / "x.ics")) == expected > 0
