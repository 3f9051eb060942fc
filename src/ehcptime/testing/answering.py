"""Answers to the questions of the conformance pack, as ehcptime gives them: plain values, as JSON has them."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from ehcptime.law.book import LAW
from ehcptime.law.models import Rule
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.columns import COLUMNS, names
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track

FIELDS = ("due", "status", "days_over", "exempt", "breach")
_CASE_ID = "1"
_CLAIM_DATES = names("exemptions", "date")


class Authority(NamedTuple):
    """What a limit rests on: its citation, whether it is statutory, guidance or local, and how far the text was verified."""

    cite: str
    authority: str
    mark: str


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a question of the conformance pack: `due`, `status`, `days_over`, `exempt` and `breach` of its rule.

    A question has `rule`, `as_at` and `case`, and may have `advice` (one asking), `exemptions` and `convention`; days are ISO
    text. `other_due` is there where authorities give two days. Raises CommandError for a rule that the rule book does not have,
    and InputError for facts that no case can have.

    >>> answer({"rule": "plan_final", "as_at": "2025-08-21", "case": {"received_date": "2025-04-02"}})
    {'due': '2025-08-20', 'status': 'overdue', 'days_over': 1, 'exempt': False, 'breach': True}
    """
    return answered(question)[0]


def answered(question: Mapping[str, Any]) -> tuple[dict[str, Any], Authority]:
    """Answer a question and say what the limit rests on."""
    rule = LAW[question["rule"]]
    case, advice, claims = case_of(question)
    whole = timeline(
        case,
        as_at=date.fromisoformat(question["as_at"]),
        advice=advice,
        exemptions=claims,
        rules=[rule.id],
        convention=question.get("convention", "receipt_excluded"),
    )
    deadline = next((found for found in whole if found.rule == rule.id), None)
    if deadline is None:  # a timeline lists only what has started
        return _in_a_frame(question, rule, claims)
    values = values_of(deadline)
    if rule.id == "plan_final" and whole.plan_final_due_other is not None:
        values["other_due"] = _plain(whole.plan_final_due_other)
    return values, Authority(deadline.cite, deadline.kind, deadline.mark)


def values_of(deadline: Deadline) -> dict[str, Any]:
    """Give what a deadline came to as plain values."""
    return {name: _plain(getattr(deadline, name)) for name in FIELDS}


def case_of(question: Mapping[str, Any]) -> tuple[Case, list[AdviceRequest], list[dict[str, Any]]]:
    """Read the case, the askings and the claims of a question."""
    facts = _dated(question.get("case", {}), set(COLUMNS["cases"]) - set(names("cases", "date")))
    own = {name: value for name, value in facts.items() if name in COLUMNS["cases"]}
    others = {name: value for name, value in facts.items() if name not in own}
    case = Case(**{"case_id": _CASE_ID, "received_date": None, **own}, other_dates=others)
    claims = [
        {**dict.fromkeys(_CLAIM_DATES), **_dated(claim, {"rule", "code", "note"}), "case_id": _CASE_ID}
        for claim in question.get("exemptions", ())
    ]
    return case, [_asking(question["advice"])] if "advice" in question else [], claims


def _asking(facts: Mapping[str, Any]) -> AdviceRequest:
    dated = _dated(facts, set(COLUMNS["advice"]) - set(names("advice", "date")))
    return AdviceRequest(**{"case_id": _CASE_ID, "requested_date": None, **dated})


def _in_a_frame(
    question: Mapping[str, Any], rule: Rule, claims: list[dict[str, Any]]
) -> tuple[dict[str, Any], Authority]:
    """Track a frame of one row."""
    codes = [code.column for code in (rule.only_if, rule.unless) if code is not None]
    needed = ("received_date", rule.start, rule.done, *rule.only_with, *rule.ended_by, *codes)
    facts = {**dict.fromkeys(needed), **question["case"], "case_id": _CASE_ID}
    row = pd.DataFrame([facts]).astype({name: "datetime64[s]" for name in facts if name.endswith("_date")})
    days = dict.fromkeys(_CLAIM_DATES, "datetime64[s]")
    found = track(
        row,
        as_at=date.fromisoformat(question["as_at"]),
        rules=[rule.id],
        exemptions=pd.DataFrame(claims).astype(days) if claims else None,
    ).iloc[0]
    values = {name: _plain(found[f"{rule.id}_{name}"]) for name in FIELDS}
    return values, Authority(rule.versions[-1].cite, rule.kind, rule.versions[-1].mark)


def _dated(facts: Mapping[str, Any], texts: set[str]) -> dict[str, Any]:
    """Read the days of some facts; every name that is not of a text holds a day."""
    return {
        name: value if name in texts or value is None else date.fromisoformat(value)
        for name, value in facts.items()
    }


def _plain(value: Any) -> Any:
    """Write a cell as JSON has it."""
    if value is None or pd.isna(value):
        return None
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return value.item() if hasattr(value, "item") else value
