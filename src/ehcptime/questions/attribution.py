"""Attribution: on which pieces of a late case's line its days of lateness fall.

The rule. Each stage may use its days in the lawful plan and whatever the stages before it left over; days beyond that are overrun. Days of
the plan that are never used, because a later stage was quicker or is still to come, make good the earliest overrun first; every day of
overrun after that is a day late, and falls where it was spent.

Why this rule. A case is at any moment as far behind the plan as the stages so far have overrun. That is a running maximum, so the
days are whole numbers and sum exactly to the lateness, whatever the order of the rows. Nobody is charged with more days than they
took, and while the same advice stays the last nobody's charge falls because they, or anyone else, took longer. `waiting_to_ask`
and `refused` have no days in the plan, so asking late is the authority's lateness and never the provider's, and the provider has its
own six weeks however late it was asked: days on which several services were out are shared equally by those of them that were past
their own limit, and by all only where none was. The family's 15 days fit in the last stage of every plan, so they are never overrun.

Against it can be said that where two stages took too long and a third made up some of it, who is spared is a choice: the earliest
is, because the later stages could still answer for it. The last two stages are the authority's own, and so as a rule is the
earliest overrun: what the authority makes up goes first to its own account. `equal_share` chooses otherwise, for comparison:
the lateness is shared alike by all that overran and all whose advice was late by its own limit, even if it was not the last
(a limit that is claimed to be lifted, or that ran out only after the case had ended, makes nobody late).

The split of an open case is not final: the plan's days for stages still to come count as not used until they are. The plan is
counted back from the limit in force. Where that was started anew by a reversal (regulations 42, 44 and 45), what
came before the reversal is not late.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import Days
from ehcptime.questions.bases import OF_REASON
from ehcptime.questions.milestones import Milestones
from ehcptime.questions.pieces import STAGE_OF, STAGES, Pieces, Places, kind_of, one_each, stacked

_OPENING = kind_of("unknown", "deciding")
_LAST = len(STAGES) - 1

_Days = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Late:
    """The late cases: their places, their days over the limit, and the day on which their limit was started anew."""

    case: Places
    over: Days
    restart: Days  # far in the past where it was not


@dataclass(frozen=True, eq=False)
class Attributed:
    """Pieces of late cases, the days by which each put its case behind the plan, and those that were late in the end."""

    pieces: Pieces
    overrun: _Days
    days: _Days


def attributed(pieces: Pieces, found: Milestones, late: Late, left: Days) -> Attributed:
    """Give the lateness of each late case to its pieces; `left` is from `lawful_plan.days_left`.

    A case whose line has no beginning or no end has one piece, unknown, with all of it. So has, for the part that the plan
    cannot hold, a case whose limit in force leaves less time from its start than the last stage of the plan has.
    """
    size = len(found.start)
    over, restart = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    over[late.case], restart[late.case] = late.over, late.restart
    due = np.where(found.is_told, found.end - over, 0)
    is_late = np.zeros(size, dtype=bool)
    is_late[late.case] = True
    opening = one_each(
        np.full(size, _OPENING), found.start, found.start, np.full(size, OF_REASON["too_short"])
    )
    rows = _in_stages(stacked([opening.at(is_late), pieces.at(is_late[pieces.case])]))
    case, first = rows.case, _firsts(rows.case)
    short = np.maximum(found.start - (due - left[_LAST - 1]), 0)
    short = np.where(found.is_told, short, over)
    behind = np.where(
        first, short[case], _position(rows, first, found) - _planned(rows, due, restart, found, left)
    )
    reached = _running_max(behind, case)
    before = np.where(first, 0, np.append(0, reached[:-1]))
    spared = np.zeros(size, dtype=np.int64)
    ends = np.append(first[1:], True) if len(first) else first
    spared[case[ends]] = reached[ends] - over[case[ends]]
    days = np.maximum(reached, spared[case]) - np.maximum(before, spared[case])
    return Attributed(rows, reached - before, days)


def _in_stages(pieces: Pieces) -> Pieces:
    """Pieces in the order of the plan's stages, then of time; the opening piece has no days and stays first."""
    stage = STAGE_OF[pieces.kind]
    return pieces.at(np.lexsort((pieces.until, pieces.since, stage, pieces.case)))


def _firsts(case: Places) -> npt.NDArray[np.bool_]:
    return np.append(True, case[1:] != case[:-1]) if len(case) else np.zeros(0, dtype=bool)


def _position(rows: Pieces, first: npt.NDArray[np.bool_], found: Milestones) -> _Days:
    """Day reached at the end of each piece, if the pieces had come in the order of the stages."""
    total = np.cumsum(rows.days, dtype=np.int64)
    starts = np.flatnonzero(first)
    base = np.repeat(total[starts], np.diff(np.append(starts, len(first))))
    return np.asarray(found.start[rows.case] + total - base)


def _planned(rows: Pieces, due: _Days, restart: _Days, found: Milestones, left: Days) -> _Days:
    """Day by which each piece should have ended: the limit less the days of the stages to come."""
    case, stage = rows.case, STAGE_OF[rows.kind]
    latest = due[case] - left[_LAST - 1]
    floor = np.maximum(found.start, restart)[case]
    return np.where(stage == _LAST, due[case], np.minimum(np.maximum(due[case] - left[stage], floor), latest))


def _running_max(values: _Days, case: Places) -> _Days:
    """Highest value so far within each case."""
    lift = case.astype(np.int64) << 32
    return np.asarray(np.maximum.accumulate(values + lift) - lift)
