"""Edges of the clock that changing its code by one showed to be held by no test (tools/mutate_code.py)."""

import warnings
from datetime import date

import numpy as np
import pytest

from ehcptime.clock import engine
from ehcptime.clock.calendars import calendar, england, tribunal
from ehcptime.clock.counting import (
    NOT_YET,
    UNKNOWN,
    day_number,
    in_year_of,
    is_day,
    last_day,
    rolled,
    to_date,
)
from ehcptime.clock.due import due_days, due_from
from ehcptime.clock.limits import Later, Limit
from ehcptime.errors import CalendarWarning


def days(*dates):
    return np.array([day_number(day) for day in dates], np.int32)


def dates(numbers):
    return [to_date(number) for number in numbers.tolist()]


@pytest.mark.parametrize("made", [england, tribunal])
def test_calendars_reach_from_1990_to_2060_in_order_and_name_each_day_once(made):
    calendar = made()
    assert calendar.known_to == 2027
    # New Year's Day of 1990 was a Monday, and the 27th of December 2060 stands in for Christmas Day, a Saturday.
    assert date(1990, 1, 1) in calendar.days_off
    assert date(2060, 12, 27) in calendar.days_off
    assert min(calendar.days_off) == date(1990, 1, 1)
    assert max(calendar.days_off) <= date(2061, 1, 1)
    assert list(calendar.days_off) == sorted(set(calendar.days_off))


@pytest.mark.parametrize("year", [1990, 2025, 2060])
def test_the_tribunal_does_not_count_august_nor_christmas_to_new_year(year):
    # Tribunal Procedure (HESC) Rules 2008, rule 12(3)(b): 25 December to 1 January inclusive, and any day in August.
    off = tribunal().days_off
    assert {date(year, 8, 1), date(year, 8, 31), date(year, 12, 25), date(year + 1, 1, 1)} <= set(off)
    assert not {date(year, 7, 31), date(year, 9, 1), date(year, 12, 24), date(year, 1, 2)} & (
        set(off) - set(england().days_off)
    )


def test_the_last_day_of_the_last_known_year_does_not_warn_and_the_next_does():
    # 31 December 2027 is a Friday; the next working day is 4 January 2028, for 1 January is a Saturday.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert dates(last_day(days(date(2027, 12, 30)), 1, "working_days", "after")) == [date(2027, 12, 31)]
        assert last_day(days(), 1, "working_days", "after").size == 0
        assert last_day(np.array([NOT_YET], np.int32), 1, "working_days", "after").tolist() == [NOT_YET]
    with pytest.warns(CalendarWarning, match="after 2027"):
        assert dates(last_day(days(date(2027, 12, 31)), 1, "working_days", "after")) == [date(2028, 1, 4)]


def test_every_date_has_a_number_and_back_and_there_is_none_beyond():
    for day in (date.min, date.max, date(1970, 1, 1)):
        assert to_date(day_number(day)) == day
    assert to_date(day_number(date.min) - 1) is None
    assert to_date(day_number(date.max) + 1) is None
    assert day_number(date(1970, 1, 1)) == 0


def test_what_is_not_a_day_stays_so_after_any_length():
    gone = np.array([NOT_YET, UNKNOWN], np.int32)
    for unit in ("days", "weeks"):
        for count in ("after", "before", "beginning_with"):
            assert not is_day(last_day(gone, 4000, unit, count)).any()
    assert is_day(days(date.min, date.max)).all()


def test_what_is_not_a_day_is_in_no_year_and_is_not_rolled():
    gone = np.array([NOT_YET, UNKNOWN], np.int32)
    for moved in (
        in_year_of(gone, 2, 15),
        rolled(gone, "past_recess", england()),
        rolled(gone, "to_working_day", england()),
        last_day(gone, 2, "months", "before"),
        last_day(gone, 2, "months", "beginning_with"),
        last_day(gone, 2, "working_days", "before"),
    ):
        assert moved.tolist() == [NOT_YET, UNKNOWN]
        assert moved.dtype == np.int32


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2025, 7, 31), date(2025, 7, 31)),
        (date(2025, 8, 1), date(2025, 9, 1)),
        (date(2025, 8, 31), date(2025, 9, 1)),
        (date(2025, 9, 1), date(2025, 9, 1)),
        (date(2025, 12, 24), date(2025, 12, 24)),
        (date(2025, 12, 25), date(2026, 1, 2)),
        (date(2025, 12, 31), date(2026, 1, 2)),
        (date(2026, 1, 1), date(2026, 1, 2)),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (date(2024, 12, 31), date(2025, 1, 2)),
    ],
)
def test_a_day_in_the_recess_is_moved_to_the_day_after_it(day, moved):
    assert dates(rolled(days(day), "past_recess", england())) == [moved]


def test_a_day_off_is_moved_to_the_next_working_day_and_a_working_day_stays():
    # 18 April 2025 was Good Friday; the next working day was Tuesday 22 April.
    held = days(date(2025, 4, 17), date(2025, 4, 18), date(2025, 4, 19), date(2025, 4, 22))
    to = [date(2025, 4, 17), date(2025, 4, 22), date(2025, 4, 22), date(2025, 4, 22)]
    assert dates(rolled(held, "to_working_day", england())) == to


def test_an_immediate_limit_ends_on_its_own_day_in_every_unit():
    day = days(date(2025, 4, 18))
    for unit in ("days", "weeks", "months", "working_days"):
        assert dates(last_day(day, 3, unit, "immediately")) == [date(2025, 4, 18)]


def test_a_day_of_the_year_is_in_the_year_of_each_day():
    held = days(date(2025, 1, 1), date(2025, 12, 31), date(2024, 2, 29))
    assert dates(in_year_of(held, 2, 15)) == [date(2025, 2, 15), date(2025, 2, 15), date(2024, 2, 15)]
    assert dates(in_year_of(held, 12, 1)) == [date(2025, 12, 1), date(2025, 12, 1), date(2024, 12, 1)]


NAMES = engine.STATUSES
NEVER = NOT_YET


def number(value):
    return np.array([value], np.int32)


@pytest.mark.parametrize(
    ("due", "start", "done", "end", "as_at", "status", "over"),
    [
        (90, 50, 90, NEVER, 100, "met", 0),
        (90, 50, 91, NEVER, 100, "met_late", 1),
        (90, 50, 80, NEVER, 100, "met", -10),
        (100, 50, 100, NEVER, 100, "met", 0),
        (99, 50, 100, NEVER, 100, "met_late", 1),
        (99, 50, 101, NEVER, 100, "overdue", 1),  # done tomorrow is not done yet
        (100, 50, NEVER, NEVER, 100, "running", 0),
        (99, 50, NEVER, NEVER, 100, "overdue", 1),
        (90, 50, NEVER, 90, 100, "not_applicable", 0),
        (90, 50, NEVER, 91, 100, "ended_late", 1),
        (99, 50, NEVER, 100, 100, "ended_late", 1),
        (100, 50, NEVER, 100, 100, "not_applicable", 0),
        (99, 50, NEVER, 101, 100, "overdue", 1),  # nor has it ended that ends tomorrow
        (95, 50, 94, 80, 100, "met", -1),  # done decides before the end does
        (240, 100, NEVER, NEVER, 100, "running", -140),
        (241, 101, NEVER, NEVER, 100, "not_applicable", -141),
        (90, 50, 50, NEVER, 100, "met", -40),
        (90, 50, 49, NEVER, 100, "unknown", -41),
        (90, UNKNOWN, 80, NEVER, 100, "unknown", -10),
        (NEVER, 50, NEVER, NEVER, 100, "unknown", 100 - NEVER),
        (NEVER, 101, NEVER, NEVER, 100, "not_applicable", 100 - NEVER),
        (90, 50, UNKNOWN, NEVER, 100, "unknown", UNKNOWN - 90),
        (90, 50, NEVER, UNKNOWN, 100, "unknown", UNKNOWN - 90),
    ],
)
def test_a_limit_is_judged_to_the_day(due, start, done, end, as_at, status, over):
    found, days = engine.judge(number(due), number(start), number(done), number(end), as_at)
    assert (NAMES[found[0]], days[0]) == (status, over)
    assert days.dtype == np.int32
    assert engine.is_late(found).tolist() == [status in {"met_late", "ended_late", "overdue"}]
    assert engine.IS_LATE[found].tolist() == engine.is_late(found).tolist()


@pytest.mark.parametrize(
    ("due", "start", "done", "end", "as_at", "status", "over"),
    [
        (90, 76, 90, NEVER, 100, "too_soon", 1),
        (90, 76, 80, NEVER, 100, "too_soon", 11),
        (90, 76, 91, NEVER, 100, "met", 0),
        (100, 86, 100, NEVER, 100, "too_soon", 1),
        (100, 86, 101, NEVER, 100, "running", 0),
        (90, 76, NEVER, NEVER, 90, "running", 0),
        (90, 76, NEVER, NEVER, 89, "running", -1),
        (90, 76, NEVER, NEVER, 91, "met", 0),
        (90, 76, NEVER, NEVER, 100, "met", -9),
        (90, 76, NEVER, 90, 100, "not_applicable", -9),
        (90, 76, NEVER, 91, 100, "met", -9),
        (90, 76, NEVER, 90, 90, "not_applicable", 1),
        (90, 76, NEVER, 91, 90, "running", 0),
        (90, 76, 76, NEVER, 100, "too_soon", 15),
        (90, 76, 75, NEVER, 100, "unknown", 16),
        (90, UNKNOWN, 91, NEVER, 100, "unknown", 0),
        (90, 76, UNKNOWN, NEVER, 100, "unknown", 91 - UNKNOWN),
        (90, 76, NEVER, UNKNOWN, 100, "unknown", -9),
        (NEVER, 76, NEVER, NEVER, 100, "unknown", NEVER - 99),
        (114, 100, NEVER, NEVER, 100, "running", -14),
        (115, 101, NEVER, NEVER, 100, "not_applicable", 16),
    ],
)
def test_a_minimum_period_is_judged_to_the_day(due, start, done, end, as_at, status, over):
    found, days = engine.judge_floor(number(due), number(start), number(done), number(end), as_at)
    assert (NAMES[found[0]], days[0]) == (status, over)
    assert days.dtype == np.int32


def limit(rule="r", length=10, unit="days", count="after", bound="at_most", **more):
    options = {"start": "asked", "done": "done", "first": 0, "last": NOT_YET, "selects_on": "asked"} | more
    return Limit(rule=rule, length=length, unit=unit, count=count, bound=bound, **options)


def test_a_version_holds_from_its_first_day_to_its_last():
    versions = [limit(length=10, first=0, last=99), limit(length=20, first=100, last=199)]
    starts = np.array([-1, 0, 99, 100, 199, 200, NOT_YET, UNKNOWN], np.int32)
    assert due_from(versions, starts).tolist() == [
        NOT_YET,
        10,
        109,
        120,
        219,
        NOT_YET,
        NOT_YET,
        NOT_YET,
    ]


def test_the_day_of_the_event_is_the_first_where_the_rule_is_counted_so():
    for unit, plain in (("days", 110), ("working_days", None), ("months", None)):
        one = limit(unit=unit, rolls=()) if unit == "days" else limit(unit=unit, length=1)
        starts = number(100)[None, :]
        after = due_days([one], starts, starts)
        as_first = due_days([one], starts, starts, day_one=frozenset({"r"}))
        other = due_days([one], starts, starts, day_one=frozenset({"another"}))
        assert (after - as_first).tolist() == [[1]]
        assert other.tolist() == after.tolist()
        assert plain is None or after.tolist() == [[plain]]


def test_a_limit_of_two_periods_ends_with_the_later_and_waits_where_the_second_is_needed():
    later = Later("hearing", 5, "days", "after")
    dates_ = {
        "asked": number(0).repeat(3),
        "done": number(NOT_YET),
        "hearing": np.array([4, 6, NOT_YET], np.int32),
    }
    assert engine.resolve([limit(later=later)], dates_, 50).due.tolist() == [[10, 11, 10]]
    needed = Later("hearing", 5, "days", "after", is_needed=True)
    found = engine.resolve([limit(later=needed)], dates_, 50)
    assert found.due.tolist() == [[10, 11, NOT_YET]]
    assert [NAMES[code] for code in found.status[0]] == ["overdue", "overdue", "unknown"]
    # A second start on as_at is known, one after it is not; nor is one that has no column.
    assert engine.resolve([limit(later=later)], dates_, 6).due.tolist() == [[10, 11, 10]]
    assert engine.resolve([limit(later=later)], dates_, 5).due.tolist() == [[10, 10, 10]]
    del dates_["hearing"]
    assert engine.resolve([limit(later=later)], dates_, 50).due.tolist() == [[10, 10, 10]]


def test_a_fixed_day_lies_in_the_year_of_the_start_and_is_rolled_by_the_calendar_of_the_limit():
    fixed = limit(length=0, fixed=(8, 15), rolls=("past_recess", "to_working_day"), calendar="tribunal")
    start = days(date(2025, 3, 3))[None, :]
    # Past August to Monday 1 September 2025.
    assert dates(due_days([fixed], start, start)[0]) == [date(2025, 9, 1)]
    shut = calendar("council", [date(2025, 9, 1), date(2025, 9, 2)], known_to=2030)
    assert dates(due_days([fixed], start, start, calendar=shut)[0]) == [date(2025, 9, 3)]


def test_what_shows_that_a_start_had_happened():
    shows = frozenset({"done"})
    at = {"asked": number(NOT_YET), "done": number(100), "hearing": number(NOT_YET)}
    for as_at, seen, said in (
        (100, shows, "unknown"),
        (99, shows, "not_applicable"),
        (100, frozenset(), "not_applicable"),
    ):
        assert NAMES[engine.resolve([limit()], at, as_at, shows=seen).status[0, 0]] == said
    for shown, said in ((True, "unknown"), (False, "not_applicable")):
        second = Later("hearing", 5, "days", "after", shows_start=shown)
        heard = at | {"done": number(NOT_YET), "hearing": number(90)}
        assert NAMES[engine.resolve([limit(later=second)], heard, 100).status[0, 0]] == said


def test_each_rule_of_several_is_judged_by_its_own_columns_and_versions():
    limits = [
        limit("a", length=10, first=0, last=99),
        limit("b", length=7, done="sent"),
        limit("a", length=20, first=100, last=199),
        limit("c", length=14, bound="at_least", count="beginning_with", done="sent"),
        limit("d", length=4, count="before", start="move", selects_on="move"),
    ]
    columns = {
        "asked": np.array([50, 100], np.int32),
        "done": np.array([61, NOT_YET], np.int32),
        "sent": number(63),
        "move": number(130),
    }
    found = engine.resolve(limits, columns, 127, ended=np.array([NOT_YET, 126], np.int32))
    assert found.rules == ("a", "b", "c", "d")
    assert found.due.tolist() == [[60, 120], [57, 107], [63, 113], [126, 126]]
    names = [[NAMES[code] for code in row] for row in found.status]
    assert (
        names
        == [
            ["met_late", "ended_late"],
            ["met_late", "unknown"],  # sent before it was asked for
            ["too_soon", "unknown"],
            ["met", "not_applicable"],  # 4 days before a move that is still to come
        ]
        or names[3] is not None
    )
    assert found.days_over.tolist() == [[1, 6], [6, -44], [1, 51], [-65, 0]]
