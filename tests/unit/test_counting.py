"""Counting, beside a naive count of days that shares no code with it."""

import warnings
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.clock.calendars import calendar, england
from ehcptime.clock.counting import NOT_YET, UNKNOWN, day_number, last_day, to_date
from ehcptime.errors import CalendarWarning
from oracle import months

DAYS = st.dates(date(2014, 9, 1), date(2027, 6, 30))


def ours(day, length, unit, count, **options):
    return to_date(last_day(np.array([day_number(day)], np.int32), length, unit, count, **options)[0])


@given(
    DAYS,
    st.integers(0, 60),
    st.sampled_from(["weeks", "days", "months"]),
    st.sampled_from(["after", "beginning_with", "before"]),
)
def test_weeks_days_and_months_are_counted_as_a_naive_count_does(day, length, unit, count):
    if length == 0 and count != "after":
        return
    assert ours(day, length, unit, count) == months.last_day(day, count=count, **{unit: length})


@given(
    DAYS.filter(lambda day: day < date(2026, 12, 1)),
    st.integers(1, 35),
    st.sampled_from(["after", "beginning_with", "before"]),
)
def test_working_days_are_counted_one_by_one(day, length, count):
    naive = months.last_day(day, count=count, working_days=length, holidays=england().days_off)
    assert ours(day, length, "working_days", count) == naive


@pytest.mark.parametrize(
    ("start", "length", "count", "last"),
    [
        # Easter 2025: Good Friday 18 April, Easter Monday 21 April.
        (date(2025, 4, 17), 1, "after", date(2025, 4, 22)),
        (date(2025, 4, 17), 1, "beginning_with", date(2025, 4, 17)),
        (date(2025, 4, 18), 1, "beginning_with", date(2025, 4, 22)),
        # One-off bank holidays: 2 and 3 June 2022, 19 September 2022, 8 May 2023.
        (date(2022, 6, 1), 1, "after", date(2022, 6, 6)),
        (date(2022, 9, 16), 1, "after", date(2022, 9, 20)),
        (date(2023, 5, 5), 1, "after", date(2023, 5, 9)),
        # Christmas 2021 fell on a weekend: 27 and 28 December were taken instead.
        (date(2021, 12, 24), 1, "after", date(2021, 12, 29)),
    ],
)
def test_working_days_around_the_bank_holidays_of_england(start, length, count, last):
    assert ours(start, length, "working_days", count) == last


def test_a_month_has_the_corresponding_day_or_its_last():
    assert ours(date(1978, 9, 30), 4, "months", "after") == date(1979, 1, 30)  # Dodds v Walker
    assert ours(date(2024, 1, 31), 1, "months", "after") == date(2024, 2, 29)
    assert ours(date(2025, 1, 31), 1, "months", "after") == date(2025, 2, 28)
    assert ours(date(2024, 2, 29), 12, "months", "beginning_with") == date(2025, 2, 27)


def test_days_that_are_not_there_stay_away():
    days = np.array([NOT_YET, UNKNOWN], np.int32)
    for unit in ("months", "working_days"):
        assert last_day(days, 3, unit, "after").tolist() == [NOT_YET, UNKNOWN]


def test_a_clock_change_does_not_move_a_day():
    # The clocks went back on 26 October 2025.
    assert ours(date(2025, 6, 10), 20, "weeks", "after") == date(2025, 10, 28)


def test_counting_past_the_last_known_year_warns():
    with pytest.warns(CalendarWarning, match="2027"):
        ours(date(2027, 12, 20), 20, "working_days", "after")


def test_a_calendar_can_be_replaced():
    shut = calendar("council", [date(2025, 3, 4)], known_to=2026)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ours(date(2025, 3, 3), 1, "working_days", "after", calendar=shut) == date(2025, 3, 5)


def test_england_has_the_bank_holidays_that_were_published():
    # gov.uk/bank-holidays, typed by hand.
    published = {
        2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
        2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
        2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
        2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
        2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    }
    for year, days in published.items():
        weekdays = {day for day in england().days_off if day.year == year and day.weekday() < 5}
        assert weekdays == {date.fromisoformat(f"{year}-{day}") for day in days.split()}


def test_a_period_of_working_days_never_ends_on_a_day_off():
    for start in (date(2025, 4, 10) + timedelta(days=n) for n in range(30)):
        last = ours(start, 3, "working_days", "after")
        assert last.weekday() < 5
        assert last not in england().days_off
