"""The door for one case: its limits as frozen, self-explaining deadlines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import numpy as np

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, to_date
from ehcptime.errors import CommandError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.law.models import Rule
from ehcptime.records.arrays import facts_of_record
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.advice import ADVICE_RULES, CaseDays, judged_advice
from ehcptime.tracking.after_reversal import AFTER, ROLES, ROUTES, judged_after
from ehcptime.tracking.columns import as_at_day
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.exempt import lifts
from ehcptime.tracking.limits import CLOCKS, CONVENTIONS, RULES, Judged, judged
from ehcptime.tracking.others import judged_others
from ehcptime.tracking.reasons import reason
from ehcptime.tracking.situation import STAGES, Situation, age_days, is_open, situation, stage
from ehcptime.tracking.track import warn_unchecked
from ehcptime.tracking.words import long_date


@dataclass(frozen=True)
class Timeline:
    """The limits of one case as they stood on a day: iterable in order of due date, and indexed by rule id."""

    case_id: str
    as_at: date
    stage: str
    is_open: bool
    age_days: int | None
    plan_final_clock: str | None
    plan_final_due_other: date | None
    deadlines: tuple[Deadline, ...]

    def __iter__(self) -> Iterator[Deadline]:
        return iter(self.deadlines)

    def __len__(self) -> int:
        return len(self.deadlines)

    def __getitem__(self, rule: str) -> Deadline:
        """Give the deadline of a rule; where a rule has several (advice), the first by due date."""
        for deadline in self.deadlines:
            if deadline.rule == rule:
                return deadline
        rules = dict.fromkeys(deadline.rule for deadline in self.deadlines)
        raise CommandError(f"this timeline has no rule {rule!r}: use one of {', '.join(rules)}")

    def explain(self, rule: str) -> str:
        """Explain the deadlines of a rule in words: trigger, counting, sum, outcome, exemptions and source."""
        self[rule]
        return "\n\n".join(deadline.explain() for deadline in self.deadlines if deadline.rule == rule)

    def __str__(self) -> str:
        head = f"{self.case_id} as at {long_date(self.as_at)}: {self.stage}"
        return "\n".join([head, *(f"  {d.title}: {d.outcome()}" for d in self.deadlines)])

    def _repr_html_(self) -> str:
        """Show the limits as a table in a notebook."""
        rows = "".join(
            f'<tr><th scope="row">{escape(d.title)}</th><td>{_cell(d.start)}</td><td>{_cell(d.due)}</td>'
            f"<td>{_cell(d.done)}</td><td>{escape(d.outcome())}</td><td>{escape(d.cite)}</td></tr>"
            for d in self.deadlines
        )
        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("limit", "starts", "due", "done", "outcome", "source")
        )
        caption = escape(f"{self.case_id} as at {long_date(self.as_at)}: {self.stage}")
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def _cell(day: date | None) -> str:
    return long_date(day) if day else ""


def timeline(
    case: Case,
    *,
    as_at: date,
    advice: Iterable[AdviceRequest] = (),
    exemptions: Iterable[Mapping[str, Any]] = (),
    rules: Iterable[str] = (),
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> Timeline:
    """Apply every limit that the facts of one case have triggered, as it stood on a day.

    The five limits on a request are always there; what follows a reversal, and what `other_dates` of the case trigger, come
    with them. `advice` adds the limits of the askings of this case. `exemptions` are claims, each a mapping with `rule` and `code`
    as in the frame contract. A limit whose text is not verified (mark `memory`) is left out unless `rules` names it. The result
    equals the row that `track` gives for the same case. Raises CommandError for a wrong argument. The rules and their sources are
    in `LAW`.

    >>> case = Case(case_id="JSC", received_date=date(2025, 4, 2))
    >>> timeline(case, as_at=date(2025, 8, 21))["plan_final"].outcome()
    'was due on 20 August 2025, not done, 1 day over on 21 August 2025'
    """
    day = as_at_day(as_at)
    if convention not in CONVENTIONS:
        raise CommandError(f"convention {convention!r} is not known: use one of {', '.join(CONVENTIONS)}")
    now = situation(facts_of_record(dict(case), "cases"), day)
    found = judged(now, day, law, convention)
    claims = tuple(exemptions)
    deadlines = [
        _deadline(place, case, now, found, claims, as_at, law, convention) for place in range(len(RULES))
    ]
    deadlines += [
        _advice_deadline(asking, now, as_at, law) for asking in advice if asking.case_id == case.case_id
    ]
    deadlines += _after_reversal(now, as_at, law)
    deadlines += _others(case, as_at, law, tuple(rules), claims)
    warn_unchecked(law, (deadline.rule for deadline in deadlines), as_at)
    ages, empty = age_days(now, day)
    clock = int(found.clock[0])
    return Timeline(
        case_id=case.case_id,
        as_at=as_at,
        stage=STAGES[int(stage(now)[0])],
        is_open=bool(is_open(now)[0]),
        age_days=None if empty[0] else int(ages[0]),
        plan_final_clock=CLOCKS[clock] if clock >= 0 else None,
        plan_final_due_other=to_date(found.other_due[0]),
        deadlines=tuple(sorted(deadlines, key=lambda d: (d.due is None, d.due or date.max))),
    )


def _deadline(
    place: int,
    case: Case,
    now: Situation,
    found: Judged,
    claims: tuple[Mapping[str, Any], ...],
    as_at: date,
    law: RuleBook,
    convention: str,
) -> Deadline:
    rule = law[RULES[place]]
    exempt = _is_claimed(rule.id, to_date(now.start[0]), claims, law)
    exempt = exempt or (rule.id == "plan_final" and bool(case.week20))
    return _made(
        rule,
        source=_in_force(rule, case, now, found, law),
        start=to_date(found.start[place, 0]),
        due=to_date(found.due[place, 0]),
        done=to_date(found.done[place, 0]),
        status=int(found.status[place, 0]),
        days_over=int(found.days_over[place, 0]),
        exempt=exempt,
        as_at=as_at,
        reason=reason(rule.id, now, found),
        notes=_notes(rule, case, found, law),
        day_one=convention == "receipt_is_day_one" and rule.start == "received_date",
        replaced=rule.id == "plan_final" and bool(found.clock[0] == CLOCKS.index("override")),
    )


def _in_force(rule: Rule, case: Case, now: Situation, found: Judged, law: RuleBook) -> Rule:
    """The rule whose words apply: another one where a reversal put a statutory clock in force."""
    if found.clock[0] == CLOCKS.index("override"):
        return rule
    role = {"plan_final": "final", "issue_decision": "no_plan", "plan_refusal": "no_plan"}.get(rule.id)
    route = law.routes.get(case.reversal_route or "")
    if role is None or route is None or route.practice:
        return rule
    for refusal, kind in ((now.refused_to_assess, "assess"), (now.refused_to_issue, "issue")):
        if (refusal.is_reversed & refusal.is_recorded).all():
            return law[getattr(getattr(route, kind), role) or rule.id]
    return rule


def _notes(rule: Rule, case: Case, found: Judged, law: RuleBook) -> tuple[str, ...]:
    """Say which clock is in force where a refusal was reversed, and what a conflicting authority says."""
    if rule.id != "plan_final":
        return ()
    if found.clock[0] == CLOCKS.index("override"):
        source = case.plan_final_override_source or "no source is recorded"
        return (f"the limit is replaced by a written agreement or a direction of the tribunal: {source}",)
    if case.reversal_route is None:
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


def _after_reversal(now: Situation, as_at: date, law: RuleBook) -> list[Deadline]:
    """What follows the reversal of a refusal, where there was one; the source is that of the route."""
    after = judged_after(now, as_at_day(as_at), law)
    route = law.routes.get(ROUTES[int(now.route[0]) - 1]) if now.route[0] > 0 else None
    if route is None:
        return []
    kind = (
        "assess" if (now.refused_to_assess.is_reversed & now.refused_to_assess.is_recorded).all() else "issue"
    )
    return [
        _made(
            law[rule],
            source=law[follower],
            by=route.by,
            start=to_date(after.start[place, 0]),
            due=to_date(after.due[place, 0]),
            done=to_date(after.done[place, 0]),
            status=int(after.status[place, 0]),
            days_over=int(after.days_over[place, 0]),
            exempt=False,
            as_at=as_at,
            notes=(f"by the route: {route.cite}",),
            reason=_plain_reason(int(after.status[place, 0])),
        )
        for place, (rule, role) in enumerate(zip(AFTER, ROLES, strict=True))
        if (follower := getattr(getattr(route, kind), role)) is not None and after.start[place, 0] != NOT_YET
    ]


def _others(
    case: Case, as_at: date, law: RuleBook, named: tuple[str, ...], claims: tuple[Mapping[str, Any], ...]
) -> list[Deadline]:
    """Limits that the other dates of the case have triggered, all resolved in one pass."""
    facts = {**dict(case), **case.other_dates}
    rules = [rule for rule in law.values() if _is_triggered(rule, facts, named)]
    if not rules:
        return []
    names = {name for limit in law.limits(rule.id for rule in rules) for name in _names(limit)}
    days = {name: np.array([_number(facts.get(name))], dtype=np.int32) for name in {*names, "closed_date"}}
    found = judged_others(days, [rule.id for rule in rules], as_at_day(as_at), law)
    return [
        _made(
            rule,
            start=facts[rule.start],
            due=to_date(found.due[place, 0]),
            done=done if (done := facts.get(rule.done)) and done <= as_at else None,
            status=int(found.status[place, 0]),
            days_over=int(found.days_over[place, 0]),
            exempt=_is_claimed(rule.id, facts[rule.start], claims, law),
            as_at=as_at,
            reason=_plain_reason(int(found.status[place, 0])),
        )
        for place, rule in enumerate(rules)
    ]


def _is_triggered(rule: Rule, facts: Mapping[str, Any], named: tuple[str, ...]) -> bool:
    """True where the day that a rule starts from is given; one that is not verified must be named."""
    if (
        rule.id in RULES
        or rule.id in AFTER
        or rule.id in ADVICE_RULES
        or rule.start in {"received_date", "reversal_date"}
    ):
        return False
    return facts.get(rule.start) is not None and (rule.id in named or rule.versions[-1].mark != "memory")


def _names(limit: engine.Limit) -> tuple[str, ...]:
    later = () if limit.later is None else (limit.later.start,)
    return (limit.start, limit.done, limit.selects_on, *later)


def _number(day: date | None) -> int:
    return NOT_YET if day is None else as_at_day(day)


def _plain_reason(status: int) -> str:
    return {
        0: "it had not begun, or the case ended within the limit",
        1: "a day that it needs is missing or out of order",
    }.get(status, "")


def _is_claimed(rule: str, start: date | None, claims: tuple[Mapping[str, Any], ...], law: RuleBook) -> bool:
    codes = lifts(rule, start, law) if claims else ()
    return any(claim["rule"] == rule and claim["code"] in codes for claim in claims)


def _advice_deadline(asking: AdviceRequest, now: Situation, as_at: date, law: RuleBook) -> Deadline:
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
    return _made(
        rule,
        title=f"{rule.title} ({what})",
        start=start,
        due=to_date(found.due[0]),
        done=to_date(found.done[0]),
        status=int(found.status[0]),
        days_over=int(found.days_over[0]),
        exempt=(asking.exemption or "").strip().upper() in lifts(rule.id, start, law),
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


def _made(
    rule: Rule,
    *,
    status: int,
    days_over: int,
    as_at: date,
    title: str = "",
    source: Rule | None = None,
    by: str = "",
    **parts: Any,
) -> Deadline:
    start: date | None = parts["start"]
    source = source or rule
    version = (source.version(start) if start else None) or source.versions[-1]
    late = bool(engine.IS_LATE[status])
    return Deadline(
        rule=rule.id,
        title=title or rule.title,
        status=engine.STATUSES[status],
        days_over=None if status <= engine.UNKNOWN_STATUS else days_over,
        breach=late and source.kind == rule.kind == "statutory" and not parts["exempt"],
        exempt_supported=None,
        cite=f"{version.cite}, by {by}" if by else version.cite,
        url=version.url,
        mark=version.mark,
        kind=source.kind,
        trigger=source.trigger,
        version=version,
        as_at=as_at,
        **parts,
    )
