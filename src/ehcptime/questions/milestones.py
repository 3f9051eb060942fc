"""The milestones of each case in order, from the request to the end, and what cannot be told between them.

A milestone is a day, NOT_YET, or UNKNOWN where it happened and its day cannot be used: it is not recorded, or it is out of order
(before the milestone that it must follow, or after the final plan that must follow it). The time on either side of such
a milestone cannot be split and is kept whole, as unknown. A step dated after a case that ended otherwise never came.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.questions.tracked import Tracked
from ehcptime.tracking.outcomes import H, N, Y
from ehcptime.tracking.refusals import Refusal
from ehcptime.tracking.situation import Situation

# The spans between milestones, in order; each ends at a milestone of its own.
SPANS = ("deciding", "refused_to_assess", "assessing", "refused_to_issue", "drafting", "family", "finalising")
ASSESSING = SPANS.index("assessing")
# Why the days on both sides of a milestone cannot be told apart; 0 is for a milestone that is there.
_ENDS = (
    "the decision whether to assess",
    "the reversal of the refusal to assess",
    "the decision whether to issue a plan",
    "the reversal of the refusal to issue",
    "the draft",
)
FAULTS = (
    "",
    *(f"{end} {fault}" for end in _ENDS for fault in ("is not dated", "is dated out of order")),
    "the decision on the request cannot be read",
    "the outcome of the assessment cannot be read",
)
_NO_REQUEST_CODE, _NO_ASSESSMENT_CODE = len(FAULTS) - 2, len(FAULTS) - 1
COMMENT = 15  # days for the family to comment, the day of service counted: reg 13(1)
_REPLY = "family_reply_date"  # a local system's own column, read where it is there
_LOST, _FAR = np.int32(UNKNOWN), np.int32(NOT_YET)

Codes = npt.NDArray[np.int8]


@dataclass(eq=False)
class Milestones:
    """Where the line of each case is cut: one place per case, and a row per span in `cuts` and `faults`."""

    start: Days
    end: Days
    is_told: Mask  # the line has a beginning and an end
    cuts: Days  # the day on which each span ends
    faults: Codes  # place in FAULTS where the days of a span cannot be told from those before it
    tail_fault: Codes  # likewise of what follows the last advice
    is_lost: (
        Mask  # no later step is dated, though there was one: until when advice was waited for cannot be told
    )
    draft_note: Codes  # place in FAULTS where the draft stands for a decision to issue that has no day

    def span(self, number: int) -> tuple[Days, Days]:
        """First and last day of a span of each case; the same day where it has none."""
        return self.start if number == 0 else self.cuts[number - 1], self.cuts[number]


def milestones_of(cases: Tracked) -> Milestones:
    """Work out the milestones of each case at `as_at`."""
    now, size = cases.now, cases.size
    start = np.broadcast_to(now.start, size)
    end = np.where(now.end == NOT_YET, np.int32(cases.as_at), np.broadcast_to(now.end, size))
    told = is_day(start) & is_day(end) & (end >= start) & now.is_received
    line = _Line(
        np.where(told, start, 0), np.where(told, end, 0), np.broadcast_to(now.final != NOT_YET, size)
    )
    line.draw(cases)
    return Milestones(
        start=line.start,
        end=line.end,
        is_told=told,
        cuts=line.cuts,
        faults=line.faults,
        tail_fault=line.tail_fault,
        is_lost=line.is_lost,
        draft_note=line.draft_note,
    )


class _Line:
    """Cuts the line of every case from left to right; `last` is the last cut, `fault` why the next days cannot be told."""

    def __init__(self, start: Days, end: Days, is_final: Mask) -> None:
        self.start, self.end, self.last = start.astype(np.int32), end.astype(np.int32), start.astype(np.int32)
        self.is_final = is_final
        self.cuts = np.zeros((len(SPANS), len(start)), dtype=np.int32)
        self.faults = np.zeros((len(SPANS), len(start)), dtype=np.int8)
        self.fault, self.tail_fault, self.draft_note = (np.zeros(len(start), dtype=np.int8) for _ in range(3))
        self.is_lost = np.zeros(len(start), dtype=bool)

    def draw(self, cases: Tracked) -> None:
        """Cut each span in turn."""
        now = cases.now
        self._cut(0, *self._checked(_decided(now, self.is_final), 0))
        self._cut(1, *self._reversal(now.refused_to_assess, 1))
        self.fault = np.where(
            now.request.is_puzzle & (self.fault == 0), np.int8(_NO_REQUEST_CODE), self.fault
        )
        draft, fault = self._checked(_draft(now, self.is_final), 4)
        self._assess(now, draft)
        self._cut(3, *self._reversal(now.refused_to_issue, 3))
        early = is_day(draft) & (draft < self.last)
        draft, fault = np.where(early, _LOST, draft), np.where(early, np.int8(_fault(4, 1)), fault)
        self._cut(4, draft, fault)
        self._cut(5, self._commented(cases, draft), fault)
        self._cut(6, np.full_like(self.last, NOT_YET), fault)

    def _checked(self, day: Days, end: int) -> tuple[Days, Codes]:
        """A milestone that can be used, and the fault of one that cannot."""
        day = np.broadcast_to(day, self.last.shape)
        after = is_day(day) & (day > self.end)
        wrong = (is_day(day) & (day < self.last)) | (after & self.is_final)
        usable = np.where(wrong, _LOST, np.where(after, _FAR, day))
        fault = np.where(wrong, _fault(end, 1), np.where(day == UNKNOWN, _fault(end, 0), 0))
        return usable, fault.astype(np.int8)

    def _cut(self, span: int, day: Days, fault: Codes) -> None:
        """End a span on its day, at the end of the case where that has not come, or nowhere where it cannot be told."""
        lost = day == UNKNOWN
        self.faults[span] = self.fault
        self.fault = np.where(lost, np.where(self.fault > 0, self.fault, fault), np.int8(0))
        self.last = np.where(lost, self.last, np.minimum(day, self.end))
        self.cuts[span] = self.last

    def _reversal(self, refusal: Refusal, end: int) -> tuple[Days, Codes]:
        """The day of a reversal; where nothing was reversed the milestone before stands for it."""
        day, fault = self._checked(refusal.reversed_on, end)
        is_reversed = np.broadcast_to(refusal.made & refusal.is_reversed, self.last.shape)
        before = np.where(self.fault > 0, _LOST, self.last)
        return np.where(is_reversed, day, before), np.where(is_reversed, fault, self.fault)

    def _assess(self, now: Situation, draft: Days) -> None:
        """Until the decision whether to issue or the draft, whichever is first; else until the next day that is known."""
        refusal, before = now.refused_to_issue, self.fault
        refused = np.broadcast_to(refusal.made, self.last.shape)
        decision, fault = self._checked(_decision(now, refused, self.is_final), 2)
        puzzle = np.broadcast_to(now.assessment.is_puzzle, self.last.shape) & ~is_day(decision)
        fault = np.where(puzzle, np.int8(_NO_ASSESSMENT_CODE), fault)
        drafted = np.where(is_day(draft) & ~refused, draft, _FAR)
        first = np.minimum(np.where(is_day(decision), decision, _FAR), drafted)
        self.is_lost = (decision == UNKNOWN) & (first == NOT_YET)
        self.tail_fault = np.where(self.is_lost & (refused | puzzle | (draft == UNKNOWN)), fault, np.int8(0))
        late = is_day(decision) & (decision > drafted)
        by_draft = (first == drafted) & (first != NOT_YET) & (decision != drafted)
        self.draft_note = np.where(by_draft, np.where(late, np.int8(_fault(2, 1)), fault), np.int8(0))
        self._cut(2, np.where(self.is_lost, self._next(refusal, draft), first), fault)
        self.faults[2] = before

    def _next(self, refusal: Refusal, draft: Days) -> Days:
        """The next day that is known after a decision whether to issue that has none."""
        back = np.where(refusal.made, refusal.reversed_on, _FAR)
        back = np.where(is_day(back) & (back >= self.last) & (back <= self.end), back, _FAR)
        return np.where(back != NOT_YET, back, np.where(is_day(draft), draft, _FAR))

    def _commented(self, cases: Tracked, draft: Days) -> Days:
        """First day after the family's 15 days, or that of their reply if it is sooner."""
        reply = cases.days_by_then(_REPLY)
        over = np.where(is_day(draft), draft + COMMENT, draft)
        return np.where(is_day(draft) & (reply >= draft), np.minimum(over, reply), over)


def _fault(end: int, out_of_order: int) -> int:
    """Place in FAULTS of a milestone that is not dated (0) or out of order (1)."""
    return 1 + 2 * end + out_of_order


def _decided(now: Situation, is_final: Mask) -> Days:
    happened = (
        (now.request.code == H) | is_final | (now.decision_to_issue != NOT_YET) | (now.draft != NOT_YET)
    )
    return np.where((now.request_decided == NOT_YET) & happened, _LOST, now.request_decided)


def _decision(now: Situation, refused: Mask, is_final: Mask) -> Days:
    happened = is_final | now.assessment.has(Y, N) | now.assessment.is_puzzle | (now.draft != NOT_YET)
    decision = np.where(refused, now.refused_to_issue.day, now.decision_to_issue)
    return np.where((decision == NOT_YET) & happened, _LOST, decision)


def _draft(now: Situation, is_final: Mask) -> Days:
    return np.where((now.draft == NOT_YET) & is_final, _LOST, now.draft)
