from datetime import date, timedelta

import numpy as np
import pytest

from ehcptime.clock.counting import NOT_YET, UNKNOWN, day_number, to_date
from ehcptime.errors import CommandError
from ehcptime.questions.periods import LETTERS, label, last_day, periods_of


@pytest.mark.parametrize(
    ("day", "letter", "name", "end"),
    [
        ("2025-03-31", "M", "2025-03", "2025-03-31"),
        ("2024-02-01", "M", "2024-02", "2024-02-29"),
        ("2025-03-31", "Q", "2025 Q1", "2025-03-31"),
        ("2025-04-01", "Q", "2025 Q2", "2025-06-30"),
        ("2025-12-31", "Y", "2025", "2025-12-31"),
        ("2025-03-31", "FY", "2024-25", "2025-03-31"),
        ("2025-04-01", "FY", "2025-26", "2026-03-31"),
        ("1999-04-01", "FY", "1999-00", "2000-03-31"),
        ("2025-08-31", "AY", "2024/25", "2025-08-31"),
        ("2025-09-01", "AY", "2025/26", "2026-08-31"),
        ("1969-12-31", "Q", "1969 Q4", "1969-12-31"),
    ],
)
def test_names_and_ends(day, letter, name, end):
    given = date.fromisoformat(day)
    assert label(given, letter) == name
    assert last_day(given, letter) == date.fromisoformat(end)
    found = periods_of(np.array([day_number(given)], np.int32), letter)
    assert (found.labels, to_date(found.ends[0])) == ((name,), date.fromisoformat(end))


@pytest.mark.parametrize("letter", LETTERS)
def test_every_day_of_eight_years_falls_in_the_period_that_holds_it(letter):
    first = date(2019, 11, 3)
    days = [first + timedelta(days=number) for number in range(0, 2920, 5)]
    found = periods_of(np.array([day_number(day) for day in days], np.int32), letter)
    for day, place in zip(days, found.place, strict=True):
        assert found.labels[place] == label(day, letter)
        assert to_date(found.ends[place]) >= day
        assert place == 0 or to_date(found.ends[place - 1]) < day
    assert list(found.labels) == sorted(found.labels)


def test_days_that_are_not_there_fall_in_no_period():
    found = periods_of(np.array([NOT_YET, 20179, UNKNOWN], np.int32), "M")
    assert found.place.tolist() == [-1, 0, -1]
    assert periods_of(np.array([NOT_YET], np.int32), "Y").labels == ()
    assert periods_of(np.array([], np.int32), "Y").labels == ()


@pytest.mark.parametrize("period", ["2025-03", "m", "W", ""])
def test_anything_else_is_refused(period):
    with pytest.raises(CommandError, match="one of M, Q, Y, FY, AY"):
        label(date(2025, 3, 1), period)
