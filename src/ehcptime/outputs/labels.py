"""Labels: for whom a count is, as the groups of its row; a row of totals has none, and a month lies in a quarter and in years."""

import re
from typing import Any

import pandas as pd

from ehcptime.outputs.additions import TOTALS
from ehcptime.questions.grouping import NOT_RECORDED
from ehcptime.questions.periods import ALL, UNDATED

Key = tuple[tuple[str, str], ...]  # labels of a cell: name and value, sorted

_LENGTHS = {
    "M": r"\d{4}-(?:0[1-9]|1[0-2])",
    "Q": r"\d{4} Q[1-4]",
    "Y": r"\d{4}",
    "AY": r"\d{4}/\d\d",
    "FY": r"\d{4}-\d\d",
}


def keys_of(frame: pd.DataFrame, labels: list[str]) -> list[Key]:
    """Give the labels of each row; a row of totals has none in its column, and the name of a period says how long it is.

    >>> keys_of(pd.DataFrame({"team": ["a", "all"], "period": ["2025", "2024"]}), ["team", "period"])
    [(('period Y', '2025'), ('team', 'a')), (('period Y', '2024'),)]
    """
    values = {name: _texts(frame[name]) for name in labels}
    names = {name: _period_name(values[name]) if name == "period" else name for name in labels}
    return [
        tuple(
            sorted(
                (names[name], values[name][row])
                for name in labels
                if values[name][row].casefold() not in TOTALS
            )
        )
        for row in range(len(frame))
    ]


def _texts(values: "pd.Series[Any]") -> list[str]:
    return [NOT_RECORDED if pd.isna(value) else str(value).strip() for value in values]


def _period_name(periods: list[str]) -> str:
    """A month and a year are labels of different names. What looks like a month, `2012-11`, is one if all do."""
    dated = [period for period in periods if period not in (UNDATED, ALL)]
    for letter, form in _LENGTHS.items():
        if dated and all(re.fullmatch(form, period) for period in dated):
            return f"period {letter}"
    return "period"


def with_longer_periods(key: Key) -> dict[str, str]:
    """Give the labels of a cell, and the quarter and the years that its month or quarter lies in.

    >>> with_longer_periods((("period M", "2025-03"),))["period FY"]
    '2024-25'
    """
    labels = dict(key)
    month, quarter = labels.get("period M"), labels.get("period Q")
    if UNDATED in (month, quarter):
        labels |= {
            f"period {letter}": UNDATED for letter in (("Q", "Y", "FY", "AY") if month else ("Y", "FY"))
        }
    elif month:
        year, number = int(month[:4]), int(month[5:])
        labels |= {"period Q": f"{year} Q{(number + 2) // 3}", "period AY": _span(year - (number < 9), "/")}
        labels |= {"period Y": str(year), "period FY": _span(year - (number < 4), "-")}
    elif quarter:
        year = int(quarter[:4])
        labels |= {"period Y": str(year), "period FY": _span(year - quarter.endswith("1"), "-")}
    return labels


def _span(year: int, dash: str) -> str:
    return f"{year}{dash}{(year + 1) % 100:02d}"
