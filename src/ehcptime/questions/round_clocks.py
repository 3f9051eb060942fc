"""Clocks of rounds: the askings of one service for one case in order, how long each took and how long all took."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, is_day
from ehcptime.questions.advice_cells import has_outcome, is_answered, start_days
from ehcptime.questions.grouping import groups_of
from ehcptime.questions.tracked import Tracked

KEYS = ("case_id", "advice_type", "sub_service", "provider", "setting_id")
STATES = ("answered", "running", "sent back", "ended unanswered", "nothing to answer", "unknown")
(ANSWERED, RUNNING, SENT_BACK, ENDED, NOTHING, UNKNOWN_STATE) = range(len(STATES))

_Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Rounds:
    """Askings in the order of their rounds, within each service of each case.

    `service` is the number of the service of each asking; `live` marks askings that began by `as_at` and that need an answer; `number` is the
    place of a live asking among those of its service, from 1, and 0 otherwise; `before` is the row of the round before, or -1.
    """

    advice: Tracked
    service: _Places
    live: Mask
    number: _Places
    before: _Places
    misnumbered: Mask

    @property
    def services(self) -> int:
        """Services asked, over all cases."""
        return int(self.service.max(initial=-1)) + 1

    def any_of(self, rows: Mask) -> Mask:
        """True for each service that has one of these rows."""
        return np.bincount(self.service[rows], minlength=self.services) > 0

    def count(self) -> _Places:
        """Rounds of each service."""
        return np.bincount(self.service[self.live], minlength=self.services)

    def is_last(self) -> Mask:
        """True for the last round of each service."""
        return np.asarray(self.live & (self.number == self.count()[self.service]))


def rounds_of(advice: Tracked) -> Rounds:
    """Put the askings of each service in order: by day of asking where every one has it, else as they are numbered."""
    service = groups_of(advice.frame, [column for column in KEYS if column in advice.frame]).place
    asked, recorded = advice.days("requested_date"), _recorded(advice)
    live = _live(advice)
    undated = np.bincount(service[live & (asked == NOT_YET)], minlength=int(service.max(initial=-1)) + 1) > 0
    by_number = undated[service]
    keys = np.where(by_number, recorded, asked), np.where(by_number, asked, recorded)
    order = np.lexsort((np.arange(advice.size), advice.days("returned_date"), keys[1], keys[0], service))
    order = order[live[order]]
    number, before = _numbered(service, order)
    follows = before >= 0
    misnumbered = np.zeros(advice.size, dtype=bool)
    misnumbered[follows] = recorded[follows] < recorded[before[follows]]
    return Rounds(advice, service, live, number, before, misnumbered)


def _recorded(advice: Tracked) -> npt.NDArray[np.float64]:
    """Number of each round as recorded; 1 where it is blank or no number, as `check` reads it."""
    if "round" not in advice.frame:
        return np.ones(advice.size)
    numbers = pd.to_numeric(advice.frame["round"], errors="coerce").astype("Float64").fillna(1.0)
    return np.asarray(numbers, dtype=np.float64)


def _live(advice: Tracked) -> Mask:
    """True where somebody was asked by `as_at` and has to answer."""
    asked = advice.days("requested_date")
    begun = (asked == NOT_YET) | (np.minimum(asked, start_days(advice)) <= advice.as_at)
    return np.asarray(begun & ~has_outcome(advice, "existing_sufficient", "withdrawn"))


def _numbered(service: _Places, order: _Places) -> tuple[_Places, _Places]:
    """Number of each round within its service, and the row before it; 0 and -1 for rows that are not in the order."""
    sorted_service = service[order]
    first = np.append(True, sorted_service[1:] != sorted_service[:-1])[: len(order)]
    began = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    number, before = np.zeros(len(service), dtype=np.intp), np.full(len(service), -1, dtype=np.intp)
    number[order] = np.arange(len(order)) - began + 1
    before[order[1:]] = np.where(first[1:], -1, order[:-1])
    return number, before


def days_of_round(rounds: Rounds) -> "pd.Series[int]":
    """Days of each round from its start to its answer, or to `as_at` while it runs; empty where that cannot be told."""
    advice = rounds.advice
    returned = advice.days_by_then("returned_date")
    runs = advice.is_status("status", "running", "overdue")
    end = np.where(returned != NOT_YET, returned, np.where(runs, np.int32(advice.as_at), np.int32(NOT_YET)))
    return _days(np.where(rounds.live, end - start_days(advice), np.int32(NOT_YET)))


def _days(took: Days) -> "pd.Series[int]":
    told = is_day(took) & (took >= 0)
    return pd.Series(pd.arrays.IntegerArray(np.where(told, took, 0).astype(np.int32), ~told))


def states_of(rounds: Rounds) -> npt.NDArray[np.int8]:
    """Where each service stands, as a place in STATES."""
    advice, live = rounds.advice, rounds.live
    answered = is_answered(advice)
    waiting = live & ~answered & advice.is_status("status", "running", "overdue")
    has_limit = advice.frame["rule"].notna().to_numpy(dtype=bool)
    ended = live & ~answered & has_limit & advice.is_status("status", "ended_late", "not_applicable")
    undated = answered & (advice.days_by_then("returned_date") == NOT_YET)
    untold = live & (undated | (~answered & (~has_limit | advice.is_status("status", "unknown"))))
    masks = (~rounds.any_of(live), rounds.any_of(waiting), rounds.any_of(untold), rounds.any_of(ended))
    back = rounds.any_of(rounds.is_last() & has_outcome(advice, "rejected"))
    states = (NOTHING, RUNNING, UNKNOWN_STATE, ENDED, SENT_BACK)
    return np.select([*masks, back], states, default=ANSWERED).astype(np.int8)


def total_days(rounds: Rounds, states: npt.NDArray[np.int8]) -> "pd.Series[int]":
    """Days of each service from the first asking to the last accepted answer, or to `as_at` while a round runs.

    Empty where a day of asking is missing, and where a service stands in any other state.
    """
    advice, live = rounds.advice, rounds.live
    asked = advice.days("requested_date")
    first = np.full(rounds.services, NOT_YET, dtype=np.int32)
    np.minimum.at(first, rounds.service[live], asked[live])
    last = np.full(rounds.services, -NOT_YET, dtype=np.int32)
    accepted = live & ~has_outcome(advice, "rejected") & is_day(advice.days_by_then("returned_date"))
    np.maximum.at(last, rounds.service[accepted], advice.days("returned_date")[accepted])
    end = np.select(
        [states == RUNNING, states == ANSWERED], [np.int32(advice.as_at), last], default=np.int32(NOT_YET)
    )
    untold = (end == NOT_YET) | rounds.any_of(live & (asked == NOT_YET))
    return _days(np.where(untold, np.int32(NOT_YET), end.astype(np.int32) - first))
