"""Scoring: what the model said of past months against what came, beside a simple baseline, and how it is put right."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.questions.grouping import groups_of
from ehcptime.questions.likelihood.transitions import Floats

_BINS = 10
_ROUNDS = 25  # of Newton's method: it settles in fewer
_EDGE = 1e-4  # no chance is put nearer to 0 or 1 than this
_HOLD = 5.0  # how strongly a calibration is held towards leaving chances as they are
_SETTLED = 1e-10
_AS_IT_IS = np.array([1.0, 0.0])


@dataclass(frozen=True, eq=False)
class Scored:
    """Past predictions: the case's place, the month it was made in, what was said, what the baseline said, and what came."""

    case: npt.NDArray[np.int64]
    month: npt.NDArray[np.int64]
    said: Floats
    baseline: Floats
    late: Floats

    def of(self, rows: npt.NDArray[np.bool_]) -> "Scored":
        """Give some of them."""
        return Scored(
            self.case[rows], self.month[rows], self.said[rows], self.baseline[rows], self.late[rows]
        )


@dataclass(frozen=True, slots=True)
class Calibration:
    """Puts a chance right on the log-odds scale: `slope` times it plus `level`."""

    slope: float
    level: float

    def put_right(self, said: Floats) -> Floats:
        """Give the chances put right."""
        return _chance(self.slope * _log_odds(said) + self.level)


def calibrated(past: Scored) -> Calibration:
    """Fit by maximum likelihood, held a little towards leaving the chances as they are (Newton's method, halving bad steps)."""
    odds = np.column_stack([_log_odds(past.said), np.ones(len(past.said))])
    weights = _AS_IT_IS
    for _ in range(_ROUNDS):
        fitted = _chance(odds @ weights)
        slope = odds.T @ (past.late - fitted) - _HOLD * (weights - _AS_IT_IS)
        curve = (odds * (fitted * (1 - fitted))[:, None]).T @ odds + _HOLD * np.eye(2)
        step = np.linalg.solve(curve, slope)
        before = _fit(odds, past.late, weights)
        while np.abs(step).max() > _SETTLED and _fit(odds, past.late, weights + step) < before:
            step = step / 2
        weights = weights + step
    return Calibration(float(weights[0]), float(weights[1]))


def _fit(odds: Floats, late: Floats, weights: Floats) -> float:
    """Log-likelihood less the hold."""
    on_scale = odds @ weights
    likely = late * on_scale - np.logaddexp(0, on_scale)
    return float(likely.sum() - _HOLD / 2 * ((weights - _AS_IT_IS) ** 2).sum())


def _chance(on_scale: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0, -on_scale)), dtype=np.float64)


def _log_odds(chance: Floats) -> Floats:
    held = np.clip(chance, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(held / (1 - held)), dtype=np.float64)


def brier(said: Floats, late: Floats) -> float:
    """Mean square of the error: 0 is perfect, and less is better.

    >>> brier(np.array([0.9, 0.2]), np.array([1.0, 0.0]))
    0.025
    """
    return round(float(np.mean((said - late) ** 2)), 12)


def reliability(past: Scored) -> pd.DataFrame:
    """What was said against what came, in ten bands: `band, cases, said_percent, came_percent`."""
    band = np.minimum((past.said * _BINS).astype(np.int64), _BINS - 1)
    cases, said, came = _sums(band, past, _BINS)
    there = cases > 0
    labels = [f"{number * 10}-{number * 10 + 10}" for number in range(_BINS)]
    return pd.DataFrame(
        {
            "band": np.array(labels)[there],
            "cases": cases[there],
            "said_percent": np.round(said[there] / cases[there] * 100, 1),
            "came_percent": np.round(came[there] / cases[there] * 100, 1),
        }
    )


def calibration_error(past: Scored) -> float:
    """Mean distance, in percentage points, between what was said and what came, over the bands by their cases."""
    table = reliability(past)
    gap = (table["said_percent"] - table["came_percent"]).abs()
    return float((gap * table["cases"]).sum() / table["cases"].sum())


def by_group(past: Scored, frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Error and calibration by what was never an input: `column, group, cases, said_percent, came_percent, brier`."""
    tables = []
    for column, name in columns.items():
        groups = groups_of(frame, [column])
        place = groups.place[past.case]
        cases, said, came = _sums(place, past, groups.size)
        square = np.bincount(place, (past.said - past.late) ** 2, minlength=groups.size)
        rows = np.flatnonzero(cases)
        tables.append(
            pd.DataFrame(
                {
                    "column": name,
                    "group": groups.labels[column].iloc[rows].astype(str).to_numpy(),
                    "cases": cases[rows],
                    "said_percent": np.round(said[rows] / cases[rows] * 100, 1),
                    "came_percent": np.round(came[rows] / cases[rows] * 100, 1),
                    "brier": np.round(square[rows] / cases[rows], 4),
                }
            )
        )
    empty = pd.DataFrame(columns=["column", "group", "cases", "said_percent", "came_percent", "brier"])
    return pd.concat(tables, ignore_index=True) if tables else empty


def _sums(
    place: npt.NDArray[np.integer], past: Scored, size: int
) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    cases = np.bincount(place, minlength=size)
    said, came = (
        np.bincount(place, values, minlength=size).astype(np.float64) for values in (past.said, past.late)
    )
    return cases.astype(np.int64), said, came
