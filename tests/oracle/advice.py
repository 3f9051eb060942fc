"""The slow oracle for `track_advice`: one asking at a time, with the row of its case."""

from datetime import date, timedelta

from oracle.ends import case_end, decided_to_assess
from oracle.limits import FIRST_VERSION, LATE, Act, End, judge, limit
from oracle.reading import read, seen, word

CODES = ("EXC_CIRC_BODY", "ABSENT_4W_BODY", "MISSED_APPT")
SIX_WEEKS = timedelta(weeks=6)
COVID_FROM, COVID_TO = date(2020, 5, 1), date(2020, 9, 25)


def track_ask(row: dict, *, as_at: date, case: dict | None = None) -> dict:
    """Track one row of `advice`; `case` is the row of `cases` that it is for, or None."""
    out = {"rule": None, "start_basis": None, "due": None, "status": "not_applicable", "days_over": None}
    out |= {"exempt": False, "breach": False, "asked_after_days": _asked_after(row, case, as_at)}
    outcome = _outcome(row, as_at)
    if word(row.get("advice_type")) == "parent" or outcome in ("existing_sufficient", "withdrawn"):
        return out
    bound = _bound(row)
    start, basis = _start(row, as_at, bound=bound)
    what = limit(start, 42)
    out |= {"rule": "advice_body" if bound else "advice_other", "start_basis": basis, "due": what.due}
    out["exempt"] = bound and _exempt(row.get("exemption"), start)
    if start is not None and start > as_at:
        return out
    act = _answer(row, outcome, as_at)
    out["status"], out["days_over"] = judge(what, act, _end(row, case, start, as_at), as_at)
    out["breach"] = bound and out["status"] in LATE and not out["exempt"]
    return out


def _outcome(row: dict, as_at: date) -> str:
    """Read the outcome; one that came back after `as_at` has not come back."""
    returned = row.get("returned_date")
    if returned is not None and returned > as_at:
        return ""
    return word(row.get("advice_outcome"))


def _bound(row: dict) -> bool:
    flag = row.get("bound_by_reg_8")
    if flag is None:
        return word(row.get("advice_type")) == "health"
    return flag == 1


def _start(row: dict, as_at: date, *, bound: bool) -> tuple[date | None, str | None]:
    received = seen(row.get("body_received_date"), as_at)
    if bound and received is not None:
        return received, "received"
    requested = row.get("requested_date")
    return requested, None if requested is None else "sent"


def _exempt(code: str | None, start: date | None) -> bool:
    if code is None or start is None or start < FIRST_VERSION:
        return False
    if code == "COVID":
        return start <= COVID_TO and start + SIX_WEEKS >= COVID_FROM
    return code in CODES


def _answer(row: dict, outcome: str, as_at: date) -> Act:
    returned = seen(row.get("returned_date"), as_at)
    return Act(returned, happened=outcome in ("provided", "not_known", "rejected"))


def _end(row: dict, case: dict | None, start: date | None, as_at: date) -> End:
    """Give the end that an unanswered asking sees: a day, or an unknown day, or none."""
    if case is None:
        return End()
    end = case_end(read(case, as_at))
    if not end.ended:
        return End()
    if end.day is None:
        return End("lost")
    asked = row.get("requested_date") or start
    if asked is not None and asked > end.day:
        return End()
    return End("closed", end.day)


def _asked_after(row: dict, case: dict | None, as_at: date) -> int | None:
    requested = seen(row.get("requested_date"), as_at)
    if case is None or requested is None:
        return None
    decided = decided_to_assess(read(case, as_at))
    return None if decided is None else (requested - decided).days
