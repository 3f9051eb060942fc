"""Time to the final plan on any caseload: a slow count from the definition, any order, any split into parts."""

from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.questions.day_counts import ENDS, OUTCOMES, OUTSIDE, DayCounts, day_counts
from ehcptime.questions.survival import share_by, shares, without_plan
from ehcptime.questions.time_to_final import time_to_final, time_to_final_curve
from ehcptime.tracking.track import track
from oracle.draws import AS_AT, CASE_DATES
from oracle.ends import case_end
from oracle.reading import read
from oracle.refusals import refusal_to_assess
from oracle.strategies import case_rows

KINDS = {"final": "finals", "closed": "ended_otherwise", "none": "censored"}


@st.composite
def caseloads(draw):
    """Give rows and the day to look at them; some rows stand twice, so that days are tied."""
    as_at = draw(AS_AT)
    rows = draw(st.lists(case_rows(as_at), min_size=1, max_size=12))
    return [*rows, *draw(st.lists(st.sampled_from(rows), max_size=6))], as_at


def tracked(rows, as_at):
    table = pd.DataFrame(rows).assign(case_id=[f"c{number}" for number in range(len(rows))])
    for column in CASE_DATES:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    return track(table, as_at=as_at)


def fate(row, as_at):
    """From the definition: how a case ended and after how many days; None where it does not enter."""
    facts = read(row, as_at)
    end = case_end(facts)
    day = as_at if end.kind == "none" else end.day
    if facts.closed_reason == "duplicate" or facts.not_received or end.kind == "h":
        return None
    if facts.start is None or day is None or day < facts.start:
        return None
    refused = "refused_to_assess" if refusal_to_assess(facts).stands else "refused_to_issue"
    return KINDS.get(end.kind, refused), (day - facts.start).days


def estimates(fates, day):
    """Share without a plan (others lost from sight) and share of each end by a day, from the definitions, in fractions."""
    alone, still = Fraction(1), Fraction(1)
    ended = dict.fromkeys(ENDS, Fraction(0))
    for then in range(day + 1):
        at_risk = sum(days >= then for _, days in fates)
        if not at_risk:
            break
        hazards = {end: Fraction(fates.count((end, then)), at_risk) for end in ENDS}
        alone *= 1 - hazards["finals"]
        for end in ENDS:
            ended[end] += still * hazards[end]
        still *= 1 - sum(hazards.values())
    return alone, ended, still


@given(caseloads())
def test_every_case_ends_as_the_definition_says(drawn):
    rows, as_at = drawn
    fates = [found for found in (fate(row, as_at) for row in rows) if found is not None]
    counts = day_counts(tracked(rows, as_at))
    assert counts.entered == len(fates)
    assert counts.cases == len(rows)
    for outcome in OUTCOMES:
        days = sorted(days for name, days in fates if name == outcome)
        assert np.repeat(np.arange(counts.by_day.shape[1]), counts.of(outcome)).tolist() == days


@given(
    st.lists(
        st.tuples(st.sampled_from(OUTCOMES), st.sampled_from([0, 1, 2, 3, 5, 8])), min_size=1, max_size=25
    )
)
def test_curves_agree_with_a_slow_loop(fates):
    counts = DayCounts(np.zeros((len(OUTCOMES), 0), np.int64), np.zeros(len(OUTSIDE), np.int64), 0)
    for outcome, day in fates:
        alone = np.zeros((len(OUTCOMES), day + 1), np.int64)
        alone[OUTCOMES.index(outcome), day] = 1
        counts += DayCounts(alone, np.zeros(len(OUTSIDE), np.int64), 0)
    found = shares(counts)
    for day in range(counts.by_day.shape[1]):
        alone, ended, still = estimates(fates, day)
        assert abs(without_plan(counts)[day] - float(alone)) < 1e-12
        assert abs(found["still_open"][day] - float(still)) < 1e-12
        assert all(abs(found[end][day] - float(ended[end])) < 1e-12 for end in ENDS)
    total = sum(found[name] for name in (*ENDS, "still_open"))
    assert np.allclose(total, 1, atol=1e-12)
    longest = max(days for _, days in fates)
    for day in (longest, longest + 1):
        known = day <= longest or estimates(fates, day)[2] == 0
        told = share_by(counts, day)
        assert (told is not None) == known
        assert told is None or abs(told - float(estimates(fates, day)[1]["finals"])) < 1e-9


@given(caseloads(), st.data())
def test_parts_in_any_order_add_up_to_the_whole(drawn, data):
    frame = tracked(*drawn)
    whole = day_counts(frame)
    part = data.draw(st.lists(st.integers(0, 3), min_size=len(frame), max_size=len(frame)))
    pieces = [day_counts(frame.loc[np.array(part) == number]) for number in range(4)]
    added = pieces[3] + pieces[1] + (pieces[0] + pieces[2])
    assert added.by_day.tolist() == whole.by_day.tolist()
    assert added.outside.tolist() == whole.outside.tolist()
    assert added.as_at == whole.as_at
    order = data.draw(st.permutations(range(len(frame))))
    pd.testing.assert_frame_equal(time_to_final(frame), time_to_final(frame.iloc[order]))
    pd.testing.assert_frame_equal(time_to_final_curve(frame), time_to_final_curve(frame.iloc[order]))


@given(caseloads(), st.data())
def test_a_group_is_answered_as_if_it_stood_alone(drawn, data):
    frame = tracked(*drawn)
    team = data.draw(st.lists(st.sampled_from(["a", "b", None]), min_size=len(frame), max_size=len(frame)))
    frame["team"] = team
    table = time_to_final(frame, by="team").set_index("team")
    assert table["cases"].sum() == len(frame)
    for name in {value for value in team if value}:
        alone = time_to_final(frame[frame["team"].eq(name)]).iloc[0]
        pd.testing.assert_series_equal(table.loc[name], alone, check_names=False)
