"""When requests arrive: seven calendar years, with growth, a season and quiet weekends."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from ehcptime.datasets.days import Days, day_number, month_and_day
from ehcptime.datasets.presets import Floats, Preset
from ehcptime.errors import CommandError

FIRST_AS_AT = date(2020, 12, 31)  # so that the first of six full years is after 1 September 2014


@dataclass(frozen=True, slots=True)
class Window:
    """The years that requests come from: six full ones and the one after, in days."""

    year_starts: Days
    as_at: int

    def slot(self, days: Days) -> Days:
        """Give the place (0 to 6) of each day's year; days outside the window take the nearest."""
        return np.clip(
            np.searchsorted(self.year_starts, days, side="right") - 1, 0, len(self.year_starts) - 2
        )


def window(as_at: date) -> Window:
    """Give the window whose sixth year is the latest full calendar year at `as_at`."""
    if as_at < FIRST_AS_AT:
        raise CommandError(f"as_at {as_at} is too early to simulate: give {FIRST_AS_AT} or later")
    latest = as_at.year if (as_at.month, as_at.day) == (12, 31) else as_at.year - 1
    starts = [day_number(date(year, 1, 1)) for year in range(latest - 5, latest + 3)]
    return Window(np.asarray(starts, dtype=np.int64), day_number(as_at))


def intensity(preset: Preset, seen: Window) -> tuple[Days, Floats]:
    """Give every day of the window and how many requests are expected on it."""
    days = np.arange(seen.year_starts[0], seen.year_starts[-1])
    month, _ = month_and_day(days)
    weights = preset.numbers("month_weights")[month - 1]
    weights = weights * np.where((days + 3) % 7 >= 5, preset.number("weekend_weight"), 1.0)
    slot = seen.slot(days)
    per_year = np.bincount(slot, weights)
    return days, weights / per_year[slot] * preset.numbers("requests")[slot]


def arrive(n: int, preset: Preset, seen: Window, rng: np.random.Generator) -> Days:
    """Draw the days on which `n` requests were received, earliest first, none after `as_at`."""
    days, expected = intensity(preset, seen)
    open_days = days <= seen.as_at
    total = np.cumsum(expected[open_days])
    return np.sort(days[np.searchsorted(total, rng.random(n) * total[-1], side="right")])
