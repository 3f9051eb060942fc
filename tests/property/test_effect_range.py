"""The range of a figure holds it under every assignment of the flagged rows, tried one by one on small caseloads."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.questions.effect import effect
from ehcptime.questions.parts import parts
from ehcptime.questions.rounding import percent
from questions_frames import cases

START = date(2025, 1, 1)
MEASURES = (
    "plans_issued_20wk_inc",
    "plans_due_20wk",
    "request_decisions_6wk",
    "no_plan_16wk",
    "open_over_20wk",
)
days = st.sampled_from([None, -20, 20, 42, 43, 112, 113, 140, 141, 400])
row = st.fixed_dictionaries(
    {
        "received": st.sampled_from([0, 0, 0, None, 150]),
        "decided": days,
        "request_outcome": st.sampled_from(["Y", "Y", "Y", "N", "A", None]),
        "ended": days,
        "assessment_outcome": st.sampled_from(["Y", "Y", "N", "A", None]),
    }
)


def day(number):
    return None if number is None else (START + timedelta(days=number)).isoformat()


def tracked(rows):
    return cases(
        [
            {
                "received_date": day(one["received"]),
                "request_outcome": one["request_outcome"],
                "request_outcome_date": day(one["decided"]),
                "assessment_outcome": one["assessment_outcome"],
                "assessment_outcome_date": day(one["ended"]),
            }
            for one in rows
        ],
        "2025-07-31",
    )


def problems(ids):
    return pd.DataFrame(
        {
            "case_id": pd.Series(ids, dtype=object),
            "code": "received_before_law",
            "severity": "error",
            "column": "received_date",
            "value": "",
            "message": "",
        }
    )


def shares(decided, flagged, unknown_counts):
    """Every exact share that the figure can take when each flagged row is on time, late or out of it."""
    sure = [part for part, bad in zip(decided, flagged, strict=True) if not bad]
    loose = sum(
        part in ("on_time", "late", "unknown") for part, bad in zip(decided, flagged, strict=True) if bad
    )
    kept = ("on_time", "late", "unknown") if unknown_counts else ("on_time", "late")
    for guess in product(("on_time", "late", "out"), repeat=loose):
        rows = [part for part in (*sure, *guess) if part in kept]
        if rows:
            yield Fraction(rows.count("on_time"), len(rows))


@given(st.lists(st.tuples(row, st.booleans()), min_size=1, max_size=7), st.sampled_from(MEASURES))
def test_the_range_holds_every_assignment_and_reaches_both_ends(drawn, measure):
    frame = tracked([one for one, _ in drawn])
    flagged = [bad for _, bad in drawn]
    ids = [f"c{number}" for number, bad in enumerate(flagged) if bad]
    found = effect(problems(ids), frame, measure)
    decided = parts(frame, measure)["part"].astype(str).tolist()
    possible = sorted(shares(decided, flagged, found.measure.unknown_in_denominator))
    if not possible:
        assert found.percent is pd.NA
        assert found.lowest is pd.NA
        return
    if found.flagged:
        low, high = possible[0], possible[-1]
        assert found.lowest == percent(low.numerator, low.denominator)
        assert found.highest == percent(high.numerator, high.denominator)
    if found.denominator:
        assert found.lowest <= found.percent <= found.highest
    assert found.flagged + found.outside == len(ids)


@given(st.lists(row, min_size=1, max_size=7), st.sampled_from(MEASURES))
def test_with_no_flagged_row_the_range_is_the_figure(rows, measure):
    found = effect(problems([]), tracked(rows), measure)
    assert found.flagged == found.outside == 0
    assert (found.numerator, found.denominator) == (found.sure_numerator, found.sure_denominator)


@given(
    st.lists(st.tuples(row, st.booleans(), st.booleans()), min_size=1, max_size=7), st.sampled_from(MEASURES)
)
def test_more_flagged_rows_never_narrow_the_range(drawn, measure):
    frame = tracked([one for one, _, _ in drawn])
    some = [f"c{number}" for number, (_, bad, _) in enumerate(drawn) if bad]
    more = [f"c{number}" for number, (_, bad, worse) in enumerate(drawn) if bad or worse]
    fewer, wider = effect(problems(some), frame, measure), effect(problems(more), frame, measure)
    if fewer.lowest is not pd.NA:
        assert wider.lowest <= fewer.lowest
        assert wider.highest >= fewer.highest
