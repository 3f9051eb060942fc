"""Differences of groups from the whole, read from the printed table alone, and said without a cause."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.questions.grouping import NOT_RECORDED, texts
from ehcptime.questions.intervals import wilson, z_of
from ehcptime.questions.periods import ALL
from ehcptime.tracking.words import count

COLUMNS = (
    *("characteristic", "group", "measure", "numerator", "denominator", "percent", "percent_low"),
    *("percent_high", "percent_all", "difference", "difference_low", "difference_high", "beyond_chance"),
    *("median_weeks", "median_weeks_all"),
)
_NUMBERS = ("numerator", "denominator", "percent", "percent_low", "percent_high")
_SAID = {
    "plans_due_20wk": "of {plans} due, {numerator:,} on time ({percent} per cent)",
    "open_over_52wk": "of {open} open, {numerator:,} over 52 weeks ({percent} per cent)",
}
_FEWEST = 10  # cases of a group below which one of them can move its interval past 0
_MEASURED = {"plans_due_20wk": "on time", "open_over_52wk": "over 52 weeks"}

_Floats = npt.NDArray[np.float64]


def differences(table: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Set each group of a table of `equality_view` beside its row for `all`; the table may be one that was made fit for the public.

    Gives one row per group: `characteristic`, `group`, `measure`, the counts and the percentage with its interval, `percent_all`;
    `difference`, in percentage points from all cases (the group among them), with `difference_low` and `difference_high`;
    `beyond_chance`, whether 0 lies outside of these, empty for a group of under 10, whose interval is too rough to say so; and the
    two medians. What is hidden in the table is empty here, and so is a difference of a group that is the whole. The interval is Newcombe's for the group against the others, times the others' share.
    Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10.

    >>> table = pd.DataFrame({"area": ["all", "north", "south"], "numerator": [60, 10, 50], "denominator": [100, 40, 60],
    ...     "percent": [60.0, 25.0, 83.3], "percent_low": [50.2, 14.2, 72.0], "percent_high": [69.1, 40.2, 90.7], "measure": "plans_due_20wk"})
    >>> differences(table)[["group", "difference", "difference_low", "difference_high", "beyond_chance"]].to_numpy().tolist()
    [['north', -35.0, -42.8, -23.6, True], ['south', 23.3, 15.7, 28.6, True]]
    """
    label = str(table.columns[0])
    is_all = table[label].eq(ALL).to_numpy()
    if is_all.sum() != 1:
        raise InputError(f"the table by {label!r} has no row 'all': give a table of equality_view")
    numbers = {name: _numbers(table, name) for name in (*_NUMBERS, "median_weeks")}
    groups = ~is_all
    found = {name: values[groups] for name, values in numbers.items()}
    whole = {name: float(values[is_all][0]) for name, values in numbers.items()}
    gap, low, high = _gap(found, whole, z_of(level))
    shown = {name: pd.Series(_whole(found[name]), dtype="Int64").array for name in _NUMBERS[:2]}
    shown |= {name: _floats(found[name]) for name in (*_NUMBERS[2:], "median_weeks")}
    answer = pd.DataFrame({"group": texts(table[label][groups].tolist()), **shown}).assign(
        characteristic=label,
        measure=table["measure"][groups].tolist(),
        percent_all=_floats(np.full(groups.sum(), whole["percent"])),
        difference=_floats(gap),
        difference_low=_floats(low),
        difference_high=_floats(high),
        beyond_chance=pd.array((low > 0) | (high < 0), dtype="boolean"),
        median_weeks_all=_floats(np.full(groups.sum(), whole["median_weeks"])),
    )
    untold = answer["difference"].isna() | answer["denominator"].lt(_FEWEST).fillna(value=True)
    answer["beyond_chance"] = answer["beyond_chance"].mask(untold.astype(bool))
    return answer[list(COLUMNS)]


def _numbers(table: pd.DataFrame, name: str) -> _Floats:
    """A column as numbers; NaN where the table holds a marker, or no such column."""
    if name not in table:
        return np.full(len(table), np.nan)
    return pd.to_numeric(table[name], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def _whole(values: _Floats) -> list[object]:
    return [pd.NA if np.isnan(value) else int(value) for value in values]


def _floats(values: _Floats) -> pd.api.extensions.ExtensionArray:
    return pd.array(
        [pd.NA if np.isnan(value) else round(float(value), 1) + 0.0 for value in values], dtype="Float64"
    )


def _gap(found: dict[str, _Floats], whole: dict[str, float], z: float) -> tuple[_Floats, _Floats, _Floats]:
    """Percentage points between each group and all, low and high; NaN where a count is hidden, or there are no others."""
    top, bottom = found["numerator"], found["denominator"]
    rest_top, rest = whole["numerator"] - top, whole["denominator"] - bottom
    told = ~np.isnan(found["percent"]) & ~np.isnan(whole["percent"]) & (bottom > 0) & (rest > 0)
    told &= ~np.isnan(top + rest_top)
    safe = [np.where(told, values, 1.0) for values in (top, bottom, rest_top, rest)]
    (low, high), (rest_low, rest_high) = wilson(safe[0], safe[1], z), wilson(safe[2], safe[3], z)
    share, others = safe[0] / safe[1], safe[2] / safe[3]
    scale = np.where(told, 100 * safe[3] / (safe[1] + safe[3]), np.nan)
    gap = share - others
    return (
        gap * scale,
        (gap - np.hypot(share - low, rest_high - others)) * scale,
        (gap + np.hypot(high - share, others - rest_low)) * scale,
    )


def lines_of(found: pd.DataFrame, not_held: Sequence[str], level: float) -> list[str]:
    """Say a table of differences in sentences, one for each group, with none that states a cause."""
    groups = found[~found["characteristic"].isin(not_held)]
    lines = [_line(row) for row in groups.to_dict("records")]
    lines += [f"{_named(column)}: not recorded in this extract." for column in not_held]
    return [*lines, *_of_chance(groups["beyond_chance"], level)]


def _of_chance(beyond: Iterable[Any], level: float) -> Iterator[str]:
    told = [bool(value) for value in beyond if not pd.isna(value)]
    if told:
        expected = f"about {number}" if (number := round(len(told) * (1 - level))) else "fewer than 1"
        yield (
            f"{sum(told)} of {count(len(told), 'difference')} lie beyond chance; with no difference at all between the groups "
            f"{expected} would. The figures describe who waits, and claim no more."
        )


def _line(row: Mapping[Any, Any]) -> str:
    who = (
        f"{_named(row['characteristic'])}, {row['group'] if row['group'] != NOT_RECORDED else 'not recorded'}"
    )
    if any(pd.isna(row[name]) for name in ("numerator", "denominator")):
        return f"{who}: the figures of this group are not shown."
    if pd.isna(row["percent"]):
        shown = "no case counts" if not row["denominator"] else "too few cases for a percentage"
        return f"{who}: {shown} ({_MEASURED[row['measure']]})."
    said = _SAID[row["measure"]].format(
        **row, plans=count(row["denominator"], "plan"), open=count(row["denominator"], "case")
    )
    return f"{who}: {said}{_of_difference(row)}{_of_median(row)}."


def _of_difference(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["difference"]):
        return ""
    gap = row["difference"]
    side = "as for all cases" if not gap else f"{abs(gap)} points {'above' if gap > 0 else 'below'} all cases"
    limits = f"between {row['difference_low']} and {row['difference_high']} points"
    return f", {side} ({row['percent_all']}); {_of_kind(row['beyond_chance'])} ({limits})"


def _of_kind(beyond: Any) -> str:
    if pd.isna(beyond):
        return "too few to tell from chance"
    return "beyond chance" if beyond else "within chance"


def _of_median(row: Mapping[Any, Any]) -> str:
    if pd.isna(row["median_weeks"]):
        return ""
    return f"; median age {row['median_weeks']} weeks, of all {row['median_weeks_all']}"


def _named(column: str) -> str:
    """A column as words: `primary_need` is Primary need."""
    return column.replace("_", " ").capitalize()
