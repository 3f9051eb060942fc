"""The story of each case as a system would hold it on one day: nothing later is written down."""

from dataclasses import dataclass

import numpy as np

from ehcptime.datasets.claims import Claims
from ehcptime.datasets.days import NEVER, Days, Flags, exponential, working
from ehcptime.datasets.plan_story import Plans
from ehcptime.datasets.presets import Preset
from ehcptime.datasets.request_story import Requests
from ehcptime.datasets.streams import Streams

CODES = ("Y", "N", "A", "W", "H")
_Y, _N, _A, _W, _H, _BLANK = 0, 1, 2, 3, 4, -1


@dataclass(frozen=True, slots=True)
class Record:
    """What is known at `as_at`: days by column (`NEVER` is blank), outcomes as places in `CODES` (-1 is blank)."""

    as_at: int
    days: dict[str, Days]
    request_outcome: Days
    assessment_outcome: Days
    is_open: Flags


def _request_outcome(requests: Requests, as_at: int) -> Days:
    decided = np.where(requests.refused, _N, _Y)
    known = np.where(requests.decided <= as_at, decided, _A)
    return np.where(requests.historic, _H, np.where(requests.withdrawn <= as_at, _W, known))


def _assessment_outcome(requests: Requests, plans: Plans, as_at: int) -> Days:
    issued = np.where(plans.issued_path & (plans.issue_decided <= as_at), _Y, _A)
    known = np.where(plans.notice <= as_at, _N, issued)
    known = np.where((plans.ended <= as_at) & (plans.final > as_at), _W, known)
    return np.where(requests.historic, _H, np.where(requests.agreed <= as_at, known, _BLANK))


def _standing_refusal(requests: Requests, plans: Plans, as_at: int) -> Flags:
    assess = requests.refused & (requests.decided <= as_at) & (requests.challenge.reversal > as_at)
    return assess | ((plans.notice <= as_at) & (plans.challenge.reversal > as_at))


def _plan_start(requests: Requests, plans: Plans, as_at: int, preset: Preset, streams: Streams) -> Days:
    """Give the start of the current plan: the first final's day, or a later one after a review."""
    n = len(plans.final)
    reviewed = streams["amended_later"].random(n) < preset.number("amended_later")
    later = working(plans.final + 364)
    start = np.where(reviewed & (later <= as_at), later, plans.final)
    return np.where(requests.historic, requests.received - 200, start)


def _panel(requests: Requests, as_at: int, streams: Streams) -> Days:
    days = working(requests.decided - streams["panel"].integers(0, 5, len(requests.decided)))
    return np.where(requests.decided <= as_at, days, NEVER)


def _last_contact(received: Days, is_open: Flags, as_at: int, streams: Streams) -> Days:
    n = len(received)
    gap = exponential(streams["last_contact"].random(n), 21)
    known = is_open & (streams["last_contact_known"].random(n) < 0.9)
    return np.where(known, np.maximum(as_at - gap, received), NEVER)


def make_record(requests: Requests, plans: Plans, as_at: int, preset: Preset, streams: Streams) -> Record:
    """Write down what had happened by `as_at`."""
    standing = _standing_refusal(requests, plans, as_at)
    ended = np.minimum(plans.ended, requests.withdrawn)
    is_open = ~requests.historic & ~standing & (ended > as_at) & (plans.final > as_at)
    outcome = np.where(plans.issued_path, plans.final, plans.notice)
    days = {
        "received_date": requests.received,
        "moved_in_date": requests.moved_in,
        "request_outcome_date": requests.decided,
        "assessment_outcome_date": outcome,
        "issue_decision_date": plans.issue_decided,
        "draft_sent_date": plans.draft,
        "plan_issued_date": np.where(plans.issued_path, NEVER, plans.final),
        "plan_start_date": _plan_start(requests, plans, as_at, preset, streams),
        "closed_date": ended,
        "reversal_date": np.minimum(requests.challenge.reversal, plans.challenge.reversal),
        "panel_date": _panel(requests, as_at, streams),
        "last_contact_date": _last_contact(requests.received, is_open, as_at, streams),
    }
    return Record(
        as_at=as_at,
        days={name: np.where(day <= as_at, day, NEVER) for name, day in days.items()},
        request_outcome=_request_outcome(requests, as_at),
        assessment_outcome=_assessment_outcome(requests, plans, as_at),
        is_open=is_open,
    )


def seen_claims(claims: Claims, plans: Plans, as_at: int) -> Flags:
    """Say which claims of an exception had been made by `as_at`."""
    return (claims.code >= 0) & (claims.to_date <= as_at) & (claims.from_date < plans.ended)
