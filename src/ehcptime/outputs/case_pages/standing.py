"""Where a case stands, in a few sentences, and the delay in months."""

from ehcptime.outputs.case_pages.months import Delay, delay
from ehcptime.outputs.case_pages.printing import of_texts
from ehcptime.outputs.case_pages.view import View, applies, is_late, is_lifted
from ehcptime.outputs.case_pages.words import TEXTS, WORDS
from ehcptime.outputs.pages.parts import Section
from ehcptime.tracking.deadline import Deadline
from ehcptime.tracking.words import long_date

_HEADINGS = ("Step", "Days late", "Whole months and days", "If a part month counts", "How it was counted")


def standing(view: View) -> Section:
    """Say how far the case has come, how late it is, and what it waits for."""
    said = [_stage(view), _main(view), _waits(view)]
    return Section("standing", "Where it stands", tuple(text for text in said if text))


def delays(view: View) -> Section | None:
    """List each delay in days, in weeks and in months, with the sum; None where nothing is late."""
    shown = [d for d in view.steps if not (view.reader.is_plain and d.rule.startswith("advice_"))]
    late = [(d, found) for d in shown if (found := delay_of(d))]
    if not late:
        return None
    rows = ((view.reader.step(d.rule, d.title), *_cells(found)) for d, found in late)
    table = of_texts("delays", "Delay by step", _HEADINGS, rows)
    return Section("delay", "How long the delay is", (TEXTS["months"],), tables=(table,))


def delay_of(deadline: Deadline) -> Delay | None:
    """The delay of a limit that was missed, to the day that stopped it or to the day of the position; None of any other."""
    if not is_late(deadline) or deadline.due is None or deadline.days_over is None:
        return None
    last = deadline.due.toordinal() + deadline.days_over
    return delay(deadline.due, deadline.due.fromordinal(last))


def _cells(found: Delay) -> tuple[str, ...]:
    months = f"{found.started} month{'' if found.started == 1 else 's'}"
    return found.in_weeks, found.words, months, found.sum


def _stage(view: View) -> str:
    if view.decision is not None:
        said = WORDS["decisions"][view.decision.kind]
        return f"{said} on {long_date(view.decision.day)}." if view.decision.day else f"{said}."
    stage = view.timeline.stage
    return str(WORDS["stages"]["ended" if stage == "closed" else stage])


def _main(view: View) -> str:
    """What became of the limit that matters most: the final plan, or else the decision not to give one, or whether to assess."""
    chosen = [view.timeline[rule] for rule in ("plan_final", "plan_refusal", "request_decision")]
    main = next((one for one in chosen if applies(one)), None)
    if main is None:
        return ""
    late = delay_of(main)
    if late is None or main.due is None:
        return f"{main.title}: {main.outcome()}."
    return str(WORDS["late"][main.status]).format(
        what=main.title,
        due=long_date(main.due),
        today=view.today,
        done=long_date(main.done) if main.done else "",
        late=f"{late.in_weeks}, or {late.words},",
    )


def _waits(view: View) -> str:
    """What the case waits for; of advice, since when and by when."""
    if not view.waits:
        return ""
    owed = [d for d in view.timeline if d.rule.startswith("advice_") and d.status in ("running", "overdue")]
    said = [f"It is waiting for: {', '.join(view.waits)}.", *(_owed(view, one) for one in owed)]
    return " ".join(said)


def _owed(view: View, deadline: Deadline) -> str:
    asked = long_date(deadline.start) if deadline.start else "a day that is not known"
    by = (
        "its limit is claimed to be lifted"
        if is_lifted(deadline)
        else f"last day {long_date(deadline.due)}"
        if deadline.due
        else "no last day"
    )
    return f"{view.reader.step(deadline.rule, deadline.title)}: counted from {asked}, {by}, not received."
