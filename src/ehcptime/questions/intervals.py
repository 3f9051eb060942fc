"""Intervals for small numbers: how far a percentage moves by chance alone, by Wilson's method."""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.rounding import percent

COLUMNS = ("percent_low", "percent_high")
_COUNTS = ("numerator", "denominator")

_Floats = npt.NDArray[np.float64]


def intervals(table: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Add to an answer of `timeliness` the range in which each percentage moves by chance alone.

    Gives the table with `percent_low` and `percent_high` after `percent`, in per cent to one decimal, empty where there is no
    percentage; index and other columns stay. They are Wilson's interval for a share at `level`. Every case is counted, so this is no
    survey error: it says how much small counts move from one period to the next when nothing has changed, and so
    whether a difference deserves an explanation.

    Raises CommandError for a level that is not between 0 and 1, and InputError for a table without whole-number counts in `numerator`
    and `denominator` (take intervals before suppressing). Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.

    >>> table = pd.DataFrame({"numerator": [1, 10], "denominator": [4, 40], "percent": [25.0, 25.0]})
    >>> intervals(table)[["percent_low", "percent_high"]].to_numpy().tolist()
    [[4.6, 69.9], [14.2, 40.2]]
    """
    top, bottom = _counts(table)
    low, high = wilson(top, bottom, z_of(level))
    told = table["percent"].notna().to_numpy() if "percent" in table else True
    divides = ((bottom > 0) & told).astype(int)  # percent leaves out what is divided by 0
    limits = {"percent_low": percent(low, divides), "percent_high": percent(high, divides)}
    return table.assign(**limits)[_order(table)]


def _order(table: pd.DataFrame) -> list[str]:
    """The columns with the two limits after `percent`, or at the end where there is none."""
    others = [column for column in table.columns if column not in COLUMNS]
    place = others.index("percent") + 1 if "percent" in others else len(others)
    return [*others[:place], *COLUMNS, *others[place:]]


def _counts(table: pd.DataFrame) -> tuple[_Floats, _Floats]:
    for column in _COUNTS:
        if column not in table or not pd.api.types.is_integer_dtype(table[column]):
            raise InputError(
                f"column {column!r} must hold whole numbers: give an answer of timeliness, before suppression"
            )
    top, bottom = (table[column].to_numpy(dtype=float, na_value=np.nan) for column in _COUNTS)
    if not ((top >= 0) & (top <= bottom)).all():
        raise InputError("column 'numerator' must lie between 0 and 'denominator', and neither may be empty")
    return top, bottom


def z_of(level: float) -> float:
    """Give the number of standard deviations that hold a level on both sides; raises CommandError for one not between 0 and 1.

    >>> round(z_of(0.95), 2)
    1.96
    """
    if not 0 < level < 1:
        raise CommandError(f"level must be between 0 and 1, such as 0.95, not {level!r}")
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(top: _Floats, bottom: _Floats, z: float) -> tuple[_Floats, _Floats]:
    """Give both limits of a share, as shares; 0 to 1 where nothing is divided.

    >>> [round(float(limit[0]), 3) for limit in wilson(np.array([1.0]), np.array([4.0]), z_of(0.95))]
    [0.046, 0.699]
    """
    size = np.maximum(bottom, 1)
    share = top / size
    middle = share + z**2 / (2 * size)
    half = z * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    whole = 1 + z**2 / size
    return np.clip((middle - half) / whole, 0, 1), np.clip((middle + half) / whole, 0, 1)
