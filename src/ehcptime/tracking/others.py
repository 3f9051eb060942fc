"""Rules that are not about a request: reviews, moves, mediation, orders, appeals. Each names its own dates."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, Days, Mask, to_date
from ehcptime.clock.due import stack
from ehcptime.clock.engine import Resolved
from ehcptime.errors import InputError, RuleError
from ehcptime.law.book import RuleBook
from ehcptime.law.models import Code, Rule
from ehcptime.records.arrays import BLANK, Codes, codes_of, days_of
from ehcptime.records.columns import COLUMNS
from ehcptime.records.frames import require
from ehcptime.tracking.exempt import code_of, lifts
from ehcptime.tracking.situation import Situation


def judged_others(
    days: Mapping[str, Days], codes: Mapping[str, Codes], rules: Iterable[str], as_at: int, law: RuleBook
) -> Resolved:
    """Apply rules to the dates that they name, all in one pass.

    `days` and `codes` hold the columns by name. `closed_date`, and the acts that a rule says end the matter, end what is not done
    by then; a rule that applies only with a code or a date is not_applicable without it.
    """
    chosen = [law[rule] for rule in rules]
    known = {name: np.where(day > as_at, np.int32(NOT_YET), day) for name, day in days.items()}
    codes = {column: _as_known(code, days.get(f"{column}_date"), as_at) for column, code in codes.items()}
    ended = stack([_ended(rule, known) for rule in chosen])
    shows = law.shows() - set(COLUMNS["cases"])
    found = engine.resolve(law.limits(rule.id for rule in chosen), days, as_at, ended=ended, shows=shows)
    for row, rule in zip(found.status, chosen, strict=True):
        row[np.broadcast_to(_is_out(rule, known, codes), row.shape)] = engine.NOT_APPLICABLE
    return found


def _ended(rule: Rule, known: Mapping[str, Days]) -> Days:
    ended: Days = np.array([NOT_YET], dtype=np.int32)
    for name in ("closed_date", *rule.ended_by):
        ended = np.minimum(ended, known.get(name, ended))
    return ended


def _is_out(rule: Rule, known: Mapping[str, Days], codes: Mapping[str, Codes]) -> Mask:
    """Where a rule does not apply by its own conditions."""
    out = np.zeros(1, dtype=np.bool_)
    if rule.only_with:
        some = [known[name] != NOT_YET for name in rule.only_with if name in known]
        out = out | ~np.logical_or.reduce(np.broadcast_arrays(*some))
    if rule.only_if is not None:
        out = out | ~_has(rule.only_if, codes)
    if rule.unless is not None and rule.unless.column in codes:
        out = out | _has(rule.unless, codes)
    return out


def _as_known(code: Codes, own: Days | None, as_at: int) -> Codes:
    """Read an outcome whose own day lies after `as_at` as blank."""
    return code if own is None else np.where((own > as_at) & (own != NOT_YET), np.int8(BLANK), code)


def _has(wanted: Code, codes: Mapping[str, Codes]) -> Mask:
    """Where a code is recorded."""
    return np.asarray(codes[wanted.column] == _values(wanted).index(wanted.code) + 1)


def _values(wanted: Code) -> tuple[str, ...]:
    """The codes of the column on which a rule depends; raises RuleError where the cases have no such column or code."""
    column = COLUMNS["cases"].get(wanted.column)
    if column is None or wanted.code not in column.values:
        raise RuleError(
            f"a rule depends on {wanted.column!r} being {wanted.code!r}, which the cases cannot be: correct the rule file"
        )
    return column.values


def dates_of(frame: pd.DataFrame, rules: Iterable[str], law: RuleBook) -> dict[str, Days]:
    """Day numbers of the columns that rules name; one that a rule cannot do without raises InputError where missing."""
    days: dict[str, Days] = {}
    for limit in law.limits(rules):
        rule = law[limit.rule]
        later = () if limit.later is None else (limit.later.start,)
        for name in (limit.start, limit.done, limit.selects_on):
            _need(frame, name, rule.id)
            days[name] = days_of(frame[name], name)
        if rule.only_with and not any(name in frame for name in rule.only_with):
            _need(frame, rule.only_with[0], rule.id)
        conditions = [code.column for code in (rule.only_if, rule.unless) if code is not None]
        for name in (
            "closed_date",
            *rule.only_with,
            *rule.ended_by,
            *later,
            *(f"{c}_date" for c in conditions),
        ):
            if name in frame:
                days[name] = days_of(frame[name], name)
    return days


def of_a_request(now: Situation) -> dict[str, Days]:
    """Days of a request as the limits on it see them, in place of those recorded: its start, its draft and its first final."""
    return {
        "received_date": now.start,
        "draft_sent_date": now.draft,
        "plan_issued_date": now.final,
        "issue_decision_date": now.decision_to_issue,
    }


def conditions_of(frame: pd.DataFrame, rules: Iterable[str], law: RuleBook) -> dict[str, Codes]:
    """Codes of the columns on which rules depend."""
    codes: dict[str, Codes] = {}
    for rule in (law[rule] for rule in rules):
        if rule.only_if is not None:
            _need(frame, rule.only_if.column, rule.id)
        for wanted in (code for code in (rule.only_if, rule.unless) if code is not None):
            if wanted.column in frame:
                codes[wanted.column] = codes_of(frame[wanted.column], _values(wanted))
    return codes


def _need(frame: pd.DataFrame, name: str, rule: str) -> None:
    if name not in frame:
        raise InputError(f"rule {rule!r} needs the column {name!r}: add it, blank where it is not known")


def claimed(
    frame: pd.DataFrame, claims: pd.DataFrame | None, rule: str, starts: Days, due: Days, law: RuleBook
) -> Mask:
    """Where the limit of a rule is claimed to be lifted by a reason that the law knows for it; by case, so every row of one."""
    lifted = np.zeros(len(frame), dtype=np.bool_)
    if claims is None or claims.empty or "case_id" not in frame:
        return lifted
    require(claims, "exemptions")
    mine = claims[claims["rule"] == rule]
    codes = {case: {code_of(code) for code in given} for case, given in mine.groupby("case_id")["code"]}
    for place in np.flatnonzero(frame["case_id"].isin(list(codes)).to_numpy()):
        first, last = to_date(starts[place]), to_date(due[place])
        lifted[place] = any(
            lifts(rule, code, first, last, law) for code in codes[frame["case_id"].iloc[place]]
        )
    return lifted
