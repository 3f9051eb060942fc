"""A typed export whose modules do not tie together as they should: what is used, what is not, and what is said of it."""

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade import read_blade
from ehcptime.records.sen2.blade_writing import write_blade

REQUESTS = """\
requeststableid,persontableid,receiveddate,requestsource,rya,requestoutcomedate,requestoutcome,requestmediation,requesttribunal,exported
0021,11,2022-Sep-28 00:00:00,1,0,2022-Nov-04 00:00:00,Y,0,0,
0022,12,2023-Jan-30 00:00:00,2,0,2023-Mar-13 00:00:00,N,1,0,
"""
ASSESSMENT = """\
assessmenttableid,requeststableid,assessmentoutcome,assessmentoutcomedate,assessmentmediation,assessmenttribunal,othermediation,othertribunal,week20
31,0021,Y,2023-Feb-15 00:00:00,0,0,0,0,0
"""
SENNEED = """\
senneedtableid,activeplanstableid,sentype,sentyperank
61,51,ASD,1
62,52,SLCN,1
"""


def blade(folder, day="17-01-2024", **more):
    for module, text in {"requests": REQUESTS, "assessment": ASSESSMENT, **more}.items():
        (folder / f"Blade-Export_{day}_{module}.csv").write_text(text, encoding="utf-8")
    return folder


def said(extract, text):
    return extract.reading[extract.reading["note"].str.contains(text, regex=False)]


def test_needs_without_the_plans_that_they_belong_to_are_not_used(tmp_path):
    extract = read_blade(blade(tmp_path, senneed=SENNEED))
    assert extract.cases["case_id"].tolist() == ["0021", "0022"]
    assert extract.cases["primary_need"].isna().all()
    (note,) = said(extract, "nothing in the return has a activeplanstableid").to_dict("records")
    assert (note["file"], note["rows_in"], note["rows_out"]) == ("Blade-Export_17-01-2024_senneed.csv", 2, 0)


@pytest.mark.parametrize(
    ("header", "count"),
    [("lea\n938\n939\n", 2), ("lea\n \n", 0), ("collection\nSEN2\n", 0)],
)
def test_a_header_that_names_no_one_authority_gives_none(tmp_path, header, count):
    extract = read_blade(blade(tmp_path, sen2=header))
    assert "la_code" not in extract.cases
    assert len(said(extract, f"{count} codes of an authority, so none is used")) == 1


def test_a_file_of_the_export_that_is_no_module_is_said_not_to_be_used(tmp_path):
    extract = read_blade(blade(tmp_path, contact="name\nnobody\n"))
    unused = said(extract, "not used")
    assert "Blade-Export_17-01-2024_contact.csv" in set(unused["file"])
    assert "nobody" not in extract.reading.to_csv()


def test_a_day_in_the_names_of_files_that_is_none_is_refused(tmp_path):
    with pytest.raises(InputError, match="no date of the form DD-MM-YYYY in its name"):
        read_blade(blade(tmp_path, day="31-02-2024"))


def test_persons_with_nothing_of_their_own_add_nothing(tmp_path):
    with_people = blade(tmp_path, person="persontableid,upn\n11,\n12,\n")
    assert "age_at_request" not in read_blade(with_people).cases


@pytest.mark.parametrize("missing", ["case_id", "received_date"])
def test_cases_without_a_column_that_ties_them_are_not_written(tmp_path, missing):
    cases = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2024-01-08"])})
    with pytest.raises(InputError, match=f"no column '{missing}', without which they cannot be written"):
        write_blade(
            Extract(cases.drop(columns=missing)), tmp_path / "out", as_at=pd.Timestamp("2024-07-01").date()
        )
    assert not (tmp_path / "out").exists()
