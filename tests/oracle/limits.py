"""One limit judged: its start, its last day, what was done, and how the case ended."""

from dataclasses import dataclass
from datetime import date, timedelta

FIRST_VERSION = date(2014, 9, 1)
STATUSES = (
    "not_applicable",
    "unknown",
    "too_soon",
    "met",
    "met_late",
    "ended_late",
    "overdue",
    "running",
)
LATE = ("met_late", "ended_late", "overdue")


@dataclass(frozen=True)
class Limit:
    """The day that a limit runs from and its last day; None where it cannot be told."""

    start: date | None = None
    due: date | None = None


@dataclass(frozen=True)
class Act:
    """What the limit asks for: a day, an unknown day (`happened` alone), or not yet."""

    day: date | None = None
    happened: bool = False


@dataclass(frozen=True)
class End:
    """How a case ended: `final`, `refusal`, `closed`, `lost` (on an unknown day), `h`, or not (`none`)."""

    kind: str = "none"
    day: date | None = None

    @property
    def ended(self) -> bool:
        """Whether the case has ended."""
        return self.kind != "none"


def limit(start: date | None, days: int) -> Limit:
    """Give a limit of `days` days after `start`."""
    if start is None or start < FIRST_VERSION:
        return Limit(start, None)
    return Limit(start, start + timedelta(days=days))


def judge(  # noqa: PLR0911 - one return for each step of the order of statuses
    what: Limit, act: Act, end: End, as_at: date
) -> tuple[str, int | None]:
    """Judge a maximum period: its status and days over."""
    done = act.day is not None or act.happened
    if not done and end.kind == "h":
        return "not_applicable", None
    if what.start is None or what.due is None:
        return "unknown", None
    if act.day is not None:
        return _judge_done(what.start, what.due, act.day)
    if act.happened or end.kind == "lost":
        return "unknown", None
    if end.kind == "closed":
        return _judge_closed(what.due, end.day)
    if as_at > what.due:
        return "overdue", (as_at - what.due).days
    return "running", (as_at - what.due).days


def _judge_done(start: date, due: date, done: date) -> tuple[str, int | None]:
    if done < start:
        return "unknown", None
    if done <= due:
        return "met", (done - due).days
    return "met_late", (done - due).days


def _judge_closed(due: date, end: date) -> tuple[str, int | None]:
    if end <= due:
        return "not_applicable", None
    return "ended_late", (end - due).days


def judge_minimum(  # noqa: PLR0911 - the same
    what: Limit, act: date | None, end: End, as_at: date
) -> tuple[str, int | None]:
    """Judge a period that must have passed before the act."""
    if what.start is None or what.due is None:
        return "unknown", None
    first_lawful = what.due + timedelta(days=1)
    if act is not None:
        if act < what.start:
            return "unknown", None
        return ("met" if act >= first_lawful else "too_soon"), (first_lawful - act).days
    if end.kind == "lost":
        return "unknown", None
    if end.kind == "closed" and end.day <= what.due:
        return "not_applicable", None
    if as_at <= what.due:
        return "running", (as_at - what.due).days
    return "met", (first_lawful - as_at).days
