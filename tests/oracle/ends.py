"""How a case ends, and when it was decided to assess: Readings 6 and 11."""

from datetime import date

from oracle.limits import End
from oracle.reading import Read
from oracle.refusals import Refusal, refusal_to_assess, refusal_to_issue


def case_end(facts: Read) -> End:  # noqa: PLR0911 - one return for each kind of end
    """Reading 11: how and when a case ended, as it stood at `as_at`."""
    if facts.not_received:
        return End()
    if facts.under_h:
        return End("h")
    if facts.first_final is not None:
        return End("final", facts.first_final)
    standing = [r for r in (refusal_to_assess(facts), refusal_to_issue(facts)) if r.stands]
    closed = None if facts.closed is None or _stale(facts) else facts.closed
    if standing:
        return End("refusal", _refused_on(standing, closed))
    if closed is not None:
        return End("closed", closed)
    if facts.closed_recorded is None and _left_on_unknown_day(facts):
        return End("lost")
    return End()


def _stale(facts: Read) -> bool:
    """Whether the closing is only that of a refusal that was later reversed."""
    for refusal in (refusal_to_assess(facts), refusal_to_issue(facts)):
        since = refusal.reversed_on or refusal.day
        if refusal.reversed and since is not None and facts.closed <= since:
            return True
    return False


def decided_to_assess(facts: Read) -> date | None:
    """Give the day of the decision to assess, where it is known."""
    if facts.request == "Y":
        return facts.request_date
    return refusal_to_assess(facts).reversed_on


def _refused_on(standing: list[Refusal], closed: date | None) -> date | None:
    days = [refusal.day for refusal in standing if refusal.day is not None]
    return min(days) if days else closed


def _left_on_unknown_day(facts: Read) -> bool:
    return "W" in (facts.request, facts.assessment) or facts.exported or facts.closed_reason != ""
