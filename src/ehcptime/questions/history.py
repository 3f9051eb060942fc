"""Stock and flow: who was open at the end of each period, and how it came to that, rebuilt from today's dates."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.questions.flows import EXITS, Places, Turns, turns
from ehcptime.questions.grouping import By, columns_of, groups_of, texts
from ehcptime.questions.spans import Frequency, Spans, spans
from ehcptime.records.arrays import facts_of_frame
from ehcptime.records.frames import require, require_unique

COLUMNS = ("period", "opening", "opened", "of_which_reopened", *EXITS, "closing", "undated")

_Counts = npt.NDArray[np.int64]


def backlog_history(
    cases: pd.DataFrame, *, start: date, end: date, freq: Frequency, by: By = None
) -> pd.DataFrame:
    """Rebuild the stock of open cases at the end of each period, and the flows in and out, from one extract.

    `cases` follows the column contract, one row per request. `start` and `end` are the first and the last day; the first and
    the last period are cut short by them. `freq` is `M, Q, Y, FY, AY`, or `W` (weeks from Monday) or `D`. Gives the columns of
    `by`, as recorded now, and for every group and period, all counts of requests:

    - `period`; `opening`, open on the day before it; `closing`, open on its last day, as `track` at that day says;
    - `opened`: received, or `of_which_reopened`: back in because a refusal was reversed, or ended a second time;
    - `refused` (to assess), `no_plan` (refused to issue), `issued` (a first final plan), `withdrawn` (recorded as that), and
      `left`: every other end, or one for a reason that nobody recorded;
    - `undated`: received by the end of the period and ended on a day that nobody recorded, so left out of `closing`. It is a
      position and not a flow: the same request is counted in every later period.

    opening + opened - refused - no_plan - issued - withdrawn - left = closing, in every row. A request that ended on the day
    it came is counted in and out. Duplicates are in nothing. Dates after a day are not known on it, as in `track`.

    Raises InputError for a frame that does not follow the contract, CommandError for days, `freq` or `by` that cannot be used.

    >>> cases = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-06", "2025-02-03"]),
    ...     "plan_issued_date": pd.to_datetime(["2025-03-14", None])})
    >>> table = backlog_history(cases, start=date(2025, 1, 1), end=date(2025, 3, 31), freq="M")
    >>> table[["period", "opening", "opened", "issued", "closing"]].to_numpy().tolist()
    [['2025-01', 0, 1, 0, 1], ['2025-02', 1, 1, 0, 2], ['2025-03', 2, 0, 1, 1]]
    """
    cut = spans(start, end, freq)
    require(cases, "cases")
    require_unique(cases, "case_id")
    groups = groups_of(cases, columns_of(by, cases, COLUMNS))
    facts = facts_of_frame(cases, "cases")
    counts = _Counter(turns(facts, cut.first, cut.last), cut, groups.place, groups.size).counts()
    labels = groups.labels.loc[groups.labels.index.repeat(len(cut.labels))].reset_index(drop=True)
    columns = {name: values.ravel() for name, values in counts.items()}
    table: pd.DataFrame = labels.assign(period=texts(cut.labels * groups.size), **columns)
    return table[[*labels.columns, *COLUMNS]]


class _Counter:
    """Counts turns by group and period."""

    def __init__(self, seen: Turns, cut: Spans, group: Places, groups: int) -> None:
        self.seen, self.cut, self.shape = seen, cut, (groups, len(cut.labels))
        self.cell = group[seen.case] * len(cut.labels) + np.minimum(cut.places(seen.day), len(cut.labels) - 1)

    def counts(self) -> dict[str, _Counts]:
        """Give flows and positions; those of the day before the span stand in its first period until they are set apart."""
        seen = self.seen
        within = seen.day >= self.cut.first
        enters = seen.arrives | seen.returns
        exits = {name: self._count(seen.leaves & (seen.exit == place)) for place, name in enumerate(EXITS)}
        opened = self._count(enters)
        before = self._count(seen.is_open & ~within)[:, :1]
        closing = before + np.cumsum(opened - sum(exits.values()), axis=1)
        return {
            "opening": np.hstack([before, closing[:, :-1]]),
            "opened": opened,
            "of_which_reopened": self._count(seen.reopens),
            **exits,
            "closing": closing,
            "undated": self._undated(),
        }

    def _undated(self) -> _Counts:
        """Cases whose last turn so far says that they ended on an unknown day."""
        is_now, was = self.seen.is_undated, self.seen.before(self.seen.is_undated)
        return np.cumsum(self._count(is_now & ~was) - self._count(was & ~is_now), axis=1)

    def _count(self, rows: Mask) -> _Counts:
        size = self.shape[0] * self.shape[1]
        return np.bincount(self.cell[rows], minlength=size).astype(np.int64).reshape(self.shape)
