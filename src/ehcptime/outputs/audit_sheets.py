"""Audit sheets: every limit of one case with its sum, and room for what the auditor finds on the file."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pandas as pd

from ehcptime.errors import EhcptimeError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.outputs.case_pages.steps import deadline_sum
from ehcptime.outputs.case_pages.view import is_lifted
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.extract import Extract
from ehcptime.records.one_case import Row, case_of
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.timeline import timeline

COLUMNS = (
    "case_id",
    "rule",
    "title",
    "kind",
    "start",
    "sum",
    "due",
    "done",
    "status",
    "days_over",
    "outcome",
    "exempt",
    "exempt_supported",
    "breach",
    "cite",
    "date_on_file",
    "agrees",
    "auditor_note",
    "as_at",
)
_DATES = ("start", "due", "done", "date_on_file", "as_at")


def audit_sheet(
    case: Case,
    *,
    as_at: date,
    advice: Iterable[AdviceRequest] = (),
    exemptions: Iterable[Row] = (),
    closures: Iterable[Row] = (),
    law: RuleBook = LAW,
) -> pd.DataFrame:
    """List every limit of a case for an auditor: from when, the sum, the last day, what was done, how late and by what source.

    The arguments are those of `timeline`. The columns `date_on_file`, `agrees` and `auditor_note` are empty, for the auditor to fill in.
    A limit that is claimed to be lifted has no `due` and no `days_over`, and `outcome` says what it is lifted by.

    >>> case = Case(case_id="JSC", received_date=date(2025, 4, 2))
    >>> audit_sheet(case, as_at=date(2025, 11, 1)).set_index("rule").loc["plan_final", "sum"]
    '2 April 2025 + 140 days = 20 August 2025'
    """
    found = timeline(case, as_at=as_at, advice=advice, exemptions=exemptions, closures=closures, law=law)
    return _typed([_row(case.case_id, deadline) for deadline in found])


def audit_sheets(
    extract: Extract, case_ids: Iterable[str], *, as_at: date, law: RuleBook = LAW
) -> pd.DataFrame:
    """Put the audit sheets of some cases of an extract under each other; a case that cannot be read has one row that says why.

    >>> cases = pd.DataFrame({"case_id": ["A", "B"], "received_date": pd.to_datetime(["2025-04-02"] * 2)})
    >>> audit_sheets(Extract(cases), ["B"], as_at=date(2025, 11, 1))["case_id"].unique().tolist()
    ['B']
    """
    wanted = list(case_ids)
    held = _only(extract, wanted)
    return pd.concat(
        [_typed([]), *(_sheet_of(held, case_id, as_at, law) for case_id in wanted)], ignore_index=True
    )


def _only(extract: Extract, case_ids: list[str]) -> Extract:
    """The rows of some cases, so that each is not looked for among all."""
    tables = {name: getattr(extract, name) for name in ("cases", "advice", "exemptions", "events")}
    return replace(
        extract, **{name: frame[frame["case_id"].isin(case_ids)] for name, frame in tables.items()}
    )


def _sheet_of(extract: Extract, case_id: str, as_at: date, law: RuleBook) -> pd.DataFrame:
    try:
        record = case_of(extract, case_id)
    except EhcptimeError as error:
        return _typed(
            [{"case_id": case_id, "outcome": f"cannot be worked out, because {error}", "as_at": as_at}]
        )
    return audit_sheet(
        record.case,
        as_at=as_at,
        advice=record.advice,
        exemptions=record.exemptions,
        closures=record.closures,
        law=law,
    )


def _row(case_id: str, deadline: Deadline) -> dict[str, object]:
    lifted = is_lifted(deadline)
    given = {
        name: getattr(deadline, name)
        for name in (
            "rule",
            "title",
            "kind",
            "start",
            "done",
            "status",
            "exempt",
            "exempt_supported",
            "breach",
            "cite",
            "as_at",
        )
    }
    return given | {
        "case_id": case_id,
        "sum": "" if lifted else deadline_sum(deadline),
        "due": None if lifted else deadline.due,
        "days_over": None if lifted else deadline.days_over,
        "outcome": deadline.outcome(),
    }


def _typed(rows: list[dict[str, object]]) -> pd.DataFrame:
    """The columns in their order and types, empty where a row has none."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    dates = {name: pd.to_datetime(frame[name]).astype("datetime64[s]") for name in _DATES}
    flags = {name: frame[name].astype("boolean") for name in ("exempt", "breach")}
    others = {name: frame[name].astype("object") for name in ("agrees", "auditor_note")}
    return frame.assign(**dates, **flags, **others, days_over=frame["days_over"].astype("Int64"))
