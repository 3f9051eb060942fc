"""Exemptions as they are recorded: which limits are claimed to be lifted. A claim never moves a date or changes a status."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Days, Mask, day_number, is_day
from ehcptime.law.book import RuleBook
from ehcptime.records.arrays import Facts
from ehcptime.records.frames import require
from ehcptime.tracking.after_reversal import AFTER, ROLES, JudgedAfter, judged_after
from ehcptime.tracking.limits import CLOCKS, RULES, Judged, judged
from ehcptime.tracking.routes import taken
from ehcptime.tracking.situation import Situation, situation

# What a rule is to the case: the part that a rule of a route plays in its place once a refusal was reversed.
_ROLE = {
    "plan_final": "final",
    "issue_decision": "no_plan",
    "plan_refusal": "no_plan",
    **dict(zip(AFTER, ROLES, strict=True)),
}


def exempt_rows(
    cases: pd.DataFrame, facts: Facts, claims: pd.DataFrame | None, as_at: int, law: RuleBook
) -> dict[str, Mask]:
    """Where each rule's limit is claimed to be lifted: `week20` for the final plan, or a claim whose code the law knows."""
    exempt = {rule: np.zeros(len(cases), dtype=np.bool_) for rule in (*RULES, *AFTER)}
    if facts.flags["week20"].any():
        for final in (
            "plan_final",
            "plan_after_reversal",
        ):  # one plan, by two names once a refusal was reversed
            exempt[final] |= facts.flags["week20"]
    if claims is None or claims.empty:
        return exempt
    require(claims, "exemptions")
    places = pd.Index(cases["case_id"]).get_indexer(pd.Index(claims["case_id"]))
    claimed = np.unique(places[places >= 0])
    now = situation(facts.take(claimed), as_at)
    found = judged(now, as_at, law, "receipt_excluded")
    after = judged_after(now, as_at, law)
    codes = np.array([code_of(code) for code in claims["code"]], dtype=object)
    for rule in set(claims["rule"]) & set(exempt):
        chosen = (claims["rule"] == rule).to_numpy() & (places >= 0)
        for code in set(codes[chosen]):
            lifted = _lifted(rule, code, now, found, after, law)
            mine = places[chosen & (codes == code)]
            exempt[rule][mine] |= lifted[np.searchsorted(claimed, mine)]
    return exempt


def _lifted(rule: str, code: str, now: Situation, found: Judged, after: JudgedAfter, law: RuleBook) -> Mask:
    """Where a code may lift a limit, by the rule whose words are in force in each case."""
    judged_as, place = (after, AFTER.index(rule)) if rule in AFTER else (found, RULES.index(rule))
    starts, due = judged_as.start[place], judged_as.due[place]
    lifted = np.zeros(starts.shape, dtype=np.bool_)
    for rows, words in governing(rule, now, found, law):
        lifted |= rows & may_lift(words, code, starts, due, law)
    return lifted


def code_of(value: Any) -> str:
    """Code of a claim as the law writes it; empty where none is recorded.

    >>> code_of(" absent_4w "), code_of(None)
    ('ABSENT_4W', '')
    """
    return "" if pd.isna(value) else str(value).strip().upper()


def lifts(rule: str, code: str, start: date | None, due: date | None, law: RuleBook) -> bool:
    """Say whether a code may lift a rule's limit that ran from one day to another.

    The version that the start picks decides; a code that was only in force for a time (coronavirus) may lift any limit of the rule
    that ran on a day within that time (law.md section 6).
    """
    exemption = law.exemptions.get(code)
    if exemption is None or start is None:
        return False
    if exemption.first is not None and exemption.last is not None:
        known = any(code in version.exempt_by for version in law[rule].versions)
        return known and due is not None and start <= exemption.last and due >= exemption.first
    version = law[rule].version(start)
    return version is not None and code in version.exempt_by


def may_lift(rule: str, code: str, starts: Days, due: Days, law: RuleBook) -> Mask:
    """Where a code may lift a rule's limit, for many limits at once."""
    exemption = law.exemptions.get(code)
    lifted = np.zeros(len(starts), dtype=np.bool_)
    if exemption is None:
        return lifted
    if exemption.first is not None and exemption.last is not None:
        if any(code in version.exempt_by for version in law[rule].versions):
            running = (starts <= day_number(exemption.last)) & (due >= day_number(exemption.first))
            lifted = is_day(starts) & is_day(due) & running
        return lifted
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
        for chosen, route in taken(refusal, now, rows, law):
            follower = getattr(getattr(route, kind), _ROLE[rule]) if rule in _ROLE else None
            if follower is not None and (rule in AFTER or not route.practice):
                others.append((chosen & free, follower))
                still &= ~others[-1][0]
    return [*others, (still, rule)]
