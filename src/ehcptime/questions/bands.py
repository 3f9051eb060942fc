"""Bands of weeks: days put into bands by their upper edges, each of which holds its edge."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ehcptime.errors import CommandError

DAYS_IN_WEEK = 7
AGE_WEEKS = (6, 12, 16, 20, 30, 52)  # the bands of age of open cases, unless others are asked for


def band_labels(bands: Sequence[int]) -> list[str]:
    """Name the bands between upper edges in weeks, and the last, which has none.

    Raises CommandError for edges that do not rise from above 0.

    >>> band_labels([2, 6, 12])
    ['0-2', '2-6', '6-12', '12+']
    """
    edges = [0, *bands]
    if len(edges) == 1 or any(upper <= lower for lower, upper in pairwise(edges)):
        raise CommandError(
            f"bands must be weeks that rise from above 0, such as 2, 6, 12, not {list(bands)!r}"
        )
    return [*(f"{lower}-{upper}" for lower, upper in pairwise(edges)), f"{edges[-1]}+"]


def band_places(days: npt.NDArray[Any], bands: Sequence[int]) -> npt.NDArray[np.intp]:
    """Place of each number of days among the bands; day 14 is in 0-2.

    >>> band_places(np.array([0, 14, 15, 84, 85]), [2, 6, 12]).tolist()
    [0, 0, 1, 2, 3]
    """
    return np.searchsorted(np.array(bands) * DAYS_IN_WEEK, days, side="left")
