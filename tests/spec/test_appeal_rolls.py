"""The last day of an appeal under Tribunal rule 12, for every day of a decade, against a walk through the calendar."""

from datetime import date, timedelta

import numpy as np

from ehcptime.clock.calendars import england
from ehcptime.clock.counting import rolled, to_date
from oracle.bank_holidays import ENGLAND
from oracle.months import is_working, roll_appeal

FIRST, LAST = date(2015, 1, 1), date(2025, 11, 30)


def _every_day():
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def _engine(days):
    numbers = np.array([(day - date(1970, 1, 1)).days for day in days], dtype=np.int32)
    for roll in ("past_recess", "to_working_day"):
        numbers = rolled(numbers, roll, england())
    return [to_date(number) for number in numbers]


def _before_a_recess(day):
    """No day of work lies from this day to the beginning of the recess."""
    while not is_working(day, ENGLAND):
        day += timedelta(days=1)
        if (day.month, day.day) in {(8, 1), (12, 25)}:
            return True
    return False


def test_the_two_readings_of_the_roll_differ_only_on_days_off_before_a_recess():
    """There the engine gives the earlier day: the time ended on a day off and not in the recess (Reading 72)."""
    days = _every_day()
    found = {
        day: (engine, roll_appeal(day, ENGLAND)) for day, engine in zip(days, _engine(days), strict=True)
    }
    differ = {day for day, (engine, walked) in found.items() if engine != walked}
    assert differ == {day for day in days if _before_a_recess(day)}
    assert all(found[day][0] < found[day][1] for day in differ)
    assert (
        date(2022, 12, 24) in differ
    )  # a Saturday: 28 December 2022 by the engine, 3 January 2023 by the walk
    assert found[date(2022, 12, 24)] == (date(2022, 12, 28), date(2023, 1, 3))
