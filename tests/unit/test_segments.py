"""Segments worked by hand: every day of a case is in one of them, and the reason is said."""

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import InputError
from ehcptime.questions.segments import segments
from ehcptime.questions.stage_durations import stage_durations
from questions_frames import advice, after, cases

R = "2025-01-02"
AS_AT = "2025-12-01"


def row(decided=42, **steps):
    """A case received on R; steps are days after it."""
    days = {"decided": decided} | steps
    names = {
        "decided": "request_outcome_date",
        "decision": "issue_decision_date",
        "draft": "draft_sent_date",
        "final": "plan_issued_date",
        "reply": "family_reply_date",
        "closed": "closed_date",
        "reversal": "reversal_date",
    }
    dated = {
        names[name]: None if day is None else after(R, day) for name, day in days.items() if name in names
    }
    other = {name: value for name, value in days.items() if name not in names}
    return {"case_id": "A", "received_date": R, "request_outcome": "Y"} | dated | other


def ask(kind, asked, returned=None, **more):
    return {
        "case_id": "A",
        "advice_type": kind,
        "requested_date": None if asked is None else after(R, asked),
        "returned_date": None if returned is None else after(R, returned),
        "advice_outcome": None,
        "sub_service": None,
        "body_received_date": None,
    } | more


def cut(case, *asks, as_at=AS_AT):
    """(segment, whose, days) of one case."""
    tracked = cases([case], as_at)
    asked = advice(asks, as_at, cases=tracked[["case_id", "received_date"]]) if asks else None
    return segments(tracked, advice=asked)


def short(case, *asks, as_at=AS_AT):
    found = cut(case, *asks, as_at=as_at)
    return [tuple(values) for values in found[["segment", "service", "days"]].to_numpy().tolist()]


WHOLE = {"decision": 140, "draft": 150, "final": 180}


def test_a_plain_case_goes_through_every_segment():
    assert short(row(50, **WHOLE), ask("health", 55, 110)) == [
        ("deciding", "authority", 50),
        ("waiting_to_ask", "authority", 5),
        ("advice", "health", 55),
        ("after_advice", "authority", 30),
        ("drafting", "authority", 10),
        ("family", "family", 15),
        ("finalising", "authority", 15),
    ]


def test_dates_meet_without_gap():
    found = cut(row(50, **WHOLE), ask("health", 55, 110))
    assert found["from_date"].iloc[0] == pd.Timestamp(R)
    assert found["to_date"].iloc[-1] == pd.Timestamp(after(R, 180))
    assert found["to_date"].tolist()[:-1] == found["from_date"].tolist()[1:]
    assert found["basis"].tolist()[2] == "asked for and not in; no advice came in later"


JSC = {
    "case_id": "JSC",
    "received_date": "2025-04-02",
    "request_outcome": "Y",
    "request_outcome_date": "2025-05-29",
}


def situation_6(*kinds):
    asked = {"psychology": "2025-06-09", "health": None, "social_care": "2025-06-09", "other": "2025-06-09"}
    back = {"psychology": "2025-10-13", "health": "2025-06-20", "social_care": "2025-06-12", "other": None}
    rows = [
        {
            "case_id": "JSC",
            "advice_type": kind,
            "requested_date": asked[kind],
            "returned_date": back[kind],
            "advice_outcome": "not_known" if kind == "social_care" else None,
        }
        for kind in kinds
    ]
    return advice(rows, "2025-10-21")


def test_jsc_still_waits_for_occupational_therapy_and_the_authority_asked_11_days_after_it_decided():
    tracked = cases([JSC], "2025-10-21")
    found = segments(tracked, advice=situation_6("psychology", "health", "social_care", "other"))
    assert found[["segment", "service", "days"]].to_numpy().tolist() == [
        ["deciding", "authority", 57],
        ["waiting_to_ask", "authority", 11],
        ["advice", "other", 134],
    ]
    found = segments(tracked, advice=situation_6("psychology", "health", "social_care"))
    assert found[["segment", "days"]].to_numpy().tolist()[2:] == [["advice", 126], ["after_advice", 8]]


def test_when_the_day_of_asking_for_the_last_advice_is_missing_nobody_is_charged():
    found = segments(cases([JSC], "2025-10-21"), advice=situation_6("health", "social_care"))
    assert found[["segment", "days"]].to_numpy().tolist() == [
        ["deciding", 57],
        ["unknown", 22],
        ["after_advice", 123],
    ]
    assert (
        found["basis"]
        .iloc[1]
        .startswith("cannot be told, because the day of asking for the advice that came last")
    )


def test_without_advice_the_assessment_cannot_be_split():
    assert short(row(50, **WHOLE))[1] == ("unknown", "unknown", 90)
    assert cut(row(50, **WHOLE))["basis"].iloc[1] == "cannot be told, because no advice was given to look at"
    other = ask("health", 55, 110, case_id="B")
    assert (
        cut(row(50, **WHOLE), other)["basis"].iloc[1]
        == "cannot be told, because no advice is recorded for it"
    )


def test_only_the_last_advice_is_on_the_line():
    asks = [ask("health", 42, 100), ask("psychology", 60, 120), ask("social_care", 42, 50)]
    assert short(row(42, **WHOLE), *asks)[1:4] == [
        ("waiting_to_ask", "authority", 18),
        ("advice", "psychology", 60),
        ("after_advice", "authority", 20),
    ]


def test_two_that_come_in_last_on_one_day_are_named_together_while_both_are_out():
    asks = [ask("health", 42, 100), ask("psychology", 60, 100)]
    assert short(row(42, **WHOLE), *asks)[1:3] == [
        ("advice", "health", 18),
        ("advice", "health, psychology", 40),
    ]


def test_the_time_between_a_rejected_round_and_the_next_is_the_authoritys():
    asks = [ask("psychology", 42, 70, advice_outcome="rejected"), ask("psychology", 80, 110)]
    assert short(row(42, **WHOLE), *asks)[1:5] == [
        ("advice", "psychology", 28),
        ("waiting_to_ask", "authority", 10),
        ("advice", "psychology", 30),
        ("after_advice", "authority", 30),
    ]


def test_parts_of_a_service_are_advice_of_their_own():
    asks = [ask("health", 42, 60, sub_service="OT"), ask("health", 80, 110, sub_service="SALT")]
    assert short(row(42, **WHOLE), *asks)[1:3] == [
        ("waiting_to_ask", "authority", 38),
        ("advice", "health", 30),
    ]


def test_another_provider_of_a_service_gives_advice_of_its_own_and_what_was_not_last_is_off_the_line():
    asks = [ask("health", 42, 90, provider="clinic"), ask("health", 80, 110, provider="hospital")]
    assert short(row(42, **WHOLE), *asks)[1:3] == [
        ("waiting_to_ask", "authority", 38),
        ("advice", "health", 30),
    ]


@pytest.mark.parametrize(("received", "bound"), [(60, False), (69, False), (70, True), (71, True)])
def test_a_receipt_before_the_sending_cannot_be_told_from_a_late_one(received, bound):
    asked = ask("health", 70, 110, body_received_date=after(R, received))
    expected = [("waiting_to_ask", "authority", received - 42), ("advice", "health", 110 - received)]
    assert short(row(42, **WHOLE), asked)[1:3] == (
        expected if bound else [("unknown", "unknown", 68), ("after_advice", "authority", 30)]
    )


def test_a_body_is_waited_for_from_the_day_that_it_received_the_request():
    asked = ask("health", 42, 100, body_received_date=after(R, 52))
    assert short(row(42, **WHOLE), asked)[1:3] == [
        ("waiting_to_ask", "authority", 10),
        ("advice", "health", 48),
    ]


def test_asked_before_the_decision_to_assess_counts_from_the_decision():
    assert short(row(42, **WHOLE), ask("health", 30, 100))[:2] == [
        ("deciding", "authority", 42),
        ("advice", "health", 58),
    ]
    assert short(row(42, **WHOLE), ask("health", 30, 40))[1] == ("after_advice", "authority", 98)


def test_an_answer_before_its_asking_leaves_the_wait_unknown():
    assert short(row(42, **WHOLE), ask("health", 90, 80))[1:3] == [
        ("unknown", "unknown", 38),
        ("after_advice", "authority", 60),
    ]


def test_an_answer_without_a_day_leaves_the_assessment_unknown():
    answered = ask("psychology", 42, advice_outcome="provided")
    assert short(row(42, **WHOLE), ask("health", 42, 60), answered)[1] == ("unknown", "unknown", 98)


def test_an_undated_answer_in_a_round_of_the_last_advice_takes_nothing_from_the_other_rounds():
    rounds = [ask("health", 42, 60), ask("health", 70, advice_outcome="not_known"), ask("health", 90)]
    assert short(row(42), *rounds, as_at=after(R, 100)) == [
        ("deciding", "authority", 42),
        ("advice", "health", 18),
        ("unknown", "unknown", 30),
        ("advice", "health", 10),
    ]


def test_what_was_asked_for_on_the_day_that_the_authority_went_on_was_not_waited_for():
    asks = [ask("health", 42, 60), ask("psychology", 140)]
    assert short(row(42, **WHOLE), *asks)[1:3] == [
        ("advice", "health", 18),
        ("after_advice", "authority", 80),
    ]


@pytest.mark.parametrize("outcome", ["withdrawn", "existing_sufficient"])
def test_what_need_not_come_is_not_waited_for(outcome):
    asks = [ask("health", 42, 60), ask("psychology", 42, advice_outcome=outcome)]
    assert short(row(42, **WHOLE), *asks)[1:3] == [
        ("advice", "health", 18),
        ("after_advice", "authority", 80),
    ]


def test_not_known_to_us_is_in():
    asks = [ask("social_care", 42, 60, advice_outcome="not_known")]
    assert short(row(42, **WHOLE), *asks)[1] == ("advice", "social_care", 18)


def test_parents_views_are_never_waited_for():
    asks = [ask("health", 42, 60), ask("parent", 42, 130)]
    assert short(row(42, **WHOLE), *asks)[1:3] == [
        ("advice", "health", 18),
        ("after_advice", "authority", 80),
    ]


def test_an_advice_that_never_came_is_waited_for_until_the_authority_went_on_without_it():
    asks = [ask("health", 42, 60), ask("psychology", 42)]
    found = cut(row(42, **WHOLE), *asks)
    assert found[["segment", "service", "days"]].to_numpy().tolist()[1] == ["advice", "psychology", 98]
    assert found["basis"].iloc[1].startswith("asked for and not in when the authority went on")


def test_the_family_has_15_days_or_until_its_reply_and_never_more():
    assert short(row(42, **WHOLE), ask("health", 42, 60))[-2:] == [
        ("family", "family", 15),
        ("finalising", "authority", 15),
    ]
    replied = row(42, **WHOLE, reply=155)
    assert short(replied, ask("health", 42, 60))[-2:] == [
        ("family", "family", 5),
        ("finalising", "authority", 25),
    ]
    late_reply = row(42, **WHOLE, reply=175)
    assert short(late_reply, ask("health", 42, 60))[-2:] == [
        ("family", "family", 15),
        ("finalising", "authority", 15),
    ]
    soon = row(42, decision=140, draft=150, final=160)
    assert short(soon, ask("health", 42, 60))[-1] == ("family", "family", 10)


def test_a_draft_ends_the_assessment_where_the_decision_to_issue_has_no_day_or_a_later_one():
    undated, later = row(42, draft=150, final=180), row(42, decision=155, draft=150, final=180)
    for case, fault in ((undated, "is not dated"), (later, "is dated out of order")):
        found = cut(case, ask("health", 42, 60))
        assert found[["segment", "days"]].to_numpy().tolist()[2:4] == [["after_advice", 90], ["family", 15]]
        assert found["basis"].iloc[2].endswith(f"the decision whether to issue a plan {fault}")


@pytest.mark.parametrize(
    ("steps", "expected", "why"),
    [
        ({"decision": 140, "final": 180}, [("unknown", "unknown", 40)], "the draft is not dated"),
        (
            {"decision": 140, "draft": 185, "final": 180},
            [("unknown", "unknown", 40)],
            "the draft is dated out of order",
        ),
        (
            {"decision": 140, "draft": 30, "final": 180},
            [("unknown", "unknown", 40)],
            "the draft is dated out of order",
        ),
    ],
)
def test_a_step_with_no_day_or_out_of_order_leaves_both_sides_unknown(steps, expected, why):
    found = cut(row(42, **steps), ask("health", 42, 60))
    assert [tuple(values) for values in found[["segment", "service", "days"]].to_numpy().tolist()][
        3:
    ] == expected
    assert found["basis"].iloc[-1] == f"cannot be told, because {why}"


def test_a_decision_before_the_request_leaves_the_start_unknown():
    found = cut(row(-3, **WHOLE), ask("health", 55, 110))
    assert found[["segment", "days"]].to_numpy().tolist()[:2] == [["unknown", 55], ["advice", 55]]
    assert (
        found["basis"].iloc[0]
        == "cannot be told, because the decision whether to assess is dated out of order"
    )


def test_a_refusal_that_was_reversed_is_a_segment_of_its_own():
    refused = row(40, request_outcome="N", reversal=100, reversal_route="tribunal_order", **WHOLE)
    assert short(refused, ask("health", 110, 130))[:4] == [
        ("deciding", "authority", 40),
        ("refused", "authority", 60),
        ("waiting_to_ask", "authority", 10),
        ("advice", "health", 20),
    ]
    no_plan = row(
        42, assessment_outcome="N", assessment_outcome_date=after(R, 112), reversal=170, reversal_of="issue",
        reversal_route="order_to_make", draft=205, final=240,
    )  # fmt: skip
    assert short(no_plan, ask("health", 42, 84))[2:5] == [
        ("after_advice", "authority", 28),
        ("refused", "authority", 58),
        ("drafting", "authority", 35),
    ]


def test_a_case_that_ended_otherwise_ends_where_it_was():
    assert short(row(42, closed=70, closed_reason="withdrawn"), ask("health", 50)) == [
        ("deciding", "authority", 42),
        ("waiting_to_ask", "authority", 8),
        ("advice", "health", 20),
    ]
    undecided = row(None, request_outcome="A", closed=30, closed_reason="withdrawn")
    assert short(undecided) == [("deciding", "authority", 30)]


def test_cases_without_a_line_say_why_and_cases_to_come_have_none():
    rows = [
        {"received_date": None, "closed_date": None, "closed_reason": None},
        {"received_date": R, "closed_date": None, "closed_reason": "withdrawn"},
        {"received_date": R, "closed_date": after(R, -5), "closed_reason": "withdrawn"},
        {"received_date": AS_AT, "closed_date": None, "closed_reason": None},
        {"received_date": "2025-12-02", "closed_date": None, "closed_reason": None},
    ]
    found = segments(cases(rows, AS_AT))
    assert found["case_id"].tolist() == ["c0", "c1", "c2", "c3"]
    assert found["days"].isna().tolist() == [True, True, True, False]
    assert found["days"].iloc[3] == 0
    assert [basis.removeprefix("cannot be told, because ") for basis in found["basis"]] == [
        "the day of the request is not recorded",
        "the day on which the case ended is not recorded",
        "the case ended before its request",
        "from the request to the decision whether to assess",
    ]


def test_what_is_dated_after_as_at_has_not_happened():
    assert short(row(50, **WHOLE), ask("health", 55, 110), as_at=after(R, 100)) == [
        ("deciding", "authority", 50),
        ("waiting_to_ask", "authority", 5),
        ("advice", "health", 45),
    ]


def test_no_cases_give_an_empty_frame_and_nothing_is_changed():
    tracked, asked = cases([row(50, **WHOLE)], AS_AT), advice([ask("health", 55, 110)], AS_AT)
    before = tracked.copy(), asked.copy()
    segments(tracked, advice=asked)
    pd.testing.assert_frame_equal(tracked, before[0])
    pd.testing.assert_frame_equal(asked, before[1])
    empty = segments(tracked.iloc[:0], advice=asked.iloc[:0])
    assert empty.empty
    assert empty.columns.tolist() == segments(tracked, advice=asked).columns.tolist()
    assert len(segments(tracked, advice=asked.iloc[:0])) == 5


def test_frames_of_different_days_and_doubled_cases_are_refused():
    tracked, asked = cases([row(50, **WHOLE)], AS_AT), advice([ask("health", 55, 110)], "2025-11-30")
    with pytest.raises(InputError, match="different values of as_at"):
        segments(tracked, advice=asked)
    with pytest.raises(InputError, match="holds a value twice"):
        segments(pd.concat([tracked, tracked]), advice=advice([ask("health", 55, 110)], AS_AT))
    with pytest.raises(InputError, match="call track"):
        segments(pd.DataFrame({"case_id": ["A"]}))


def test_durations_are_medians_over_plans_issued():
    rows = [
        row(days, decision=140, draft=150, final=180) | {"case_id": name}
        for name, days in (("A", 42), ("B", 56), ("C", 70))
    ]
    rows.append(row(30) | {"case_id": "open"})
    found = stage_durations(cases(rows, AS_AT)).set_index("segment")
    assert found.loc["deciding", ["cases", "median_weeks", "p90_weeks", "case_days", "plans"]].tolist() == [
        3,
        8.0,
        9.6,
        168,
        3,
    ]
    assert found.loc["family", ["median_weeks", "case_days"]].tolist() == [2.1, 45]
    assert found["case_days"].sum() == 3 * 180
    assert found.loc["advice", "cases"] == 0  # no advice was given: how long it took cannot be told
    assert found.loc["advice", "median_weeks"] is pd.NA


def test_durations_by_a_column_count_a_known_nothing_as_nothing():
    asks = [ask("health", 42, 84, case_id=name) for name in ("A", "B")]
    rows = [
        row(42, **WHOLE) | {"case_id": "A", "team": "north"},
        row(42, **WHOLE) | {"case_id": "B", "team": None},
    ]
    tracked = cases(rows, AS_AT)
    found = stage_durations(tracked, advice=advice(asks, AS_AT), by="team").set_index(["team", "segment"])
    assert found.loc[("north", "waiting_to_ask"), ["cases", "median_weeks"]].tolist() == [1, 0.0]
    assert found.loc[("not recorded", "advice"), ["cases", "median_weeks"]].tolist() == [1, 6.0]
    assert stage_durations(tracked.iloc[:0]).empty


def test_they_are_public():
    for name in ("segments", "delay_caused", "last_in", "stage_durations"):
        assert callable(getattr(ehc, name))


def test_a_case_that_stands_twice_is_refused():
    tracked = cases([row()], AS_AT)
    asked = advice([ask("health", 50, 90)], AS_AT)
    with pytest.raises(InputError, match="'case_id' holds a value twice: each case must stand in one row"):
        segments(pd.concat([tracked, tracked], ignore_index=True), advice=asked)
