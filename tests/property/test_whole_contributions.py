"""Askings that are cut into batches anywhere give exactly the contributions of the whole."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError
from ehcptime.outputs.files import write_table
from ehcptime.questions.contributions import contributions
from ehcptime.questions.whole_contributions import whole_contributions
from ehcptime.records.extract import empty
from ehcptime.tracking.advice import track_advice

AGREED = date(2025, 7, 31)
ADVICE = simulate(400, as_at=AGREED, seed=11).advice.reset_index(drop=True)
CASELOADS = 10_000 if settings().max_examples > 1_000 else 40  # nightly, and otherwise


@settings(max_examples=CASELOADS)
@given(
    st.lists(st.integers(0, len(ADVICE) - 1), min_size=1, max_size=60),
    st.lists(st.integers(0, 60), max_size=4).map(sorted),
    st.sampled_from(["advice_type", None, ["provider", "advice_type"], "source"]),
    st.sampled_from([None, "M", "Q", "FY"]),
)
def test_batches_give_exactly_the_contributions_of_the_whole(rows, cuts, by, period):
    whole = ADVICE.iloc[rows].reset_index(drop=True)
    edges = zip([0, *cuts], [*cuts, len(whole)], strict=True)
    found = whole_contributions(
        [whole.iloc[first:last] for first, last in edges], as_at=AGREED, by=by, period=period
    )
    pd.testing.assert_frame_equal(
        found, contributions(track_advice(whole, as_at=AGREED), by=by, period=period)
    )


def test_a_parquet_file_is_counted_as_one_frame(tmp_path):
    write_table(ADVICE, tmp_path / "advice.parquet")
    read = []
    found = whole_contributions(
        tmp_path / "advice.parquet", as_at=AGREED, period="M", rows=100, progress=read.append
    )
    assert read == [*range(100, len(ADVICE), 100), len(ADVICE)]
    pd.testing.assert_frame_equal(found, contributions(track_advice(ADVICE, as_at=AGREED), period="M"))
    assert found["provider_lag_days"].notna().any()


def test_no_askings_are_an_empty_table_and_a_column_that_is_not_there_is_refused():
    expected = contributions(track_advice(empty("advice"), as_at=AGREED))
    pd.testing.assert_frame_equal(whole_contributions([], as_at=AGREED), expected)
    with pytest.raises(CommandError, match="there is no column 'ward'"):
        whole_contributions(ADVICE, as_at=AGREED, by="ward")
