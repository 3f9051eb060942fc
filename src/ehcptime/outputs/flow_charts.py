"""Stock and flow over time, and the stock by age over time, each with a sentence that states its finding."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.drawing import (
    DARK_BLUE,
    GREY,
    ORANGE,
    PALE,
    PINK,
    TEXT_SIZE,
    TURQUOISE,
    Picture,
    bare,
    canvas,
    title,
)

_OUT = ("refused", "no_plan", "issued", "withdrawn", "left")
_BEYOND = ("20-30", "30-52", "52+")
# From young to old: light to dark in greyscale too, and hatched past the limit.
_SHADES = (PALE, "#9DB7CF", "#6B96BC", DARK_BLUE, "#F7A576", ORANGE, PINK)
_LINE = 0.055  # of the height: what a line of text needs
_LABELS, _STRAIGHT = 12, 4  # ticks along the bottom at most, and how many stand without being turned


def plot_history(table: pd.DataFrame, path: str | Path | None = None) -> Picture:
    """Draw what came in, what went out and what stood open by period; save the picture where a path is given; return its text alternative.

    `table` is an answer of `backlog_history` without groups. Bars above the line came in, bars below went out, and the line is the
    stock at the end of each period. A notebook shows the picture itself. Needs the extra `plots`. Raises InputError for a table with no period or no case, or with groups.
    """
    _one_group(table, ("period", "opened", "closing"))
    out = table[[name for name in _OUT if name in table]].sum(axis=1)
    _any(table[["opening", "opened", "closing"]])
    place = np.arange(len(table))
    with canvas(path, size=(10, 5.5)) as axes:
        axes.bar(place, table["opened"], color=DARK_BLUE, width=0.7)
        axes.bar(place, -out, color=TURQUOISE, width=0.7, hatch="//", edgecolor="white")
        _stock(axes, [int(table["opening"].iloc[0]), *table["closing"].tolist()])
        axes.axhline(0, color=GREY, linewidth=0.8)
        _name_bars(axes, table["opened"].tolist(), out.tolist())
        _ticks(axes, table["period"].astype(str).tolist())
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
        title(axes, _moved(table))
        axes.set_ylabel("cases")
    return Picture(f"{_moved(table)}. {_sums(table, out)}", axes)


def plot_triangle(table: pd.DataFrame, path: str | Path | None = None) -> Picture:
    """Draw the stock by age at the end of each period as stacked bars; save it where a path is given; return its text alternative.

    `table` is an answer of `backlog_triangle`. Bands past 20 weeks stand on top, in warm and hatched colours, named at the last bar. A notebook shows the picture itself.
    Needs the extra `plots`. Raises InputError for a table with no period or no case, or with groups.
    """
    _one_group(table, ("period", "age_band", "open"), keys=["period", "age_band"])
    wide = table.pivot_table(index="period", columns="age_band", values="open", sort=False, observed=False)
    _any(wide)
    wide = wide.loc[:, (wide > 0).any(axis=0)]
    finding, place = _late_share(wide), np.arange(len(wide))
    with canvas(path, size=(10, 5.5)) as axes:
        base = np.zeros(len(wide))
        for band, shade in zip(wide.columns, _shades(wide.columns), strict=True):
            late = band in _BEYOND
            axes.bar(
                place,
                wide[band],
                bottom=base,
                color=shade,
                width=0.8,
                hatch="//" if late else "",
                edgecolor="white",
            )
            base = base + wide[band].to_numpy()
        _name_bands(axes, wide, place[-1] + 0.5)
        _ticks(axes, [str(period) for period in wide.index])
        axes.margins(x=0.02)
        title(axes, finding)
        axes.set_ylabel("open cases")
    last = ", ".join(f"{band} {int(number):,}" for band, number in wide.iloc[-1].items())
    return Picture(f"{finding}. At the end of {wide.index[-1]}, by weeks of age: {last}.", axes)


def _one_group(table: pd.DataFrame, needed: Sequence[str], keys: Sequence[str] = ("period",)) -> None:
    for name in needed:
        if name not in table:
            raise InputError(
                f"the table has no column {name!r}: give an answer of backlog_history or backlog_triangle"
            )
    if not len(table):
        raise InputError("the table has no period to draw: ask for a start and an end that hold one")
    if table.duplicated(list(keys)).any():
        raise InputError("the table has several groups in one period: draw one group at a time")


def _any(counts: pd.DataFrame) -> None:
    if not counts.to_numpy().any():
        raise InputError("there is nothing to draw: no case was open, came or went in these periods")


def _moved(table: pd.DataFrame) -> str:
    first, last = int(table["opening"].iloc[0]), int(table["closing"].iloc[-1])
    when = f"from the start of {table['period'].iloc[0]} to the end of {table['period'].iloc[-1]}"
    if first == last:
        return f"Open cases stayed at {last:,} {when}"
    return f"Open cases {'rose' if last > first else 'fell'} from {first:,} to {last:,} {when}"


def _sums(table: pd.DataFrame, out: "pd.Series[int]") -> str:
    return f"In all {int(table['opened'].sum()):,} came in and {int(out.sum()):,} went out, {int(table['issued'].sum()):,} of them with a plan."


def _late_share(wide: pd.DataFrame) -> str:
    late = wide[[band for band in wide.columns if band in _BEYOND]].sum(axis=1)
    first, last = int(late.iloc[0]), int(late.iloc[-1])
    when = f"from the end of {wide.index[0]} to that of {wide.index[-1]}"
    if first == last:
        return f"Open cases over 20 weeks old stayed at {last:,} {when}"
    verb = "rose" if last > first else "fell"
    return f"Open cases over 20 weeks old {verb} from {first:,} to {last:,} {when}"


def _shades(bands: Iterable[Any]) -> list[str]:
    bands = list(bands)
    known = [band for band in bands if band != "unknown"]
    step = (len(_SHADES) - 1) / max(len(known) - 1, 1)
    shades = {band: _SHADES[round(number * step)] for number, band in enumerate(known)}
    return [shades.get(band, GREY) for band in bands]


def _stock(axes: Any, values: list[int]) -> None:
    """The stock stands between two periods; its first and its last point carry their numbers."""
    place = [number - 0.5 for number in range(len(values))]
    axes.plot(place, values, color=ORANGE, marker="o", linewidth=2)
    for at, align, shift in ((0, "center", (0, 9)), (-1, "left", (7, 0))):
        axes.annotate(
            f"{values[at]:,} open", (place[at], values[at]), xytext=shift, textcoords="offset points",
            ha=align, va="bottom" if align == "center" else "center", fontsize=TEXT_SIZE, color=GREY,
        )  # fmt: skip


def _name_bars(axes: Any, came_in: list[int], went_out: list[int]) -> None:
    place = len(came_in) - 0.5
    axes.margins(y=0.12)
    axes.annotate("came in", (place, came_in[-1] / 2), fontsize=TEXT_SIZE, va="center")
    axes.annotate("went out", (place, -went_out[-1] / 2), fontsize=TEXT_SIZE, va="center")


def _name_bands(axes: Any, wide: pd.DataFrame, place: float) -> None:
    """The name of each band beside the middle of its last bar, or as much higher as the name below it needs."""
    last = wide.iloc[-1].to_numpy()
    room = _LINE * float(wide.sum(axis=1).max())
    height = -room
    for band, top, many in zip(wide.columns, np.cumsum(last), last, strict=True):
        if many:
            height = max(float(top - many / 2), height + room)
            name = f"{band} weeks" if band != "unknown" else "age unknown"
            axes.annotate(name, (place, height), fontsize=TEXT_SIZE, va="center", annotation_clip=False)


def _ticks(axes: Any, labels: list[str]) -> None:
    step = -(-len(labels) // _LABELS)
    turned = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if len(labels) > _STRAIGHT else {}
    axes.set_xticks(range(0, len(labels), step), labels[::step], **turned)
    bare(axes)
