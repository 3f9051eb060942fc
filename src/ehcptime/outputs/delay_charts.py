"""Where the time went: days of delay by service, and one case on lanes beside its limits, each with a sentence."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, day_number, to_date
from ehcptime.errors import InputError
from ehcptime.outputs.drawing import DARK_BLUE, GREY, ORANGE, PALE, TEXT_SIZE, TURQUOISE, bare, canvas, title
from ehcptime.questions.segments import segments
from ehcptime.questions.tracked import Tracked, tracked_advice, tracked_cases
from ehcptime.tracking.words import count, length, long_date

_LIMITS = {"request_decision": "6 weeks", "issue_decision": "16 weeks", "plan_final": "20 weeks"}
_ADVICE_WEEKS = "advice"
_FAMILY = "family: 15 days"
_NARROW = 0.03  # of the width: a bar shorter than this has no room for its number


def plot_delay(table: pd.DataFrame, path: str | Path) -> str:
    """Draw days of delay by service as bars, save the picture and return its text alternative.

    `table` is an answer of `delay_caused` by service, for one period. Cases whose limit is claimed to be lifted are left out. The sentence
    ends with whose the duty is. Needs the extra `plots`. Raises InputError for a table of another kind, or with nothing to draw.
    """
    shown = _shown(table)
    total, top = int(shown["case_days"].sum()), shown.iloc[-1]
    finding = f"{_name(top['service']).capitalize()}: {int(top['case_days']):,} of {total:,} days of delay"
    with canvas(path, size=(9, 0.6 * len(shown) + 2)) as axes:
        names = [_name(service) for service in shown["service"]]
        strong = np.where(np.arange(len(shown)) == len(shown) - 1, ORANGE, DARK_BLUE)
        bars = axes.barh(names, shown["case_days"], color=strong.tolist())
        labels = [
            f"{days:,} days, {count(cases, 'case')}"
            for days, cases in zip(shown["case_days"], shown["cases"], strict=True)
        ]
        axes.bar_label(bars, labels=labels, padding=4, fontsize=TEXT_SIZE)
        axes.margins(x=0.3)
        axes.set_xticks([])
        title(axes, finding)
        bare(axes)
    rows = "; ".join(f"{name} {label}" for name, label in zip(reversed(names), reversed(labels), strict=True))
    return f"{finding}. {rows}. The duty to issue in time is the authority's whoever was late; this shows where the time went."


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    for name in ("service", "case_days", "cases", "exempt"):
        if name not in table:
            raise InputError(f"the table has no column {name!r}: give an answer of delay_caused by service")
    rows = table[~table["exempt"].astype(bool) & table["case_days"].gt(0)]
    if not len(rows):
        raise InputError("there is no delay to draw: no case in the table was late")
    if rows["service"].duplicated().any():
        raise InputError("the table has a service several times: draw one period and one group at a time")
    return rows.assign(case_days=rows["case_days"].astype(int)).sort_values(["case_days", "service"])


def _name(service: object) -> str:
    return str(service).replace("_", " ")


@dataclass(frozen=True, slots=True)
class _Bar:
    """A stretch of time on a lane."""

    lane: str
    first: int
    last: int
    words: str
    due: int = NOT_YET


def plot_case(
    tracked: pd.DataFrame, case_id: str, path: str | Path, *, advice: pd.DataFrame | None = None
) -> str:
    """Draw one case on lanes: the authority, each service that was asked, and the family, beside the limits.

    `tracked` and `advice` come from `track` and `track_advice`. Each asking is a bar from the day that it was sent to the day of the answer,
    hatched past its own limit. Internal: it carries the case's id. Returns the text alternative. Needs the extra `plots`. Raises
    InputError for a case that is not there, or that has no known start.
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
    bars = [*_own(pieces), *([] if asked is None else _asked(asked, cases.as_at))]
    lanes = list(dict.fromkeys(bar.lane for bar in bars))
    finding = _outcome(one, case_id)
    with canvas(path, size=(11, 0.65 * len(lanes) + 2.2)) as axes:
        axes.set_xlim(min(bar.first for bar in bars), max(bar.last for bar in bars))
        for bar in bars:
            _draw(axes, bar, len(lanes) - 1 - lanes.index(bar.lane))
        _limits(axes, one, len(lanes))
        axes.set_yticks(range(len(lanes) - 1, -1, -1), lanes)
        axes.set_xticks([])
        title(axes, finding)
        bare(axes)
    return f"{finding}. " + "; ".join(bar.words for bar in bars) + "."


def _own(pieces: pd.DataFrame) -> list[_Bar]:
    """What the authority and the family had; waiting for advice shows on the lanes of the services."""
    found = []
    rows = zip(
        pieces["segment"].astype(str), _days(pieces["from_date"]), _days(pieces["to_date"]), strict=True
    )
    for segment, first, last in rows:
        if segment != _ADVICE_WEEKS and last > first:
            lane = _FAMILY if segment == "family" else "authority"
            found.append(_Bar(lane, first, last, f"{_name(segment)} {_span(first, last)}"))
    return found


def _asked(advice: Tracked, as_at: int) -> list[_Bar]:
    sent, returned, due = (
        advice.days("requested_date"),
        advice.days_by_then("returned_date"),
        advice.days("due"),
    )
    services = advice.frame["advice_type"].astype(str)
    found = []
    for service, first, back, limit in zip(
        services, sent.tolist(), returned.tolist(), due.tolist(), strict=True
    ):
        if first <= as_at:
            last = min(back, as_at)
            ends = "answered" if back != NOT_YET else "still out"
            found.append(
                _Bar(
                    _name(service),
                    first,
                    max(last, first),
                    f"{_name(service)} advice {_span(first, max(last, first))}, {ends}",
                    limit,
                )
            )
    return found


def _draw(axes: Any, bar: _Bar, height: int) -> None:
    own = bar.lane in ("authority", _FAMILY)
    colour = PALE if bar.lane == _FAMILY else DARK_BLUE if own else TURQUOISE
    late_from = min(max(bar.due, bar.first), bar.last) if bar.due != NOT_YET else bar.last
    axes.barh(height, late_from - bar.first, left=bar.first, color=colour, height=0.55, edgecolor="white")
    if bar.last > late_from:
        axes.barh(
            height,
            bar.last - late_from,
            left=late_from,
            color=ORANGE,
            hatch="//",
            height=0.55,
            edgecolor="white",
        )
    days, length_of_axis = bar.last - bar.first, axes.get_xlim()[1] - axes.get_xlim()[0]
    if days > length_of_axis * _NARROW:
        axes.annotate(
            f"{days}", (bar.first + days / 2, height), ha="center", va="center", fontsize=10,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip


def _limits(axes: Any, one: Tracked, lanes: int) -> None:
    """A line for each limit; the names of neighbours stand at two heights, so that they cannot run into each other."""
    dues = {words: int(one.days(f"{rule}_due")[0]) for rule, words in _LIMITS.items()}
    for place, (words, due) in enumerate((w, d) for w, d in dues.items() if d != NOT_YET):
        height = lanes - 0.42 + 0.42 * (place % 2)
        axes.axvline(due, color=GREY, linestyle="--", linewidth=1.2, ymax=(height + 0.6) / (lanes + 1.05))
        axes.annotate(f"{words}: {_day(due)}", (due, height), ha="center", va="bottom", fontsize=10)
    axes.set_ylim(-0.6, lanes + 0.45)


def _outcome(one: Tracked, case_id: str) -> str:
    row = one.frame.iloc[0]
    status, over = str(row["plan_final_status"]), row["plan_final_days_over"]
    if status == "met":
        return f"Case {case_id}: the final plan was in time"
    if status in ("met_late", "overdue", "ended_late"):
        return f"Case {case_id}: the final plan {'is' if status == 'overdue' else 'was'} {length(int(over))} late"
    return f"Case {case_id}: {_name(row['stage'])}, final plan {_name(status)}"


def _days(dates: "pd.Series[Any]") -> list[int]:
    return [day_number(day.date()) for day in dates]


def _span(first: int, last: int) -> str:
    return f"from {_day(first)} to {_day(last)} ({count(last - first)})"


def _day(number: int) -> str:
    found: date | None = to_date(number)
    return "" if found is None else long_date(found)
