"""How long a day takes to be keyed: the share of records keyed by each age, from when each was first seen in an extract.

An extract shows only what was keyed by then, so quick records are seen more often than slow ones. The estimate is the
maximum-likelihood share per span of days under that selection, found by iteration: each record says that its lag lay between two
extracts, and that it was no longer than the newest extract allows (Turnbull's method for interval-censored and truncated
times: J. R. Statist. Soc. B 38 (1976) 290-295; reporting delay as right truncation: Kalbfleisch and Lawless, J. Am.
Stat. Assoc. 84 (1989) 360-372).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]
_Counts = npt.NDArray[np.int64]

# Last day of each span of lags: each day for four weeks, weeks to thirteen, four weeks to a year; longer is one span.
_ENDS = np.array([*range(28), *range(34, 91, 7), *range(118, 371, 28)])
SPANS = len(_ENDS) + 1
_ROUNDS, _ROUNDS_OF_DRAWS = 300, 40  # the draws begin at the estimate


@dataclass(frozen=True, eq=False)
class Sightings:
    """Records of the newest extract: the lag is more than `after`, at most `by`, and at most `newest` for it to be seen at all."""

    after: _Counts
    by: _Counts
    newest: _Counts

    @property
    def size(self) -> int:
        """Number of records."""
        return len(self.by)


def keyed_by_age(seen: Sightings, draws: int, seed: int) -> _Floats:
    """Share keyed by each span: the estimate in row 0, then `draws` of it from records drawn again with replacement."""
    spans = [span_of(days) for days in (seen.after, seen.by, seen.newest)]
    kinds, counts = np.unique(np.stack(spans), axis=1, return_counts=True)
    random = np.random.default_rng(seed)
    again = random.multinomial(seen.size, counts / seen.size, size=draws)
    start = np.full((1, SPANS), 1 / SPANS)
    estimate = _shares(kinds, counts[None, :].astype(float), start, _ROUNDS)
    drawn = _shares(kinds, again.astype(float), np.repeat(estimate, draws, axis=0), _ROUNDS_OF_DRAWS)
    return np.cumsum(np.vstack([estimate, drawn]), axis=1)


def span_of(lag: _Counts) -> _Counts:
    """Place of the span in which a lag in days falls; -1 below 0."""
    return np.where(lag < 0, -1, np.searchsorted(_ENDS, lag))


def _shares(kinds: _Counts, weights: _Floats, shares: _Floats, rounds: int) -> _Floats:
    """Self-consistent shares, one row per row of weights: records found in a span over records it could have been found for."""
    after, by, newest = kinds
    after = np.minimum(after, by - 1)  # an interval within one span is that span
    spans = np.arange(SPANS)
    within = ((spans > after[:, None]) & (spans <= by[:, None])).astype(float)
    seen_from = (spans <= spans[:, None]).astype(float)
    exposed_to = np.stack([weights[:, newest == span].sum(axis=1) for span in spans], axis=1)
    for _ in range(rounds):
        by_then = np.cumsum(np.pad(shares, ((0, 0), (1, 0))), axis=1)
        found = (weights / _positive(by_then[:, by + 1] - by_then[:, after + 1])) @ within
        exposed = (exposed_to / _positive(by_then[:, 1:])) @ seen_from
        shares = shares * found / _positive(exposed)
        shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _positive(values: _Floats) -> _Floats:
    return np.maximum(values, 1e-12)
