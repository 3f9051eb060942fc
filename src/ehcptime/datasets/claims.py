"""Exceptions to the 20 weeks, and the summer holidays that can support them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ehcptime.datasets.arrivals import Window
from ehcptime.datasets.days import NEVER, Days, upto
from ehcptime.datasets.people import People
from ehcptime.datasets.plan_story import Plans
from ehcptime.datasets.presets import Preset
from ehcptime.datasets.request_story import Requests
from ehcptime.datasets.streams import Streams

CODES = ("SCHOOL_CLOSED", "EXC_PERSONAL", "ABSENT_4W")


@dataclass(frozen=True, slots=True)
class Closures:
    """Summer holidays: one row per setting, one column per year, in days; `NEVER` where the setting does not close."""

    closed_from: Days
    reopened_on: Days


@dataclass(frozen=True, slots=True)
class Claims:
    """One entry per request; `code` is a place in `CODES`, or -1 where nothing is claimed."""

    code: Days
    from_date: Days
    to_date: Days
    advice_requested: Days


def draw_closures(preset: Preset, seen: Window, streams: Streams) -> Closures:
    """Draw the summer holiday of every setting in every year of the window."""
    settings, years = int(preset.number("settings")), len(seen.year_starts) - 1
    rng = streams["closures"]
    summers = seen.year_starts[:-1] + 202  # 22 July, or the 21st in a leap year
    closed = summers + rng.integers(0, 4, (settings, years))
    reopened = summers + 43 + rng.integers(0, 4, (settings, years))
    shuts = rng.random(settings) < preset.number("settings_that_close")
    return Closures(
        np.where(shuts[:, None], closed, NEVER),
        np.where(shuts[:, None], reopened, NEVER),
    )


def _closure_of(asked: Days, people: People, closures: Closures, seen: Window) -> tuple[Days, Days]:
    year = seen.slot(asked)
    return closures.closed_from[people.setting, year], closures.reopened_on[people.setting, year]


def _chance(requests: Requests, plans: Plans, preset: Preset) -> npt.NDArray[np.float64]:
    """Give each case's chance of a claim: it follows how long the plan took; no plan, no claim."""
    length = plans.final - requests.received
    by_band = np.append(preset.numbers("exceptions"), 0.0)
    band = np.digitize(length, [141, 365])
    return np.asarray(
        by_band[np.where((plans.final < NEVER) & (plans.notice >= NEVER), band, 3)], dtype=np.float64
    )


def draw_claims(
    asked: Days,
    people: People,
    requests: Requests,
    plans: Plans,
    closures: Closures,
    preset: Preset,
    seen: Window,
    streams: Streams,
) -> Claims:
    """Draw the exceptions claimed; every claim of a closed setting stands on a date asked inside the window."""
    n = len(asked)
    chance, reasons = _chance(requests, plans, preset), preset.shares("exception_reasons")
    closed, reopened = _closure_of(asked, people, closures, seen)
    fits = (closed < NEVER) & (asked >= closed - 7) & (asked < reopened - 7) & (reopened <= plans.final)
    could = chance > 0
    rarity = max(float(fits[could].mean()) if could.any() else 0.0, 0.02)
    school = fits & (streams["exception_school"].random(n) < np.minimum(chance * reasons[0] / rarity, 0.95))
    other = ~school & (streams["exception_other"].random(n) < chance * (1 - reasons[0]))
    absent = streams["exception_reason"].random(n) < reasons[2] / (reasons[1] + reasons[2])
    start = requests.received + 25 + upto(streams["exception_from"], n, 20)
    end = start + 28 + upto(streams["exception_length"], n, 10)
    return Claims(
        code=np.where(school, 0, np.where(other, 1 + absent, -1)),
        from_date=np.where(school, closed, start),
        to_date=np.where(school, reopened - 1, end),
        advice_requested=np.where(school, asked, NEVER),
    )
