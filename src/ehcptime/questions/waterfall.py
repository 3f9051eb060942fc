"""The waterfall: from all cases, reason by reason, to the base of a measure and to what is in its numerator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.elapsed import EXCEPTED, FLAGGED
from ehcptime.questions.measures import Elapsed, Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import ALL, UNDATED, Letter
from ehcptime.questions.rounding import percent
from ehcptime.questions.timeliness import check_period, periods_in

COLUMNS = ("period", "step", "removed", "remaining", "percent")
ALL_ROWS, DENOMINATOR = "all cases", "denominator"
BASE = "base"
_CODES = {"Y": "a plan", "N": "no plan"}


class _Step(NamedTuple):
    """One line: rows removed for a reason, or a total; and the reasons of the rows that are still in after it."""

    step: str
    removed: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Waterfall:
    """A figure worked down from all cases; `table` counts each step, `cases` lists the rows of one, `str()` says it in a line.

    `table` has `period`, `step`, `removed`, `remaining` (rows) and `percent` (the figure, on the last step of a period). Every step
    leaves `remaining` of the one before less `removed`; a total removes nothing.
    """

    measure: Measure
    table: pd.DataFrame
    rows: pd.DataFrame
    _steps: tuple[_Step, ...]

    def cases(self, step: str, period: str | None = None) -> pd.DataFrame:
        """List the rows that a step removes or, for a total, those that remain: `case_id, part, reason, falls_on`.

        The index is that of the tracked frame. Raises CommandError for a step that the table does not have.
        """
        found = next((line for line in self._steps if line.step == step), None)
        if found is None:
            raise CommandError(
                f"there is no step {step!r}: use one of {', '.join(line.step for line in self._steps)}"
            )
        listed = self.rows["reason"].isin(found.removed or found.left)
        if period is not None:
            listed &= self.rows["period"].eq(period)
        return self.rows.loc[listed].drop(columns="period")

    def __str__(self) -> str:
        """Each period in a line, from all cases to the percentage; steps that remove nothing are left out."""
        lines = {str(period): _said(table) for period, table in self.table.groupby("period", sort=False)}
        return "\n".join(said if period == ALL else f"{period}: {said}" for period, said in lines.items())

    def _repr_html_(self) -> str:
        shown = self.table.astype({"percent": object})
        return shown.where(shown.notna(), "").to_html(index=False)


def waterfall(
    tracked: pd.DataFrame,
    measure: str | Measure,
    *,
    period: Letter | None = None,
    advice: pd.DataFrame | None = None,
) -> Waterfall:
    """Work a figure down from all cases to its base and its numerator, one step for every reason in `parts`.

    For DfE's measures two totals stand on the way: the decisions of the kind that is counted, and the base once cases with
    mediation or a tribunal are taken out. With a `period` there is one waterfall for each (a row is in the period in which
    it falls, `unknown` for those that fall on no day); the counts of the periods sum to those of the whole.

    Errors are those of `parts` and `timeliness`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b", "c"], "received_date": pd.to_datetime(["2025-01-01"] * 3), "assessment_outcome": "Y",
    ...     "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-05-22", "2025-05-22"]), "other_tribunal": [0, 0, 1],
    ...     "stage": "closed", "is_open": False, "age_days": 140, "as_at": pd.Timestamp("2025-06-30")})
    >>> print(waterfall(tracked, "plans_issued_20wk_inc"))
    all cases 3 -> assessments ending in a plan 3 -> less 1 mediation or tribunal -> denominator 2 -> less 1 not 140 days or less after the request -> on-time plans 1 = 50.0 per cent
    """
    chosen = measure_of(measure)
    check_period(chosen, period)
    if chosen.family == "advice" and len(tracked["rule"].dropna().unique()) > 1:
        raise InputError(
            f"measure {chosen.id!r} never adds bodies bound by regulation 8 to others: give the rows of one rule"
        )
    decided = parts(tracked, chosen, advice=advice)
    place, labels, _ = periods_in(decided, period, tracked)
    rows = decided.assign(period=np.array(labels, dtype=object)[place])
    rows.insert(0, "case_id", tracked["case_id"].to_numpy())
    steps = tuple(_steps(decided, chosen))
    present = [label for number, label in enumerate(labels) if label != UNDATED or (place == number).any()]
    lines = [line for label in present for line in _lines(rows[rows["period"] == label], label, steps)]
    table = pd.DataFrame(lines, columns=list(COLUMNS)).astype({"percent": "Float64"})
    return Waterfall(chosen, table, rows, steps)


def _steps(decided: pd.DataFrame, measure: Measure) -> Iterator[_Step]:
    """Steps in the order in which `parts` decides: out of the measure, then out of the numerator."""
    part_of = dict(zip(decided["reason"].astype(str), decided["part"].astype(str), strict=True))
    inside = ("on_time", "late", *(["unknown"] if measure.unknown_in_denominator else []))
    reasons = [str(reason) for reason in decided["reason"].cat.categories]
    left = tuple(reason for reason in reasons if reason in part_of)
    yield _Step(ALL_ROWS, (), left)
    totals = _totals(measure)
    for reason in reasons:
        if reason in totals:
            yield _Step(totals[reason], (), left)
        if reason in totals or part_of.get(reason, "on_time") not in inside:
            left = tuple(other for other in left if other != reason)
            yield _Step(f"less {reason}", (reason,), left)
    yield _Step(DENOMINATOR, (), left)
    for reason in left:
        if part_of[reason] != "on_time":
            left = tuple(other for other in left if other != reason)
            yield _Step(f"less {reason}", (reason,), left)
    yield _Step(measure.counted, (), left)


def _totals(measure: Measure) -> dict[str, str]:
    """Totals of DfE's measures, each before a reason that gets a line even where it takes nobody out."""
    rule = measure.parameters
    if not isinstance(rule, Elapsed):
        return {}
    codes = " or ".join(_CODES[code] for code in rule.codes)
    decided = f"assessments ending in {codes}" if rule.outcome == "assessment_outcome" else "requests decided"
    totals = {FLAGGED: decided} if rule.flags else {}
    return totals | ({EXCEPTED: BASE if rule.flags else decided} if rule.exceptions == "leave_out" else {})


def _lines(rows: pd.DataFrame, period: str, steps: tuple[_Step, ...]) -> Iterator[tuple[object, ...]]:
    counts = rows["reason"].value_counts()
    for number, step in enumerate(steps):
        removed, remaining = (int(counts[list(reasons)].sum()) for reasons in (step.removed, step.left))
        if step.step == DENOMINATOR:
            denominator = remaining
        last = number == len(steps) - 1
        yield period, step.step, removed, remaining, percent(remaining, denominator) if last else pd.NA


def _said(table: pd.DataFrame) -> str:
    last = table.iloc[-1]["percent"]
    share = "no percentage" if pd.isna(last) else f"{last} per cent"
    shown = table[(table["removed"] > 0) | ~table["step"].str.startswith("less ")]
    return f"{' -> '.join(_words(row) for row in shown.itertuples())} = {share}"


def _words(row: Any) -> str:
    if row.removed:
        return f"less {row.removed:,} {row.step.removeprefix('less ')}"
    return f"{row.step} {row.remaining:,}"
