"""Asking again: children for whom a new request came within some months of a refusal to assess."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import UNKNOWN, Days, Mask, add_months
from ehcptime.questions.lines import Line
from ehcptime.questions.tracked import Tracked

PERSON = "person_id"
_NOBODY = -1
_SPAN = np.int64(1) << 32  # wider than any day number, so that a child's days never run into the next child's

_Places = npt.NDArray[np.int64]


def asked_again(cases: Tracked, months: int, inside: Mask) -> Line:
    """Count the refusals to assess that stand and were followed by a new request within some months.

    Out of those whose day and child are known, and which can be followed for all those months; the others are set aside by reason.
    `inside` are the rows that are in a cohort at all. A request on the day of the refusal itself is no new one.
    """
    refusal = cases.now.refused_to_assess
    made = inside & refusal.stands
    day = np.broadcast_to(refusal.day, cases.size)
    person = _persons(cases.frame)
    dated = made & (day != UNKNOWN) & (day >= cases.now.start)
    known = dated & (person != _NOBODY)
    last = add_months(day, months)
    whole = known & (last <= cases.as_at)
    return Line(
        f"asked_again_within_{months}_months",
        whole & _followed(person, cases.now.start, inside, day, last),
        whole,
        f"refusals to assess that stand and can be followed for {months} months",
        "" if PERSON in cases.frame else f"there is no {PERSON}",
        {
            "refused on a day that is not known, or before the request": made & ~dated,
            f"without a {PERSON}": dated & ~known,
            f"refused less than {months} months ago": known & ~whole,
        },
    )


def _persons(frame: pd.DataFrame) -> _Places:
    """Number of each row's child; _NOBODY where none is recorded."""
    if PERSON not in frame:
        return np.full(len(frame), _NOBODY, dtype=np.int64)
    place, distinct = pd.factorize(frame[PERSON], use_na_sentinel=True)
    given = np.array([bool(str(value).strip()) for value in distinct] + [False])
    return np.where(given[place], place, _NOBODY).astype(np.int64)


def _followed(person: _Places, start: Days, inside: Mask, day: Days, last: Days) -> Mask:
    """True where the child has a request after `day` and by `last`."""
    asked = np.sort((person * _SPAN + start)[inside & (start != UNKNOWN)])
    after, by = (np.searchsorted(asked, person * _SPAN + days, side="right") for days in (day, last))
    return np.asarray(by > after)
