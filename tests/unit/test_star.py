"""The star schema: keys that fit, every row once, sums that are those of `timeliness`, ids that name nobody, files that hold the tables."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from pyarrow import parquet

import ehcptime as ehc
from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.star_columns import STAR
from ehcptime.records.extract import Extract
from frames import frame

AS_AT = date(2024, 12, 31)
SECRET = "kept far from the file"
LIMITS = {"request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment"}


@pytest.fixture(scope="module")
def extract():
    return ehc.simulate(1_200, as_at=AS_AT, seed=3, preset="england_2024")


@pytest.fixture(scope="module")
def star(extract):
    return ehc.star_schema(extract, as_at=AS_AT)


@pytest.fixture(scope="module")
def tracked(extract):
    return ehc.track(extract.cases, as_at=AS_AT, exemptions=extract.exemptions, closures=extract.closures)


@pytest.fixture(scope="module")
def advice(extract):
    return ehc.track_advice(extract.advice, as_at=AS_AT, cases=extract.cases)


def test_columns_are_those_of_the_schema_and_of_their_kinds(star):
    kinds = {"number": "Int64", "date": "datetime64[s]", "flag": "boolean"}
    assert set(star) == set(STAR)
    for name, table in star.items():
        listed = star["schema"].query("table == @name")
        assert list(table.columns) == listed["column"].tolist(), name
        for column, kind in zip(listed["column"], listed["kind"], strict=True):
            assert kind == "text" or table[column].dtype == kinds[kind], (name, column)


def test_every_reference_leads_to_a_row(star):
    references = star["schema"].dropna(subset="refers")
    assert len(references) > 20
    for row in references.itertuples():
        table, column = row.refers.split(".")
        there = star[table][column]
        assert there.is_unique, row.refers
        assert there.notna().all(), row.refers
        assert star[row.table][row.column].dropna().isin(there).all(), (row.table, row.column)


def test_every_request_asking_and_limit_is_there_once(star, extract):
    cases = star["case"]
    assert cases["case_key"].tolist() == list(range(1, len(extract.cases) + 1))
    assert star["advice"]["advice_key"].tolist() == list(range(1, len(extract.advice) + 1))
    pairs = star["limit"][["case_key", "rule"]]
    assert not pairs.duplicated().any()
    assert len(pairs) == 5 * len(cases)
    assert set(pairs["rule"]) == LIMITS
    measured = star["part"].groupby("measure").size()
    assert measured.drop("advice_6wk").eq(len(cases)).all()
    assert measured["advice_6wk"] == len(extract.advice)
    assert set(measured.index) == set(ehc.MEASURES)


@pytest.mark.parametrize("measure", sorted(set(ehc.MEASURES) - {"advice_6wk"}))
def test_sums_are_those_of_timeliness_by_group_and_quarter(star, tracked, advice, measure):
    period = None if ehc.MEASURES[measure].cohort == "open" else "Q"
    expected = ehc.timeliness(tracked, measure, by="area", period=period, advice=advice)
    part = star["part"].query("measure == @measure").merge(star["case"][["case_key", "area"]], on="case_key")
    quarters = part["falls_on"].map(star["calendar"].set_index("date")["quarter"])
    part["period"] = quarters.fillna("unknown") if period else "all"
    sums = part.groupby(["area", "period"])[["in_numerator", "in_denominator"]].sum()
    counts = expected.set_index(["area", "period"])
    rows = counts.query("denominator > 0").index
    assert len(rows) > 0
    assert sums.loc[rows, "in_numerator"].tolist() == counts.loc[rows, "numerator"].tolist()
    assert sums.loc[rows, "in_denominator"].tolist() == counts.loc[rows, "denominator"].tolist()
    assert sums["in_denominator"].sum() == counts["denominator"].sum()


def test_advice_is_counted_by_rule_as_timeliness_counts_it(star, advice):
    expected = ehc.timeliness(advice, "advice_6wk").set_index("rule")
    part = star["part"].query("measure == 'advice_6wk'").merge(star["advice"], on="advice_key")
    sums = part.groupby("rule")[["in_numerator", "in_denominator"]].sum()
    for rule in ("advice_body", "advice_other"):
        assert sums.loc[rule].tolist() == expected.loc[rule, ["numerator", "denominator"]].tolist()


def test_limits_are_those_of_the_tracked_cases(star, tracked):
    final = star["limit"].query("rule == 'plan_final'")
    assert final["status"].tolist() == tracked["plan_final_status"].astype(str).tolist()
    assert final["breach"].tolist() == tracked["plan_final_breach"].tolist()
    assert final["due"].tolist() == tracked["plan_final_due"].tolist()


def test_an_age_band_holds_its_upper_edge():
    rows = [{"received_date": day} for day in ("2024-08-13", "2024-08-12", None)]  # 140 days, 141 days
    star = ehc.star_schema(Extract(frame(rows)), as_at=AS_AT)
    assert star["case"]["age_days"].tolist()[:2] == [140, 141]
    assert star["case"]["age_band"].tolist() == ["16-20", "20-30", "unknown"]


def named(rows):
    cases = frame(rows).assign(case_id=["A123456789012", "A123456789013"])
    asked = {
        "case_id": "A123456789012",
        "advice_type": "health",
        "requested_date": pd.Timestamp("2024-11-01"),
    }
    return Extract(cases, advice=pd.DataFrame([asked, asked | {"case_id": "elsewhere"}]))


@pytest.fixture
def of_two():
    row = {
        "received_date": "2024-10-01",
        "person_id": "U1",
        "caseworker": "Jo Bloggs",
        "remark": "her mother Ann",
    }
    return named([row, row | {"person_id": None}])


def texts(star):
    return " ".join(
        str(value) for table in star.values() for column in table for value in table[column].tolist()
    )


def test_ids_and_names_stay_behind_unless_internal_is_asked_for(of_two):
    star = ehc.star_schema(of_two, as_at=AS_AT)
    for secret in ("A1234", "U1", "Bloggs", "Ann", "elsewhere"):
        assert secret not in texts(star), secret
    assert star["case"]["case_id"].tolist() == ["case-0000001", "case-0000002"]
    assert star["case"]["person_id"].tolist() == ["person-0000001", None] or star["case"][
        "person_id"
    ].isna().tolist() == [False, True]
    inside = ehc.star_schema(of_two, as_at=AS_AT, internal=True)
    assert inside["case"]["case_id"].tolist() == ["A123456789012", "A123456789013"]
    assert inside["case"]["caseworker"].tolist() == ["Jo Bloggs"] * 2
    assert "Ann" not in texts(inside)


def test_pseudonyms_of_a_key_are_those_of_pseudonymise_and_the_same_next_month(of_two):
    first = ehc.star_schema(of_two, as_at=AS_AT, key=SECRET)["case"]
    later = ehc.star_schema(of_two, as_at=date(2025, 1, 31), key=SECRET)["case"]
    assert first["case_id"].tolist() == later["case_id"].tolist()
    assert first["case_id"].tolist() == ehc.pseudonymise(of_two.cases, key=SECRET)["case_id"].tolist()
    with pytest.raises(CommandError, match="shorter than 16"):
        ehc.star_schema(of_two, as_at=AS_AT, key="short")


def test_an_asking_of_no_known_case_is_kept_with_no_key(of_two):
    asked = ehc.star_schema(of_two, as_at=AS_AT)["advice"]
    assert asked["case_key"].isna().tolist() == [False, True]
    assert asked["case_key"].iloc[0] == 1


def test_what_is_made_up_still_says_so(star):
    assert star["case"]["case_id"].str.startswith("SYNTHETIC-").all()


def test_nothing_is_changed_and_the_index_does_not_matter(extract, star):
    before = extract.cases.copy()
    moved = Extract(
        extract.cases.set_axis(np.arange(len(extract.cases)) + 7),
        extract.advice.set_axis(np.arange(len(extract.advice)) + 9),
        extract.exemptions,
        extract.closures,
    )
    again = ehc.star_schema(moved, as_at=AS_AT)
    for name, table in star.items():
        pd.testing.assert_frame_equal(again[name], table)
    pd.testing.assert_frame_equal(extract.cases, before)


def test_an_extract_with_no_rows_has_every_table(extract, tmp_path):
    star = ehc.star_schema(Extract(extract.cases.iloc[:0]), as_at=AS_AT)
    assert {name for name, table in star.items() if table.empty} == {"case", "limit", "advice", "part"}
    assert len(star["calendar"]) == sum(366 if year % 4 == 0 else 365 for year in range(2017, 2026))
    ehc.export(Extract(extract.cases.iloc[:0]), tmp_path, as_at=AS_AT)
    types = parquet.read_schema(tmp_path / "case.parquet")
    assert [str(types.field(name).type) for name in ("case_key", "case_id", "received_date", "is_open")] == [
        "int64",
        "string",
        "date32[day]",
        "bool",
    ]


def test_the_calendar_has_the_periods_and_the_working_days_of_england(star):
    days = star["calendar"].set_index("date")
    row = days.loc[pd.Timestamp("2024-12-26")]
    assert row.tolist() == ["2024-12", "2024 Q4", "2024", "2024-25", "2024/25", False]  # Boxing Day
    assert days.loc["2024-03-28":"2024-04-02", "working_day"].tolist() == [
        True,
        False,
        False,
        False,
        False,
        True,
    ]


def test_files_hold_the_tables(extract, star, tmp_path):
    rows = ehc.export(extract, tmp_path, as_at=AS_AT)
    assert {path.name for path in tmp_path.iterdir()} == {
        f"{name}.{end}" for name in STAR for end in ("csv", "parquet")
    }
    for name, table in star.items():
        assert rows[name] == len(table)
        dates = [column for column, held in STAR[name].columns.items() if held.kind == "date"]
        sheet = pd.read_csv(
            tmp_path / f"{name}.csv", parse_dates=dates, dtype={c: str for c in table if c not in dates}
        )
        typed = parquet.read_table(tmp_path / f"{name}.parquet").to_pandas(date_as_object=False)
        assert list(sheet.columns) == list(typed.columns) == list(table.columns)
        for column in table:
            wanted = [None if pd.isna(value) else value for value in table[column].tolist()]
            held = [None if pd.isna(value) else value for value in typed[column].tolist()]
            written = [None if pd.isna(value) else value for value in sheet[column].tolist()]
            assert held == wanted, (name, column)
            assert [None if v is None else str(v) for v in written] == [
                None if v is None else str(v) for v in wanted
            ]


def test_an_earlier_export_is_replaced_and_other_files_stay(extract, tmp_path):
    (tmp_path / "report.pbix").touch()
    ehc.export(extract, tmp_path, as_at=AS_AT, formats=["csv"])
    ehc.export(Extract(extract.cases.iloc[:3]), tmp_path, as_at=AS_AT, formats=["csv"])
    assert len(pd.read_csv(tmp_path / "case.csv")) == 3
    assert (tmp_path / "report.pbix").exists()


def test_one_format_alone_is_written(extract, tmp_path):
    rows = ehc.export(Extract(extract.cases.iloc[:3]), tmp_path / "new", as_at=AS_AT, formats=["parquet"])
    assert {path.name for path in (tmp_path / "new").iterdir()} == {f"{name}.parquet" for name in rows}
    assert len(pd.read_parquet(tmp_path / "new" / "case.parquet")) == 3


def test_what_cannot_be_exported_is_refused(extract, tmp_path, monkeypatch):
    with pytest.raises(CommandError, match="not xlsx"):
        ehc.export(extract, tmp_path, as_at=AS_AT, formats=["xlsx"])
    with pytest.raises(CommandError, match="not none"):
        ehc.export(extract, tmp_path, as_at=AS_AT, formats=[])
    with pytest.raises(InputError, match="after the day of the extract"):
        ehc.star_schema(extract, as_at=date(2025, 1, 1))
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        ehc.export(Extract(extract.cases.iloc[:3]), tmp_path / "file", as_at=AS_AT, formats=["csv"])
    monkeypatch.setattr("ehcptime.outputs.star_files.has_arrow", lambda: False)
    with pytest.raises(CommandError, match="pip install"):
        ehc.export(extract, tmp_path, as_at=AS_AT)
