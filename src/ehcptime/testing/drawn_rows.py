"""Hypothesis strategies for what files hold: untidy rows, rows that cannot be true, askings for advice and whole caseloads."""

from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from ehcptime.law.book import LAW
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.columns import COLUMNS, names
from ehcptime.testing.drawn_cases import exempt_cases, late_cases, lawful_cases, near, reversed_cases

_DATES = tuple(name for name in names("cases", "date") if name != "plan_final_override_date")
_CODES = {name: column.values for name, column in COLUMNS["cases"].items() if column.values}
_FLAGS = ("week20", "exported")
_AGO = st.sampled_from([limit + shift for limit in (0, 14, 42, 112, 140) for shift in range(-2, 3)])
Row = dict[str, Any]


@st.composite
def messy_rows(draw: st.DrawFn, as_at: date) -> Row:
    """Rows of `cases` in which no cell knows of another: blanks, days on and beside the limits, codes as people type them."""
    row: Row = {"case_id": f"row-{draw(st.integers(1, 10**9))}"}
    for name in _DATES:
        row[name] = draw(st.one_of(st.none(), _AGO.map(lambda ago: as_at - timedelta(days=ago))))
    for name, values in _CODES.items():
        row[name] = draw(st.one_of(st.none(), _typed(values)))
    for name in _FLAGS:
        row[name] = draw(st.sampled_from([None, 0, 1]))
    return row


@st.composite
def impossible_rows(draw: st.DrawFn, as_at: date) -> Row:
    """Rows of `cases` that cannot be true: an act before the request, or a code that no return has. A check must name each."""
    row: Row = draw(late_cases(as_at)).model_dump(exclude={"other_dates"})
    before = row["received_date"] - timedelta(days=draw(st.sampled_from([1, 1, 2, 365])))
    wrong: tuple[Row, ...] = (
        {"request_outcome": "Y", "request_outcome_date": before},
        {"assessment_outcome": "Y", "assessment_outcome_date": before},
        {"closed_date": before, "closed_reason": "withdrawn"},
        {"request_outcome": "X"},
        {"draft_sent_date": before},
    )
    return row | draw(st.sampled_from(wrong))


@st.composite
def advice_requests(draw: st.DrawFn, as_at: date, case_id: str = "case-1") -> AdviceRequest:
    """Askings for advice of every kind: answered on and beside the last of six weeks, or not yet."""
    kind = draw(st.sampled_from(COLUMNS["advice"]["advice_type"].values))
    asked = as_at - timedelta(days=draw(st.sampled_from([0, 1, 41, 42, 43, 44, 60, 120])))
    received = asked + timedelta(days=draw(st.sampled_from([0, 0, 1, 3])))
    due = LAW["advice_body"].due(received)
    back = draw(st.one_of(st.none(), near(due)))
    known = back is not None and back <= as_at
    return AdviceRequest(
        case_id=case_id,
        advice_type=kind,
        requested_date=asked,
        body_received_date=received if received <= as_at else None,
        returned_date=back if known else None,
        advice_outcome="provided" if known else None,
    )


@st.composite
def caseloads(draw: st.DrawFn, as_at: date, min_size: int = 1, max_size: int = 25) -> pd.DataFrame:
    """Frames of `cases`, one row per request: lawful, late, exempt and reversed cases together, days as datetime64[s]."""
    one = st.one_of(lawful_cases(as_at), late_cases(as_at), exempt_cases(as_at), reversed_cases(as_at))
    return frame_of(draw(st.lists(one, min_size=min_size, max_size=max_size)))


def frame_of(cases: list[Case]) -> pd.DataFrame:
    """Stack cases into a frame of the column contract; each gets a `case_id` of its place, so that none stands twice.

    >>> frame_of([Case(case_id="a", received_date=date(2025, 4, 2))])[["case_id", "received_date"]].to_numpy().tolist()
    [['1', Timestamp('2025-04-02 00:00:00')]]
    """
    rows = [
        {**case.model_dump(exclude={"other_dates"}), "case_id": str(number)}
        for number, case in enumerate(cases, start=1)
    ]
    frame = pd.DataFrame(rows, columns=[name for name in Case.model_fields if name != "other_dates"])
    return frame.astype(dict.fromkeys(names("cases", "date"), "datetime64[s]"))


def _typed(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    exact = st.sampled_from(values)
    return st.one_of(exact, exact, exact.map(str.swapcase), exact.map(" {} ".format))
