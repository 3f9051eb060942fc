"""Assertions for another project's tests: its answers for a case and its counts of a caseload, held to ehcptime's."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from ehcptime.clock.engine import STATUSES
from ehcptime.errors import CommandError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.testing.answering import values_of
from ehcptime.testing.comparing import Difference, differences
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track


def assert_timeline(
    system_output: Mapping[str, Mapping[str, Any]],
    case: Case,
    *,
    as_at: date,
    advice: Iterable[AdviceRequest] = (),
    exemptions: Iterable[Mapping[str, Any]] = (),
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> None:
    """Fail where another system's answer for a case is not ehcptime's, and say which rule it broke and where that is written.

    `system_output` gives for each rule that the system knows a mapping with `due` (a date or ISO text, None where there is none) and `status`;
    `days_over`, `exempt` and `breach` are compared where they are given. Rules that it leaves out are not compared. `advice` is one asking
    at most, because a rule is named once. A pass says that these answers agree with ehcptime's reading: it is not certification and not legal
    advice. Raises AssertionError with a line for each difference, and CommandError for an empty answer or a rule that the case has not triggered.

    >>> case = Case(case_id="JSC", received_date=date(2025, 4, 2))
    >>> assert_timeline({"plan_final": {"due": date(2025, 8, 20), "status": "overdue"}}, case, as_at=date(2025, 8, 21))
    >>> assert_timeline({"plan_final": {"due": "2025-08-19", "status": "overdue"}}, case, as_at=date(2025, 8, 21))
    Traceback (most recent call last):
    AssertionError: 1 difference from ehcptime's reading of the law
      plan_final: due is "2025-08-19" and should be "2025-08-20" (SI 2014/1530 reg 13(2); statutory)
    """
    if not system_output:
        raise CommandError(
            "there is no rule in the answer to compare: give at least one, such as 'plan_final'"
        )
    whole = timeline(
        case,
        as_at=as_at,
        advice=advice,
        exemptions=exemptions,
        rules=system_output,
        law=law,
        convention=convention,
    )
    _fail_on([one for rule, got in system_output.items() for one in _compared(whole[rule], got)])


def assert_counts(
    system_output: Mapping[str, Mapping[str, int]],
    cases: pd.DataFrame,
    *,
    as_at: date,
    exemptions: pd.DataFrame | None = None,
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> None:
    """Fail where another system's counts of a caseload are not ehcptime's, and say which rule they are about and where that is written.

    `cases` follows the column contract. `system_output` gives for each rule that the system knows how many cases are in each status; a status
    that it leaves out counts as nought, so that each case is counted once. Rules that it leaves out are not compared. Raises AssertionError with a line
    for each difference, and CommandError for an empty answer or a rule or status that there is not.

    >>> cases = pd.DataFrame({"case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-04-02", "2025-06-02"])})
    >>> assert_counts({"plan_final": {"overdue": 1, "running": 1}}, cases, as_at=date(2025, 8, 21))
    """
    if not system_output:
        raise CommandError(
            "there is no rule in the answer to compare: give at least one, such as 'plan_final'"
        )
    for status in sorted({status for counts in system_output.values() for status in counts} - set(STATUSES)):
        raise CommandError(f"status {status!r} is not known: use one of {', '.join(STATUSES)}")
    tracked = track(
        cases, as_at=as_at, exemptions=exemptions, rules=system_output, law=law, convention=convention
    )
    _fail_on(
        [
            one
            for rule, counts in system_output.items()
            for one in _counted(rule, counts, tracked[f"{rule}_status"], law[rule].versions[-1].cite)
        ]
    )


def _counted(rule: str, counts: Mapping[str, int], statuses: pd.Series, cite: str) -> Iterator[Difference]:
    for status in STATUSES:
        got, expected = int(counts.get(status, 0)), int((statuses == status).sum())
        if got != expected:
            yield Difference(rule, f"number of {status} cases", expected, got, cite)


def _fail_on(found: list[Difference]) -> None:
    if found:
        count = f"{len(found)} difference{'' if len(found) == 1 else 's'}"
        raise AssertionError("\n  ".join([f"{count} from ehcptime's reading of the law", *map(str, found)]))


def _compared(deadline: Deadline, got: Mapping[str, Any]) -> tuple[Difference, ...]:
    return differences(deadline.rule, got, values_of(deadline), f"{deadline.cite}; {deadline.kind}")
