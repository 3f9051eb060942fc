"""One claim of exemption, judged: is it a reason in law, does it belong to this limit, and do its dates support it?"""

from typing import NamedTuple

from ehcptime.clock.counting import to_date
from ehcptime.law.book import RuleBook
from ehcptime.tracking.conditions import weighed
from ehcptime.tracking.evidence import Evidence
from ehcptime.tracking.exempt import lifts
from ehcptime.tracking.findings import (
    CANNOT_BE_TOLD,
    NOT_AN_EXEMPTION,
    NOT_SUPPORTED,
    SUPPORTED,
    Finding,
    Limit,
    Reason,
)

REFUSAL_RULE = "assess_refusal_notice"
_REG_4 = (
    "regulation 4(1), the limit on telling of a refusal to assess, has none of its own, though regulation 5(4) lifts the "
    "limit on the notice of the decision either way"
)
# Reasons that are often recorded and are none of the law's (law.md section 3; users.md 2.2).
_OFTEN_RECORDED = {
    "EP_SHORTAGE": "a shortage of educational psychologists",
    "STAFF_SHORTAGE": "a shortage of staff",
    "WAITING_LIST": "a waiting list",
    "PARENT_ASKED_TO_WAIT": "a parent's wish to wait",
    "PARENT_DISAGREES": "a parent's disagreement",
    "PANEL_DATE": "the date of a panel",
    "BANK_HOLIDAY": "a bank holiday",
    "BUDGET": "the budget",
    "SCHOOL_PLACE": "waiting for a school place",
    "LATE_TRANSFER": "a late transfer from another authority",
}
_NAMED = 4


class Claim(NamedTuple):
    """One claim as it reads at `as_at`: the place of its case (-1 where it is not there), its rule, code and days."""

    place: int
    rule: str
    code: str
    first: int
    last: int
    asked: int


def judge_claim(claim: Claim, evidence: Evidence) -> Finding:
    """Judge one claim against the one limit that it names.

    Where the limit is that of an asking for advice and the case has several, the one that fits best speaks for the claim.
    """
    if claim.place < 0:
        return Finding(CANNOT_BE_TOLD, "its case is not in the cases")
    if not claim.code:
        return Finding(CANNOT_BE_TOLD, "no reason is recorded")
    if claim.code not in evidence.law.exemptions:
        reason = _OFTEN_RECORDED.get(claim.code, "the reason recorded")
        return _of_refusal(
            claim, Finding(NOT_AN_EXEMPTION, f"{reason} is none of the law's exemptions"), evidence
        )
    if not _ever_lifts(claim.code, claim.rule, evidence.law) and not evidence.limits[claim.place, claim.rule]:
        return Finding(NOT_AN_EXEMPTION, _belongs(claim.code, evidence.law))
    found = [_against(claim, limit, evidence) for limit in evidence.limits[claim.place, claim.rule]]
    if not found:
        return Finding(CANNOT_BE_TOLD, "the asking whose limit is claimed to be lifted is not given")
    order = (SUPPORTED, CANNOT_BE_TOLD, NOT_SUPPORTED, NOT_AN_EXEMPTION)
    return _of_refusal(claim, min(found, key=lambda finding: order.index(finding.verdict)), evidence)


def _ever_lifts(code: str, rule: str, law: RuleBook) -> bool:
    return any(code in version.exempt_by for version in law[rule].versions)


def _against(claim: Claim, limit: Limit, evidence: Evidence) -> Finding:
    """Judge against one limit: the version that its start picks must know the code, unless the exemption has dates of its own."""
    exemption = evidence.law.exemptions[claim.code]
    if not _ever_lifts(claim.code, limit.rule, evidence.law):
        why = _belongs(claim.code, evidence.law)
        other = f"; after the reversal the limit in force is {limit.rule}" if limit.rule != claim.rule else ""
        return Finding(NOT_AN_EXEMPTION, why + other)
    if not limit.period.is_known:
        return Finding(CANNOT_BE_TOLD, "the period of the limit cannot be told")
    dated = exemption.first is not None and exemption.last is not None
    start, due = to_date(limit.period.start), to_date(limit.period.due)
    if not dated and not lifts(limit.rule, claim.code, start, due, evidence.law):
        return Finding(NOT_AN_EXEMPTION, f"{claim.code} did not lift this limit when it began")
    schools = evidence.schools(claim.place, claim.asked, claim.first, claim.last)
    reason = Reason(claim.code, claim.first, claim.last, schools, evidence.as_at)
    return weighed(reason, exemption, limit.period)


def _belongs(code: str, law: RuleBook) -> str:
    rules = [rule for rule in law if _ever_lifts(code, rule, law)]
    named = ", ".join(rules[:_NAMED]) + (f" and {len(rules) - _NAMED} more" if len(rules) > _NAMED else "")
    where = f"it belongs to {named}" if rules else "no limit of this rule book names it"
    return f"{code} does not lift this limit: {where} ({law.exemptions[code].cite})"


def _of_refusal(claim: Claim, found: Finding, evidence: Evidence) -> Finding:
    """Add that the limit on telling of a refusal has no exemption of its own, where that is what is claimed."""
    if claim.rule == REFUSAL_RULE and found.verdict == NOT_AN_EXEMPTION:
        return Finding(found.verdict, f"{found.why}; {_REG_4}: claim it on request_decision")
    if claim.rule == "request_decision" and claim.place in evidence.refused:
        return Finding(found.verdict, f"{found.why}; the request was refused, and {_REG_4}")
    return found
