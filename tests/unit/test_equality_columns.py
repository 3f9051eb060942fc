"""Sex, ethnicity and care status in a local sheet: kept where the contract's name or a mapping names them, and never under another heading."""

import pandas as pd
import pytest

from ehcptime.records.mapping import read_mapping
from ehcptime.records.proposals import propose_mapping
from ehcptime.records.reading import read_extract

ROWS = "1,2025-04-28,F,WBRI,looked after\n2,2025-04-29,,NOBT,\n3,2025-04-30,Not known,,none\n"
GIVEN = {
    "sex": ["F", None, "Not known"],
    "ethnicity": ["WBRI", "NOBT", None],
    "care_status": ["looked after", None, "none"],
}
LOCAL = "Case Ref,Date Received,Gender,Ethnic Origin,Looked After Status\n" + ROWS


def kept(frame):
    return {
        name: [None if pd.isna(value) else value for value in frame[name]] for name in GIVEN if name in frame
    }


@pytest.fixture
def sheet(tmp_path):
    def written(text):
        (tmp_path / "local.csv").write_text(text)
        return tmp_path / "local.csv"

    return written


@pytest.mark.parametrize("headings", ["sex,ethnicity,care_status", "Sex,Ethnicity,Care Status"])
def test_the_names_of_the_contract_are_read_without_a_mapping(sheet, headings):
    extract = read_extract(sheet(f"case_id,received_date,{headings}\n{ROWS}"))
    assert kept(extract.cases) == GIVEN


def test_a_mapping_names_other_headings(sheet):
    columns = {
        "case_id": "Case Ref",
        "received_date": "Date Received",
        "sex": "Gender",
        "ethnicity": "Ethnic Origin",
        "care_status": "Looked After Status",
    }
    assert kept(read_extract(sheet(LOCAL), mapping={"cases": {"columns": columns}}).cases) == GIVEN


def test_what_no_mapping_names_is_not_kept(sheet):
    columns = {"case_id": "Case Ref", "received_date": "Date Received"}
    extract = read_extract(sheet(LOCAL), mapping={"cases": {"columns": columns}})
    assert list(extract.cases) == ["case_id", "received_date"]
    line = extract.reading.set_index("column").loc["Gender"]
    assert (line["became"], line["note"]) == ("", "personal, not kept")


def test_another_heading_than_the_contract_has_is_personal(sheet):
    extract = read_extract(sheet("case_id,received_date,Gender\n1,2025-04-28,F\n"))
    assert list(extract.cases) == ["case_id", "received_date"]


def test_a_proposal_finds_them_and_shows_no_value_of_theirs(sheet):
    text = propose_mapping(sheet(LOCAL))
    for line in ('sex = "Gender"', 'ethnicity = "Ethnic Origin"', 'care_status = "Looked After Status"'):
        assert line in text
    assert not [value for value in ("WBRI", "looked after", "Not known") if value in text]


@pytest.mark.parametrize(
    ("name", "headings"), [("d2i", ("Gender", "Ethnicity")), ("ssd", ("pers_sex", "pers_ethnicity"))]
)
def test_mappings_that_ship_name_the_columns_of_their_formats(name, headings):
    columns = read_mapping(name)[0].columns
    assert (columns["sex"], columns["ethnicity"]) == tuple((heading,) for heading in headings)
