"""Delay caused: where the days went by which plans were late. The duty to issue in time is the authority's whoever was late."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import UNKNOWN
from ehcptime.errors import CommandError
from ehcptime.questions.attribution import Late, attributed
from ehcptime.questions.charges import OWNERS, Charges, charges_of
from ehcptime.questions.cutting import cut_up
from ehcptime.questions.grouping import By, columns_of, groups_of, texts
from ehcptime.questions.lawful_plan import LAWFUL_PLAN, days_left, describe
from ehcptime.questions.periods import ALL, UNDATED, Letter, periods_of
from ehcptime.questions.pieces import SEGMENTS
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.records.arrays import codes_of
from ehcptime.tracking.columns import categorical
from ehcptime.tracking.limits import CLOCKS

Method = Literal["critical", "equal_share"]
METHODS: tuple[str, ...] = get_args(Method)
CAVEAT = "The duty to issue the plan in time is the authority's, whoever was late. This shows where the time went, not who is to blame."
_RULES = {
    "critical": " Days made up later, or not used yet by an open case, are taken off the earliest overrun.",
    "equal_share": " Each late case's days are shared equally by all that overran or whose advice was late.",
}
_COUNTS = ("cases", "case_days", "median_days", "critical_cases", "late_not_last")
COLUMNS = ("exempt", "period", *_COUNTS, "sentence", "note", "method", "as_at")
_STATUS = "plan_final_status"
_ANEW = ("reg_42", "reg_44", "reg_45")  # clocks that a reversal starts anew


def delay_caused(
    tracked: pd.DataFrame,
    *,
    advice: pd.DataFrame | None = None,
    by: By = "service",
    period: Letter | None = None,
    method: Method = "critical",
    plan: Mapping[str, int] = LAWFUL_PLAN,
) -> pd.DataFrame:
    """Say on whose time the days fell by which final plans were late, in case-days that sum to the cases' `days_over`.

    A case is late where `plan_final` is overdue, met late or ended late. Its line is cut as in `segments`, and its days over are given to
    those segments that took it beyond the lawful plan, by the rule in `questions/attribution.py`. Gives the columns of `by` (`service`:
    health, psychology and so on, `authority` for its own steps, `unknown`; `segment`; any column of `tracked`); `exempt`, for
    cases whose limit is claimed to be lifted, which are in rows of their own; `period`, that of the day the plan was due (a figure
    grows while any of its cases is open); `cases`, those that the row cost any days; `case_days`; `median_days` of those cases;
    `critical_cases`, late cases in which its advice was the last in, whether or not that cost days; `late_not_last`, those in
    which it was late by its own limit and not the last, which costs 0 days; `sentence`; `note`, which every figure carries;
    `method`; and `as_at`. Duplicates are left out.

    `method="equal_share"` shares each case's lateness equally among all that overran or whose advice was late, for comparison. `plan` is
    the split of the 20 weeks, a convention. Raises InputError as `parts` does and CommandError for what cannot be used.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"]), "request_outcome": ["Y"],
    ...     "request_outcome_date": pd.to_datetime(["2025-05-29"]), "stage": "assessing", "is_open": True, "age_days": [202],
    ...     "plan_final_due": pd.to_datetime(["2025-08-20"]), "plan_final_status": ["overdue"],
    ...     "plan_final_days_over": [62], "plan_final_exempt": False, "as_at": pd.Timestamp("2025-10-21")})
    >>> advice = pd.DataFrame({
    ...     "case_id": ["JSC"], "advice_type": ["psychology"], "requested_date": pd.to_datetime(["2025-06-09"]),
    ...     "returned_date": pd.to_datetime(["2025-10-13"]), "rule": "advice_other", "start_basis": "sent",
    ...     "due": pd.to_datetime(["2025-07-21"]), "status": "met_late", "as_at": pd.Timestamp("2025-10-21")})
    >>> delay_caused(tracked, advice=advice)["sentence"].tolist()
    ['psychology cost 62 case-days, on 1 case']
    """
    _check(method)
    left = days_left(plan)
    cases = tracked_cases(tracked)
    columns = _columns(by, tracked)
    found, waits, pieces = cut_up(cases, None if advice is None else read_advice(advice))
    late = late_cases(cases)
    charges = charges_of(attributed(pieces, found, late, left), waits, late, method)
    table = _table(cases, charges, columns, period)
    table = table.assign(
        sentence=texts(_sentences(table, columns, method)),
        note=texts([f"{CAVEAT} By {describe(plan)}.{_RULES[method]}"] * len(table)),
        method=texts([method] * len(table)),
        as_at=as_at_column(tracked, len(table)),
    )
    table.attrs = {
        "caveat": CAVEAT,
        "plan": describe(plan),
        "late_cases": len(late.case),
        "case_days": int(late.over.sum()),
    }
    return table


def _check(method: str) -> None:
    if method not in METHODS:
        raise CommandError(f"method must be one of {', '.join(METHODS)}, not {method!r}")


def _columns(by: By, tracked: pd.DataFrame) -> list[str]:
    return columns_of(by, tracked.assign(segment="", service=""), COLUMNS)


def late_cases(cases: Tracked) -> Late:
    """Cases whose final plan was or is late, duplicates left out."""
    late = cases.is_status(_STATUS, "overdue", "met_late", "ended_late")
    case = np.flatnonzero(late & ~cases.is_code("closed_reason", "duplicate"))
    cases.need("plan_final_days_over", "plan_final_exempt", "plan_final_due")
    over = cases.frame["plan_final_days_over"].iloc[case].to_numpy(dtype=np.int64)
    restart = np.full(len(case), UNKNOWN, dtype=np.int32)
    if "plan_final_clock" in cases.frame:
        anew = [CLOCKS.index(clock) + 1 for clock in _ANEW]
        anew_here = np.isin(codes_of(cases.frame["plan_final_clock"], CLOCKS), anew)[case]
        restart = np.where(anew_here, cases.days_by_then("reversal_date")[case], restart)
    return Late(case, over, restart)


def _table(cases: Tracked, charges: Charges, columns: Sequence[str], period: str | None) -> pd.DataFrame:
    frame = _frame(cases, charges, columns)
    groups = groups_of(frame, [*columns, "exempt"])
    place, labels = _periods(cases, charges, period)
    used, cell = np.unique(groups.place * len(labels) + place, return_inverse=True)
    table: pd.DataFrame = groups.labels.iloc[used // len(labels)].reset_index(drop=True)
    return table.assign(
        period=texts([labels[number] for number in used % len(labels)]), **_counts(charges, cell, len(used))
    )


def _frame(cases: Tracked, charges: Charges, columns: Sequence[str]) -> pd.DataFrame:
    own = {
        "service": categorical(charges.owner.astype(np.int8), OWNERS),
        "segment": categorical(charges.segment.astype(np.int8), SEGMENTS),
    }
    exempt = cases.is_set("plan_final_exempt")[charges.case]
    taken = {name: own[name] if name in own else cases.frame[name].array[charges.case] for name in columns}
    return pd.DataFrame(taken | {"exempt": exempt})


def _periods(cases: Tracked, charges: Charges, period: str | None) -> tuple[npt.NDArray[np.intp], list[str]]:
    if period is None:
        return np.zeros(len(charges.case), dtype=np.intp), [ALL]
    found = periods_of(cases.days("plan_final_due")[charges.case], period)
    return np.where(found.place < 0, len(found.labels), found.place), [*found.labels, UNDATED]


def _counts(charges: Charges, cell: npt.NDArray[np.intp], cells: int) -> dict[str, Any]:
    """Count each case once in each cell."""
    size = int(charges.case.max(initial=0)) + 1
    pair, of = np.unique(cell * size + charges.case, return_inverse=True)
    where, many = pair // size, len(pair)
    days = np.bincount(of, weights=charges.days, minlength=many).astype(np.int64)
    last, late = (
        np.bincount(of[flag], minlength=many) > 0 for flag in (charges.is_critical, charges.is_late_not_last)
    )
    costly = days > 0
    medians = pd.Series(days[costly], dtype=np.int64).groupby(where[costly]).median()
    return {
        "cases": np.bincount(where[costly], minlength=cells),
        "case_days": np.bincount(where, weights=days, minlength=cells).astype(np.int64),
        "median_days": medians.reindex(range(cells)).astype("Float64").reset_index(drop=True),
        "critical_cases": np.bincount(where[last], minlength=cells),
        "late_not_last": np.bincount(where[late], minlength=cells),
    }


def _sentences(table: pd.DataFrame, columns: Sequence[str], method: str) -> list[str]:
    split = table[list(columns)].to_numpy(dtype=object)  # with no columns pandas 2 gives tuples of no rows
    names = [" / ".join(map(str, row)) for row in split]
    rows = table[["cases", "case_days", "late_not_last", "exempt"]].itertuples(index=False, name=None)
    free = ", which cost 0 days" if method == "critical" else ""
    return [_sentence(name or ALL, free, *row) for name, row in zip(names, rows, strict=True)]


def _sentence(name: str, free: str, cases: int, days: int, late_not_last: int, exempt: bool) -> str:
    said = f"{name} cost {days:,} case-day{'' if days == 1 else 's'}, on {cases:,} case{'' if cases == 1 else 's'}"
    if late_not_last:
        said += f"; late and not the last on {late_not_last:,}{free}"
    return said + (", where an exemption is claimed" if exempt else "")
