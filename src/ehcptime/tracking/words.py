"""Days and dates in plain English."""

from datetime import date
from html import escape

from ehcptime.law.versions import MONTHS


def long_date(day: date) -> str:
    """Write a date as people say it, whatever the machine's language.

    >>> long_date(date(2025, 8, 20))
    '20 August 2025'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def length(days: int) -> str:
    """Write a number of days: in days below 4 weeks, else in whole weeks and days.

    >>> length(15), length(90), length(280)
    ('15 days', '12 weeks 6 days', '40 weeks')
    """
    if days < 28:
        return count(days, "day")
    weeks, rest = divmod(days, 7)
    return count(weeks, "week") + (f" {count(rest, 'day')}" if rest else "")


def count(number: int, unit: str = "day") -> str:
    """Write a number of a unit.

    >>> count(112), count(1)
    ('112 days', '1 day')
    """
    return f"{number:,} {unit}{'' if number == 1 else 's'}"


def paragraphs(text: object) -> str:
    r"""Write the lines of a result as paragraphs for a notebook, which takes them as HTML: nothing in them is markup.

    >>> paragraphs("a < b\nc")
    '<p>a &lt; b</p><p>c</p>'
    """
    return "".join(f"<p>{escape(line)}</p>" for line in str(text).splitlines())
