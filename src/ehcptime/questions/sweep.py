"""The days between the decision to assess and the last advice, by whose advice was out."""

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import UNKNOWN
from ehcptime.questions.bases import FIRST_FAULT, OF_REASON
from ehcptime.questions.milestones import ASSESSING, Milestones
from ehcptime.questions.pieces import Bits, Codes, Pieces, Places, kind_of, merged
from ehcptime.questions.waits import SERVICES, Waits

_ADVICE, _WAITING = kind_of("advice", "advice"), kind_of("waiting_to_ask", "deciding")
_UNDATED, _BEFORE = kind_of("unknown", "advice"), kind_of("unknown", "deciding")

_Days = npt.NDArray[np.int64]


def swept(found: Milestones, waits: Waits) -> Pieces:
    """Cut the days up to the last advice: to the critical services that were out, or to the authority that had not asked."""
    first, _ = found.span(ASSESSING)
    case, day, change = _changes(waits, first)
    out, past = _out(change, 1), _out(change, len(SERVICES) + 1)
    ends = np.append(case[1:] == case[:-1], False) & (np.append(day[1:], 0) > day) if len(case) else case > 0
    rows = np.flatnonzero(ends)
    case, since, until, out, past = case[rows], day[rows], day[rows + 1], out[rows], past[rows]
    kind, basis = _kinds(found, waits, case, since, out, first)
    payers = np.where(past > 0, past, out)
    whole = Pieces(case, kind, out, payers, since.astype(np.int32), until.astype(np.int32), basis)
    return merged(whole, "services", "payers")


def _changes(waits: Waits, first: npt.NDArray[np.int32]) -> tuple[Places, _Days, _Days]:
    """Days on which something changes for a case, in order: which service went out (1 and up) or came in (-1 and down).

    A second number for each service, after those of all services, says that it went past its own limit, and that it came in.
    """
    asked = waits.is_critical & (waits.since != UNKNOWN) & (waits.since < waits.until)
    case, service = waits.case[asked], waits.service[asked] + 1
    since, until = np.maximum(waits.since[asked], first[case]), waits.until[asked]
    past = np.clip(waits.due[asked], since, until)
    late = service + len(SERVICES)
    waited = np.flatnonzero(waits.last > first)
    bounds = (first, waits.last, np.clip(waits.undated_until, first, waits.last))
    cases = np.concatenate([case, case, case, case, *(waited for _ in bounds)])
    days = np.concatenate([since, until, past, until, *(bound[waited] for bound in bounds)]).astype(np.int64)
    change = np.concatenate(
        [service, -service, late, -late, np.zeros(len(bounds) * len(waited), dtype=np.int64)]
    )
    order = np.lexsort((days, cases))
    return cases[order], days[order], change[order]


def _out(change: _Days, first: int) -> Bits:
    """After each change, the services that are out, or past their limit, as bits; `first` is the number of the first of them."""
    bits = np.zeros(len(change), dtype=np.int64)
    for number in range(len(SERVICES)):
        level = np.cumsum((change == number + first).astype(np.int64) - (change == -number - first))
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
