"""Checks of cases that need a limit, or what is true of a case at `as_at`."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.clock.due import due_days
from ehcptime.law.book import LAW
from ehcptime.questions.check_advice import Askings
from ehcptime.records.checks import Finding, Rows, problem_rows, problems
from ehcptime.tracking.limits import RULES, Judged
from ehcptime.tracking.outcomes import W
from ehcptime.tracking.situation import Situation, is_open

_GATE = "assess_six_month_gate"
_FORTNIGHT, _TWO_YEARS, _FEW = 14, 730, 10
# Days that something happened on; a limit by agreement is not, and the last assessment is not of this request.
_NOT_EVENTS = ("plan_final_override_date", "last_assessed_date", "moved_in_date")

TOO_SOON = Finding(
    "final_within_comment_period",
    "query",
    "draft_sent_date",
    "the plan was issued before the family's 15 days had run: had they answered already?",
)
ON_TIME = Finding(
    "exception_on_time",
    "info",
    "week20",
    "an exception is recorded and the plan was on time: about a third of exception plans in England were in 2024 (36.9 per cent, DfE)",
)
EVERY_PLAN = Finding(
    "exception_on_every_plan",
    "query",
    "week20",
    "an exception is recorded on every plan issued, so no figure without exceptions can be worked out: is the flag filled by default?",
)
WITHDRAWN = Finding(
    "withdrawn_before_limit",
    "query",
    "closed_date",
    "withdrawn in the two weeks before the plan was due: did the family ask for that?",
)
REFUSED = Finding(
    "closed_differs_from_refusal",
    "query",
    "closed_date",
    "the closing day is not that of the refusal that stands and is ignored",
)
SIX_MONTHS = Finding(
    "request_within_six_months",
    "query",
    "last_assessed_date",
    "assessed within the six months before the request, so the duty to consider it may not arise (section 36(6)(b)); its 6 weeks run all the same",
)
STILL = Finding(
    "open_without_event",
    "query",
    "received_date",
    "open, with nothing recorded for over two years: has it ended? The last day recorded is given here",
)


def limit_problems(
    rows: Rows, now: Situation, limits: Judged, askings: Askings | None
) -> Iterator[pd.DataFrame]:
    """Give what the limits, or the situation of each case, make worth a look."""
    status = dict(zip(RULES, limits.status, strict=True))
    yield from problems(TOO_SOON, rows, status["draft_comment"] == engine.TOO_SOON)
    yield from problems(ON_TIME, rows, rows.flagged("week20") & (status["plan_final"] == engine.MET))
    yield from _on_every_plan(rows, now)
    due = limits.due[RULES.index("plan_final")]
    yield from problems(WITHDRAWN, rows, _withdrawn(rows, now, due))
    yield from problems(REFUSED, rows, _closed_elsewhere(rows, now))
    yield from problems(SIX_MONTHS, rows, _within_six_months(rows))
    last = _last_event(rows, askings)
    quiet = is_open(now) & is_day(last) & (last < rows.as_at - _TWO_YEARS)
    yield from problems(STILL, rows, quiet, days=last)


def _on_every_plan(rows: Rows, now: Situation) -> Iterator[pd.DataFrame]:
    """One problem about the whole extract, where it holds enough plans for that not to be chance."""
    issued = np.broadcast_to(now.final != NOT_YET, len(rows.frame))
    if issued.sum() >= _FEW and bool(np.broadcast_to(rows.flagged("week20"), len(issued))[issued].all()):
        yield problem_rows(EVERY_PLAN, np.array([None], dtype=object), [""])


def _withdrawn(rows: Rows, now: Situation, due: Days) -> Mask:
    says = rows.coded("closed_reason", "withdrawn") | (
        rows.coded("closed_reason", "", "unknown") & (now.request.has(W) | now.assessment.has(W))
    )
    ended = now.other_end
    near = is_day(ended) & (due != NOT_YET) & (ended <= due) & (ended >= due - _FORTNIGHT)
    return np.asarray(says & near)


def _closed_elsewhere(rows: Rows, now: Situation) -> Mask:
    closed = rows.days("closed_date")
    dated = now.refusal_stands & (now.final == NOT_YET) & is_day(now.end)
    return np.asarray(dated & (closed <= rows.as_at) & (closed != now.end))


def _within_six_months(rows: Rows) -> Mask:
    """Whether the request came in the gate's minimum period; an assessment after the request is its own."""
    limits = LAW.limits([_GATE])
    assessed = np.broadcast_to(rows.days("last_assessed_date"), len(rows.frame))
    starts = np.broadcast_to(assessed, (len(limits), len(assessed)))
    until = due_days(limits, starts, starts).min(axis=0)
    received = rows.days("received_date")
    known = rows.given("received_date", "last_assessed_date") & (until != NOT_YET)
    return np.asarray(known & (assessed <= received) & (received <= until))


def _last_event(rows: Rows, askings: Askings | None) -> Days:
    """The last day, up to `as_at`, on which anything is recorded of each case; UNKNOWN for none."""
    last = np.full(len(rows.frame), UNKNOWN, dtype=np.int32)
    for name, days in rows.facts.days.items():
        if name not in _NOT_EVENTS:
            last = np.maximum(last, np.where(days <= rows.as_at, days, UNKNOWN))
    if askings is None:
        return last
    for days in askings.rows.facts.days.values():
        seen = np.broadcast_to(days, len(askings.case))
        known = (askings.case >= 0) & (seen <= rows.as_at)
        np.maximum.at(last, askings.case[known], seen[known])
    return last
