"""Hypothesis strategies for rows whose dates fall on the edges of the limits.

A row begins as a plausible story (refused, reversed, issued, withdrawn and so on) and is then damaged now and
then: a date blanked or moved, a code in lower case or unreadable. Some rows are damage from end to end.
"""

from datetime import date, timedelta

from hypothesis import strategies as st

from oracle.draws import (
    ADVICE_EXEMPTIONS,
    ADVICE_OUTCOMES,
    ADVICE_TYPES,
    AGES,
    AS_AT,
    CASE_CODES,
    CASE_DATES,
    EVENTS,
    FLAGS,
    OFTEN,
    RARELY,
    RETURNS,
    STEPS,
    Row,
    around,
    blank_ask,
    blank_case,
    days_from,
    written,
)
from oracle.stories import STORIES


def exempt_claims() -> st.SearchStrategy[frozenset[str]]:
    """Rules for which an allowed exemption is recorded."""
    return st.frozensets(st.sampled_from(["request_decision", "plan_refusal", "plan_final"]))


@st.composite
def case_rows(draw: st.DrawFn, as_at: date) -> Row:
    """Give rows of `cases` as they might stand around `as_at`."""
    if draw(RARELY):
        return draw(messy_rows(as_at))
    row = blank_case()
    row["received_date"] = as_at - timedelta(days=draw(AGES))
    draw(st.sampled_from(STORIES))(draw, row)
    if draw(RARELY):
        _start_otherwise(draw, row)
    if draw(st.booleans()):
        _lean(draw, row, as_at)
    row["week20"] = draw(st.sampled_from([None, None, 0, 1]))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2]))):
        _damage(draw, row, as_at)
    return row


@st.composite
def cases_and_as_at(draw: st.DrawFn) -> tuple[Row, date]:
    """Give a row of `cases` and the day to look at it."""
    as_at = draw(AS_AT)
    return draw(case_rows(as_at)), as_at


@st.composite
def messy_rows(draw: st.DrawFn, as_at: date) -> Row:
    """Give rows in which no column knows of any other."""
    row = blank_case()
    for column in CASE_DATES:
        row[column] = draw(st.one_of(st.none(), around(as_at)))
    for column, values in CASE_CODES.items():
        row[column] = draw(st.one_of(st.none(), written(values)))
    for column in FLAGS:
        row[column] = draw(st.sampled_from([None, 0, 1]))
    return row


def _start_otherwise(draw: st.DrawFn, row: Row) -> None:
    received = row["received_date"]
    other = draw(st.integers(-60, 60).map(lambda gap: received + timedelta(days=gap)))
    row[draw(st.sampled_from(["responsible_date", "moved_in_date"]))] = other
    if draw(RARELY):
        row["received_date"] = None


def _lean(draw: st.DrawFn, row: Row, as_at: date) -> None:
    """Move the whole story so that `as_at` falls on an edge of a limit that starts with one of its dates."""
    starts = [column for column in EVENTS if row[column] is not None]
    if not starts:
        return
    start = draw(st.sampled_from(starts))
    gap = draw(st.sampled_from(EVENTS[start])) + draw(st.sampled_from([0, 1]))
    shift = as_at - row[start] - timedelta(days=gap)
    for column in CASE_DATES:
        if row[column] is not None:
            row[column] = row[column] + shift


def _damage(draw: st.DrawFn, row: Row, as_at: date) -> None:
    kind = draw(st.sampled_from(["blank", "move", "code", "flag"]))
    if kind in ("blank", "move"):
        column = draw(st.sampled_from(CASE_DATES))
        row[column] = None if kind == "blank" else draw(around(as_at))
    elif kind == "code":
        column = draw(st.sampled_from(list(CASE_CODES)))
        row[column] = draw(st.one_of(st.none(), written(CASE_CODES[column])))
    else:
        row["exported"] = draw(st.sampled_from([None, 0, 1]))


@st.composite
def advice_rows(draw: st.DrawFn, as_at: date) -> tuple[Row, Row | None]:
    """Give an asking, and the row of its case or None."""
    case = draw(case_rows(as_at)) if draw(OFTEN) else None
    ask = blank_ask()
    ask["advice_type"] = draw(st.sampled_from(ADVICE_TYPES))
    ask["requested_date"] = draw(_asked(case, as_at))
    ask["bound_by_reg_8"] = draw(st.sampled_from([None, None, 0, 1]))
    ask["exemption"] = draw(st.sampled_from([None, None, None, *ADVICE_EXEMPTIONS]))
    asked = ask["requested_date"] or as_at
    if draw(OFTEN):
        ask["body_received_date"] = draw(days_from(asked, st.sampled_from([0, 0, 1, 3, 10, 40, -1])))
    if draw(st.booleans()):
        ask["returned_date"] = draw(days_from(ask["body_received_date"] or asked, RETURNS))
    ask["advice_outcome"] = draw(_answers(returned=ask["returned_date"] is not None))
    return ask, case


@st.composite
def advice_and_as_at(draw: st.DrawFn) -> tuple[Row, Row | None, date]:
    """Give an asking, the row of its case or None, and the day to look at it."""
    as_at = draw(AS_AT)
    ask, case = draw(advice_rows(as_at))
    return ask, case, as_at


def _asked(case: Row | None, as_at: date) -> st.SearchStrategy[date | None]:
    """Days of asking: around the case's own dates, or around `as_at`; now and then nobody knows."""
    near = around(as_at)
    if case is None:
        return st.one_of(near, near, near, st.none())
    known = [case[column] for column in CASE_DATES if case[column] is not None]
    if not known:
        return near
    told = st.tuples(st.sampled_from(known), STEPS).map(lambda pair: pair[0] + timedelta(days=pair[1]))
    before = st.tuples(st.sampled_from(known), STEPS).map(lambda pair: pair[0] - timedelta(days=pair[1]))
    return st.one_of(told, told, before, before, near, st.none())


def _answers(*, returned: bool) -> st.SearchStrategy[str | None]:
    outcomes = st.sampled_from(ADVICE_OUTCOMES)
    if returned:
        return st.one_of(st.sampled_from(["provided", "not_known", "rejected"]), st.none(), outcomes)
    return st.one_of(st.none(), st.none(), st.none(), st.none(), outcomes, outcomes.map(str.upper))
