"""Delay caused, worked by hand: on whose time the days of lateness fall, and that they sum."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.delay import CAVEAT, delay_caused
from ehcptime.questions.last_in import last_in
from ehcptime.questions.lawful_plan import LAWFUL_PLAN
from questions_frames import advice, after, cases

R = "2025-01-02"  # its plan is due on 22 May 2025, day 140
AS_AT = "2025-12-01"
KINDS = {
    "decided": "request_outcome_date",
    "decision": "issue_decision_date",
    "draft": "draft_sent_date",
    "final": "plan_issued_date",
}


def row(name="A", **steps):
    days = {KINDS[step]: after(R, day) for step, day in steps.items() if step in KINDS}
    other = {step: value for step, value in steps.items() if step not in KINDS}
    return {"case_id": name, "received_date": R, "request_outcome": "Y"} | days | other


def ask(kind, asked, returned, name="A", **more):
    return {
        "case_id": name,
        "advice_type": kind,
        "requested_date": after(R, asked),
        "returned_date": None if returned is None else after(R, returned),
        "advice_outcome": None,
    } | more


def tracked(rows, asks, as_at=AS_AT):
    made = cases(rows, as_at)
    return made, advice(asks, as_at)


def charged(rows, asks, by="segment", as_at=AS_AT, **options):
    made, asked = tracked(rows, asks, as_at)
    found = delay_caused(made, advice=asked, by=by, **options)
    return {values[0]: values[1] for values in found[[by, "case_days"]].to_numpy().tolist() if values[1]}


PLAIN = row(decided=50, decision=140, draft=150, final=180)
PLAIN_ASK = ask("health", 55, 110)


def test_each_stage_is_charged_with_what_it_took_beyond_the_plan():
    # 50 of 42; asked 5 days later; 55 of 42; 30 + 10 of 28; 15 + 15 of 28: 8 + 5 + 13 + 12 + 2 = 40 = 180 - 140
    expected = {
        "deciding": 8,
        "waiting_to_ask": 5,
        "advice": 13,
        "after_advice": 2,
        "drafting": 10,
        "finalising": 2,
    }
    assert charged([PLAIN], [PLAIN_ASK]) == expected
    assert charged([PLAIN], [PLAIN_ASK], by="service") == {"health": 13, "authority": 27}


def test_what_a_stage_leaves_over_is_used_by_the_stages_after_it():
    # 30 of 42 leaves 12: the authority may ask 12 days late; health has 49 of 42; the rest is on plan
    case = row(decided=30, decision=119, draft=119, final=147)
    assert charged([case], [ask("health", 42, 91)]) == {"advice": 7}


def test_time_made_up_later_spares_the_earliest_overrun():
    # deciding 18 over, psychology 8 over; then 18 and 6 days are saved: of 26 days over the first 24 are made good
    case = row(decided=60, decision=120, draft=120, final=142)
    assert charged([case], [ask("psychology", 60, 110)]) == {"advice": 2}
    case = row(decided=60, decision=128, draft=138, final=162)
    # 18, 8, and 28 of 28; 24 of 28 saves 4: deciding keeps 14
    assert charged([case], [ask("psychology", 60, 110)]) == {"deciding": 14, "advice": 8}


def test_asking_late_is_the_authoritys_and_a_provider_has_its_own_six_weeks():
    case = row(decided=42, decision=140, draft=140, final=168)  # asked 28 days late, answered in 42
    assert charged([case], [ask("health", 70, 112)], by="service") == {"authority": 28}


def test_an_advice_late_but_not_last_costs_nothing_and_is_still_said():
    case = row(decided=42, decision=148, draft=148, final=176)
    made, asked = tracked([case], [ask("health", 42, 100), ask("psychology", 42, 120)])
    found = delay_caused(made, advice=asked).set_index("service")
    assert found.loc["health", ["cases", "case_days", "critical_cases", "late_not_last"]].tolist() == [
        0,
        0,
        0,
        1,
    ]
    assert found.loc["psychology", ["cases", "case_days", "critical_cases", "late_not_last"]].tolist() == [
        1,
        36,
        1,
        0,
    ]
    assert found.loc["health", "median_days"] is pd.NA
    assert (
        found.loc["health", "sentence"]
        == "health cost 0 case-days, on 0 cases; late and not the last on 1, which cost 0 days"
    )


@pytest.mark.parametrize(
    ("asked", "returned", "exemption", "is_late"),
    [
        (42, 90, None, True),
        (42, 90, "MISSED_APPT", False),  # the body's limit is lifted
        (84, 127, None, True),  # due on day 126, answered a day late
        (133, 176, None, True),  # its limit was day 175, and the plan was issued on 176
        (134, 177, None, False),  # its limit ran out with the case
        (180, 300, None, False),  # asked for after the plan was issued
    ],
)
def test_advice_is_late_in_a_case_only_by_a_limit_that_stood_and_passed_while_it_ran(
    asked, returned, exemption, is_late
):
    case = row(decided=42, decision=132, draft=148, final=176)
    asks = [ask("health", asked, returned, exemption=exemption), ask("psychology", 42, 132, exemption=None)]
    for method in ("critical", "equal_share"):
        made, given_advice = tracked([case], asks)
        found = delay_caused(made, advice=given_advice, method=method).set_index("service")
        assert ("health" in found.index and found.loc["health", "late_not_last"] == 1) == is_late
        shared = "health" in found.index and found.loc["health", "case_days"] > 0
        assert shared == (is_late and method == "equal_share")
        assert found["case_days"].sum() == 36


def test_days_out_together_are_shared_equally_and_odd_days_go_round():
    # both out for 59 days of 42, so 17 over: 9 and 8; with 15 over, 7 and 8
    for last, shares in ((101, {"health": 9, "psychology": 8}), (99, {"health": 7, "psychology": 8})):
        case = row(decided=42, decision=last + 28, draft=last + 28, final=last + 56)
        asks = [ask("health", 42, last), ask("psychology", 42, last)]
        assert charged([case], asks, by="service") == shares


@pytest.mark.parametrize(
    ("asked", "exemption", "expected"),
    [
        (133, None, {"psychology": 36}),  # health has until day 175
        (106, None, {"psychology": 36}),  # its limit is the day on which the authority goes on
        (105, None, {"psychology": 35, "health": 1}),  # one day past it, which cannot be halved
        (100, None, {"psychology": 33, "health": 3}),  # six days past it
        (42, None, {"psychology": 18, "health": 18}),
        (42, "MISSED_APPT", {"psychology": 36}),
    ],
)
def test_a_service_is_not_charged_for_its_own_six_weeks_while_another_is_past_them(
    asked, exemption, expected
):
    # psychology is asked on day 42; neither has answered when the authority goes on, 64 days past the plan of which 28 are made up
    case = row(decided=42, decision=148, draft=148, final=176)
    asks = [ask("psychology", 42, None, exemption=None), ask("health", asked, None, exemption=exemption)]
    assert charged([case], asks, by="service") == expected


def test_an_open_case_is_charged_to_this_day():
    case = {
        "case_id": "A",
        "received_date": "2025-04-02",
        "request_outcome": "Y",
        "request_outcome_date": "2025-05-29",
    }
    asked = {
        "case_id": "A",
        "advice_type": "psychology",
        "requested_date": "2025-06-09",
        "returned_date": "2025-10-13",
    }
    # JSC: due 20 August, 62 days over on 21 October. Deciding 15 over, asking 11, psychology 84: 110 over the plan, whose last
    # 8 weeks are not used yet but for 8 days, so the first 48 are made good
    assert charged([case], [asked | {"advice_outcome": None}], as_at="2025-10-21", by="service") == {
        "psychology": 62
    }
    # issued on 8 December after 28 days to the draft and 28 to the final: 110 days over, each where it was spent
    case |= {
        "issue_decision_date": "2025-11-10",
        "draft_sent_date": "2025-11-10",
        "plan_issued_date": "2025-12-08",
    }
    found = charged([case], [asked | {"advice_outcome": None}], as_at="2025-12-08")
    assert found == {"deciding": 15, "waiting_to_ask": 11, "advice": 84}


def test_what_came_before_an_order_that_starts_the_clock_anew_is_not_late():
    # refused on day 40, ordered on day 200: due 14 weeks later, on day 298; asked 10 days late, 50 of 42, then 28, 15 + 20 of 28
    case = row(
        request_outcome="N", decided=40, reversal_date=after(R, 200), reversal_of="assess", reversal_route="tribunal_order",
        decision=288, draft=288, final=323,
    )  # fmt: skip
    found = charged([case], [ask("health", 210, 260)], as_at="2026-01-31")
    assert found == {"waiting_to_ask": 10, "advice": 8, "finalising": 7}
    own = case | {"reversal_route": "own_change"}  # the original limit: day 140, so 183 days over
    found = charged([own], [ask("health", 210, 260)], as_at="2026-01-31")
    assert found == {"refused": 158, "waiting_to_ask": 10, "advice": 8, "finalising": 7}


def test_what_came_before_an_order_to_make_a_plan_is_not_late_either():
    # decided on day 155, refused a plan on 160, ordered on 170: due 11 weeks later, on day 247; the draft is 62 days after the order
    case = row(
        decided=155, assessment_outcome="N", assessment_outcome_date=after(R, 160), reversal_date=after(R, 170),
        reversal_of="issue", reversal_route="order_to_make", draft=232, final=260,
    )  # fmt: skip
    assert charged([case], [ask("health", 100, 150)]) == {"drafting": 13}


def test_no_family_is_charged_even_where_the_limit_left_no_time_for_its_15_days():
    # an agreed limit on day 13 after a draft on day 0: the family still has its 15 days on day 14, one day over
    case = row(decided=0, draft=0, plan_final_override_date=after(R, 13))
    found = delay_caused(cases([case], after(R, 14)), by=["segment", "service"])
    assert found[["segment", "service", "case_days"]].to_numpy().tolist() == [["unknown", "unknown", 1]]


def test_every_day_of_a_case_whose_limit_is_shorter_than_the_last_stage_is_overrun():
    # an agreed limit on day 13: the 28 days of the last stage are kept, so each of the 20 days of deciding is over the plan
    case = row(plan_final_override_date=after(R, 13)) | {"request_outcome": None}
    found = delay_caused(cases([case], after(R, 20)), by=["segment", "service"])
    assert found[["segment", "service", "case_days"]].to_numpy().tolist() == [["deciding", "authority", 7]]


def test_what_cannot_be_told_is_a_row():
    made, asked = tracked([PLAIN], [PLAIN_ASK])
    found = delay_caused(made).set_index("service")["case_days"].to_dict()
    # deciding 8 over; 90 days of 42 + 28, 20 over; drafting 10; finalising 2
    assert found == {"authority": 20, "unknown": 20}
    undated = asked.assign(requested_date=pd.NaT).astype({"requested_date": "datetime64[s]"})
    found = delay_caused(made, advice=undated).set_index("service")
    assert found["case_days"].to_dict() == {"health": 0, "authority": 22, "unknown": 18}
    assert (
        found.loc["health", "critical_cases"] == 1
    )  # it was the last in, and how long it took cannot be told


def test_equal_share_is_alike_for_all_that_overran_or_were_late():
    asks = [PLAIN_ASK, ask("psychology", 55, 100)]  # psychology was due on day 97: late, and not the last
    found = charged([PLAIN], asks, method="equal_share", by="service")
    # seven sharers of 40 days: deciding, asking, health, psychology, after advice, drafting, finalising; 5 or 6 each
    assert found["health"] in (5, 6)
    assert found["psychology"] in (5, 6)
    assert sum(found.values()) == 40
    made, asked = tracked([PLAIN], asks)
    table = delay_caused(made, advice=asked, method="equal_share")
    psychology = table.set_index("service").loc["psychology", "sentence"]
    assert (
        psychology
        == f"psychology cost {found['psychology']} case-days, on 1 case; late and not the last on 1"
    )
    assert charged([PLAIN], asks, by="service") == {"health": 13, "authority": 27}


def test_exempt_cases_are_in_rows_of_their_own_and_duplicates_in_none():
    rows = [
        PLAIN,
        PLAIN | {"case_id": "B", "week20": 1},
        PLAIN | {"case_id": "C", "closed_reason": "duplicate"},
    ]
    rows = [{"week20": 0, "closed_reason": None} | row for row in rows]
    made, asked = tracked(rows, [PLAIN_ASK | {"case_id": name} for name in "ABC"])
    found = delay_caused(made, advice=asked)
    assert found[["service", "exempt", "cases", "case_days"]].to_numpy().tolist() == [
        ["health", False, 1, 13],
        ["health", True, 1, 13],
        ["authority", False, 1, 27],
        ["authority", True, 1, 27],
    ]
    assert found["sentence"].iloc[1].endswith("where an exemption is claimed")
    assert found.attrs["late_cases"] == 2


def test_the_sum_by_service_in_a_quarter_in_words():
    rows = [PLAIN | {"case_id": f"c{number}"} for number in range(100)]
    made, asked = tracked(rows, [PLAIN_ASK | {"case_id": f"c{number}"} for number in range(100)])
    found = delay_caused(made, advice=asked, period="Q").iloc[0]
    assert found[["period", "cases", "case_days", "median_days"]].tolist() == ["2025 Q2", 100, 1300, 13.0]
    assert found["sentence"] == "health cost 1,300 case-days, on 100 cases"
    assert found["note"].startswith(CAVEAT)
    assert found["note"].endswith("are taken off the earliest overrun.")
    assert "a convention, not law: only 6, 16 and 20 weeks are limits" in found["note"]
    assert "The duty to issue the plan in time is the authority's, whoever was late" in CAVEAT


def test_it_can_be_split_by_any_column():
    rows = [PLAIN | {"team": "north"}, PLAIN | {"case_id": "B", "team": "coast"}]
    made, asked = tracked(rows, [PLAIN_ASK, PLAIN_ASK | {"case_id": "B"}])
    found = delay_caused(made, advice=asked, by=["team", "service"])
    assert found[["team", "service", "case_days"]].to_numpy().tolist() == [
        ["coast", "health", 13],
        ["coast", "authority", 27],
        ["north", "health", 13],
        ["north", "authority", 27],
    ]


def test_without_a_split_there_is_one_row_that_says_all():
    made, asked = tracked([PLAIN], [PLAIN_ASK])
    assert delay_caused(made, advice=asked, by=None)["sentence"].tolist() == [
        "all cost 40 case-days, on 1 case"
    ]


def test_another_plan_moves_the_days_and_not_their_sum():
    plan = {"deciding": 6, "advice": 8, "issuing": 2, "finalising": 4}
    found = charged(
        [PLAIN], [PLAIN_ASK], plan=plan
    )  # 55 of 56 days: 12 of the 13 already behind stay with deciding and asking
    assert found == {"deciding": 8, "waiting_to_ask": 5, "after_advice": 15, "drafting": 10, "finalising": 2}
    assert sum(LAWFUL_PLAN.values()) == 20


def test_cases_in_time_cost_nothing():
    case = row(decided=42, decision=112, draft=112, final=140)
    made, asked = tracked([case], [ask("health", 42, 100)])
    assert delay_caused(made, advice=asked).empty
    assert last_in(made, asked).empty
    late = tracked([PLAIN], [PLAIN_ASK])
    assert (
        delay_caused(made, advice=asked).columns.tolist()
        == delay_caused(late[0], advice=late[1]).columns.tolist()
    )


def test_what_cannot_be_used_is_refused():
    made, asked = tracked([PLAIN], [PLAIN_ASK])
    with pytest.raises(CommandError, match="method must be one of critical, equal_share, not 'blame'"):
        delay_caused(made, method="blame")
    with pytest.raises(CommandError, match="plan must split 20 weeks"):
        delay_caused(made, plan={"deciding": 6, "advice": 6, "issuing": 4, "finalising": 5})
    with pytest.raises(CommandError, match="at least the family's 15 days"):
        delay_caused(made, plan={"deciding": 6, "advice": 6, "issuing": 6, "finalising": 2})
    with pytest.raises(CommandError, match="no column 'borough'"):
        delay_caused(made, by="borough")
    with pytest.raises(CommandError, match="period must be one of"):
        delay_caused(made, advice=asked, period="W")
    with pytest.raises(InputError, match="plan_final_status"):
        delay_caused(made.drop(columns="plan_final_status"))


def test_the_share_of_late_cases_in_which_a_service_was_last():
    rows = [PLAIN, PLAIN | {"case_id": "B"}, PLAIN | {"case_id": "C"}, PLAIN | {"case_id": "D"}]
    asks = [
        ask("health", 55, 110, "A"), ask("psychology", 55, 90, "A"),
        ask("health", 55, 80, "B"), ask("psychology", 55, 110, "B"),
        ask("psychology", 55, None, "C"), ask("parent", 55, None, "C"),
    ]  # fmt: skip
    found = last_in(*tracked(rows, asks))
    assert found[["service", "asked", "last", "told", "percent", "untold"]].to_numpy().tolist() == [
        ["health", 2, 1, 3, 33.3, 1],
        ["psychology", 3, 2, 3, 66.7, 1],
    ]
    assert found["note"].tolist() == [CAVEAT] * 2


STEP = st.integers(0, 70)


@settings(max_examples=40)
@given(st.tuples(STEP, STEP, STEP, STEP, STEP, STEP), st.integers(0, 5))
def test_nobodys_charge_falls_because_a_step_took_a_day_longer(steps, longer):
    one, other = (
        _charges(some) for some in (steps, [days + (place == longer) for place, days in enumerate(steps)])
    )
    assert sum(other.values()) == max(sum(steps) + 15 + 1 - 140, 0)
    assert all(days <= other.get(segment, 0) for segment, days in one.items())
    assert sum(other.values()) - sum(one.values()) in (0, 1)


def _charges(steps):
    deciding, asking, answering, after_advice, drafting, finalising = steps
    decided = deciding
    asked = decided + asking
    back = asked + answering
    decision = back + after_advice
    draft = decision + drafting
    case = row(decided=decided, decision=decision, draft=draft, final=draft + 15 + finalising)
    return charged([case], [ask("health", asked, back)], as_at="2026-12-31")
