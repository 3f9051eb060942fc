"""A measure over time as a line, with a sentence that states the finding."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.drawing import DARK_BLUE, GREY, ORANGE, TEXT_SIZE, Picture, canvas, month_ticks, title
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.periods import UNDATED

_NEEDED = ("measure", "period", "numerator", "denominator", "percent", "complete", "cohort")
# Colour, dash and mark of each line, and the mark as a letter before its name: orange is too pale for text.
_STYLES = ((DARK_BLUE, "-", "o", "●"), (ORANGE, "--", "s", "■"), (GREY, ":", "D", "◆"))
_WIDTH, _ROOM = 26, 24  # of the name of a line: letters in a row, and points of the scale that it needs


def plot_timeliness(table: pd.DataFrame | Sequence[pd.DataFrame], path: str | Path | None = None) -> Picture:
    """Draw a measure over time as a line, or two or three together; save it where a path is given; return its text alternative.

    `table` is an answer of `timeliness` with a `period` and without groups, or a list of them. A period that is not complete has a
    hollow mark, one with nothing to divide leaves a gap, one that has not begun is left out, and rows without a date are said and
    not drawn. The scale is 0 to 100 per cent. Every line has its own dash and mark and is named at its last point. A notebook shows
    the picture itself. Needs the extra `plots`.

    Raises InputError for a table of another kind, with groups or with no percentage to draw, or for none or more than three.
    """
    tables = [table] if isinstance(table, pd.DataFrame) else list(table)
    if not 1 <= len(tables) <= len(_STYLES):
        raise InputError(f"{len(tables)} tables cannot be drawn together: give one to {len(_STYLES)}")
    shown = [_shown(table) for table in tables]
    periods = sorted({period for table in shown for period in table["period"]})
    finding = _moved(shown[0])
    with canvas(path, size=(10, 5.5)) as axes:
        for rows, style in zip(shown, _STYLES, strict=False):
            _line(axes, rows, [periods.index(period) for period in rows["period"]], style)
        month_ticks(axes, periods)
        axes.set_ylim(0, 100)
        axes.set_ylabel("per cent")
        _name_lines(axes, shown, len(periods) - 0.4)
        title(axes, finding)
    said = [f"{finding}.", *(f"{_moved(rows)}." for rows in shown[1:])]
    return Picture(" ".join([*said, *_hollow(shown), *_undated(tables)]), axes)


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    for name in _NEEDED:
        if name not in table:
            raise InputError(f"the table has no column {name!r}: give an answer of timeliness with a period")
    if table["period"].duplicated().any():
        raise InputError("the table has several groups in one period: draw one group at a time")
    rows = table[table["period"].ne(UNDATED)]
    to_come = rows["cohort"].eq("due") & (~rows["complete"].astype(bool)).cumsum().gt(
        1
    )  # only the first has begun
    rows = rows[~to_come]
    if not rows["percent"].notna().any():
        raise InputError("the table has no percentage to draw: ask for periods in which something fell")
    return rows


def _line(axes: Any, table: pd.DataFrame, places: Sequence[int], style: tuple[str, str, str, str]) -> None:
    colour, dash, mark, _ = style
    values = table["percent"].astype("Float64").to_numpy(dtype=float, na_value=float("nan"))
    axes.plot(places, values, color=colour, linestyle=dash, linewidth=2)
    for place, value, complete in zip(places, values, table["complete"], strict=True):
        axes.plot(place, value, marker=mark, color=colour, markerfacecolor=colour if complete else "white")


def _name_lines(axes: Any, tables: Sequence[pd.DataFrame], place: float) -> None:
    """The name and last figure of each line at its right, in the order of height and as far apart as their text needs."""
    lasts = [table[table["percent"].notna()].iloc[-1] for table in tables]
    order = sorted(range(len(tables)), key=lambda line: float(lasts[line]["percent"]))
    height = -_ROOM / 2
    for below, line in enumerate(order):
        highest = 100 - _ROOM * (len(order) - below - 0.5)
        height = min(max(float(lasts[line]["percent"]), height + _ROOM), highest)
        words = [
            *wrap(f"{_STYLES[line][3]} {_name(tables[line])}", _WIDTH),
            *wrap(_figure(lasts[line]), _WIDTH),
        ]
        axes.annotate(
            "\n".join(words), (place, height), fontsize=TEXT_SIZE, va="center", color=GREY,
            annotation_clip=False,
        )  # fmt: skip


def _moved(table: pd.DataFrame) -> str:
    """The first and the last complete period that have a percentage; where none is complete, of all."""
    told = table[table["percent"].notna()]
    told = told[told["complete"].astype(bool)] if told["complete"].any() else told
    first, last = told.iloc[0], told.iloc[-1]
    if len(told) == 1:
        return f"{_name(table)}: {_figure(last)} in {last['period']}"
    verb = "stayed at" if first["percent"] == last["percent"] else None
    verb = verb or ("rose to" if last["percent"] > first["percent"] else "fell to")
    name = _name(table) + ("," if "," in _name(table) else "")
    return f"{name} {verb} {_figure(last)} in {last['period']}, from {_figure(first)} in {first['period']}"


def _name(table: pd.DataFrame) -> str:
    measure = str(table["measure"].iloc[0])
    return MEASURES[measure].title if measure in MEASURES else measure.replace("_", " ")


def _figure(row: "pd.Series[Any]") -> str:
    return f"{row['percent']} per cent ({int(row['numerator']):,} of {int(row['denominator']):,})"


def _hollow(shown: Sequence[pd.DataFrame]) -> list[str]:
    periods = sorted(
        {str(period) for table in shown for period in table.loc[~table["complete"].astype(bool), "period"]}
    )
    return [f"Not complete: {', '.join(periods)}."] if periods else []


def _undated(tables: Sequence[pd.DataFrame]) -> list[str]:
    many = sum(int(table.loc[table["period"].eq(UNDATED), "denominator"].sum()) for table in tables)
    return [f"{many:,} without a date are in no period."] if many else []
