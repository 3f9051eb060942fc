"""Requests and decisions: where each request is counted, which rates come of it, and who asked again; worked by hand."""

import pandas as pd
import pytest

from ehcptime.errors import CommandError
from ehcptime.questions.decision_rates import COLUMNS, decision_rates
from ehcptime.questions.decisions import ASSESSMENTS, REQUESTS
from ehcptime.questions.opened import decision_case_ids
from questions_frames import after, cases, issued

R = "2025-01-06"
AS_AT = "2026-12-31"


def agreed(received=R, **more):
    return {
        "received_date": received,
        "request_outcome": "Y",
        "request_outcome_date": after(received, 30),
    } | more


def refused(received=R, days=40, **more):
    return {
        "received_date": received,
        "request_outcome": "N",
        "request_outcome_date": after(received, days),
    } | more


def reversed_(of, route, **more):
    return {"reversal_of": of, "reversal_route": route, "reversal_date": after(R, 150)} | more


def not_issued(**more):
    return agreed(assessment_outcome="N", assessment_outcome_date=after(R, 100), **more)


def rates(rows, as_at=AS_AT, **options):
    return decision_rates(cases(rows, as_at), **options).set_index("line")


def figure(found, line):
    return tuple(found.loc[line, ["count", "of", "percent"]])


@pytest.mark.parametrize(
    ("row", "decided", "assessment"),
    [
        (agreed(), "agreed_to_assess", "assessment_open"),
        (issued(R, 100), "agreed_to_assess", "agreed_to_issue"),
        (agreed(assessment_outcome="Y"), "agreed_to_assess", "agreed_to_issue"),
        (not_issued(), "agreed_to_assess", "refused_to_issue"),
        (agreed(assessment_outcome="W", closed_date=after(R, 90)), "agreed_to_assess", "assessment_ended"),
        (agreed(closed_date=after(R, 90), closed_reason="moved_out"), "agreed_to_assess", "assessment_ended"),
        (agreed(assessment_outcome="?"), "agreed_to_assess", "assessment_unknown"),
        (agreed(plan_issued_date=after(R, 90)), "agreed_to_assess", "agreed_to_issue"),
        ({"received_date": R}, "undecided", None),
        ({"received_date": R, "request_outcome": "A"}, "undecided", None),
        (agreed(request_outcome_date="2027-01-01"), "undecided", None),  # decided after as_at
        ({"received_date": R, "draft_sent_date": after(R, 90)}, "agreed_to_assess", "assessment_open"),
        ({"received_date": R, "assessment_outcome": "A"}, "agreed_to_assess", "assessment_open"),
        (refused(), "refused_to_assess", None),
        (refused(request_outcome_date=None), "refused_to_assess", None),
        (refused(**reversed_("assess", "tribunal_order")), "refused_to_assess", "assessment_open"),
        (issued(R, 300, request_outcome="N"), "refused_to_assess", "agreed_to_issue"),
        ({"received_date": R, "request_outcome": "W"}, "ended_before_decision", None),
        (
            {"received_date": R, "closed_date": after(R, 9), "closed_reason": "died"},
            "ended_before_decision",
            None,
        ),
        ({"received_date": R, "request_outcome": "H"}, "decided_earlier", "assessment_open"),
        ({"received_date": R, "request_outcome": "?"}, "unknown", None),
        ({"received_date": R, "request_outcome_date": after(R, 9)}, "unknown", None),
        (agreed(closed_date=after(R, 3), closed_reason="duplicate"), None, None),
        (agreed(assessment_outcome="H"), None, None),
        ({"received_date": "2027-02-01"}, None, None),
    ],
)
def test_each_request_is_counted_in_one_place(row, decided, assessment):
    found = rates([row])
    assert found.loc["requests", "count"] + found.loc["left_out", "count"] == 1
    assert [line for line in REQUESTS if found.loc[line, "count"]] == ([decided] if decided else [])
    assert [line for line in ASSESSMENTS if found.loc[line, "count"]] == ([assessment] if assessment else [])
    assert found.loc["requests", "count"] == (decided is not None)
    assert found.loc["assessments", "count"] == (assessment is not None)


def test_rates_of_requests_and_of_decisions_differ_by_those_not_decided():
    """Ten requests: 4 agreed, 3 refused, 2 open, 1 withdrawn. DfE: 3 of 10; of the decisions: 3 of 7."""
    rows = [agreed()] * 4 + [refused()] * 3 + [{"received_date": R}] * 2
    rows += [{"received_date": R, "closed_date": after(R, 9), "closed_reason": "withdrawn"}]
    found = rates(rows)
    assert figure(found, "refused_to_assess") == (3, 10, 30.0)
    assert figure(found, "refusal_rate") == (3, 7, 42.9)
    assert found.loc["refusal_rate", "note"] == "2 not decided yet"
    assert found.loc["refusal_rate", "out_of"] == "decisions whether to assess"
    assert figure(found, "withdrawn") == figure(found, "ended_otherwise") == (1, 10, 10.0)


def test_reversals_are_counted_out_of_the_refusals_and_by_route():
    rows = [refused()] * 4
    rows += [refused(**reversed_("assess", "mediation_agreement"))] * 2
    rows += [refused(**reversed_("assess", "tribunal_order"))]
    rows += [issued(R, 300, request_outcome="N")]  # went on, and nobody recorded how
    rows += [not_issued(), not_issued(**reversed_("issue", "order_to_make"))]
    found = rates(rows)
    assert figure(found, "reversed_to_assess") == (4, 8, 50.0)
    assert figure(found, "reversed_to_assess_by_mediation_agreement") == (2, 4, 50.0)
    assert figure(found, "reversed_to_assess_by_tribunal_order") == (1, 4, 25.0)
    assert figure(found, "reversed_to_assess_by_a_route_not_recorded") == (1, 4, 25.0)
    assert figure(found, "reversed_to_issue") == (1, 2, 50.0)
    assert figure(found, "reversed_to_issue_by_order_to_make") == (1, 1, 100.0)
    assert figure(found, "no_plan_rate") == (2, 3, 66.7)  # two refusals and the plan of the reversed one
    assert figure(found, "assessments") == (6, 10, 60.0)
    assert found.loc["no_plan_rate", "note"] == "3 not decided yet"


def test_a_recorded_route_is_that_of_its_own_refusal():
    """Refused to assess, which somehow fell; then refused to issue, and ordered to make a plan."""
    row = not_issued(**reversed_("issue", "order_to_make")) | {"request_outcome": "N"}
    found = rates([row])
    assert figure(found, "reversed_to_assess_by_a_route_not_recorded") == (1, 1, 100.0)
    assert figure(found, "reversed_to_assess_by_order_to_make") == (0, 1, 0.0)
    assert figure(found, "reversed_to_issue_by_order_to_make") == (1, 1, 100.0)


def test_a_reversal_after_as_at_has_not_happened():
    found = rates([refused(**reversed_("assess", "tribunal_order"))], after(R, 149))
    assert figure(found, "reversed_to_assess") == (0, 1, 0.0)
    assert (
        figure(rates([refused(**reversed_("assess", "tribunal_order"))], after(R, 150)), "assessments")[0]
        == 1
    )


def test_an_unexplained_end_is_not_a_withdrawal():
    rows = [
        {"received_date": R, "request_outcome": "W"},
        agreed(closed_date=after(R, 9), closed_reason="unknown"),
    ]
    rows += [agreed(closed_date=after(R, 9), closed_reason="moved_out")]
    found = rates(rows)
    assert figure(found, "ended_otherwise") == (3, 3, 100.0)
    assert figure(found, "withdrawn") == (0, 3, 0.0)
    assert found.loc["withdrawn", "note"] == "2 ended for a reason not recorded"


# Asking again


def again(child, *days, as_at=AS_AT):
    """A refusal on 15 February 2025, and new requests some days after it."""
    rows = [refused(person_id=child)]
    rows += [{"received_date": after("2025-02-15", day), "person_id": child} for day in days]
    return rates(rows, as_at)


@pytest.mark.parametrize(
    ("asked", "six", "twelve"),
    [
        ((), 0, 0),
        ((0,), 0, 0),  # on the day of the refusal
        ((1,), 1, 1),
        ((181,), 1, 1),  # 15 August 2025
        ((182,), 0, 1),
        ((365,), 0, 1),  # 15 February 2026
        ((366,), 0, 0),
        ((-100, 400), 0, 0),
        ((20, 30), 1, 1),  # once for each refusal
    ],
)
def test_asked_again_within_6_and_12_months(asked, six, twelve):
    found = again("p", *asked)
    assert figure(found, "asked_again_within_6_months")[:2] == (six, 1)
    assert figure(found, "asked_again_within_12_months")[:2] == (twelve, 1)


def test_a_refusal_is_followed_for_the_whole_time_or_set_aside():
    found = again("p", as_at="2025-08-14")
    assert figure(found, "asked_again_within_6_months")[:2] == (0, 0)
    assert found.loc["asked_again_within_6_months", "note"].endswith("1 refused less than 6 months ago")
    assert figure(again("p", as_at="2025-08-15"), "asked_again_within_6_months")[:2] == (0, 1)


def test_another_child_a_duplicate_and_a_request_to_come_are_not_asking_again():
    rows = [
        refused(person_id="p"),
        {"received_date": after(R, 60), "person_id": "q"},
        {"received_date": after(R, 60), "person_id": "p", "closed_reason": "duplicate"},
        {"received_date": "2027-01-01", "person_id": "p"},
        {"received_date": None, "person_id": "p"},
    ]
    assert figure(rates(rows), "asked_again_within_12_months")[:2] == (0, 1)


def test_who_cannot_be_followed_is_said():
    rows = [
        refused(person_id=None),
        refused(person_id=" "),
        refused(person_id="p", request_outcome_date=None),
        refused(person_id="r", **reversed_("assess", "conceded")),
        refused(person_id="q"),
    ]
    found = rates(rows)
    assert figure(found, "asked_again_within_6_months")[:2] == (0, 1)
    assert found.loc["asked_again_within_6_months", "note"] == (
        "1 refused on a day that is not known, or before the request; 2 without a person_id"
    )


def test_without_person_id_asking_again_cannot_be_computed():
    found = rates([refused()])
    assert found.loc["asked_again_within_6_months", ["count", "of", "percent"]].isna().all()
    assert found.loc["asked_again_within_6_months", "note"] == (
        "cannot be computed, because there is no person_id"
    )


# Groups, periods and nothing at all


def test_groups_and_periods_of_receipt():
    rows = [
        refused("2025-03-31", team="a"),
        agreed("2025-04-01", team="a"),
        {"received_date": None, "team": "b"},
    ]
    tracked = cases(rows, AS_AT)
    found = decision_rates(tracked, by="team", period="M")
    requests = found[found["line"].eq("requests")]
    assert requests[["team", "period", "count", "of"]].to_numpy().tolist() == [
        ["a", "2025-03", 1, 1],
        ["a", "2025-04", 1, 1],
        ["b", "2025-03", 0, 0],
        ["b", "2025-04", 0, 0],
        ["b", "unknown", 1, 1],
    ]
    assert decision_case_ids(
        tracked, "refused_to_assess", period="M", label="2025-03", where={"team": "a"}
    ) == ["c0"]
    assert decision_case_ids(tracked, "refusal_rate", where={"team": "a"}, whole=True) == ["c0", "c1"]


def test_no_rows_give_no_percentages():
    empty = cases([agreed(team="a")], AS_AT).iloc[:0]
    found = decision_rates(empty)
    assert list(found.columns) == list(COLUMNS)
    assert found["percent"].isna().all()
    assert len(decision_rates(empty, by="team")) == 0


def test_mistakes_are_named():
    tracked = cases([agreed(line="x")], AS_AT)
    with pytest.raises(CommandError, match="rename it to group by it"):
        decision_rates(tracked, by="line")
    with pytest.raises(CommandError, match="period must be one of"):
        decision_rates(tracked, period="W")
    with pytest.raises(CommandError, match="there is no line 'refusals'"):
        decision_case_ids(tracked, "refusals")


def test_nothing_given_is_changed():
    tracked = cases([agreed(), refused(person_id="p")], AS_AT)
    before = tracked.copy()
    decision_rates(tracked, period="Q")
    pd.testing.assert_frame_equal(tracked, before)
