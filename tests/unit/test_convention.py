"""How many cases hang on whether the day of receipt is counted."""

from datetime import date, timedelta

from ehcptime.questions.convention import convention_effect
from frames import frame

RECEIVED = date(2025, 4, 2)


def test_only_what_was_done_on_the_last_day_flips():
    rows = [
        {
            "received_date": RECEIVED,
            "assessment_outcome": "Y",
            "assessment_outcome_date": RECEIVED + timedelta(days=days),
        }
        for days in (139, 140, 141)
    ]
    found = convention_effect(frame(rows), as_at=date(2025, 12, 1))
    finals = found[found["rule"] == "plan_final"]
    assert finals["case_id"].tolist() == ["1"]
    assert [str(day.date()) for day in (finals["due"].iloc[0], finals["due_day_one"].iloc[0])] == [
        "2025-08-20",
        "2025-08-19",
    ]


def test_an_open_case_flips_on_its_last_day_alone():
    cases = frame([{"received_date": RECEIVED}])
    flips = {
        day: len(convention_effect(cases, as_at=date(2025, 5, day)).query("rule == 'request_decision'"))
        for day in (13, 14, 15)
    }
    assert flips == {13: 0, 14: 1, 15: 0}


def test_nothing_hangs_on_it_where_nothing_is_near_a_limit():
    assert convention_effect(frame([{"received_date": RECEIVED}]), as_at=date(2025, 4, 20)).empty
