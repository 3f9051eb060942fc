"""Levers: everything that a scenario assumes, checked, each with where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
import pandas as pd

from ehcptime.errors import CommandError

Queue = Literal["oldest_first", "newest_first", "due_first", "twin_track"]
Basis = Literal["given", "from history", "assumed"]
QUEUES: tuple[str, ...] = get_args(Queue)
SERVICES = ("panel", "psychology", "drafting")
UNLIMITED = float("inf")

Capacity = Mapping[str, float | Mapping[str, float]]

# The least number of weeks that each step takes when nobody waits in a queue. Conventions: only 6, 16 and 20 weeks are limits.
STEP_WEEKS: Mapping[str, int] = MappingProxyType(
    {"decide_weeks": 5, "advice_weeks": 6, "issue_weeks": 3, "final_weeks": 4}
)
_SAYS = MappingProxyType(
    {
        "arrivals": "requests a week",
        "growth_per_year": "growth of requests, as a share a year",
        "month_weights": "weight of each month, January first",
        "refused": "share of decisions that refuse to assess",
        "no_plan": "share of assessments that end without a plan",
        "variation": "how far a week's capacity varies, as a share of it",
        "queue": "who is served first",
        "twin_share": "share of capacity for cases that can still be in time",
        "decide_weeks": "weeks to the decision whether to assess, at least",
        "advice_weeks": "weeks for advice, at least",
        "issue_weeks": "weeks from advice to draft, at least",
        "final_weeks": "weeks from draft to final plan, at least",
        "panel": "decisions whether to assess a week, at most",
        "psychology": "psychology advice a week, at most",
        "drafting": "drafts a week, at most",
    }
)
VARIATION = 0.15  # of a week's capacity around its mean, as a share of it


@dataclass(frozen=True, slots=True)
class Lever:
    """One assumption: in words, its value, its unit and where it comes from."""

    says: str
    value: object
    unit: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Levers:
    """What a scenario assumes. Rates are per week; capacity is by service and, within it, by source."""

    arrivals: float
    arrivals_seen: float  # weeks of history behind the level; 0 where it was given
    growth_per_year: float
    month_weights: tuple[float, ...]
    refused: float
    refused_seen: int  # decisions of the record behind the share; 0 where it was given
    no_plan: float
    no_plan_seen: int
    capacity: Mapping[str, Mapping[str, float]]
    variation: float
    queue: Queue
    twin_share: float
    decide_weeks: int
    advice_weeks: int
    issue_weeks: int
    final_weeks: int
    basis: Mapping[str, Basis]

    def total(self, service: str) -> float:
        """Cases per week that a service can finish, all its sources together."""
        return float(sum(self.capacity[service].values()))

    def table(self) -> pd.DataFrame:
        """Give one row per assumption: `assumption, says, value, unit, basis`; `says` is the assumption and its unit in words."""
        rows = [
            (name, lever.says, lever.value, lever.unit, lever.basis)
            for name, lever in self._levers().items()
            if name != "twin_share" or self.queue == "twin_track"
        ]
        return pd.DataFrame(rows, columns=["assumption", "says", "value", "unit", "basis"])

    def _levers(self) -> dict[str, Lever]:
        units = {
            "arrivals": "requests a week",
            "growth_per_year": "share a year",
            "month_weights": "weight of each month, January first",
            "refused": "share of decisions",
            "no_plan": "share of assessments",
            "variation": "share of a week's capacity",
            "queue": "rule",
            "twin_share": "share of capacity for cases that can still be in time",
        } | dict.fromkeys(STEP_WEEKS, "weeks at least")
        levers = {
            name: Lever(_SAYS[name], getattr(self, name), unit, self.basis[name])
            for name, unit in units.items()
        }
        for service in SERVICES:
            for source, number in self.capacity[service].items():
                shown = "no limit" if np.isinf(number) else number
                says = _SAYS[service] if source == "all" else f"{_SAYS[service]}, {source.replace('_', ' ')}"
                lever = Lever(says, shown, "cases a week", self.basis[service])
                levers[f"capacity: {service}, {source}"] = lever
        return levers


def sources_of(capacity: Capacity | None) -> dict[str, dict[str, float]]:
    """Read capacities by service: a number stands for one source of the service.

    >>> sources_of({"psychology": {"in_house": 27, "associate": 11}, "drafting": 40})["drafting"]
    {'all': 40.0}
    """
    found: dict[str, dict[str, float]] = {}
    for service, given in (capacity or {}).items():
        if service not in SERVICES:
            raise CommandError(f"there is no service {service!r} with a capacity: use {_near(service)}")
        by_source = given if isinstance(given, Mapping) else {"all": given}
        found[service] = {source: number_of(f"capacity of {source}", n) for source, n in by_source.items()}
    return found


def _near(service: str) -> str:
    return (get_close_matches(service, SERVICES, n=1) or [f"one of {', '.join(SERVICES)}"])[0]


def number_of(name: str, value: object, *, at_most: float = UNLIMITED, least: float = 0) -> float:
    """Check a number; raises CommandError naming it."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or np.isnan(float(value)):
        raise CommandError(f"{name} must be a number, not {value!r}")
    if not least <= float(value) <= at_most:
        upper = "or more" if np.isinf(at_most) else f"to {at_most:g}"
        raise CommandError(f"{name} must be {least:g} {upper}, not {value}")
    return float(value)
