"""The backlog by age as bars, with a sentence that states the finding."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.drawing import DARK_BLUE, GREY, ORANGE, TEXT_SIZE, Picture, canvas, title
from ehcptime.tracking.words import long_date

_BEYOND = ("20-30", "30-52", "52+")


def plot_backlog(table: pd.DataFrame, path: str | Path | None = None, *, as_at: date) -> Picture:
    """Draw the open cases by age as bars, save the picture where a path is given, and return its text alternative.

    `table` is an answer of `backlog` with the default bands. The bars past the 20 weeks are marked by colour, by a line and in
    words. The text alternative states the finding and belongs beside the picture; a
    notebook shows the picture itself. Needs the extra `plots`. Raises InputError where no case is open, and for other bands.
    """
    counts = table.groupby("age_band", sort=False, observed=False)["open"].sum()
    counts = counts[(counts.index != "unknown") | (counts > 0)]
    late = int(counts[counts.index.isin(_BEYOND)].sum())
    total = int(counts.sum())
    if not total:
        raise InputError("there is nothing to draw: no case in the table is open")
    if not set(_BEYOND) <= set(counts.index):
        raise InputError(
            "the table has age bands of its own: draw an answer of backlog with the default bands"
        )
    with canvas(path) as axes:
        _bars(axes, counts)
        title(axes, f"{late:,} of {total:,} open cases are over 20 weeks old")
        axes.set_xlabel(f"weeks since the request, at {long_date(as_at)}")
        axes.set_ylabel("open cases")
    parts = ", ".join(
        f"{band} weeks {count:,}" if band != "unknown" else f"age unknown {count:,}"
        for band, count in counts.items()
    )
    words = f"{late:,} of {total:,} open cases are over 20 weeks old at {long_date(as_at)}: {parts}."
    return Picture(words, axes)


def _bars(axes: Any, counts: "pd.Series[int]") -> None:
    late = counts.index.isin(_BEYOND)
    colours = [
        ORANGE if is_late else GREY if band == "unknown" else DARK_BLUE
        for band, is_late in zip(counts.index, late, strict=True)
    ]
    bars = axes.bar([str(band) for band in counts.index], counts.to_numpy(), color=colours)
    for bar, is_late in zip(bars, late, strict=True):
        bar.set_hatch("//" if is_late else "")
        bar.set_edgecolor("white")
    axes.margins(y=0.12)  # room for the counts above the bars
    axes.bar_label(bars, labels=[f"{count:,}" for count in counts], padding=3, fontsize=TEXT_SIZE)
    axes.axvline(int(late.argmax()) - 0.5, color=GREY, linestyle="--", linewidth=1.2)
    axes.annotate(
        "20 weeks",
        (int(late.argmax()) - 0.45, axes.get_ylim()[1] * 0.97),
        fontsize=TEXT_SIZE,
        va="top",
    )
