"""What became of each period's requests as stacked bars, those not yet due among them, with a sentence that states the finding."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.drawing import DARK_BLUE, ORANGE, PALE, TEXT_SIZE, Picture, canvas, month_ticks, title
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.periods import UNDATED

_NEEDED = ("measure", "period", "numerator", "denominator", "unknown", "not_due", "left_out")
# Name, colour and hatching of each part, from the bottom up.
_PARTS = (("on time", DARK_BLUE, ""), ("not on time", ORANGE, "//"), ("not yet due", PALE, ".."))
_LINE = 0.07  # of the height: what a name of a part needs


def plot_cohort(table: pd.DataFrame, path: str | Path | None = None) -> Picture:
    """Draw what became of the rows of each period as stacked bars: on time, not on time and not yet due; return its text alternative.

    `table` is an answer of `timeliness` with a `period` and without groups, of a measure by which the limit can lie ahead, such as
    `plans_received_20wk`. Those of unknown duration are not on time where the measure has them in its denominator. What is left out, unknown
    otherwise or without a date is said and not drawn. The picture is saved where a path is given, and a notebook shows it itself. Needs the extra `plots`.

    Raises InputError for a table of another kind, with groups, or with nothing to draw.
    """
    rows = _shown(table)
    heights = _heights(rows)
    finding = _finding(rows, heights)
    with canvas(path, size=(10, 5.5)) as axes:
        _bars(axes, heights)
        _name_parts(axes, heights)
        month_ticks(axes, rows["period"].astype(str).tolist())
        axes.set_ylabel("cases")
        title(axes, finding)
    return Picture(" ".join([f"{finding}.", _by_period(rows, heights), *_apart(table, heights)]), axes)


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    for name in _NEEDED:
        if name not in table:
            raise InputError(f"the table has no column {name!r}: give an answer of timeliness with a period")
    if table["period"].duplicated().any():
        raise InputError("the table has several groups in one period: draw one group at a time")
    rows = table[table["period"].ne(UNDATED) & (table["denominator"] + table["not_due"]).gt(0)]
    if not len(rows):
        raise InputError("the table has nothing to draw: ask for periods in which something fell")
    return rows


def _heights(rows: pd.DataFrame) -> dict[str, "pd.Series[int]"]:
    return {
        "on time": rows["numerator"],
        "not on time": rows["denominator"] - rows["numerator"],
        "not yet due": rows["not_due"],
    }


def _bars(axes: Any, heights: dict[str, "pd.Series[int]"]) -> None:
    base = np.zeros(len(heights["on time"]))
    for name, colour, hatch in _PARTS:
        many = heights[name].to_numpy(dtype=float)
        axes.bar(range(len(many)), many, bottom=base, color=colour, hatch=hatch, width=0.8, edgecolor="white")
        base = base + many


def _name_parts(axes: Any, heights: dict[str, "pd.Series[int]"]) -> None:
    """Name each part beside the last bar, as far apart as their text needs."""
    room = _LINE * float(sum(heights.values()).max())  # type: ignore[union-attr]
    height, below = -room, 0.0
    for name, *_ in _PARTS:
        many = int(heights[name].iloc[-1])
        height = max(below + many / 2, height + room)
        below += many
        axes.annotate(
            name, (len(heights[name]) - 0.4, height), fontsize=TEXT_SIZE, va="center", annotation_clip=False
        )  # fmt: skip


def _finding(rows: pd.DataFrame, heights: dict[str, "pd.Series[int]"]) -> str:
    many = {name: int(part.sum()) for name, part in heights.items()}
    measure = str(rows["measure"].iloc[0])
    name = MEASURES[measure].title if measure in MEASURES else measure.replace("_", " ")
    told = ", ".join(f"{number:,} {part}" for part, number in many.items())
    return f"{name}: of {sum(many.values()):,} cases {told}"


def _by_period(rows: pd.DataFrame, heights: dict[str, "pd.Series[int]"]) -> str:
    parts = zip(rows["period"], *(heights[name] for name, *_ in _PARTS), strict=True)
    said = "; ".join(f"{period} {on_time:,}, {late:,}, {ahead:,}" for period, on_time, late, ahead in parts)
    return f"By period, in that order: {said}."


def _apart(table: pd.DataFrame, heights: dict[str, "pd.Series[int]"]) -> list[str]:
    """What is in no bar; unknown are those outside the denominator, and those without a date to fall on."""
    measure = str(table["measure"].iloc[0])
    is_inside = measure in MEASURES and MEASURES[measure].unknown_in_denominator
    counted = table["denominator"] + table["not_due"] + (0 if is_inside else table["unknown"])
    counts = {
        "left out": int(table["left_out"].sum()),
        "unknown": int(counted.sum()) - sum(int(part.sum()) for part in heights.values()),
    }
    said = [f"{number:,} {name}" for name, number in counts.items() if number]
    return [f"In no bar: {', '.join(said)}."] if said else []
