"""Checks that any table can fail: dates that cannot be, codes that cannot be read, days in the wrong order."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask, day_number
from ehcptime.records.checks import Check, Find, Rows, Severity
from ehcptime.records.columns import Kind, names

OLDEST = day_number(pd.Timestamp("1990-01-01").date())
TEN_YEARS = 3653
# A written agreement or a direction names a day to come.
_MAY_BE_LATER = frozenset({"plan_final_override_date"})
_YES_OR_NO = frozenset({"", "0", "1", "0.0", "1.0", "true", "false", "yes", "no", "y", "n"})


def common(table: str) -> tuple[Check, ...]:
    """Give the checks of every date, code and flag of a table."""
    return (
        *_each(table, "date", "date_implausible", "error", "before 1990, or over ten years after as_at: check the year", _implausible),
        *_each(table, "date", "date_after_as_at", "query", "after as_at, so it is read as blank: check the day, or use a later as_at", _future, but=_MAY_BE_LATER),
        *_each(table, "code", "code_not_known", "error", "not a code of this column: use one of the contract's codes", _unreadable),
        *_each(table, "flag", "flag_not_0_or_1", "query", "neither 0 nor 1, so it is read as set: write 1 where it is so and 0 where it is not", _neither),
    )  # fmt: skip


def before(earlier: str, later: str) -> Find:
    """Find where `earlier` is dated before `later`, both recorded."""
    return lambda rows: rows.before(earlier, later)


def _each(
    table: str,
    kind: Kind,
    code: str,
    severity: Severity,
    says: str,
    find: Callable[[str], Find],
    but: frozenset[str] = frozenset(),
) -> list[Check]:
    return [
        Check(code, severity, column, says, find(column))
        for column in names(table, kind)
        if column not in but
    ]


def _future(column: str) -> Find:
    return lambda rows: rows.given(column) & (rows.days(column) > rows.as_at)


def _implausible(column: str) -> Find:
    return lambda rows: (
        rows.given(column) & ((rows.days(column) < OLDEST) | (rows.days(column) > rows.as_at + TEN_YEARS))
    )


def _unreadable(column: str) -> Find:
    return lambda rows: rows.unreadable(column)


def _neither(column: str) -> Find:
    return lambda rows: _not_yes_or_no(rows, column)


def _not_yes_or_no(rows: Rows, column: str) -> Mask:
    if column not in rows.frame:
        return np.array([False])
    values: pd.Series[Any] = rows.frame[column]
    if values.dtype.kind == "b":
        return np.array([False])
    where, distinct = pd.factorize(values, use_na_sentinel=True)
    odd = [str(value).strip().casefold() not in _YES_OR_NO for value in distinct]
    return np.array([*odd, False])[where]
