"""What one row of `cases` says at `as_at`: Readings 1, 2, 3 and 5."""

from dataclasses import dataclass
from datetime import date

# An outcome whose date is after `as_at` reads as `A`; it has a name of its own because an `A` that was
# recorded as such is evidence and an `A` made by the cut-off is not.
CUT = "cut"
UNREADABLE = "?"
BLANK = ""


@dataclass(frozen=True)
class Read:
    """One row, cut off at `as_at`. Dates after `as_at` are None, except where a name says `recorded`."""

    as_at: date
    start: date | None
    request: str
    request_date: date | None
    assessment: str
    assessment_date: date | None
    # True where the assessment code holds at every `as_at` for want of a date of its own.
    assessment_undated: bool
    issue_decision: date | None
    draft: date | None
    plan_issued: date | None
    first_final: date | None
    closed: date | None
    closed_recorded: date | None
    closed_reason: str
    exported: bool
    reversal_of: str
    route: str
    reversal: date | None
    reversal_recorded: date | None

    @property
    def not_received(self) -> bool:
        """Whether the row has not begun."""
        return self.start is not None and self.start > self.as_at

    @property
    def under_h(self) -> bool:
        """Whether the assessment ended in an earlier return."""
        return self.assessment == "H"


def read(row: dict, as_at: date) -> Read:
    """Read a row as it stood at `as_at`."""
    closed = row.get("closed_date")
    request, request_date = _outcome(row, "request", as_at)
    assessment, assessment_date = _outcome(row, "assessment", as_at)
    undated = _assessment_undated(row)
    if undated and _request_date_to_come(row, as_at):
        assessment, assessment_date = BLANK, None
    plan_issued = seen(row.get("plan_issued_date"), as_at)
    return Read(
        as_at=as_at,
        start=start_day(row),
        request=request,
        request_date=request_date,
        assessment=assessment,
        assessment_date=assessment_date,
        assessment_undated=undated,
        issue_decision=seen(row.get("issue_decision_date"), as_at),
        draft=seen(row.get("draft_sent_date"), as_at),
        plan_issued=plan_issued,
        first_final=_first_final(assessment, assessment_date, plan_issued),
        closed=seen(closed, as_at),
        closed_recorded=closed,
        closed_reason=word(row.get("closed_reason")),
        exported=_flagged(row.get("exported")),
        reversal_of=word(row.get("reversal_of")),
        route=word(row.get("reversal_route")),
        reversal=seen(row.get("reversal_date"), as_at),
        reversal_recorded=row.get("reversal_date"),
    )


def seen(day: date | None, as_at: date) -> date | None:
    """Give a date that had come by `as_at`; a later one reads as blank."""
    if day is None or day > as_at:
        return None
    return day


def word(value: str | None) -> str:
    """Read a code in words, without regard to case or surrounding space."""
    return "" if value is None else str(value).strip().lower()


def letter(value: str | None) -> str:
    """Read an outcome code: one of Y N A W H, blank, or one that cannot be read."""
    text = "" if value is None else str(value).strip().upper()
    if text == "":
        return BLANK
    return text if text in ("Y", "N", "A", "W", "H") else UNREADABLE


def start_day(row: dict) -> date | None:
    """Reading 1: the earlier of receipt and responsibility, never before the move; from the record as it is."""
    received, responsible = row.get("received_date"), row.get("responsible_date")
    given = [day for day in (received, responsible) if day is not None]
    if not given:
        return None
    start = min(given)
    moved_in = row.get("moved_in_date")
    if moved_in is not None and moved_in > start:
        start = moved_in
    return start


def _flagged(value: object) -> bool:
    return value is not None and str(value).strip() not in ("", "0")


def _outcome(row: dict, name: str, as_at: date) -> tuple[str, date | None]:
    code = letter(row.get(f"{name}_outcome"))
    day = row.get(f"{name}_outcome_date")
    closed = row.get("closed_date")
    if code == "W":
        return (CUT if closed is not None and closed > as_at else "W"), None
    if code in ("A", "H"):
        return code, None
    if day is not None and day > as_at:
        return (BLANK if code == BLANK else CUT), None
    return code, day


def _assessment_undated(row: dict) -> bool:
    code = letter(row.get("assessment_outcome"))
    if code == BLANK:
        return False
    if code in ("A", "H"):
        return True
    if code == "W":
        return row.get("closed_date") is None
    return row.get("assessment_outcome_date") is None


def _request_date_to_come(row: dict, as_at: date) -> bool:
    if letter(row.get("request_outcome")) in ("A", "W", "H"):
        return False  # the dates beside these codes are ignored
    day = row.get("request_outcome_date")
    return day is not None and day > as_at


def _first_final(assessment: str, assessment_date: date | None, plan_issued: date | None) -> date | None:
    if assessment == "H":
        return None
    days = []
    if plan_issued is not None:
        days.append(plan_issued)
    if assessment == "Y" and assessment_date is not None:
        days.append(assessment_date)
    return min(days) if days else None
