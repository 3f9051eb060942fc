"""Days after 2262, which nanoseconds cannot hold, are days of a case as others are, with pandas 2 too."""

from datetime import date

import pandas as pd

from ehcptime.records.case import Case
from ehcptime.records.one_case import extract_of


def test_a_case_of_9999_becomes_a_frame_with_its_day():
    days = extract_of(Case(case_id="a", received_date=date(9999, 12, 31))).cases["received_date"]
    assert days.dtype == "datetime64[s]"
    assert days.tolist() == [pd.Timestamp("9999-12-31").as_unit("s")]
