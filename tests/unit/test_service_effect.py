"""What a faster service would have done, worked by hand."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import CommandError
from ehcptime.questions.service_effect import service_effect
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from questions_frames import after, table

AS_AT = date(2025, 12, 31)
R = "2025-04-02"  # 20 weeks: 20 August 2025
CASE = {"received_date": R, "request_outcome": "Y", "request_outcome_date": "2025-05-29"}


def plan(case_id, issued, **more):
    return CASE | {
        "case_id": case_id, "assessment_outcome": "Y" if issued else None, "assessment_outcome_date": issued,
    } | more  # fmt: skip


def asking(case_id, kind, sent, back, **more):
    return {"case_id": case_id, "advice_type": kind, "requested_date": sent, "returned_date": back} | more


def effect(rows, asked, service="psychology", weeks=6, **options):
    cases = table(rows)
    return service_effect(
        track(cases, as_at=AS_AT),
        track_advice(table(asked), as_at=AS_AT, cases=cases),
        service,
        weeks=weeks,
        **options,
    )


def counts(found):
    return found.table[["answered", "numerator", "denominator"]].to_numpy().tolist()


@pytest.mark.parametrize(("issued", "on_time"), [("2025-11-11", 1), ("2025-11-12", 1), ("2025-11-13", 0)])
def test_the_plan_moves_by_the_days_that_the_advice_does(issued, on_time):
    """Asked 9 June, in on 13 October: 84 days after 21 July, the end of six weeks. 12 November less 84 days is 20 August."""
    found = effect([plan("a", issued)], [asking("a", "psychology", "2025-06-09", "2025-10-13")])
    assert counts(found) == [["as recorded", 0, 1], ["within 6 weeks", on_time, 1]]
    assert (found.moved, found.days_sooner, found.untold) == (1, 84, 0)


def test_another_service_that_is_then_the_last_holds_the_rest_up():
    asked = [
        asking("a", "psychology", "2025-06-09", "2025-10-13"),
        asking("a", "health", "2025-06-09", "2025-08-11"),
    ]
    found = effect([plan("a", "2025-11-12")], asked)
    assert found.days_sooner == 63  # from 13 October to 11 August, and not to 21 July
    assert counts(found)[1] == ["within 6 weeks", 0, 1]  # 12 November less 63 days is 10 September


def test_a_service_that_was_not_the_last_gains_nothing():
    asked = [
        asking("a", "psychology", "2025-06-09", "2025-10-13"),
        asking("a", "health", "2025-06-09", "2025-08-11"),
    ]
    found = effect([plan("a", "2025-11-12")], asked, "health")
    assert (found.moved, found.days_sooner) == (0, 0)
    assert counts(found) == [["as recorded", 0, 1], ["within 6 weeks", 0, 1]]


def test_nothing_is_slower_for_having_been_quick():
    found = effect([plan("a", "2025-08-20")], [asking("a", "psychology", "2025-06-09", "2025-06-20")])
    assert (found.moved, counts(found)[1][1]) == (0, 1)


def test_an_open_case_stays_open_and_an_advice_that_went_without_counts_until_the_authority_went_on():
    rows = [plan("open", None), plan("without", "2025-11-12", issue_decision_date="2025-10-13")]
    asked = [
        asking("open", "psychology", "2025-06-09", None),
        asking("without", "psychology", "2025-06-09", None),
    ]
    found = effect(rows, asked)
    assert counts(found) == [["as recorded", 0, 2], ["within 6 weeks", 1, 2]]
    # The open case would have had its advice on 21 July and not by 31 December, 163 days later; the other moves 84.
    assert (found.moved, found.days_sooner) == (2, 163 + 84)


def test_what_cannot_be_told_stays_as_it_is_and_is_counted():
    rows = [
        plan("undated", "2025-11-12"),
        plan("reversed", "2025-11-12") | {
            "request_outcome": "N", "reversal_of": "assess", "reversal_route": "own_change", "reversal_date": "2025-06-01",
        },
    ]  # fmt: skip
    asked = [
        asking("undated", "psychology", "2025-06-09", None, advice_outcome="provided"),
        asking("reversed", "psychology", "2025-06-09", "2025-10-13", advice_outcome="provided"),
    ]
    found = effect(rows, asked)
    assert (found.moved, found.days_sooner, found.untold) == (0, 0, 2)
    assert found.table["numerator"].tolist() == [0, 0]
    assert "Of 2 cases it cannot be told." in str(found)


def test_the_sentence_says_what_is_assumed():
    found = effect([plan("a", "2025-11-12")], [asking("a", "psychology", "2025-06-09", "2025-10-13")])
    assert str(found).startswith(
        "Had psychology advice come within 6 weeks, 1 cases would have moved on sooner, by 84 days together. It assumes that"
    )
    assert "stays open" in str(found)


def test_decision_and_draft_move_too_and_nothing_before_the_advice_does():
    rows = [
        plan(
            "a",
            "2025-11-12",
            issue_decision_date="2025-10-20",
            draft_sent_date="2025-10-25",
            panel_date=after(R, 3),
        )
    ]
    asked = [asking("a", "psychology", "2025-06-09", "2025-10-13")]
    found = effect(rows, asked, measure="request_decisions_6wk")
    assert found.table["numerator"].tolist() == [0, 0]  # decided on day 57, whatever the advice
    assert effect(rows, asked, measure="decision_by_16wk").table["numerator"].tolist() == [0, 0]
    # 20 October less 84 days is 28 July, after week 16 (23 July); asked for two weeks sooner it is 14 July.
    assert effect(rows, asked, weeks=4, measure="decision_by_16wk").table["numerator"].tolist() == [0, 1]


def test_the_frames_are_left_as_they_were():
    cases = track(table([plan("a", "2025-11-12")]), as_at=AS_AT)
    asked = track_advice(table([asking("a", "psychology", "2025-06-09", "2025-10-13")]), as_at=AS_AT)
    before = cases.copy(deep=True), asked.copy(deep=True)
    service_effect(cases, asked, "psychology", weeks=6)
    pd.testing.assert_frame_equal(cases, before[0])
    pd.testing.assert_frame_equal(asked, before[1])


@pytest.mark.parametrize(
    ("service", "weeks", "measure", "says"),
    [
        ("police", 6, "plans_due_20wk", "there is no service 'police'"),
        ("health", -1, "plans_due_20wk", "weeks must be 0 to 520"),
        ("health", 6, "open_over_20wk", "is not about when plans were sent"),
    ],
)
def test_what_cannot_be_asked_is_refused(service, weeks, measure, says):
    with pytest.raises(CommandError, match=says):
        effect(
            [plan("a", None)], [asking("a", "health", "2025-06-09", None)], service, weeks, measure=measure
        )


@pytest.mark.parametrize(("kind", "moved"), [(None, 1), ("??", 1), ("parent", 0), ("health", 0)])
def test_advice_of_a_kind_that_is_not_recorded_is_nobody_elses(kind, moved):
    """Asked 9 June, in on 13 October, 84 days after six weeks; the views of the parents have no limit."""
    asked = [asking("a", kind, "2025-06-09", "2025-10-13")]
    found = effect([plan("a", "2025-11-12")], asked, "not recorded")
    assert (found.moved, found.days_sooner) == (moved, 84 * moved)
