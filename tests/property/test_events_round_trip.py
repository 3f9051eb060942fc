"""A log made of cases gives the same cases again, and the same answers."""

from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.datasets.simulate import simulate
from ehcptime.records.event_names import EVENTS
from ehcptime.records.events import cases_from_events, events
from ehcptime.tracking.track import track

AS_AT = date(2025, 6, 30)
PRESETS = ["west_sussex_2024", "england_2024", "recovered", "collapse"]
NAMES = [name for name in EVENTS if name != "plan_amended"]

logs = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(NAMES),
        st.dates(date(2024, 1, 1), date(2024, 3, 1)),
    ),
    min_size=1,
    max_size=12,
).map(lambda rows: pd.DataFrame(rows, columns=["case_id", "event", "date"]))


def plain(frame):
    return [[None if pd.isna(value) else value for value in row] for row in frame.to_numpy().tolist()]


@given(logs, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
    shuffled = rows.sample(frac=1, random_state=random.randrange(1000))
    pd.testing.assert_frame_equal(cases_from_events(shuffled), cases_from_events(rows))


@given(logs)
def test_the_cases_of_a_log_are_those_of_their_own_log(rows):
    cases = cases_from_events(rows)
    dated = cases[cases.select_dtypes("datetime").notna().any(axis=1)]
    again = cases_from_events(events(dated)) if len(dated) else dated
    columns = dated.columns[dated.notna().any()]
    assert plain(again[columns]) == plain(dated[columns])


@given(logs)
def test_no_day_is_made_up(rows):
    cases = cases_from_events(rows)
    told = {(case, pd.Timestamp(day)) for case, day in zip(rows["case_id"], rows["date"], strict=True)}
    for name in cases.select_dtypes("datetime"):
        given_days = cases[["case_id", name]].dropna().itertuples(index=False, name=None)
        assert set(given_days) <= told


@settings(max_examples=5, deadline=None)
@given(preset=st.sampled_from(PRESETS), seed=st.integers(0, 10_000))
def test_a_clean_caseload_has_the_same_limits_by_way_of_its_events(preset, seed):
    cases = simulate(60, as_at=AS_AT, seed=seed, preset=preset, defects=False).cases
    dated = ~cases["request_outcome"].isin(["H"]) & ~cases["assessment_outcome"].isin(["H"])
    cases = cases[dated].sort_values("case_id", ignore_index=True)
    again = cases_from_events(events(cases))
    assert again["case_id"].tolist() == cases["case_id"].tolist()
    before, after = track(cases, as_at=AS_AT), track(again, as_at=AS_AT)
    for rule in ("request_decision", "plan_refusal", "plan_final", "draft_comment"):
        for column in (f"{rule}_due", f"{rule}_status"):
            assert plain(after[[column]]) == plain(before[[column]]), column
