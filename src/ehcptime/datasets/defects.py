"""Faults that real extracts have, planted on purpose, with the answer key: in people, exceptions, askings, and (next door) dates."""

from dataclasses import replace

import numpy as np

from ehcptime.datasets.advice_story import Askings
from ehcptime.datasets.bed import Bed
from ehcptime.datasets.claims import Claims
from ehcptime.datasets.date_defects import amended, blank_and_reversed, miskeyed
from ehcptime.datasets.days import NEVER, Days, Flags
from ehcptime.datasets.plan_story import Plans
from ehcptime.datasets.request_story import Requests

_OF_ONE_PERSON = ("person", "age", "need", "setting", "sex", "ethnicity", "care")


def _link(bed: Bed, defect: str, first: Days, second: Days, live: Flags) -> None:
    """Give the second request the person of the first, where both are free to take it."""
    free = live & (second < len(bed.taken))
    first, second = first[free], second[free]
    free = (second > first) & ~bed.taken[second] & ~bed.made[second]
    first, second = first[free], second[free]
    _, once = np.unique(second, return_index=True)
    first, second = first[once], second[once]
    clear = ~np.isin(first, second)
    first, second = first[clear], second[clear]
    people = {name: getattr(bed.people, name).copy() for name in _OF_ONE_PERSON}
    for values in people.values():
        values[second] = values[first]
    bed.people = replace(bed.people, **people)
    bed.taken[first] = True
    bed.note(defect, second, "person_id")


def _same_person(bed: Bed, requests: Requests) -> None:
    """Plant second requests: while the first is undecided, and some months after it was refused."""
    received, decided = requests.received, requests.decided
    first = bed.pick("duplicate_request", decided < NEVER)
    second = np.searchsorted(received, received[first] + bed.offsets("duplicate_request", first, 2, 12))
    live = received[np.minimum(second, len(received) - 1)] < decided[first]
    _link(bed, "duplicate_request", first, second, live)

    stands = requests.refused & (requests.challenge.reversal >= NEVER) & (decided <= bed.record.as_at - 120)
    first = bed.pick("re_request", stands)
    second = np.searchsorted(received, decided[first] + bed.offsets("re_request", first, 60, 240))
    _link(bed, "re_request", first, second, np.ones(len(first), dtype=np.bool_))


def _reasonless(bed: Bed, plans: Plans) -> None:
    """Blank the reason of some exceptions; where the preset records none, flag some plans without a reason."""
    name = "exception_without_reason"
    issued = bed.known("assessment_outcome_date") & plans.issued_path
    could = issued & bed.made if bed.made.any() else issued
    rows = bed.pick(name, could, int(issued.sum()))
    parts = {
        part: getattr(bed.claims, part).copy()
        for part in ("code", "from_date", "to_date", "advice_requested")
    }
    parts["code"][rows] = -1
    for part in ("from_date", "to_date", "advice_requested"):
        parts[part][rows] = NEVER
    bed.claims = Claims(**parts)
    bed.made = bed.made.copy()
    bed.made[rows] = True
    bed.note(name, rows, "code")


def plant(bed: Bed, requests: Requests, plans: Plans) -> None:
    """Plant every defect of the cases, one kind after another: an earlier kind has first choice of the cases."""
    blank_and_reversed(bed, requests, plans)
    miskeyed(bed, plans)
    amended(bed, plans)
    _reasonless(bed, plans)
    _same_person(bed, requests)


def lost_asking_days(bed: Bed, askings: Askings) -> Flags:
    """Choose the askings whose date was never written down, among those that a limit runs from, and enter their cases."""
    name = "advice_request_date_missing"
    lost = askings.of_services
    lost[lost] = bed.streams[f"defect {name}"].random(int(lost.sum())) < bed.rates[name] / 1000
    rows = askings.case[lost]
    bed.planted.append((name, rows, "requested_date", np.ones(len(rows), dtype=np.bool_)))
    return lost
