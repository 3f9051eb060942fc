"""What a limit says of itself, line by line, for limits of every kind."""

from datetime import date

import pytest

from ehcptime.errors import CommandError
from ehcptime.outputs.case_pages.page import case_page
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.timeline import timeline

RECEIVED = {"received_date": date(2025, 4, 2)}
AS_AT = date(2025, 7, 1)
MEETING = {"other_dates": {"review_meeting_date": date(2025, 8, 1)}}  # two weeks before it is 18 July
NOTICE = {"other_dates": {"review_meeting_date": date(2025, 8, 1), "review_notice_date": date(2025, 7, 1)}}
ORDER = {
    "request_outcome": "N",
    "request_outcome_date": date(2025, 5, 12),
    "reversal_of": "assess",
    "reversal_route": "tribunal_order",
    "reversal_date": date(2025, 6, 2),
}
AWAY = {"rule": "plan_final", "code": "ABSENT_4W", "from_date": date(2025, 4, 10)}


def told(*, as_at=AS_AT, **facts):
    given = {
        name: facts.pop(name) for name in ("exemptions", "convention", "rules", "advice") if name in facts
    }
    return timeline(Case(case_id="A", **{**RECEIVED, **facts}), as_at=as_at, **given)


def lines(rule, name, **facts):
    begins = f"  {name}: "
    said = told(**facts).explain(rule).splitlines()
    return [line.removeprefix(begins) for line in said if line.startswith(begins)]


@pytest.mark.parametrize(
    ("rule", "facts", "said"),
    [
        ("plan_final", {}, ["2 April 2025 + 140 days = 20 August 2025"]),
        ("plan_final", {"convention": "receipt_is_day_one"}, ["2 April 2025 + 139 days = 19 August 2025"]),
        ("draft_comment", {"draft_sent_date": date(2025, 6, 30)}, ["30 June 2025 + 14 days = 14 July 2025"]),
        ("draft_comment", {"draft_sent_date": date(2025, 6, 30), "convention": "receipt_is_day_one"}, ["30 June 2025 + 14 days = 14 July 2025"]),
        ("review_meeting_notice", MEETING, ["1 August 2025 - 14 days = 18 July 2025"]),
        # Before a fixed day, the later of two, and what an agreement replaced, are no sum of days.
        ("phase_other", {"other_dates": {"phase_transfer_date": date(2026, 9, 1)}}, []),
        ("move_transfer", {"other_dates": {"move_date": date(2025, 6, 2)}}, []),
        ("plan_final", {"plan_final_override_date": date(2025, 9, 1)}, []),
        ("draft_comment", {}, []),
        ("plan_final", {"received_date": None}, []),
        ("plan_final", ORDER, ["2 June 2025 + 98 days = 8 September 2025"]),
    ],
)  # fmt: skip
def test_a_sum_goes_from_the_start_to_the_last_day(rule, facts, said):
    assert lines(rule, "sum", **facts) == said


@pytest.mark.parametrize(
    ("facts", "starts", "limit"),
    [
        ({}, "2 April 2025", "within 20 weeks of the day of the event, which is not counted"),
        ({"received_date": None}, "day not known", "within 20 weeks of the day of the event, which is not counted"),
        ({"convention": "receipt_is_day_one"}, "2 April 2025", "within 20 weeks of the day of the event, which is not counted (here counted with the day of receipt as day 1)"),
        (ORDER, "2 June 2025", "within 14 weeks of the day of the event, which is not counted"),
    ],
)  # fmt: skip
def test_a_limit_says_what_it_runs_from_and_how_it_is_counted(facts, starts, limit):
    (start,) = lines("plan_final", "starts", **facts)
    assert start.endswith(f": {starts}")
    assert lines("plan_final", "limit", **facts) == [limit]


def test_a_limit_that_an_agreement_replaced_says_by_what_alone():
    facts = {"plan_final_override_date": date(2025, 9, 1), "plan_final_override_source": "direction of 1 May"}
    assert lines("plan_final", "starts", **facts) == lines("plan_final", "limit", **facts) == []
    assert lines("plan_final", "note", **facts) == [
        "the limit is replaced by a written agreement or a direction of the tribunal: direction of 1 May"
    ]
    (note,) = lines("plan_final", "note", plan_final_override_date=date(2025, 9, 1))
    assert note.endswith(": no source is recorded")
    assert lines("issue_decision", "note", **facts) == []


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (
            MEETING,
            "due on 18 July 2025, 17 days left",
        ),  # an act that must be done by then, not a time that must run
        (NOTICE, "done on 1 July 2025, in time"),
    ],
)
def test_notice_before_an_event_is_due_on_its_last_day(facts, outcome):
    assert told(**facts)["review_meeting_notice"].outcome() == outcome


def test_a_step_done_in_time_before_an_event_is_in_time_on_the_page_too():
    page = case_page(Case(case_id="A", **RECEIVED, **NOTICE), as_at=AS_AT, reader="adviser").html
    row = next(
        row for row in page.split("<tr") if "Notice of the review meeting" in row and "1 July 2025" in row
    )
    assert "in time" in row


@pytest.mark.parametrize(
    ("last", "supported", "said"),
    [
        (date(2025, 5, 7), "yes", "its dates support it"),  # 28 days
        (date(2025, 5, 6), "no", "its dates do not support it"),
        (None, "yes", "its dates support it"),
    ],
)
def test_an_exemption_says_what_its_dates_show(last, supported, said):
    claim = {**AWAY, "to_date": last}
    assert told(exemptions=[claim])["plan_final"].exempt_supported == supported
    (line,) = lines("plan_final", "exemptions", exemptions=[claim])
    assert line == f"claimed; {said}; whether the reason made the limit impractical is a person's judgement"
    assert lines("request_decision", "exemptions", exemptions=[claim]) == ["none recorded"]
    assert lines("plan_final", "exemptions", week20=True) == [
        "claimed; whether its dates support it cannot be told; whether the reason made the limit impractical is a person's judgement"
    ]


def test_a_source_says_when_it_was_checked_unless_it_was_not_seen_at_all():
    (seen,) = lines("plan_final", "source")
    assert (
        seen
        == "SI 2014/1530 reg 13(2), statutory (a published copy of the text was seen; checked on 23 November 2026)"
    )
    facts = {
        "other_dates": {"amendment_without_review_date": date(2025, 5, 1)},
        "rules": ["amend_no_review_final"],
    }
    (memory,) = lines("amend_no_review_final", "source", **facts)
    assert memory.endswith("(not verified)")


def test_a_limit_that_is_not_verified_is_shown_where_it_is_named():
    facts = {"other_dates": {"amendment_without_review_date": date(2025, 5, 1)}}
    with pytest.raises(CommandError):
        told(**facts)["amend_no_review_final"]
    assert told(**facts, rules="amend_no_review_final")["amend_no_review_final"].start == date(2025, 5, 1)


def test_two_readings_of_the_law_are_said_with_their_days():
    notes = lines("plan_final", "note", **{**ORDER, "reversal_route": "conceded"})
    assert notes[0].startswith("the refusal was reversed (conceded): ")
    assert notes[1] == (
        "authorities conflict: by the other reading it is due on 8 September 2025; the earlier is in force here"
    )
    assert len(lines("plan_final", "note", **ORDER)) == 1


def test_an_asking_says_of_what_and_of_which_service_it_is():
    asked = AdviceRequest(
        case_id="A", advice_type="health", sub_service="speech", requested_date=date(2025, 6, 9)
    )
    assert told(advice=[asked])["advice_body"].title.endswith(" (health speech)")
