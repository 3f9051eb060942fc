"""A caseload that is larger than memory: read in batches, and counted as if it were one frame."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.questions import backlog, time_to_final, timeliness
from ehcptime.questions.alike import Alike, to_months
from ehcptime.questions.bands import AGE_WEEKS
from ehcptime.questions.day_counts import OUTCOMES, Fates, fates
from ehcptime.questions.grouping import By, columns_of
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import verdict
from ehcptime.questions.periods import Letter
from ehcptime.questions.tracked import as_at_column, tracked_cases
from ehcptime.questions.verdicts import Step, Verdict
from ehcptime.records.batches import batches_of
from ehcptime.records.extract import empty
from ehcptime.tracking.track import track

_ROWS = 250_000
_UNKNOWN_AGE = -1  # ages of open cases start at 0


@dataclass(frozen=True, eq=False)
class WholeCaseload:
    """Answers about a caseload that was read in batches: those of `timeliness` by measure, `backlog` and `time_to_final`.

    `rows` are the cases that were read, and `batches` in how many pieces they came.
    """

    timeliness: Mapping[str, pd.DataFrame]
    backlog: pd.DataFrame
    time_to_final: pd.DataFrame
    rows: int
    batches: int

    def __repr__(self) -> str:
        """Count what was read; show none of it."""
        return f"WholeCaseload(rows {self.rows}, batches {self.batches})"


def whole_caseload(
    cases: str | Path | Iterable[Any],
    *,
    as_at: date,
    measures: Sequence[str | Measure] = (),
    by: By = None,
    period: Letter | None = None,
    bands: Sequence[int] = AGE_WEEKS,
    exemptions: pd.DataFrame | None = None,
    rows: int = _ROWS,
    progress: Callable[[int], None] | None = None,
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> WholeCaseload:
    """Track a caseload of any size in batches, and count it as if it had been one frame.

    `cases` is a Parquet file, a folder of them, or anything that gives frames of cases one after another (pandas, polars or Arrow). The
    answers are exactly those of `timeliness` (each of `measures`), `backlog` (by `by`, or by stage) and `time_to_final` for all
    cases together, medians and percentiles too: only the kinds of rows are kept, with how many there are of each. Memory goes with `rows`,
    the cases read from Parquet at a time, and with the groups. `progress` is called after each batch with the cases read so far.

    That a case_id stands once is checked within a batch, not from one to another. Raises InputError as `track` does, and CommandError
    for a measure that needs advice, or a column or a period that cannot be used.

    >>> batch = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-01-06"])})
    >>> found = whole_caseload([batch, batch.assign(case_id="b")], as_at=date(2025, 6, 2), measures=["plans_due_20wk"])
    >>> found, found.timeliness["plans_due_20wk"]["denominator"].tolist(), int(found.backlog["open"].sum())
    (WholeCaseload(rows 2, batches 2), [2], 2)
    """
    chosen = [measure_of(measure) for measure in measures]
    for measure in chosen:
        _refuse_advice(measure)
        timeliness.check_period(measure, period)
    columns = [] if by is None else [by] if isinstance(by, str) else list(by)
    counting = _Counting(chosen, columns, period)
    for batch in batches_of(cases, "cases", columns, rows=rows):
        claims = None if exemptions is None else exemptions[exemptions["case_id"].isin(batch["case_id"])]
        counting.add(track(batch, as_at=as_at, exemptions=claims, law=law, convention=convention))
        if progress:
            progress(counting.rows)
    if not counting.batches:
        none = empty("cases").assign(**{name: pd.Series(dtype=object) for name in columns if name != "stage"})
        counting.add(track(none, as_at=as_at, law=law, convention=convention))
    return counting.answers(bands)


def _refuse_advice(measure: Measure) -> None:
    if measure.family in ("advice", "all_advice"):
        raise CommandError(
            f"measure {measure.id!r} needs the advice beside the cases, which batches do not hold: use timeliness"
        )


class _Counting:
    """The kinds of rows of a caseload, as they are read."""

    def __init__(self, measures: Sequence[Measure], columns: Sequence[str], period: Letter | None) -> None:
        self._measures, self._columns, self._period = measures, columns, period
        self._verdicts = [Alike(columns) for _ in measures]
        self._steps: list[tuple[Step, ...]] = []
        self._open = Alike(columns or ["stage"])
        self._fates = Alike(columns)
        self._like = pd.DataFrame()
        self._as_at = 0
        self.rows = self.batches = 0

    def add(self, tracked: pd.DataFrame) -> None:
        """Add the kinds of the rows of one batch."""
        columns_of(self._columns, tracked, timeliness.COLUMNS)
        decided = [verdict(tracked, measure) for measure in self._measures]
        for kinds, one in zip(self._verdicts, decided, strict=True):
            kinds.add(tracked, {"place": one.place, "falls_on": to_months(one.falls_on, self._period)})
        self._steps = [one.steps for one in decided]
        is_open = tracked[tracked["is_open"]]
        ages = is_open["age_days"].fillna(_UNKNOWN_AGE).to_numpy(dtype=np.int64)
        self._open.add(is_open, {"age_days": ages})
        self._add_fates(tracked)
        self._like = self._like if len(self._like) else tracked.iloc[:1]
        self.rows, self.batches = self.rows + len(tracked), self.batches + bool(len(tracked))

    def _add_fates(self, tracked: pd.DataFrame) -> None:
        found = fates(tracked_cases(tracked))
        days = np.where(found.place < len(OUTCOMES), found.days, 0)
        self._fates.add(tracked, {"place": found.place, "days": days})
        self._as_at = max(self._as_at, found.as_at)

    def answers(self, bands: Sequence[int]) -> WholeCaseload:
        """Count the kinds."""
        return WholeCaseload(
            timeliness={measure.id: self._timeliness(n, measure) for n, measure in enumerate(self._measures)},
            backlog=self._backlog(bands),
            time_to_final=self._time_to_final(),
            rows=self.rows,
            batches=self.batches,
        )

    def _labelled(self, kinds: Alike) -> pd.DataFrame:
        """The columns to group by, with the day and the rule book of the batches."""
        labels = kinds.labels.copy()
        labels["as_at"] = as_at_column(self._like, len(labels))
        labels.attrs = dict(self._like.attrs)
        return labels

    def _timeliness(self, place: int, measure: Measure) -> pd.DataFrame:
        kinds = self._verdicts[place]
        days = kinds.of("falls_on").astype(np.int32)
        decided = Verdict(self._steps[place], kinds.of("place").astype(np.int8), days)
        return timeliness.counted(
            decided, self._labelled(kinds), self._columns, measure, self._period, kinds.numbers
        )

    def _backlog(self, bands: Sequence[int]) -> pd.DataFrame:
        ages = pd.Series(self._open.of("age_days"), dtype="Int64")
        is_open = self._open.labels.assign(age_days=ages.mask(ages == _UNKNOWN_AGE))
        return backlog.counted(is_open, self._columns or ["stage"], bands, self._open.numbers)

    def _time_to_final(self) -> pd.DataFrame:
        kinds = self._fates
        days = kinds.of("days").astype(np.int32)
        found = Fates(kinds.of("place").astype(np.intp), days, self._as_at, kinds.numbers)
        return time_to_final.counted(found, self._labelled(kinds), self._columns)
