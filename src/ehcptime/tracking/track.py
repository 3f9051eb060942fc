"""The frame door: every limit on a request, for every case, as new columns."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days
from ehcptime.clock.engine import IS_LATE, STATUSES, UNKNOWN_STATUS
from ehcptime.errors import CommandError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.records.arrays import Codes, Facts, facts_of_frame
from ehcptime.records.frames import require, require_unique
from ehcptime.tracking.columns import as_at_day, as_dates, categorical
from ehcptime.tracking.exempt import exempt_rows
from ehcptime.tracking.limits import CLOCKS, CONVENTIONS, RULES, judged
from ehcptime.tracking.situation import STAGES, age_days, is_open, situation, stage

OUTPUTS = ("due", "status", "days_over", "exempt", "breach")
OTHER_OUTPUTS = ("stage", "is_open", "age_days", "plan_final_clock", "plan_final_due_other", "as_at")
# Rows that the processor's cache can hold with all their working arrays.
_BLOCK = 16_384


def track(
    cases: pd.DataFrame,
    *,
    as_at: date,
    exemptions: pd.DataFrame | None = None,
    rules: Iterable[str] | None = None,
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> pd.DataFrame:
    """Return the cases with each limit's due date, status, days over, exemption and breach as they stood on a day.

    `cases` follows the column contract, one row per request; its columns and index are kept and it is not changed. Dates after
    `as_at` are read as blank, so any past position can be rebuilt. `rules` limits the work to some rules.
    `exemptions` are claims by case and rule. `convention="receipt_is_day_one"` counts the day of receipt as the first. Due
    dates are datetime64[s], days over are whole days past the limit (negative in hand), empty where the status is unknown or
    not_applicable. Raises InputError where a column is missing, is not dates or has the name of an output, or a case_id
    stands twice. The rules and their sources are in `LAW`.

    >>> cases = pd.DataFrame({"case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"])})
    >>> tracked = track(cases, as_at=date(2025, 10, 21))
    >>> str(tracked["plan_final_due"][0].date()), tracked["plan_final_status"][0], int(tracked["plan_final_days_over"][0])
    ('2025-08-20', 'overdue', 62)
    """
    day = as_at_day(as_at)
    chosen = _chosen(rules)
    if convention not in CONVENTIONS:
        raise CommandError(f"convention {convention!r} is not known: use one of {', '.join(CONVENTIONS)}")
    require(
        cases, "cases", reserved=(*(f"{rule}_{name}" for rule in RULES for name in OUTPUTS), *OTHER_OUTPUTS)
    )
    require_unique(cases, "case_id")
    facts = facts_of_frame(cases, "cases")
    found = _Found(len(cases), len(RULES))
    for first in range(0, len(cases), _BLOCK):
        rows = slice(first, min(first + _BLOCK, len(cases)))
        found.fill(rows, facts.block(rows), day, law, convention)
    exempt = exempt_rows(cases, facts, exemptions, law)
    columns = _columns(found, chosen, exempt, law)
    columns["as_at"] = np.full(len(cases), np.datetime64(as_at, "s"))
    added = pd.DataFrame(columns, index=cases.index)
    return pd.concat([cases, added], axis=1)


def _chosen(rules: Iterable[str] | None) -> tuple[str, ...]:
    chosen = RULES if rules is None else tuple(rules)
    for rule in chosen:
        if rule not in RULES:
            raise CommandError(f"rule {rule!r} is not one that track knows: use some of {', '.join(RULES)}")
    return chosen


class _Found:
    """Output arrays, filled block by block."""

    def __init__(self, rows: int, rules: int) -> None:
        self.due: Days = np.empty((rules, rows), dtype=np.int32)
        self.status: Codes = np.empty((rules, rows), dtype=np.int8)
        self.days_over: Days = np.empty((rules, rows), dtype=np.int32)
        self.other_due: Days = np.empty(rows, dtype=np.int32)
        self.clock, self.stage = (np.empty(rows, dtype=np.int8) for _ in range(2))
        self.is_open, self.no_age = (np.empty(rows, dtype=np.bool_) for _ in range(2))
        self.age: Days = np.empty(rows, dtype=np.int32)

    def fill(self, rows: slice, facts: Facts, as_at: int, law: RuleBook, convention: str) -> None:
        """Judge one block of cases."""
        now = situation(facts, as_at)
        limits = judged(now, as_at, law, convention)
        self.due[:, rows], self.status[:, rows], self.days_over[:, rows] = (
            limits.due,
            limits.status,
            limits.days_over,
        )
        self.other_due[rows], self.clock[rows] = limits.other_due, limits.clock
        self.stage[rows], self.is_open[rows] = stage(now), is_open(now)
        self.age[rows], self.no_age[rows] = age_days(now, as_at)


def _columns(
    found: _Found, chosen: tuple[str, ...], exempt: dict[str, npt.NDArray[np.bool_]], law: RuleBook
) -> dict[str, object]:
    columns: dict[str, object] = {}
    for rule in chosen:
        place = RULES.index(rule)
        status = found.status[place]
        columns[f"{rule}_due"] = as_dates(found.due[place])
        columns[f"{rule}_status"] = categorical(status, STATUSES)
        columns[f"{rule}_days_over"] = pd.arrays.IntegerArray(
            found.days_over[place], status <= UNKNOWN_STATUS
        )
        columns[f"{rule}_exempt"] = exempt[rule]
        late = IS_LATE[status]
        columns[f"{rule}_breach"] = late & ~exempt[rule] & (law[rule].kind == "statutory")
    columns["stage"] = categorical(found.stage, STAGES)
    columns["is_open"] = found.is_open
    columns["age_days"] = pd.arrays.IntegerArray(found.age, found.no_age)
    columns["plan_final_clock"] = categorical(found.clock, CLOCKS)
    columns["plan_final_due_other"] = as_dates(found.other_due)
    return columns
