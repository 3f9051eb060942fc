from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.change import explain_change
from ehcptime.questions.timeliness import timeliness
from questions_frames import cases, issued

MEASURE = "plans_issued_20wk_inc"


def figure(numerator, denominator, **more):
    return pd.DataFrame({"numerator": [numerator], "denominator": [denominator], **more})


def test_the_essex_sentence_from_counts_claims_nothing_about_age():
    found = explain_change(figure(40, 113), figure(47, 178), MEASURE)
    assert str(found) == (
        "On-time plans rose from 40 to 47. Late plans rose from 73 to 131, so the rate fell from 35.4 per cent to "
        "26.4 per cent."
    )


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            (10, 20),
            (10, 20),
            "On-time plans stayed at 10. Late plans stayed at 10, so the rate stayed at 50.0 per cent.",
        ),
        (
            (10, 20),
            (20, 25),
            (
                "On-time plans rose from 10 to 20. Late plans fell from 10 to 5, so the rate rose from 50.0 per cent to 80.0 "
                "per cent."
            ),
        ),
        (
            (10, 20),
            (0, 0),
            (
                "On-time plans fell from 10 to 0. Late plans fell from 10 to 0. The rates cannot be compared, because one of "
                "them has nothing to divide."
            ),
        ),
    ],
)
def test_other_sentences(before, after, sentence):
    assert str(explain_change(figure(*before), figure(*after), MEASURE)) == sentence


def test_unknown_durations_are_not_called_late():
    found = explain_change(figure(40, 113, unknown=0), figure(47, 178, unknown=3), MEASURE)
    assert "Late plans, those of unknown duration among them, rose from 73 to 131" in str(found)


def test_other_measures_use_their_own_words():
    found = explain_change(figure(10, 40), figure(5, 40), "open_over_52wk")
    assert str(found) == (
        "Open requests over 52 weeks old fell from 10 to 5. Other open requests rose from 30 to 35, so the rate fell from "
        "25.0 per cent to 12.5 per cent."
    )


def test_older_cases_are_named_only_if_the_late_plans_were_older():
    before = [issued("2024-06-03", 100)] * 2 + [issued("2024-06-03", 200)]
    for late, named in (([200, 200, 300, 300], True), ([150, 160, 170], False), ([200] * 3, False)):
        after = [issued("2024-06-03", 100)] * 2 + [issued("2024-06-03", days) for days in late]
        found = str(explain_change(cases(before, "2025-06-30"), cases(after, "2025-06-30"), MEASURE))
        assert ("as older cases were finished" in found) is named


def test_a_row_of_timeliness_will_do():
    tracked = cases([issued("2024-06-03", 100), issued("2024-06-03", 200)], "2025-06-30")
    table = timeliness(tracked, MEASURE)
    by_row, by_table = (explain_change(given, tracked, MEASURE) for given in (table.iloc[0], table))
    assert by_row.before == by_table.before
    assert by_row.points == 0


@given(*[st.integers(0, 200)] * 4)
def test_the_parts_sum_exactly_to_the_change(on_time_before, late_before, on_time_after, late_after):
    before = figure(on_time_before, on_time_before + late_before)
    after = figure(on_time_after, on_time_after + late_after)
    found = explain_change(before, after, MEASURE)
    if not (on_time_before + late_before and on_time_after + late_after):
        assert found.points is None
        return
    change = Fraction(on_time_after, on_time_after + late_after) - Fraction(
        on_time_before, on_time_before + late_before
    )
    assert found.points == change * 100
    assert found.from_counted + found.from_others == found.points
    assert (found.from_counted >= 0) or on_time_after < on_time_before
    assert (found.from_others <= 0) or late_after < late_before
    reverse = explain_change(after, before, MEASURE)
    assert (reverse.from_counted, reverse.from_others) == (-found.from_counted, -found.from_others)


def test_nothing_but_the_numerator_moving_is_all_its_doing():
    found = explain_change(figure(10, 20), figure(30, 40), MEASURE)
    assert (found.from_counted, found.from_others, found.points) == (25, 0, 25)


def test_the_page_is_escaped():
    found = explain_change(figure(1, 2), figure(1, 2), MEASURE)
    spiked = type(found)(
        measure=found.measure.model_copy(update={"counted": "<b>plans</b>"}),
        before=found.before,
        after=found.after,
        points=found.points,
        from_counted=found.from_counted,
        from_others=found.from_others,
    )
    assert "<b>" not in spiked._repr_html_()
    assert "&lt;b&gt;" in spiked._repr_html_()


def test_what_cannot_be_used():
    with pytest.raises(InputError, match="2 rows"):
        explain_change(pd.concat([figure(1, 2), figure(1, 2)]), figure(1, 2), MEASURE)
    with pytest.raises(CommandError, match="no measure"):
        explain_change(figure(1, 2), figure(1, 2), "rate")
    with pytest.raises(InputError, match="call track"):
        explain_change(pd.DataFrame({"case_id": ["a"]}), figure(1, 2), MEASURE)
