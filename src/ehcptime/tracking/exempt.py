"""Exemptions as they are recorded: which limits are claimed to be lifted. A claim never moves a date or changes a status."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Days, Mask, day_number, is_day, to_date
from ehcptime.law.book import RuleBook
from ehcptime.records.arrays import Facts
from ehcptime.records.frames import require
from ehcptime.tracking.after_reversal import AFTER, ROLES, ROUTES
from ehcptime.tracking.limits import CLOCKS, RULES, Judged
from ehcptime.tracking.situation import Situation, request_start

# What a rule is to the case: the part that a rule of a route plays in its place once a refusal was reversed.
_ROLE = {
    "plan_final": "final",
    "issue_decision": "no_plan",
    "plan_refusal": "no_plan",
    **dict(zip(AFTER, ROLES, strict=True)),
}


def exempt_rows(
    cases: pd.DataFrame, facts: Facts, claims: pd.DataFrame | None, law: RuleBook
) -> dict[str, Mask]:
    """Where each rule's limit is claimed to be lifted: `week20` for the final plan, or a claim whose code the law knows."""
    exempt = {rule: np.zeros(len(cases), dtype=np.bool_) for rule in RULES}
    exempt["plan_final"] |= facts.flags["week20"]
    if claims is None or claims.empty:
        return exempt
    require(claims, "exemptions")
    starts = np.broadcast_to(request_start(facts), len(cases))
    places = pd.Index(cases["case_id"]).get_indexer(claims["case_id"])
    for place, rule, code in zip(places, claims["rule"], claims["code"], strict=True):
        if place >= 0 and rule in exempt and code_of(code) in lifts(rule, to_date(starts[place]), law):
            exempt[rule][place] = True
    return exempt


def code_of(value: Any) -> str:
    """Code of a claim as the law writes it; empty where none is recorded.

    >>> code_of(" absent_4w "), code_of(None)
    ('ABSENT_4W', '')
    """
    return "" if pd.isna(value) else str(value).strip().upper()


def lifts(rule: str, start: date | None, law: RuleBook) -> tuple[str, ...]:
    """Codes of the exemptions that may lift a rule's limit, in the version that the start picks."""
    version = law[rule].version(start) if start else None
    return version.exempt_by if version else ()


def may_lift(rule: str, code: str, starts: Days, law: RuleBook) -> Mask:
    """Where a code may lift a rule's limit, for many starts at once."""
    lifted = np.zeros(len(starts), dtype=np.bool_)
    for version in law[rule].versions:
        if code in version.exempt_by:
            begun = is_day(starts) & (starts >= day_number(version.first))
            lifted |= begun if version.last is None else begun & (starts <= day_number(version.last))
    return lifted


def governing(rule: str, now: Situation, found: Judged, law: RuleBook) -> list[tuple[Mask, str]]:
    """The rule whose words, and so whose exemptions, govern a limit in each case: where, and which.

    It is the rule itself, unless a refusal was reversed by a route that puts limits of its own in force. A written agreement or
    a direction replaces the day of the limit and not its exemptions.
    """
    rows = found.clock.shape
    still = np.ones(rows, dtype=np.bool_)
    others: list[tuple[Mask, str]] = []
    free = found.clock != CLOCKS.index("override") if rule == "plan_final" else still.copy()
    for refusal, kind in ((now.refused_to_assess, "assess"), (now.refused_to_issue, "issue")):
        named = free & np.broadcast_to(refusal.is_reversed & refusal.is_recorded & now.is_received, rows)
        for number in np.unique(np.broadcast_to(now.route, rows)[named]):
            route = law.routes[ROUTES[number - 1]] if number > 0 else None
            follower = getattr(getattr(route, kind), _ROLE[rule], None) if route and rule in _ROLE else None
            if follower is not None and (rule in AFTER or not (route and route.practice)):
                others.append((named & (now.route == number), follower))
                still &= ~others[-1][0]
    return [*others, (still, rule)]
