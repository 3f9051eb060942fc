"""Pieces: the line of each case cut into stretches of days, each of one kind, without a gap and without an overlap."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import Days, Mask

Codes = npt.NDArray[np.int8]
Places = npt.NDArray[np.intp]
Bits = npt.NDArray[np.int64]

STAGES = ("deciding", "advice", "issuing", "finalising")  # of the lawful plan


class Kind(NamedTuple):
    """A kind of piece: the segment that it is shown as, and the last stage of the plan whose days it may use."""

    segment: str
    stage: str


# `refused` is the time between a refusal, to assess or to issue, and its reversal: the plan has no days for it, nor for
# `waiting_to_ask`. `unknown` may use the days of every stage that may be hidden in it.
KINDS = (
    Kind("deciding", "deciding"),
    Kind("refused", "deciding"),
    Kind("unknown", "deciding"),
    Kind("waiting_to_ask", "deciding"),
    Kind("advice", "advice"),
    Kind("unknown", "advice"),
    Kind("refused", "advice"),
    Kind("after_advice", "issuing"),
    Kind("unknown", "issuing"),
    Kind("drafting", "issuing"),
    Kind("family", "finalising"),
    Kind("finalising", "finalising"),
    Kind("unknown", "finalising"),
)
SEGMENTS = (*dict.fromkeys(kind.segment for kind in KINDS if kind.segment != "unknown"), "unknown")
SEGMENT_OF = np.array([SEGMENTS.index(kind.segment) for kind in KINDS], dtype=np.int8)
STAGE_OF = np.array([STAGES.index(kind.stage) for kind in KINDS], dtype=np.int8)


def kind_of(segment: str, stage: str) -> np.int8:
    """Place of a kind in KINDS."""
    return np.int8(KINDS.index(Kind(segment, stage)))


@dataclass(frozen=True, eq=False)
class Pieces:
    """Stretches of days.

    `services`, those that were out, and `payers`, those of them that the days are charged to, have a bit for each of
    `waits.SERVICES`; `basis` is a place in `bases.BASES`.
    """

    case: Places
    kind: Codes
    services: Bits
    payers: Bits
    since: Days
    until: Days
    basis: Codes

    @property
    def days(self) -> Days:
        """Days of each piece."""
        return self.until - self.since

    def at(self, rows: Mask | Places) -> "Pieces":
        """Give some of the pieces."""
        return Pieces(*(getattr(self, field.name)[rows] for field in fields(self)))


def stacked(parts: Sequence[Pieces]) -> Pieces:
    """Put pieces together in the order of the cases and of time."""
    whole = Pieces(*(np.concatenate([getattr(p, field.name) for p in parts]) for field in fields(Pieces)))
    return whole.at(np.lexsort((whole.since, whole.case)))


def one_each(kind: Codes, since: Days, until: Days, basis: npt.NDArray[np.integer]) -> Pieces:
    """One piece for every case."""
    size = len(since)
    nobody = np.zeros(size, dtype=np.int64)
    return Pieces(np.arange(size), kind, nobody, nobody, since, until, basis.astype(np.int8))


def merged(cut: Pieces, *alike: str) -> Pieces:
    """Put neighbours together again that are of one case, one kind and one basis, and alike in other fields."""
    marks = [getattr(cut, name) for name in ("case", "kind", "basis", *alike)]
    begins = np.any([np.append(True, mark[1:] != mark[:-1]) for mark in marks], axis=0)[: len(cut.case)]
    rows = np.flatnonzero(begins)
    return replace(cut.at(rows), until=cut.until[np.append(rows[1:], len(begins))[: len(rows)] - 1])
