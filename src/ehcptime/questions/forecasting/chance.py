"""Chance: what is drawn each week, one stream of random numbers per cause, so that a lever changes one thing alone."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from ehcptime.questions.forecasting.levers import Levers
from ehcptime.questions.forecasting.queues import Stock

Runs = npt.NDArray[np.float64]
_CAUSES = (
    "level",
    "arrivals",
    "refused: share",
    "refused",
    "no_plan: share",
    "no_plan",
    "panel",
    "psychology",
    "drafting",
    "finals",
)


class Chance:
    """Draws for every run. With `runs` 0 there is one run and nothing is drawn: every draw is its mean."""

    def __init__(self, levers: Levers, runs: int, seed: int) -> None:
        self.runs = max(runs, 1)
        self.is_even = runs == 0
        # Whole cases fit a float of half the size; means need the longer one.
        self.kind = np.dtype(np.float64 if self.is_even else np.float32)
        self.levers = levers
        streams = np.random.SeedSequence(seed).spawn(len(_CAUSES))
        self._by_cause: Mapping[str, np.random.Generator] = MappingProxyType(
            {cause: np.random.default_rng(stream) for cause, stream in zip(_CAUSES, streams, strict=True)}
        )
        self.level = self._level()
        self.share = {
            "refused": self._share("refused", levers.refused, levers.refused_seen),
            "no_plan": self._share("no_plan", levers.no_plan, levers.no_plan_seen),
        }

    def _level(self) -> Runs:
        """Arrivals a week: uncertain where they come from a short record, as given where they were given."""
        mean, seen = self.levers.arrivals, self.levers.arrivals_seen
        if self.is_even or not seen:
            return np.full(self.runs, mean)
        drawn = self._by_cause["level"].gamma(mean * seen + 0.5, 1 / seen, self.runs)
        return np.asarray(drawn, dtype=np.float64)

    def _share(self, cause: str, share: float, seen: int) -> Runs:
        """A share, uncertain where it rests on decisions of the record."""
        if self.is_even or not seen:
            return np.full(self.runs, share)
        stream = self._by_cause[f"{cause}: share"]
        return np.asarray(
            stream.beta(share * seen + 0.5, (1 - share) * seen + 0.5, self.runs), dtype=np.float64
        )

    def arrivals(self, week: int, month: int) -> Runs:
        """Requests of a week, counted from 1; `month` is its calendar month, 0 for January."""
        growth = (1 + self.levers.growth_per_year) ** (week / 52)
        mean = self.level * self.levers.month_weights[month] * growth
        if self.is_even:
            return np.asarray(mean, dtype=np.float64)
        return np.asarray(self._by_cause["arrivals"].poisson(mean), dtype=np.float64)

    def capacity(self, service: str) -> Runs:
        """Cases that a service can finish in a week."""
        mean = self.levers.total(service)
        if self.is_even or np.isinf(mean):
            return np.full(self.runs, mean)
        stream = self._by_cause[service]
        drawn = mean * (1 + self.levers.variation * stream.standard_normal(self.runs))
        return np.floor(np.maximum(drawn, 0) + stream.random(self.runs))

    def out(self, expected: npt.NDArray[np.float64]) -> Stock:
        """Draw for every run in which week the final of each draft that is out comes, of expectations of shape (weeks, bins)."""
        if self.is_even:
            return expected[:, :, None]
        cases = np.rint(expected.sum(axis=0)).astype(np.int64)
        there = np.flatnonzero(cases)
        shares = (expected[:, there] / expected[:, there].sum(axis=0)).T
        drawn = self._by_cause["finals"].multinomial(cases[there], shares, size=(self.runs, len(there)))
        found = np.zeros((*expected.shape, self.runs), dtype=self.kind)
        found[:, there] = drawn.transpose(2, 1, 0)
        return found

    def later(self, drafts: Stock, shares: npt.NDArray[np.float64], weeks: Sequence[Stock]) -> None:
        """Add new drafts, of shape (bins, runs), to the finals of the weeks after them, of which `shares` come in each."""
        if self.is_even:
            for week, share in zip(weeks, shares, strict=True):
                np.add(week, drafts * share, out=week)
            return
        places = np.nonzero(drafts)
        bins, runs = (np.repeat(place, drafts[places].astype(np.int64)) for place in places)
        drawn = np.searchsorted(np.cumsum(shares[:-1]), self._by_cause["finals"].random(len(bins)), "right")
        for number in np.unique(drawn):
            here = drawn == number
            np.add.at(weeks[number], (bins[here], runs[here]), 1)

    def some(self, cause: str, of: Stock) -> Stock:
        """Give how many of each count, of shape (bins, runs), meet a fate: to be refused, or to get no plan."""
        share = np.broadcast_to(self.share[cause], of.shape)
        if self.is_even:
            return of * share
        found = np.zeros_like(of)
        there = of > 0
        found[there] = self._by_cause[cause].binomial(of[there].astype(np.int64), share[there])
        return found
