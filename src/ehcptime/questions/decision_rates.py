"""Decision rates: what became of the requests received: assessed or refused, reversed, given up, and asked again."""

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.questions.asked_again import asked_again
from ehcptime.questions.cells import cells_of
from ehcptime.questions.decisions import ASSESSMENTS, REQUESTS, Decided, assessments_by, requests_by
from ehcptime.questions.elapsed import outside
from ehcptime.questions.grouping import By, columns_of
from ehcptime.questions.lines import COLUMNS as LINE_COLUMNS
from ehcptime.questions.lines import Line, tallied
from ehcptime.questions.periods import UNDATED, Letter
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases
from ehcptime.records.columns import COLUMNS as CONTRACT
from ehcptime.tracking.refusals import Refusal

COLUMNS = ("period", *LINE_COLUMNS, "as_at")
# A yes, a no, and what waits for either.
_ON_REQUEST = ("agreed_to_assess", "refused_to_assess", "undecided")
_ON_PLAN = ("agreed_to_issue", "refused_to_issue", "assessment_open")
_ROUTES = CONTRACT["cases"]["reversal_route"].values
_EXPLAINED = tuple(reason for reason in CONTRACT["cases"]["closed_reason"].values if reason != "unknown")
_MONTHS = (6, 12)


def decision_rates(tracked: pd.DataFrame, *, by: By = None, period: Letter | None = None) -> pd.DataFrame:
    """Count what became of the requests, by any columns and by the period of receipt (`received_date`).

    Gives one row per group, period and line: the columns of `by`; `period` (as in `timeliness`); `line`; `count`, out of `of`,
    which `out_of` names; `percent`, to one decimal; `note`; `as_at`. Codes are counted as recorded, as in SEN2: a refusal that
    was reversed is still a refusal, and the reversal is counted out of it. The lines:

    - `requests`, and `left_out` (duplicates, not received by then, assessments coded H), out of all rows;
    - out of the requests, and summing to them: `agreed_to_assess` (or a later step shows it), `refused_to_assess`,
      `ended_before_decision` (SEN2's W, which is wider than withdrawn), `undecided`, `decided_earlier` (H), `unknown` (a code that cannot be
      read, or a date without one). DfE's percentages are these, with the open and the withdrawn in the denominator;
    - `refusal_rate`: refusals out of the decisions made; `reversed_to_assess`, and `..._by_<route>` out of the reversals;
    - `assessments`: agreed, decided earlier, or refused and reversed; out of them, and summing to them, `agreed_to_issue` (Y, or a
      plan), `refused_to_issue`, `assessment_ended`, `assessment_open`, `assessment_unknown`;
    - `no_plan_rate`: refusals to issue out of the decisions made; `reversed_to_issue` and its routes;
    - `ended_otherwise` (with neither plan nor refusal) and `withdrawn` (so recorded in `closed_reason`), out of the requests;
    - `asked_again_within_6_months`, `..._12_months`: refusals to assess followed by a new request for the same `person_id`.

    Group by panel month with `tracked.assign(panel_month=tracked["panel_date"].dt.strftime("%Y-%m"))`. Raises InputError for a frame
    that was not tracked, CommandError for a column or period that cannot be used. `decision_case_ids` opens each count.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b", "c"], "received_date": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01"]),
    ...     "request_outcome": ["Y", "N", None], "request_outcome_date": pd.to_datetime(["2025-02-10", "2025-03-10", None]),
    ...     "stage": ["assessing", "closed", "deciding"], "is_open": [True, False, True], "age_days": [90, 37, 31],
    ...     "as_at": pd.Timestamp("2025-04-01")})
    >>> rates = decision_rates(tracked).set_index("line")
    >>> rates.loc[["refused_to_assess", "refusal_rate"], ["count", "of", "percent"]].to_numpy().tolist()
    [[1, 3, 33.3], [1, 2, 50.0]]
    >>> rates.loc["asked_again_within_6_months", "note"]
    'cannot be computed, because there is no person_id'
    """
    columns = columns_of(by, tracked, COLUMNS)
    cases = tracked_cases(tracked)
    cells = cells_of(tracked, columns, cases.days_by_then("received_date"), period, every=True)
    lines = decision_lines(cases)
    table = tallied(lines, cells.place, cells.labels)
    there = (cells.count(np.ones(cases.size, dtype=bool)) > 0) | (cells.labels["period"] != UNDATED)
    table = table.iloc[np.flatnonzero(np.repeat(there, len(lines)))].reset_index(drop=True)
    return table.assign(as_at=as_at_column(tracked, len(table)))


def decision_lines(cases: Tracked) -> list[Line]:
    """Give the lines of the answer."""
    rows = np.ones(cases.size, dtype=bool)
    left_out = _any(cases, [step.when for step in outside(cases)])
    inside = ~left_out
    of_request = requests_by(cases, inside)
    assessed = of_request["agreed_to_assess"] | of_request["decided_earlier"]
    assessed |= of_request["refused_to_assess"] & cases.now.refused_to_assess.is_reversed
    of_assessment = assessments_by(cases, assessed)
    return [
        Line("requests", inside, rows, "rows"),
        Line("left_out", left_out, rows, "rows"),
        *(Line(name, of_request[name], inside, "requests") for name in REQUESTS),
        _rate("refusal_rate", of_request, _ON_REQUEST, "decisions whether to assess"),
        *_reversals(cases, cases.now.refused_to_assess, of_request["refused_to_assess"], "assess"),
        Line("assessments", assessed, inside, "requests"),
        *(Line(name, of_assessment[name], assessed, "assessments") for name in ASSESSMENTS),
        _rate("no_plan_rate", of_assessment, _ON_PLAN, "decisions whether to issue a plan"),
        *_reversals(cases, cases.now.refused_to_issue, of_assessment["refused_to_issue"], "issue"),
        *_ended(cases, of_request["ended_before_decision"] | of_assessment["assessment_ended"], inside),
        *(asked_again(cases, months, inside) for months in _MONTHS),
    ]


def _rate(name: str, found: Decided, parts: tuple[str, str, str], out_of: str) -> Line:
    """Refusals out of the decisions made; those that wait for one may still change it."""
    yes, no, waiting = (found[part] for part in parts)
    return Line(name, no, yes | no, out_of, aside={"not decided yet": waiting})


def _reversals(cases: Tracked, refusal: Refusal, refused: Mask, kind: str) -> list[Line]:
    reversed_ = refused & refusal.is_reversed
    found = [Line(f"reversed_to_{kind}", reversed_, refused, f"refusals to {kind}")]
    rest = reversed_
    for route in (*_ROUTES, ""):
        by = rest & refusal.is_recorded & cases.is_code("reversal_route", route) if route else rest
        name = f"reversed_to_{kind}_by_{route or 'a_route_not_recorded'}"
        found.append(Line(name, by, reversed_, f"reversals of refusals to {kind}"))
        rest = rest & ~by
    return found


def _ended(cases: Tracked, ended: Mask, inside: Mask) -> list[Line]:
    unexplained = ended & ~cases.is_code("closed_reason", *_EXPLAINED)
    withdrawn = ended & cases.is_code("closed_reason", "withdrawn")
    return [
        Line("ended_otherwise", ended, inside, "requests"),
        Line(
            "withdrawn", withdrawn, inside, "requests", aside={"ended for a reason not recorded": unexplained}
        ),
    ]


def _any(cases: Tracked, masks: list[Mask | bool]) -> Mask:
    found = np.zeros(cases.size, dtype=bool)
    for mask in masks:
        found |= mask
    return found
