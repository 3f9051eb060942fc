"""Charges: the days of lateness of each case by segment and by whose time it was, in whole days that sum exactly."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from ehcptime.questions.attribution import Attributed, Late
from ehcptime.questions.pieces import SEGMENT_OF, SEGMENTS, Places
from ehcptime.questions.waits import SERVICES, Waits

# Whose time: the services, then the authority for its own steps, the family, and nobody that can be named.
OWNERS = (*SERVICES, "authority", "family", "unknown")
_AUTHORITY, _FAMILY, _UNKNOWN = range(len(SERVICES), len(OWNERS))
_ADVICE = SEGMENTS.index("advice")
_OF_SEGMENT = np.full(len(SEGMENTS), _AUTHORITY, dtype=np.intp)
_OF_SEGMENT[SEGMENTS.index("family")], _OF_SEGMENT[SEGMENTS.index("unknown")] = _FAMILY, _UNKNOWN

_Days = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Charges:
    """Days by case, segment and owner; a row of no days says only what the flags say."""

    case: Places
    segment: Places
    owner: Places
    days: _Days
    is_critical: _Mask  # the owner's advice was the last
    is_late_not_last: _Mask  # the owner's advice was late by its own limit, and was not the last


def charges_of(found: Attributed, waits: Waits, late: Late, method: str) -> Charges:
    """Charge the lateness of each late case by `critical` or `equal_share`, and say whose advice was last or late."""
    owned = _owned(found)
    charged = owned if method == "critical" else _shared_alike(owned, waits, late)
    return _joined([_plain(*charged[:4]), *_flags(waits, late)])


_Owned = tuple[Places, Places, Places, _Days, _Days]  # case, segment, owner, days late, overrun


def _owned(found: Attributed) -> _Owned:
    """Each piece by owner: days of advice that several services were out with are shared equally between those that pay."""
    pieces = found.pieces
    segment = SEGMENT_OF[pieces.kind].astype(np.intp)
    alone = np.flatnonzero(pieces.payers == 0)
    rows, owners, days = [alone], [_OF_SEGMENT[segment[alone]]], [found.days[alone]]
    out = (pieces.payers[:, None] >> np.arange(len(SERVICES))) & 1
    many = out.sum(axis=1)
    turn = np.cumsum(out, axis=1) - 1
    for service in range(len(SERVICES)):
        with_it = np.flatnonzero(out[:, service])
        rows.append(with_it)
        owners.append(np.full(len(with_it), service, dtype=np.intp))
        days.append(share(found.days[with_it], turn[with_it, service], many[with_it]))
    row = np.concatenate(rows)
    return pieces.case[row], segment[row], np.concatenate(owners), np.concatenate(days), found.overrun[row]


def share(days: _Days, turn: _Days, many: _Days) -> _Days:
    """Give one of several sharers its part of some days: equal parts, and the odd days by turns.

    Who takes the first odd day moves on by one with every full round, so that none is favoured.

    >>> [share(np.array([days] * 2), np.arange(2), np.array([2, 2])).tolist() for days in (1, 2, 3, 4)]
    [[1, 0], [1, 1], [1, 2], [2, 2]]
    """
    each, odd = np.divmod(days, many)
    return np.asarray(each + ((turn - each) % many < odd))


def _shared_alike(owned: _Owned, waits: Waits, late: Late) -> _Owned:
    """Share the lateness equally among all that overran and all whose advice was late by its own limit."""
    case, segment, owner, _, overrun = owned
    late_case, service = _late_advice(waits, late)
    cases = np.concatenate([case[overrun > 0], late_case])
    segments = np.concatenate([segment[overrun > 0], np.full(len(late_case), _ADVICE)])
    owners = np.concatenate([owner[overrun > 0], service])
    key = np.unique((cases * len(SEGMENTS) + segments) * len(OWNERS) + owners)
    case, rest = np.divmod(key, len(SEGMENTS) * len(OWNERS))
    size = len(waits.last)
    over = np.zeros(size, dtype=np.int64)
    over[late.case] = late.over
    many = np.bincount(case, minlength=size)
    turn = np.arange(len(case)) - (np.cumsum(many) - many)[case]
    days = share(over[case], turn, many[case])
    return case, rest // len(OWNERS), rest % len(OWNERS), days, days


def _late_advice(waits: Waits, late: Late) -> tuple[Places, Places]:
    """Case and service of the askings of late cases that were late by their own limit."""
    is_late = np.zeros(len(waits.last), dtype=bool)
    is_late[late.case] = True
    case, service = waits.late
    return case[is_late[case]], service[is_late[case]]


def _flags(waits: Waits, late: Late) -> tuple[Charges, Charges]:
    """Rows of no days that say whose advice was the last, and whose was late and not the last, where that can be told."""
    told = np.zeros(len(waits.last), dtype=bool)
    told[late.case] = True
    told &= ~waits.is_untold
    rows = waits.is_critical & told[waits.case]
    last = np.unique(waits.case[rows] * len(SERVICES) + waits.service[rows])
    case, service = _late_advice(waits, late)
    others = np.setdiff1d((case * len(SERVICES) + service)[told[case]], last)
    return _flagged(last, last=True), _flagged(others, last=False)


def _flagged(key: Places, *, last: bool) -> Charges:
    case, service = np.divmod(key, len(SERVICES))
    rows = len(key)
    is_last = np.full(rows, last)
    return Charges(case, np.full(rows, _ADVICE), service, np.zeros(rows, dtype=np.int64), is_last, ~is_last)


def _plain(case: Places, segment: Places, owner: Places, days: _Days) -> Charges:
    no = np.zeros(len(case), dtype=bool)
    return Charges(case, segment, owner, days, no, no)


def _joined(parts: Sequence[Charges]) -> Charges:
    whole = Charges(*(np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(Charges)))
    kept = (whole.days > 0) | whole.is_critical | whole.is_late_not_last
    return Charges(*(getattr(whole, field.name)[kept] for field in fields(Charges)))
