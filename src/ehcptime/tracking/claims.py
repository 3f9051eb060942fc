"""Claims of exemption, judged on their dates, one limit at a time. Nothing here moves a date or changes a status."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days
from ehcptime.law.book import LAW, RuleBook
from ehcptime.records.arrays import facts_of_frame, facts_of_record
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.frames import require, require_unique
from ehcptime.tracking.closures import as_read
from ehcptime.tracking.columns import as_at_day, categorical
from ehcptime.tracking.evidence import gathered
from ehcptime.tracking.exempt import code_of
from ehcptime.tracking.faults import claim_faults, optional_days, refuse
from ehcptime.tracking.findings import CANNOT_BE_TOLD, SUPPORTED, VERDICTS
from ehcptime.tracking.judgement import Claim, judge_claim
from ehcptime.tracking.limits import RULES

CAUSATION = (
    "dates can support a claim; whether the reason made meeting the limit impractical is a person's judgement, and it is for the "
    "authority to show"
)
SUPPORT = ("yes", "no", "cannot_be_told")
OUTPUTS = ("verdict", "supported", "why")
_SUPPORT_OF = {SUPPORTED: "yes", CANNOT_BE_TOLD: "cannot_be_told"}


class JudgedClaim(NamedTuple):
    """A claim of one case: its rule and code, one of VERDICTS, whether its dates support it, and why."""

    rule: str
    code: str
    verdict: str
    supported: str
    why: str


def exemption_claims(
    cases: pd.DataFrame,
    exemptions: pd.DataFrame,
    *,
    as_at: date,
    closures: pd.DataFrame | None = None,
    law: RuleBook = LAW,
    advice: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Judge each claim on its dates as they stood on a day, against the one limit that it names.

    Returns the claims, in their order and with their index, and adds `verdict` (supported, not_supported, cannot_be_told,
    not_an_exemption), `supported` (yes, no, cannot_be_told) and `why`, one sentence. Dates after `as_at` are read as blank. A
    closure is that of the case's setting in `closures`, else that of the claim's own dates; the day on which the head was asked is
    the claim's, else that of `advice`. CAUSATION says what dates cannot show. Raises InputError where a table lacks a column, a claim
    ends before it starts, overlaps another or names no rule of the rule book, or a closure ends before it starts. Sources: SI
    2014/1530 regs 5(4), 8(2), 10(4), 13(3), 44(3); SI 2020/471.

    >>> cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-02"])})
    >>> claims = pd.DataFrame({"case_id": ["A", "A"], "rule": ["plan_final"] * 2, "code": ["ABSENT_4W", "EP_SHORTAGE"],
    ...     "from_date": pd.to_datetime(["2025-06-01", None]), "to_date": pd.to_datetime(["2025-06-27", None])})
    >>> judged = exemption_claims(cases, claims, as_at=date(2025, 10, 1))
    >>> for why in judged["why"]:
    ...     print(why)
    away from 1 June 2025 to 27 June 2025, 27 days, and the law asks for 4 weeks or more
    a shortage of educational psychologists is none of the law's exemptions
    """
    day = as_at_day(as_at)
    require(cases, "cases")
    require_unique(cases, "case_id")
    require(exemptions, "exemptions", reserved=OUTPUTS)
    claims = _claims(exemptions, pd.Index(cases["case_id"]), day, law)
    facts = facts_of_frame(cases, "cases")
    evidence = gathered(cases, facts, _claimed(claims), day, law, closures, advice)
    found = [judge_claim(claim, evidence) for claim in claims]
    support = [_SUPPORT_OF.get(verdict, "no") for verdict, _ in found]
    added = {
        "verdict": pd.Categorical([verdict for verdict, _ in found], categories=list(VERDICTS)),
        "supported": pd.Categorical(support, categories=list(SUPPORT)),
        "why": pd.Series([why for _, why in found], index=exemptions.index, dtype=object),
    }
    return pd.concat([exemptions, pd.DataFrame(added, index=exemptions.index)], axis=1)


def supported_by_rule(
    cases: pd.DataFrame,
    exemptions: pd.DataFrame,
    *,
    as_at: date,
    closures: pd.DataFrame | None = None,
    law: RuleBook = LAW,
    advice: pd.DataFrame | None = None,
    rules: Iterable[str] = RULES,
) -> dict[str, Any]:
    """Say, by rule and for each case, whether its claims are supported by their dates: yes, no, cannot_be_told, or blank.

    One supported claim is enough; blank is a case with no claim on that rule. `week20` set with no claim row says nothing of its
    reason, so it is cannot_be_told. Raises InputError as `exemption_claims` does.

    >>> cases = pd.DataFrame({"case_id": ["A", "B"], "received_date": pd.to_datetime(["2025-04-02"] * 2), "week20": [1, 0]})
    >>> claims = pd.DataFrame({"case_id": [], "rule": [], "code": []})
    >>> supported_by_rule(cases, claims, as_at=date(2025, 10, 1))["plan_final"].tolist()
    ['cannot_be_told', nan]
    """
    judged = exemption_claims(cases, exemptions, as_at=as_at, closures=closures, law=law, advice=advice)
    places = pd.Index(cases["case_id"]).get_indexer(pd.Index(judged["case_id"]))
    answers = np.array(judged["supported"].cat.codes)
    flags = facts_of_frame(cases, "cases").flags["week20"]
    columns: dict[str, Any] = {}
    for rule in rules:
        best = np.full(len(cases), -1, dtype=np.int8)
        chosen = (judged["rule"] == rule).to_numpy() & (places >= 0)
        for support in ("no", "cannot_be_told", "yes"):
            code = SUPPORT.index(support)
            best[places[chosen & (answers == code)]] = code
        if rule == "plan_final":
            best[flags & (best < 0)] = SUPPORT.index("cannot_be_told")
        columns[rule] = categorical(best, SUPPORT)
    return columns


def claims_of_case(
    case: Case,
    exemptions: Iterable[Mapping[str, Any]],
    *,
    as_at: date,
    closures: Iterable[Mapping[str, Any]] = (),
    law: RuleBook = LAW,
    advice: Iterable[AdviceRequest] = (),
) -> tuple[JudgedClaim, ...]:
    """Judge the claims of one case; the same answers as `exemption_claims` gives for it.

    Claims and closures are mappings by the names of the frame contract (`case_id` may be left out). Raises InputError as
    `exemption_claims` does.

    >>> case = Case(case_id="A", received_date=date(2025, 4, 2))
    >>> claims_of_case(case, [{"rule": "plan_final", "code": "MISSED_APPT"}], as_at=date(2025, 10, 1))[0].why
    'MISSED_APPT does not lift this limit: it belongs to advice_body (SI 2014/1530 reg 8(2)(c))'
    """
    mine = (claim for claim in exemptions if claim.get("case_id", case.case_id) == case.case_id)
    given = [{**claim, "case_id": case.case_id} for claim in mine]
    if not given:
        return ()
    day = as_at_day(as_at)
    shut, asked = [dict(closure) for closure in closures], [dict(asking) for asking in advice]
    frame = pd.DataFrame(given)
    require(frame, "exemptions")
    claims = _claims(frame, pd.Index([case.case_id]), day, law)
    evidence = gathered(
        pd.DataFrame([{"case_id": case.case_id, "setting_id": case.setting_id, **case.other_dates}]),
        facts_of_record(dict(case), "cases"),
        _claimed(claims),
        day,
        law,
        pd.DataFrame(shut) if shut else None,
        pd.DataFrame(asked) if asked else None,
    )
    found = ((claim, judge_claim(claim, evidence)) for claim in claims)
    return tuple(
        JudgedClaim(claim.rule, claim.code, verdict, _SUPPORT_OF.get(verdict, "no"), why)
        for claim, (verdict, why) in found
    )


def supported(claims: Iterable[JudgedClaim], rule: str, *, week20: bool = False) -> str | None:
    """Whether a rule's limit is supported as lifted by any of a case's claims; None where none is claimed.

    >>> supported([], "plan_final", week20=True)
    'cannot_be_told'
    """
    found = {claim.supported for claim in claims if claim.rule == rule}
    best = next((support for support in ("yes", "cannot_be_told", "no") if support in found), None)
    return "cannot_be_told" if best is None and rule == "plan_final" and week20 else best


def _claims(exemptions: pd.DataFrame, cases: "pd.Index[Any]", as_at: int, law: RuleBook) -> list[Claim]:
    refuse(claim_faults(exemptions, law))
    first, last, asked = (
        optional_days(exemptions, name) for name in ("from_date", "to_date", "advice_requested_date")
    )
    parts = (
        cases.get_indexer(pd.Index(exemptions["case_id"])).tolist(),
        exemptions["rule"].tolist(),
        [code_of(code) for code in exemptions["code"]],
        _cut(first, as_at).tolist(),
        as_read(last, as_at).tolist(),
        _cut(asked, as_at).tolist(),
    )
    return [Claim(*values) for values in zip(*parts, strict=True)]


def _claimed(claims: Iterable[Claim]) -> set[tuple[int, str]]:
    return {(claim.place, claim.rule) for claim in claims if claim.place >= 0}


def _cut(days: Days, as_at: int) -> Days:
    return np.where(days > as_at, NOT_YET, days)
