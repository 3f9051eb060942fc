"""Faults that real extracts have, planted on purpose, with the answer key.

Each defect has its own stream of random numbers and touches nothing but its own cells; no case carries two. The count of a
defect is its rate per 1,000, rounded, as far as there are cases that could carry it.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ehcptime.datasets.advice_story import Askings
from ehcptime.datasets.claims import Claims
from ehcptime.datasets.days import NEVER, Days, Flags, month_and_day, upto
from ehcptime.datasets.people import People
from ehcptime.datasets.plan_story import Plans
from ehcptime.datasets.record import Record
from ehcptime.datasets.request_story import Requests
from ehcptime.datasets.streams import Streams
from ehcptime.datasets.tables import Objects

_CENTURY = 36525  # days from 1925 to 2025, and between any two such years while 2000 lies between them
_ORDER = ("received_date", "panel_date", "request_outcome_date", "issue_decision_date", "draft_sent_date")
_SWAPPED = ("received_date", "request_outcome_date", "draft_sent_date", "assessment_outcome_date")


@dataclass(slots=True)
class Bed:
    """What defects are planted in; a private copy that is handed back when all are done."""

    record: Record
    people: People
    claims: Claims
    made: Flags
    streams: Streams
    rates: dict[str, float]
    taken: Flags = field(init=False)
    planted: list[tuple[str, Days, str, Flags]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.record = replace(
            self.record, days={name: days.copy() for name, days in self.record.days.items()}
        )
        self.taken = np.zeros(len(self.made), dtype=np.bool_)

    def pick(self, defect: str, could: Flags, out_of: int | None = None) -> Days:
        """Choose the cases that carry a defect: those with the lowest numbers in its stream."""
        n = len(self.taken)
        wanted = round(self.rates[defect] * (n if out_of is None else out_of) / 1000)
        rows = np.flatnonzero(could & ~self.taken)
        scores = self.streams[f"defect {defect}"].random(n)[rows]
        return np.sort(rows[np.argsort(scores, kind="stable")[:wanted]])

    def offsets(self, defect: str, rows: Days, least: int, most: int) -> Days:
        """Draw a number of days for each case that carries a defect."""
        drawn = upto(self.streams[f"offset {defect}"], len(self.taken), most - least)
        return np.asarray(least + drawn[rows], dtype=np.int64)

    def note(self, defect: str, rows: Days, column: str, detectable: Flags | bool = True) -> None:
        """Enter planted cases in the answer key."""
        self.taken[rows] = True
        self.planted.append((defect, rows, column, np.broadcast_to(np.asarray(detectable), rows.shape)))

    def write(
        self, defect: str, rows: Days, column: str, days: Days | int, detectable: Flags | bool = True
    ) -> None:
        """Overwrite the days of the chosen cases, and enter them."""
        self.record.days[column][rows] = days
        self.note(defect, rows, column, detectable)


def _known(bed: Bed, *columns: str) -> Flags:
    days = bed.record.days
    return np.asarray(np.logical_and.reduce([days[column] < NEVER for column in columns]), dtype=np.bool_)


def _shows(days: dict[str, Days], final: Days, rows: Days, as_at: int) -> Flags:
    """Say which cases now show dates out of order in their own row, too close, or after `as_at`."""
    latest = np.full(len(rows), -NEVER)
    wrong = np.zeros(len(rows), dtype=np.bool_)
    for column in [*(days[name] for name in _ORDER), final]:
        day = column[rows]
        known = day < NEVER
        wrong |= known & ((day < latest) | (day > as_at))
        latest = np.where(known, np.maximum(latest, day), latest)
    ended = days["assessment_outcome_date"][rows]  # of a refusal to issue too, which a draft may follow
    wrong |= (ended < NEVER) & _after(ended, days["received_date"][rows], days["request_outcome_date"][rows])
    draft, reversal = days["draft_sent_date"][rows], days["reversal_date"][rows]
    hurried = (final[rows] < NEVER) & (draft < NEVER) & (final[rows] - draft < 15)
    early = (reversal < NEVER) & (days["request_outcome_date"][rows] < NEVER)
    return (
        wrong
        | hurried
        | (early & (reversal < days["request_outcome_date"][rows]))
        | (draft < reversal) & (reversal < NEVER)
    )


def _after(day: Days, *earlier: Days) -> Flags:
    """Say where any of the known earlier days comes after a day."""
    return np.asarray(
        np.logical_or.reduce([(each < NEVER) & (each > day) for each in earlier]), dtype=np.bool_
    )


def _final(bed: Bed, plans: Plans) -> Days:
    return np.where(plans.issued_path, bed.record.days["assessment_outcome_date"], NEVER)


def _blank_and_reversed(bed: Bed, requests: Requests, plans: Plans) -> None:
    """Plant a missing request date and the three sequences that cannot be."""
    days, as_at = bed.record.days, bed.record.as_at
    plain = ~requests.refused & plans.issued_path & ~requests.historic
    rows = bed.pick("missing_request_date", _known(bed, "received_date") & plain)
    bed.write("missing_request_date", rows, "received_date", NEVER)

    name = "outcome_before_request"
    rows = bed.pick(name, _known(bed, "request_outcome_date"))
    bed.write(
        name, rows, "request_outcome_date", days["received_date"][rows] - bed.offsets(name, rows, 1, 60)
    )

    name = "draft_before_decision"
    rows = bed.pick(name, _known(bed, "draft_sent_date", "request_outcome_date") & plain)
    bed.write(
        name, rows, "draft_sent_date", days["request_outcome_date"][rows] - bed.offsets(name, rows, 1, 20)
    )

    name = "final_before_draft"
    final = _final(bed, plans)
    rows = bed.pick(name, _known(bed, "draft_sent_date") & (final <= as_at - 30))
    bed.write(name, rows, "draft_sent_date", final[rows] + bed.offsets(name, rows, 1, 30))


def _swap(days: Days) -> Days:
    """Read each day as if its day and month had been keyed the other way round."""
    years = days.astype("datetime64[D]").astype("datetime64[Y]")
    month, day = month_and_day(days)
    months = years.astype("datetime64[M]") + (day - 1)
    return (months.astype("datetime64[D]") + (month - 1)).astype(np.int64)


def _swappable(days: Days) -> Flags:
    month, day = month_and_day(np.where(days < NEVER, days, 0))
    return np.asarray((days < NEVER) & (day <= 12) & (day != month), dtype=np.bool_)


def _miskeyed(bed: Bed, plans: Plans) -> None:
    """Plant days and months swapped, years of two digits, and days still to come."""
    days, as_at = bed.record.days, bed.record.as_at
    name = "day_month_swap"
    column = bed.streams["swapped column"].integers(0, len(_SWAPPED), len(bed.taken))
    could = np.choose(column, [_swappable(days[each]) for each in _SWAPPED])
    chosen = bed.pick(name, could)
    for place, each in enumerate(_SWAPPED):
        rows = chosen[column[chosen] == place]
        days[each][rows] = _swap(days[each][rows])
        bed.note(name, rows, each, _shows(days, _final(bed, plans), rows, as_at))

    name = "two_digit_year"
    rows = bed.pick(name, _known(bed, "request_outcome_date"))
    bed.write(name, rows, "request_outcome_date", days["request_outcome_date"][rows] - _CENTURY)

    name = "future_date"
    rows = bed.pick(name, _known(bed, "draft_sent_date"))
    bed.write(name, rows, "draft_sent_date", as_at + bed.offsets(name, rows, 1, 365))


def _amended(bed: Bed, plans: Plans) -> None:
    """Write an amended plan's day over the first; in half of them the start of the plan still shows the first."""
    name, days, as_at = "amended_final_overwrites_first", bed.record.days, bed.record.as_at
    final = _final(bed, plans)
    rows = bed.pick(name, (final <= as_at - 60) & (days["plan_start_date"] == final))
    later = np.minimum(final[rows] + bed.offsets(name, rows, 60, 300), as_at)
    kept = bed.streams["amended start kept"].random(len(bed.taken))[rows] < 0.5
    days["plan_start_date"][rows] = np.where(kept, final[rows], later)
    bed.write(name, rows, "assessment_outcome_date", later, kept)


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
    people = {name: getattr(bed.people, name).copy() for name in ("person", "age", "need", "setting")}
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
    issued = _known(bed, "assessment_outcome_date") & plans.issued_path
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
    _blank_and_reversed(bed, requests, plans)
    _miskeyed(bed, plans)
    _amended(bed, plans)
    _reasonless(bed, plans)
    _same_person(bed, requests)


def lost_asking_days(bed: Bed, askings: Askings) -> Flags:
    """Choose the askings whose date was never written down, and enter their cases."""
    name = "advice_request_date_missing"
    lost = np.asarray(
        bed.streams[f"defect {name}"].random(len(askings.case)) < bed.rates[name] / 1000, dtype=np.bool_
    )
    rows = askings.case[lost]
    bed.planted.append((name, rows, "requested_date", np.ones(len(rows), dtype=np.bool_)))
    return lost


def answer_key(bed: Bed, ids: Objects) -> pd.DataFrame:
    """Give the `planted` table: one row per defect, `detectable` being whether the extract can show it at all."""
    sizes = [len(rows) for _, rows, _, _ in bed.planted]
    return pd.DataFrame(
        {
            "case_id": np.concatenate([ids[rows] for _, rows, _, _ in bed.planted]),
            "defect": np.repeat(np.array([name for name, _, _, _ in bed.planted], dtype=object), sizes),
            "column": np.repeat(np.array([column for _, _, column, _ in bed.planted], dtype=object), sizes),
            "detectable": np.concatenate([seen for _, _, _, seen in bed.planted]).astype(np.bool_),
        }
    )
