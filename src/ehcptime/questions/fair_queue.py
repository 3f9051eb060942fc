"""The fair queue: are new cases put ahead of old ones? For each plan issued, the older cases that were still open."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.questions.flows import Places, turns
from ehcptime.questions.grouping import texts
from ehcptime.questions.overtaking import Stretches
from ehcptime.questions.periods import ALL, Letter, periods_of
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases
from ehcptime.records.arrays import facts_of_frame
from ehcptime.tracking.words import count

_Counts = npt.NDArray[np.int64]


def fair_queue(tracked: pd.DataFrame, *, period: Letter | None = None) -> pd.DataFrame:
    """Count the plans that were issued while an older case was still open, and how many older cases each one passed.

    A case is older if its clock started on an earlier day, and open on the day of issue if `track` at that day says so: cases
    refused, ended or issued by then are not waiting. Gives one row per period of issue (`all` where none is asked for):
    `period`; `issued`, first final plans; `overtook`, those that passed an older case; `unknown`, those whose start is not
    known or is after the day of issue; `percent`, `overtook` of the rest, to one decimal; `median_places`, older cases passed,
    among those that overtook (empty if none did); `oldest_days`, the age of the oldest case passed, on the day that it was
    passed; `sentence`; and `as_at`. A case open with an unknown start is never counted as older.

    Cases differ in what they need, so some overtaking is expected: the answer is a question to ask, not a finding of fault.
    Raises InputError for a frame that was not tracked, CommandError for a letter that is no period.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["old", "new"], "received_date": pd.to_datetime(["2024-01-08", "2025-01-06"]),
    ...     "plan_issued_date": pd.to_datetime([None, "2025-05-20"]), "stage": ["deciding", "closed"],
    ...     "is_open": [True, False], "age_days": [568, 134], "as_at": pd.Timestamp("2025-07-29")})
    >>> table = fair_queue(tracked)
    >>> table[["issued", "overtook", "median_places", "oldest_days"]].to_numpy().tolist()
    [[1, 1, 1.0, 498]]
    """
    plans = _plans(tracked_cases(tracked))
    place, labels = _periods(plans.final, period)
    return _table(plans, place, labels).assign(as_at=as_at_column(tracked, len(labels)))


def _periods(final: Days, period: str | None) -> tuple[Places, tuple[str, ...]]:
    if period is None:
        return np.zeros(len(final), dtype=np.intp), (ALL,)
    found = periods_of(final, period)
    return found.place, found.labels


@dataclass(frozen=True, eq=False)
class _Plans:
    """Each plan issued: its day, whether its place in the queue is known, the older cases it passed and the oldest's age."""

    final: Days
    told: Mask
    places: _Counts
    oldest: Days


def _plans(cases: Tracked) -> _Plans:
    start, final = (np.broadcast_to(days, cases.size) for days in (cases.now.start, cases.now.final))
    rows = (final != NOT_YET) & cases.now.is_received & ~cases.is_code("closed_reason", "duplicate")
    start, final = start[rows], final[rows]
    waiting = _open_stretches(cases, final)
    return _Plans(
        final=final,
        told=(start != UNKNOWN) & (start <= final),
        places=waiting.older_open(start, final),
        oldest=final - waiting.oldest_open(final),
    )


def _open_stretches(cases: Tracked, final: Days) -> Stretches:
    """Days on which each case with a known start was open, from the first plan on."""
    first = int(final.min()) if len(final) else cases.as_at
    seen = turns(facts_of_frame(cases.frame, "cases"), first, cases.as_at)
    rows = seen.is_open & (seen.start != UNKNOWN)
    return Stretches.of(seen.start[rows], seen.day[rows], seen.until[rows])


def _table(plans: _Plans, place: Places, labels: tuple[str, ...]) -> pd.DataFrame:
    passed = plans.told & (plans.places > 0)
    of_those = pd.DataFrame({"places": plans.places, "oldest": plans.oldest})[passed].groupby(place[passed])
    issued, overtook, unknown = (
        np.bincount(place[rows], minlength=len(labels)) for rows in (slice(None), passed, ~plans.told)
    )
    median = of_those["places"].median().reindex(range(len(labels))).astype("Float64")
    oldest = of_those["oldest"].max().reindex(range(len(labels))).astype("Int32")
    share = percent(overtook, issued - unknown)
    rows = zip(issued.tolist(), unknown.tolist(), overtook.tolist(), share, median, oldest, strict=True)
    return pd.DataFrame(
        {
            "period": texts(labels),
            "issued": issued,
            "overtook": overtook,
            "unknown": unknown,
            "percent": share,
            "median_places": median,
            "oldest_days": oldest,
            "sentence": texts([_sentence(*row) for row in rows]),
        }
    )


def _sentence(issued: int, unknown: int, overtook: int, share: float, median: float, oldest: int) -> str:
    """Say it for a reader: the share, the median and the oldest, or why there is nothing to say."""
    told = issued - unknown
    apart = f" ({unknown} more cannot be placed, because the start is not known or is after the plan)"
    rest = apart if unknown else ""
    if not told:
        return f"Whether new cases are put ahead of old ones cannot be told: no plan can be placed{rest}."
    if not overtook:
        return f"No older case was open when any of {count(told, 'plan')} was issued{rest}."
    return (
        f"Of {count(told, 'plan')} issued, {overtook} ({share} per cent) came while an older case was still open{rest}: "
        f"the median number of older cases passed was {median:g}, and the oldest case passed was then {count(oldest)} old."
    )
