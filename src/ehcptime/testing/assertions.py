"""An assertion for another project's tests: its answer for a case, held to ehcptime's."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ehcptime.errors import CommandError
from ehcptime.law.book import LAW, RuleBook
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.testing.answering import values_of
from ehcptime.testing.comparing import Difference, differences
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.timeline import timeline


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
    found = [one for rule, got in system_output.items() for one in _compared(whole[rule], got)]
    if found:
        count = f"{len(found)} difference{'' if len(found) == 1 else 's'}"
        raise AssertionError("\n  ".join([f"{count} from ehcptime's reading of the law", *map(str, found)]))


def _compared(deadline: Deadline, got: Mapping[str, Any]) -> tuple[Difference, ...]:
    return differences(deadline.rule, got, values_of(deadline), f"{deadline.cite}; {deadline.kind}")
