"""The shapes in which a date is written, one text at a time."""

import re
from datetime import date
from typing import Literal, NamedTuple

Shape = Literal["year_first", "named", "numeric", "serial", "zoned", "blank", "not_a_date"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
_NAMES = {name: n for n, name in enumerate(_MONTHS, 1)}
_NAMES |= {name: n for n, name in enumerate((*_LONG, "november", "december"), 1)} | {"sept": 9}

_TIME = (
    r"(?:(?:T|\s+|,\s*)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]m)?\s*(?P<zone>Z|UTC|GMT|BST|[+-]\d{2}(?::?\d{2})?)?)?"
)


def _form(text: str) -> re.Pattern[str]:
    return re.compile(text + _TIME, re.IGNORECASE | re.ASCII)


_YEAR_FIRST = _form(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})")
_COMPACT = _form(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_YEAR_NAMED = _form(r"(?P<year>\d{4})[- /](?P<month>[a-z]+)\.?[- /](?P<day>\d{1,2})")
_DAY_NAMED = _form(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[- /]?(?P<month>[a-z]+)\.?,?[- /]?(?P<year>\d{4}|\d{2})")
_MONTH_NAMED = _form(r"(?P<month>[a-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})")
_NUMERIC = _form(r"(?P<day>\d{1,2})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})")
_SERIAL = re.compile(r"\d+(?:\.\d*)?", re.ASCII)

_WRITTEN_BLANK = frozenset({"", "null", "nan", "nat", "none", "<na>"})
_DAY_SECONDS = 86_400
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()  # a serial counts from here for every day after February 1900
_SERIALS = range(date(1990, 1, 1).toordinal() - _EXCEL_EPOCH, date(2101, 1, 1).toordinal() - _EXCEL_EPOCH)


class Form(NamedTuple):
    """One text, taken apart: for `numeric`, `first` and `second` are the parts before the year, as they stand."""

    shape: Shape
    year: int = 0
    first: int = 0
    second: int = 0
    seconds: int = 0
    why: str = ""


def take_apart(text: str) -> Form:
    """Say what a text is, without deciding which part of a numeric date is the day; nothing of it is remembered.

    >>> take_apart("2022-Sep-28 00:00:00")
    Form(shape='named', year=2022, first=28, second=9, seconds=0, why='')
    >>> take_apart("03/04/2025").shape, take_apart("45602").shape, take_apart("w/c 3rd March").shape
    ('numeric', 'serial', 'not_a_date')
    """
    text = text.strip()
    if text.lower() in _WRITTEN_BLANK:
        return Form("blank")
    for pattern, shape in _BY_PATTERN:
        if match := pattern.fullmatch(text):
            return _dated(match, shape)
    return _serial(text) if _SERIAL.fullmatch(text) else Form("not_a_date", why="not a date")


_BY_PATTERN: tuple[tuple[re.Pattern[str], Shape], ...] = (
    (_YEAR_FIRST, "year_first"),
    (_NUMERIC, "numeric"),
    (_YEAR_NAMED, "named"),
    (_DAY_NAMED, "named"),
    (_COMPACT, "year_first"),
    (_MONTH_NAMED, "named"),
)


def _dated(match: re.Match[str], shape: Shape) -> Form:
    if match["zone"]:
        return Form("zoned")
    if len(match["year"]) == 2:
        return Form("not_a_date", why="a year of two digits")
    named = shape == "named"
    month = _NAMES.get(match["month"].lower(), 0) if named else int(match["month"])
    seconds = _seconds(match)
    if named and not month:
        return Form("not_a_date", why="not a date")
    if seconds is None:
        return Form("not_a_date", why="no such time")
    return Form(shape, int(match["year"]), int(match["day"]), month, seconds)


def _seconds(match: re.Match[str]) -> int | None:
    """Give the time of day; None where there is no such time."""
    if match["hour"] is None:
        return 0
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (match["half"].lower() == "pm")
    in_range = hour < 24 and minute < 60 and second < 60
    return hour * 3600 + minute * 60 + second if in_range else None


def _serial(text: str) -> Form:
    number = float(text)
    if not _SERIALS.start <= number < _SERIALS.stop:
        return Form("not_a_date", why="a number, not a date")
    moment = round(number * _DAY_SECONDS)  # to the second: 45602.9999999 is the start of the next day
    day = date.fromordinal(_EXCEL_EPOCH + moment // _DAY_SECONDS)
    return Form("serial", day.year, day.day, day.month, moment % _DAY_SECONDS)


_FILLER = re.compile(
    "st|nd|rd|th|am|pm|w|c|wc|wb|week|beginning|commencing|ending|of|tbc|tba|n|a|na|unknown|before|after|about"
    "|mon(day)?|tue(sday)?|wed(nesday)?|thu(rsday)?|fri(day)?|sat(urday)?|sun(day)?"
)


def showable(text: str) -> str:
    """Give a text that is not a date back only if it holds nothing but numbers and the words of dates.

    A cell of a date column may hold a name or a note about a child, and those are never repeated.

    >>> showable("w/c 3rd March"), showable("ask Mrs Jones")
    ('w/c 3rd March', '(words)')
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    digits = re.findall(r"\d", re.sub(r"\d{1,2}:\d{2}(:\d{2})?", "", text))
    short = (
        len(text) <= 40 and len(digits) <= 8
    )  # more digits than a date has may be a number that names a child
    known = all(
        _FILLER.fullmatch(word) or (digits and word in _NAMES) for word in words
    )  # alone, April may be a person
    return text if short and known else "(words)"
