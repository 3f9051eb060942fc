"""What the year can still reach, in a sentence built from the numbers."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehcptime.tracking.words import count


def sentence_of(row: Mapping[str, Any], *, is_over: bool) -> str:
    """Say the bounds of one row of `year_bounds`, and what a target needs."""
    so_far = _so_far(row, is_over=is_over)
    if is_over:
        return f"{so_far} The year is over: the figure changes only if records do."
    if pd.isna(row["highest"]):
        return (
            f"{so_far} No request in hand can get its plan this year, so no figure can be computed from them."
        )
    return " ".join([so_far, _bounds(row), *_target(row), "Requests still to come are not in this."])


def _so_far(row: Mapping[str, Any], *, is_over: bool) -> str:
    if not row["issued"]:
        return f"No plan that counts has been issued in {row['year']}."
    when = row["year"] if is_over else f"{row['year']} so far"
    return f"In {when} {row['on_time']} of {count(row['issued'], 'plan')} were on time ({row['percent']} per cent)."


def _bounds(row: Mapping[str, Any]) -> str:
    if row["lowest"] == row["highest"]:
        return f"With the requests in hand the year can end only on {row['highest']} per cent."
    can, only_late = row["can_be_on_time"], row["only_late"]
    if not can:
        highest = (
            f"No request in hand can still be on time, so the year cannot pass {row['highest']} per cent"
        )
    else:
        highest = f"Even if every one of the {count(can, 'request')} in hand that can still be on time is, the year cannot pass {row['highest']} per cent"
    if only_late and can:
        highest += f", or {row['highest_all_issued']} if the {only_late:,} that can only be late are issued this year too"
    return f"{highest}; it cannot end below {row['lowest']}."


def _target(row: Mapping[str, Any]) -> list[str]:
    if pd.isna(row["target"]):
        return []
    target, needed, can = f"{row['target']:g} per cent", row["needed"], row["can_be_on_time"]
    if pd.isna(needed):
        return [f"A target of {target} is out of reach: a plan this year has already missed it."]
    if not needed:
        return [f"A target of {target} is met so far."]
    reach = "which those in hand can give" if needed <= can else f"and those in hand can give {can:,}"
    late = row["needed_all_issued"]
    others = (
        "" if pd.isna(late) or late == needed else f" ({late:,} if those that can only be late go out too)"
    )
    return [f"A target of {target} needs {count(needed, 'more plan')} on time{others}, {reach}."]
