"""Which return an extract is: its calendar year and its authority, and whether it is the one before another."""

from datetime import date

import numpy as np
import pandas as pd

from ehcptime.clock.counting import is_day, to_date
from ehcptime.errors import InputError
from ehcptime.records.arrays import days_of
from ehcptime.records.extract import Extract

_COLLECTED_UNTIL = 3  # March: by then the return of the year before is in
_DATES = ("received_date", "request_outcome_date", "assessment_outcome_date")


def year_returned(day: date) -> int:
    """Give the calendar year that a return taken on a day covers: until March the year before, then the year itself.

    Source: the SEN2 collection is in January and covers the calendar year before.

    >>> year_returned(date(2025, 1, 16)), year_returned(date(2025, 10, 31))
    (2024, 2025)
    """
    return day.year - (day.month <= _COLLECTED_UNTIL)


def day_taken(extract: Extract, until: date) -> date:
    """Give the day of an extract; where that is not recorded, the last day of a request or decision in it up to `until`.

    Raises InputError where the extract holds no such day.
    """
    if extract.extracted_on is not None:
        return extract.extracted_on
    last = int((np.datetime64(until, "D") - np.datetime64("1970-01-01", "D")).astype(np.int64))
    columns = [days_of(extract.cases[name], name) for name in _DATES if name in extract.cases]
    days = np.concatenate([np.array([], dtype=np.int32), *columns])
    days = days[is_day(days) & (days <= last)]
    found = to_date(int(days.max())) if len(days) else None
    if found is None:
        raise InputError(
            f"the extract holds no request and no decision up to {until}: give a return that does"
        )
    return found


def check_last_year(extract: Extract, year: int, last: Extract, day: date) -> tuple[str, ...]:
    """Refuse a return that is not that of the year before; give back what could not be checked.

    Raises InputError, in one sentence, for a return of another authority or of another collection year.
    """
    ours, theirs = _authorities(extract), _authorities(last)
    if ours and theirs and not ours & theirs:
        raise InputError(
            f"last year's return is of authority {', '.join(sorted(theirs))} and this one of {', '.join(sorted(ours))}: "
            "give the last return of the same authority"
        )
    found = year_returned(day)
    if found != year - 1:
        raise InputError(
            f"last year's return was taken on {day} and covers {found}: give the return that covers {year - 1}"
        )
    if ours and theirs:
        return ()
    return ("That both returns are of one authority was not checked: one of them does not say whose it is.",)


def _authorities(extract: Extract) -> set[str]:
    if "la_code" not in extract.cases:
        return set()
    codes: pd.Series[str] = extract.cases["la_code"].dropna().astype(str).str.strip()
    return set(codes[codes != ""])
