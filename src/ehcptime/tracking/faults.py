"""What makes claims and closures unusable as a whole: each fault in one sentence that names its row and column."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days
from ehcptime.errors import InputError
from ehcptime.law.book import RuleBook
from ehcptime.records.arrays import days_of
from ehcptime.tracking.exempt import code_of


class Fault(NamedTuple):
    """One fault: the place of its row (from 0), a stable code, the column and what is wrong."""

    row: int
    code: str
    column: str
    message: str


def refuse(faults: Iterable[Fault]) -> None:
    """Raise InputError for the first fault, if there is one."""
    for fault in faults:
        raise InputError(f"column {fault.column!r}, row {fault.row}: {fault.message}")


def closure_faults(closures: pd.DataFrame) -> Iterator[Fault]:
    """Closures that end on or before the day that they start.

    >>> bad = pd.DataFrame({"setting_id": ["S"], "closed_from": pd.to_datetime(["2025-09-03"]),
    ...     "reopened_on": pd.to_datetime(["2025-07-23"])})
    >>> [fault.code for fault in closure_faults(bad)]
    ['closure_ends_before_it_starts']
    """
    closed, reopened = (optional_days(closures, name) for name in ("closed_from", "reopened_on"))
    for row in np.flatnonzero((reopened <= closed) & (closed != NOT_YET)).tolist():
        yield Fault(
            row,
            "closure_ends_before_it_starts",
            "reopened_on",
            "re-opens on or before the day that it closed: check both days",
        )


def claim_faults(exemptions: pd.DataFrame, law: RuleBook) -> Iterator[Fault]:
    """Claims on no rule of the rule book, that end before they start, or that overlap another of the same case, rule and code."""
    first, last = (optional_days(exemptions, name) for name in ("from_date", "to_date"))
    for row, rule in enumerate(exemptions["rule"]):
        if pd.isna(rule) or rule not in law:
            yield Fault(
                row,
                "claim_rule_not_known",
                "rule",
                "not the id of a rule in the rule book: use one such as 'plan_final'",
            )
    for row in np.flatnonzero((last < first) & (first != NOT_YET)).tolist():
        yield Fault(
            row,
            "claim_ends_before_it_starts",
            "to_date",
            "the reason ends before it starts: check both days",
        )
    for row, earlier in sorted(_overlaps(exemptions, first, last)):
        yield Fault(
            row,
            "claims_overlap",
            "from_date",
            f"overlaps the claim in row {earlier}, of the same case, rule and code: join the two or correct their days",
        )


def optional_days(frame: pd.DataFrame, name: str) -> Days:
    """Day numbers of a column; NOT_YET throughout where the frame has no such column."""
    return days_of(frame[name], name) if name in frame else np.full(len(frame), NOT_YET, dtype=np.int32)


def _overlaps(exemptions: pd.DataFrame, first: Days, last: Days) -> Iterator[tuple[int, int]]:
    groups: dict[tuple[object, str, str], list[tuple[int, int, int]]] = defaultdict(list)
    named = zip(exemptions["case_id"], exemptions["rule"], exemptions["code"], strict=True)
    for row, (case, rule, code) in enumerate(named):
        if first[row] != NOT_YET and code_of(code):
            groups[case, rule, code_of(code)].append((int(first[row]), int(last[row]), row))
    for claims in groups.values():
        reach, holder = -NOT_YET, -1
        for begins, ends, row in sorted(claims):
            if begins <= reach:
                yield row, holder
            if ends > reach:
                reach, holder = ends, row
