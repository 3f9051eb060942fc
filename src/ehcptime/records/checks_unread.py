"""The problem of a cell under a date that is no date: the row counts as if nothing stood there, though something does."""

from collections.abc import Iterator

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.checks import PROBLEM_COLUMNS
from ehcptime.records.extract import UNREAD_COLUMNS

NOT_READ = "date_not_read"
_MESSAGE = "could not be read as a date, so it counts as blank: put the date right at its source"


def unread_problems(unread: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    """Give one error for each unread cell, with its text as the reader showed it.

    Raises InputError where a column of `Extract.unread` is not there.

    >>> unread = pd.DataFrame({"case_id": ["A"], "column": ["draft_sent_date"], "value": ["w/c 3rd March"]})
    >>> [frame[["code", "value"]].values.tolist() for frame in unread_problems(unread)]
    [[['date_not_read', 'w/c 3rd March']]]
    """
    if unread is None or unread.empty:
        return
    for column in UNREAD_COLUMNS:
        if column not in unread:
            raise InputError(f"the unread cells have no column {column!r}: give `unread` of an Extract")
    yield unread.assign(code=NOT_READ, severity="error", message=_MESSAGE)[list(PROBLEM_COLUMNS)]
