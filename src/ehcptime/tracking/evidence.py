"""What a claim is judged against: the period of its limit, the day the head was asked, and the closures of the setting."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days
from ehcptime.clock.due import due_days
from ehcptime.law.book import RuleBook
from ehcptime.records.arrays import Facts, days_of, facts_of_frame
from ehcptime.records.frames import require
from ehcptime.tracking.advice import ADVICE_RULES, CaseDays, judged_advice
from ehcptime.tracking.after_reversal import AFTER, judged_after
from ehcptime.tracking.closures import closures_begun, heads_asked, setting_of
from ehcptime.tracking.exempt import governing
from ehcptime.tracking.findings import Limit, Period, School, there
from ehcptime.tracking.limits import RULES, judged
from ehcptime.tracking.outcomes import N
from ehcptime.tracking.situation import Situation, situation

_Closures = dict[Any, list[tuple[int, int]]]
_Asked = dict[int, list[tuple[int, Any]]]
_Askings = dict[tuple[int, str], list[Limit]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the claims on some cases are judged against, by the place of each case in the frame."""

    law: RuleBook
    as_at: int
    refused: frozenset[int]  # cases whose request was refused
    limits: Mapping[tuple[int, str], Sequence[Limit]]
    settings: Mapping[int, Any]
    closures: _Closures
    asked: _Asked  # the days on which a head was asked, and the setting of each

    def schools(self, place: int, asked: int, first: int, last: int) -> tuple[School, ...]:
        """Settings whose head was asked about a case: the day of the claim, else those of the advice; each with its closures."""
        setting = self.settings[place]
        own = [(asked, setting)]
        askings = self.asked.get(place, own) if asked == NOT_YET else own
        return tuple(
            School(day, self._shut(setting if pd.isna(where) else where, first, last))
            for day, where in askings
        )

    def _shut(self, setting: Any, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Closures of a setting: those that overlap the days of the claim, else the claim's own days, else all of them."""
        known = self.closures.get(setting, ())
        if first == NOT_YET:
            return tuple(known)
        reopened = last + 1 if there(last) else last
        overlapping = tuple(
            (closed, opened)
            for closed, opened in known
            if closed < _or_never(reopened) and first < _or_never(opened)
        )
        return overlapping or ((first, reopened),)


def _or_never(day: int) -> int:
    return NOT_YET if day == UNKNOWN else day


def gathered(
    cases: pd.DataFrame,
    facts: Facts,
    claimed: Iterable[tuple[int, str]],
    as_at: int,
    law: RuleBook,
    closures: pd.DataFrame | None,
    advice: pd.DataFrame | None,
) -> Evidence:
    """Gather the evidence for claims, each the place of its case and its rule; `facts` are those of the whole frame."""
    pairs = set(claimed)
    places = np.array(sorted({place for place, _ in pairs}), dtype=np.intp)
    now = situation(_taken(facts, places), as_at)
    asked, askings = ({}, {}) if advice is None else _of_advice(advice, cases["case_id"], places, as_at, law)
    named = _Columns(cases, facts, places)
    columns = {rule: _limits(rule, now, named, as_at, law) for rule in {rule for _, rule in pairs}}
    row_of = {int(place): row for row, place in enumerate(places)}
    limits = {
        pair: askings.get(pair, []) if pair[1] in ADVICE_RULES else [columns[pair[1]][row_of[pair[0]]]]
        for pair in pairs
    }
    refused = np.broadcast_to(now.request.code == N, len(places))
    return Evidence(
        law=law,
        as_at=as_at,
        refused=frozenset(places[refused].tolist()),
        limits=limits,
        settings=dict(zip(places.tolist(), setting_of(cases).iloc[places], strict=True)),
        closures={} if closures is None else _by_setting(closures, as_at),
        asked=asked,
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """Days of any column of some cases, whether the contract knows it or not."""

    cases: pd.DataFrame
    facts: Facts
    places: Any

    def days(self, name: str) -> Days:
        """Day numbers by case; UNKNOWN where the frame has no such column."""
        if name in self.facts.days:
            days = np.broadcast_to(self.facts.days[name], len(self.cases))
        elif name in self.cases:
            days = days_of(self.cases[name], name)
        else:
            days = np.full(len(self.cases), UNKNOWN, dtype=np.int32)
        return np.asarray(days[self.places])


def _taken(facts: Facts, places: Any) -> Facts:
    """Facts of the rows in some places."""
    cut = {
        part: {
            name: np.broadcast_to(values, facts.rows)[places] for name, values in getattr(facts, part).items()
        }
        for part in ("days", "codes", "flags")
    }
    return Facts(**cut, rows=len(places))


def _limits(rule: str, now: Situation, columns: _Columns, as_at: int, law: RuleBook) -> list[Limit]:
    """The limit of a rule for each case: which rule governs it, and its period."""
    count = len(columns.places)
    governs = [rule] * count
    if rule in ADVICE_RULES:
        return []
    if rule in RULES or rule in AFTER:
        found = judged(now, as_at, law, "receipt_excluded")
        starts, dues = _periods_of_requests(rule, now, found.start, found.due, as_at, law)
        for where, other in governing(rule, now, found, law):
            for row in np.flatnonzero(np.broadcast_to(where, count)):
                governs[row] = other
    else:
        starts, dues = _periods_of_others(rule, now, columns, law)
    days = zip(governs, starts.tolist(), dues.tolist(), strict=True)
    return [Limit(other, Period(start, due)) for other, start, due in days]


def _periods_of_requests(
    rule: str, now: Situation, starts: Days, dues: Days, as_at: int, law: RuleBook
) -> tuple[Days, Days]:
    if rule in RULES:
        place = RULES.index(rule)
        return starts[place], dues[place]
    after = judged_after(now, as_at, law)
    place = AFTER.index(rule)
    return after.start[place], after.due[place]


def _periods_of_others(rule: str, now: Situation, columns: _Columns, law: RuleBook) -> tuple[Days, Days]:
    limits = law.limits([rule])

    def days(name: str) -> Days:
        return now.start if name == "received_date" else columns.days(name)

    starts = np.stack([days(limit.start) for limit in limits])
    picks = np.stack([days(limit.selects_on) for limit in limits])
    later = {limit.later.start: days(limit.later.start) for limit in limits if limit.later is not None}
    return starts[0], due_days(limits, starts, picks, dates=later).min(axis=0)


def _by_setting(closures: pd.DataFrame, as_at: int) -> _Closures:
    found: _Closures = defaultdict(list)
    for setting, closed, reopened in closures_begun(closures, as_at).itertuples(index=False, name=None):
        found[setting].append((int(closed), int(reopened)))
    return dict(found)


def _of_advice(
    advice: pd.DataFrame, case_ids: "pd.Series[Any]", places: Any, as_at: int, law: RuleBook
) -> tuple[_Asked, _Askings]:
    """Days on which heads were asked, and the limits of every asking, by case."""
    require(advice, "advice")
    wanted = pd.Index(case_ids.iloc[places])
    cases = [int(places[row]) if row >= 0 else -1 for row in wanted.get_indexer(pd.Index(advice["case_id"]))]
    asked: _Asked = defaultdict(list)
    settings = setting_of(advice).tolist()
    rows, days = heads_asked(advice, as_at)
    for row, day in zip(rows.tolist(), days.tolist(), strict=True):
        asked[cases[row]].append((day, settings[row]))
    askings: _Askings = defaultdict(list)
    found = judged_advice(facts_of_frame(advice, "advice"), as_at, CaseDays.none(), law)
    for case, rule, start, due in zip(cases, found.rule, found.start, found.due, strict=True):
        if rule >= 0:
            name = ADVICE_RULES[rule]
            askings[case, name].append(Limit(name, Period(int(start), int(due))))
    return dict(asked), dict(askings)
