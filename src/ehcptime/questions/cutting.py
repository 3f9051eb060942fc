"""Cutting: the line of each case as pieces, from its milestones and its waits for advice."""

import numpy as np

from ehcptime.clock.counting import Days
from ehcptime.questions.bases import FIRST_FAULT, FIRST_TO_DRAFT, OF_REASON
from ehcptime.questions.milestones import ASSESSING, SPANS, Milestones, milestones_of
from ehcptime.questions.pieces import Codes, Pieces, kind_of, one_each, stacked
from ehcptime.questions.sweep import swept
from ehcptime.questions.tracked import Tracked
from ehcptime.questions.waits import Waits, no_waits, waits_of

# The kind of each span but `assessing`, and of its days where they cannot be told from those before it.
_KINDS = {
    "deciding": (kind_of("deciding", "deciding"), kind_of("unknown", "deciding")),
    "refused_to_assess": (kind_of("refused", "deciding"), kind_of("unknown", "deciding")),
    "refused_to_issue": (kind_of("refused", "advice"), kind_of("unknown", "issuing")),
    "drafting": (kind_of("drafting", "issuing"), kind_of("unknown", "issuing")),
    "family": (kind_of("family", "finalising"), kind_of("unknown", "finalising")),
    "finalising": (kind_of("finalising", "finalising"), kind_of("unknown", "finalising")),
}
_AFTER = kind_of("after_advice", "issuing")
_UNTOLD, _UNTOLD_TO_END = kind_of("unknown", "issuing"), kind_of("unknown", "finalising")


def cut_up(cases: Tracked, advice: Tracked | None) -> tuple[Milestones, Waits, Pieces]:
    """Cut the line of every case that has a beginning and an end; what is of no days is left out."""
    found = milestones_of(cases)
    waits = no_waits(found) if advice is None else waits_of(cases, advice, found)
    why = _whole(found, waits, has_advice=advice is not None)
    first, over = found.span(ASSESSING)
    advised = swept(found, waits)
    parts = [
        *(_span(found, number) for number, name in enumerate(SPANS) if name in _KINDS),
        advised.at(why[advised.case] == 0),
        one_each(_to_end(found), first, np.where(why > 0, over, first), why),
        _tail(found, waits, np.where(why > 0, over, waits.last), over),
    ]
    whole = stacked(parts)
    return found, waits, whole.at((whole.days > 0) & found.is_told[whole.case])


def _span(found: Milestones, number: int) -> Pieces:
    fault = found.faults[number]
    known, untold = _KINDS[SPANS[number]]
    basis = np.where(fault > 0, FIRST_FAULT + fault, number)
    return one_each(np.where(fault > 0, untold, known), *found.span(number), basis)


def _whole(found: Milestones, waits: Waits, *, has_advice: bool) -> Codes:
    """Why nothing can be told of the days between the decision to assess and the next step; 0 where something can."""
    first, over = found.span(ASSESSING)
    doubt = found.faults[ASSESSING]
    steps = (
        (np.full(len(first), not has_advice), OF_REASON["no_advice"]),
        (waits.rows == 0, OF_REASON["no_rows"]),
        (waits.is_untold, OF_REASON["undated_answer"]),
        (waits.is_out & found.is_lost, OF_REASON["out_and_lost"]),
        ((doubt > 0) & (waits.last == first), FIRST_FAULT + doubt),
    )
    why = np.zeros(len(first), dtype=np.int8)
    for where, reason in reversed(steps):
        why = np.where(where, reason, why).astype(np.int8)
    return np.where(over > first, why, np.int8(0))


def _to_end(found: Milestones) -> Codes:
    """Unknown days to the end of a case may hide every stage that is left; others end with the decision whether to issue."""
    ends = (found.tail_fault > 0) & (found.cuts[ASSESSING] == found.end)
    return np.where(ends, _UNTOLD_TO_END, _UNTOLD)


def _tail(found: Milestones, waits: Waits, since: Days, until: Days) -> Pieces:
    """After the last advice: the authority's own step, unless nothing tells it from what follows."""
    fault, note = found.tail_fault, found.draft_note
    waited = waits.last > found.span(ASSESSING)[0]
    basis = np.where(waited, OF_REASON["after"], OF_REASON["no_wait"])
    basis = np.where(note > 0, FIRST_TO_DRAFT + note, basis)
    basis = np.where(fault > 0, FIRST_FAULT + fault, basis)
    return one_each(np.where(fault > 0, _to_end(found), _AFTER), since, until, basis)
