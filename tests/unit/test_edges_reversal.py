"""What follows the reversal of a refusal, at both doors: to tell the family, to refuse a plan, to send one."""

from datetime import date

import pytest

from ehcptime.records.case import Case
from ehcptime.tracking.after_reversal import AFTER
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track
from frames import frame, plain

NOTIFY, NO_PLAN, PLAN = AFTER
AS_AT = date(2025, 9, 9)
RECEIVED = {"received_date": date(2025, 4, 2)}
REFUSED = {**RECEIVED, "request_outcome": "N", "request_outcome_date": date(2025, 5, 12)}
# Regulation 44(2)(b), from 2 June 2025: 2 weeks end on 16 June, 10 on 11 August and 14 on 8 September.
ORDER = {
    **REFUSED,
    "reversal_of": "assess",
    "reversal_route": "tribunal_order",
    "reversal_date": date(2025, 6, 2),
}
CONCEDED = {**ORDER, "reversal_route": "conceded"}
NOT_ISSUED = {
    **RECEIVED,
    "request_outcome": "Y",
    "request_outcome_date": date(2025, 5, 12),
    "assessment_outcome": "N",
    "assessment_outcome_date": date(2025, 7, 1),
}
# Regulation 44(2)(c): 11 weeks from 8 July 2025 end on 23 September.
MAKE = {
    **NOT_ISSUED,
    "reversal_of": "issue",
    "reversal_route": "order_to_make",
    "reversal_date": date(2025, 7, 8),
}
NO = {"assessment_outcome": "N"}
NOTHING = ("not_applicable", None, False)


@pytest.mark.parametrize(
    ("facts", "rule", "came_to"),
    [
        (ORDER, NOTIFY, ("overdue", 85, True)),
        ({**ORDER, "assess_notice_date": date(2025, 6, 16)}, NOTIFY, ("met", 0, False)),
        ({**ORDER, "assess_notice_date": date(2025, 6, 17)}, NOTIFY, ("met_late", 1, True)),
        ({**ORDER, "assess_notice_date": AS_AT}, NOTIFY, ("met_late", 85, True)),
        ({**ORDER, "assess_notice_date": date(2025, 9, 10)}, NOTIFY, ("overdue", 85, True)),
        # Any later step shows that the family had been told, on a day that nobody recorded.
        ({**ORDER, "draft_sent_date": date(2025, 8, 1)}, NOTIFY, ("unknown", None, False)),
        ({**ORDER, "issue_decision_date": date(2025, 8, 1)}, NOTIFY, ("unknown", None, False)),
        ({**ORDER, "plan_issued_date": date(2025, 8, 1)}, NOTIFY, ("unknown", None, False)),
        ({**ORDER, **NO, "assessment_outcome_date": date(2025, 8, 1)}, NOTIFY, ("unknown", None, False)),
        ({**ORDER, **NO}, NOTIFY, ("unknown", None, False)),
        ({**ORDER, "closed_date": date(2025, 6, 16)}, NOTIFY, NOTHING),
        ({**ORDER, "closed_date": date(2025, 6, 17)}, NOTIFY, ("ended_late", 1, True)),
        (ORDER, NO_PLAN, NOTHING),
        ({**ORDER, **NO, "assessment_outcome_date": date(2025, 8, 11)}, NO_PLAN, ("met", 0, False)),
        ({**ORDER, **NO, "assessment_outcome_date": date(2025, 8, 12)}, NO_PLAN, ("met_late", 1, True)),
        ({**ORDER, **NO}, NO_PLAN, ("unknown", None, False)),
        (ORDER, PLAN, ("overdue", 1, True)),
        ({**ORDER, "plan_issued_date": date(2025, 9, 8)}, PLAN, ("met", 0, False)),
        ({**ORDER, "plan_issued_date": AS_AT}, PLAN, ("met_late", 1, True)),
        ({**ORDER, "week20": True}, PLAN, ("overdue", 1, False)),
        ({**ORDER, **NO, "assessment_outcome_date": date(2025, 8, 11)}, PLAN, NOTHING),
        ({**ORDER, "assessment_outcome": "H"}, PLAN, NOTHING),
        ({**ORDER, "plan_final_override_date": date(2025, 9, 1)}, PLAN, NOTHING),
        # Where the authority changed its mind itself the limits are practice, not law: nobody breaks them.
        (CONCEDED, NOTIFY, NOTHING),
        (CONCEDED, PLAN, ("overdue", 1, False)),
        ({**CONCEDED, **NO, "assessment_outcome_date": date(2025, 8, 12)}, NO_PLAN, ("met_late", 1, False)),
        ({**ORDER, "reversal_route": "unopposed"}, NOTIFY, ("overdue", 85, True)),
        ({**ORDER, "reversal_route": "unopposed"}, PLAN, ("overdue", 1, True)),
        ({**ORDER, "reversal_route": "mediation_agreement"}, PLAN, ("overdue", 1, True)),
        (MAKE, NOTIFY, NOTHING),
        (MAKE, NO_PLAN, NOTHING),
        (MAKE, PLAN, ("running", -14, False)),
        # Not reversed, not yet, or not said how.
        (REFUSED, PLAN, NOTHING),
        ({**ORDER, "reversal_date": date(2025, 9, 10)}, PLAN, NOTHING),
        ({**ORDER, "reversal_route": None}, PLAN, NOTHING),
        ({**ORDER, "reversal_of": "issue"}, PLAN, NOTHING),
    ],
)  # fmt: skip
def test_what_follows_a_reversal_by_what_is_recorded(facts, rule, came_to):
    found = track(frame([facts]), as_at=AS_AT, rules=AFTER)
    status, over, breach = (
        plain(found[f"{rule}_{name}"].iloc[0]) for name in ("status", "days_over", "breach")
    )
    assert (status, over, breach) == came_to
    told = [line for line in timeline(Case(case_id="A", **facts), as_at=AS_AT) if line.rule == rule]
    listed = [(line.status, line.days_over, line.breach) for line in told]
    assert listed == [came_to] if listed else came_to == NOTHING


@pytest.mark.parametrize(
    ("facts", "listed"),
    [
        (ORDER, [NOTIFY, NO_PLAN, PLAN]),
        (CONCEDED, [NO_PLAN, PLAN]),
        (MAKE, [PLAN]),
        (REFUSED, []),
        ({**ORDER, "reversal_date": date(2025, 9, 10)}, []),
        ({**ORDER, "reversal_route": None}, []),
    ],
)
def test_the_limits_that_a_route_names_are_listed_and_no_others(facts, listed):
    found = timeline(Case(case_id="A", **facts), as_at=AS_AT)
    assert [line.rule for line in found if line.rule in AFTER] == listed


@pytest.mark.parametrize(
    ("route", "by", "kind"),
    [
        ("tribunal_order", None, "statutory"),
        ("mediation_agreement", "reg 42(2)", "statutory"),
        ("conceded", None, "guidance"),
    ],
)
def test_a_limit_after_a_reversal_names_its_source(route, by, kind):
    line = timeline(Case(case_id="A", **{**ORDER, "reversal_route": route}), as_at=AS_AT)[PLAN]
    assert line.cite.endswith(f", by {by}") if by else ", by " not in line.cite
    assert line.kind == kind
    assert line.due == date(2025, 9, 8)
    assert line.start == date(2025, 6, 2)


@pytest.mark.parametrize(
    ("rule", "code", "exempt"),
    [
        (PLAN, "ABSENT_2W", True),
        (PLAN, "ABSENT_4W", False),
        (NO_PLAN, "ABSENT_2W", True),
        (NOTIFY, "EXC_PERSONAL", True),
        (NOTIFY, "MISSED_APPT", False),
    ],
)
def test_a_claim_lifts_a_limit_after_a_reversal_by_the_words_of_regulation_44(rule, code, exempt):
    facts = {**ORDER, **NO, "assessment_outcome_date": date(2025, 8, 12)}
    claim = {
        "case_id": "0",
        "rule": rule,
        "code": code,
        "from_date": date(2025, 7, 1),
        "to_date": date(2025, 7, 31),
    }
    found = track(frame([facts]), as_at=AS_AT, rules=AFTER, exemptions=frame([claim], "exemptions"))
    assert found[f"{rule}_exempt"].tolist() == [exempt]
    others = [other for other in AFTER if other != rule]
    assert not any(found[f"{other}_exempt"].iloc[0] for other in others)
    told = timeline(Case(case_id="0", **facts), as_at=AS_AT, exemptions=[claim])
    assert told[rule].exempt is exempt
    assert not any(told[other].exempt for other in others)
