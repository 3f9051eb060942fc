"""The backlog: who is open, by stage and age."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.questions.bands import AGE_WEEKS, band_labels, band_places
from ehcptime.questions.grouping import By, columns_of, counts_of, groups_of, texts
from ehcptime.questions.tracked import tracked_cases

UNKNOWN_BAND = "unknown"


def backlog(tracked: pd.DataFrame, by: By = "stage", bands: Sequence[int] = AGE_WEEKS) -> pd.DataFrame:
    """Count open cases by age band and by any columns, `stage` unless others are named.

    Gives the columns of `by`, `age_band` (in weeks from the start; `0-6`, `6-12` and so on to `52+`, and `unknown`) and
    `open`. `bands` are the upper edges in weeks, and a band holds its upper edge: day 140 is in 16-20. Every group that has
    an open case has a row for every band, and `open` sums to the open cases.

    Raises InputError for a frame that was not tracked, and CommandError for bands that do not rise.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "stage": "assessing", "is_open": True, "age_days": [140, 141], "as_at": pd.Timestamp("2025-05-22")})
    >>> table = backlog(tracked, bands=[16, 20])
    >>> dict(zip(table["age_band"], table["open"]))
    {'0-16': 0, '16-20': 1, '20+': 1, 'unknown': 0}
    """
    band_labels(bands)
    cases = tracked_cases(tracked)
    columns = columns_of(by, tracked, ("age_band", "open"))
    return counted(tracked.loc[cases.is_set("is_open"), [*columns, "age_days"]], columns, bands)


def counted(
    is_open: pd.DataFrame,
    columns: Sequence[str],
    bands: Sequence[int],
    times: npt.NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """Make the table of `backlog` of the open cases; a row stands for as many cases as `times` says."""
    labels = [*band_labels(bands), UNKNOWN_BAND]
    groups = groups_of(is_open, columns)
    cell = groups.place * len(labels) + age_places(is_open["age_days"], bands)
    counts = counts_of(cell, groups.size * len(labels), times)
    table = groups.labels.loc[groups.labels.index.repeat(len(labels))].reset_index(drop=True)
    return table.assign(age_band=texts(labels * groups.size), open=counts)


def age_places(age: "pd.Series[int]", bands: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Give the place of each age among the bands; the unknown one comes last."""
    known = age.notna().to_numpy(dtype=bool)
    days = age.fillna(0).to_numpy(dtype=np.int64)
    return np.where(known, band_places(days, bands), len(bands) + 1)


def age_bands(age: "pd.Series[int]") -> npt.NDArray[np.object_]:
    """Name the band of each age, of those that `backlog` has unless others are asked for."""
    return np.array([*band_labels(AGE_WEEKS), UNKNOWN_BAND], dtype=object)[age_places(age, AGE_WEEKS)]
