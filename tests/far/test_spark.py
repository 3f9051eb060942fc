"""Spark, several partitions, on this machine: every answer is that of pandas on the same rows. It needs Java and `ehcptime[spark]`."""

import os
import sys
from datetime import date

import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError

pytestmark = [
    pytest.mark.far,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::UserWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::FutureWarning:pyspark"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
AS_AT = date(2025, 3, 31)
MEASURES = sorted(name for name, measure in ehc.MEASURES.items() if "advice" not in measure.family)


@pytest.fixture(scope="module")
def session():
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "150")
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.fixture(scope="module")
def extract():
    return ehc.simulate(1_500, as_at=AS_AT, seed=5)


def in_spark(session, frame, partitions=4):
    """Rows in several partitions, in another order; dates as dates and what is missing as nothing."""
    mixed = frame.sample(frac=1, random_state=1)
    dates = [name for name in mixed if mixed[name].dtype.kind == "M"]
    plain = mixed.astype(object).where(mixed.notna(), None)
    for name in dates:
        plain[name] = [None if value is None else value.date() for value in plain[name]]
    kinds = [f"`{name}` {'date' if name in dates else _kind(mixed[name])}" for name in mixed]
    return session.createDataFrame(plain.to_dict("split")["data"], ", ".join(kinds)).repartition(partitions)


def _kind(values):
    return {"b": "boolean", "i": "int", "u": "int", "f": "double"}.get(values.dtype.kind, "string")


@pytest.fixture(scope="module")
def both(session, extract):
    from ehcptime import spark

    cases = extract.cases
    tracked = spark.track(in_spark(session, cases), as_at=AS_AT, exemptions=extract.exemptions).cache()
    assert tracked.rdd.getNumPartitions() > 1
    return ehc.track(cases, as_at=AS_AT, exemptions=extract.exemptions), tracked


def plain(frame):
    """Cells as texts, so that types of their own do not matter; blank is blank."""
    return frame.astype(object).where(frame.notna(), "").astype(str).reset_index(drop=True)


def test_every_column_of_every_case_is_that_of_pandas(both):
    whole, tracked = both
    found = tracked.toPandas().set_index("case_id").loc[whole["case_id"]].reset_index()
    assert list(tracked.columns) == list(whole.columns)
    for name in whole.columns.drop("case_id"):
        mine, theirs = whole[name].reset_index(drop=True), found[name]
        if mine.dtype.kind == "M":
            theirs = pd.to_datetime(theirs).astype("datetime64[s]")
        elif mine.dtype.kind in "iuf":
            mine, theirs = mine.astype("Float64"), theirs.astype("Float64")
        assert plain(mine.to_frame()).equals(plain(theirs.to_frame())), name


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_that_of_pandas(both, measure):
    from ehcptime import spark

    whole, tracked = both
    period = None if ehc.MEASURES[measure].cohort == "open" else "Q"
    for by in (None, ["request_source", "stage"]):
        expected = ehc.timeliness(whole, measure, by=by, period=period)
        found = spark.timeliness(tracked, measure, by=by, period=period)
        pd.testing.assert_frame_equal(found, expected, check_dtype=by is None)
        assert found.attrs == expected.attrs


def test_the_backlog_is_that_of_pandas(both):
    from ehcptime import spark

    whole, tracked = both
    for by in ("stage", None, ["area", "stage"] if "area" in whole else ["request_source"]):
        pd.testing.assert_frame_equal(spark.backlog(tracked, by), ehc.backlog(whole, by), check_dtype=False)


def test_medians_are_those_of_pandas(both):
    from ehcptime import spark

    whole, tracked = both
    for by in (None, "stage"):
        pd.testing.assert_frame_equal(
            spark.time_to_final(tracked, by=by), ehc.time_to_final(whole, by=by), check_dtype=False
        )


def test_the_number_of_partitions_changes_nothing(session, extract):
    from ehcptime import spark

    answers = [
        spark.timeliness(
            spark.track(in_spark(session, extract.cases, parts), as_at=AS_AT), "plans_due_20wk", period="M"
        )
        for parts in (1, 7)
    ]
    pd.testing.assert_frame_equal(*answers)


def test_what_cannot_be_answered_is_refused(session, both, extract):
    from ehcptime import spark

    with pytest.raises(CommandError, match="needs the askings"):
        spark.timeliness(both[1], "advice_6wk")
    with pytest.raises(InputError, match=r"call ehcptime\.spark\.track"):
        spark.backlog(in_spark(session, extract.cases), None)
    twice = pd.concat([extract.cases.head(3), extract.cases.head(1)])
    with pytest.raises(InputError, match="stands twice"):
        spark.track(in_spark(session, twice), as_at=AS_AT)
