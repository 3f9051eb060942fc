"""Structural checks: what a record says that cannot be right, or that someone should look at.

A check finds rows and never mends them. Codes are stable: they may be relied on in scripts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, day_number, to_date
from ehcptime.records.arrays import BLANK, UNREADABLE, Facts, code_number
from ehcptime.records.columns import COLUMNS, names

Severity = Literal["error", "query", "info"]
Find = Callable[[Facts, int], Mask]

PROBLEM_COLUMNS = ("case_id", "code", "severity", "column", "value", "message")
_OLDEST = day_number(pd.Timestamp("1990-01-01").date())
_Y, _N, _A, _W, _H = (code_number("request_outcome", code) for code in "YNAWH")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says: its stable code, how grave it is, the column to look at and the sentence."""

    code: str
    severity: Severity
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Check(Finding):
    """A finding, and how to find it in the arrays of one table."""

    find: Find


def _given(facts: Facts, column: str) -> Mask:
    return np.asarray(facts.days[column] != NOT_YET)


def _before(earlier: str, later: str) -> Find:
    """Find where `earlier` is dated before `later`, both given."""
    return lambda facts, _: (
        _given(facts, earlier) & _given(facts, later) & (facts.days[earlier] < facts.days[later])
    )


def _coded(facts: Facts, column: str, *codes: int) -> Mask:
    return np.isin(facts.codes[column], codes)


def _undated(outcome: str, *codes: int) -> Find:
    return lambda facts, _: _coded(facts, outcome, *codes) & ~_given(facts, f"{outcome}_date")


def _date_alone(outcome: str) -> Find:
    return lambda facts, _: _coded(facts, outcome, BLANK, _A, _W, _H) & _given(facts, f"{outcome}_date")


def _ended_undated(facts: Facts, _: int) -> Mask:
    left = (
        _coded(facts, "request_outcome", _W)
        | _coded(facts, "assessment_outcome", _W)
        | facts.flags["exported"]
    )
    return np.asarray(left & ~_given(facts, "closed_date"))


def _plan_day(facts: Facts) -> Days:
    dated = np.where(facts.codes["assessment_outcome"] == _Y, facts.days["assessment_outcome_date"], NOT_YET)
    return np.minimum(facts.days["plan_issued_date"], dated)


def _plan_before(column: str) -> Find:
    def find(facts: Facts, _: int) -> Mask:
        plan = _plan_day(facts)
        return np.asarray((plan != NOT_YET) & _given(facts, column) & (plan < facts.days[column]))

    return find


def _two_plans(facts: Facts, _: int) -> Mask:
    coded = (facts.codes["assessment_outcome"] == _Y) & _given(facts, "assessment_outcome_date")
    issued = facts.days["plan_issued_date"]
    return np.asarray(coded & (issued != NOT_YET) & (issued != facts.days["assessment_outcome_date"]))


def _closed_elsewhere(facts: Facts, _: int) -> Mask:
    plan = _plan_day(facts)
    return np.asarray((plan != NOT_YET) & _given(facts, "closed_date") & (plan != facts.days["closed_date"]))


def _reversal_of_nothing(facts: Facts, _: int) -> Mask:
    recorded = _given(facts, "reversal_date") | (facts.codes["reversal_route"] != BLANK)
    return np.asarray(
        recorded & ~_coded(facts, "request_outcome", _N) & ~_coded(facts, "assessment_outcome", _N)
    )


def _gone_on_without_route(facts: Facts, _: int) -> Mask:
    gone_on = (
        _coded(facts, "assessment_outcome", _Y, _N)
        | _given(facts, "draft_sent_date")
        | _given(facts, "plan_issued_date")
    )
    return np.asarray(
        _coded(facts, "request_outcome", _N) & gone_on & (facts.codes["reversal_route"] == BLANK)
    )


def _no_start(facts: Facts, _: int) -> Mask:
    return ~_given(facts, "received_date") & ~_given(facts, "responsible_date")


def _no_receipt(facts: Facts, _: int) -> Mask:
    return ~_given(facts, "received_date") & _given(facts, "responsible_date")


def _before_the_law(facts: Facts, _: int) -> Mask:
    first = day_number(pd.Timestamp("2014-09-01").date())
    return np.asarray((facts.days["received_date"] < first) & (facts.days["received_date"] >= _OLDEST))


def _future(column: str) -> Find:
    return lambda facts, as_at: _given(facts, column) & (facts.days[column] > as_at)


def _implausible(column: str) -> Find:
    return lambda facts, as_at: (
        _given(facts, column) & ((facts.days[column] < _OLDEST) | (facts.days[column] > as_at + 3653))
    )


def _unreadable(column: str) -> Find:
    return lambda facts, _: np.asarray(facts.codes[column] == UNREADABLE)


def _each(
    table: str,
    kind: Literal["date", "code"],
    code: str,
    severity: Severity,
    says: str,
    find: Callable[[str], Find],
) -> list[Check]:
    return [Check(code, severity, column, says, find(column)) for column in names(table, kind)]


CASE_CHECKS: tuple[Check, ...] = (
    Check("no_start_date", "error", "received_date", "no day of receipt, so no limit can be worked out: find the day and add it", _no_start),
    Check("no_received_date", "query", "received_date", "no day of receipt: DfE measures cannot time this case", _no_receipt),
    Check("received_before_law", "query", "received_date", "received before 1 September 2014, when the limits came into force: check the day", _before_the_law),
    *_each("cases", "date", "date_implausible", "error", "before 1990, or over ten years after as_at: check the year", _implausible),
    *_each("cases", "date", "date_after_as_at", "query", "after as_at, so it is read as blank: check the day, or use a later as_at", _future),
    *_each("cases", "code", "code_not_known", "error", "not a code of this column: use one of the contract's codes", _unreadable),
    Check("request_outcome_before_received", "error", "request_outcome_date", "decided before the request was received: check both days", _before("request_outcome_date", "received_date")),
    Check("assessment_outcome_before_received", "error", "assessment_outcome_date", "ended before the request was received: check both days", _before("assessment_outcome_date", "received_date")),
    Check("assessment_outcome_before_request_outcome", "error", "assessment_outcome_date", "ended before the decision to assess: check both days", _before("assessment_outcome_date", "request_outcome_date")),
    Check("draft_before_decision", "query", "draft_sent_date", "draft sent before the decision to assess: check both days", _before("draft_sent_date", "request_outcome_date")),
    Check("final_before_draft", "error", "plan_issued_date", "plan issued before its draft: check both days", _plan_before("draft_sent_date")),
    Check("final_before_decision", "error", "plan_issued_date", "plan issued before the decision to issue one: check both days", _plan_before("issue_decision_date")),
    Check("closed_before_received", "error", "closed_date", "closed before the request was received: check both days", _before("closed_date", "received_date")),
    Check("request_outcome_without_date", "error", "request_outcome_date", "decided, with no day: find the day and add it", _undated("request_outcome", _Y, _N)),
    Check("assessment_outcome_without_date", "error", "assessment_outcome_date", "refused, with no day: find the day and add it", _undated("assessment_outcome", _N)),
    Check("request_date_without_outcome", "error", "request_outcome", "a day without a decision: add the code or remove the day", _date_alone("request_outcome")),
    Check("assessment_date_without_outcome", "error", "assessment_outcome", "a day without a decision: add the code or remove the day", _date_alone("assessment_outcome")),
    Check("ended_without_date", "query", "closed_date", "withdrawn or moved away, with no day: it is left out of past positions", _ended_undated),
    Check("two_first_plans", "query", "plan_issued_date", "two days for the first plan: the earlier is used", _two_plans),
    Check("closed_differs_from_plan", "query", "closed_date", "the closing day is not that of the plan and is ignored", _closed_elsewhere),
    Check("reversal_before_refusal", "error", "reversal_date", "reversed before it was refused: check both days", lambda facts, _: _coded(facts, "request_outcome", _N) & ~_coded(facts, "assessment_outcome", _N) & _before("reversal_date", "request_outcome_date")(facts, 0)),
    Check("reversal_without_refusal", "query", "reversal_date", "a reversal, and no refusal: check the outcome codes", _reversal_of_nothing),
    Check("reversal_without_route", "query", "reversal_route", "the refusal did not stand, and how is not recorded, so the clock in force cannot be told", _gone_on_without_route),
)  # fmt: skip

ADVICE_CHECKS: tuple[Check, ...] = (
    Check("advice_not_dated", "query", "requested_date", "no day of asking, so its limit cannot be worked out", lambda facts, _: ~_given(facts, "requested_date")),
    *_each("advice", "date", "date_implausible", "error", "before 1990, or over ten years after as_at: check the year", _implausible),
    *_each("advice", "date", "date_after_as_at", "query", "after as_at, so it is read as blank: check the day, or use a later as_at", _future),
    *_each("advice", "code", "code_not_known", "error", "not a code of this column: use one of the contract's codes", _unreadable),
    Check("returned_before_requested", "error", "returned_date", "returned before it was asked for: check both days", _before("returned_date", "requested_date")),
    Check("body_received_before_requested", "query", "body_received_date", "received before it was sent: check both days", _before("body_received_date", "requested_date")),
)  # fmt: skip


def found(checks: tuple[Check, ...], facts: Facts, frame: pd.DataFrame, as_at: int) -> Iterator[pd.DataFrame]:
    """Run checks; give the problems of each that found any, one row per case and check."""
    for check in checks:
        rows = np.broadcast_to(check.find(facts, as_at), facts.rows)
        if rows.any():
            yield problems(check, frame, np.flatnonzero(rows), facts)


def problems(
    check: Finding,
    frame: pd.DataFrame,
    places: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    facts: Facts | None = None,
) -> pd.DataFrame:
    """Make one row per place that a check found; the value is a date or a code, never free text."""
    return pd.DataFrame(
        {
            "case_id": frame["case_id"].iloc[places].astype("object").to_numpy(),
            "code": check.code,
            "severity": check.severity,
            "column": check.column,
            "value": [_shown(check.column, facts, frame, int(place)) for place in places],
            "message": check.message,
        },
        columns=list(PROBLEM_COLUMNS),
    )


def _shown(column: str, facts: Facts | None, frame: pd.DataFrame, place: int) -> str:
    if facts is not None and column in facts.days:
        day = to_date(int(np.broadcast_to(facts.days[column], facts.rows)[place]))
        return day.isoformat() if day else ""
    known = next((table[column] for table in COLUMNS.values() if column in table), None)
    if known is None or known.kind != "code" or column not in frame:
        return ""
    # A code that cannot be read may be anything, so only what looks like a code is shown.
    text = "" if pd.isna(frame[column].iloc[place]) else str(frame[column].iloc[place]).strip()
    return text if len(text) <= 3 or text.casefold() in known.values else "(not shown)"
