"""What it costs: unit costs that the user gives, on the work that each source does in a scenario."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ehcptime.errors import CommandError
from ehcptime.questions.forecasting.levers import Levers, number_of
from ehcptime.questions.forecasting.outlook import QUANTILES
from ehcptime.questions.forecasting.pipeline import Weekly
from ehcptime.questions.forecasting.queues import Stock


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost of the work done over the scenario, and per late plan issued, as ranges over the runs, in the user's money."""

    total: tuple[float, float, float]
    per_late_plan: tuple[float, float, float] | None
    sources: tuple[str, ...]

    def __str__(self) -> str:
        """The cost in one sentence."""
        low, middle, high = self.total
        each = "no late plan is issued"
        if self.per_late_plan is not None:
            each = f"{self.per_late_plan[1]:,.0f} for each late plan issued"
        return (
            f"Cost of {', '.join(self.sources)} at the unit costs given: {middle:,.0f} "
            f"(from {low:,.0f} to {high:,.0f} in 80 of 100 runs); {each}."
        )


def cost_of(seen: Weekly, levers: Levers, costs: Mapping[str, float]) -> Cost:
    """Cost the work: each service's work goes to its sources in the order in which they were given, each up to its capacity."""
    unit = {name: number_of(f"the cost of {name}", value) for name, value in costs.items()}
    known = {source for sources in levers.capacity.values() for source in sources}
    for name in unit:
        if name not in known:
            raise CommandError(
                f"there is no source {name!r} among the capacities: use one of {', '.join(sorted(known))}"
            )
    work = {"panel": seen.decided, "psychology": seen.advised, "drafting": seen.issued}
    total = sum(
        (_by_source(done, levers.capacity[service], unit) for service, done in work.items()),
        np.zeros(seen.issued.shape[1]),
    )
    late = (seen.issued - seen.issued_in_time).sum(axis=0)
    per_late = total / np.where(late > 0, late, np.nan)
    return Cost(
        _range(total), _range(per_late[~np.isnan(per_late)]) if (late > 0).any() else None, tuple(unit)
    )


def _by_source(done: Stock, sources: Mapping[str, float], unit: Mapping[str, float]) -> Stock:
    left, total = done, np.zeros(done.shape[1])
    for source, number in sources.items():
        by_this = np.minimum(left, number)
        total = total + by_this.sum(axis=0) * unit.get(source, 0.0)
        left = left - by_this
    return total


def _range(values: Stock) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, QUANTILES)
    return float(low), float(middle), float(high)
