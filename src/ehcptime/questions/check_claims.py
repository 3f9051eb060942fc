"""Checks of claimed exemptions and of closures. A claim is judged in `tracking`; here its verdict becomes a problem."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Mask
from ehcptime.law.book import LAW
from ehcptime.questions.check_advice import rows_of_cases
from ehcptime.records.arrays import days_of
from ehcptime.records.checks import NOT_SHOWN, Finding, Rows, Severity, day_texts, problem_rows, problems
from ehcptime.records.checks_common import TEN_YEARS
from ehcptime.tracking.claims import exemption_claims
from ehcptime.tracking.exempt import code_of
from ehcptime.tracking.faults import Fault, claim_faults, closure_faults
from ehcptime.tracking.situation import Situation

_RULE = "plan_final"
NO_CASE = Finding(
    "claim_without_case",
    "error",
    "case_id",
    "an exemption of a case that is not in the cases: add the case or drop the row",
)
NO_REASON = Finding(
    "claim_without_reason", "query", "code", "an exemption is claimed with no reason: add its code"
)
NO_CLAIM = Finding(
    "week20_without_reason",
    "query",
    "week20",
    "an exception to the 20 weeks is recorded and no reason for it: add the reason to the exemptions",
)
NO_FLAG = Finding(
    "reason_without_week20",
    "query",
    "week20",
    "the plan was issued and a reason for an exception to the 20 weeks is recorded, and week20 is not set: which is right?",
)
CLOSURES_OVERLAP = Finding(
    "closures_overlap", "query", "closed_from", "a closure that begins before an earlier one of the same setting ended: join the two or check their days"
)  # fmt: skip
CLOSURE_NOT_DATED = Finding(
    "closure_not_dated", "query", "closed_from", "a closure with no first day, which can support no claim"
)
_OF_VERDICT = {
    "not_supported": "claim_not_supported",
    "not_an_exemption": "claim_not_an_exemption",
    "cannot_be_told": "claim_cannot_be_told",
}
_QUERIES = frozenset({"claims_overlap"})


def claim_problems(
    cases: Rows,
    now: Situation,
    exemptions: pd.DataFrame,
    closures: pd.DataFrame | None,
    advice: pd.DataFrame | None,
    as_at: date,
) -> Iterator[pd.DataFrame]:
    """Give what is wrong with each claim, and where the exceptions recorded and the reasons do not match.

    A claim that cannot be judged as a whole, because its days or its rule are wrong, is reported for that alone.
    """
    case = rows_of_cases(cases.frame, exemptions)
    has_case = case >= 0
    blank = np.array([not code_of(code) for code in exemptions["code"]], dtype=np.bool_)
    ids = exemptions["case_id"].astype("object").to_numpy()
    yield from _where(NO_CASE, ids, ~has_case)
    yield from _where(NO_REASON, ids, has_case & blank)
    faults = list(claim_faults(exemptions, LAW))
    yield from _faulty(faults, ids, exemptions)
    sound = has_case & ~blank
    # A case that starts in 9999 is reported as such, and has no limit that a date can name.
    sound[has_case] &= np.broadcast_to(now.start <= cases.as_at + TEN_YEARS, len(cases.frame))[case[has_case]]
    sound[[fault.row for fault in faults]] = False
    yield from _judged(cases, exemptions[sound], closures, advice, as_at)
    yield from _unmatched(cases, now, exemptions, ~blank)


def closure_problems(closures: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Give what is wrong with closures; they belong to a setting, so the `case_id` of these problems is blank."""
    nobody = np.full(len(closures), None, dtype=object)
    yield from _faulty(closure_faults(closures), nobody, closures)
    closed, reopened = (days_of(closures[name], name) for name in ("closed_from", "reopened_on"))
    blank = closed == NOT_YET
    yield from _where(CLOSURE_NOT_DATED, nobody, blank)
    table = pd.DataFrame(
        {"setting": pd.factorize(closures["setting_id"])[0], "closed": closed, "reopened": reopened}
    )
    table = table[(table["setting"] >= 0) & ~blank & (reopened > closed)].sort_values(
        ["setting", "closed", "reopened"]
    )
    reach = table.groupby("setting")["reopened"].cummax().groupby(table["setting"]).shift()
    overlap = np.zeros(len(closures), dtype=np.bool_)
    overlap[table.index[(reach > table["closed"]).to_numpy()]] = True
    yield from _where(CLOSURES_OVERLAP, nobody, overlap, values=_days(closures, "closed_from"))


def _usable(closures: pd.DataFrame | None) -> pd.DataFrame | None:
    """Leave out the closures that end before they start, which are reported already."""
    if closures is None:
        return None
    usable = np.ones(len(closures), dtype=np.bool_)
    usable[[fault.row for fault in closure_faults(closures)]] = False
    return closures[usable]


def _judged(
    cases: Rows,
    claims: pd.DataFrame,
    closures: pd.DataFrame | None,
    advice: pd.DataFrame | None,
    as_at: date,
) -> Iterator[pd.DataFrame]:
    """Give one problem per claim whose dates do not support it, in the words of its judgement."""
    if claims.empty:
        return
    one_each = cases.frame[cases.frame["case_id"].notna() & ~cases.frame["case_id"].duplicated()]
    found = exemption_claims(one_each, claims, as_at=as_at, closures=_usable(closures), advice=advice)
    for verdict, code in _OF_VERDICT.items():
        chosen = found[(found["verdict"] == verdict).to_numpy()]
        if len(chosen):
            ids = chosen["case_id"].astype("object").to_numpy()
            values = [_code_text(value) for value in chosen["code"]]
            yield problem_rows(Finding(code, "query", "code", ""), ids, values, chosen["why"].tolist())


def _unmatched(
    cases: Rows, now: Situation, exemptions: pd.DataFrame, has_reason: Mask
) -> Iterator[pd.DataFrame]:
    """Exceptions without a reason row, and reasons of plans whose exception is not recorded."""
    of_plan = (exemptions["rule"] == _RULE).to_numpy(dtype=np.bool_)
    claimed, reasoned = (exemptions["case_id"][where] for where in (of_plan, of_plan & has_reason))
    ids, flagged = cases.frame["case_id"], cases.flagged("week20")
    yield from problems(NO_CLAIM, cases, flagged & ~ids.isin(claimed).to_numpy())
    issued = now.final != NOT_YET
    yield from problems(NO_FLAG, cases, ~flagged & issued & ids.isin(reasoned).to_numpy())


def _faulty(
    faults: Iterable[Fault], ids: npt.NDArray[np.object_], frame: pd.DataFrame
) -> Iterator[pd.DataFrame]:
    for fault in faults:
        severity: Severity = "query" if fault.code in _QUERIES else "error"
        finding = Finding(fault.code, severity, fault.column, fault.message)
        yield problem_rows(finding, ids[[fault.row]], [_days(frame, fault.column)[fault.row]])


def _where(
    finding: Finding, ids: npt.NDArray[np.object_], rows: Mask, values: list[str] | None = None
) -> Iterator[pd.DataFrame]:
    places = np.flatnonzero(rows)
    if len(places):
        yield problem_rows(finding, ids[places], [values[place] if values else "" for place in places])


def _days(frame: pd.DataFrame, column: str) -> list[str]:
    """Give a column of dates as ISO dates; blank for any other column."""
    if not column.endswith(("_date", "_from", "_on")) or column not in frame:
        return [""] * len(frame)
    return day_texts(days_of(frame[column], column), np.arange(len(frame)), len(frame))


def _code_text(value: Any) -> str:
    """Show a code that the law knows; any other may be free text."""
    code = code_of(value)
    return code if code in LAW.exemptions else NOT_SHOWN
