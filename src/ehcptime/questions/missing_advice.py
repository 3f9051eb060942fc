"""Missing advice: how many plans were issued without advice that they needed, by kind of advice."""

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.questions.askings import NO_ADVICE
from ehcptime.questions.cells import Cells, cells_of
from ehcptime.questions.grouping import By, columns_of, texts
from ehcptime.questions.in_hand import Askings, Counts, askings_of, kind_of, plans_issued
from ehcptime.questions.measures import MEASURES, AllAdvice
from ehcptime.questions.periods import Letter
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import Tracked, as_at_column, same_day, tracked_advice, tracked_cases

ANY = "any of these"
STATES = ("in_hand", "not_in", "not_asked", "unknown", "not_required")
_MORE = ("of_which_sufficient", "of_which_not_known")
COLUMNS = ("period", "advice", "plans", *STATES, *_MORE, "percent_without", "note", "as_at")
NO_ROWS_OR_DAY = "no advice is recorded for the case, or an answer has no day"
_IN_HAND, _NOT_IN, _NOT_ASKED, _UNKNOWN, _NOT_REQUIRED = range(len(STATES))

_RULE = cast("AllAdvice", MEASURES["plans_20wk_all_advice"].parameters)


def missing_advice(
    tracked: pd.DataFrame,
    advice: pd.DataFrame | None = None,
    *,
    by: By = None,
    period: Letter | None = None,
) -> pd.DataFrame:
    """Count the plans issued without required advice, by kind of advice, by any columns and by the period of issue.

    `tracked` comes from `track`, `advice` from `track_advice` at the same day. The kinds are those of `plans_20wk_all_advice`, by the same
    judgement: education, health, psychology and social care always (regulation 6(1)(b) to (e)) and the parents' views where they were
    asked for, unless existing advice was agreed sufficient (regulation 6(4)). Gives the columns of `by`, `period`, `advice` (the kind, and last
    `any of these`), `plans`, and columns that sum to it: `in_hand` by the day of issue, `not_in` (asked for), `not_asked`
    (or only withdrawn or sent back), `unknown` (no advice is recorded for the case, or an answer has no day) and `not_required`.
    Of those in hand, `of_which_sufficient` rest on existing advice and `of_which_not_known` hold nothing but answers that the child
    is not known. `percent_without` is `not_in` and `not_asked` of all that is needed and known; `note`; `as_at`. The index is new.

    Raises InputError for frames that were not tracked, or not at one day, and for a case in two rows; CommandError for a column or
    period that cannot be used.

    >>> cases = pd.DataFrame({
    ...     "case_id": ["a"], "received_date": pd.to_datetime(["2025-01-01"]), "assessment_outcome": "Y",
    ...     "assessment_outcome_date": pd.to_datetime(["2025-05-21"]), "stage": "closed", "is_open": False, "age_days": 140,
    ...     "as_at": pd.Timestamp("2025-06-30")})
    >>> asked = pd.DataFrame({
    ...     "case_id": "a", "advice_type": ["education", "health"], "requested_date": pd.Timestamp("2025-02-10"),
    ...     "returned_date": pd.to_datetime(["2025-03-10", "2025-06-02"]), "rule": None, "due": pd.NaT, "status": "met",
    ...     "as_at": pd.Timestamp("2025-06-30")})
    >>> table = missing_advice(cases, asked).set_index("advice")
    >>> table.loc[["education", "health", "psychology"], ["in_hand", "not_in", "not_asked"]].to_numpy().tolist()
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    columns = columns_of(by, tracked, COLUMNS)
    cases = tracked_cases(tracked)
    issued = plans_issued(cases)
    plans = issued != NOT_YET
    cells = cells_of(tracked.loc[plans], columns, issued[plans], period)
    found = _by_kind(cases, advice, issued)
    tables = [_table(cells, kind, holds, plans, given=advice is not None) for kind, holds in found.items()]
    table = pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)
    return table.assign(as_at=as_at_column(tracked, len(table)))[[*cells.columns, *COLUMNS]]


@dataclass(frozen=True, eq=False)
class _Holds:
    """Of one kind of advice in each case: the place of its state in STATES, and what it rests on where it is in hand."""

    state: Counts
    sufficient: Mask
    not_known: Mask

    def masks(self, plans: Mask) -> dict[str, Mask]:
        """Give a mask over the plans issued for each column of counts."""
        in_hand = self.state == _IN_HAND
        found = {"plans": plans, **{name: self.state == place for place, name in enumerate(STATES)}}
        found |= {
            "of_which_sufficient": in_hand & self.sufficient,
            "of_which_not_known": in_hand & self.not_known,
        }
        return {name: mask[plans] for name, mask in found.items()}


def _by_kind(cases: Tracked, advice: pd.DataFrame | None, issued: Days) -> dict[str, _Holds]:
    kinds = (*_RULE.required, *_RULE.if_asked)
    if advice is None:
        none = np.zeros(cases.size, dtype=bool)
        found = dict.fromkeys(kinds, _Holds(np.full(cases.size, _UNKNOWN), none, none))
    else:
        rows = tracked_advice(advice)
        same_day(cases, rows)
        askings = askings_of(cases, rows, issued)
        found = {kind: _holds(askings, kind) for kind in kinds}
    return found | {ANY: _any(list(found.values()))}


def _holds(askings: Askings, kind: str) -> _Holds:
    found, of_kind = kind_of(askings, kind, _RULE.required), askings.of_kind(kind)
    no_rows = askings.per_case(askings.case >= 0) == 0
    state = np.select(
        [no_rows, found.missing & (found.rows == 0), found.missing, found.untold, ~found.needed],
        [_UNKNOWN, _NOT_ASKED, _NOT_IN, _UNKNOWN, _NOT_REQUIRED],
        default=_IN_HAND,
    )
    sufficient, not_known = (
        askings.per_case(of_kind & askings.advice.is_code("advice_outcome", outcome))
        for outcome in ("existing_sufficient", "not_known")
    )
    return _Holds(state, sufficient > 0, (not_known == found.rows) & (found.rows > 0))


def _any(found: list[_Holds]) -> _Holds:
    """Whether a plan lacked anything: what was asked for and not in comes first, then what nobody asked for."""
    states = np.array([holds.state for holds in found])
    order = (_NOT_IN, _NOT_ASKED, _UNKNOWN)
    state = np.select([(states == place).any(axis=0) for place in order], order, default=_IN_HAND)
    return _Holds(
        state,
        np.any([holds.sufficient for holds in found], axis=0),
        np.any([holds.not_known for holds in found], axis=0),
    )


def _table(cells: Cells, kind: str, holds: _Holds, plans: Mask, *, given: bool) -> pd.DataFrame:
    counts = cells.counts(holds.masks(plans))
    without = counts["not_in"] + counts["not_asked"]
    told = without + counts["in_hand"]
    return cells.labels.assign(
        advice=texts([kind] * len(cells.labels)),
        **counts,
        percent_without=percent(without, told),
        note=texts(
            [_note(known, unknown, given) for known, unknown in zip(told, counts["unknown"], strict=True)]
        ),
    )


def _note(known: int, unknown: int, given: bool) -> str:
    notes = [] if known else ["no percentage, because it is needed and known for none"]
    if unknown:
        why = NO_ROWS_OR_DAY if given else NO_ADVICE
        notes.append(f"{unknown} unknown, outside the percentage: {why}")
    return "; ".join(notes)
