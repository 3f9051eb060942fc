"""Rules that are not about a request: reviews, moves, mediation, orders, appeals. Each names its own dates."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, Days, Mask, to_date
from ehcptime.clock.engine import Resolved
from ehcptime.errors import InputError
from ehcptime.law.book import RuleBook
from ehcptime.records.arrays import days_of
from ehcptime.records.frames import require
from ehcptime.tracking.exempt import lifts


def judged_others(days: Mapping[str, Days], rules: Iterable[str], as_at: int, law: RuleBook) -> Resolved:
    """Apply rules to the dates that they name, all in one pass; `closed_date` ends what is not done by then."""
    ended = days.get("closed_date")
    cut = None if ended is None else np.where(ended > as_at, np.int32(NOT_YET), ended)
    return engine.resolve(law.limits(rules), days, as_at, ended=cut)


def dates_of(frame: pd.DataFrame, rules: Iterable[str], law: RuleBook) -> dict[str, Days]:
    """Day numbers of the columns that rules name; one that a rule cannot do without raises InputError where missing."""
    days: dict[str, Days] = {}
    for limit in law.limits(rules):
        for name in (limit.start, limit.done, limit.selects_on):
            if name not in frame:
                raise InputError(
                    f"rule {limit.rule!r} needs the column {name!r}: add it, blank where the day is not known"
                )
            days[name] = days_of(frame[name], name)
        if limit.later is not None and limit.later.start in frame:
            days[limit.later.start] = days_of(frame[limit.later.start], limit.later.start)
    if "closed_date" in frame:
        days["closed_date"] = days_of(frame["closed_date"], "closed_date")
    return days


def claimed(frame: pd.DataFrame, claims: pd.DataFrame | None, rule: str, starts: Days, law: RuleBook) -> Mask:
    """Where the limit of a rule is claimed to be lifted by a reason that the law knows for it; by case, so every row of one."""
    lifted = np.zeros(len(frame), dtype=np.bool_)
    if claims is None or claims.empty or "case_id" not in frame:
        return lifted
    require(claims, "exemptions")
    codes = claims[claims["rule"] == rule].groupby("case_id")["code"].agg(set)
    for place in np.flatnonzero(frame["case_id"].isin(codes.index).to_numpy()):
        known = lifts(rule, to_date(starts[place]), law)
        lifted[place] = not codes[frame["case_id"].iloc[place]].isdisjoint(known)
    return lifted
