"""The days between the decision to assess and the last advice, by whose advice was out."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import UNKNOWN
from ehcptime.questions.bases import FIRST_FAULT, OF_REASON
from ehcptime.questions.milestones import ASSESSING, Milestones
from ehcptime.questions.pieces import Codes, Pieces, Places, kind_of
from ehcptime.questions.waits import SERVICES, Waits

_ADVICE, _WAITING = kind_of("advice", "advice"), kind_of("waiting_to_ask", "deciding")
_UNDATED, _BEFORE = kind_of("unknown", "advice"), kind_of("unknown", "deciding")

_Days = npt.NDArray[np.int64]


def swept(found: Milestones, waits: Waits) -> Pieces:
    """Cut the days up to the last advice: to the critical services that were out, or to the authority that had not asked."""
    first, _ = found.span(ASSESSING)
    case, day, change = _changes(waits, first)
    out = _out(change)
    ends = np.append(case[1:] == case[:-1], False) & (np.append(day[1:], 0) > day) if len(case) else case > 0
    rows = np.flatnonzero(ends)
    case, since, until, out = case[rows], day[rows], day[rows + 1], out[rows]
    kind, basis = _kinds(found, waits, case, since, out, first)
    return _merged(Pieces(case, kind, out, since.astype(np.int32), until.astype(np.int32), basis))


def _changes(waits: Waits, first: npt.NDArray[np.int32]) -> tuple[Places, _Days, _Days]:
    """Days on which something changes for a case, in order, and which service went out (1 and up) or came in (-1 and down)."""
    asked = waits.is_critical & (waits.since != UNKNOWN) & (waits.since < waits.until)
    case, service = waits.case[asked], waits.service[asked] + 1
    since = np.maximum(waits.since[asked], first[case])
    waited = np.flatnonzero(waits.last > first)
    bounds = (first, waits.last, np.clip(waits.undated_until, first, waits.last))
    cases = np.concatenate([case, case, *(waited for _ in bounds)])
    days = np.concatenate([since, waits.until[asked], *(bound[waited] for bound in bounds)]).astype(np.int64)
    change = np.concatenate([service, -service, np.zeros(len(bounds) * len(waited), dtype=np.int64)])
    order = np.lexsort((days, cases))
    return cases[order], days[order], change[order]


def _out(change: _Days) -> _Days:
    """After each change, the services that are out, as bits."""
    bits = np.zeros(len(change), dtype=np.int64)
    for number in range(len(SERVICES)):
        level = np.cumsum((change == number + 1).astype(np.int64) - (change == -number - 1))
        bits |= (level > 0).astype(np.int64) << number
    return bits


def _kinds(
    found: Milestones, waits: Waits, case: Places, since: _Days, out: _Days, first: npt.NDArray[np.int32]
) -> tuple[Codes, Codes]:
    fault = found.faults[ASSESSING][case]
    covered = np.full(len(first), np.iinfo(np.int64).max)
    np.minimum.at(covered, case[out > 0], since[out > 0])
    steps = (
        (out > 0, _ADVICE, np.where(waits.is_out[case], OF_REASON["out"], OF_REASON["in"])),
        (since < waits.undated_until[case], _UNDATED, OF_REASON["undated_asking"]),
        ((fault > 0) & (since < covered[case]), _BEFORE, FIRST_FAULT + fault),
        (np.ones(len(case), dtype=bool), _WAITING, OF_REASON["unasked"]),
    )
    kind, basis = np.zeros(len(case), dtype=np.int8), np.zeros(len(case), dtype=np.int8)
    for where, this, why in reversed(steps):
        kind = np.where(where, this, kind)
        basis = np.where(where, why, basis).astype(np.int8)
    return kind, basis


def _merged(cut: Pieces) -> Pieces:
    """Put neighbours of one kind and the same services together again."""
    if not len(cut.case):
        return cut
    marks: list[npt.NDArray[Any]] = [cut.case, cut.kind, cut.services, cut.basis]
    begins = np.append(True, np.any([mark[1:] != mark[:-1] for mark in marks], axis=0))
    rows = np.flatnonzero(begins)
    last = np.append(rows[1:], len(begins)) - 1
    kept = cut.at(rows)
    return Pieces(kept.case, kept.kind, kept.services, kept.since, cut.until[last], kept.basis)
