"""How long plans take, worked backwards from what is published about the plans issued in a year.

DfE publishes the share of each year's *issued* plans that took up to 20 weeks, 20 to 52, and longer. When requests grow, the
long waits among them come from smaller years, so requests must be given other shares than plans. This module finds them.
"""

import numpy as np
import numpy.typing as npt

from ehcptime.datasets.arrivals import Window, intensity
from ehcptime.datasets.days import Days, Flags, exponential, kumaraswamy
from ehcptime.datasets.presets import Floats, Preset

LONGEST = 330  # days past 52 weeks
_ATOMS = 100
_ROUNDS = 300


def in_band(band: int, u: Floats, preset: Preset) -> Days:
    """Give days from request to final plan in one band: 0 up to 20 weeks, 1 up to 52, 2 longer."""
    if band == 0:
        a, b = preset.numbers("under_20_shape")
        return 140 - np.floor(55 * kumaraswamy(u, a, b)).astype(np.int64)
    if band == 1:
        a, b = preset.numbers("over_20_shape")
        return 141 + np.floor(224 * kumaraswamy(u, a, b)).astype(np.int64)
    return 365 + np.minimum(exponential(u, preset.number("over_52_mean_days")), LONGEST)


def published_shares(preset: Preset) -> Floats:
    """Give the shares of plans issued: one row per year of the window, one column per band."""
    within, over = preset.numbers("within_20_weeks"), preset.numbers("over_52_weeks")
    return np.column_stack([within, 1 - within - over, over])


def _flows(preset: Preset, seen: Window) -> npt.NDArray[np.float64]:
    """Give expected plans by band, year of request and year of issue (the last is beyond the window)."""
    days, expected = intensity(preset, seen)
    years = len(seen.year_starts) - 1
    flows = np.empty((3, years, years + 1))
    for band in range(3):
        atoms = in_band(band, (np.arange(_ATOMS) + 0.5) / _ATOMS, preset)
        issued = np.searchsorted(seen.year_starts, days[:, None] + atoms, side="right") - 1
        cell = seen.slot(days)[:, None] * (years + 1) + issued
        mass = np.broadcast_to(expected[:, None] / _ATOMS, cell.shape)
        flows[band] = np.bincount(cell.ravel(), mass.ravel(), years * (years + 1)).reshape(years, years + 1)
    return flows


def request_shares(preset: Preset, seen: Window) -> Floats:
    """Give the shares of requests, by year and band, that make the plans issued come out as published.

    Each round multiplies a year's shares by how far the plans that it feeds fall short, then makes them add up again.
    """
    flows, target = _flows(preset, seen), published_shares(preset)
    shares = target.copy()
    for _ in range(_ROUNDS):
        issued = np.einsum("byi,yb->ib", flows, shares)[:-1]
        made = issued / issued.sum(axis=1, keepdims=True)
        short = np.ones((len(target) + 1, 3))
        np.divide(target, made, out=short[:-1], where=made > 0)
        pull = np.einsum("byi,ib->yb", flows / flows.sum(axis=2, keepdims=True), np.clip(short, 0.2, 5))
        shares = shares * pull
        shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _young_among_assessed(preset: Preset) -> float:
    """Give the share of assessments that are of under-fives: they are refused less often than others."""
    ages, refused = preset.shares("age_shares"), preset.numbers("refused_by_age")
    agreed = ages * (1 - refused / (ages @ refused) * preset.number("refused"))
    return float(agreed[:3].sum() / agreed.sum())


def _by_age(shares: Floats, young: Flags, preset: Preset) -> Floats:
    """Give the very young their better chance of the first band, the mean kept."""
    factor = preset.number("on_time_under_5")
    weight = np.where(young, factor, 1.0) / (1 + (factor - 1) * _young_among_assessed(preset))
    first = np.minimum(shares[:, 0] * weight, np.maximum(shares[:, 0], 0.98))
    late = shares[:, 1] + shares[:, 2]
    year = np.divide(shares[:, 1], late, out=np.ones_like(late), where=late > 0)
    return np.column_stack([first, (1 - first) * year, (1 - first) * (1 - year)])


def draw_lengths(
    received: Days, age: Days, preset: Preset, seen: Window, rng: np.random.Generator
) -> tuple[Days, Days]:
    """Draw each request's band and its days to a final plan, if it comes to one."""
    shares = request_shares(preset, seen)[seen.slot(received)]
    edges = np.cumsum(_by_age(shares, age <= 4, preset), axis=1)
    band = (rng.random((len(received), 1)) >= edges[:, :2]).sum(axis=1)
    u = rng.random(len(received))
    drawn = [in_band(each, u, preset) for each in range(3)]
    return band, np.choose(band, drawn)
