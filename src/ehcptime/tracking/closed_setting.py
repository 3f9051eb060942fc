"""The condition of SCHOOL_CLOSED and EY_CLOSED, in words: when the head was asked, and when the setting was closed."""

import numpy as np

from ehcptime.clock.counting import NOT_YET
from ehcptime.tracking.closures import FOUR_WEEKS, INSIDE, UNSETTLED, WEEK, window
from ehcptime.tracking.findings import (
    CANNOT_BE_TOLD,
    NOT_SUPPORTED,
    SUPPORTED,
    Finding,
    Period,
    Reason,
    said,
    there,
)
from ehcptime.tracking.words import count


def closed_setting(reason: Reason, period: Period) -> Finding:
    """Say whether a head was asked in the window of a long closure; the closure that fits best speaks for the claim."""
    pairs = [
        (school.asked, closed, reopened) for school in reason.schools for closed, reopened in school.closures
    ]
    if not pairs:
        return Finding(CANNOT_BE_TOLD, "no closure of the setting is recorded")
    asked, closed, reopened = min(pairs, key=lambda pair: (-_state(pair, reason.as_at), _gap(*pair)))
    found = _at(reason, asked, closed, reopened)
    if asked > period.due and asked != NOT_YET:
        return Finding(found.verdict, f"{found.why}; the limit had already ended on {said(period.due)}")
    return found


def _state(pair: tuple[int, int, int], as_at: int) -> int:
    days = np.array(pair, dtype=np.int32)[:, None]
    return int(window(days[0], days[1], days[2], as_at)[0])


def _gap(asked: int, closed: int, reopened: int) -> int:
    """Days between the asking and the closure."""
    after = asked - reopened if there(reopened) else 0
    return max(closed - WEEK - asked, after, 0)


def _at(reason: Reason, asked: int, closed: int, reopened: int) -> Finding:
    state = _state((asked, closed, reopened), reason.as_at)
    who = "the early-years setting" if reason.code == "EY_CLOSED" else "the school"
    length = count(reopened - closed)
    if state == INSIDE:
        span = f"closed from {said(closed)} " + (
            f"until {said(reopened)}" if there(reopened) else "and not yet re-opened"
        )
        return Finding(SUPPORTED, f"{who} was asked for advice on {said(asked)}, in the window of a closure: {span}")  # fmt: skip
    if state == UNSETTLED:
        return Finding(CANNOT_BE_TOLD, _unsettled(who, asked, closed, reopened))
    if there(reopened) and reopened - closed < FOUR_WEEKS:
        return Finding(NOT_SUPPORTED, f"{who} closed for {length}, from {said(closed)} until {said(reopened)}, and the law asks for 4 weeks or more")  # fmt: skip
    return Finding(NOT_SUPPORTED, f"{who} was asked for advice on {said(asked)}, " + _outside(asked, closed, reopened))  # fmt: skip


def _outside(asked: int, closed: int, reopened: int) -> str:
    if asked < closed:
        return f"{count(closed - asked)} before it closed on {said(closed)}; the window opens 7 days before"
    shuts = "the window shuts 7 days before it re-opens"
    if asked < reopened:
        return f"{count(reopened - asked)} before it re-opened on {said(reopened)}; {shuts}"
    when = f"{count(asked - reopened)} after it re-opened" if asked > reopened else "the day it re-opened"
    return f"{when}, {said(reopened)}; {shuts}"


def _unsettled(who: str, asked: int, closed: int, reopened: int) -> str:
    if asked == NOT_YET:
        return "the day on which the head was asked for advice is not recorded"
    if there(reopened):
        return f"{who} was asked for advice on {said(asked)}, the closure window's last day: whether it counts is unsettled"
    return f"{who} closed on {said(closed)}, and the day it re-opened is not yet known"
