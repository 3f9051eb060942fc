"""What the strategies draw from: columns, codes, gaps between dates and days to look."""

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
# Now, a leap day, the first months of the law, inside the coronavirus window and just after it.
AS_AT = st.sampled_from(
    [date(2025, 9, 10), date(2024, 2, 29), date(2014, 12, 31), date(2020, 7, 1), date(2020, 9, 26)]
)
VERSION_EDGE = st.integers(-2, 2).map(lambda shift: date(2014, 9, 1) + timedelta(days=shift))
# Days from an asking to its answer.
RETURNS = st.sampled_from([-1, 0, 1, 14, 30, 40, 41, 42, 43, 44, 60, 120])
RARELY = st.sampled_from([True] + [False] * 9)
OFTEN = st.sampled_from([True, True, False])


def days_from(day: date, gaps: st.SearchStrategy[int] = GAPS) -> st.SearchStrategy[date]:
    """Days at the edges of the limits counted from `day`."""
    return gaps.map(lambda gap: day + timedelta(days=gap))


def blank_case() -> Row:
    """Give a row with every column and nothing in it."""
    columns = (*CASE_DATES, *CASE_CODES, *FLAGS)
    return {"case_id": "C1"} | dict.fromkeys(columns)


def blank_ask() -> Row:
    """Give an asking with every column and nothing in it."""
    columns = ("advice_type", *ADVICE_DATES, "advice_outcome", "bound_by_reg_8", "exemption")
    return {"case_id": "C1"} | dict.fromkeys(columns)


def around(as_at: date) -> st.SearchStrategy[date]:
    """Days before and after `as_at`, at the edges of the limits."""
    ago = GAPS.map(lambda gap: as_at - timedelta(days=gap))
    ahead = STEPS.map(lambda gap: as_at + timedelta(days=gap))
    return st.one_of(ago, ago, ago, ahead, VERSION_EDGE)


def written(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Codes as people type them: exact, in another case, with space around, or unreadable."""
    exact = st.sampled_from(values)
    return st.one_of(exact, exact, exact.map(str.swapcase), exact.map(" {} ".format), st.sampled_from("X?"))
