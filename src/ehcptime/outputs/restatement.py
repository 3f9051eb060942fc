"""Restatement: what a figure for a period was when it was first given, what it is now, and the cases that made the difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import to_date
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.case_parts import SIDES, kept_parts, side_by_side
from ehcptime.outputs.causes import causes, in_words
from ehcptime.questions.grouping import texts
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.periods import UNDATED, Letter, periods_of
from ehcptime.questions.rounding import percent
from ehcptime.questions.timeliness import check_period
from ehcptime.questions.tracked import as_at_of
from ehcptime.records.arrays import days_of
from ehcptime.tracking.made_with import NOT_RECORDED
from ehcptime.tracking.words import long_date, paragraphs

_COUNTS = ("numerator", "denominator")
_NO_DAY = date.min  # never said: a run without rows is refused


@dataclass(frozen=True, eq=False)
class Restatement:
    """A measure in two runs; `str()` gives a line for each period that changed, with no case in it.

    `table` has one row per period: `period`, `numerator_before`, `denominator_before`, `percent_before`, the same three `_after`,
    `ended` (whether the period had ended when the earlier figure was given), `cases` (how many count otherwise) and `sentence`. `changes`
    is for internal use: for each period and case the `cause`, the part and the day on both sides, and what it adds to the
    numerator and the denominator. These sum, for each period, to the change exactly; a case that moved between periods is in both.
    """

    measure: Measure
    table: pd.DataFrame
    changes: pd.DataFrame
    note: str

    def __str__(self) -> str:
        """Say what changed, period by period."""
        changed = self.table.loc[self.table["cases"] > 0, "sentence"].tolist()
        return "\n".join([*([self.note] if self.note else []), *(changed or ["No period is restated."])])

    def _repr_html_(self) -> str:
        return paragraphs(self)


def restatement(
    before: pd.DataFrame,
    after: pd.DataFrame,
    measure: str | Measure,
    *,
    period: Letter,
    advice: pd.DataFrame | None = None,
) -> Restatement:
    """Compare a measure between two runs, period by period and case by case.

    Each of `before` and `after` is a tracked frame or the result of `case_parts`, fresh or from a frozen run; `advice` goes with a
    tracked `after` for `plans_20wk_all_advice`. Periods that had ended on the day of `before` are restated, others have gone on.

    Raises CommandError for a measure of askings or of who is open, for another period, and where `before` is the later run;
    InputError for frames that are neither, of another measure, with a case twice, or with no rows in `before`.

    >>> from datetime import date
    >>> from ehcptime.tracking.track import track
    >>> cases = pd.DataFrame({"case_id": ["a", "b"], "received_date": pd.to_datetime(["2024-10-01"] * 2), "assessment_outcome": ["Y", None],
    ...     "assessment_outcome_date": pd.to_datetime(["2025-02-01", None])})
    >>> keyed = cases.assign(assessment_outcome="Y", assessment_outcome_date=pd.to_datetime(["2025-02-01", "2025-03-20"]))
    >>> april, july = track(cases, as_at=date(2025, 4, 7)), track(keyed, as_at=date(2025, 7, 7))
    >>> print(restatement(april, july, "plans_issued_20wk_inc", period="Q"))
    2025 Q1 restated from 100.0 to 50.0 per cent: 1 late-recorded plan
    """
    chosen = measure_of(measure)
    _check_measure(chosen)
    check_period(chosen, period)
    first, second = kept_parts(before, chosen, None), kept_parts(after, chosen, advice)
    days = as_at_of(first), as_at_of(second)
    if not len(first):
        raise InputError("the earlier run has no rows: there is no figure to restate")
    if len(second) and days[0] > days[1]:
        raise CommandError("before is of a later day than after: give the two runs in order of time")
    cases = side_by_side(first, second, chosen)
    cases["cause"] = causes(cases, first["as_at"].iloc[0] if days[0] < days[1] else None)
    labels = _placed(cases, period, days[0])
    changes = _changes(cases)
    return Restatement(chosen, _table(cases, changes, labels, chosen, days[0]), changes, _note(first, second))


def _check_measure(measure: Measure) -> None:
    """Refuse what has no cases that fall in periods."""
    instead = "ask explain_change between the two runs"
    if measure.family == "advice":
        raise CommandError(
            f"measure {measure.id!r} counts askings, which have no id by which two runs could be set side by side: {instead}"
        )
    if measure.cohort == "open":
        raise CommandError(
            f"measure {measure.id!r} counts who is open on one day, so it takes no period that could be restated: {instead}"
        )


def _placed(cases: pd.DataFrame, period: str, day: int) -> dict[str, bool]:
    """Put every case in its period on both sides; give the periods in order, and whether each had ended on a day."""
    sides = [days_of(cases[f"falls_on_{side}"], "falls_on") for side in SIDES]
    found = periods_of(np.concatenate(sides), period)
    labels = np.array([*found.labels, UNDATED], dtype=object)
    for side, place in zip(SIDES, np.split(found.place, 2), strict=True):
        cases[f"period_{side}"] = labels[place]
    return dict(zip(labels, [*(found.ends < day).tolist(), True], strict=True))


def _changes(cases: pd.DataFrame) -> pd.DataFrame:
    """One row for each period and case that counts otherwise there."""
    same = cases["period_before"].eq(cases["period_after"])
    whole = cases[same & cases["counts_before"] & cases["counts_after"]]
    rows = [_rows(whole, "period_before", _as_ints(whole, "after") - _as_ints(whole, "before"))]
    for side, sign in (("before", -1), ("after", 1)):
        alone = cases[cases[f"counts_{side}"] & ~(same & cases["counts_before"] & cases["counts_after"])]
        rows.append(_rows(alone, f"period_{side}", _as_ints(alone, side) * sign))
    changes = pd.concat(rows)
    moved = changes[list(_COUNTS)].ne(0).any(axis=1)
    return changes[moved].sort_values(["period", "case_id"], kind="stable", ignore_index=True)


def _as_ints(cases: pd.DataFrame, side: str) -> pd.DataFrame:
    found = cases[[f"on_time_{side}", f"counts_{side}"]].astype("int64")
    return found.set_axis(list(_COUNTS), axis=1)


def _rows(cases: pd.DataFrame, period: str, counts: pd.DataFrame) -> pd.DataFrame:
    names = ("cause", *(f"{name}_{side}" for name in ("part", "falls_on") for side in SIDES))
    return pd.concat([cases[[period, "case_id", *names]].rename(columns={period: "period"}), counts], axis=1)


def _table(
    cases: pd.DataFrame, changes: pd.DataFrame, labels: dict[str, bool], measure: Measure, day: int
) -> pd.DataFrame:
    columns: dict[str, object] = {}
    for side in SIDES:
        counted = (
            cases[cases[f"counts_{side}"]].groupby(f"period_{side}")[f"on_time_{side}"].agg(["sum", "size"])
        )
        counts = counted.reindex(list(labels), fill_value=0).astype("int64")
        columns |= {
            f"numerator_{side}": counts["sum"].to_numpy(),
            f"denominator_{side}": counts["size"].to_numpy(),
        }
        columns[f"percent_{side}"] = percent(counts["sum"], counts["size"])
    table = pd.DataFrame({"period": list(labels), **columns, "ended": list(labels.values())})
    table["cases"] = changes["period"].value_counts().reindex(list(labels), fill_value=0).to_numpy()
    seen = table["denominator_before"].gt(0) | table["denominator_after"].gt(0)
    causes_of = {str(name): rows["cause"].value_counts() for name, rows in changes.groupby("period")}
    said = [_sentence(row, causes_of.get(str(row.period)), measure, day) for row in table.itertuples()]
    return table.assign(sentence=texts(said))[seen].reset_index(drop=True)


def _sentence(row: Any, found: "pd.Series[int] | None", measure: Measure, day: int) -> str:
    figures = [row.percent_before, row.percent_after]
    said = [f"{figure}" if pd.notna(figure) else "no percentage" for figure in figures]
    if found is None:
        return f"{row.period} stands at {said[1]}{_unit(figures[1:])}"
    moved = f"from {said[0]} to {said[1]}{_unit(figures)}"
    if said[0] == said[1]:
        moved = f"at {said[1]}{_unit(figures)} as before, with other cases"
    verb = "restated" if row.ended else "moved"
    since = "" if row.ended else f" (it had not ended on {long_date(to_date(day) or _NO_DAY)})"
    because = ", ".join(in_words(str(cause), int(number), measure.cohort) for cause, number in found.items())
    return f"{row.period} {verb} {moved}{since}: {because}"


def _unit(figures: Sequence[Any]) -> str:
    return " per cent" if pd.notna(figures[-1]) else ""


def _note(first: pd.DataFrame, second: pd.DataFrame) -> str:
    """Say that the runs rest on different rule books, where they say so."""
    books = [sorted(set(kept["rule_book"]) - {NOT_RECORDED}) for kept in (first, second)]
    if not all(books) or books[0] == books[1]:
        return ""
    return f"The runs rest on rule books {books[0][0]} and {books[1][0]}: a case may count otherwise by the rule alone."
