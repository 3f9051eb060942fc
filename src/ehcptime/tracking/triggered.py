"""The limits that the facts of one case have triggered, each made into a deadline."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, to_date
from ehcptime.clock.limits import Limit
from ehcptime.law.book import RuleBook
from ehcptime.law.models import Rule
from ehcptime.records.arrays import facts_of_record
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.advice import ADVICE_RULES, CaseDays, judged_advice
from ehcptime.tracking.after_reversal import AFTER, ROLES, judged_after
from ehcptime.tracking.claims import JudgedClaim, supported
from ehcptime.tracking.columns import as_at_day
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.exempt import code_of, governing, lifts
from ehcptime.tracking.limits import CLOCKS, RULES, Judged
from ehcptime.tracking.making import made
from ehcptime.tracking.others import judged_others, of_a_request
from ehcptime.tracking.reasons import reason
from ehcptime.tracking.routes import ROUTES
from ehcptime.tracking.situation import Situation
from ehcptime.tracking.words import long_date


def on_request(
    place: int,
    case: Case,
    now: Situation,
    found: Judged,
    claims: tuple[JudgedClaim, ...],
    as_at: date,
    law: RuleBook,
    convention: str,
) -> Deadline:
    """Make the deadline of one limit on the request."""
    rule = law[RULES[place]]
    source = _in_force(rule, now, found, law)
    week20 = rule.id == "plan_final" and bool(case.week20)
    days = to_date(found.start[place, 0]), to_date(found.due[place, 0])
    exempt = week20 or _is_claimed(rule.id, source.id, days, claims, law)
    return made(
        rule,
        source=source,
        exempt_supported=supported(claims, rule.id, week20=week20),
        start=to_date(found.start[place, 0]),
        due=to_date(found.due[place, 0]),
        done=to_date(found.done[place, 0]),
        status=int(found.status[place, 0]),
        days_over=int(found.days_over[place, 0]),
        exempt=exempt,
        lifted_by=_lifted_by(claims, rule.id, week20=week20),
        as_at=as_at,
        reason=reason(rule.id, now, found),
        notes=(*_notes(rule, case, now, found, law), *_said_of_claims(claims, rule.id)),
        day_one=convention == "receipt_is_day_one" and rule.start == "received_date",
        replaced=rule.id == "plan_final" and bool(found.clock[0] == CLOCKS.index("override")),
    )


def _in_force(rule: Rule, now: Situation, found: Judged, law: RuleBook) -> Rule:
    """Give the rule whose words apply: another one where a reversal put a statutory clock in force."""
    if now.route[0] <= 0:
        return rule
    return next(law[words] for rows, words in governing(rule.id, now, found, law) if rows.all())


def _notes(rule: Rule, case: Case, now: Situation, found: Judged, law: RuleBook) -> tuple[str, ...]:
    """Say which clock is in force where a refusal was reversed, and what a conflicting authority says."""
    if rule.id != "plan_final":
        return ()
    if found.clock[0] == CLOCKS.index("override"):
        source = case.plan_final_override_source or "no source is recorded"
        return (f"the limit is replaced by a written agreement or a direction of the tribunal: {source}",)
    if (
        case.reversal_route is None
        or not (now.refused_to_assess.is_reversed | now.refused_to_issue.is_reversed).all()
    ):
        return ()
    notes = [
        f"the refusal was reversed ({case.reversal_route.replace('_', ' ')}): {law.routes[case.reversal_route].cite}"
    ]
    other = to_date(found.other_due[0])
    if other:
        notes.append(
            f"authorities conflict: by the other reading it is due on {long_date(other)}; the earlier is in force here"
        )
    return tuple(notes)


def after_reversal(
    case: Case, now: Situation, as_at: date, law: RuleBook, claims: tuple[JudgedClaim, ...]
) -> list[Deadline]:
    """What follows the reversal of a refusal, where there was one; the source is that of the route."""
    if now.route[0] <= 0:
        return []
    after, route = judged_after(now, as_at_day(as_at), law), law.routes[ROUTES[int(now.route[0]) - 1]]
    kind = (
        "assess" if (now.refused_to_assess.is_reversed & now.refused_to_assess.is_recorded).all() else "issue"
    )
    return [
        made(
            law[rule],
            source=law[follower],
            by=route.by,
            start=to_date(after.start[place, 0]),
            due=to_date(after.due[place, 0]),
            done=to_date(after.done[place, 0]),
            status=int(after.status[place, 0]),
            days_over=int(after.days_over[place, 0]),
            exempt=(rule == AFTER[2] and bool(case.week20))
            or _is_claimed(
                rule, follower, (to_date(after.start[place, 0]), to_date(after.due[place, 0])), claims, law
            ),
            exempt_supported=supported(claims, rule),
            as_at=as_at,
            notes=(f"by the route: {route.cite}", *_said_of_claims(claims, rule)),
            reason=_plain_reason(int(after.status[place, 0])),
        )
        for place, (rule, role) in enumerate(zip(AFTER, ROLES, strict=True))
        if (follower := getattr(getattr(route, kind), role)) is not None and after.start[place, 0] != NOT_YET
    ]


def on_other_dates(
    case: Case,
    now: Situation,
    as_at: date,
    law: RuleBook,
    named: tuple[str, ...],
    claims: tuple[JudgedClaim, ...],
) -> list[Deadline]:
    """Limits that the other dates of the case have triggered, all resolved in one pass."""
    facts = {**dict(case), **case.other_dates}
    rules = [rule for rule in law.values() if _is_triggered(rule, facts, named)]
    if not rules:
        return []
    names = {name for limit in law.limits(rule.id for rule in rules) for name in _names(limit)}
    names |= {name for rule in rules for name in (*rule.only_with, *rule.ended_by)}
    days = {name: np.array([_number(facts.get(name))], dtype=np.int32) for name in {*names, "closed_date"}}
    recorded = facts_of_record(dict(case), "cases")
    days |= {name: day for name, day in of_a_request(now).items() if name in days}
    days |= {name: recorded.days[name] for name in ("request_outcome_date", "assessment_outcome_date")}
    found = judged_others(days, recorded.codes, [rule.id for rule in rules], as_at_day(as_at), law)
    return [
        made(
            rule,
            start=to_date(int(days[rule.start][0])),
            due=to_date(found.due[place, 0]),
            done=to_date(int(days[rule.done][0])) if days[rule.done][0] <= as_at_day(as_at) else None,
            status=int(found.status[place, 0]),
            days_over=int(found.days_over[place, 0]),
            exempt=_is_claimed(
                rule.id, rule.id, (facts[rule.start], to_date(found.due[place, 0])), claims, law
            ),
            exempt_supported=supported(claims, rule.id),
            notes=_said_of_claims(claims, rule.id),
            as_at=as_at,
            reason=_plain_reason(int(found.status[place, 0])),
        )
        for place, rule in enumerate(rules)
    ]


def _is_triggered(rule: Rule, facts: Mapping[str, Any], named: tuple[str, ...]) -> bool:
    """True where the day that a rule starts from is given; one that is not verified must be named."""
    start = facts.get(rule.start)
    if start is None or rule.id in RULES or rule.id in AFTER or rule.id in ADVICE_RULES:
        return False
    if rule.id in named:
        return True
    version = rule.version(start) or rule.versions[-1]
    return rule.start not in {"received_date", "reversal_date"} and version.mark != "memory"


def _names(limit: Limit) -> tuple[str, ...]:
    later = () if limit.later is None else (limit.later.start,)
    return (limit.start, limit.done, limit.selects_on, *later)


def _number(day: date | None) -> int:
    return NOT_YET if day is None else as_at_day(day)


def _plain_reason(status: int) -> str:
    return {
        engine.NOT_APPLICABLE: "what it depends on has not happened or is not recorded, or the case ended within the limit",
        engine.UNKNOWN_STATUS: "a day that it needs is missing or out of order",
    }.get(status, "")


def _is_claimed(
    rule: str,
    words: str,
    days: tuple[date | None, date | None],
    claims: tuple[JudgedClaim, ...],
    law: RuleBook,
) -> bool:
    """True where a claim on a rule has a code that the words in force know; `days` are the first and last of the limit."""
    return any(claim.rule == rule and lifts(words, claim.code, *days, law) for claim in claims)


def _lifted_by(claims: tuple[JudgedClaim, ...], rule: str, *, week20: bool = False) -> str:
    """What a limit is claimed to be lifted by, in words."""
    named = [claim.code for claim in claims if claim.rule == rule and claim.code]
    return ", ".join(named) or ("an exception recorded with no reason (Week20)" if week20 else "")


def _said_of_claims(claims: tuple[JudgedClaim, ...], rule: str) -> tuple[str, ...]:
    return tuple(
        f"claim {claim.code or 'with no reason'}: {claim.why}" for claim in claims if claim.rule == rule
    )


def on_advice(asking: AdviceRequest, now: Situation, as_at: date, law: RuleBook) -> Deadline:
    """Make the deadline of one asking for advice."""
    facts = facts_of_record(dict(asking), "advice")
    found = judged_advice(facts, as_at_day(as_at), CaseDays.of(now), law)
    rule = law[ADVICE_RULES[max(int(found.rule[0]), 0)]] if found.rule[0] >= 0 else law["advice_other"]
    start = to_date(found.start[0])
    what = " ".join(filter(None, (asking.advice_type.replace("_", " "), asking.sub_service)))
    notes = (
        ("counted from the day it was sent; the day of receipt is not held",)
        if found.basis[0] == 1 and found.rule[0] == 0
        else ()
    )
    return made(
        rule,
        title=f"{rule.title} ({what})",
        start=start,
        due=to_date(found.due[0]),
        done=to_date(found.done[0]),
        status=int(found.status[0]),
        days_over=int(found.days_over[0]),
        exempt=lifts(rule.id, code_of(asking.exemption), start, to_date(found.due[0]), law),
        as_at=as_at,
        reason=_advice_reason(asking, int(found.status[0]), int(found.due[0])),
        notes=notes,
    )


def _advice_reason(asking: AdviceRequest, status: int, due: int) -> str:
    if status == engine.NOT_APPLICABLE:
        no_limit = asking.advice_type == "parent" or asking.advice_outcome in {
            "existing_sufficient",
            "withdrawn",
        }
        return "no limit runs for it" if no_limit else "not asked, or the case ended within the limit"
    return (
        ("the day of asking is not recorded" if due == NOT_YET else "a day that it needs is not recorded")
        if status == 1
        else ""
    )
