"""The family's own limits on the page: first after a refusal or a final plan, and what silence means at any time."""

from datetime import date

from ehcptime.outputs.case_pages.own_limits import APPEAL, OwnLimit
from ehcptime.outputs.case_pages.printing import of_texts
from ehcptime.outputs.case_pages.view import View
from ehcptime.outputs.case_pages.words import TEXTS
from ehcptime.outputs.pages.parts import Section
from ehcptime.tracking.words import long_date

_HEADINGS = ("What you can do", "Safest day", "Last day by the rules", "How it was counted", "Source")


def appeals(view: View) -> Section:
    """Give the family's own limits, or say that there is nothing yet that can be appealed."""
    if view.decision is None:
        return Section("own", "If you disagree", (TEXTS["complaint"], TEXTS["silence"]))
    if not view.own:
        return Section("own", _title(view), (TEXTS["unknown_day"], TEXTS["silence"]))
    table = of_texts(
        "own-limits",
        f"Counted from {_from(view.decision.starts)}",
        _HEADINGS,
        (_row(view, one) for one in view.own),
    )
    moved = any(one.earliest.safest != one.earliest.last for one in view.own)
    passed = any(one.earliest.safest < view.as_at and one.done is None for one in view.own)
    said = (
        *((TEXTS["roll"],) if moved else ()),
        *((TEXTS["late_appeal"],) if passed else ()),
        TEXTS["placement"],
        TEXTS["silence"],
    )
    return Section("own", _title(view), said, tables=(table,))


def _from(starts: tuple[date, ...]) -> str:
    """The days from which the limits may run."""
    return " or ".join(long_date(day) for day in starts)


def _title(view: View) -> str:
    return "Your own limits, if you want to appeal" if view.reader.is_family else "The family's own limits"


def _row(view: View, one: OwnLimit) -> tuple[str, ...]:
    by_five = f", {TEXTS['by_five']}" if one.rule == APPEAL else ""
    first = one.earliest
    state = (
        f"; done on {long_date(one.done)}" if one.done else "; passed" if first.safest < view.as_at else ""
    )
    return (
        view.reader.step(one.rule, one.title),
        f"{long_date(first.safest)}{by_five}{state}",
        f"{long_date(first.last)}{by_five}",
        first.sum,
        view.reader.source(one.cite),
    )
