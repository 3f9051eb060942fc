"""One caseload, written in every format and read back, is the same in every column that the format carries."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehcptime.datasets.simulate import simulate
from ehcptime.records.extract import Extract
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.blade_writing import write_blade
from ehcptime.records.sen2.labelled import write_labelled
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.template import write_template
from ehcptime.records.sen2.workbook import write_sheets
from ehcptime.records.sen2.xml_writing import write_xml

AS_AT = date(2025, 6, 30)
PRESETS = ["west_sussex_2024", "england_2024", "recovered", "collapse"]
IN_SEN2 = [
    *(
        "received_date",
        "request_source",
        "rya",
        "request_outcome",
        "request_outcome_date",
        "request_mediation",
    ),
    *(
        "request_tribunal",
        "exported",
        "assessment_outcome",
        "assessment_outcome_date",
        "assessment_mediation",
    ),
    *(
        "assessment_tribunal",
        "other_mediation",
        "other_tribunal",
        "week20",
        "plan_start_date",
        "sex",
        "ethnicity",
    ),
]
FIRST_DAY = pd.Timestamp("1990-01-01")


def plain(frame, columns):
    """Compare values, not the widths of their types: dates as days, whole numbers as numbers, blanks as None."""
    return {name: [None if pd.isna(value) else value for value in frame[name]] for name in columns}


def caseload(preset, seed, rows=40):
    """Simulate, and blank the planted dates that no reader may take for dates."""
    extract = simulate(rows, as_at=AS_AT, seed=seed, preset=preset)
    cases = extract.cases.copy()
    for name in cases.select_dtypes("datetime").columns:
        cases[name] = cases[name].where(cases[name] >= FIRST_DAY)
    events = extract.events[extract.events["date"] >= FIRST_DAY].reset_index(drop=True)
    return Extract(cases, extract.advice, extract.exemptions, extract.closures, events)


def in_person_order(cases):
    """Put cases in the order of an XML return, which keeps the requests of a person together."""
    first = cases.reset_index().groupby("person_id")["index"].transform("min")
    return cases.assign(first=first.to_numpy()).sort_values("first", kind="stable").drop(columns="first")


runs = given(preset=st.sampled_from(PRESETS), seed=st.integers(0, 10_000))
few = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@few
@runs
def test_the_blade_folder_carries_everything(tmp_path_factory, preset, seed):
    extract = caseload(preset, seed)
    folder = tmp_path_factory.mktemp("blade") / "out"
    write_blade(extract, folder, as_at=AS_AT)
    again = read_sen2(folder, free_text=["note"])
    assert again.extracted_on == AS_AT
    for table in ("cases", "advice", "exemptions", "closures", "events"):
        before, after = getattr(extract, table), getattr(again, table)
        assert plain(after, before.columns) == plain(before, before.columns), table


@few
@runs
def test_xml_carries_what_sen2_holds(tmp_path_factory, preset, seed):
    extract = caseload(preset, seed)
    path = tmp_path_factory.mktemp("xml") / "return.xml"
    write_xml(extract, path, as_at=AS_AT)
    again = read_sen2(path).cases
    assert plain(again, IN_SEN2) == plain(in_person_order(extract.cases), IN_SEN2)
    assert again["person_id"].nunique() == extract.cases["person_id"].nunique()


@few
@runs
@pytest.mark.parametrize("form", ["workbook", "template"])
def test_workbooks_carry_what_sen2_holds(tmp_path_factory, preset, seed, form):
    extract = caseload(preset, seed)
    path = tmp_path_factory.mktemp(form) / "book.xlsx"
    if form == "workbook":
        write_sheets(extract, path)
    else:
        write_template(extract, path, as_at=AS_AT)
    columns = ["case_id", "person_id", *IN_SEN2]
    assert plain(read_sen2(path).cases, columns) == plain(extract.cases, columns)


@few
@runs
@pytest.mark.parametrize("headings", ["d2i", "ssd"])
def test_folders_of_data_to_insight_carry_everything(tmp_path_factory, preset, seed, headings):
    extract = caseload(preset, seed)
    folder = tmp_path_factory.mktemp(headings) / "out"
    write_labelled(extract, folder, headings=headings)
    columns = extract.cases.columns
    assert plain(read_sen2(folder).cases, columns) == plain(extract.cases, columns)


@few
@runs
def test_a_local_sheet_with_uk_dates_carries_everything(tmp_path_factory, preset, seed):
    cases = caseload(preset, seed).cases
    local = cases.copy()
    for name in local.select_dtypes("datetime").columns:
        local[name] = local[name].dt.strftime("%d/%m/%Y")
    path = tmp_path_factory.mktemp("local") / "local.csv"
    local.rename(columns=lambda name: name.replace("_", " ").title()).to_csv(path, index=False)
    columns = {name: name.replace("_", " ").title() for name in cases.columns}
    again = read_extract(path, mapping={"cases": {"columns": columns}}, order="day_first").cases
    assert plain(again, cases.columns) == plain(cases, cases.columns)
