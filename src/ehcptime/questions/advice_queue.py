"""The queue for one kind of advice: when each asking joined it, was allocated, and left it by an answer or otherwise."""

from dataclasses import dataclass

import numpy as np

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.questions.advice_cells import has_outcome, is_answered
from ehcptime.questions.in_hand import case_places
from ehcptime.questions.tracked import Tracked


@dataclass(frozen=True, eq=False)
class Queue:
    """Days of each asking; NOT_YET where that has not happened by `as_at`.

    `joined` is the day of asking, `left` that on which it was answered or ended, `allocated` that of allocation, never before
    `joined` and NOT_YET where it came after `left`. `returned` marks the askings that left by an answer, and `placed` those of
    which all of this can be told; what is not placed is in no queue.
    """

    joined: Days
    allocated: Days
    left: Days
    returned: Mask
    placed: Mask

    @property
    def unallocated_until(self) -> Days:
        """Day on which each asking stopped waiting to be allocated."""
        return np.minimum(self.allocated, self.left)

    @property
    def undated(self) -> Mask:
        """True where somebody was asked by `as_at`, as far as can be told, and the days do not say when it joined or left."""
        return ~self.placed


def queue_of(advice: Tracked, cases: Tracked | None) -> Queue:
    """Work out the queue; with `cases`, an asking that was not answered leaves it on the day its case ended."""
    joined = advice.days("requested_date")
    left = np.where(is_answered(advice), _answered_on(advice), _ended_on(advice, cases, joined))
    allocated = advice.days_by_then("allocated_date")
    waited = np.where(allocated == NOT_YET, allocated, np.maximum(allocated, joined))
    return Queue(
        joined=joined,
        allocated=np.where(waited > left, np.int32(NOT_YET), waited),
        left=left,
        returned=is_answered(advice) & ~has_outcome(advice, "withdrawn", "existing_sufficient"),
        placed=is_day(joined) & (left != UNKNOWN) & (left >= joined),
    )


def _answered_on(advice: Tracked) -> Days:
    returned = advice.days_by_then("returned_date")
    return np.where(returned == NOT_YET, np.int32(UNKNOWN), returned)


def _ended_on(advice: Tracked, cases: Tracked | None, joined: Days) -> Days:
    """Day on which an unanswered asking ended; UNKNOWN where it has ended and the day is not to be had."""
    over = has_outcome(advice, "withdrawn", "existing_sufficient")
    has_ended = over | ~advice.is_status("status", "running", "overdue")
    recorded = np.where(has_ended, np.int32(UNKNOWN), np.int32(NOT_YET))
    if cases is None:
        return recorded
    end = np.append(np.broadcast_to(cases.now.end, cases.size), np.int32(NOT_YET))[case_places(cases, advice)]
    with_case = (end != NOT_YET) & ((end >= joined) | (end == UNKNOWN))
    return np.where(with_case & ~over, end, recorded)
