"""Drafts: when their finals come, by how long those of the last year took and how long each draft has been out."""

import numpy as np
import numpy.typing as npt

from ehcptime.clock.counting import Days

ENOUGH = 20  # plans of the last year, with the day of their draft, below which no length is taken from them
_FEW = 5  # that took longer than a draft has been out; with fewer it is taken as sent on the day itself
_LONGEST = 26  # weeks; what took longer counts as this long
_DAYS = 7

Counts = npt.NDArray[np.float64]


def weeks_of(taken: Days) -> int | None:
    """Weeks in which half of the finals came, at least 1; None where there are not enough to say.

    >>> weeks_of(np.array([15] * 10 + [29] * 10)), weeks_of(np.array([15] * 19))
    (4, None)
    """
    if len(taken) < ENOUGH:
        return None
    return int(np.clip(np.ceil(np.median(taken) / _DAYS), 1, _LONGEST))


def spread(out: npt.NDArray[np.int64], place: npt.NDArray[np.int64], bins: int, taken: Days) -> Counts:
    """Expected finals by week, from 1, and bin: `out` are the days that each draft has been out and `place` its bin.

    Of the finals in `taken` (days from draft to final, in rising order) those count that took longer than the draft has been out.

    >>> taken = np.array([14] * 10 + [28] * 10)
    >>> spread(np.array([0, 20]), np.array([0, 0]), 1, taken).ravel()[:4].tolist()
    [0.0, 1.5, 0.0, 0.5]
    """
    ages, which = np.unique(out, return_inverse=True)
    shares = np.array([_by_week(taken, int(age)) for age in ages]).reshape(len(ages), _LONGEST)
    drafts = np.zeros((len(ages), bins))
    np.add.at(drafts, (which, place), 1)
    return np.asarray(shares.T @ drafts)


def shares(taken: Days) -> Counts:
    """Shares of new drafts that become plans in each week, from 1.

    >>> shares(np.array([14] * 10 + [28] * 10))[:5].tolist()
    [0.0, 0.5, 0.0, 0.5, 0.0]
    """
    return _by_week(taken, 0)


def _by_week(taken: Days, age: int) -> Counts:
    """Shares of the finals that come in each week from now."""
    later = taken[np.searchsorted(taken, age, "right") :] - age
    left = later if len(later) >= _FEW else taken
    weeks = np.clip(-(-left // _DAYS), 1, _LONGEST)
    return np.asarray(np.bincount(weeks, minlength=_LONGEST + 1)[1:] / len(left))
