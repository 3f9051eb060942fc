"""Parquet in and out: what is read is what the same table as CSV would give, and what is written keeps its types."""

from datetime import date, datetime

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.files import write_table, write_tables
from ehcptime.records.doors import read_any
from ehcptime.records.reading import read_extract

TABLES = ("cases", "advice", "exemptions", "closures", "events")


def written(folder, name="cases.parquet", **columns):
    path = folder / name
    parquet.write_table(pa.table(columns), path)
    return path


def test_a_folder_of_parquet_reads_as_the_same_folder_of_csv(tmp_path):
    extract = simulate(300, as_at=date(2025, 7, 31), seed=3)
    for suffix in ("csv", "parquet"):
        (tmp_path / suffix).mkdir()
        for table in TABLES:
            write_table(getattr(extract, table), tmp_path / suffix / f"{table}.{suffix}")
    by_csv, by_parquet = read_any(tmp_path / "csv"), read_any(tmp_path / "parquet")
    for table in TABLES:
        assert len(getattr(extract, table)), table
        pd.testing.assert_frame_equal(getattr(by_parquet, table), getattr(by_csv, table))


def test_typed_columns_of_other_writers_are_read(tmp_path):
    path = tmp_path / "x.parquet"
    pl.DataFrame(
        {
            "Ref": [7, 8],
            "Received": [date(2025, 4, 28), None],
            "Decided": [datetime(2025, 5, 1), datetime(2025, 5, 2)],
            "Week 20": [True, None],
            "Outcome": pl.Series(["Y", None], dtype=pl.Categorical),
            "Surname": ["Sunny", "Beam"],
        }
    ).write_parquet(path)
    columns = {
        "case_id": "Ref",
        "received_date": "Received",
        "request_outcome_date": "Decided",
        "week20": "Week 20",
        "request_outcome": "Outcome",
    }
    extract = read_extract(path, mapping={"cases": {"columns": columns}})
    cases = extract.cases
    assert cases["case_id"].tolist() == ["7", "8"]
    assert cases["received_date"].tolist()[0] == pd.Timestamp("2025-04-28")
    assert pd.isna(cases["received_date"][1])
    assert cases["request_outcome_date"].dt.day.tolist() == [1, 2]
    assert cases["week20"].tolist() == [1, pd.NA]
    assert cases["request_outcome"].tolist()[0] == "Y"
    assert "Surname" not in cases
    assert "Sunny" not in extract.reading.to_string()


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (pa.array([datetime(2025, 1, 6)], pa.timestamp("s", "UTC")), "timezone"),
        (pa.array([datetime(2025, 7, 6, 23)]), "23:00"),
    ],
)
def test_moments_that_may_move_a_day_are_refused(tmp_path, days, said):
    with pytest.raises(InputError, match=said):
        read_extract(written(tmp_path, case_id=["a"], received_date=days))


def test_a_damaged_file_is_refused_in_one_sentence(tmp_path):
    path = written(tmp_path, case_id=["a"], received_date=[date(2025, 1, 6)])
    whole = path.read_bytes()
    for cut in (whole[:20], b"PAR1", whole[:30] + b"\0" * 40 + whole[70:-9] + whole[-8:]):
        path.write_bytes(cut)
        with pytest.raises(InputError, match="cases.parquet is a damaged Parquet file"):
            read_extract(path)


def test_what_is_written_keeps_its_types(tmp_path):
    frame = pd.DataFrame(
        {
            "case_id": ["=1+1", "b"],
            "due": pd.to_datetime(["2025-08-20", None]).astype("datetime64[s]"),
            "days_left": pd.array([None, 3], "Int32"),
            "status": pd.Categorical(["met", None]),
        },
        index=[7, 9],
    )
    write_table(frame, tmp_path / "x.PARQUET")
    table = parquet.read_table(tmp_path / "x.PARQUET")
    assert table.column_names == list(frame.columns)
    assert table.to_pylist() == [
        {"case_id": "=1+1", "due": datetime(2025, 8, 20), "days_left": None, "status": "met"},
        {"case_id": "b", "due": None, "days_left": 3, "status": None},
    ]
    assert pa.types.is_int32(table.schema.field("days_left").type)


def test_what_parquet_cannot_hold_is_refused(tmp_path):
    with pytest.raises(CommandError, match="a .parquet file holds one table"):
        write_tables({"a": pd.DataFrame(), "b": pd.DataFrame()}, tmp_path / "x.parquet")
    with pytest.raises(InputError, match="column value holds values of several kinds"):
        write_table(pd.DataFrame({"value": [1, "a"]}), tmp_path / "x.parquet")
    assert not list(tmp_path.iterdir())
