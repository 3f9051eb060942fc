"""Hypothesis strategies for rows whose dates fall on the edges of the limits.

A row begins as a plausible story (refused, reversed, issued, withdrawn and so on) and is then damaged now and
then: a date blanked or moved, a code in lower case or unreadable. Some rows are damage from end to end.
"""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]

CASE_DATES = (
    "received_date",
    "responsible_date",
    "moved_in_date",
    "request_outcome_date",
    "assessment_outcome_date",
    "issue_decision_date",
    "draft_sent_date",
    "plan_issued_date",
    "closed_date",
    "reversal_date",
)
# The days from which a limit may run, and the lengths of the limits that run from them.
EVENTS = {
    "received_date": (42, 112, 140),
    "responsible_date": (42, 112, 140),
    "moved_in_date": (42, 112, 140),
    "draft_sent_date": (14,),
    "reversal_date": (70, 77, 98),
}
OUTCOMES = ("Y", "N", "A", "W", "H")
ROUTES = (
    "mediation_agreement",
    "tribunal_order",
    "consent_order",
    "unopposed",
    "order_to_make",
    "own_change",
    "conceded",
)
REASONS = ("withdrawn", "moved_out", "died", "left_education", "duplicate", "other", "unknown")
CASE_CODES: dict[str, tuple[str, ...]] = {
    "request_outcome": OUTCOMES,
    "assessment_outcome": OUTCOMES,
    "closed_reason": REASONS,
    "reversal_of": ("assess", "issue"),
    "reversal_route": ROUTES,
}
FLAGS = ("week20", "exported")
ADVICE_DATES = ("requested_date", "body_received_date", "returned_date")
ADVICE_TYPES = (
    "education",
    "health",
    "psychology",
    "social_care",
    "other",
    "preparing_for_adulthood",
    "parent",
)
ADVICE_OUTCOMES = ("provided", "not_known", "existing_sufficient", "rejected", "withdrawn")
ADVICE_EXEMPTIONS = ("EXC_CIRC_BODY", "ABSENT_4W_BODY", "MISSED_APPT", "COVID", "EXC_PERSONAL")
LIMITS = (0, 14, 42, 70, 77, 98, 112, 140)

# Days from an event to the next: on, just before and just after every limit, and some in between.
GAPS = st.sampled_from([limit + shift for limit in LIMITS for shift in (-2, -1, 0, 1, 2)])
LATE_STEPS = st.sampled_from([112, 113, 138, 139, 140, 140, 140, 141, 141, 141, 142, 200])
DECISIONS = st.one_of(GAPS, st.sampled_from([111, 112, 112, 113, 113]))
STEPS = st.sampled_from([0, 1, 7, 13, 14, 15, 16, 28, 30, 40, 42, 43, 60])
# Most cases are old enough for what happened to them to have happened by `as_at`.
AGES = st.one_of(GAPS, GAPS, st.integers(-30, 400), st.integers(141, 400), st.integers(141, 400))
# A year on, a leap day, the end of the first weeks of the law, the coronavirus window and its end.
AS_AT = st.sampled_from(
    [date(2025, 9, 10), date(2024, 2, 29), date(2014, 12, 31), date(2020, 7, 1), date(2020, 9, 26)]
)
VERSION_EDGE = st.integers(-2, 2).map(lambda shift: date(2014, 9, 1) + timedelta(days=shift))
RARELY = st.sampled_from([True] + [False] * 9)
OFTEN = st.sampled_from([True, True, False])


def days_from(day: date, gaps: st.SearchStrategy[int] = GAPS) -> st.SearchStrategy[date]:
    """Days at the edges of the limits counted from `day`."""
    return gaps.map(lambda gap: day + timedelta(days=gap))


def exempt_claims() -> st.SearchStrategy[frozenset[str]]:
    """Rules for which an allowed exemption is recorded."""
    return st.frozensets(st.sampled_from(["request_decision", "plan_refusal", "plan_final"]))


def blank_case() -> Row:
    """Give a row with every column and nothing in it."""
    columns = (*CASE_DATES, *CASE_CODES, *FLAGS)
    return {"case_id": "C1"} | dict.fromkeys(columns)


def blank_ask() -> Row:
    """Give an asking with every column and nothing in it."""
    columns = ("advice_type", *ADVICE_DATES, "advice_outcome", "bound_by_reg_8", "exemption")
    return {"case_id": "C1"} | dict.fromkeys(columns)


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
        row[column] = draw(st.one_of(st.none(), _around(as_at)))
    for column, values in CASE_CODES.items():
        row[column] = draw(st.one_of(st.none(), _written(values)))
    for column in FLAGS:
        row[column] = draw(st.sampled_from([None, 0, 1]))
    return row


def _around(as_at: date) -> st.SearchStrategy[date]:
    ago = GAPS.map(lambda gap: as_at - timedelta(days=gap))
    ahead = STEPS.map(lambda gap: as_at + timedelta(days=gap))
    return st.one_of(ago, ago, ago, ahead, VERSION_EDGE)


def _written(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Codes as people type them: exact, in another case, with space around, or unreadable."""
    exact = st.sampled_from(values)
    return st.one_of(exact, exact, exact.map(str.swapcase), exact.map(" {} ".format), st.sampled_from("X?"))


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
        row[column] = None if kind == "blank" else draw(_around(as_at))
    elif kind == "code":
        column = draw(st.sampled_from(list(CASE_CODES)))
        row[column] = draw(st.one_of(st.none(), _written(CASE_CODES[column])))
    else:
        row["exported"] = draw(st.sampled_from([None, 0, 1]))


def _waiting(draw: st.DrawFn, row: Row) -> None:
    row["request_outcome"] = draw(st.sampled_from([None, "A"]))


def _decided(draw: st.DrawFn, row: Row) -> None:
    row["request_outcome"] = draw(st.sampled_from(["Y", "Y", "Y", "H"]))
    row["request_outcome_date"] = draw(days_from(row["received_date"], STEPS))
    row["assessment_outcome"] = draw(st.sampled_from([None, "A"]))


def _drafted(draw: st.DrawFn, row: Row) -> None:
    _decided(draw, row)
    row["draft_sent_date"] = draw(days_from(row["received_date"]))
    if draw(OFTEN):
        row["issue_decision_date"] = draw(days_from(row["received_date"], DECISIONS))


def _issued(draw: st.DrawFn, row: Row) -> None:
    _drafted(draw, row)
    row["assessment_outcome"] = "Y"
    final = draw(days_from(row["draft_sent_date"], st.sampled_from([0, 7, 13, 14, 14, 15, 15, 16, 28])))
    if draw(st.booleans()):
        final = draw(days_from(row["received_date"], LATE_STEPS))
    row[draw(st.sampled_from(["assessment_outcome_date", "plan_issued_date"]))] = final
    if draw(RARELY):
        row["assessment_outcome_date"] = draw(days_from(final, STEPS))


def _agreed_not_issued(draw: st.DrawFn, row: Row) -> None:
    _decided(draw, row)
    row["assessment_outcome"] = "Y"


def _refused_to_assess(draw: st.DrawFn, row: Row) -> None:
    row["request_outcome"] = "N"
    row["request_outcome_date"] = draw(days_from(row["received_date"], STEPS))


def _refused_to_issue(draw: st.DrawFn, row: Row) -> None:
    _decided(draw, row)
    row["assessment_outcome"] = "N"
    row["assessment_outcome_date"] = draw(days_from(row["received_date"], DECISIONS))


def _reversed(draw: st.DrawFn, row: Row, refused: date, of: str) -> None:
    row["reversal_date"] = draw(days_from(refused, STEPS))
    row["reversal_route"] = draw(st.sampled_from([*ROUTES, *ROUTES, None, "Unopposed ", "X"]))
    row["reversal_of"] = draw(st.sampled_from([of, of, of, None, of.upper()]))
    if draw(RARELY):
        row["reversal_date"] = None


def _assessed_after_all(draw: st.DrawFn, row: Row) -> None:
    _refused_to_assess(draw, row)
    _reversed(draw, row, row["request_outcome_date"], "assess")
    since = row["reversal_date"] or row["request_outcome_date"]
    then = draw(st.sampled_from(["nothing", "assessing", "draft", "final", "refusal"]))
    if then == "assessing":
        row["assessment_outcome"] = "A"
    if then in ("draft", "final"):
        row["draft_sent_date"] = draw(days_from(since))
    if then in ("final", "refusal"):
        row["assessment_outcome"] = "Y" if then == "final" else "N"
        row["assessment_outcome_date"] = draw(days_from(since))


def _issued_after_all(draw: st.DrawFn, row: Row) -> None:
    _refused_to_issue(draw, row)
    _reversed(draw, row, row["assessment_outcome_date"], "issue")
    since = row["reversal_date"] or row["assessment_outcome_date"]
    if draw(OFTEN):
        row["draft_sent_date"] = draw(days_from(since))
    if draw(OFTEN):
        row["plan_issued_date"] = draw(days_from(since))


def _refused_twice(draw: st.DrawFn, row: Row) -> None:
    _assessed_after_all(draw, row)
    row["assessment_outcome"] = "N"
    row["assessment_outcome_date"] = draw(days_from(row["reversal_date"] or row["received_date"]))
    _reversed(draw, row, row["assessment_outcome_date"], draw(st.sampled_from(["assess", "issue"])))


def _unmarked_reversal(draw: st.DrawFn, row: Row) -> None:
    """Refused, and yet the record goes on."""
    _issued(draw, row)
    row[draw(st.sampled_from(["request_outcome", "assessment_outcome"]))] = "N"


def _left(draw: st.DrawFn, row: Row) -> None:
    draw(st.sampled_from([_waiting, _waiting, _decided, _decided, _drafted, _refused_to_assess]))(draw, row)
    how = draw(st.sampled_from(["request_outcome", "assessment_outcome", "exported", "closed_reason"]))
    reason = draw(st.sampled_from(REASONS))
    row[how] = {"exported": 1, "closed_reason": reason}.get(how, "W")
    if draw(OFTEN):
        row["closed_date"] = draw(days_from(row["received_date"], st.one_of(GAPS, LATE_STEPS)))


def _duplicate(draw: st.DrawFn, row: Row) -> None:
    draw(st.sampled_from([_waiting, _decided, _issued]))(draw, row)
    row["closed_reason"] = "duplicate"
    if draw(OFTEN):
        row["closed_date"] = draw(days_from(row["received_date"], STEPS))


def _earlier_return(draw: st.DrawFn, row: Row) -> None:
    draw(st.sampled_from([_decided, _drafted, _issued, _refused_to_assess]))(draw, row)
    row["assessment_outcome"] = "H"


def _before_the_law(draw: st.DrawFn, row: Row) -> None:
    row["received_date"] = draw(VERSION_EDGE)
    draw(st.sampled_from([_decided, _issued, _refused_to_issue, _assessed_after_all]))(draw, row)


STORIES = (
    _waiting,
    _waiting,
    _decided,
    _drafted,
    _issued,
    _issued,
    _agreed_not_issued,
    _refused_to_assess,
    _refused_to_issue,
    _assessed_after_all,
    _assessed_after_all,
    _issued_after_all,
    _issued_after_all,
    _refused_twice,
    _unmarked_reversal,
    _left,
    _left,
    _left,
    _duplicate,
    _earlier_return,
    _before_the_law,
)


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


RETURNS = st.sampled_from([-1, 0, 1, 14, 30, 40, 41, 42, 43, 44, 60, 120])


def _asked(case: Row | None, as_at: date) -> st.SearchStrategy[date | None]:
    """Days of asking: around the case's own dates, or around `as_at`; now and then nobody knows."""
    near = _around(as_at)
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
