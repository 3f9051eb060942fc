"""The bars of one case: each step of the authority, each service that was asked, the family, and what cannot be told."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, to_date
from ehcptime.questions.advice_cells import has_outcome, is_answered
from ehcptime.questions.segments import AUTHORITY, FAMILY, NOBODY
from ehcptime.questions.tracked import Tracked
from ehcptime.records.arrays import days_of
from ehcptime.tracking.words import count, long_date

ADVICE = "advice"
_DROPPED = {"withdrawn": "withdrawn", "existing_sufficient": "existing advice was enough"}
_OUT, _NO_DAY = "still out", "on a day that is not recorded"


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time on a lane, in words long and short; a mark where it has no days.

    `whose` is the authority, the family, advice or unknown; the last `late` of its days are past a limit of its own.
    """

    lane: str
    whose: str
    first: int
    last: int
    words: str
    short: str
    late: int = 0


def bars_of(pieces: pd.DataFrame, advice: Tracked | None) -> list[Bar]:
    """Give the bars of one case in the order in which they begin; `pieces` are its segments."""
    first, over = days_of(pieces["from_date"], "from_date"), days_of(pieces["to_date"], "to_date")
    rows = zip(
        *(pieces[name].astype(str) for name in ("segment", "service")),
        first.tolist(),
        over.tolist(),
        strict=True,
    )
    own = [_step(*row) for row in rows if row[0] != ADVICE and row[3] > row[2]]
    asked = [] if advice is None else _askings(advice, int(over[-1]))
    return sorted([*own, *asked], key=lambda bar: bar.first)


def _step(segment: str, whose: str, first: int, last: int) -> Bar:
    """A step of the authority, the family's days or days that cannot be told; waiting for advice is on the lanes of the services."""
    name = "days that cannot be told" if whose == NOBODY else plain(segment)
    lane = {AUTHORITY: f"{AUTHORITY}: {name}", FAMILY: "family: 15 days"}.get(whose, name)
    return Bar(lane, whose, first, last, f"{name} {_span(first, last)}", count(last - first))


def _askings(advice: Tracked, over: int) -> list[Bar]:
    """Askings that had begun; one that is not answered is out until the case ended, or to this day."""
    sent, back = advice.days_by_then("requested_date"), advice.days_by_then("returned_date")
    due = np.where(advice.is_set("exempt"), np.int32(NOT_YET), advice.days("due"))
    begun = (sent != NOT_YET) | (advice.days("requested_date") == NOT_YET)
    kinds, ends = advice.frame["advice_type"].astype(str).tolist(), _ends(advice, back)
    return [
        _asking(plain(kinds[row]), int(sent[row]), int(back[row]), int(due[row]), ends[row], over)
        for row in np.flatnonzero(begun)
    ]


def _asking(kind: str, sent: int, back: int, due: int, ends: str, over: int) -> Bar:
    lane, runs = f"{ADVICE}: {kind}", back != NOT_YET or ends == _OUT
    if sent == NOT_YET or not runs:
        at = min(back, over) if sent == NOT_YET else sent
        asked = f"asked for {_NO_DAY if sent == NOT_YET else f'on {day_in_words(sent)}'}"
        ended = f"{ends} on {day_in_words(back)}" if back != NOT_YET else ends
        return Bar(lane, ADVICE, at, at, f"{kind} advice {asked}, {ended}", f"{asked}, {ended}")
    last = max(sent, back if back != NOT_YET else over)
    late = max(last - max(due, sent), 0)
    past = f", {count(late)} past its limit" if late else ""
    return Bar(
        lane,
        ADVICE,
        sent,
        last,
        f"{kind} advice {_span(sent, last)}, {ends}{past}",
        f"{count(last - sent)}{past}",
        late,
    )


def _ends(advice: Tracked, back: Days) -> list[str]:
    """How each asking ended, in words."""
    ends = np.where(is_answered(advice), f"answered {_NO_DAY}", _OUT)
    ends = np.where(back != NOT_YET, "answered", ends)
    for code, words in _DROPPED.items():
        ends = np.where(has_outcome(advice, code), words, ends)
    return [str(words) for words in ends]


def plain(name: object) -> str:
    """Give a code as words."""
    return str(name).replace("_", " ")


def day_in_words(number: int) -> str:
    """Give a day that is known as people write it."""
    found = to_date(number)
    return "" if found is None else long_date(found)


def _span(first: int, last: int) -> str:
    return f"from {day_in_words(first)} to {day_in_words(last)} ({count(last - first)})"
