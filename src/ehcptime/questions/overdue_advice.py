"""Overdue advice: what has not come and is past its limit now, and for how long."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from ehcptime.clock.counting import Mask
from ehcptime.questions.advice_cells import is_answered, kinds_of, with_rule
from ehcptime.questions.bands import band_labels, band_places
from ehcptime.questions.cells import Cells, Counts, cells_of
from ehcptime.questions.grouping import By, columns_of, texts
from ehcptime.questions.tracked import Tracked, as_at_column
from ehcptime.questions.tracked import tracked_advice as read_advice

LIFTED = "limit claimed to be lifted"
UNTOLD = "unknown"
COLUMNS = ("kind", "overdue_band", "outstanding", "oldest_days", "as_at")
WEEKS = (2, 6, 12)


def overdue_advice(
    tracked_advice: pd.DataFrame, *, by: By = "advice_type", bands: Sequence[int] = WEEKS
) -> pd.DataFrame:
    """Count the advice that is outstanding past its limit by how long it is past it, by any columns and by rule.

    Gives the columns of `by`, `rule`, `kind` (`statutory` or `guidance`), `overdue_band` (weeks past the limit; a band holds its
    upper edge, so 14 days past is in 0-2), `outstanding` and `oldest_days` (days past the limit of the oldest in the
    band; empty where there is none). `bands` are the upper edges in weeks. Two bands hold what has no such age: askings whose limit is claimed to
    be lifted, which is for as soon as practicable and is not called overdue, and those of which it is `unknown` whether
    they are overdue (no answer, and the day of asking or of the end of the case is missing). Every group with anything outstanding has a row for every
    band; all but the unknown band sum to `outstanding` in `contributions`. The index is new.

    Raises InputError for a frame that is not from `track_advice`, CommandError for a column or bands that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "advice_type": "health", "rule": "advice_body", "due": pd.Timestamp("2025-07-10"),
    ...     "status": "overdue", "days_over": [14, 15], "as_at": pd.Timestamp("2025-07-25")})
    >>> overdue_advice(tracked)["outstanding"].tolist()
    [1, 1, 0, 0, 0, 0]
    """
    every = read_advice(tracked_advice)
    columns = columns_of(by, tracked_advice, COLUMNS)
    labels = [*band_labels(bands), LIFTED, UNTOLD]
    untold = is_untold(every)
    rows = every.is_status("status", "overdue") | untold
    advice = Tracked(tracked_advice.loc[rows], every.table, every.as_at)
    cells = cells_of(advice.frame, with_rule(columns), advice.days("due"), None)
    place = np.where(untold[rows], len(labels) - 1, overdue_place(advice, bands))
    counts, oldest = _by_band(advice, cells, place, len(labels))
    table = cells.labels.assign(kind=kinds_of(cells))[[*cells.columns, "kind"]]
    return (
        table.loc[table.index.repeat(len(labels))]
        .reset_index(drop=True)
        .assign(
            overdue_band=texts(labels * len(table)),
            outstanding=counts,
            oldest_days=oldest,
            as_at=as_at_column(tracked_advice, len(counts)),
        )
    )


def _days_over(advice: Tracked) -> npt.NDArray[np.int64]:
    """Days past the limit; 0 where that cannot be told."""
    return np.asarray(advice.frame["days_over"].astype("Int64").fillna(0), dtype=np.int64)


def is_untold(advice: Tracked) -> Mask:
    """Where an asking is not answered and it cannot be told whether it is past its limit."""
    return advice.is_status("status", "unknown") & ~is_answered(advice)


def overdue_place(advice: Tracked, bands: Sequence[int]) -> Counts:
    """Give the place of each asking among the bands of days past the limit; those lifted come after the last."""
    place: Counts = band_places(_days_over(advice), bands)
    place[advice.is_set("exempt")] = len(bands) + 1
    return place


def _by_band(advice: Tracked, cells: Cells, band: Counts, bands: int) -> tuple[Counts, ExtensionArray]:
    """Count and oldest of each cell and band; the oldest of what is unknown or lifted is empty."""
    size = len(cells.labels) * bands
    place = cells.place * bands + band
    oldest = np.zeros(size, dtype=np.int64)
    np.maximum.at(oldest, place, np.where(band < bands - 2, _days_over(advice), 0))
    return np.bincount(place, minlength=size), pd.array(np.where(oldest > 0, oldest, np.nan), dtype="Int64")
