"""A figure of a scenario by month as a line within its range, with a sentence that states the finding."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.drawing import DARK_BLUE, GREY, ORANGE, TEXT_SIZE, Picture, canvas, month_ticks, title
from ehcptime.questions.forecasting.answer import Scenario
from ehcptime.tracking.words import long_date

_NAMES = {
    "open_over_20wk": "Open cases over 20 weeks",
    "open_over_52wk": "Open cases over 52 weeks",
    "plans_due_20wk_percent": "Plans due that are issued in time, per cent",
    "plans_issued_20wk_percent": "Plans issued within 20 weeks, per cent",
}
# Colour, dash and hatching of the range of each scenario, which a reader who sees no colour can tell apart too.
_STYLES = ((DARK_BLUE, "-", ""), (ORANGE, "--", "//"), (GREY, ":", "\\\\"))


def plot_scenario(
    found: Scenario | Mapping[str, Scenario], figure: str = "open_over_20wk", path: str | Path | None = None
) -> Picture:
    """Draw one figure of a scenario by month, or of two or three by name; save it where a path is given; return its text alternative.

    The line is the middle run and the band holds 80 of 100 runs; without chance there is no band. `figure` is a measure of `months`.
    A notebook shows the picture itself. Needs the extra `plots`. It is a model and no promise, and the words say so.

    Raises CommandError for a figure that is not there, InputError for none or more than three scenarios, ones that begin on different days or one with no number.
    """
    named = {"": found} if isinstance(found, Scenario) else dict(found)
    if not 1 <= len(named) <= len(_STYLES):
        raise InputError(f"{len(named)} scenarios cannot be drawn together: give one to {len(_STYLES)}")
    if len({one.as_at for one in named.values()}) > 1:
        raise InputError("the scenarios begin on different days: make them from one tracked frame")
    months = {name: one.figure(figure) for name, one in named.items()}
    for table in months.values():
        if table["middle"].isna().all():
            raise InputError(f"there is nothing to draw: figure {figure!r} has no number in any month")
    words = _NAMES.get(figure, figure.replace("_", " ").capitalize())
    periods = max((table["period"].tolist() for table in months.values()), key=len)
    with canvas(path, size=(10, 5.5)) as axes:
        for side, ((name, table), style) in enumerate(zip(months.items(), _STYLES, strict=False)):
            _line(axes, table, style)
            if name:
                _name_line(axes, table, name, side)
        month_ticks(axes, periods)
        axes.set_ylim(bottom=0)
        axes.set_ylabel(words)
        ends = {name: _ends(named[name], figure, table) for name, table in months.items()}
        title(
            axes, f"{words}: " + ", ".join(end + (f" ({name})" if name else "") for name, end in ends.items())
        )
    said = [_sentence(name, table, words, ends[name]) for name, table in months.items()]
    return Picture(" ".join([*said, "A model under stated assumptions, and no promise."]), axes)


def _line(axes: Any, table: pd.DataFrame, style: tuple[str, str, str]) -> None:
    colour, dash, hatch = style
    place = range(len(table))
    axes.fill_between(place, table["lowest"], table["highest"], color=colour, alpha=0.2, hatch=hatch)
    axes.plot(place, table["middle"], color=colour, linestyle=dash, linewidth=2)


def _name_line(axes: Any, table: pd.DataFrame, name: str, side: int) -> None:
    """The name stands half way along what the line moves, right of the first and left of the second."""
    middle = table["middle"]
    at = int((middle - (middle.min() + middle.max()) / 2).abs().to_numpy().argmin())
    axes.annotate(
        name, (at, middle.iloc[at]), xytext=(-40 if side else 40, 0), textcoords="offset points", va="center",
        ha="right" if side else "left", fontsize=TEXT_SIZE, color=GREY,
        arrowprops={"arrowstyle": "-", "color": GREY}, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def _ends(found: Scenario, figure: str, table: pd.DataFrame) -> str:
    """How it ends: of the backlog the day when it is clear, in the sense of the scenario."""
    day = found.clear_by[1] if figure == "open_over_20wk" else None
    return _settles(table) if day is None else f"clear by {long_date(day)}"


def _settles(table: pd.DataFrame) -> str:
    """Where the middle run ends, and since when it has stood there."""
    ends = table["middle"].round().eq(round(table["middle"].iloc[-1])).to_numpy()
    since = len(ends) - int(ends[::-1].argmin()) if not ends.all() else 0
    word = "in" if since == len(ends) - 1 else "from"
    return f"{table['middle'].iloc[-1]:,.0f} {word} {table['period'].iloc[since]}"


def _sentence(name: str, table: pd.DataFrame, words: str, end: str) -> str:
    first, last = table.iloc[0], table.iloc[-1]
    whose = f", {name}" if name else ""
    return (
        f"{words}{whose}: {first['middle']:,.0f} in {first['period']}, {end}; at the end of {last['period']} "
        f"between {last['lowest']:,.0f} and {last['highest']:,.0f} in 80 of 100 runs."
    )
