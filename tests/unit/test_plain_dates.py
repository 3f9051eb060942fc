"""Dates taken apart all at once are taken apart as one at a time, and no text outlives its column."""

import gc
import sys

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.records.date_forms import take_apart
from ehcptime.records.date_orders import Forms
from ehcptime.records.dates import read_dates

near = st.from_regex(r"\A[0-9]{2}[-/.x][0-9]{2}[-/. ][0-9]{4}\Z|\A[0-9]{4}[-/.][0-9a]{2}[-/.][0-9]{2}\Z")
odd = st.sampled_from(
    ["", " 3/4/2025 ", "٠٣/٠٤/٢٠٢٥", "31/12/9999", "00/00/0000", "2025-1-031", "03/04/25", "12-Apr-25x"]
)


@given(st.lists(st.one_of(near, odd, st.text(min_size=10, max_size=10)), max_size=8))
def test_at_once_is_as_one_at_a_time(texts):
    forms = Forms.of(texts)
    at_once = list(
        zip(forms.shapes, forms.years, forms.firsts, forms.others, forms.seconds, forms.whys, strict=True)
    )
    assert at_once == [tuple(take_apart(text)) for text in texts]


def test_both_plain_shapes_are_known_by_their_parts():
    forms = Forms.of(["28/04/2025", "2025-04-28", "28 April 2025"])
    assert forms.shapes.tolist() == ["numeric", "year_first", "named"]
    assert np.stack([forms.years, forms.firsts, forms.others]).tolist() == [[2025] * 3, [28] * 3, [4] * 3]


def test_no_birth_date_outlives_its_column():
    born = "17 March 2011"
    values = pd.Series([born, "18 March 2011"], dtype=object)
    before = sys.getrefcount(born)
    dates = read_dates(values, column="dob", personal=True).dates
    gc.collect()
    assert sys.getrefcount(born) == before
    assert dates.dt.day.tolist() == [17, 18]
