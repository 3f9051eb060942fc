"""Assumptions: levers as the user gave them, and from the authority's own record where the user gave none."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.forecasting.drafts import weeks_of
from ehcptime.questions.forecasting.history import History
from ehcptime.questions.forecasting.levers import (
    QUEUES,
    SERVICES,
    STEP_WEEKS,
    UNLIMITED,
    VARIATION,
    Basis,
    Capacity,
    Levers,
    Queue,
    number_of,
    sources_of,
)

_EVEN_YEAR = (1.0,) * 12


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says of a scenario; None leaves it to the record or to a stated convention."""

    arrivals: float | None
    growth_per_year: float | None
    month_weights: tuple[float, ...] | None
    refused: float | None
    no_plan: float | None
    capacity: Capacity | None
    variation: float | None
    queue: str
    twin_share: float
    step_weeks: dict[str, int]


def levers_of(given: Given, history: History) -> Levers:
    """Settle every lever, and say of each whether it was given, comes from the record or is assumed.

    Raises CommandError for a value that cannot be, and InputError where the record is too short to take a level from.
    """
    basis: dict[str, Basis] = {"queue": "given", "twin_share": "given"}
    arrivals, seen = _arrivals(given, history, basis)
    refused, refused_seen = _share("refused", given.refused, history, basis)
    no_plan, no_plan_seen = _share("no_plan", given.no_plan, history, basis)
    return Levers(
        arrivals=arrivals,
        arrivals_seen=seen,
        growth_per_year=_or("growth_per_year", given.growth_per_year, 0.0, basis, least=-0.9),
        month_weights=_weights(given, history, basis),
        refused=refused,
        refused_seen=refused_seen,
        no_plan=no_plan,
        no_plan_seen=no_plan_seen,
        capacity=_capacity(given, history, basis),
        variation=_or("variation", given.variation, VARIATION, basis),
        queue=_queue(given.queue),
        twin_share=number_of("twin_share", given.twin_share, at_most=1),
        **_steps(given, history, basis),
        basis=basis,
    )


def _or(name: str, value: float | None, otherwise: float, basis: dict[str, Basis], least: float = 0) -> float:
    basis[name] = "assumed" if value is None else "given"
    return otherwise if value is None else number_of(name, value, least=least)


def _arrivals(given: Given, history: History, basis: dict[str, Basis]) -> tuple[float, float]:
    basis["arrivals"] = "from history" if given.arrivals is None else "given"
    return history.arrivals() if given.arrivals is None else (number_of("arrivals", given.arrivals), 0.0)


def _weights(given: Given, history: History, basis: dict[str, Basis]) -> tuple[float, ...]:
    """By calendar month, their mean made 1, so that a season moves requests and adds none."""
    if given.month_weights is None and given.arrivals is None and (found := history.month_weights()):
        basis["month_weights"] = "from history"
        return found
    basis["month_weights"] = "assumed" if given.month_weights is None else "given"
    weights = _EVEN_YEAR if given.month_weights is None else tuple(given.month_weights)
    if len(weights) != len(_EVEN_YEAR) or min(weights) < 0 or not sum(weights):
        raise CommandError("month_weights must be 12 numbers of 0 or more, January first, and not all 0")
    mean = sum(weights) / len(weights)
    return tuple(weight / mean for weight in weights)


def _share(name: str, value: float | None, history: History, basis: dict[str, Basis]) -> tuple[float, int]:
    """The share, and how many decisions of the record it rests on."""
    if value is not None:
        basis[name] = "given"
        return number_of(name, value, at_most=1), 0
    counted, whole = history.refused() if name == "refused" else history.no_plan()
    if not whole:
        raise InputError(f"the record has no decision of the last year to take {name} from: give {name}=")
    basis[name] = "from history"
    return counted / whole, whole


def _capacity(given: Given, history: History, basis: dict[str, Basis]) -> dict[str, dict[str, float]]:
    """What the user gave; else what was finished lately, and no limit on decisions whether to assess."""
    stated = sources_of(given.capacity)
    found: dict[str, dict[str, float]] = {}
    for service in SERVICES:
        basis[service] = "given" if service in stated else "from history"
        if service in stated:
            found[service] = stated[service]
        elif service == "panel":
            basis[service], found[service] = "assumed", {"all": UNLIMITED}
        else:
            lately = history.finished() if service == "psychology" else history.issued()
            found[service] = {"all": round(lately, 1)}
    return found


def _queue(queue: str) -> Queue:
    if queue not in QUEUES:
        raise CommandError(f"queue must be one of {', '.join(QUEUES)}, not {queue!r}")
    return cast("Queue", queue)


def _steps(given: Given, history: History, basis: dict[str, Basis]) -> Any:
    steps: dict[str, int] = {}
    seen = {"final_weeks": weeks_of(history.draft_to_final())}
    for name, otherwise in STEP_WEEKS.items():
        value = given.step_weeks.get(name, seen.get(name))
        basis[name] = "given" if name in given.step_weeks else "assumed" if value is None else "from history"
        least = 1 if name == "final_weeks" else 0
        steps[name] = int(
            np.ceil(number_of(name, otherwise if value is None else value, at_most=52, least=least))
        )
    unknown = set(given.step_weeks) - set(STEP_WEEKS)
    if unknown:
        raise CommandError(f"there is no step {min(unknown)!r}: use {', '.join(STEP_WEEKS)}")
    return steps
