"""Notes and comments are left in the file, whatever it is, unless they are asked for by name."""

import pytest

from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.returns import read_sen2

SHEET = "case_id,received_date,area,Case Notes,officer_comments\n7,2025-01-06,North,Mum rang,upset\n8,2025-01-07,South,,\n"
CLAIMS = "case_id,rule,code,note\n7,plan_final,closed_setting,told by Mum\n"


def dropped(extract):
    lines = extract.reading[extract.reading["note"] == "free text, not kept"]
    return lines[["column", "became", "rows_in", "rows_out"]].values.tolist()


def test_notes_of_a_sheet_are_not_kept_and_the_reading_report_says_so(tmp_path):
    (tmp_path / "a.csv").write_text(SHEET)
    extract = read_extract(tmp_path / "a.csv")
    assert list(extract.cases) == ["case_id", "received_date", "area"]
    assert dropped(extract) == [["Case Notes", "", 1, 0], ["officer_comments", "", 1, 0]]
    assert "Mum" not in extract.reading.to_csv()


def test_notes_that_are_asked_for_are_kept_and_no_others(tmp_path):
    (tmp_path / "a.csv").write_text(SHEET)
    extract = read_extract(tmp_path / "a.csv", free_text=["case notes"])
    assert extract.cases["Case Notes"].fillna("").tolist() == ["Mum rang", ""]
    assert dropped(extract) == [["officer_comments", "", 1, 0]]


def test_a_mapping_asks_for_notes_by_naming_them(tmp_path):
    (tmp_path / "a.csv").write_text(SHEET)
    columns = {"case_id": "case_id", "received_date": "received_date"}
    without = read_extract(tmp_path / "a.csv", mapping={"cases": {"columns": columns}})
    assert list(without.cases) == list(columns)
    mapping = {"cases": {"columns": columns, "keep": ["Case Notes"]}}
    assert list(read_extract(tmp_path / "a.csv", mapping=mapping).cases) == [*columns, "Case Notes"]


@pytest.mark.parametrize(("asked", "kept"), [([], False), (["note"], True)])
def test_so_it_is_with_the_note_of_an_exemption_whatever_it_stands_beside(tmp_path, asked, kept):
    (tmp_path / "cases.csv").write_text("case_id,received_date\n7,2025-01-06\n")
    (tmp_path / "exemptions.csv").write_text(CLAIMS)
    assert ("note" in read_extract(tmp_path, free_text=asked).exemptions) == kept
    blade = tmp_path / "blade"
    blade.mkdir()
    rows = {
        "requests": "requeststableid,persontableid,receiveddate,requestoutcomedate,requestoutcome\n7,1,2025-01-06,,A\n",
        "assessment": "requeststableid,assessmentoutcome,assessmentoutcomedate,week20\n",
        "person": "persontableid\n1\n",
    }
    for name, text in rows.items():
        (blade / f"Blade-Export_31-03-2025_{name}.csv").write_text(text)
    (blade / "cases_local.csv").write_text("case_id,Comments\n7,Mum rang\n")
    (blade / "exemptions.csv").write_text(CLAIMS)
    extract = read_sen2(blade, free_text=asked)
    assert ("note" in extract.exemptions) == kept
    assert "Comments" not in extract.cases
    assert [line[0] for line in dropped(extract)] == (["Comments"] if kept else ["Comments", "note"])
