"""Rounds: advice that was asked for, sent back and asked for again, each round by its own clock and all of them by one."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Mask
from ehcptime.questions.advice_cells import has_outcome, is_answered
from ehcptime.questions.cells import cells_of
from ehcptime.questions.grouping import By, columns_of, texts
from ehcptime.questions.round_clocks import (
    ANSWERED,
    KEYS,
    STATES,
    Rounds,
    days_of_round,
    rounds_of,
    states_of,
    total_days,
)
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import as_at_column
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.tracking.columns import categorical

ROUND_COLUMNS = ("round", "rounds", "due", "status", "days", "total_days", "state", "note", "as_at")
_COUNTS = ("services", "asked_again", "rounds", "answers", "rejected")
REJECTION_COLUMNS = (*_COUNTS, "percent_rejected", "days_in_one", "days_in_more", "as_at")


def rounds(tracked_advice: pd.DataFrame) -> pd.DataFrame:
    """Give each asking its place among the rounds of its service, its own clock, and the days that all of them took.

    A service is known within a case by its kind, part, provider and setting, as `check` knows it. Gives one row per asking, with the index
    of the frame: `case_id` and the columns of the service that are there; `round`, from 1 in the order of the days of asking (as numbered where one
    of those days is missing; empty for what was withdrawn, not needed, or not asked by then) of `rounds`; `due` and
    `status` of the round; `days` of the round, from the start of its limit to its answer or to `as_at` while it runs; `total_days` of the
    service, from the first asking to the last answer that was not sent back (or to `as_at` while a round runs), so that days in which
    rounds overlap count once; `state` of the service (`answered`, `running`, `sent back`: and not asked again, `ended unanswered`: with the
    case, `nothing to answer`, `unknown`); a `note` on what does not follow on; and `as_at`. Days are empty where one of the dates is missing or
    they are in the wrong order.

    Raises InputError for a frame that is not from `track_advice`.

    >>> tracked = pd.DataFrame({
    ...     "case_id": "a", "advice_type": "health", "requested_date": pd.to_datetime(["2025-01-06", "2025-02-03"]),
    ...     "returned_date": pd.to_datetime(["2025-01-27", "2025-02-24"]), "advice_outcome": ["rejected", "provided"],
    ...     "rule": "advice_body", "start_basis": "sent", "due": pd.to_datetime(["2025-02-17", "2025-03-17"]),
    ...     "status": "met", "as_at": pd.Timestamp("2025-03-31")})
    >>> rounds(tracked)[["round", "rounds", "days", "total_days", "state"]].to_numpy().tolist()
    [[1, 2, 21, 49, 'answered'], [2, 2, 21, 49, 'answered']]
    """
    advice = read_advice(tracked_advice)
    found = rounds_of(advice)
    states = states_of(found)
    total = total_days(found, states)
    columns = {
        "round": _placed(found.number),
        "rounds": _placed(found.count()[found.service]),
        "due": tracked_advice["due"].to_numpy(),
        "status": tracked_advice["status"].array,
        "days": days_of_round(found).array,
        "total_days": total.array[found.service],
        "state": categorical(states[found.service], STATES),
        "note": texts(_notes(found)).to_numpy(),
        "as_at": as_at_column(tracked_advice, advice.size),
    }
    keys = tracked_advice[[column for column in KEYS if column in tracked_advice]]
    return pd.concat([keys, pd.DataFrame(columns, index=tracked_advice.index)], axis=1)


def _placed(numbers: npt.NDArray[np.intp]) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(numbers.astype(np.int32), numbers == 0)


def _notes(found: Rounds) -> list[str]:
    """Say what does not follow on, worked out once for each combination."""
    clauses = _clauses(found)
    key = np.zeros(found.advice.size, dtype=np.int64)
    for place, mask in enumerate(clauses.values()):
        key |= mask.astype(np.int64) << place
    words = list(clauses)
    texts_of = {
        int(number): "; ".join(clause for place, clause in enumerate(words) if number >> place & 1)
        for number in np.unique(key)
    }
    return [texts_of[number] for number in key.tolist()]


def _clauses(found: Rounds) -> dict[str, Mask]:
    advice, before = found.advice, found.before
    follows, asked = before >= 0, advice.days("requested_date")
    returned, rejected = advice.days_by_then("returned_date"), has_outcome(advice, "rejected")
    answered = is_answered(advice)
    return {
        "withdrawn": has_outcome(advice, "withdrawn"),
        "existing advice was enough": has_outcome(advice, "existing_sufficient"),
        "not asked by then": ~found.live & ~has_outcome(advice, "withdrawn", "existing_sufficient"),
        "the day of asking is missing": found.live & (asked == NOT_YET),
        "the round before had no answer": follows & ~answered[before],
        "asked before the answer of the round before came": follows
        & (asked < returned[before])
        & (returned[before] != NOT_YET),
        "the answer of the round before was not sent back": follows & answered[before] & ~rejected[before],
        "numbered out of the order of asking": found.misnumbered,
    }


def rejections(tracked_advice: pd.DataFrame, *, by: By = "advice_type") -> pd.DataFrame:
    """Count the answers that were sent back, by any columns, and the days that a second asking cost.

    Gives the columns of `by`; `services` (of a case, each counted once, where its first round is), of which `asked_again`; `rounds`
    and `answers`, of which `rejected` and `percent_rejected`; `days_in_one` and `days_in_more`, the median `total_days` of the services that are
    answered, in one round and in more (empty where there is none); and `as_at`. Only what was asked by then and needed an answer counts. The index is new.

    Raises InputError for a frame that is not from `track_advice`, CommandError for a column that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": "a", "advice_type": "health", "requested_date": pd.to_datetime(["2025-01-06", "2025-02-03"]),
    ...     "returned_date": pd.to_datetime(["2025-01-27", "2025-02-24"]), "advice_outcome": ["rejected", "provided"],
    ...     "rule": "advice_body", "start_basis": "sent", "due": pd.to_datetime(["2025-02-17", "2025-03-17"]),
    ...     "status": "met", "as_at": pd.Timestamp("2025-03-31")})
    >>> rejections(tracked)[["services", "asked_again", "answers", "rejected", "percent_rejected", "days_in_more"]].to_numpy().tolist()
    [[1, 1, 2, 1, 50.0, 49.0]]
    """
    advice = read_advice(tracked_advice)
    columns = columns_of(by, tracked_advice, REJECTION_COLUMNS)
    found = rounds_of(advice)
    first, answered = found.number == 1, found.live & is_answered(advice)
    cells = cells_of(tracked_advice, columns, advice.days("due"), None)
    counts = cells.counts(
        {
            "services": first,
            "asked_again": first & (found.count()[found.service] > 1),
            "rounds": found.live,
            "answers": answered,
            "rejected": answered & has_outcome(advice, "rejected"),
        }
    )
    one, more = _medians(found)
    table = cells.labels.assign(
        **counts,
        percent_rejected=percent(counts["rejected"], counts["answers"]),
        days_in_one=cells.medians(one),
        days_in_more=cells.medians(more),
        as_at=as_at_column(tracked_advice, len(cells.labels)),
    )
    return table.loc[table["rounds"] > 0, [*columns, *REJECTION_COLUMNS]].reset_index(drop=True)


def _medians(found: Rounds) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Total days of each answered service on its first round: of those with one round, and of those with more."""
    states = states_of(found)
    total = total_days(found, states).to_numpy(dtype=np.float64, na_value=np.nan)
    told = (found.number == 1) & (states == ANSWERED)[found.service]
    many = found.count()[found.service] > 1
    days = np.where(told, total[found.service], np.nan)
    return np.where(many, np.nan, days), np.where(many, days, np.nan)
