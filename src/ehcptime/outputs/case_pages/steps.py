"""The steps of a case as a table: what is to be done, by when, what was done, how late, and where that is written."""

from ehcptime.outputs.case_pages.printing import of_texts
from ehcptime.outputs.case_pages.standing import delay_of
from ehcptime.outputs.case_pages.view import View, applies, is_lifted
from ehcptime.outputs.case_pages.words import TEXTS, WORDS
from ehcptime.outputs.pages.parts import Section
from ehcptime.outputs.pages.words import NOTHING
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.words import count, long_date

_HEADINGS = ("Step", "Time allowed", "Last day", "How it was counted", "Done", "Days late", "Source")
_LIFTED = "claimed to be lifted"
_MARKS = {"seen": "text seen", "secondary": "from a secondary source", "memory": "not verified"}


def steps(view: View) -> Section:
    """List the steps."""
    rows = (_row(view, deadline) for deadline in view.steps)
    table = of_texts("steps-table", f"Steps at {view.today}", _HEADINGS, rows)
    return Section("steps", "Step by step", tables=(table,))


def exceptions(view: View) -> Section:
    """Say which limits are claimed to be lifted, by what, and whether the dates support it."""
    lifted = [d for d in view.steps if d.exempt]
    if not lifted:
        return Section("exceptions", "Exceptions", (TEXTS["no_exception"],))
    said = tuple((view.reader.step(d.rule, d.title), _claim(view, d)) for d in lifted)
    return Section("exceptions", "Exceptions", (TEXTS["exception"],), terms=said)


def sources(view: View) -> Section:
    """Give for each limit its citation, how far its text was verified, its link and its notes."""
    held = {d.rule for d in view.timeline}
    own = tuple((one.title, f"{one.cite}; {one.url}") for one in view.own if one.rule not in held)
    terms = tuple(
        (
            view.reader.step(d.rule, d.title),
            "; ".join([f"{d.cite}, {d.kind} ({_MARKS[d.mark]})", d.url, *d.notes]),
        )
        for d in view.timeline
        if applies(d)
    )
    return Section("sources", "Sources", terms=own + terms)


def _row(view: View, deadline: Deadline) -> tuple[str, ...]:
    return (
        view.reader.step(deadline.rule, deadline.title),
        _allowed(deadline),
        _last_day(deadline),
        _sum(deadline),
        _done(deadline),
        _late(deadline),
        view.reader.source(deadline.cite) + ("" if view.reader.is_plain else f" ({deadline.kind})"),
    )


def _allowed(deadline: Deadline) -> str:
    """How long is allowed; nothing where an agreement or a direction replaced it."""
    version = deadline.version
    if deadline.replaced:
        return "set by agreement or direction"
    return f"{'at least ' if version.bound == 'at_least' else ''}{version.length}"


def _last_day(deadline: Deadline) -> str:
    if not applies(deadline):
        return "does not apply"
    if is_lifted(deadline):
        return _LIFTED
    return long_date(deadline.due) if deadline.due else "cannot be told"


def _sum(deadline: Deadline) -> str:
    """The sum; of a limit that is lifted or does not apply there is none."""
    if not applies(deadline):
        return deadline.reason or NOTHING
    return NOTHING if is_lifted(deadline) else deadline_sum(deadline) or deadline.reason or NOTHING


def deadline_sum(deadline: Deadline) -> str:
    """Write how a last day was counted, as the explanation of the limit has it; empty where it is no plain sum.

    >>> from datetime import date
    >>> from ehcptime.records.case import Case
    >>> from ehcptime.tracking.timeline import timeline
    >>> found = timeline(Case(case_id="JSC", received_date=date(2025, 4, 2)), as_at=date(2025, 8, 21))
    >>> deadline_sum(found["issue_decision"])
    '2 April 2025 + 112 days = 23 July 2025'
    """
    start = "  sum: "
    return next(
        (line.removeprefix(start) for line in deadline.explain().splitlines() if line.startswith(start)), ""
    )


def _done(deadline: Deadline) -> str:
    if deadline.done is not None:
        return long_date(deadline.done)
    said = {
        "met": "the time has passed",
        "running": "not yet",
        "overdue": "not done",
        "ended_late": "not done; the case ended",
    }
    return said.get(deadline.status, NOTHING if not applies(deadline) else "day not known")


def _late(deadline: Deadline) -> str:
    if is_lifted(deadline):
        return "as soon as practicable"
    if deadline.version.is_floor and deadline.status == "met":
        return NOTHING
    found = delay_of(deadline)
    if found is not None:
        return found.in_weeks
    left = abs(deadline.days_over or 0)
    said = {
        "met": "in time",
        "running": f"{count(left)} left",
        "too_soon": f"{count(left)} too soon",
        "unknown": "cannot be told",
    }
    return said.get(deadline.status, NOTHING)


def _claim(view: View, deadline: Deadline) -> str:
    """What a limit is claimed to be lifted by: the reason in the words of the law, and what the dates show."""
    reasons = view.law.exemptions
    named = [part.strip() for part in deadline.lifted_by.split(",")]
    said = [
        f"{reasons[code].title}: {reasons[code].condition}" if code in reasons else code for code in named
    ]
    supported = WORDS["supported"].get(deadline.exempt_supported or "", WORDS["supported"]["other"])
    return f"{'; '.join(text for text in said if text) or 'no reason is recorded'} ({supported})"
