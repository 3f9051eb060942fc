"""The slow oracle for every limit of the book: one rule, its two or three dates, and the day to look."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from oracle.book import BOOK, FIXED, READINGS, SECOND, Period
from oracle.limits import Act, End, Limit, judge, judge_minimum
from oracle.months import DAY, is_working, last_day

Dates = Mapping[str, date | None]
Holidays = Collection[date]


def due(rule: str, dates: Dates, *, reading: str | None = None, holidays: Holidays) -> date | None:
    """Last day of the limit; None where a date that it needs is blank or no version covers the start.

    `reading` is None (the default of each rule), "strict" or "loose"; a rule that has no such other reading
    keeps its default.
    """
    if reading not in (None, "strict", "loose"):
        raise ValueError(reading)
    start, later = dates.get("start"), dates.get("later")
    if start is None or start < BOOK[rule].first:
        return None
    last = _last_day(rule, start, later, holidays)
    if last is None or reading is None:
        return last
    return last + timedelta(days=READINGS.get(rule, {}).get(reading, 0))


def status(
    rule: str,
    dates: Dates,
    *,
    as_at: date,
    holidays: Holidays,
    ended: date | None = None,
    reading: str | None = None,
) -> tuple[str, int | None]:
    """Status and days over, as it stood at `as_at`; `ended` is the day on which the matter came to an end."""
    law = BOOK[rule]
    start, done, later = dates.get("start"), _seen(dates.get("done"), as_at), _seen(dates.get("later"), as_at)
    if not law.looks_ahead and start is not None and start > as_at:
        return "not_applicable", None
    if start is None or (rule == "move_review" and later is None):
        return _untold(rule, done, later), None
    last = due(rule, {"start": start, "later": later}, reading=reading, holidays=holidays)
    end = End() if _seen(ended, as_at) is None else End("closed", ended)
    if law.is_minimum:
        return judge_minimum(Limit(start, last), done, end, as_at)
    # A notice always comes before the meeting that it is of, so its start is no floor.
    floor = date.min if law.looks_ahead else start
    return judge(Limit(floor, last), Act(done), end, as_at)


def _untold(rule: str, done: date | None, later: date | None) -> str:
    """Judge a limit without its trigger: `unknown` where something else shows that the trigger happened."""
    # A transfer shows that a plan was made, a certificate that a notice was sent; awareness shows no move.
    shown = rule in ("move_review", "appeal_lodge") and later is not None
    return "unknown" if done is not None or shown else "not_applicable"


def _seen(day: date | None, as_at: date) -> date | None:
    return None if day is None or day > as_at else day


def _last_day(rule: str, start: date, later: date | None, holidays: Holidays) -> date | None:
    if rule in FIXED:
        month, day = FIXED[rule]
        return last_day(date(start.year, month, day), count="before")
    if rule in ("move_transfer", "move_cb_notify"):
        return _moved(start, later, SECOND[rule], holidays)
    if rule == "move_review" and later is None:
        return None
    if rule == "appeal_response":
        return _answered(start, BOOK[rule].number, holidays)
    last = _count(start, BOOK[rule].period, holidays)
    if rule in SECOND and later is not None:
        last = max(last, _count(later, SECOND[rule], holidays))
    return _lodged(last, holidays) if rule == "appeal_lodge" else last


def _count(start: date, period: Period, holidays: Holidays) -> date:
    if period.count == "immediately":
        return start
    length = {period.unit: period.number}
    return last_day(start, count=period.count, holidays=holidays, **length)


def _moved(move: date, aware: date | None, period: Period, holidays: Holidays) -> date:
    """Give the day of the move, unless it was not known as many working days ahead."""
    ahead = last_day(move, count="before", working_days=period.number, holidays=holidays)
    if aware is None or aware <= ahead:
        return move
    return _count(aware, period, holidays)


def _lodged(day: date, holidays: Holidays) -> date:
    """Rule 12(3)(a), then rule 12(2), once each: a weekend that ends inside a recess is not in it."""
    while _in_recess(day):
        day += DAY
    while not is_working(day, holidays):
        day += DAY
    return day


def _answered(sent: date, wanted: int, holidays: Holidays) -> date:
    """Rule 12(3)(b): days in a recess are not counted at all."""
    day, found = sent, 0
    while found < wanted:
        day += DAY
        if is_working(day, holidays) and not _in_recess(day):
            found += 1
    return day


def _in_recess(day: date) -> bool:
    return day.month == 8 or (day.month, day.day) == (1, 1) or (day.month == 12 and day.day >= 25)
