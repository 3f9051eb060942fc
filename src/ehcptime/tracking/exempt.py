"""Exemptions as they are recorded: which limits are claimed to be lifted. A claim never moves a date or changes a status."""

from datetime import date

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask, to_date
from ehcptime.law.book import RuleBook
from ehcptime.records.arrays import Facts
from ehcptime.records.frames import require
from ehcptime.tracking.limits import RULES
from ehcptime.tracking.situation import request_start


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
        if place >= 0 and rule in exempt and code in lifts(rule, to_date(starts[place]), law):
            exempt[rule][place] = True
    return exempt


def lifts(rule: str, start: date | None, law: RuleBook) -> tuple[str, ...]:
    """Codes of the exemptions that may lift a rule's limit, in the version that the start picks."""
    version = law[rule].version(start) if start else None
    return version.exempt_by if version else ()
