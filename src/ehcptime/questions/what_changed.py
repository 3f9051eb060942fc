"""What changed since the last run, case by case: new, closed, newly overdue, and dates that were edited."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Mask
from ehcptime.errors import InputError
from ehcptime.questions.grouping import texts
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.records.columns import names
from ehcptime.tracking.columns import as_dates
from ehcptime.tracking.words import count

CHANGES = (
    "new",
    "gone",
    "closed",
    "re_opened",
    "newly_overdue",
    "date_edited_back",
    "date_edited_forward",
    "date_removed",
    "date_added_late",
)
_CONCERNS = {
    "gone": "of the last run not in this one",
    "date_edited_back": "with a date on record moved back",
    "date_removed": "with a date on record removed",
}
_LIMITS = ("request_decision", "issue_decision", "plan_final")
_Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class WhatChanged:
    """Changes between two runs: `table` has one row per change, `str()` says it in a sentence.

    `open_before` and `open_after` are the open cases, `late_before` and `late_after` those of them past the limit for the final plan.
    """

    table: pd.DataFrame
    open_before: int
    open_after: int
    late_before: int
    late_after: int

    def number(self, change: str) -> int:
        """Cases that have a change of this kind."""
        return int(self.table.loc[self.table["change"].eq(change), "case_id"].nunique())

    @property
    def concerns(self) -> tuple[str, ...]:
        """What a person should look at, a sentence each: more late cases than in the last run, cases gone, dates moved back or removed."""
        more = self.late_after - self.late_before
        said = (
            (
                more,
                f"Open cases past the limit for the final plan: {self.late_after:,}, {more:,} more than in the last run.",
            ),
            *(
                (self.number(change), f"{count(self.number(change), 'case')} {words}.")
                for change, words in _CONCERNS.items()
            ),
        )
        return tuple(sentence for number, sentence in said if number > 0)

    def __str__(self) -> str:
        """The open cases then and now, and how many changed how."""
        first = f"Open cases: {self.open_after:,} (last run {self.open_before:,})."
        said = [
            f"{count(number, 'case')} {change.replace('_', ' ')}"
            for change in CHANGES
            if (number := self.number(change))
        ]
        return f"{first} {'; '.join(said) or 'Nothing changed'}."

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


class _Pair(NamedTuple):
    """The two frames, and the places of the cases that stand in both."""

    before: Tracked
    after: Tracked
    then: _Places
    now: _Places


def what_changed(before: pd.DataFrame, after: pd.DataFrame) -> WhatChanged:
    """Compare two runs of the same caseload, each from `track`.

    `table` has `case_id, change, column, before, after` (dates, empty where there is none), one row per change, by kind and case:
    `new` and `gone` (the case stands in one run alone), `closed` and `re_opened`, `newly_overdue` (`column` is the rule, `after` its due
    date), and dates on record that differ: `date_edited_back` and `date_edited_forward`, `date_removed`, and `date_added_late` (blank then
    though it is a day on or before the last run's `as_at`). A date that was blank and has since come is no edit. Raises InputError for
    frames that were not tracked, a case that stands twice, and a last run later than this one.

    >>> cases = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-04-02"])})
    >>> from datetime import date
    >>> from ehcptime.tracking.track import track
    >>> then = track(cases, as_at=date(2025, 8, 20))
    >>> now = track(cases.assign(received_date=pd.Timestamp("2025-03-31")), as_at=date(2025, 8, 21))
    >>> print(what_changed(then, now))
    Open cases: 1 (last run 1). 1 case newly overdue; 1 case date edited back.
    """
    pair = _pair(tracked_cases(before), tracked_cases(after))
    found = [
        _alone("new", pair.after, pair.now),
        _alone("gone", pair.before, pair.then),
        *_opened_or_closed(pair),
        *_newly_overdue(pair),
        *_edited(pair),
    ]
    table = pd.concat(found, ignore_index=True)
    table["change"] = pd.Categorical(table["change"], CHANGES)
    ordered = table.sort_values(["change", "case_id", "column"], ignore_index=True)
    is_open = [run.is_set("is_open") for run in pair[:2]]
    late = [here & _overdue(run, "plan_final") for here, run in zip(is_open, pair[:2], strict=True)]
    return WhatChanged(ordered, *(int(mask.sum()) for mask in (*is_open, *late)))


def _pair(before: Tracked, after: Tracked) -> _Pair:
    for run, name in ((before, "last"), (after, "present")):
        if not run.frame["case_id"].is_unique:
            raise InputError(
                f"column 'case_id' of the {name} run holds a value twice: each case must stand in one row"
            )
    if before.size and after.size and before.as_at > after.as_at:
        raise InputError("the last run is later than this one: give the earlier frame first")
    then = pd.Index(before.frame["case_id"]).get_indexer(pd.Index(after.frame["case_id"]))
    now = np.flatnonzero(then >= 0)
    return _Pair(before, after, then[now], now)


def _rows(
    run: Tracked, change: str, rows: Any, column: str = "", before: Any = None, after: Any = None
) -> pd.DataFrame:
    """One line per row of a run; `before` and `after` are day numbers of those rows."""
    ids = run.frame["case_id"].iloc[rows]
    blank = np.full(len(ids), NOT_YET, dtype=np.int32)
    return pd.DataFrame(
        {
            "case_id": ids.array,
            "change": texts([change] * len(ids)),
            "column": texts([column] * len(ids)),
            "before": as_dates(blank if before is None else before),
            "after": as_dates(blank if after is None else after),
        }
    )


def _alone(change: str, run: Tracked, shared: _Places) -> pd.DataFrame:
    alone = np.ones(run.size, dtype=bool)
    alone[shared] = False
    return _rows(run, change, np.flatnonzero(alone))


def _opened_or_closed(pair: _Pair) -> Iterator[pd.DataFrame]:
    was, is_now = pair.before.is_set("is_open")[pair.then], pair.after.is_set("is_open")[pair.now]
    ended = pair.after.is_stage("closed")[pair.now]
    had_ended = pair.before.is_stage("closed")[pair.then]
    yield _rows(pair.after, "closed", pair.now[was & ~is_now & ended])
    yield _rows(pair.after, "re_opened", pair.now[had_ended & is_now])


def _overdue(run: Tracked, rule: str) -> Mask:
    column = f"{rule}_status"
    return run.is_status(column, "overdue") if column in run.frame else np.zeros(run.size, dtype=bool)


def _newly_overdue(pair: _Pair) -> Iterator[pd.DataFrame]:
    for rule in _LIMITS:
        column = f"{rule}_status"
        if column in pair.before.frame and column in pair.after.frame:
            since = ~pair.before.is_status(column, "overdue")[pair.then]
            rows = pair.now[since & pair.after.is_status(column, "overdue")[pair.now]]
            yield _rows(pair.after, "newly_overdue", rows, rule, after=pair.after.days(f"{rule}_due")[rows])


def _edited(pair: _Pair) -> Iterator[pd.DataFrame]:
    for column in names("cases", "date"):
        if column in pair.before.frame or column in pair.after.frame:
            yield from _edits(pair, column)


def _edits(pair: _Pair, column: str) -> Iterator[pd.DataFrame]:
    was, is_now = pair.before.days(column)[pair.then], pair.after.days(column)[pair.now]
    held, holds = was != NOT_YET, is_now != NOT_YET
    by_change = {
        "date_edited_back": held & holds & (is_now < was),
        "date_edited_forward": held & holds & (is_now > was),
        "date_removed": held & ~holds,
        "date_added_late": ~held & (is_now <= pair.before.as_at),
    }
    for change, rows in by_change.items():
        yield _rows(pair.after, change, pair.now[rows], column, was[rows], is_now[rows])
