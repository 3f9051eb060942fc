"""Shares: the counts that a percentage is made of, and the count that it gives away where only one of them is printed."""

import re
from collections.abc import Iterator
from itertools import permutations

import pandas as pd

from ehcptime.outputs.additions import BASES, PAIRS
from ehcptime.outputs.roles import Roles, numbers_in

_EDGE = re.compile(r"_(?:low|high)$")  # of an interval around a percentage
_OFF = 0.051  # a percentage to one decimal is off by half of the last at most


def pair_of(frame: pd.DataFrame, column: str, roles: Roles) -> tuple[str, str | None]:
    """Name the numerator and the denominator of a percentage: counts whose share it is in every row that has one.

    Where no two counts are, it stands for its own numerator, over the base of its table; the denominator is None where there is none.

    >>> from ehcptime.outputs.roles import roles_of
    >>> frame = pd.DataFrame({"late": [10, 9], "cases": [40, 12], "late_percent": [25.0, 75.0]})
    >>> pair_of(frame, "late_percent", roles_of(frame, "late"))
    ('late', 'cases')
    """
    inner = _EDGE.sub("", column)
    if inner != column:
        return pair_of(frame, inner, roles) if inner in frame else (column, None)
    base = next((base for base in BASES if base in roles("count")), None)
    return next(_pairs_that_fit(frame, column, roles("count")), (column, base))


def _pairs_that_fit(frame: pd.DataFrame, column: str, counts: list[str]) -> Iterator[tuple[str, str]]:
    share = numbers_in(frame[column])
    numbers = {count: found for count in counts if (found := numbers_in(frame[count])) is not None}
    if share is None:
        return
    for part, whole in [*PAIRS, *permutations(counts, 2)]:
        if part in numbers and whole in numbers:
            off = (100 * numbers[part] / numbers[whole].where(numbers[whole] > 0) - share).abs()
            if off.notna().any() and not (off > _OFF).any():
                yield part, whole


def products(frame: pd.DataFrame, column: str, denominator: str) -> list[int | None]:
    """Work out the numerators that percentages and their denominators give away; None where one is missing.

    >>> products(pd.DataFrame({"percent": [33.3, None], "cases": [12, 0]}), "percent", "cases")
    [4, None]
    """
    share, base = numbers_in(frame[column]), numbers_in(frame[denominator])
    if share is None or base is None:
        return [None] * len(frame)
    return [None if pd.isna(value) else round(value) for value in share * base / 100]
