"""Which way of reversing a refusal each case took."""

from collections.abc import Iterator

import numpy as np

from ehcptime.clock.counting import Mask
from ehcptime.law.book import RuleBook
from ehcptime.law.models import Route
from ehcptime.records.columns import COLUMNS
from ehcptime.tracking.refusals import Refusal
from ehcptime.tracking.situation import Situation

ROUTES = COLUMNS["cases"]["reversal_route"].values


def told(refusal: Refusal, now: Situation, rows: tuple[int, ...]) -> Mask:
    """Where a refusal was reversed and the record says how."""
    reversed_ = refusal.is_reversed & refusal.is_recorded & now.is_received & (now.route > 0)
    return np.broadcast_to(reversed_, rows)


def taken(
    refusal: Refusal, now: Situation, rows: tuple[int, ...], law: RuleBook
) -> Iterator[tuple[Mask, Route]]:
    """Give the cases that took each route that some case took."""
    named, route = told(refusal, now, rows), np.broadcast_to(now.route, rows)
    for number in np.unique(route[named]):
        yield named & (route == number), law.routes[ROUTES[number - 1]]
