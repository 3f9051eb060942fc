"""Where authorities differ about a case: the readings side by side, each with its day and its source, and which is used."""

from collections.abc import Iterator
from datetime import date

from ehcptime.clock.counting import to_date
from ehcptime.clock.due import due_from
from ehcptime.outputs.case_pages.printing import of_texts
from ehcptime.outputs.case_pages.view import View, applies, is_lifted
from ehcptime.outputs.case_pages.words import WORDS
from ehcptime.outputs.pages.parts import Section
from ehcptime.tracking.words import long_date

_HEADINGS = ("Question", "One reading", "Another reading", "Used on this page")


def differences(view: View) -> Section | None:
    """List the conflicts that bear on this case; None where there are none."""
    rows = [_row(view, name, days) for name, *days in _found(view)]
    if not rows:
        return None
    table = of_texts("conflicts", "Readings side by side", _HEADINGS, rows)
    return Section("differences", "Where authorities differ", tables=(table,))


def _found(view: View) -> Iterator[tuple[str, date | None, date | None]]:
    """The conflicts, with the day by each of the two readings."""
    sixteen, final = view.timeline["issue_decision"], view.timeline["plan_final"]
    for one in view.own[:1]:
        yield from _of_notice(view, one.rule)
    if view.timeline.plan_final_due_other is not None and not is_lifted(final):
        yield "changed", *_changed(view)
    if applies(sixteen) and not is_lifted(sixteen) and sixteen.due:
        yield "sixteen", None, sixteen.due
    if (
        applies(final)
        and not is_lifted(final)
        and not view.reader.is_family
        and view.day_one.due != final.due
    ):
        yield "day_one", final.due, view.day_one.due


def _of_notice(view: View, rule: str) -> Iterator[tuple[str, date | None, date | None]]:
    decision = view.decision
    if decision is not None and len(decision.starts) > 1:
        days = {r.start: r.safest for one in view.own if one.rule == rule for r in reversed(one.readings)}
        yield "notice", days.get(decision.starts[0]), days.get(decision.starts[1])
    for one in view.own:
        from_first = [r.safest for r in one.readings if r.start == one.earliest.start]
        if len(from_first) > 1:
            yield "certificate", from_first[0], from_first[-1]


def _changed(view: View) -> tuple[date | None, date | None]:
    """The original last day, and the one that the Ombudsman counts from the change."""
    both = {view.timeline["plan_final"].due, view.timeline.plan_final_due_other}
    limits = view.law.limits(["plan_final"])
    original = to_date(int(due_from(limits, view.cases.now.start)[0]))
    return original, next((day for day in both if day != original), original)


def _row(view: View, name: str, days: list[date | None]) -> tuple[str, ...]:
    said = WORDS["conflicts"][name]
    readings = (
        f"{said[which]}{f': {long_date(day)}' if day else ''} ({view.reader.source(said[f'{which}_source'])})"
        for which, day in zip(("first", "second"), days, strict=True)
    )
    return said["question"], *readings, said["used"]
