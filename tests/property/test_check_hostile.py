"""Nothing in the content of a table makes `check` raise, and no free text comes out of it."""

from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.law.book import LAW
from ehcptime.questions.check import check
from ehcptime.records.checks import PROBLEM_COLUMNS, SEVERITIES
from ehcptime.records.columns import COLUMNS, names

AS_AT = date(2025, 3, 31)
NAME = "Sunny Beam"
ids = st.sampled_from(["a", "b", "c", "a ", None, 1, 2.5])
days = st.one_of(
    st.none(),
    st.integers(-40, 500).map(lambda number: date(2024, 1, 1) + timedelta(days=number)),
    st.sampled_from([date(1900, 1, 1), date(9999, 12, 31), date(2025, 3, 31), date(2024, 2, 29)]),
)
flags = st.sampled_from([None, 0, 1, "1", "yes", NAME, 2, True, float("nan")])


BY_KIND = {
    "date": days,
    "flag": flags,
    "number": st.sampled_from([None, 1, 2, 3, "two", -1, 2.0]),
    "text": ids,
}
BY_NAME = {
    "rule": st.sampled_from([None, "plan_final", "request_decision", "advice_body", NAME]),
    "code": st.sampled_from([None, *LAW.exemptions, "EP_SHORTAGE", NAME, 4]),
}


def cell(column):
    if column.kind == "code":
        return st.sampled_from([None, *column.values, NAME, " y ", 7])
    return BY_NAME.get(column.name, BY_KIND[column.kind])


@st.composite
def tables(draw, table):
    known = COLUMNS[table]
    optional = draw(st.lists(st.sampled_from(list(known)), unique=True))
    chosen = [name for name, column in known.items() if column.required or name in optional]
    rows = draw(st.lists(st.fixed_dictionaries({name: cell(known[name]) for name in chosen}), max_size=5))
    frame = pd.DataFrame(rows, columns=chosen).astype(object)
    for name in names(table, "date"):
        if name in frame:
            frame[name] = pd.Series(
                [pd.NaT if day is None else day for day in frame[name]], dtype="datetime64[s]"
            )
    return frame.set_axis(draw(st.lists(st.integers(0, 3), min_size=len(frame), max_size=len(frame))), axis=0)


@given(tables("cases"), tables("advice"), tables("exemptions"), tables("closures"))
def test_any_content_gives_problems_and_no_error(cases, advice, exemptions, closures):
    before = [frame.copy() for frame in (cases, advice, exemptions, closures)]
    found = check(cases, as_at=AS_AT, advice=advice, exemptions=exemptions, closures=closures)
    assert list(found.columns) == list(PROBLEM_COLUMNS)
    assert set(found["severity"]) <= set(SEVERITIES)
    assert found["message"].map(len).gt(10).all()
    assert NAME.casefold() not in found.to_string().casefold()
    for old, new in zip(before, (cases, advice, exemptions, closures), strict=True):
        pd.testing.assert_frame_equal(old, new)
