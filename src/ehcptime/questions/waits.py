"""Waits for advice: from when until when each case waited for the advice that came in last, and whose it was.

An asking is waited for from its start (the day from which `track_advice` counts) until it was in, or until the authority went on
without it: a body that never answers is not better placed than one that answers late. Askings of one service, as `rounds` knows it
(case, kind, part, provider and setting), are one advice, whatever the round. The advice that was waited for longest is the critical
one, and there may be several.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.errors import InputError
from ehcptime.questions.grouping import NOT_RECORDED
from ehcptime.questions.milestones import ASSESSING, Milestones
from ehcptime.questions.round_clocks import KEYS
from ehcptime.questions.tracked import Tracked, places_among, same_day
from ehcptime.records.columns import COLUMNS

# Parents' views are never waited for: no family is a cause of delay. An asking of a kind that cannot be read comes last.
SERVICES = (*(kind for kind in COLUMNS["advice"]["advice_type"].values if kind != "parent"), NOT_RECORDED)

Places = npt.NDArray[np.intp]


@dataclass(eq=False)
class Waits:
    """The askings that were waited for, and what they come to for each case."""

    case: Places  # of each asking
    service: Places  # place in SERVICES
    since: Days  # first day of the wait; UNKNOWN where it cannot be told
    until: Days
    due: Days  # its own limit; NOT_YET where it has none, or that is claimed to be lifted
    is_critical: Mask
    late: tuple[
        Places, Places
    ]  # case and service of every asking that went past its own limit, not lifted, while its case ran, waited for or not
    last: Days  # by case: the day on which the last advice was in, or nothing more was waited for
    rows: Places  # by case: askings recorded, of any kind
    is_untold: Mask  # by case: the day of an answer that may have been the last is not recorded
    is_out: Mask  # by case: the critical advice was not in when the authority went on, or is still out
    undated_until: (
        Days  # by case: until when a critical asking that has no first day may have been waited for
    )


def no_waits(found: Milestones) -> Waits:
    """Stand for advice that was not given."""
    nobody, size = np.zeros(0, dtype=np.intp), len(found.start)
    day = found.span(ASSESSING)[0]
    never, none, blank = np.zeros(size, dtype=bool), np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int32)
    rows = np.zeros(size, dtype=np.intp)
    return Waits(nobody, nobody, blank, blank, blank, none, (nobody, nobody), day, rows, never, never, day)


def waits_of(cases: Tracked, advice: Tracked, found: Milestones) -> Waits:
    """Find the waits for advice between the decision to assess and the next step of each case."""
    same_day(cases, advice)
    if not cases.frame["case_id"].is_unique:
        raise InputError("column 'case_id' holds a value twice: each case must stand in one row")
    place = places_among(cases.frame, advice.frame)
    rows = np.bincount(place[place >= 0], minlength=cases.size)
    kept = np.flatnonzero(_is_waited_for(advice) & (place >= 0))
    first, over = found.span(ASSESSING)
    services, (since, until) = _services(advice), _days(advice)
    kept = kept[since[kept] < over[place[kept]]]  # asked before the authority went on, or nobody knows when
    case, service, since, until = place[kept], services[kept], since[kept], until[kept]
    chain = _chains(case * len(SERVICES) + service, advice.frame.iloc[kept])
    late = _is_late(advice, place, found)
    untold = until == UNKNOWN
    capped = np.where(untold, first[case], np.clip(until, first[case], over[case]))
    last = first.copy()
    np.maximum.at(last, case, capped)
    end_of_chain = np.full(int(chain.max(initial=-1)) + 1, UNKNOWN, dtype=np.int32)
    np.maximum.at(end_of_chain, chain, capped)
    critical = (end_of_chain[chain] == last[case]) & (last > first)[case]
    return Waits(
        case=case,
        service=service,
        since=since,
        until=capped,
        due=np.where(advice.is_set("exempt"), np.int32(NOT_YET), advice.days("due"))[kept],
        is_critical=critical,
        late=(place[late], services[late]),
        last=last,
        rows=rows,
        is_untold=_any(case, untold & (last < over)[case], cases.size),
        is_out=_any(case, critical & (until > over[case]), cases.size),
        undated_until=_undated(case, critical, since, np.where(untold, over[case], capped), untold, first),
    )


def _is_waited_for(advice: Tracked) -> Mask:
    """Asked for by `as_at`, of someone other than the family, and neither withdrawn nor found to be held already."""
    returned, sent = advice.days("returned_date"), advice.days("requested_date")
    is_future = (returned > advice.as_at) & (returned != NOT_YET)
    dropped = advice.is_code("advice_outcome", "withdrawn", "existing_sufficient") & ~is_future
    by_receipt = advice.frame["start_basis"].eq("received").to_numpy(dtype=bool, na_value=False)
    unasked = (sent > advice.as_at) & (sent != NOT_YET) & ~by_receipt & (returned > advice.as_at)
    return np.asarray(~dropped & ~unasked & ~advice.is_code("advice_type", "parent"))


def _is_late(advice: Tracked, place: Places, found: Milestones) -> Mask:
    """Late by its own limit, where that is not claimed to be lifted and had passed before the case ended.

    What went past its limit only after the plan was issued, or was asked for after it, had no part in its lateness.
    """
    late = (place >= 0) & advice.is_status("status", "met_late", "overdue", "ended_late")
    late &= ~advice.is_set("exempt")
    late[late] = advice.days("due")[late] < found.end[place[late]]
    return late


def _days(advice: Tracked) -> tuple[Days, Days]:
    """First day of the wait for each asking and the day that it was in; UNKNOWN where either cannot be told.

    A body that is said to have received an asking before it was sent, or after it answered, has a first day that contradicts.
    """
    by_receipt = advice.frame["start_basis"].eq("received").to_numpy(dtype=bool, na_value=False)
    sent, back = advice.days_by_then("requested_date"), advice.days_by_then("returned_date")
    since = np.where(by_receipt, advice.days("body_received_date"), sent)
    wrong = (since > back) | (by_receipt & is_day(sent) & (since < sent))
    since = np.where((since == NOT_YET) | wrong, np.int32(UNKNOWN), since)
    answered = advice.is_code("advice_outcome", "provided", "not_known", "rejected")
    undated = answered & (advice.days("returned_date") == NOT_YET)
    return since, np.where(undated, np.int32(UNKNOWN), back)


def first_days(advice: Tracked) -> Days:
    """First day of the wait for each asking; UNKNOWN where it cannot be told."""
    return _days(advice)[0]


def _services(advice: Tracked) -> Places:
    place = np.full(advice.size, len(SERVICES) - 1, dtype=np.intp)
    for number, kind in enumerate(SERVICES[:-1]):
        place[advice.is_code("advice_type", kind)] = number
    return place


def _chains(kind: Places, askings: pd.DataFrame) -> Places:
    """Number of each asking's advice: the rounds of one service for one case share it; `kind` is a number for case and kind."""
    chain = np.asarray(pd.factorize(kind)[0], dtype=np.intp)
    for column in KEYS[2:]:
        if column in askings:
            part, distinct = pd.factorize(askings[column], use_na_sentinel=True)
            chain = np.asarray(pd.factorize(chain * (len(distinct) + 1) + part + 1)[0], dtype=np.intp)
    return chain


def _any(case: Places, rows: Mask, size: int) -> Mask:
    return np.asarray(np.bincount(case[rows], minlength=size) > 0)


def _undated(case: Places, critical: Mask, since: Days, until: Days, untold: Mask, first: Days) -> Days:
    days = first.copy()
    rows = critical & ((since == UNKNOWN) | untold)
    np.maximum.at(days, case[rows], until[rows])
    return days
