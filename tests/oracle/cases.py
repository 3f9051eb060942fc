"""The slow oracle for `track`: one row, one case at a time, from the design and its Readings alone."""

from collections.abc import Collection
from datetime import date

from oracle.ends import case_end
from oracle.limits import LATE, Act, End, Limit, judge, judge_minimum, limit
from oracle.reading import BLANK, UNREADABLE, Read, read
from oracle.refusals import (
    Clock,
    Refusal,
    clock,
    days_after,
    decision_clock_unknown,
    refusal_to_assess,
    refusal_to_issue,
)

RULES = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")
NOT_APPLICABLE = ("not_applicable", None)


def track_case(
    row: dict,
    *,
    as_at: date,
    convention: str = "receipt_excluded",
    exempt_claims: Collection[str] = frozenset(),
) -> dict:
    """Track one row of `cases`; `exempt_claims` are the rules with an allowed row in `exemptions`."""
    if convention not in ("receipt_excluded", "receipt_is_day_one"):
        raise ValueError(convention)
    facts = read(row, as_at)
    earlier = 1 if convention == "receipt_is_day_one" else 0
    out = _not_received(facts, earlier) if facts.not_received else _received(facts, earlier)
    _add_claims(out, row, exempt_claims)
    return out


def _not_received(facts: Read, earlier: int) -> dict:
    out: dict = {}
    for rule, days in (("request_decision", 42), ("plan_refusal", 112), ("issue_decision", 112)):
        _put(out, rule, _from_receipt(facts, days, earlier), NOT_APPLICABLE)
    _put(out, "plan_final", _from_receipt(facts, 140, earlier), NOT_APPLICABLE)
    _put(out, "draft_comment", Limit(), NOT_APPLICABLE)
    out |= {"stage": "not_received", "is_open": False, "age_days": None}
    out |= {"plan_final_clock": "original", "plan_final_due_other": None}
    return out


def _received(facts: Read, earlier: int) -> dict:
    to_assess, to_issue = refusal_to_assess(facts), refusal_to_issue(facts)
    running = clock(facts, to_assess, to_issue)
    lost = decision_clock_unknown(facts, to_assess, to_issue)
    end = case_end(facts)
    out: dict = {}
    _request_decision(out, facts, end, earlier)
    _plan_refusal(out, facts, end, running, earlier, lost=lost)
    _issue_decision(out, facts, end, running, earlier, to_assess, lost=lost)
    _plan_final(out, facts, end, running, earlier, standing=to_assess.stands or to_issue.stands)
    _draft_comment(out, facts, end)
    duplicate = facts.closed_reason == "duplicate"
    out["is_open"] = not end.ended and not duplicate
    out["stage"] = "closed" if not out["is_open"] else _stage(facts, to_assess, to_issue)
    out["age_days"] = _age(facts, end)
    return out


def _put(out: dict, rule: str, what: Limit, judged: tuple[str, int | None]) -> None:
    out[f"{rule}_due"] = what.due
    out[f"{rule}_status"], out[f"{rule}_days_over"] = judged


def _from_receipt(facts: Read, days: int, earlier: int) -> Limit:
    return limit(facts.start, days - earlier)


def _request_decision(out: dict, facts: Read, end: End, earlier: int) -> None:
    what = _from_receipt(facts, 42, earlier)
    if facts.request == "H":
        _put(out, "request_decision", what, NOT_APPLICABLE)
        return
    act = Act(facts.request_date, happened=_request_decided(facts))
    _put(out, "request_decision", what, judge(what, act, end, facts.as_at))


def _request_decided(facts: Read) -> bool:
    """Reading 4: whether the row shows that the request was decided, if only on an unknown day."""
    if facts.request in ("Y", "N", UNREADABLE):
        return True
    if facts.assessment in ("Y", "N", "H", UNREADABLE):
        return True
    if facts.assessment in ("A", "W") and facts.request != "W":
        return True
    later = (facts.issue_decision, facts.draft, facts.first_final)
    return any(day is not None for day in later)


def _plan_refusal(out: dict, facts: Read, end: End, running: Clock, earlier: int, *, lost: bool) -> None:
    what = _from_receipt(facts, 112, earlier)
    if running.decision_days is not None:
        what = limit(running.reversal, running.decision_days)
    if lost:
        what = Limit()
    judged = NOT_APPLICABLE
    if facts.assessment == "N":
        judged = judge(what, Act(facts.assessment_date, happened=True), end, facts.as_at)
    _put(out, "plan_refusal", what, judged)


def _issue_decision(
    out: dict, facts: Read, end: End, running: Clock, earlier: int, to_assess: Refusal, *, lost: bool
) -> None:
    what = _from_receipt(facts, 112, earlier)
    if running.decision_days is not None:
        what = limit(running.reversal, running.decision_days)
    if running.other_decision_days is not None and what.due is not None:
        what = Limit(what.start, min(what.due, days_after(running.reversal, running.other_decision_days)))
    if lost:
        what = Limit()
    judged = NOT_APPLICABLE
    if not to_assess.stands and not facts.under_h:
        judged = judge(what, _issue_decided(facts, what.due), end, facts.as_at)
    _put(out, "issue_decision", what, judged)


def _issue_decided(facts: Read, due: date | None) -> Act:
    """Reading 8: the first of these that is given."""
    if facts.issue_decision is not None:
        return Act(facts.issue_decision)
    if facts.assessment in ("N", BLANK, UNREADABLE) and facts.assessment_date is not None:
        return Act(facts.assessment_date)
    proofs = [day for day in (facts.draft, facts.first_final) if day is not None]
    if proofs and due is not None and min(proofs) <= due:
        return Act(min(proofs))
    return Act(None, happened=bool(proofs) or facts.assessment in ("Y", "N", UNREADABLE))


def _plan_final(out: dict, facts: Read, end: End, running: Clock, earlier: int, *, standing: bool) -> None:
    what, other = _final_limits(facts, running, earlier)
    judged = NOT_APPLICABLE
    if not standing and not facts.under_h:
        judged = judge(what, Act(facts.first_final), end, facts.as_at)
    _put(out, "plan_final", what, judged)
    out["plan_final_clock"] = running.name
    out["plan_final_due_other"] = other


def _final_limits(facts: Read, running: Clock, earlier: int) -> tuple[Limit, date | None]:
    """Give the limit in force and, where authorities differ, the later day."""
    if running.final_unknown:
        return Limit(), None
    if running.final_days is not None:
        return limit(running.reversal, running.final_days), None
    original = _from_receipt(facts, 140, earlier)
    if running.other_final_days is None or original.due is None:
        return original, None
    ombudsman = days_after(running.reversal, running.other_final_days)
    return Limit(original.start, min(original.due, ombudsman)), max(original.due, ombudsman)


def _draft_comment(out: dict, facts: Read, end: End) -> None:
    what = limit(facts.draft, 14)  # 15 days, of which the day of service is the first
    judged = NOT_APPLICABLE
    if not facts.under_h and (facts.draft is not None or facts.first_final is not None):
        judged = judge_minimum(what, facts.first_final, end, facts.as_at)
    _put(out, "draft_comment", what, judged)


def _stage(facts: Read, to_assess: Refusal, to_issue: Refusal) -> str:
    """Reading 12, for a case that is open."""
    if _cannot_be_read(facts.request, facts.request_date):
        return "unknown"
    if _cannot_be_read(facts.assessment, facts.assessment_date):
        return "unknown"
    if facts.draft is not None:
        return "finalising"
    if facts.assessment == "Y" or facts.issue_decision is not None or to_issue.reversed:
        return "drafting"
    if facts.request in ("Y", "H") or to_assess.reversed or facts.assessment == "A":
        return "assessing"
    return "deciding"


def _cannot_be_read(code: str, day: date | None) -> bool:
    return code == UNREADABLE or (code == BLANK and day is not None)


def _age(facts: Read, end: End) -> int | None:
    last = end.day if end.ended else facts.as_at
    if facts.start is None or last is None:
        return None
    return (last - facts.start).days if last >= facts.start else None


def _add_claims(out: dict, row: dict, exempt_claims: Collection[str]) -> None:
    for rule in RULES:
        exempt = rule in exempt_claims
        if rule == "plan_final" and row.get("week20") == 1:
            exempt = True
        late = out[f"{rule}_status"] in LATE
        out[f"{rule}_exempt"] = exempt
        out[f"{rule}_breach"] = late and not exempt and rule != "issue_decision"
