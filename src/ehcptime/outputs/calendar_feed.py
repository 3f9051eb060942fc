"""A calendar of limits: one all-day event for each limit that is still to be met, naming a case by its id alone."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import pandas as pd

from ehcptime.clock.counting import to_date
from ehcptime.errors import CommandError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.pages.words import clean
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.records.saving import saving
from ehcptime.tracking.columns import as_dates

_RULES = ("request_decision", "issue_decision", "plan_final", "draft_comment")
_OPEN = ("running", "overdue")
_MAKER = "-//ehcptime//limits of EHC needs assessments//EN"


class _Event(NamedTuple):
    """One limit of one case. `is_floor` is a period that must run, such as the family's days to comment."""

    case_id: str
    rule: str
    title: str
    due: date
    is_floor: bool


class Feed(NamedTuple):
    """What a calendar holds: how many limits, and how many were left out because they are claimed to be lifted."""

    limits: int
    lifted: int


def calendar(
    tracked: pd.DataFrame,
    path: str | Path,
    *,
    audience: Audience,
    caseworker: str | None = None,
    law: RuleBook = LAW,
) -> Feed:
    """Write the limits of open cases that are running or overdue to an iCalendar file (.ics), and count them.

    Each is an all-day event on the last day of the limit that names the case by its id and nothing else: no child, no worker, no place.
    With `caseworker` only that worker's cases. A limit that is claimed to be lifted has no last day and no event. Every event has the
    same UID whenever it is made, so that a new file replaces the old events; its stamp is `as_at`, for nothing reads the clock. The file
    is written whole or not at all.

    Raises CommandError for an audience other than `internal` (the file names cases), for another ending than .ics, for a caseworker
    where the frame has no such column, and where the extra `report` is missing; InputError for a frame that was not tracked and where the
    file cannot be written.

    >>> import tempfile
    >>> from ehcptime.tracking.track import track
    >>> cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-02"])})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     calendar(track(cases, as_at=date(2025, 5, 1)), f"{folder}/limits.ics", audience="internal")
    Feed(limits=3, lifted=0)
    """
    place = Path(path)
    if audience != "internal":
        raise CommandError(
            f"a calendar names cases, so it cannot go to {audience!r}: it is for 'internal' alone"
        )
    if place.suffix.lower() != ".ics":
        raise CommandError(f"{place.name!r} is no calendar: end its name in .ics")
    cases = tracked_cases(_of_worker(tracked, caseworker))
    events, lifted = list(_events(cases, law)), _count_lifted(cases)
    made = _calendar(events, lifted, to_date(cases.as_at) if cases.size else None)
    with saving(place) as temporary:
        temporary.write_bytes(made)
    return Feed(len(events), lifted)


def _of_worker(tracked: pd.DataFrame, caseworker: str | None) -> pd.DataFrame:
    if caseworker is None:
        return tracked
    if "caseworker" not in tracked:
        raise CommandError("the frame has no column 'caseworker': leave caseworker out to take all cases")
    return tracked[tracked["caseworker"].astype(str).str.strip() == caseworker.strip()]


def _wanted(cases: Tracked, rule: str) -> Any:
    """Where a limit of an open case is still to be met."""
    cases.need(f"{rule}_due", f"{rule}_status", f"{rule}_exempt")
    return cases.is_set("is_open") & cases.is_status(f"{rule}_status", *_OPEN)


def _events(cases: Tracked, law: RuleBook) -> Iterator[_Event]:
    ids = cases.frame["case_id"].astype(str).tolist()
    for rule in _RULES:
        due = cases.days(f"{rule}_due")
        floor = law[rule].versions[-1].bound == "at_least"
        rows = (_wanted(cases, rule) & ~cases.is_set(f"{rule}_exempt")).nonzero()[0]
        for row, day in zip(rows, as_dates(due[rows]).astype("datetime64[D]").tolist(), strict=True):
            yield _Event(ids[row], rule, law[rule].title, day, floor)


def _count_lifted(cases: Tracked) -> int:
    return sum(int((_wanted(cases, rule) & cases.is_set(f"{rule}_exempt")).sum()) for rule in _RULES)


def _calendar(events: list[_Event], lifted: int, as_at: date | None) -> bytes:
    """The file itself; the events stand by day, then by case."""
    try:
        icalendar = import_module("icalendar")
    except ImportError:
        raise CommandError('a calendar needs icalendar: run pip install "ehcptime[report]"') from None
    made = icalendar.Calendar()
    about = f"Limits of open cases{f' at {as_at}' if as_at else ''}. OFFICIAL-SENSITIVE."
    if lifted:
        about += f" {lifted} limits are claimed to be lifted and have no last day; they are not here."
    for name, value in {
        "prodid": _MAKER,
        "version": "2.0",
        "x-wr-calname": "EHC limits",
        "x-wr-caldesc": about,
    }.items():
        made.add(name, value)
    for event in sorted(events, key=lambda one: (one.due, one.case_id, one.rule)):
        made.add_component(_component(icalendar, event, as_at or event.due))
    return bytes(made.to_ical())


def _component(icalendar: Any, event: _Event, as_at: date) -> Any:
    said = "last day of the family's time" if event.is_floor else "last day"
    case_id = " ".join(clean(event.case_id).split())
    fields: Mapping[str, Any] = {
        "uid": f"{uuid5(NAMESPACE_URL, f'ehcptime:{event.case_id}:{event.rule}')}@ehcptime",
        "dtstamp": datetime.combine(as_at, time(), tzinfo=UTC),
        "dtstart": event.due,
        "dtend": event.due + timedelta(days=1),
        "summary": f"{case_id}: {event.title}, {said}",
        "transp": "TRANSPARENT",
        "class": "CONFIDENTIAL",
    }
    made = icalendar.Event()
    for name, value in fields.items():
        made.add(name, value)
    return made
