import datetime as dt
import random
import time

import numpy as np
import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.dates import read_dates


def read(*values, **options):
    return read_dates(pd.Series(list(values), dtype=object), column="received_date", **options)


def days(reading):
    return [None if pd.isna(day) else day.date().isoformat() for day in reading.dates]


@pytest.mark.parametrize(
    "text",
    [
        "2024-11-06",
        "2024-11-06 00:00:00",
        "2024-11-06T00:00",
        "2024-11-06 14:35:10.123",
        "2024/11/06",
        "2024-11-6",
        "20241106",
        "2024-Nov-06 00:00:00",
        "6 Nov 2024",
        "06-Nov-2024",
        "6 November 2024",
        "6th November 2024",
        "November 6, 2024",
        "06-NOV-2024 09:30 am",
        "45602",
        "45602.0",
        "45602.604",
        " 2024-11-06 ",
        dt.date(2024, 11, 6),
        dt.datetime(2024, 11, 6, 15, 30),
        pd.Timestamp(2024, 11, 6),
        45602,
        45602.0,
        np.float64(45602.5),
    ],
)
def test_each_way_of_writing_one_day_gives_that_day(text):
    reading = read(text)
    assert days(reading) == ["2024-11-06"]
    assert reading.issues.empty
    assert reading.dates.dtype == "datetime64[s]"


def test_the_date_of_the_collect_export():
    assert days(read("2022-Sep-28 00:00:00", "")) == ["2022-09-28", None]


def test_iso_stays_iso_beside_day_first_dates_and_under_either_order():
    values = ["2024-11-06", "06/11/2024", "28/11/2024 00:00:00", "06/11/2024 00:00:00"]
    expected = ["2024-11-06", "2024-11-06", "2024-11-28", "2024-11-06"]
    assert days(read(*values)) == expected
    assert days(read(*values, order="day_first")) == expected
    assert days(read("2024-11-06", order="month_first")) == ["2024-11-06"]


@pytest.mark.parametrize("separator", ["/", "-", "."])
def test_the_order_is_inferred_from_a_part_above_twelve(separator):
    uk = [text.replace("/", separator) for text in ("03/04/2025", "28/04/2025")]
    us = [text.replace("/", separator) for text in ("03/04/2025", "04/28/2025")]
    assert days(read(*uk)) == ["2025-04-03", "2025-04-28"]
    assert days(read(*us)) == ["2025-03-04", "2025-04-28"]
    assert "proved by" in read(*uk).how


def test_a_column_that_proves_nothing_is_refused_with_the_argument_that_settles_it():
    with pytest.raises(
        InputError, match=r'column received_date of cases\.csv .*03/04/2025.*order="day_first"'
    ):
        read("03/04/2025", "05/06/2025", file="cases.csv")
    assert days(read("03/04/2025", order="day_first")) == ["2025-04-03"]
    assert days(read("03/04/2025", order="month_first")) == ["2025-03-04"]


def test_a_date_that_is_the_same_both_ways_needs_no_evidence():
    assert days(read("05/05/2025")) == ["2025-05-05"]


def test_a_column_that_contradicts_itself_is_refused():
    with pytest.raises(InputError, match="mixes day first"):
        read("28/04/2025", "04/28/2025", "03/04/2025")


def test_an_order_that_every_proof_contradicts_is_refused():
    with pytest.raises(InputError, match=r'cannot be read with order="day_first"'):
        read("04/28/2025", "03/04/2025", order="day_first")


def test_an_order_settles_a_mixed_column_and_the_rest_become_issues():
    reading = read("28/04/2025", "04/28/2025", "03/04/2025", order="day_first")
    assert days(reading) == ["2025-04-28", None, "2025-04-03"]
    assert reading.issues[["row", "why"]].to_numpy().tolist() == [[1, "no such day"]]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("1900-01-01", "placeholder"),
        ("01/01/1900", "placeholder"),
        ("1899-12-30", "placeholder"),
        ("9999-12-31", "placeholder"),
        ("31/12/9999 00:00:00", "placeholder"),
        ("0001-01-01", "placeholder"),
        ("28/09/22", "two digits"),
        ("28-Sep-22", "two digits"),
        ("w/c 3rd March", "not a date"),
        ("3rd March", "not a date"),
        ("Sep 2022", "not a date"),
        ("28 Spt 2022", "not a date"),
        ("31/02/2024", "no such day"),
        ("29/02/2025", "no such day"),
        ("2023-13-40", "no such day"),
        ("2024-Feb-30", "no such day"),
        ("35/14/2024", "no such day"),
        ("1989-12-31", "year outside"),
        ("2101-01-01", "year outside"),
        ("2052", "a number"),
        ("1", "a number"),
        ("2024-11-06 25:00", "no such time"),
        ("-45602", "not a date"),
        ("2024-11-06/2024-11-08", "not a date"),
        (True, "not a date"),
    ],
)
def test_what_is_not_a_date_becomes_an_issue_and_never_a_date(value, why):
    reading = read("2024-11-06", value)
    assert days(reading) == ["2024-11-06", None]
    assert reading.issues["row"].tolist() == [1]
    assert reading.issues["column"].tolist() == ["received_date"]
    assert why in reading.issues["why"].item()


def test_situation_seven():
    reading = read("03/04/2025", "28/04/2025", "45748", "01/01/1900", "2052", "w/c 3rd March")
    assert days(reading) == ["2025-04-03", "2025-04-28", "2025-04-01", None, None, None]
    assert reading.issues["value"].tolist() == ["01/01/1900", "2052", "w/c 3rd March"]


def test_what_may_name_a_person_is_not_repeated():
    reading = read("ask Sunny Beam", "A123456789012", "943 476 5919", "N1 1AA", "June")
    assert reading.issues["value"].tolist() == ["(words)"] * 5


def test_blanks_are_neither_dates_nor_issues():
    reading = read(None, np.nan, pd.NaT, pd.NA, "", "  ", "NULL", "NaT")
    assert reading.dates.isna().all()
    assert reading.issues.empty
    assert reading.how == "no dates"


def test_an_empty_column_reads():
    assert read().dates.dtype == "datetime64[s]"


def test_date_columns_pass_and_lose_their_time():
    moments = pd.Series(pd.to_datetime(["2024-11-06 15:30", None, "2024-07-01 00:00"]), index=[7, 8, 9])
    reading = read_dates(moments, column="received_date")
    assert days(reading) == ["2024-11-06", None, "2024-07-01"]
    assert reading.dates.index.tolist() == [7, 8, 9]


def test_placeholders_in_true_date_columns_are_issues():
    column = pd.Series(np.array(["1900-01-01", "9999-12-31", "2024-11-06"], dtype="datetime64[s]"))
    reading = read_dates(column, column="received_date")
    assert days(reading) == [None, None, "2024-11-06"]
    assert reading.issues["value"].tolist() == ["1900-01-01", "9999-12-31"]


def test_timezones_are_refused():
    aware = pd.Series(pd.to_datetime(["2024-06-11 23:00"]).tz_localize("UTC"))
    with pytest.raises(InputError, match="timezone"):
        read_dates(aware, column="received_date")
    for text in ("2024-06-11T23:00:00Z", "2024-06-11 23:00:00+00:00"):
        with pytest.raises(InputError, match="timezone"):
            read(text)


def test_the_traces_of_utc_are_refused_and_other_times_are_not():
    for values in (["2024-06-11 23:00:00", "2024-12-01 00:00:00"], [45454.95833333, 45627]):
        with pytest.raises(InputError, match="UTC"):
            read(*values)
    assert days(read("2024-06-11 23:00:00", "2024-12-01 10:15:00")) == ["2024-06-11", "2024-12-01"]


def test_a_wrong_order_is_named():
    with pytest.raises(InputError, match="order must be"):
        read("2024-11-06", order="dayfirst")


def test_the_answer_does_not_depend_on_the_order_of_the_rows():
    values = [
        "03/04/2025",
        "28/04/2025",
        "2024-11-06",
        "45602",
        "w/c 3rd March",
        "31/02/2024",
        "1 May 2024",
        "",
    ]
    expected = dict(zip(values, days(read(*values)), strict=True))
    shuffler = random.Random(7)
    for _ in range(50):
        shuffler.shuffle(values)
        again = read(*values)
        assert days(again) == [expected[value] for value in values]
        assert again.how == read(*sorted(values)).how


def test_categories_that_no_row_uses_prove_nothing():
    column = pd.Series(pd.Categorical(["03/04/2025"], categories=["03/04/2025", "28/04/2025"]))
    with pytest.raises(InputError, match="day first or month first"):
        read_dates(column, column="received_date")


def test_categories_and_numbers_read_like_text():
    column = pd.Series(pd.Categorical(["28/04/2025", None, "03/04/2025"]))
    assert days(read_dates(column, column="x")) == ["2025-04-28", None, "2025-04-03"]
    assert days(read_dates(pd.Series([45602, 45748]), column="x")) == ["2024-11-06", "2025-04-01"]
    assert days(read_dates(pd.Series([45602.0, np.nan]), column="x")) == ["2024-11-06", None]


def test_the_input_is_not_changed():
    column = pd.Series(["28/04/2025", "x"])
    before = column.copy()
    read_dates(column, column="x")
    pd.testing.assert_series_equal(column, before)


def test_only_distinct_values_are_parsed():
    text = pd.Series(pd.date_range("2014-01-01", "2026-01-01").strftime("%d/%m/%Y"))
    column = text.sample(1_000_000, replace=True, random_state=1)
    start = time.process_time()
    reading = read_dates(column, column="x")
    assert time.process_time() - start < 2
    assert reading.issues.empty
