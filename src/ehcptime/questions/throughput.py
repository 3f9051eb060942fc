"""Throughput of educational psychology: asked, allocated and returned in each period, and the queue at both its ends."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET
from ehcptime.errors import CommandError
from ehcptime.questions.advice_queue import Queue, queue_of
from ehcptime.questions.grouping import By, columns_of, groups_of
from ehcptime.questions.queue_flows import COLUMNS, Flows
from ehcptime.questions.spans import FREQUENCIES, Frequency, Spans, spans
from ehcptime.questions.tracked import Tracked, as_at_column, same_day, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice

_LISTED = ("case_id", "source", "requested_date", "due", "status")
_LONGEST = timedelta(days=366)  # no period is longer
_EPOCH = date(1970, 1, 1)


def ep_throughput(
    tracked_advice: pd.DataFrame, *, period: Frequency, by: By = "source", cases: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Count the psychology advice asked for, allocated and returned in each period, and who waits at its start and end.

    Gives for every group and period, from that of the first asking to that of `as_at`, the columns of `by` (`source`: in-house, associate,
    agency or not recorded); `period` (a letter as in `timeliness`, or `W` for weeks from Monday); its `days` by `as_at`; `queue_open` +
    `asked` - `returned` - `ended` = `queue_close` (`ended`: withdrawn, not needed, or the case ended first);
    `unallocated_open` + `asked` - `allocated` - `left_unallocated` = `unallocated_close` (`left_unallocated`: returned or ended with no
    allocation recorded; an allocation dated before the asking counts on the day of asking); `oldest_unallocated_days` at the close;
    `turnaround_days`, the median from allocation to return of those returned; the flows per week; `undated`, the
    askings of the group that are in no queue because a day is missing or out of order, the same in each of its rows; `complete`; and
    `as_at`. `cases`, from `track`, say on what day an unanswered asking ended with its case: without them it is
    `undated` where `track_advice` knew that the case had ended. The index is new; a frame with no psychology gives no rows.

    Raises InputError for frames that were not tracked, or not at one day; CommandError for a column or period that cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "advice_type": "psychology", "source": "agency", "rule": "advice_other",
    ...     "requested_date": pd.to_datetime(["2025-01-06", "2025-02-03"]), "allocated_date": pd.to_datetime(["2025-01-20", None]),
    ...     "returned_date": pd.to_datetime(["2025-02-24", None]), "due": pd.NaT, "status": ["met_late", "running"],
    ...     "as_at": pd.Timestamp("2025-02-28")})
    >>> table = ep_throughput(tracked, period="M")
    >>> table[["period", "queue_open", "asked", "returned", "queue_close", "unallocated_close"]].to_numpy().tolist()
    [['2025-01', 0, 1, 0, 1, 0], ['2025-02', 1, 1, 1, 1, 1]]
    """
    columns = columns_of(by, tracked_advice, COLUMNS)
    advice, queue = _psychology(tracked_advice, cases)
    if not advice.size:
        return pd.DataFrame(columns=[*columns, *COLUMNS])
    flows = Flows(queue, groups_of(advice.frame, columns), _spans(queue, advice.as_at, period))
    return flows.table(tracked_advice, _complete(advice.as_at, period))[[*columns, *COLUMNS]]


def unallocated_advice(tracked_advice: pd.DataFrame, *, cases: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the psychology advice that was asked for and waits to be allocated, oldest first.

    Gives `case_id`, `source` (where it is given), `requested_date`, `waiting_days` since then, `due`, `status` and `as_at`; the
    index is new. Its rows are those of `unallocated_close` in the last period of `ep_throughput`, with `cases` as there.

    Raises InputError for frames that were not tracked, or not at one day.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "advice_type": "psychology", "rule": "advice_other", "due": pd.NaT, "status": "running",
    ...     "requested_date": pd.to_datetime(["2025-01-06", "2025-02-03"]), "allocated_date": pd.to_datetime(["2025-01-20", None]),
    ...     "as_at": pd.Timestamp("2025-02-28")})
    >>> unallocated_advice(tracked)[["case_id", "waiting_days"]].to_numpy().tolist()
    [['b', 25]]
    """
    advice, queue = _psychology(tracked_advice, cases)
    waits = queue.placed & (queue.unallocated_until == NOT_YET)
    known = [column for column in _LISTED if column in advice.frame]
    days = advice.as_at - queue.joined[waits]
    table: pd.DataFrame = advice.frame.loc[waits, known].assign(
        waiting_days=days, as_at=as_at_column(tracked_advice, len(days))
    )
    order = np.lexsort((table["case_id"].astype(str), -days))
    return table.iloc[order].reset_index(drop=True)


def _psychology(tracked_advice: pd.DataFrame, cases: pd.DataFrame | None) -> tuple[Tracked, Queue]:
    """Askings for psychology that began by `as_at`, or on an unknown day, and their queue."""
    every = read_advice(tracked_advice)
    joined = every.days("requested_date")
    rows = every.is_code("advice_type", "psychology") & ((joined <= every.as_at) | (joined == NOT_YET))
    advice = Tracked(tracked_advice.loc[rows], every.table, every.as_at)
    return advice, queue_of(advice, _cases(cases, every))


def _cases(cases: pd.DataFrame | None, advice: Tracked) -> Tracked | None:
    if cases is None:
        return None
    found = tracked_cases(cases)
    same_day(found, advice)
    return found


def _spans(queue: Queue, as_at: int, period: Frequency) -> Spans:
    """Periods from the first day of that of the first asking to `as_at`."""
    if period not in FREQUENCIES:
        raise CommandError(f"period must be one of {', '.join(FREQUENCIES)}, not {period!r}")
    first = _date(int(queue.joined[queue.placed].min(initial=as_at)))
    before = spans(first - _LONGEST, first, period)
    return spans(_date(int(before.ends[-2]) + 1), _date(as_at), period)


def _complete(as_at: int, period: Frequency) -> bool:
    """Whether a period ends on `as_at`."""
    return len(spans(_date(as_at), _date(as_at + 1), period).labels) == 2


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)
