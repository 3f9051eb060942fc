"""The frame door: what comes back, what is refused, and the worked situations."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from frames import frame

AS_AT = date(2025, 6, 30)


def one(**facts):
    as_at = facts.pop("as_at", AS_AT)
    return track(frame([{"received_date": date(2025, 4, 2), **facts}]), as_at=as_at).iloc[0]


def test_the_columns_and_their_kinds_are_those_of_the_contract():
    tracked = track(frame([{"received_date": date(2025, 4, 2), "our_own": 3}]), as_at=AS_AT)
    assert tracked["our_own"].tolist() == [3]
    assert tracked["plan_final_due"].dtype == "datetime64[s]"
    assert isinstance(tracked["plan_final_status"].dtype, pd.CategoricalDtype)
    assert str(tracked["plan_final_days_over"].dtype) == "Int32"
    for name in ("plan_final_exempt", "plan_final_breach", "is_open"):
        assert tracked[name].dtype == np.bool_
    assert set(tracked["as_at"]) == {pd.Timestamp(AS_AT)}


def test_the_index_is_kept_whatever_it_is():
    cases = frame([{"received_date": date(2025, 4, 2)}, {"received_date": None}])
    cases.index = ["b", "b"]
    assert track(cases, as_at=AS_AT).index.tolist() == ["b", "b"]


def test_a_frame_with_no_rows_has_the_same_columns():
    cases = frame([{"received_date": date(2025, 4, 2)}])
    assert track(cases.iloc[:0], as_at=AS_AT).columns.tolist() == track(cases, as_at=AS_AT).columns.tolist()


def test_rules_limit_the_columns():
    tracked = track(frame([{"received_date": date(2025, 4, 2)}]), as_at=AS_AT, rules=["plan_final"])
    assert "plan_final_due" in tracked
    assert "request_decision_due" not in tracked


def test_many_rows_are_judged_like_few():
    cases = frame([{"received_date": date(2025, 1, 1 + number % 28)} for number in range(28)])
    many = pd.concat([cases] * 1_500, ignore_index=True).assign(case_id=lambda f: f.index.astype(str))
    tracked = track(many, as_at=AS_AT)
    alone = track(cases, as_at=AS_AT)
    assert (
        tracked["plan_final_days_over"].to_numpy().reshape(-1, 28) == alone["plan_final_days_over"].to_numpy()
    ).all()


@pytest.mark.parametrize(
    ("cases", "says"),
    [
        (pd.DataFrame({"case_id": ["A"]}), "no column 'received_date'"),
        (frame([{"received_date": AS_AT}]).assign(stage="x"), "already have a column 'stage'"),
        (frame([{"received_date": AS_AT}] * 2).assign(case_id="A"), "row 1: the same case_id"),
        (frame([{"received_date": AS_AT}]).assign(case_id=None), "blank"),
        (
            frame([{"received_date": AS_AT}]).assign(received_date="02/04/2025"),
            "text stands where a date belongs",
        ),
        (
            frame([{"received_date": AS_AT}]).assign(received_date=45748),
            "a number stands where a date belongs",
        ),
        (
            frame([{"received_date": AS_AT}]).assign(
                received_date=pd.Timestamp("2025-04-01 23:00", tz="UTC")
            ),
            "tz_convert('Europe/London')",
        ),
        (
            frame([{"received_date": AS_AT}] * 2).assign(
                received_date=[pd.Timestamp("2025-01-02"), pd.Timestamp("2025-06-01 23:00")]
            ),
            "as an export in UTC",
        ),
        ([1, 2], "list, not a DataFrame"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(cases, says):
    with pytest.raises(InputError) as caught:
        track(cases, as_at=AS_AT)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_as_at_is_required_and_must_be_a_day():
    cases = frame([{"received_date": AS_AT}])
    with pytest.raises(TypeError, match="as_at"):
        track(cases)
    with pytest.raises(CommandError, match="as_at is str"):
        track(cases, as_at="2025-06-30")
    with pytest.raises(CommandError, match="convention"):
        track(cases, as_at=AS_AT, convention="day_one")
    with pytest.raises(CommandError, match="rule 'final'"):
        track(cases, as_at=AS_AT, rules=["final"])


@pytest.mark.parametrize("blank", [None, pd.NaT, np.nan])
def test_an_empty_column_of_any_kind_is_blank(blank):
    cases = frame([{"received_date": date(2025, 4, 2)}]).assign(draft_sent_date=blank)
    assert track(cases, as_at=AS_AT)["stage"].tolist() == ["deciding"]


def test_python_dates_and_every_unit_of_datetime_read_alike():
    day = date(2025, 4, 2)
    columns = [
        pd.Series([day]),
        *(pd.Series([pd.Timestamp(day)]).astype(f"datetime64[{unit}]") for unit in ("s", "ms", "us", "ns")),
    ]
    due = {
        track(pd.DataFrame({"case_id": ["A"], "received_date": c}), as_at=AS_AT)["plan_final_due"][0]
        for c in columns
    }
    assert due == {pd.Timestamp("2025-08-20")}


# users.md section 8, situation 9: leaving before the end.
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"closed_date": date(2025, 6, 4), "closed_reason": "withdrawn"}, "not_applicable"),
        ({"closed_date": date(2025, 8, 20), "closed_reason": "moved_out"}, "not_applicable"),
        ({"closed_date": date(2025, 8, 21), "closed_reason": "died"}, "ended_late"),
        ({"request_outcome": "W"}, "unknown"),
        ({"exported": "999"}, "unknown"),
        ({"closed_date": date(2025, 10, 1), "closed_reason": "withdrawn"}, "overdue"),
    ],
)
def test_leaving_before_the_end(facts, status):
    row = one(**facts, as_at=date(2025, 9, 1))
    assert row["plan_final_status"] == status
    assert row["is_open"] == (status == "overdue")
    assert row["plan_final_breach"] == (status in {"overdue", "ended_late"})


def test_moving_in_during_an_assessment_starts_the_clock_on_the_move():
    row = one(moved_in_date=date(2025, 5, 1))
    assert row["plan_final_due"] == pd.Timestamp("2025-09-18")


def test_becoming_responsible_earlier_starts_the_clock():
    assert one(responsible_date=date(2025, 4, 1))["plan_final_due"] == pd.Timestamp("2025-08-19")


def test_a_plan_agreed_and_not_issued_is_open():
    row = one(request_outcome="Y", request_outcome_date=date(2025, 5, 1), assessment_outcome="Y")
    assert (row["stage"], row["is_open"], row["plan_final_status"]) == ("drafting", True, "running")


def test_an_exemption_changes_no_date_and_no_status():
    cases = frame([{"received_date": date(2024, 4, 2), "week20": flag} for flag in (1, 0)])
    claims = pd.DataFrame(
        {
            "case_id": ["1", "1"],
            "rule": ["plan_final", "request_decision"],
            "code": ["EXC_PERSONAL", "EP_SHORTAGE"],
        }
    )
    tracked = track(cases, as_at=AS_AT, exemptions=claims)
    assert tracked["plan_final_exempt"].tolist() == [True, True]
    assert tracked["request_decision_exempt"].tolist() == [False, False]
    assert tracked["plan_final_status"].tolist() == ["overdue", "overdue"]
    assert tracked["plan_final_breach"].tolist() == [False, False]
    assert tracked["request_decision_breach"].tolist() == [True, True]


# users.md section 8, situation 6: advice clocks with holes.
def test_advice_clocks_with_holes():
    received, decided = date(2025, 4, 2), date(2025, 5, 29)
    cases = frame([{"received_date": received, "request_outcome": "Y", "request_outcome_date": decided}])
    asked, june_20 = date(2025, 6, 9), date(2025, 6, 20)
    rows = [
        {"advice_type": "psychology", "requested_date": asked, "returned_date": date(2025, 10, 13)},
        {"advice_type": "health", "requested_date": None, "returned_date": june_20, "advice_outcome": "provided"},
        {"advice_type": "social_care", "requested_date": asked, "returned_date": date(2025, 6, 12), "advice_outcome": "not_known"},
        {"advice_type": "other", "requested_date": asked, "returned_date": None},
    ]  # fmt: skip
    advice = frame([{**row, "case_id": "0"} for row in rows], "advice")
    found = track_advice(advice, as_at=date(2025, 10, 31), cases=cases)
    assert found["status"].tolist() == ["met_late", "unknown", "met", "overdue"]
    assert found["due"][0] == pd.Timestamp("2025-07-21")
    assert found["days_over"][0] == 84
    assert found["asked_after_days"].tolist()[0] == 11
    assert found["rule"].tolist() == ["advice_other", "advice_body", "advice_other", "advice_other"]


def test_a_missed_appointment_excuses_the_body_alone():
    advice = frame(
        [
            {
                "case_id": "0",
                "advice_type": kind,
                "requested_date": date(2025, 1, 6),
                "exemption": "MISSED_APPT",
            }
            for kind in ("health", "psychology")
        ],
        "advice",
    )
    found = track_advice(advice, as_at=AS_AT)
    assert found["exempt"].tolist() == [True, False]
    assert found["breach"].tolist() == [False, False]
    assert found["status"].tolist() == ["overdue", "overdue"]


def test_advice_for_a_case_that_is_not_there_is_kept_and_judged_as_open():
    advice = frame(
        [{"case_id": "gone", "advice_type": "health", "requested_date": date(2025, 1, 6)}], "advice"
    )
    found = track_advice(advice, as_at=AS_AT, cases=frame([{"received_date": date(2025, 1, 1)}]))
    assert found["status"].tolist() == ["overdue"]
    assert found["asked_after_days"].isna().all()


@pytest.mark.parametrize(
    ("received", "exempt"),
    # Twenty weeks from 12 December 2019 end on 30 April 2020, the day before the coronavirus exception began.
    [
        (date(2019, 12, 12), False),
        (date(2019, 12, 13), True),
        (date(2020, 9, 25), True),
        (date(2020, 9, 26), False),
    ],
)
def test_coronavirus_may_lift_a_limit_that_ran_while_it_was_in_force(received, exempt):
    claims = pd.DataFrame({"case_id": ["0"], "rule": ["plan_final"], "code": ["COVID"]})
    tracked = track(frame([{"received_date": received}]), as_at=AS_AT, exemptions=claims)
    assert tracked["plan_final_exempt"].tolist() == [exempt]


def test_what_the_dates_of_a_claim_show_is_a_column_of_its_own():
    cases = frame([{"received_date": date(2025, 4, 2), "week20": flag} for flag in (0, 0, 1, 0)])
    away = {"rule": "plan_final", "code": "ABSENT_4W", "from_date": date(2025, 6, 1)}
    claims = frame(
        [
            {**away, "case_id": "0", "to_date": date(2025, 6, 28)},
            {**away, "case_id": "1", "to_date": date(2025, 6, 27)},
        ],
        "exemptions",
    )
    tracked = track(cases, as_at=date(2025, 9, 1), exemptions=claims)
    supported = [
        value if isinstance(value, str) else None for value in tracked["plan_final_exempt_supported"]
    ]
    assert supported == ["yes", "no", "cannot_be_told", None]
    assert tracked["plan_final_exempt"].tolist() == [True, True, True, False]
    assert tracked["plan_final_status"].tolist() == ["overdue"] * 4
    assert "plan_final_exempt_supported" not in track(cases, as_at=date(2025, 9, 1))


def test_after_an_order_an_absence_of_two_weeks_can_lift_the_limit():
    facts = {
        "received_date": date(2025, 1, 6),
        "request_outcome": "N",
        "request_outcome_date": date(2025, 2, 10),
    }
    facts |= {"reversal_of": "assess", "reversal_route": "tribunal_order", "reversal_date": date(2025, 3, 3)}
    claims = pd.DataFrame({"case_id": ["0", "1"], "rule": ["plan_final"] * 2, "code": ["ABSENT_2W"] * 2})
    tracked = track(frame([facts, {"received_date": date(2025, 1, 6)}]), as_at=AS_AT, exemptions=claims)
    assert tracked["plan_final_exempt"].tolist() == [True, False]
