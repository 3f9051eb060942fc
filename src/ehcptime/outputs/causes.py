"""Causes: why a case counts otherwise in a later run than in an earlier one, and how that is said of several."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.questions.cohorts import CLAIMED
from ehcptime.questions.elapsed import EXCEPTED

LATE_RECORDED, ADDED, REMOVED, EDITED = "late-recorded", "added", "removed", "date edited"
EXEMPTED, SINCE = "exemption added", "since"
_OUT, _IN = "left out since: ", "no longer left out: "
_EXEMPT = (EXCEPTED, CLAIMED)
_SAID = {
    LATE_RECORDED: "{n} late-recorded {noun}",
    ADDED: "{n} {noun} not in the earlier run",
    REMOVED: "{n} {noun} not in the later run",
    EDITED: "{n} {noun} with a date edited",
    EXEMPTED: "{n} {noun} with an exemption added",
    SINCE: "{n} {noun} that fell in it since",
}
_NOUNS = {"issued": "plan", "decided": "decision"}


def causes(cases: pd.DataFrame, as_at: pd.Timestamp | None) -> npt.NDArray[np.object_]:
    """Cause of each case: the first of these that is true of it.

    `cases` has for each side (`_before`, `_after`) `part`, `reason` (blank where the case is not there), `falls_on` and `counts`
    (whether it is in the denominator); `as_at` is the day of the earlier run, or None where both are of one day and nothing can
    have happened in between. `since`: it fell due or was done after that day.
    `late-recorded`: by then, and the earlier run, which knew the case, did not count it.
    """
    there, still = cases["reason_before"].ne(""), cases["reason_after"].ne("")
    was, is_in = cases["counts_before"], cases["counts_after"]
    same_day = cases["falls_on_before"].eq(cases["falls_on_after"])
    later = cases["falls_on_after"].gt(pd.NaT if as_at is None else as_at)
    later |= cases["part_before"].eq("not_due") & (as_at is not None)
    steps = [
        (is_in & later, SINCE),
        (is_in & ~there, ADDED),
        (was & ~still, REMOVED),
        (was & is_in, EDITED),
        (was & cases["part_after"].eq("not_due"), EDITED),
        (was & cases["reason_after"].isin(_EXEMPT), EXEMPTED),
        (was, _OUT + cases["reason_after"].astype(object)),
        (same_day & cases["part_before"].eq("left_out"), _IN + cases["reason_before"].astype(object)),
    ]
    found = np.full(len(cases), LATE_RECORDED, dtype=object)
    for step, cause in reversed(steps):
        found = np.where(step, cause, found).astype(object)
    return found


def in_words(cause: str, number: int, cohort: str) -> str:
    """Say of how many cases a cause is true.

    >>> in_words("late-recorded", 5, "issued")
    '5 late-recorded plans'
    >>> in_words("left out since: mediation or tribunal", 1, "due")
    '1 case left out since: mediation or tribunal'
    """
    noun = _NOUNS.get(cohort, "case") + ("" if number == 1 else "s")
    return _SAID.get(cause, "{n} {noun} {cause}").format(n=number, noun=noun, cause=cause)
