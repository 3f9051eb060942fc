import pandas as pd
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.contributions import contributions
from ehcptime.questions.overdue_advice import LIFTED, overdue_advice
from questions_frames import advice, after

AS_AT = "2025-12-01"


def over(days, kind="health", **more):
    """An asking that is some days past its six weeks on AS_AT."""
    return {"case_id": "A", "advice_type": kind, "requested_date": after(AS_AT, -42 - days)} | more


def bands(table, **chosen):
    for column, value in chosen.items():
        table = table[table[column] == value]
    return dict(zip(table["overdue_band"], table["outstanding"], strict=True))


def test_a_band_holds_its_upper_edge():
    tracked = advice([over(days) for days in (-1, 0, 1, 14, 15, 42, 43, 84, 85, 400)], AS_AT)
    assert bands(overdue_advice(tracked)) == {
        "0-2": 2,
        "2-6": 2,
        "6-12": 2,
        "12+": 2,
        LIFTED: 0,
        "unknown": 0,
    }
    assert overdue_advice(tracked)["oldest_days"].tolist() == [14, 42, 84, 400, pd.NA, pd.NA]


def test_a_lifted_limit_is_not_called_overdue_and_a_missing_day_is_unknown():
    rows = [
        over(20, exemption="MISSED_APPT"),
        over(20),
        {"case_id": "A", "advice_type": "health", "requested_date": None},
        over(20, kind="parent"),
        over(20, returned_date="2025-11-30"),
        {"case_id": "A", "advice_type": "health", "requested_date": None, "returned_date": "2025-11-30"},
    ]
    tracked = advice(rows, AS_AT)
    found = overdue_advice(tracked)
    assert bands(found) == {"0-2": 0, "2-6": 1, "6-12": 0, "12+": 0, LIFTED: 1, "unknown": 1}
    outstanding = contributions(tracked, by=None)["outstanding"].sum()
    assert found.loc[found["overdue_band"] != "unknown", "outstanding"].sum() == outstanding == 2


def test_rules_and_groups_are_apart():
    rows = [over(5), over(5, bound_by_reg_8=0), over(5, kind="psychology", bound_by_reg_8=0)]
    found = overdue_advice(advice(rows, AS_AT), by=["advice_type"], bands=[1])
    assert bands(found, advice_type="health", rule="advice_body")["0-1"] == 1
    assert bands(found, advice_type="health", rule="advice_other")["0-1"] == 1
    assert found.drop_duplicates(["advice_type", "rule"])["kind"].tolist() == [
        "statutory",
        "guidance",
        "guidance",
    ]


def test_what_cannot_be_used():
    tracked = advice([over(5)], AS_AT)
    with pytest.raises(CommandError, match="bands must be weeks that rise"):
        overdue_advice(tracked, bands=[2, 2])
    with pytest.raises(InputError, match="call track_advice"):
        overdue_advice(pd.DataFrame({"case_id": ["A"], "advice_type": ["health"]}))
    assert len(overdue_advice(tracked.iloc[:0])) == 0
    assert len(overdue_advice(advice([over(-1)], AS_AT))) == 0
