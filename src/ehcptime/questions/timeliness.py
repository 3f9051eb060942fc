"""How much was in time: the parts of a measure counted by group and period."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days
from ehcptime.errors import CommandError
from ehcptime.questions.cohorts import COUNTED_APART
from ehcptime.questions.figure_notes import in_it, missing, moving
from ehcptime.questions.grouping import NO_LIMIT, By, Groups, columns_of, counts_of, groups_of, texts
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import verdict
from ehcptime.questions.periods import ALL, UNDATED, Letter, check_letter, periods_of
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import as_at_of
from ehcptime.questions.verdicts import PARTS, Step, Verdict
from ehcptime.records.arrays import days_of
from ehcptime.tracking.columns import as_dates
from ehcptime.tracking.made_with import ATTRS, rule_book_of

_COUNTS = ("numerator", "denominator", "unknown", "not_due", "left_out")
_ABOUT = ("measure", "cohort", "as_at", "rule_book")
COLUMNS = ("period", *_COUNTS, "percent", "complete", "note", "why_left_out", *_ABOUT)
_DEFINITION = ("id", "title", "cohort", "population", "numerator", "denominator", "cite", "sentence")

_Counts = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


def timeliness(
    tracked: pd.DataFrame,
    measure: str | Measure,
    *,
    by: By = None,
    period: Letter | None = None,
    advice: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count a measure by group and period, with the percentage rounded as DfE rounds it.

    Gives one row per group and period: the columns of `by`; `period` (`2025-03`, `2025 Q1`, `2025`, `2024-25` from April,
    `2024/25` from September; `all` where none is asked for, `unknown` for rows with no date to fall on); `numerator`,
    `denominator`, `unknown`, `not_due`, `left_out` (counts of rows); `percent` (one decimal, empty where nothing can be
    divided and for a period that begins after `as_at`, in which only those met early are counted, `note` saying why); `complete`, false while the period or a limit in it has not ended at `as_at` (on its
    last day it has not); `note`; `why_left_out`, the rows left out by reason; `measure`, `cohort`, `as_at` and `rule_book` (edition of
    the law with which `tracked` was tracked, "not recorded" where that was lost on the way). The definition of the measure is in
    `attrs["ehcptime"]["definition"]`: title, population, numerator, denominator, cite and the sentence to print under it. Every row of `tracked` is counted once: in time, late,
    unknown, not due or left out. The measure says whether its unknowns are in its denominator. `advice_6wk` is always split
    by `rule`: bodies bound by regulation 8 and others are never added together.

    Errors are those of `parts`, and CommandError for a column or a period that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": ["Y", "Y"], "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-06-02"]),
    ...     "stage": "closed", "is_open": False, "age_days": [140, 152], "as_at": pd.Timestamp("2025-07-31")})
    >>> table = timeliness(tracked, "plans_issued_20wk_inc", period="M")
    >>> table[["period", "numerator", "denominator", "percent"]].to_numpy().tolist()
    [['2025-05', 1, 1, 100.0], ['2025-06', 0, 1, 0.0]]
    """
    chosen = measure_of(measure)
    check_period(chosen, period)
    columns = columns_of(by, tracked, COLUMNS)
    decided = verdict(tracked, chosen, advice)
    if chosen.family == "advice" and "rule" not in columns:
        columns.append("rule")
    return counted(decided, tracked, columns, chosen, period)


def counted(
    decided: Verdict,
    tracked: pd.DataFrame,
    columns: Sequence[str],
    measure: Measure,
    period: str | None,
    times: _Counts | None = None,
) -> pd.DataFrame:
    """Make the table of `timeliness` of rows that were decided; a row stands for as many rows as `times` says."""
    groups = groups_of(tracked, columns, blank={"rule": NO_LIMIT})
    as_at = as_at_of(tracked)
    cells = _cells(decided, groups, period, as_at, times)
    table = _table(cells, groups, measure, as_at, rule_book_of(tracked))
    table.attrs = {ATTRS: _about(measure, tracked)}
    return table


def check_period(measure: Measure, period: str | None) -> None:
    """Refuse what is not a period letter, and any period of a measure of who is open."""
    if period is None:
        return
    if measure.cohort == "open":
        raise CommandError(f"measure {measure.id!r} counts who is open on one day, so it takes no period")
    check_letter(period)


@dataclass(frozen=True, eq=False)
class _Cells:
    """Counts of each part in each cell, and of what is counted apart; a cell is a group in a period."""

    group: npt.NDArray[np.intp]
    period: list[str]
    ended: _Flags
    begun: _Flags
    by_part: _Counts  # cells by parts
    apart: _Counts
    left_out: list[str]  # why, in words


def _cells(decided: Verdict, groups: Groups, period: str | None, as_at: int, times: _Counts | None) -> _Cells:
    """One count over group, period and step; each step has one reason, and each reason belongs to one part."""
    place, labels, ended, begun = _places_in(decided.falls_on, period, as_at)
    steps = decided.steps
    counts = _counts(groups, place * len(steps) + decided.place, len(labels) * len(steps), times)
    reasons = pd.Index(dict.fromkeys(step.reason for step in steps))
    of_reason, part_of = (
        reasons.get_indexer(pd.Index([step.reason for step in steps])),
        _one_part(steps, reasons),
    )
    by_reason = counts.reshape(groups.size * len(labels), len(steps)) @ _one_hot(of_reason, len(reasons))
    kept = np.flatnonzero((by_reason.sum(axis=1) > 0) | np.tile(_always(labels), groups.size))
    return _Cells(
        group=kept // len(labels),
        period=[labels[number] for number in kept % len(labels)],
        ended=ended[kept % len(labels)],
        begun=begun[kept % len(labels)],
        by_part=by_reason[kept] @ part_of,
        apart=by_reason[kept][:, reasons.isin(COUNTED_APART)].sum(axis=1),
        left_out=_why(by_reason[kept] * part_of[:, PARTS.index("left_out")], list(reasons)),
    )


def _counts(groups: Groups, cell: npt.NDArray[np.intp], cells: int, times: _Counts | None) -> _Counts:
    """Count the rows of each cell in each group."""
    if groups.size > 1:
        cell = groups.place * cells + cell
    return counts_of(cell, groups.size * cells, times)


def _one_part(steps: Sequence[Step], reasons: pd.Index) -> _Counts:
    """For each reason a 1 in the column of its part."""
    part = {step.reason: step.part for step in steps}
    return _one_hot([PARTS.index(part[reason]) for reason in reasons], len(PARTS))


def _one_hot(places: npt.ArrayLike, width: int) -> _Counts:
    return np.eye(width, dtype=np.int64)[np.asarray(places, dtype=np.intp)]


def _why(counts: _Counts, reasons: list[str]) -> list[str]:
    """Say for each cell how many rows were left out for which reason, the most first."""
    return [
        "; ".join(f"{row[place]} {reasons[place]}" for place in np.argsort(-row, kind="stable") if row[place])
        for row in counts
    ]


def _always(labels: list[str]) -> _Flags:
    """A period is listed for every group, so that nothing due is seen; rows with no date only where there are any."""
    return np.array([label != UNDATED for label in labels])


def periods_in(
    decided: pd.DataFrame, period: str | None, tracked: pd.DataFrame
) -> tuple[npt.NDArray[np.intp], list[str], _Flags]:
    """Place of each row's period among the labels, and whether each period has ended."""
    return _places_in(days_of(decided["falls_on"], "falls_on"), period, as_at_of(tracked))[:3]


def _places_in(
    falls_on: Days, period: str | None, as_at: int
) -> tuple[npt.NDArray[np.intp], list[str], _Flags, _Flags]:
    """Place of each row's period among the labels, and whether each has ended and has begun."""
    if period is None:
        return np.zeros(len(falls_on), dtype=np.intp), [ALL], np.array([True]), np.array([True])
    found = periods_of(falls_on, period, undated_last=True)
    ended, begun = (np.append(flags, True) for flags in (found.ends < as_at, found.starts <= as_at))
    return found.place, [*found.labels, UNDATED], ended, begun


def _table(cells: _Cells, groups: Groups, measure: Measure, as_at: int, rule_book: str) -> pd.DataFrame:
    on_time, late, unknown, not_due, left_out = cells.by_part.T
    denominator = on_time + late + (unknown if measure.unknown_in_denominator else 0)
    table = groups.labels.iloc[cells.group].reset_index(drop=True)
    counts = (on_time, denominator, unknown, not_due, left_out)
    columns = {
        "period": texts(cells.period),
        **dict(zip(_COUNTS, counts, strict=True)),
        "percent": percent(on_time, np.where(cells.begun, denominator, 0)),
        "complete": cells.ended & (not_due == 0),
        "note": texts(_notes(cells, measure, denominator)),
        "why_left_out": texts(cells.left_out),
        "measure": texts([measure.id] * len(table)),
        "cohort": texts([measure.cohort] * len(table)),
        "as_at": as_dates(np.full(len(table), as_at, dtype=np.int32)),
        "rule_book": texts([rule_book] * len(table)),
    }
    return pd.DataFrame(dict(table.items()) | columns, index=table.index)


def _about(measure: Measure, tracked: pd.DataFrame) -> dict[str, Any]:
    """What a table carries besides its columns."""
    definition = {name: getattr(measure, name) for name in _DEFINITION}
    return {"rule_book": rule_book_of(tracked), "definition": definition}


def _notes(cells: _Cells, measure: Measure, denominator: _Counts) -> list[str]:
    columns = (cells.by_part, denominator, cells.apart, cells.begun, ~cells.ended)
    return [
        "; ".join(
            missing(counts, whole, begun)
            + moving(measure, counts, whole, running and begun)
            + in_it(measure, counts["unknown"], apart)
        )
        for row, whole, apart, begun, running in zip(*(column.tolist() for column in columns), strict=True)
        for counts in [dict(zip(PARTS, row, strict=True))]
    ]
