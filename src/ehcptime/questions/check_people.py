"""Several requests of one child or young person, linked by `person_id` alone: what may be a duplicate or a new request.

Nothing is merged. Two people who share everything but their `person_id`, such as twins, are never matched.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.records.checks import Finding, Rows, problems
from ehcptime.tracking.situation import Situation, is_open

People = npt.NDArray[np.intp]

DUPLICATE_ID = Finding(
    "duplicate_case_id", "error", "case_id", "the same case_id stands in more than one row"
)
TWO_OPEN = Finding(
    "two_open_requests",
    "query",
    "person_id",
    "two open requests for one child or young person: is the later one a duplicate?",
)
OVERLAPS = Finding(
    "request_overlaps_earlier",
    "query",
    "received_date",
    "an earlier request of the same person had not ended when this came: if they are one, the clock runs from the day given here",
)
AGAIN = Finding(
    "re_request",
    "query",
    "received_date",
    "a new request after an earlier one of the same person ended on the day given here: its clock is its own",
)


def people_problems(rows: Rows, now: Situation) -> Iterator[pd.DataFrame]:
    """Compare the requests of each person, by their dates as they stood at `as_at`."""
    yield from problems(DUPLICATE_ID, rows, rows.frame["case_id"].duplicated(keep=False).to_numpy())
    if "person_id" not in rows.frame:
        return
    people = _people(rows.frame["person_id"])
    yield from problems(TWO_OPEN, rows, _several(people, is_open(now)))
    overlapped, ended = _earlier(_requests(rows, now, people), len(rows.frame))
    yield from problems(OVERLAPS, rows, overlapped != NOT_YET, days=overlapped)
    yield from problems(AGAIN, rows, ended != NOT_YET, days=ended)


def _people(ids: "pd.Series[Any]") -> People:
    """Number of each row's person; -1 where it is blank."""
    places, distinct = pd.factorize(ids, use_na_sentinel=True)
    blank = np.array([not str(value).strip() for value in distinct] + [True])
    return np.where(blank[places], -1, places)


def _several(people: People, counts: Mask) -> Mask:
    """Rows that count, of people who have several that do."""
    counted = (people >= 0) & counts
    rows_of = np.bincount(people[counted], minlength=int(people.max(initial=0)) + 1)
    return np.asarray(counted & (rows_of[people] > 1))


def _requests(rows: Rows, now: Situation, people: People) -> pd.DataFrame:
    """Requests of people who have several, in order: their rows, first days and last days."""
    whole = len(people)
    first = np.broadcast_to(np.minimum(rows.days("received_date"), rows.days("responsible_date")), whole)
    several = _several(people, is_day(first) & (first <= rows.as_at) & ~now.is_duplicate)
    places = np.flatnonzero(several)
    last = np.broadcast_to(now.end, whole)[places]
    table = pd.DataFrame(
        {
            "row": places,
            "person": people[places],
            "first": first[places].astype(np.int64),
            # Ended on a day nobody recorded: taken as over, so that it can be an earlier request and never an overlap.
            "last": np.where(last == UNKNOWN, first[places], last).astype(np.int64),
            "case": rows.frame["case_id"].iloc[places].astype(str).to_numpy(),
        }
    )
    return table.sort_values(["person", "first", "last", "case"], ignore_index=True)


def _earlier(requests: pd.DataFrame, whole: int) -> tuple[Days, Days]:
    """First day of the earlier requests that each overlaps, and last day of those over when it came; NOT_YET for none."""
    overlapped, ended = (np.full(whole, NOT_YET, dtype=np.int32) for _ in range(2))
    if requests.empty:
        return overlapped, ended
    person = requests["person"]
    reach = requests.groupby("person")["last"].cummax().shift()
    has_earlier = person.eq(person.shift())
    overlaps = has_earlier & (reach > requests["first"])
    chain = (~overlaps).cumsum()
    since = requests.groupby(chain)["first"].transform("min")
    again = has_earlier & ~overlaps
    overlapped[requests.loc[overlaps, "row"]] = since[overlaps]
    ended[requests.loc[again, "row"]] = reach[again]
    return overlapped, ended
