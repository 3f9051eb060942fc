"""Tables of polars, pyarrow and DuckDB are taken at the doors, and answered in kind with what pandas would have got."""

import subprocess
import sys
from datetime import date, datetime

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.errors import InputError
from ehcptime.questions.check import check
from ehcptime.records.columns import names
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from frames import frame, plain
from oracle.draws import AS_AT
from oracle.strategies import case_rows

MONDAY = date(2025, 12, 1)
CASES = [
    {"case_id": "a", "received_date": date(2025, 1, 6), "week20": None, "notes": ["x", "y"], "team": "North"},
    {"case_id": "b", "received_date": date(2025, 7, 14), "week20": 1, "notes": [], "team": None},
    {"case_id": "c", "received_date": None, "week20": 0, "notes": None, "team": "North"},
]
ADVICE = [
    {"case_id": "a", "advice_type": "health", "requested_date": date(2025, 2, 17), "returned_date": date(2025, 4, 1)},
    {"case_id": "b", "advice_type": "parent", "requested_date": date(2025, 8, 25), "returned_date": None},
]  # fmt: skip


def arrow(rows, table="cases", *, columns=None):
    """Make an Arrow table: dates as date32, codes as dictionaries, flags as whole numbers, and text as text, which draws also give as numbers."""
    kinds = {name: pa.date32() for name in names(table, "date")}
    kinds |= {name: pa.dictionary(pa.int32(), pa.string()) for name in names(table, "code")}
    kinds |= {name: pa.int64() for name in names(table, "flag")}
    found = columns or list(rows[0])
    as_text = {name for name in found if name in names(table, "text")}
    return pa.table(
        {
            name: pa.array(
                [str(row[name]) if name in as_text and row[name] is not None else row[name] for row in rows],
                kinds.get(name),
            )
            for name in found
        }
    )


def polars(rows, table="cases"):
    return pl.DataFrame(arrow(rows, table))


def moments(rows, table="cases"):
    """Make a polars frame with datetimes where the others have dates."""
    made = polars(rows, table)
    return made.with_columns(
        pl.col(name).cast(pl.Datetime("us")) for name in names(table, "date") if name in made
    )


def relation(rows, table="cases"):
    return duckdb.from_arrow(arrow(rows, table))


def batch(rows, table="cases"):
    return arrow(rows, table).combine_chunks().to_batches()[0]


WAYS = {
    polars: pl.DataFrame,
    moments: pl.DataFrame,
    arrow: pa.Table,
    batch: pa.Table,
    relation: duckdb.DuckDBPyRelation,
}


def cells(answer):
    """Give the rows of an answer as plain values, dates as dates."""
    if isinstance(answer, pd.DataFrame):
        return [{name: plain(value) for name, value in row.items()} for row in answer.to_dict("records")]
    rows = pa.table(answer).to_pylist()
    return [
        {name: value.date() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in rows
    ]


def pandas(rows, table="cases"):
    made = pd.DataFrame([{name: value for name, value in row.items() if name != "notes"} for row in rows])
    for name in names(table, "date"):
        if name in made:
            made[name] = pd.to_datetime(made[name]).astype("datetime64[s]")
    return made.astype({name: "Int64" for name in names(table, "flag") if name in made})


@pytest.mark.parametrize("way", WAYS)
def test_cases_are_answered_in_kind(way):
    answer = track(way(CASES), as_at=MONDAY)
    assert isinstance(answer, WAYS[way])
    expected = track(pandas(CASES), as_at=MONDAY)
    found = cells(answer)
    assert list(found[0]) == [*CASES[0], *expected.columns[len(CASES[0]) - 1 :]]
    assert [row.pop("notes") for row in found] == [row["notes"] for row in CASES]
    assert found == cells(expected)
    assert [row["plan_final_status"] for row in found] == ["overdue", "running", "unknown"]
    assert found[0]["plan_final_due"] == date(2025, 5, 26)


@pytest.mark.parametrize("way", WAYS)
def test_advice_is_answered_in_kind_whatever_its_cases_are(way):
    for cases in (pandas, polars, relation):
        answer = track_advice(way(ADVICE, "advice"), cases=cases(CASES), as_at=MONDAY)
        assert isinstance(answer, WAYS[way])
        assert cells(answer) == cells(
            track_advice(pandas(ADVICE, "advice"), cases=pandas(CASES), as_at=MONDAY)
        )
        assert [row["status"] for row in cells(answer)] == ["met_late", "not_applicable"]


@pytest.mark.parametrize("way", WAYS)
def test_check_takes_all_of_them(way):
    expected = check(pandas(CASES), as_at=MONDAY, advice=pandas(ADVICE, "advice"))
    found = check(way(CASES), as_at=MONDAY, advice=way(ADVICE, "advice"))
    assert len(expected)
    pd.testing.assert_frame_equal(found, expected)


def test_claims_may_be_of_another_kind_than_the_cases():
    claims = [{"case_id": "a", "rule": "plan_final", "code": "EXC_PERSONAL", "from_date": date(2025, 3, 3), "to_date": None}]  # fmt: skip
    expected = track(pandas(CASES), exemptions=pandas(claims, "exemptions"), as_at=MONDAY)
    answer = track(pandas(CASES), exemptions=polars(claims, "exemptions"), as_at=MONDAY)
    pd.testing.assert_frame_equal(answer, expected)
    other = track(relation(CASES), exemptions=pandas(claims, "exemptions"), as_at=MONDAY)
    supported = [plain(value) for value in expected["plan_final_exempt_supported"]]
    assert [row["plan_final_exempt_supported"] for row in cells(other)] == supported


@given(st.data(), AS_AT, st.sampled_from(list(WAYS)))
def test_the_answers_are_those_of_pandas(data, as_at, way):
    rows = data.draw(st.lists(case_rows(as_at), min_size=1, max_size=4))
    rows = [{**row, "case_id": str(number), "exported": row["exported"] and str(row["exported"])} for number, row in enumerate(rows)]  # fmt: skip
    expected = track(frame(rows), as_at=as_at)
    added = [name for name in expected.columns if name not in rows[0]]
    found = cells(track(way(rows), as_at=as_at))
    assert [{name: row[name] for name in added} for row in found] == cells(expected[added])


def test_what_was_given_is_not_changed_and_keeps_its_own_types():
    given_one = polars(CASES).with_columns(pl.col("team").cast(pl.Enum(["South", "North"])))
    before = given_one.clone()
    answer = track(given_one, as_at=MONDAY)
    assert given_one.equals(before)
    assert answer.select(before.columns).schema == before.schema


@pytest.mark.parametrize("way", [polars, arrow, relation])
def test_no_rows_are_no_rows(way):
    none = pl.DataFrame(arrow(CASES)).head(0).to_arrow()
    empty = {polars: pl.DataFrame(none), arrow: none, relation: duckdb.from_arrow(none)}[way]
    assert cells(track(empty, as_at=MONDAY)) == []
    assert "plan_final_due" in pa.table(track(empty, as_at=MONDAY)).column_names


def test_times_with_a_zone_and_traces_of_utc_are_refused_as_in_pandas():
    zoned = pl.DataFrame({"case_id": ["a"], "received_date": [datetime(2025, 1, 6)]})
    with pytest.raises(InputError, match="time zone"):
        track(zoned.with_columns(pl.col("received_date").dt.replace_time_zone("UTC")), as_at=MONDAY)
    late = pl.DataFrame({"case_id": ["a"], "received_date": [datetime(2025, 7, 6, 23)]})
    with pytest.raises(InputError, match="23:00"):
        track(late, as_at=MONDAY)


def test_what_is_no_table_is_refused_as_before():
    with pytest.raises(InputError, match="the cases are LazyFrame, not a DataFrame"):
        track(polars(CASES).lazy(), as_at=MONDAY)


def test_a_narwhals_frame_is_answered_with_an_arrow_table():
    assert isinstance(track(nw.from_native(polars(CASES)), as_at=MONDAY), pa.Table)


def test_nothing_of_theirs_is_imported_for_a_frame_of_pandas():
    code = (
        "import sys, pandas as pd, ehcptime as ehc; from datetime import date;"
        "ehc.track(pd.DataFrame({'case_id': ['a'], 'received_date': pd.to_datetime(['2025-01-06'])}), as_at=date(2025, 12, 1));"
        "print({'polars', 'duckdb', 'narwhals'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
