"""What is wrong with an extract: structural checks, and those that need the law."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from ehcptime.law.book import LAW
from ehcptime.questions.check_advice import Askings, advice_problems
from ehcptime.questions.check_claims import claim_problems, closure_problems
from ehcptime.questions.check_limits import limit_problems
from ehcptime.questions.check_people import people_problems
from ehcptime.records.checks import PROBLEM_COLUMNS, Rows, found
from ehcptime.records.checks_cases import CASE_CHECKS
from ehcptime.records.checks_swaps import swap_problems
from ehcptime.records.checks_unread import unread_problems
from ehcptime.records.frames import require
from ehcptime.records.other_frames import as_pandas
from ehcptime.tracking.columns import as_at_day
from ehcptime.tracking.limits import judged
from ehcptime.tracking.situation import Situation, situation


def check(
    cases: pd.DataFrame,
    *,
    as_at: date,
    advice: pd.DataFrame | None = None,
    exemptions: pd.DataFrame | None = None,
    closures: pd.DataFrame | None = None,
    unread: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List every problem that a person should look at: one row per problem, no row changed and none merged.

    Returns `case_id, code, severity, column, value, message`. Codes are stable; severity is error (a figure that uses the row
    may be wrong), query (ask) or info; `value` is a date or a code, never free text, and for a finding about another day of the
    case it is that day, as the message says. `unread` is that of an `Extract`: each of its cells, from which no date could be read,
    is an error. A problem of a closure, or of the extract as a whole, has a blank `case_id`. A table with no rows counts as not given, and tables of polars, pyarrow and DuckDB are taken too. Nothing in the content of a table raises; a missing column or text where dates belong raises InputError.

    >>> cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-22"]),
    ...     "request_outcome": ["Y"], "request_outcome_date": pd.to_datetime(["2025-03-20"])})
    >>> check(cases, as_at=date(2025, 6, 1))[["code", "severity", "value"]].values.tolist()
    [['request_outcome_before_received', 'error', '2025-03-20']]
    """
    day, cases = as_at_day(as_at), as_pandas(cases)
    require(cases, "cases")
    advice, exemptions, closures = (
        _given(frame, table)
        for frame, table in ((advice, "advice"), (exemptions, "exemptions"), (closures, "closures"))
    )
    rows = Rows.of(cases, "cases", day)
    now = situation(rows.facts, day)
    askings = None if advice is None else Askings.of(advice, rows)
    parts = [*unread_problems(as_pandas(unread)), *_of_cases(rows, now, askings)]
    if askings is not None:
        parts += advice_problems(askings, rows, now)
    if closures is not None:
        parts += closure_problems(closures)
    if exemptions is not None:
        parts += claim_problems(rows, now, exemptions, closures, advice, as_at)
    if not parts:
        return pd.DataFrame(columns=list(PROBLEM_COLUMNS), dtype="object")
    return pd.concat(parts, ignore_index=True)


def _given(frame: pd.DataFrame | None, table: str) -> pd.DataFrame | None:
    frame = as_pandas(frame)
    if frame is not None:
        require(frame, table)
    return None if frame is None or frame.empty else frame


def _of_cases(rows: Rows, now: Situation, askings: Askings | None) -> Iterator[pd.DataFrame]:
    yield from found(CASE_CHECKS, rows)
    if len(rows.frame):
        yield from swap_problems(rows)
        yield from people_problems(rows, now)
        yield from limit_problems(rows, now, judged(now, rows.as_at, LAW, "receipt_excluded"), askings)
