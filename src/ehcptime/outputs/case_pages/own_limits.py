"""The family's own limits after a refusal or a final plan: a mediation adviser, and an appeal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from ehcptime.clock.calendars import named
from ehcptime.clock.counting import Count, Days, day_number, is_day, last_day, rolled, to_date
from ehcptime.law.book import RuleBook
from ehcptime.law.versions import Length, Version
from ehcptime.records.case import Case
from ehcptime.tracking.situation import Situation
from ehcptime.tracking.words import long_date

ADVISER, APPEAL = "mediation_contact", "appeal_lodge"


@dataclass(frozen=True)
class Decision:
    """The last decision that can be appealed: `assess`, `issue` or `final`, its day and the day on which notice was sent."""

    kind: str
    day: date | None
    sent: date | None

    @property
    def starts(self) -> tuple[date, ...]:
        """The days from which the limits may run, the earlier first."""
        return tuple(sorted({day for day in (self.day, self.sent) if day is not None}))


@dataclass(frozen=True)
class Reading:
    """One way to count a limit: from where, the last day before any move, the last day by the rules, and the sum."""

    start: date
    safest: date
    last: date
    sum: str


@dataclass(frozen=True)
class OwnLimit:
    """A limit of the family's by each reading, the earliest first; `done` is when it was kept, where that is recorded."""

    rule: str
    title: str
    readings: tuple[Reading, ...]
    done: date | None
    cite: str
    url: str

    @property
    def earliest(self) -> Reading:
        """The reading to go by."""
        return self.readings[0]


def decision_of(case: Case, now: Situation, as_at: date) -> Decision | None:
    """Find the last decision that can be appealed: a final plan, or a refusal that stands.

    Notice that was sent before the decision was about an earlier one.
    """
    found = next((kind for kind, there, _ in _decisions(now) if there), None)
    if found is None:
        return None
    day = next(_date(days) for kind, _, days in _decisions(now) if kind == found)
    sent = _known(case, "decision_sent_date", as_at)
    return Decision(found, day, sent if sent and (day is None or sent >= day) else None)


def own_limits(case: Case, decision: Decision, as_at: date, law: RuleBook) -> tuple[OwnLimit, ...]:
    """Count the family's limits from a decision, by each reading; none where its day is not known."""
    return tuple(
        OwnLimit(
            rule,
            law[rule].title,
            tuple(sorted(readings, key=lambda reading: (reading.safest, reading.last))),
            _known(case, law[rule].done, as_at),
            version.cite,
            version.url,
        )
        for rule in (ADVISER, APPEAL)
        if (readings := _readings(case, decision, rule, as_at, law))
        and (version := law[rule].version(readings[0].start))
    )


def _decisions(now: Situation) -> Iterator[tuple[str, bool, Days]]:
    yield "final", bool(is_day(now.final).any()), now.final
    for kind, refusal in (("issue", now.refused_to_issue), ("assess", now.refused_to_assess)):
        yield kind, bool(refusal.stands.any()), refusal.day


def _readings(case: Case, decision: Decision, rule: str, as_at: date, law: RuleBook) -> list[Reading]:
    """Every reading of a limit: from each start and, where the adviser was late, with and without the certificate."""
    found = []
    for start in decision.starts:
        version = law[rule].version(start)
        if version is not None:
            certificate = _certificate(case, version, start, as_at)
            found.append(_reading(version, start, certificate))
            if certificate and _is_late(case, start, as_at, law):
                found.append(_reading(version, start, None))
    return list(dict.fromkeys(found))


def _certificate(case: Case, version: Version, start: date, as_at: date) -> date | None:
    issued = _known(case, version.later_of.start, as_at) if version.later_of else None
    return issued if issued and issued >= start else None


def _is_late(case: Case, start: date, as_at: date, law: RuleBook) -> bool:
    """Whether the adviser was first contacted after the time for it."""
    version, contacted = law[ADVISER].version(start), _known(case, law[ADVISER].done, as_at)
    return (
        version is not None
        and contacted is not None
        and contacted > _after(version.length, start, version.count)
    )


def _reading(version: Version, start: date, certificate: date | None) -> Reading:
    safest = _after(version.length, start, version.count)
    said = _sum(start, version.length, safest)
    if certificate and version.later_of:
        other = _after(version.later_of.length, certificate, version.later_of.count)
        said += f"; certificate: {_sum(certificate, version.later_of.length, other)}; the later counts"
        safest = max(safest, other)
    days = np.array([day_number(safest)], dtype=np.int32)
    for roll in version.rolls:
        days = rolled(days, roll, named(version.calendar))
    return Reading(start, safest, _date(days) or safest, said)


def _after(length: Length, start: date, count: Count) -> date:
    days = np.array([day_number(start)], dtype=np.int32)
    due = last_day(days, length.number, length.unit, count)
    return _date(due) or start


def _sum(start: date, length: Length, due: date) -> str:
    return f"{long_date(start)} + {length} = {long_date(due)}"


def _known(case: Case, name: str, as_at: date) -> date | None:
    """One of the other dates of a case, unless it had not come."""
    day = case.other_dates.get(name)
    return day if day is not None and day <= as_at else None


def _date(days: Days) -> date | None:
    return to_date(int(days[0])) if is_day(days)[0] else None
