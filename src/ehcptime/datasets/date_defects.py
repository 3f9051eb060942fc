"""Faults in the dates of cases: missing, out of order, miskeyed, or written over."""

import numpy as np

from ehcptime.datasets.bed import Bed
from ehcptime.datasets.days import NEVER, Days, Flags, month_and_day
from ehcptime.datasets.plan_story import Plans
from ehcptime.datasets.request_story import Requests

_CENTURY = 36525  # days from 1925 to 2025, and between any two such years while 2000 lies between them
_ORDER = ("received_date", "panel_date", "request_outcome_date", "issue_decision_date", "draft_sent_date")
_SWAPPED = ("received_date", "request_outcome_date", "draft_sent_date", "assessment_outcome_date")


def _shows(days: dict[str, Days], final: Days, rows: Days, as_at: int) -> Flags:
    """Say which cases now show dates out of order in their own row, too close, or after `as_at`."""
    latest = np.full(len(rows), -NEVER)
    wrong = np.zeros(len(rows), dtype=np.bool_)
    for column in [*(days[name] for name in _ORDER), final]:
        day = column[rows]
        there = day < NEVER
        wrong |= there & ((day < latest) | (day > as_at))
        latest = np.where(there, np.maximum(latest, day), latest)
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


def blank_and_reversed(bed: Bed, requests: Requests, plans: Plans) -> None:
    """Plant a missing request date and the three sequences that cannot be."""
    days, as_at = bed.record.days, bed.record.as_at
    plain = ~requests.refused & plans.issued_path & ~requests.historic
    rows = bed.pick("missing_request_date", bed.known("received_date") & plain)
    bed.write("missing_request_date", rows, "received_date", NEVER)

    name = "outcome_before_request"
    rows = bed.pick(name, bed.known("request_outcome_date"))
    bed.write(
        name, rows, "request_outcome_date", days["received_date"][rows] - bed.offsets(name, rows, 1, 60)
    )

    name = "draft_before_decision"
    rows = bed.pick(name, bed.known("draft_sent_date", "request_outcome_date") & plain)
    bed.write(
        name, rows, "draft_sent_date", days["request_outcome_date"][rows] - bed.offsets(name, rows, 1, 20)
    )

    name = "final_before_draft"
    final = _final(bed, plans)
    rows = bed.pick(name, bed.known("draft_sent_date") & (final <= as_at - 30))
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


def miskeyed(bed: Bed, plans: Plans) -> None:
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
    rows = bed.pick(name, bed.known("request_outcome_date"))
    bed.write(name, rows, "request_outcome_date", days["request_outcome_date"][rows] - _CENTURY)

    name = "future_date"
    rows = bed.pick(name, bed.known("draft_sent_date"))
    bed.write(name, rows, "draft_sent_date", as_at + bed.offsets(name, rows, 1, 365))


def amended(bed: Bed, plans: Plans) -> None:
    """Write an amended plan's day over the first; in half of them the start of the plan still shows the first."""
    name, days, as_at = "amended_final_overwrites_first", bed.record.days, bed.record.as_at
    final = _final(bed, plans)
    rows = bed.pick(name, (final <= as_at - 60) & (days["plan_start_date"] == final))
    later = np.minimum(final[rows] + bed.offsets(name, rows, 60, 300), as_at)
    kept = bed.streams["amended start kept"].random(len(bed.taken))[rows] < 0.5
    days["plan_start_date"][rows] = np.where(kept, final[rows], later)
    bed.write(name, rows, "assessment_outcome_date", later, kept)
