"""Months of delay: whole months from a last day, and the days left over."""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from ehcptime.tracking.words import count, length, long_date


class Delay(NamedTuple):
    """How long after a last day something came, in days and in months. `months` are whole, and `rest` the days after them."""

    first: date
    last: date
    months: int
    rest: int

    @property
    def days(self) -> int:
        """Days of delay."""
        return (self.last - self.first).days

    @property
    def started(self) -> int:
        """Months where a part counts as one."""
        return self.months + (self.rest > 0)

    @property
    def words(self) -> str:
        """The whole months and the days left over."""
        return f"{count(self.months, 'whole month')} and {count(self.rest)}"

    @property
    def in_weeks(self) -> str:
        """The days, and the weeks and days that they are."""
        days = count(self.days)
        return days if length(self.days) == days else f"{days} ({length(self.days)})"

    @property
    def sum(self) -> str:
        """The sum by which the months were found."""
        turned = self.first + relativedelta(months=self.months)
        return (
            f"{long_date(self.first)} + {count(self.months, 'month')} = {long_date(turned)}; "
            f"+ {count(self.rest)} = {long_date(self.last)}"
        )


def delay(first: date, last: date) -> Delay:
    """Count a delay in whole months and days: each month ends on the corresponding date, or on the last day of a short month.

    >>> delay(date(2023, 10, 13), date(2024, 7, 19)).words
    '9 whole months and 6 days'
    >>> delay(date(2025, 1, 31), date(2025, 2, 28)).words
    '1 whole month and 0 days'
    """
    months = 12 * (last.year - first.year) + last.month - first.month
    if first + relativedelta(months=months) > last:
        months -= 1
    return Delay(first, last, months, (last - (first + relativedelta(months=months))).days)
