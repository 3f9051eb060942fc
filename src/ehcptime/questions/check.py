"""What is wrong with an extract: structural checks, and those that need the law."""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from ehcptime.clock.engine import TOO_SOON
from ehcptime.law.book import LAW
from ehcptime.records.arrays import Facts, facts_of_frame
from ehcptime.records.checks import ADVICE_CHECKS, CASE_CHECKS, PROBLEM_COLUMNS, Finding, found, problems
from ehcptime.records.frames import require
from ehcptime.tracking.columns import as_at_day
from ehcptime.tracking.limits import RULES, judged
from ehcptime.tracking.situation import is_open, situation

_DUPLICATE = Finding("duplicate_case_id", "error", "case_id", "the same case_id stands in more than one row")
_TWO_OPEN = Finding(
    "two_open_requests",
    "query",
    "person_id",
    "two open requests for one child or young person: is the later one a duplicate?",
)
_TOO_SOON = Finding(
    "final_within_comment_period",
    "query",
    "draft_sent_date",
    "the plan was issued before the family's 15 days had run: had they answered already?",
)
_NO_CASE = Finding(
    "advice_without_case",
    "error",
    "case_id",
    "advice for a case that is not in the cases: add the case or drop the row",
)


def check(cases: pd.DataFrame, *, as_at: date, advice: pd.DataFrame | None = None) -> pd.DataFrame:
    """List every problem that a person should look at: one row per problem, no row changed.

    Returns `case_id, code, severity, column, value, message`; severity is error, query or info; codes are stable. Nothing in
    the content of a table raises; a missing column or text where dates belong raises InputError.

    >>> cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-02"]),
    ...     "request_outcome": ["Y"], "request_outcome_date": pd.to_datetime(["2025-03-02"])})
    >>> check(cases, as_at=date(2025, 6, 1))[["code", "severity", "value"]].values.tolist()
    [['request_outcome_before_received', 'error', '2025-03-02']]
    """
    day = as_at_day(as_at)
    require(cases, "cases")
    facts = facts_of_frame(cases, "cases")
    parts = [*found(CASE_CHECKS, facts, cases, day), *_about_cases(cases, facts, day)]
    if advice is not None and len(advice):
        require(advice, "advice")
        parts += found(ADVICE_CHECKS, facts_of_frame(advice, "advice"), advice, day)
        parts += _where(_NO_CASE, advice, ~advice["case_id"].isin(cases["case_id"]).to_numpy())
    if not parts:
        return pd.DataFrame(columns=list(PROBLEM_COLUMNS), dtype="object")
    return pd.concat(parts, ignore_index=True)


def _where(
    which: Finding, frame: pd.DataFrame, rows: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
) -> Iterator[pd.DataFrame]:
    if rows.any():
        yield problems(which, frame, np.flatnonzero(rows))


def _about_cases(cases: pd.DataFrame, facts: Facts, as_at: int) -> Iterator[pd.DataFrame]:
    """Checks that look at several rows, or that need a limit."""
    yield from _where(_DUPLICATE, cases, cases["case_id"].duplicated(keep=False).to_numpy())
    if cases.empty:
        return
    now = situation(facts, as_at)
    if "person_id" in cases:
        still_open = np.broadcast_to(is_open(now), len(cases))
        people = cases["person_id"].where(still_open)
        yield from _where(_TWO_OPEN, cases, (people.notna() & people.duplicated(keep=False)).to_numpy())
    status = judged(now, as_at, LAW, "receipt_excluded").status[RULES.index("draft_comment")]
    yield from _where(_TOO_SOON, cases, np.broadcast_to(status == TOO_SOON, len(cases)))
