"""A caseload that is cut into batches anywhere gives exactly the answers of the whole."""

from datetime import date

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.datasets.simulate import simulate
from ehcptime.questions.backlog import backlog
from ehcptime.questions.time_to_final import time_to_final
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.whole_caseload import whole_caseload
from ehcptime.tracking.track import track
from frames import frame
from oracle.draws import AS_AT
from oracle.strategies import case_rows

MEASURES = (
    "plans_issued_20wk_inc",
    "plans_due_20wk",
    "plans_received_20wk",
    "request_decisions_6wk",
    "no_plan_16wk",
    "open_over_20wk",
)
AGREED = date(2025, 7, 31)
CASELOADS = 10_000 if settings().max_examples > 1_000 else 40  # nightly, and otherwise


def same(found, tracked, measures, by, period):
    """Hold every answer to that of the whole frame."""
    for measure in measures:
        expected = timeliness(tracked, measure, by=by, period=period)
        pd.testing.assert_frame_equal(found.timeliness[measure], expected)
        assert found.timeliness[measure].attrs == expected.attrs
    pd.testing.assert_frame_equal(found.backlog, backlog(tracked, by=by or "stage"))
    pd.testing.assert_frame_equal(found.time_to_final, time_to_final(tracked, by=by))


@st.composite
def caseloads(draw):
    as_at = draw(AS_AT)
    rows = draw(st.lists(case_rows(as_at), min_size=1, max_size=12))
    times = draw(st.integers(1, 3))
    teams = draw(
        st.lists(
            st.sampled_from(["north", "south", "", None, "Ælla"]), min_size=len(rows), max_size=len(rows)
        )
    )
    rows = [
        {**row, "team": team, "size": len(str(team))} for row, team in zip(rows, teams, strict=True)
    ] * times
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    whole = frame(rows)
    edges = zip([0, *cuts], [*cuts, len(rows)], strict=True)
    return whole, [whole.iloc[first:last] for first, last in edges], as_at


@settings(max_examples=CASELOADS)
@given(
    caseloads(),
    st.lists(st.sampled_from(MEASURES), min_size=1, max_size=2, unique=True),
    st.sampled_from([None, "team", ["team", "size"], ["stage"]]),
    st.sampled_from([None, "M", "Q", "AY"]),
)
def test_batches_give_exactly_the_answers_of_the_whole(drawn, measures, by, period):
    whole, batches, as_at = drawn
    period = None if "open_over_20wk" in measures else period
    found = whole_caseload(batches, as_at=as_at, measures=measures, by=by, period=period)
    same(found, track(whole, as_at=as_at), measures, by, period)
    assert found.rows == len(whole)
    assert found.batches == sum(bool(len(batch)) for batch in batches)


@pytest.mark.parametrize("by", [None, "team", ["area", "primary_need"]])
def test_a_dataset_of_parquet_is_counted_as_one_frame(tmp_path, by):
    extract = simulate(3_000, as_at=AGREED, seed=5)
    for place in range(3):
        part = extract.cases.iloc[place::3]
        pl.DataFrame(part.reset_index(drop=True)).write_parquet(tmp_path / f"part-{place}.parquet")
    seen = []
    found = whole_caseload(
        tmp_path,
        as_at=AGREED,
        measures=MEASURES[:2],
        by=by,
        period="FY",
        exemptions=extract.exemptions,
        rows=400,
        progress=seen.append,
    )
    same(found, track(extract.cases, as_at=AGREED, exemptions=extract.exemptions), MEASURES[:2], by, "FY")
    assert seen == sorted(seen)
    assert seen[-1] == 3_000
    assert len(seen) > 6
