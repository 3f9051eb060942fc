"""Words: cells, shares and periods of published tables as a reader meets them, the same in text, chart and table."""

import unicodedata
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehcptime.law.versions import MONTHS
from ehcptime.outputs.markers import CONFIDENTIAL, is_marker

HIDDEN = "a hidden number"
NOT_SHOWN = "not shown, because it rests on fewer than 5 or would give away a number that does"
NOTHING = "n/a"
_DROPPED = ("Cc", "Cf", "Cs")  # control and formatting characters, and halves of characters


def clean(text: str) -> str:
    r"""Drop control characters, those that turn the direction of reading among them.

    >>> clean("a\x00b\u202ec")
    'abc'
    """
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in _DROPPED)


def number(value: Any) -> float | None:
    """Read a cell as a number; None where it is missing or hidden."""
    return None if is_marker(value) or pd.isna(value) else float(value)


def said(value: Any) -> str:
    """Write a cell of a table: whole numbers with commas, others to one decimal, markers as they are.

    >>> said(1234), said(12.5), said("[c]"), said(None)
    ('1,234', '12.5', '[c]', 'n/a')
    """
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):
        return NOTHING
    if pd.api.types.is_bool(value):
        return "yes" if value else "no"
    return f"{value:,.1f}" if float(value) != int(value) or isinstance(value, float) else f"{value:,}"


def spoken(value: Any) -> str:
    """Write a number in a sentence, where a marker would not be understood.

    >>> spoken(3), spoken("[c]"), spoken(pd.NA)
    ('3', 'a hidden number', 'an unknown number')
    """
    if is_marker(value):
        return HIDDEN if value == CONFIDENTIAL else "an unknown number"
    return "an unknown number" if pd.isna(value) else said(value)


def is_hidden(row: Mapping[Any, Any], part: str = "numerator", whole: str = "denominator") -> bool:
    """Say whether both counts of a share are hidden, so that nothing of it can be said.

    >>> is_hidden({"numerator": "[c]", "denominator": 37})
    False
    """
    return bool(row[part] == CONFIDENTIAL and row[whole] == CONFIDENTIAL)


def share(row: Mapping[Any, Any], part: str = "numerator", whole: str = "denominator") -> str:
    """Say a share as its counts and its percentage, or why there is none.

    >>> share({"numerator": 12, "denominator": 90, "percent": 13.3})
    '12 of 90 (13.3 per cent)'
    >>> share({"numerator": 0, "denominator": 0, "percent": None})
    'none of none, so there is no percentage'
    >>> share({"numerator": "[c]", "denominator": "[c]", "percent": "[c]"})
    'not shown, because it rests on fewer than 5 or would give away a number that does'
    """
    if is_hidden(row, part, whole):
        return NOT_SHOWN
    if number(row[whole]) == 0:
        return "none of none, so there is no percentage"
    counts = f"{spoken(row[part])} of {spoken(row[whole])}"
    percent = number(row["percent"])
    return f"{counts} (the percentage is hidden)" if percent is None else f"{counts} ({percent} per cent)"


def brief(row: Mapping[Any, Any], part: str = "numerator", whole: str = "denominator") -> str:
    """Say a share in the few words that fit beside a bar, with markers as they are.

    >>> brief({"in_time": 12, "due": 90, "percent": 13.3}, "in_time", "due")
    '12 of 90, 13.3%'
    """
    percent = number(row["percent"])
    return f"{said(row[part])} of {said(row[whole])}" + ("" if percent is None else f", {percent}%")


def axis_words(label: str) -> str:
    """Say a period under a chart, where there is little room.

    >>> axis_words("2025-03"), axis_words("2025 Q2")
    ('March 2025', 'Apr to Jun 2025')
    """
    words = period_words(label).split()
    return " ".join(word[:3] for word in words[:-1]) + f" {words[-1]}" if "to" in words else " ".join(words)


def period_words(label: str) -> str:
    """Say a month or a quarter in words; another label stays as it is.

    >>> period_words("2025-03"), period_words("2025 Q2"), period_words("all")
    ('March 2025', 'April to June 2025', 'all')
    """
    year, *rest = label.replace(" Q", "-Q").split("-")
    if rest and rest[0].startswith("Q"):
        first = 3 * int(rest[0][1:]) - 3
        return f"{MONTHS[first]} to {MONTHS[first + 2]} {year}"
    if rest:
        return f"{MONTHS[int(rest[0]) - 1]} {year}"
    return label
