"""Survival from day counts: the curves of Kaplan-Meier and of Aalen-Johansen in discrete time, exact where days are tied."""

import numpy as np
import numpy.typing as npt

from ehcptime.questions.day_counts import ENDS, DayCounts

Curve = npt.NDArray[np.float64]

_NOISE = 1e-12  # a share is a product of fractions: less than this is the arithmetic of doubles


def without_plan(counts: DayCounts) -> Curve:
    """Share with no final plan after each day, by Kaplan-Meier, where every other end counts as lost from sight.

    On a day of both, plans come first: who is lost from sight on it was still at risk.

    >>> by_day = np.zeros((5, 3), dtype=np.int64)
    >>> by_day[0, 1], by_day[4, 1], by_day[0, 2] = 1, 2, 1  # a plan and two open cases on day 1, a plan on day 2
    >>> without_plan(DayCounts(by_day, np.zeros(6, np.int64), 0)).tolist()
    [1.0, 0.75, 0.0]
    """
    return np.asarray(np.cumprod(1 - counts.of("finals") / counts.at_risk))


def shares(counts: DayCounts) -> dict[str, Curve]:
    """Share that each end has come to by the end of each day, by Aalen-Johansen, and `still_open`; they sum to 1.

    >>> by_day = np.zeros((5, 3), dtype=np.int64)
    >>> by_day[0, 1], by_day[1, 1], by_day[4, 2] = 1, 2, 1  # a plan and two refusals on day 1, an open case on day 2
    >>> [share.tolist() for share in shares(DayCounts(by_day, np.zeros(6, np.int64), 0)).values()][:2]
    [[0.0, 0.25, 0.25], [0.0, 0.5, 0.5]]
    """
    at_risk = counts.at_risk
    ended = np.sum([counts.of(end) for end in ENDS], axis=0)
    still_open = np.cumprod(1 - ended / at_risk)
    before = np.concatenate([[1.0], still_open[:-1]])
    found = {end: np.cumsum(before[: len(at_risk)] * counts.of(end) / at_risk) for end in ENDS}
    return {**found, "still_open": still_open}


def first_day_at(curve: Curve, share: float) -> int | None:
    """First day on which a falling curve has come down to a share; None where it does not.

    >>> first_day_at(np.array([1.0, 0.75, 0.5]), 0.5), first_day_at(np.array([1.0, 0.75, 0.5]), 0.1)
    (2, None)
    """
    reached = np.flatnonzero(curve <= share + _NOISE)
    return int(reached[0]) if len(reached) else None


def share_by(counts: DayCounts, day: int) -> float | None:
    """Share with a final plan by the end of a day, by Aalen-Johansen; None where nobody was followed for so long.

    >>> share_by(DayCounts(np.eye(5, 1, dtype=np.int64), np.zeros(6, np.int64), 0), 140)
    1.0
    """
    if not counts.entered:
        return None
    found = shares(counts)
    last = len(found["still_open"]) - 1
    if day > last and found["still_open"][-1] > 0:
        return None
    return round(float(found["finals"][min(day, last)]), 12)
