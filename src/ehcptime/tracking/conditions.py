"""What each exemption asks of its dates (law.md section 3). Dates can support a claim; they never show that the reason was the cause."""

from collections.abc import Callable

from ehcptime.clock.counting import NOT_YET, day_number
from ehcptime.law.models import Exemption
from ehcptime.tracking.closed_setting import closed_setting
from ehcptime.tracking.findings import (
    CANNOT_BE_TOLD,
    NOT_SUPPORTED,
    SUPPORTED,
    Finding,
    Period,
    Reason,
    said,
    there,
)
from ehcptime.tracking.words import count

_TWO_WEEKS, _FOUR_WEEKS = 14, 28


def weighed(reason: Reason, exemption: Exemption, period: Period) -> Finding:
    """Say whether the dates of a reason meet the conditions of its exemption, for one limit."""
    test = _TESTS.get(reason.code)
    if test is not None:
        return test(reason, period)
    if exemption.first is not None and exemption.last is not None:
        return _in_force(reason, exemption, period)
    return Finding(
        CANNOT_BE_TOLD,
        "the text of this exemption was not seen, or it names no dates, so dates cannot test it",
    )


def _absent(least: int) -> Callable[[Reason, Period], Finding]:
    """Away for an unbroken time, of which at least so many days lie in the period of the limit."""
    asks = f"the law asks for {least // 7} weeks or more"

    def test(reason: Reason, period: Period) -> Finding:
        if reason.first == NOT_YET:
            return Finding(CANNOT_BE_TOLD, "the first day away is not recorded")
        begins, is_over = max(reason.first, period.start), there(reason.last)
        last = reason.last if is_over else reason.as_at
        inside = max(min(last, period.due) - begins + 1, 0)
        away = f"away from {said(reason.first)} " + (
            f"to {said(last)}" if is_over else f"and not known to be back by {said(last)}"
        )
        held = f"{away}: {count(inside)} of it in {period.words}"
        if inside >= least:
            return Finding(SUPPORTED, held)
        if not is_over and period.due - begins + 1 >= least:
            return Finding(CANNOT_BE_TOLD, f"{held}; {asks}, and the last day away is not recorded")
        if is_over and last - reason.first + 1 < least:
            return Finding(NOT_SUPPORTED, f"{away}, {count(last - reason.first + 1)}, and {asks}")
        return Finding(NOT_SUPPORTED, f"{held}, and {asks} inside it")

    return test


def _during(reason: Reason, period: Period) -> Finding:
    """At least a day of the reason lies in the period of the limit."""
    if reason.first == NOT_YET:
        return Finding(CANNOT_BE_TOLD, "the day on which the circumstances began is not recorded")
    began = f"the circumstances began on {said(reason.first)}"
    if reason.first > period.due:
        return Finding(NOT_SUPPORTED, f"{began}, after {period.words}")
    if reason.first >= period.start:
        return Finding(SUPPORTED, f"{began}, in {period.words}")
    last = reason.as_at if reason.last == NOT_YET else reason.last
    if not there(last):
        return Finding(CANNOT_BE_TOLD, f"{began}, before {period.words}, and their last day is not recorded")
    if last < period.start:
        return Finding(NOT_SUPPORTED, f"{began} and lasted until {said(last)}, before {period.words}")
    return Finding(SUPPORTED, f"{began} and lasted until {said(last)}, in {period.words}")


def _missed(reason: Reason, period: Period) -> Finding:
    if reason.first == NOT_YET:
        return Finding(CANNOT_BE_TOLD, "the day of the missed appointment is not recorded")
    missed = f"the appointment was missed on {said(reason.first)}"
    if period.start <= reason.first <= period.due:
        return Finding(SUPPORTED, f"{missed}, in {period.words}")
    return Finding(NOT_SUPPORTED, f"{missed}, outside {period.words}")


def _in_force(reason: Reason, exemption: Exemption, period: Period) -> Finding:
    """An exemption with dates of its own: the limit ran, and the reason is dated, while it was in force."""
    opened, shut = day_number(exemption.first), day_number(exemption.last)  # type: ignore[arg-type]
    law = f"the exemption was in force from {said(opened)} to {said(shut)}"
    begins, ends = max(opened, period.start), min(shut, period.due)
    if begins > ends:
        return Finding(NOT_SUPPORTED, f"{law}, outside {period.words}")
    if (reason.first != NOT_YET and reason.first > ends) or (there(reason.last) and reason.last < begins):
        return Finding(NOT_SUPPORTED, f"{law}, and the reason is dated outside the part of it in which the limit ran")  # fmt: skip
    return Finding(SUPPORTED, f"{law}, within {period.words}")


_TESTS: dict[str, Callable[[Reason, Period], Finding]] = {
    "SCHOOL_CLOSED": closed_setting,
    "EY_CLOSED": closed_setting,
    "EXC_PERSONAL": _during,
    "EXC_CIRC_BODY": _during,
    "ABSENT_4W": _absent(_FOUR_WEEKS),
    "ABSENT_4W_BODY": _absent(_FOUR_WEEKS),
    "ABSENT_2W": _absent(_TWO_WEEKS),
    "MISSED_APPT": _missed,
}
