"""Segments: where the time of each case went, from its request to its end, with no day left out and none counted twice."""

from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, is_day
from ehcptime.questions.bases import BASES, OF_REASON
from ehcptime.questions.cutting import cut_up
from ehcptime.questions.milestones import Milestones
from ehcptime.questions.pieces import SEGMENT_OF, SEGMENTS, Pieces, kind_of, merged, one_each, stacked
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.questions.waits import SERVICES
from ehcptime.tracking.columns import as_dates, categorical

AUTHORITY, FAMILY, NOBODY = "authority", "family", "unknown"
_WHOSE = {"family": FAMILY, "unknown": NOBODY}


def segments(tracked: pd.DataFrame, *, advice: pd.DataFrame | None = None) -> pd.DataFrame:
    """Cut the time of every case into segments that follow one another and sum to its age.

    Gives one row per segment, cases in the order of `tracked` and segments in order of time: `case_id`; `segment`; `service`, whose
    time it was; `from_date` and `to_date` (the next segment begins on the day that the last one ends); `days`; `basis`, why.

    The segments are `deciding` (to the decision whether to assess), `refused` (a refusal until its reversal), `waiting_to_ask`
    (decided to assess, and the advice that came last not asked for), `advice` (asked for and not in: `service` names it, or
    all that were out together), `after_advice` (to the decision to issue, or the draft if that has no day), `drafting`, `family`
    (15 days from service of the draft, regulation 13(1), or to `family_reply_date` if the frame has one and it is sooner), `finalising`, and
    `unknown`, with the reason. Only the advice that came in last is on the line: whatever came in sooner held nothing up. An
    advice is waited for until it was in or the authority went on without it. `service` is `authority` for the authority's own
    steps, and parents' views are never waited for. Without `advice` the time between the decision to assess and the next step is `unknown`.

    A case with no first or last day has one row without days. A case that is not received has none, and a case of no days has
    one of 0. `tracked` comes from `track`, `advice` from `track_advice`; errors are those of `parts`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"]), "request_outcome": ["Y"],
    ...     "request_outcome_date": pd.to_datetime(["2025-05-29"]), "stage": "assessing", "is_open": True,
    ...     "age_days": [202], "as_at": pd.Timestamp("2025-10-21")})
    >>> advice = pd.DataFrame({
    ...     "case_id": ["JSC"], "advice_type": ["psychology"], "requested_date": pd.to_datetime(["2025-06-09"]),
    ...     "returned_date": pd.to_datetime(["2025-10-13"]), "rule": "advice_other", "start_basis": "sent",
    ...     "due": pd.to_datetime(["2025-07-21"]), "status": "met_late", "as_at": pd.Timestamp("2025-10-21")})
    >>> segments(tracked, advice=advice)[["segment", "service", "days"]].to_numpy().tolist()
    [['deciding', 'authority', 57], ['waiting_to_ask', 'authority', 11], ['advice', 'psychology', 126],
     ['after_advice', 'authority', 8]]
    """
    cases = tracked_cases(tracked)
    found, _, pieces = cut_up(cases, None if advice is None else read_advice(advice))
    rows = merged(stacked([pieces, _rest(cases, found, pieces)]), "services")
    told = is_day(rows.since) & is_day(rows.until) & (rows.since <= rows.until)
    return pd.DataFrame(
        {
            "case_id": tracked["case_id"].array[rows.case],
            "segment": categorical(SEGMENT_OF[rows.kind], SEGMENTS),
            "service": whose(rows),
            "from_date": as_dates(rows.since),
            "to_date": as_dates(rows.until),
            "days": pd.arrays.IntegerArray(rows.days, ~told),
            "basis": categorical(rows.basis, BASES).remove_unused_categories(),
        }
    )


def _rest(cases: Tracked, found: Milestones, pieces: Pieces) -> Pieces:
    """Cases with no piece: those of no days, and those whose line has no beginning or no end."""
    now = cases.now
    missing = np.bincount(pieces.case, minlength=cases.size) == 0
    start = np.broadcast_to(now.start, cases.size)
    end = np.where(now.end == NOT_YET, np.int32(cases.as_at), np.broadcast_to(now.end, cases.size))
    ended = np.where(end == UNKNOWN, OF_REASON["no_end"], OF_REASON["backwards"])
    why = np.where(start == UNKNOWN, OF_REASON["no_start"], ended)
    kind = np.where(found.is_told, kind_of("deciding", "deciding"), kind_of("unknown", "finalising"))
    rest = one_each(kind, start, end, np.where(found.is_told, 0, why))
    return rest.at(missing & np.broadcast_to(now.is_received, cases.size))


def whose(pieces: Pieces) -> Any:
    """Whose time each piece was: services, the authority, the family, or unknown, as a categorical column."""
    segment = SEGMENT_OF[pieces.kind].astype(np.int64)
    keys, place = np.unique(segment << len(SERVICES) | pieces.services, return_inverse=True)
    names = [_name(SEGMENTS[key >> len(SERVICES)], int(key)) for key in keys]
    distinct = list(dict.fromkeys(names))  # more than an int8 can number
    codes = np.array([distinct.index(name) for name in names], dtype=np.int16)[place]
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(distinct))


def _name(segment: str, key: int) -> str:
    if segment == "advice":
        return ", ".join(name for number, name in enumerate(SERVICES) if key >> number & 1)
    return _WHOSE.get(segment, AUTHORITY)
