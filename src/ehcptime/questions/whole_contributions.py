"""Askings for advice that are larger than memory: read in batches, and counted as if they were one frame."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.law.book import LAW, RuleBook
from ehcptime.questions import contributions
from ehcptime.questions.advice_cells import with_rule
from ehcptime.questions.alike import Alike, to_months
from ehcptime.questions.cells import cells_of
from ehcptime.questions.grouping import By, columns_of
from ehcptime.questions.periods import Letter
from ehcptime.questions.tracked import as_at_column, tracked_advice
from ehcptime.records.batches import batches_of
from ehcptime.records.extract import empty
from ehcptime.tracking.advice import track_advice

_ROWS = 250_000
_NO_LAG = np.iinfo(np.int64).min


def whole_contributions(
    advice: str | Path | Iterable[Any],
    *,
    as_at: date,
    by: By = "advice_type",
    period: Letter | None = None,
    rows: int = _ROWS,
    progress: Callable[[int], None] | None = None,
    law: RuleBook = LAW,
) -> pd.DataFrame:
    """Track askings of any number in batches, and give the table of `contributions` for all of them together.

    `advice` is a Parquet file, a folder of them, or anything that gives frames of askings one after another; the rest is as for
    `whole_caseload`. Medians are exact, from counts by day. The cases are not at hand, so an asking does not stop where its case ended, and
    `authority_lag_days` is empty. Errors as for `track_advice` and `contributions`.

    >>> asking = pd.DataFrame({"case_id": ["a"], "advice_type": ["health"], "requested_date": pd.to_datetime(["2025-05-29"]),
    ...     "returned_date": pd.to_datetime(["2025-06-20"])})
    >>> found = whole_contributions([asking, asking], as_at=date(2025, 7, 31))
    >>> found[["requested", "in_time", "provider_lag_days"]].to_numpy().tolist()
    [[2, 2, 22.0]]
    """
    columns = [by] if isinstance(by, str) else list(by or ())
    counting = _Counting(columns, period)
    read = 0
    for batch in batches_of(advice, "advice", columns, rows=rows):
        counting.add(track_advice(batch, as_at=as_at, law=law))
        read += len(batch)
        if progress:
            progress(read)
    if not read:
        none = empty("advice").assign(
            **{name: pd.Series(dtype=object) for name in columns if name != "advice_type"}
        )
        counting.add(track_advice(none, as_at=as_at, law=law))
    return counting.table()


class _Counting:
    """The kinds of askings: by what they count in, and apart from that by each of their lags, for fewer kinds."""

    def __init__(self, columns: Sequence[str], period: Letter | None) -> None:
        self._columns, self._period = columns, period
        self._facts = Alike(with_rule(columns))
        self._names: list[str] = []
        self._lags = {name: Alike(with_rule(columns)) for name in contributions.LAGS}
        self._like = pd.DataFrame()

    def add(self, tracked: pd.DataFrame) -> None:
        """Add the kinds of the askings of one batch."""
        columns_of(self._columns, tracked, contributions.COLUMNS)
        advice = tracked_advice(tracked)
        due = to_months(advice.days("due"), self._period)
        facts = contributions.facts_of(advice)
        self._names = list(facts)
        bits = sum(fact.astype(np.int64) << place for place, fact in enumerate(facts.values()))
        self._facts.add(tracked, {"due": due, "value": np.asarray(bits)})
        for name, lag in contributions.lags_of(advice).items():
            days = np.where(np.isnan(lag), _NO_LAG, np.nan_to_num(lag)).astype(np.int64)
            self._lags[name].add(tracked, {"due": due, "value": days})
        self._like = self._like if len(self._like) else tracked.iloc[:1]

    def table(self) -> pd.DataFrame:
        """Count the kinds: all of them as rows of one frame, of which each count and each median reads its own."""
        kinds = [self._facts, *self._lags.values()]
        part = np.repeat(np.arange(len(kinds)), [len(kind.numbers) for kind in kinds])
        due, values = (np.concatenate([kind.of(name) for kind in kinds]) for name in ("due", "value"))
        times = np.concatenate([kind.numbers for kind in kinds])
        frame = pd.concat([kind.labels for kind in kinds], ignore_index=True)
        frame["as_at"] = as_at_column(self._like, len(frame))
        cells = cells_of(frame, with_rule(self._columns), due.astype(np.int32), self._period, times=times)
        facts = {name: (part == 0) & (values >> place & 1 == 1) for place, name in enumerate(self._names)}
        lags = {
            name: np.where((part == place) & (values != _NO_LAG), values, np.nan)
            for place, name in enumerate(self._lags, start=1)
        }
        return contributions.counted(cells, facts, lags, frame)
