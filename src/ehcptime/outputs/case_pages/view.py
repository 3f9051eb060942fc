"""What the page about one case is made from: the case by both doors, its own limits, and who is to read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ehcptime.law.book import RuleBook
from ehcptime.outputs.case_pages.own_limits import Decision, OwnLimit, decision_of, own_limits
from ehcptime.outputs.case_pages.words import Reader
from ehcptime.questions.letters import expected_letters
from ehcptime.questions.tracked import Tracked, tracked_advice, tracked_cases
from ehcptime.questions.waiting import waiting, waits_for
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.one_case import Row, extract_of
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.timeline import Timeline, timeline
from ehcptime.tracking.track import track
from ehcptime.tracking.words import long_date

_LIFTABLE = ("running", "overdue", "ended_late", "met_late")
_LATE = ("overdue", "met_late", "ended_late")


@dataclass(frozen=True, eq=False)
class View:
    """One case on one day, for one reader."""

    case: Case
    as_at: date
    reader: Reader
    law: RuleBook
    timeline: Timeline
    cases: Tracked
    waits: tuple[str, ...]
    letters: pd.DataFrame
    decision: Decision | None
    own: tuple[OwnLimit, ...]
    day_one: Deadline

    @property
    def steps(self) -> tuple[Deadline, ...]:
        """The limits of others than the family that this reader is shown: a plain page leaves out what does not apply or says a thing twice."""
        found = [d for d in self.timeline if not self.law[d.rule].of_family]
        if not self.reader.is_plain:
            return tuple(found)
        hidden = "issue_decision" if applies(self.timeline["plan_refusal"]) else "plan_refusal"
        return tuple(d for d in found if d.rule != hidden and (applies(d) or d.rule == "plan_final"))

    @property
    def today(self) -> str:
        """The day of the position in words."""
        return long_date(self.as_at)


def applies(deadline: Deadline) -> bool:
    """Whether a limit applies to the case."""
    return deadline.status != "not_applicable"


def is_lifted(deadline: Deadline) -> bool:
    """Whether a limit that is not met is claimed to be lifted, so that it has no last day."""
    return deadline.exempt and deadline.status in _LIFTABLE


def is_late(deadline: Deadline) -> bool:
    """Whether a limit that stands was missed."""
    return deadline.status in _LATE and not is_lifted(deadline)


def view_of(
    case: Case,
    *,
    as_at: date,
    advice: Iterable[AdviceRequest],
    exemptions: Iterable[Row],
    closures: Iterable[Row],
    events: Iterable[Row],
    reader: Reader,
    law: RuleBook,
) -> View:
    """Look at one case by both doors: its timeline, and the frame of one row that questions are asked of."""
    asked, claims, closed = tuple(advice), tuple(exemptions), tuple(closures)
    held = extract_of(case, advice=asked, exemptions=claims, closures=closed, events=events)
    frame = track(held.cases, as_at=as_at, exemptions=held.exemptions, closures=held.closures, law=law)
    cases = tracked_cases(frame)
    decision = decision_of(case, cases.now, as_at)
    both = [
        timeline(
            case,
            as_at=as_at,
            advice=asked,
            exemptions=claims,
            closures=closed,
            law=law,
            convention=convention,
        )
        for convention in ("receipt_excluded", "receipt_is_day_one")
    ]
    return View(
        case=case,
        as_at=as_at,
        reader=reader,
        law=law,
        timeline=both[0],
        cases=cases,
        waits=_waits(frame, track_advice(held.advice, as_at=as_at, cases=held.cases, law=law)),
        letters=expected_letters(frame, events=held.events, law=law),
        decision=decision,
        own=own_limits(case, decision, as_at, law) if decision else (),
        day_one=both[1]["plan_final"],
    )


def _waits(frame: pd.DataFrame, advice: pd.DataFrame) -> tuple[str, ...]:
    """What the case waits for, every kind of advice by name; nothing where it is not open."""
    if not frame["is_open"].iloc[0]:
        return ()
    first = str(waiting(frame, advice=advice)["waits_for"].iloc[0])
    named = waits_for(frame, tracked_advice(advice) if len(advice) else None)
    return tuple(named[0].split(", ")) if first.startswith("more than one") else (first,)
