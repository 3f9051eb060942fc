"""One case on lanes beside its limits, with a sentence: each step of the authority, each service, and the family."""

from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.clock.counting import NOT_YET
from ehcptime.errors import InputError
from ehcptime.outputs.case_bars import ADVICE, Bar, bars_of, day_in_words, plain
from ehcptime.outputs.drawing import (
    DARK_BLUE,
    GREY,
    ORANGE,
    PALE,
    TEXT_SIZE,
    TURQUOISE,
    Picture,
    bare,
    canvas,
    title,
)
from ehcptime.questions.segments import AUTHORITY, FAMILY, segments
from ehcptime.questions.tracked import Tracked, tracked_advice, tracked_cases
from ehcptime.tracking.words import length

_LIMITS = {"request_decision": "6 weeks", "issue_decision": "16 weeks", "plan_final": "20 weeks"}
_COLOURS = {AUTHORITY: DARK_BLUE, FAMILY: PALE, ADVICE: TURQUOISE}
_ROOM = 0.24  # of the width: a bar shorter than this has its words beside it


def plot_case(
    tracked: pd.DataFrame, case_id: str, path: str | Path | None = None, *, advice: pd.DataFrame | None = None
) -> Picture:
    """Draw one case on lanes: each step of the authority, each service that was asked, and the family, beside the limits.

    `tracked` and `advice` come from `track` and `track_advice`. Each asking is a bar from the day that it was sent to the day of the answer,
    hatched past its own limit unless that is claimed to be lifted; one with no day of asking is a mark. Internal: it carries the
    case's id. Saved where a path is given. Returns the text alternative, which a notebook shows as the picture. Needs the extra `plots`. Raises InputError for a case that is not there, or
    that has no known start.
    """
    cases = tracked_cases(tracked)
    one = Tracked(tracked[tracked["case_id"].eq(case_id)], "cases", cases.as_at)
    if one.size != 1:
        raise InputError("the frame has no row, or several, for that case: give the case_id of one row")
    asked = None if advice is None else tracked_advice(advice[advice["case_id"].eq(case_id)])
    pieces = segments(one.frame, advice=None if asked is None else asked.frame)
    if not len(pieces) or pieces[["from_date", "to_date"]].isna().to_numpy().any():
        raise InputError(
            "the case has no time line, because its start is not known or it is not received: correct it first"
        )
    bars = bars_of(pieces, asked)
    if not bars:
        raise InputError(
            "the case has no time line, because it began and ended on one day: there is nothing to draw"
        )
    finding = f"{_outcome(one, case_id)}; as at {day_in_words(cases.as_at)}"
    words = f"{finding}. " + "; ".join(bar.words for bar in bars) + "."
    return Picture(words, _picture(path, finding, bars, _limits(one)))


def _picture(path: str | Path | None, finding: str, bars: list[Bar], limits: list[tuple[str, int]]) -> Any:
    lanes = list(dict.fromkeys(bar.lane for bar in bars))
    with canvas(path, size=(11, 0.5 * len(lanes) + 2.2)) as axes:
        days = [*(bar.last for bar in bars), *(day for _, day in limits)]
        axes.set_xlim(min(bar.first for bar in bars), max(days))
        for bar in bars:
            _draw(axes, bar, len(lanes) - 1 - lanes.index(bar.lane))
        _draw_limits(axes, limits, len(lanes))
        axes.set_yticks(range(len(lanes) - 1, -1, -1), lanes)
        axes.set_xticks([])
        title(axes, finding)
        bare(axes)
    return axes


def _draw(axes: Any, bar: Bar, height: int) -> None:
    colour, left = _COLOURS.get(bar.whose, "white"), axes.get_xlim()[0]
    edge = "white" if bar.whose in _COLOURS else GREY
    width = axes.get_xlim()[1] - left
    if bar.last == bar.first:
        axes.plot(bar.first, height, marker="D", color=GREY, clip_on=False)
    axes.barh(
        height, bar.last - bar.late - bar.first, left=bar.first, color=colour, height=0.6, edgecolor=edge
    )
    if bar.late:
        axes.barh(
            height, bar.late, left=bar.last - bar.late, color=ORANGE, hatch="//", height=0.6, edgecolor="white"
        )  # fmt: skip
    at, side, shift = _place(bar, left, width)
    axes.annotate(
        bar.short, (at, height), xytext=(shift, 0), textcoords="offset points", ha=side, va="center", fontsize=TEXT_SIZE,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
    )  # fmt: skip


def _place(bar: Bar, left: float, width: float) -> tuple[float, str, int]:
    """Where the words of a bar stand: on it, or beside it where there is more room."""
    if bar.last - bar.first > width * _ROOM:
        return (bar.first + bar.last) / 2, "center", 0
    if bar.last - left < width / 2:
        return bar.last, "left", 6
    return bar.first, "right", -6


def _limits(one: Tracked) -> list[tuple[str, int]]:
    """Limits that have a day; one that is claimed to be lifted is called that, and nothing is called late by it."""
    found = []
    for rule, words in _LIMITS.items():
        due = int(one.days(f"{rule}_due")[0])
        if due != NOT_YET:
            lifted = bool(one.is_set(f"{rule}_exempt")[0])
            found.append((f"{words}: {'claimed to be lifted' if lifted else day_in_words(due)}", due))
    return found


def _draw_limits(axes: Any, limits: list[tuple[str, int]], lanes: int) -> None:
    """A line for each limit; the names of neighbours stand at two heights, so that they cannot run into each other."""
    for place, (words, due) in enumerate(limits):
        height = lanes - 0.42 + 0.55 * (place % 2)
        axes.axvline(
            due, color=GREY, linestyle="--", linewidth=1.2, ymax=(height + 0.6) / (lanes + 1.2), zorder=0
        )
        axes.annotate(words, (due, height), ha="center", va="bottom", fontsize=TEXT_SIZE)
    axes.set_ylim(-0.6, lanes + 0.6)


def _outcome(one: Tracked, case_id: str) -> str:
    row = one.frame.iloc[0]
    status, over = str(row["plan_final_status"]), row["plan_final_days_over"]
    if status == "met":
        return f"Case {case_id}: the final plan was in time"
    if status in ("met_late", "overdue", "ended_late"):
        if one.is_set("plan_final_exempt")[0]:
            return f"Case {case_id}: {plain(row['stage'])}, and the limit for the final plan is claimed to be lifted"
        return f"Case {case_id}: the final plan {'is' if status == 'overdue' else 'was'} {length(int(over))} late"
    return f"Case {case_id}: {plain(row['stage'])}, final plan {plain(status)}"
