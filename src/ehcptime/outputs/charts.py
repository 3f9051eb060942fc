"""Charts as PNG or SVG files, each with a sentence that states its finding."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.tracking.words import long_date

_DARK_BLUE, _ORANGE, _GREY = "#12436D", "#F46A25", "#3D3D3D"  # Analysis Function palette
_BEYOND = ("20-30", "30-52", "52+")


def plot_backlog(table: pd.DataFrame, path: str | Path, *, as_at: date) -> str:
    """Draw the open cases by age as bars and save the picture; return its text alternative.

    `table` is an answer of `backlog` with the default bands. The bars past the 20 weeks are marked by colour, by a line and in
    words. The text alternative states the finding and belongs beside the picture. Needs the extra `plots`.
    """
    pyplot = _pyplot()
    counts = table.groupby("age_band", sort=False, observed=False)["open"].sum()
    counts = counts[(counts.index != "unknown") | (counts > 0)]
    late = int(counts[counts.index.isin(_BEYOND)].sum())
    total = int(counts.sum())
    with pyplot.style.context("afcharts.afcharts"):
        figure, axes = pyplot.subplots(figsize=(9, 5), layout="constrained")
        _bars(axes, counts)
        axes.set_title(f"{late:,} of {total:,} open cases are over 20 weeks old", loc="left", fontsize=16)
        axes.set_xlabel(f"weeks since the request, at {long_date(as_at)}")
        axes.set_ylabel("open cases")
        _save(figure, Path(path))
        pyplot.close(figure)
    parts = ", ".join(
        f"{band} weeks {count:,}" if band != "unknown" else f"age unknown {count:,}"
        for band, count in counts.items()
    )
    return f"{late:,} of {total:,} open cases are over 20 weeks old at {long_date(as_at)}: {parts}."


def _pyplot() -> Any:
    try:
        import afcharts  # noqa: F401, PLC0415 - an optional extra
        import matplotlib as mpl  # noqa: PLC0415
        from matplotlib import pyplot as plt  # noqa: PLC0415
    except ImportError:
        raise CommandError('charts need matplotlib and afcharts: run pip install "ehcptime[plots]"') from None
    mpl.use("Agg")
    return plt


def _bars(axes: Any, counts: "pd.Series[int]") -> None:
    late = counts.index.isin(_BEYOND)
    colours = [
        _ORANGE if is_late else _GREY if band == "unknown" else _DARK_BLUE
        for band, is_late in zip(counts.index, late, strict=True)
    ]
    bars = axes.bar([str(band) for band in counts.index], counts.to_numpy(), color=colours)
    for bar, is_late in zip(bars, late, strict=True):
        bar.set_hatch("//" if is_late else "")
        bar.set_edgecolor("white")
    axes.margins(y=0.12)  # room for the counts above the bars
    axes.bar_label(bars, labels=[f"{count:,}" for count in counts], padding=3, fontsize=12)
    if late.any():
        axes.axvline(int(late.argmax()) - 0.5, color=_GREY, linestyle="--", linewidth=1.2)
        axes.annotate(
            "20 weeks", (int(late.argmax()) - 0.45, axes.get_ylim()[1] * 0.97), fontsize=12, va="top"
        )


def _save(figure: Any, path: Path) -> None:
    try:
        figure.savefig(path, dpi=110)
    except OSError as error:
        raise InputError(f"{path.name} cannot be written: {error.strerror}; choose another folder") from error
