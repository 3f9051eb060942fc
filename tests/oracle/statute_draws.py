"""Dates for each rule of the book, aimed at its last day and at the days on which calendars go wrong."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.easter import easter
from dateutil.relativedelta import SU, relativedelta
from hypothesis import strategies as st

from oracle.bank_holidays import ENGLAND, ONE_OFF
from oracle.book import BOOK, SECOND, Period
from oracle.draws import RARELY
from oracle.months import DAY
from oracle.statute import due

Dates = dict[str, date | None]

_YEARS = range(2015, 2027)  # the typed holidays reach a year further either way
_MONTH_ENDS = [date(y, m, monthrange(y, m)[1]) for y in _YEARS for m in range(1, 13)]
_LEAP = [date(y, 2, 28) for y in _YEARS] + [date(y, 2, 29) for y in (2016, 2020, 2024)]
_CLOCKS = [date(y, m, 31) + relativedelta(weekday=SU(-1)) for y in _YEARS for m in (3, 10)]
_EASTER = [easter(y) + timedelta(days=shift) for y in _YEARS for shift in (-2, 0, 1)]
_CHRISTMAS = [date(y, 12, 25) + timedelta(days=shift) for y in _YEARS for shift in range(9)]
_AUGUST = [date(y, 8, day) for y in _YEARS for day in (1, 31)]
_KINDS = (_MONTH_ENDS, _LEAP, _CLOCKS, _EASTER, _CHRISTMAS, _AUGUST, list(ONE_OFF))

_STEPS = range(-2, 3)
_FAR = st.integers(-60, 400)


class Look(NamedTuple):
    """A rule's dates, the day to look, and the day on which the matter ended, if it did."""

    dates: Dates
    as_at: date
    ended: date | None


@st.composite
def statute_dates(draw: st.DrawFn, rule: str) -> Dates:
    """Give `start`, `done` and `later` for a rule, at the edges of its limit and of the calendar."""
    start = draw(_starts(rule))
    dates: Dates = {"start": start, "done": None, "later": None}
    if rule in SECOND and draw(st.sampled_from([True, True, True, False])):
        dates["later"] = draw(_seconds(rule, start))
    if draw(st.booleans()):
        dates["done"] = draw(_beside(rule, dates))
    if draw(RARELY):
        dates["start"] = None
    return dates


@st.composite
def statute_looks(draw: st.DrawFn, rule: str) -> Look:
    """Give a rule's dates and the day to look; now and then the matter has ended."""
    dates = draw(statute_dates(rule))
    as_at = draw(_beside(rule, dates))
    if draw(st.sampled_from([True, False, False])):
        ended = draw(_beside(rule, dates))
        return Look(dates, draw(st.sampled_from([as_at, max(as_at, ended), ended + DAY])), ended)
    return Look(dates, as_at, None)


def rules() -> st.SearchStrategy[str]:
    """Every rule of the book."""
    return st.sampled_from(sorted(BOOK))


# Weights are written into lists that are sampled from: `one_of` forgets that a strategy was given it twice.


@st.composite
def _starts(draw: st.DrawFn, rule: str) -> date:
    """Starts about an edge, or whose limit runs over one or ends about one, and the first day of the law."""
    law = BOOK[rule]
    where = draw(st.sampled_from(["start", "within", "within", "end", "end", "first"]))
    if where == "first":
        return law.first + draw(st.sampled_from(_STEPS)) * DAY
    edge = draw(st.sampled_from(draw(st.sampled_from(_KINDS)))) + draw(st.sampled_from(_STEPS)) * DAY
    if where == "start":
        return edge
    onto = _back(edge, law.period)
    return onto if where == "end" else edge + (onto - edge) // 2


@st.composite
def _seconds(draw: st.DrawFn, rule: str, start: date) -> date:
    """Second triggers: about the first, within weeks of it, and such that the two limits end together."""
    where = draw(st.sampled_from(["together", "together", "beside", "weeks"]))
    if where == "weeks":
        return start + draw(st.integers(-30, 45)) * DAY
    together = _back(start + _length(BOOK[rule].period), SECOND[rule])
    return (together if where == "together" else start) + draw(st.sampled_from(_STEPS)) * DAY


@st.composite
def _beside(draw: st.DrawFn, rule: str, dates: Dates) -> date:
    """Days beside the limit of `dates`, beside its triggers, and far from both."""
    last = due(rule, dates, holidays=ENGLAND)
    known = [day for day in (last, last, last, *dates.values()) if day is not None]
    whence = draw(st.sampled_from(known or _MONTH_ENDS))
    far = draw(st.sampled_from([False, False, False, True]))
    return whence + draw(_FAR if far else st.sampled_from(_STEPS)) * DAY


def _back(last: date, period: Period) -> date:
    """About the start whose period ends on `last`."""
    return last + _length(period) if period.count == "before" else last - _length(period)


def _length(period: Period) -> relativedelta:
    """About the length of a period, in calendar days where it is told in working days."""
    if period.unit == "working_days":
        return relativedelta(days=period.number * 7 // 5)
    return {
        "weeks": relativedelta(weeks=period.number),
        "days": relativedelta(days=period.number),
        "months": relativedelta(months=period.number),
        "": relativedelta(),
    }[period.unit]
