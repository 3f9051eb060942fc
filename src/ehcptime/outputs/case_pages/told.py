"""What the family should have been told by now, on the page."""

from itertools import groupby
from typing import Any

import pandas as pd

from ehcptime.outputs.case_pages.printing import of_texts
from ehcptime.outputs.case_pages.view import View
from ehcptime.outputs.case_pages.words import TEXTS, WORDS
from ehcptime.outputs.pages.parts import Section
from ehcptime.tracking.words import long_date

_HEADINGS = ("What about", "By", "Recorded", "Source")
_OF_LIMITS = {"exemption", "missed"}  # there may be one for each limit


def told(view: View) -> Section:
    """List the letters that should have come, by when, and what is recorded of them."""
    title = (
        "What you should have been told by now"
        if view.reader.is_family
        else "What the family should have been told by now"
    )
    rows = [_row(view, list(rows)) for _, rows in groupby(view.letters.to_dict("records"), key=_letter)]
    table = of_texts("letters", f"Letters by {view.today}", _HEADINGS, rows, nothing="Nothing yet.")
    return Section("told", title, (TEXTS["letters"],), tables=(table,))


def _letter(row: Any) -> str:
    return str(row["letter"])


def _row(view: View, rows: list[Any]) -> tuple[str, ...]:
    """One letter; where there is one for each of several limits, they are named together."""
    first = rows[0]
    steps = [view.reader.step(row["rule"], view.law[row["rule"]].title).lower() for row in rows]
    days = list(dict.fromkeys(_day(row["due"]) for row in rows))
    states = [WORDS["states"][row["state"]].format(day=_day(row["recorded_on"])) for row in rows]
    return (
        first["title"] + (f" ({'; '.join(steps)})" if first["letter"] in _OF_LIMITS else ""),
        "; ".join(day for day in days if day) or "no day set",
        "; ".join(dict.fromkeys(states)),
        view.reader.source(first["cite"]),
    )


def _day(day: pd.Timestamp) -> str:
    return "" if pd.isna(day) else long_date(day.date())
