"""Broad groups and bands: small ones put together before a table is published, so that few numbers of it, or of the tables beside it, must be hidden."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ehcptime.questions.grouping import texts
from ehcptime.questions.intervals import intervals
from ehcptime.questions.periods import ALL
from ehcptime.questions.rounding import percent

UNKNOWN, OR_UNKNOWN = "unknown", " or unknown"

OTHERS = "other groups"
_LIMIT = 20  # weeks: bands past it stay as they are
_FEWEST, _BASE = 5, 10  # the threshold of `suppress`, and the base below which it prints no percentage
_COUNTS = ["numerator", "denominator"]


def broad(table: pd.DataFrame) -> pd.DataFrame | None:
    """Put together the groups of a table of `equality_view` whose numbers would be hidden, and as many of the smallest as it takes.

    A group can be printed where what is counted in it, and what is not, is 0 or at least 5, and it has at least 10 cases. Rows keep
    their order, the groups put together come last, and medians are left out, since those of two groups give none of both. None where
    fewer than two groups are left, or where the whole is too small itself.

    >>> table = pd.DataFrame({"area": ["all", "a", "b", "c", "d"], "numerator": [40, 20, 18, 1, 1], "denominator": [84, 40, 36, 4, 4],
    ...     "percent": [47.6, 50.0, 50.0, 25.0, 25.0], "measure": "plans_due_20wk", "as_at": pd.Timestamp("2025-03-31")})
    >>> broad(table)[["area", "numerator", "denominator"]].to_numpy().tolist()
    [['all', 40, 84], ['a', 20, 40], ['other groups', 20, 44]]
    """
    label = str(table.columns[0])
    whole, groups = (table[table[label].eq(ALL) == is_all] for is_all in (True, False))
    if not _can_be_printed(whole[_COUNTS].sum()):
        return None
    small = [not _can_be_printed(row) for _, row in groups[_COUNTS].iterrows()]
    together = _together(groups, pd.Series(small, index=groups.index))
    if (together.sum() and len(groups) - together.sum() < 1) or len(groups) < 2:
        return None
    return _as_one(whole, groups, together, label)


def _can_be_printed(counts: "pd.Series[int]") -> bool:
    top, base = int(counts["numerator"]), int(counts["denominator"])
    return not base or (base >= _BASE and all(not part or part >= _FEWEST for part in (top, base - top)))


def _together(groups: pd.DataFrame, small: "pd.Series[bool]") -> "pd.Series[bool]":
    """The small groups, and the smallest of the others until the sum of them can be printed."""
    chosen = small.copy()
    for place in groups["denominator"].sort_values(kind="stable").index:
        if not chosen.any() or _can_be_printed(groups.loc[chosen, _COUNTS].sum()):
            break
        chosen[place] = True
    return chosen


def _as_one(
    whole: pd.DataFrame, groups: pd.DataFrame, together: "pd.Series[bool]", label: str
) -> pd.DataFrame:
    rows = [whole, groups[~together]]
    if together.any():
        counts = groups.loc[together, _COUNTS].sum().to_frame().T.astype("int64")
        rows.append(counts.assign(**{label: OTHERS, "measure": whole["measure"].iloc[0]}))
    columns = [label, *_COUNTS, "measure"]
    made = pd.concat([one[columns].astype({label: object}) for one in rows], ignore_index=True)
    shares = percent(made["numerator"], made["denominator"])
    named = made.assign(**{label: texts(made[label].tolist())}, percent=shares)[
        [label, *_COUNTS, "percent", "measure"]
    ]
    return intervals(named).assign(as_at=whole["as_at"].iloc[0])


class _Band(NamedTuple):
    low: int
    high: int
    open: int

    @property
    def is_small(self) -> bool:
        """Whether it would have to be hidden."""
        return 0 < self.open < _FEWEST


def broad_ages(bands: pd.DataFrame) -> pd.DataFrame:
    """Join bands of `backlog` up to 20 weeks that are small with a neighbour, and a few of unknown age with the youngest.

    By itself a small band would be hidden, and another beside it, which can be that of the longest waits.

    >>> bands = pd.DataFrame({"age_band": ["0-6", "6-12", "12-16", "16-20", "20-30", "unknown"], "open": [9, 12, 4, 7, 30, 1]})
    >>> broad_ages(bands).to_numpy().tolist()
    [['0-6 or unknown', 10], ['6-12', 12], ['12-20', 11], ['20-30', 30]]
    """
    counts = dict(zip(bands["age_band"].tolist(), bands["open"].tolist(), strict=True))
    young = [band for name, number in counts.items() for band in _young(name, number)]
    few = counts[UNKNOWN] if 0 < counts[UNKNOWN] < _FEWEST else 0
    youngest, *others = _joined([young[0]._replace(open=young[0].open + few), *young[1:]])
    rows = {f"{youngest.low}-{youngest.high}{OR_UNKNOWN if few else ''}": youngest.open}
    rows |= {f"{one.low}-{one.high}": one.open for one in others}
    rows |= {name: number for name, number in counts.items() if not list(_young(name, number))}
    if few:
        del rows[UNKNOWN]
    return pd.DataFrame(rows.items(), columns=["age_band", "open"])


def _young(name: str, number: int) -> Iterator[_Band]:
    low, _, high = name.partition("-")
    if high and int(high) <= _LIMIT:
        yield _Band(int(low), int(high), number)


def _joined(bands: list[_Band]) -> list[_Band]:
    """A small band joined with the next one, the last with the one before it, until none is small."""
    left = list(bands)
    while len(left) > 1 and any(band.is_small for band in left):
        first = min(next(place for place, band in enumerate(left) if band.is_small), len(left) - 2)
        one, two = left[first : first + 2]
        left[first : first + 2] = [_Band(one.low, two.high, one.open + two.open)]
    return left
