"""Edges of tracking: what a case comes to beside others, and days and numbers at which the words change."""

from datetime import date
from itertools import product

import pytest

from ehcptime.records.case import Case
from ehcptime.tracking.after_reversal import AFTER
from ehcptime.tracking.limits import RULES
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from ehcptime.tracking.words import length
from frames import frame, plain

RECEIVED = date(2025, 4, 2)  # a Wednesday: 6 weeks end on 14 May, 16 on 23 July, 20 on 20 August
AS_AT = date(2025, 9, 1)
BEFORE, AFTERWARDS = date(2025, 8, 29), date(2025, 9, 3)

REQUESTS = (
    {},
    {"request_outcome": "Y", "request_outcome_date": date(2025, 5, 14)},
    {"request_outcome": "N", "request_outcome_date": date(2025, 5, 12)},
    {"request_outcome": "N"},
    {"request_outcome": "W", "closed_date": date(2025, 5, 15)},
    {"request_outcome": "H"},
)
ASSESSMENTS = (
    {},
    {"assessment_outcome": "N", "assessment_outcome_date": date(2025, 7, 1)},
    {"assessment_outcome": "N"},
    {"assessment_outcome": "Y", "assessment_outcome_date": date(2025, 8, 25)},
    {"draft_sent_date": date(2025, 7, 24)},
    {"assessment_outcome": "W"},
)
REVERSALS = tuple(
    {} if on is None else {"reversal_of": of, "reversal_route": route, "reversal_date": on}
    for of, route, on in (
        (None, None, None),
        ("assess", "tribunal_order", date(2025, 6, 2)),
        ("assess", "conceded", date(2025, 6, 2)),
        ("issue", "order_to_make", date(2025, 7, 8)),
        ("assess", "own_change", AFTERWARDS),
        ("issue", "conceded", AFTERWARDS),
        ("issue", None, date(2025, 7, 8)),
    )
)
OTHERS = (
    {},
    {"plan_final_override_date": date(2025, 8, 25)},
    {"received_date": None},
    {"closed_date": BEFORE},
    {"plan_issued_date": date(2025, 8, 21)},
)
# One in nineteen of all that can come together: 19 divides none of the numbers of choices, so that each choice meets each other.
CASES = [
    {"received_date": RECEIVED, **request, **assessment, **reversal, **other}
    for request, assessment, reversal, other in product(REQUESTS, ASSESSMENTS, REVERSALS, OTHERS)
][::19]
ALL = (*RULES, *AFTER)


def cells(tracked, row):
    return {name: plain(tracked[name].iloc[row]) for name in tracked if name != "case_id"}


@pytest.fixture(scope="module")
def together():
    columns = {name: None for case in CASES for name in case}
    return track(frame([{**columns, **case} for case in CASES]), as_at=AS_AT, rules=ALL)


def test_a_case_comes_to_the_same_beside_others_as_alone(together):
    for row, case in enumerate(CASES):
        alone = cells(track(frame([case]), as_at=AS_AT, rules=ALL), 0)
        assert {name: value for name, value in cells(together, row).items() if name in alone} == alone, case


def test_a_case_comes_to_the_same_at_both_doors(together):
    for row, case in enumerate(CASES):
        found = timeline(Case(case_id=str(row), **case), as_at=AS_AT)
        cell = cells(together, row)
        for rule in RULES:
            line = found[rule]
            expected = [cell[f"{rule}_{name}"] for name in ("due", "status", "days_over", "exempt", "breach")]
            assert [line.due, line.status, line.days_over, line.exempt, line.breach] == expected, (rule, case)
        for line in (line for line in found if line.rule in AFTER):
            expected = [cell[f"{line.rule}_{name}"] for name in ("due", "status", "days_over", "breach")]
            assert [line.due, line.status, line.days_over, line.breach] == expected, (line.rule, case)
        shown = [
            found.stage,
            found.is_open,
            found.age_days,
            found.plan_final_clock,
            found.plan_final_due_other,
        ]
        names = ("stage", "is_open", "age_days", "plan_final_clock", "plan_final_due_other")
        assert shown == [cell[name] for name in names], case


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "0 days"),
        (1, "1 day"),
        (27, "27 days"),
        (28, "4 weeks"),
        (29, "4 weeks 1 day"),
        (35, "5 weeks"),
        (37, "5 weeks 2 days"),
    ],
)
def test_four_weeks_are_said_in_weeks_and_what_is_less_in_days(days, said):
    assert length(days) == said
