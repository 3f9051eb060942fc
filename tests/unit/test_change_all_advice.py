"""A change of plans in time with all advice: by hand, with the askings of both sides."""

from fractions import Fraction

import pandas as pd
import pytest

from ehcptime.questions.change import explain_change
from questions_frames import advice, after, cases, issued

MEASURE = "plans_20wk_all_advice"
KINDS = ("education", "health", "psychology", "social_care")
RECEIVED = "2025-01-06"
DAY_OF_ISSUE = after(RECEIVED, 140)  # 26 May 2025, the last day


def plan(name, received=RECEIVED):
    return issued(received, 140, case_id=name)


def asked(name, received=RECEIVED, health_after=100):
    """The four kinds of advice that every plan needs; health came some days after the request, the rest on day 100."""
    return [
        {
            "case_id": name,
            "advice_type": kind,
            "requested_date": after(received, 40),
            "returned_date": after(received, health_after if kind == "health" else 100),
        }
        for kind in KINDS
    ]


def shares(found):
    return {part.name: (part.cases, part.points) for part in found.decomposition.components if part.cases}


def test_a_corrected_day_of_an_answer_is_restated_data():
    # Before: b was issued a day before its health advice came, so 1 of 2. After the day is put right: 2 of 2.
    both = cases([plan("a"), plan("b")], "2025-06-30")
    first = advice(asked("a") + asked("b", health_after=141), "2025-06-30")
    second = advice(asked("a") + asked("b", health_after=140), "2025-06-30")
    found = explain_change(both, both, MEASURE, advice=(first, second))
    assert (found.before.counted, found.before.others) == (1, 1)
    assert (found.after.counted, found.after.others) == (2, 0)
    assert shares(found) == {"restated": (1, Fraction(50))}
    assert found.cases("restated")["case_id"].tolist() == ["b"]
    assert found.cases("restated")["reason_before"].tolist() == ["health advice not in"]


def test_what_happened_since_is_no_restatement_though_its_advice_came_late_to_be_keyed():
    # June: 1 of 2. July: one more plan, issued on its last day with all advice in: 2 of 3. By the day of June nothing differs.
    later = "2025-02-17"  # due and issued on 7 July
    june = cases([plan("a"), plan("b")], "2025-06-30")
    july = cases([plan("a"), plan("b"), plan("c", later)], "2025-07-31")
    first = advice(asked("a") + asked("b", health_after=141), "2025-06-30")
    second = advice(asked("a") + asked("b", health_after=141) + asked("c", later), "2025-07-31")
    found = explain_change(june, july, MEASURE, advice=(first, second))
    assert shares(found) == {"on_time": (1, Fraction(2, 3) * 100 - 50)}
    assert "+16.7 from plans in time with all advice (1 more)" in found.why


def test_without_the_askings_nothing_can_be_divided():
    both = cases([plan("a")], "2025-06-30")
    found = explain_change(both, both, MEASURE)
    assert found.points is None
    assert "nothing to divide" in str(found)


def test_the_askings_are_left_as_they_were():
    both, given = cases([plan("a")], "2025-06-30"), advice(asked("a"), "2025-06-30")
    kept = given.copy(deep=True)
    explain_change(both, both, MEASURE, advice=(given, given))
    pd.testing.assert_frame_equal(given, kept)


@pytest.mark.parametrize("rule", ["advice_body", "advice_other"])
def test_askings_are_explained_by_the_rows_of_one_rule(rule):
    given = advice(asked("a") + asked("b", health_after=83), "2025-06-30")
    rows = given[given["rule"] == rule]
    found = explain_change(rows.iloc[:1], rows, "advice_6wk")
    # Health has six weeks from day 40, to day 82: day 100 and day 83 are both late, and so are the other kinds on day 100.
    assert (found.before.counted, found.after.counted) == (0, 0)
    assert found.after.others == {"advice_body": 2, "advice_other": 6}[rule]
