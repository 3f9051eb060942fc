"""Days and waits as arrays: the few shapes that the simulator draws from."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from ehcptime.datasets.presets import Floats

Days = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NEVER = 10**7
"""A day so far off that it is after every `as_at`: what has not happened and will not."""

_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Count the days since 1 January 1970."""
    return date(day.year, day.month, day.day).toordinal() - _EPOCH.toordinal()


def month_and_day(days: Days) -> tuple[Days, Days]:
    """Give the month (1 to 12) and the day of the month of day numbers."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    return months.astype(np.int64) % 12 + 1, (dates - months).astype(np.int64) + 1


def dates(days: Days) -> npt.NDArray[np.datetime64]:
    """Give day numbers as datetime64[s], `NEVER` as a blank."""
    out = np.where(days >= NEVER, 0, days).astype("datetime64[D]").astype("datetime64[s]")
    out[days >= NEVER] = np.datetime64("NaT")
    return out


def working(days: Days, limit: Days | None = None) -> Days:
    """Move a weekend day back to Friday, or on to Monday where going back would make a late day timely."""
    past_friday = np.maximum((days + 3) % 7 - 4, 0)  # Monday is 0: 1 January 1970 was a Thursday
    back = days - past_friday
    if limit is None:
        return back
    return np.where((days > limit) & (back <= limit), back + 3, back)


def upto(rng: np.random.Generator, n: int, most: int) -> Days:
    """Draw whole days from 0 up to and including `most`."""
    return rng.integers(0, most + 1, n)


def exponential(u: Floats, mean: float) -> Days:
    """Give whole days with the stated mean from uniform draws."""
    return np.floor(-np.log1p(-u) * mean).astype(np.int64)


def kumaraswamy(u: Floats, a: float, b: float) -> Floats:
    """Give a fraction between 0 and 1: like a beta distribution, with an inverse in closed form."""
    return np.asarray((1 - (1 - u) ** (1 / b)) ** (1 / a), dtype=np.float64)


def choose(u: Floats, shares: Floats) -> Days:
    """Give the place in a list of shares where each uniform draw falls."""
    return np.minimum(np.searchsorted(np.cumsum(shares), u, side="right"), len(shares) - 1)


@dataclass(frozen=True, slots=True)
class Wait:
    """A log-logistic wait in days, known by its median and its 90th percentile.

    It has the long tail that waits for advice have, and both its directions are in closed form, so that it can be cut
    at a day by which the answer is known to have come.
    """

    median: float
    ninetieth: float
    shape: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", np.log(9) / np.log(self.ninetieth / self.median))

    def share_by(self, days: Floats) -> Floats:
        """Give the share of waits that have ended by each day."""
        return np.asarray(1 / (1 + (np.maximum(days, 0.5) / self.median) ** -self.shape), dtype=np.float64)

    def days(self, u: Floats) -> Days:
        """Give whole days from uniform draws, three years at most."""
        safe = np.clip(u, 1e-9, 1 - 1e-9)
        return np.minimum(self.median * (safe / (1 - safe)) ** (1 / self.shape), 1095).astype(np.int64)

    def days_within(self, u: Floats, room: Days) -> Days:
        """Give whole days from uniform draws, given that the wait ended within `room`."""
        return np.minimum(self.days(u * self.share_by(room.astype(np.float64))), np.maximum(room, 0))

    def days_beyond(self, u: Floats, room: Days) -> Days:
        """Give whole days from uniform draws, given that the wait went on past `room`."""
        passed = self.share_by(room.astype(np.float64))
        return np.maximum(self.days(passed + u * (1 - passed)), room + 1)
