"""What each open case waits for: one thing, told apart at its edges."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.errors import InputError
from ehcptime.questions.at_risk import at_risk
from ehcptime.questions.backlog import backlog
from ehcptime.questions.waiting import WAITS, waiting
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from frames import frame
from oracle.draws import AS_AT, around, blank_case
from oracle.strategies import advice_rows
from questions_frames import advice, after, cases, issued

R = "2025-01-06"
TODAY = "2025-05-01"
ADVICE_OR_DECISION = "advice or a decision (no advice recorded)"


def deciding(**more):
    return {"received_date": R} | more


def assessing(**more):
    return deciding(request_outcome="Y", request_outcome_date=after(R, 20)) | more


def drafting(**more):
    return assessing(issue_decision_date=after(R, 100)) | more


def asking(kind="psychology", sent="2025-02-01", **more):
    return {"case_id": "c0", "advice_type": kind, "requested_date": sent, "returned_date": None} | more


def waits(*rows, askings=None, as_at=TODAY, extracted_on=None):
    tracked = cases(rows, as_at)
    given_advice = None if askings is None else advice(askings, as_at, cases=tracked)
    return waiting(tracked, advice=given_advice, extracted_on=extracted_on)["waits_for"].tolist()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (deciding(), "decision whether to assess"),
        (deciding(panel_date="2025-04-24"), "panel"),  # it has met, and nobody has been told
        (deciding(panel_date=TODAY), "panel"),
        (deciding(panel_date="2025-05-02"), "decision whether to assess"),  # it may have been keyed later
        (
            deciding(panel_date="2024-12-30"),
            "decision whether to assess",
        ),  # before the request: of another one
        (assessing(), ADVICE_OR_DECISION),
        (assessing(panel_date=after(R, 20)), ADVICE_OR_DECISION),  # the panel that decided to assess
        (assessing(panel_date=after(R, 21)), "panel"),
        (assessing(request_outcome_date=None, panel_date="2025-05-08"), ADVICE_OR_DECISION),
        (drafting(), "draft plan"),
        (drafting(panel_date="2025-05-08"), "draft plan"),
        (deciding(request_outcome="?"), "unknown"),
        (deciding(received_date=None), "decision whether to assess"),
        (deciding(received_date=None, panel_date="2025-04-24"), "panel"),
    ],
)
def test_one_thing_for_each_case(row, expected):
    assert waits(row) == [expected]


@pytest.mark.parametrize(
    ("extracted_on", "expected"),
    [
        (None, ["decision whether to assess", ADVICE_OR_DECISION]),
        (date(2025, 4, 30), ["panel", "panel"]),
        (date(2025, 5, 1), ["panel", "panel"]),
        (date(2025, 5, 2), ["decision whether to assess", ADVICE_OR_DECISION]),  # a past position
    ],
)
def test_a_booked_panel_counts_only_in_the_position_of_the_extract_itself(extracted_on, expected):
    rows = deciding(panel_date="2025-05-02"), assessing(panel_date="2025-05-02")
    assert waits(*rows, extracted_on=extracted_on) == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "the family's 15 days"), (14, "the family's 15 days"), (15, "final plan"), (200, "final plan")],
)
def test_the_family_has_fifteen_days_beginning_with_service_and_no_more(days, expected):
    row = drafting(draft_sent_date="2025-04-25")
    assert waits(row, as_at=after("2025-04-25", days)) == [expected]


@pytest.mark.parametrize(
    "row",
    [
        issued(R, 100),
        deciding(request_outcome="N", request_outcome_date=after(R, 30)),
        deciding(closed_date=TODAY, closed_reason="withdrawn"),
        deciding(closed_reason="duplicate"),
        deciding(request_outcome="W"),
        deciding(received_date="2026-01-01"),
    ],
)
def test_what_is_not_open_waits_for_nothing(row):
    assert pd.isna(waits(row)).tolist() == [True]


@pytest.mark.parametrize(
    ("askings", "expected"),
    [
        ([asking()], "psychology advice"),
        ([asking("social_care"), asking("education", returned_date="2025-03-01")], "social care advice"),
        ([asking(), asking("health")], "more than one kind of advice"),
        ([asking(), asking(provider="another")], "psychology advice"),
        ([asking(returned_date="2025-04-30")], "decision whether to issue a plan"),
        ([asking(returned_date="2025-05-02")], "psychology advice"),  # that day is to come
        ([asking(returned_date="2025-05-02", sent=None, advice_outcome="provided")], "psychology advice"),
        ([asking(sent=None)], "psychology advice"),  # asked for on a day that nobody recorded, and not back
        ([asking(sent=None, advice_outcome="provided")], "decision whether to issue a plan"),
        ([asking(advice_outcome="existing_sufficient")], "decision whether to issue a plan"),
        ([asking(advice_outcome="withdrawn")], "decision whether to issue a plan"),
        ([asking("parent")], "decision whether to issue a plan"),
        ([asking(sent="2025-05-02")], ADVICE_OR_DECISION),  # not asked for yet
        ([asking(case_id="another")], ADVICE_OR_DECISION),
        ([], ADVICE_OR_DECISION),
    ],
)
def test_advice_that_is_out(askings, expected):
    if not askings:
        askings = [asking(case_id="another")]
    assert waits(assessing(), askings=askings) == [expected]


def test_advice_comes_before_a_panel_but_a_decision_to_assess_needs_none_and_a_draft_had_it():
    booked = {"panel_date": "2025-04-30"}
    for row, expected in (
        (assessing(**booked), "psychology advice"),
        (drafting(), "psychology advice"),
        (deciding(), "decision whether to assess"),
        (drafting(draft_sent_date="2025-03-01"), "final plan"),
    ):
        assert waits(row, askings=[asking()]) == [expected]


def test_a_re_opened_case_counts_from_the_reversal():
    row = deciding(
        request_outcome="N",
        request_outcome_date=after(R, 20),
        reversal_of="assess",
        reversal_route="conceded",
        reversal_date="2025-04-01",
    )
    assert waits(row | {"panel_date": "2025-03-20"}) == [ADVICE_OR_DECISION]
    assert waits(row | {"panel_date": "2025-04-20"}) == ["panel"]


def test_it_can_be_counted_and_nothing_else_is_changed():
    tracked = cases([deciding(), assessing(), issued(R, 100)], TODAY).set_index(pd.Index([7, 8, 9]))
    before = tracked.copy(deep=True)
    found = waiting(tracked)
    pd.testing.assert_frame_equal(tracked, before)
    pd.testing.assert_frame_equal(found.drop(columns="waits_for"), before)
    counted = backlog(found, by="waits_for", bands=[20])
    assert counted["waits_for"].unique().tolist() == ["decision whether to assess", ADVICE_OR_DECISION]
    assert counted["open"].sum() == 2


def test_frames_that_cannot_be_used():
    tracked = cases([assessing()], TODAY)
    with pytest.raises(InputError, match="already has a column 'waits_for'"):
        waiting(waiting(tracked))
    with pytest.raises(InputError, match="different values of as_at"):
        waiting(tracked, advice=advice([asking()], "2025-05-02"))
    with pytest.raises(InputError, match="no column 'draft_comment_status'"):
        waiting(track(frame([{"received_date": None}]), as_at=date(2025, 5, 1), rules=["plan_final"]))


@given(st.data(), AS_AT)
def test_every_open_case_waits_for_one_thing_that_at_risk_does_not_contradict(data, as_at):
    pairs = data.draw(st.lists(advice_rows(as_at), min_size=1, max_size=12))
    tracked = track(frame([case or {"received_date": None} for _, case in pairs]), as_at=as_at)
    asked = frame([{**ask, "case_id": str(number)} for number, (ask, _) in enumerate(pairs)], "advice")
    asked = track_advice(asked, as_at=as_at, cases=tracked)
    for table in (None, asked):
        found = waiting(tracked, advice=table)
        assert found["waits_for"].notna().tolist() == found["is_open"].tolist()
        words = found.set_index("case_id")["waits_for"].astype(object)
        listed = at_risk(tracked, days=10_000, advice=table).set_index("case_id")["waits_for"]
        for case, text in listed.items():
            assert words[case] in WAITS
            assert _says_the_same(words[case], text), (words[case], text)


@given(st.data(), AS_AT)
def test_a_past_position_is_that_of_an_extract_cut_off_on_its_day(data, as_at):
    pairs = data.draw(st.lists(advice_rows(as_at), min_size=1, max_size=8))
    panels = data.draw(st.lists(around(as_at), min_size=len(pairs), max_size=len(pairs)))
    rows = [
        (case or blank_case()) | {"panel_date": day} for (_, case), day in zip(pairs, panels, strict=True)
    ]
    later = frame(rows)
    cut = later.assign(panel_date=later["panel_date"].where(later["panel_date"] <= pd.Timestamp(as_at)))
    one, other = (waiting(track(some, as_at=as_at)) for some in (later, cut))
    assert one["waits_for"].tolist() == other["waits_for"].tolist()


def _says_the_same(category, text):
    """`at_risk` names every kind of advice, and the act that comes after a panel, the family's days or what is unknown."""
    finer = {
        "panel": ("decision whether to assess", "decision whether to issue a plan"),
        "the family's 15 days": ("final plan",),
        ADVICE_OR_DECISION: ("decision whether to issue a plan",),
        "unknown": ("a record that can be read",),
    }
    if category == "more than one kind of advice":
        return text.count(" advice") > 1
    return text in finer.get(category, (category,))
