from datetime import date

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.extract import Extract
from ehcptime.records.sen2.blade import read_blade
from ehcptime.records.sen2.blade_writing import write_blade
from ehcptime.records.sen2.returns import read_sen2

# Typed by hand from the description of the COLLECT export, not made by the writer. Every person is invented.
PERSON = """\
NativeId,persontableid,sourceid,surname,forename,personbirthdate,sex,ethnicity,postcode,upn,uniquelearnernumber,upnunknown,personorderseqcolumn
501,11,1,Quillfeather,Sunny,2015-Mar-01 00:00:00,F,WBRI,ZZ99 3VZ,Z938000099001,9900000011,,1
502,12,1,Quillfeather,Misty,2008-Jan-31 00:00:00,M,MWAS,ZZ99 3WZ,Z938000099002,9900000012,,2
503,13,1,Marrowby,Cloudy,,F,NOBT,,,,UN1,3
"""
REQUESTS = """\
nativeid,requeststableid,persontableid,sourceid,receiveddate,requestsource,rya,requestoutcomedate,requestoutcome,requestmediation,requesttribunal,exported,requestsorderseqcolumn
601,0021,11,1,2022-Sep-28 00:00:00,1,0,2022-Nov-04 00:00:00,Y,0,0,,1
602,0022,12,1,2023-Jan-30 00:00:00,2,0,2023-Mar-13 00:00:00,N,1,0,,2
603,0023,12,1,2023-Jan-31 00:00:00,2,0,,A,,,,3
604,0024,13,1,2023-Feb-01 00:00:00,5,1,,H,0,0,,4
605,0025,13,1,2023-Feb-02 00:00:00,5,1,,W,0,0,938,5
"""
ASSESSMENT = """\
nativeid,assessmenttableid,requeststableid,sourceid,assessmentoutcome,assessmentoutcomedate,assessmentmediation,assessmenttribunal,othermediation,othertribunal,week20,assessmentorderseqcolumn
701,31,0021,1,Y,2023-Feb-15 00:00:00,0,0,1,0,0,1
702,32,0024,1,Y,,0,0,0,0,,2
703,33,9999,1,N,2023-Feb-15 00:00:00,0,0,0,0,0,3
"""
NAMEDPLAN = """\
nativeid,namedplantableid,assessmenttableid,sourceid,startdate,planres,planwbp,pb,oa,dp,ceasedate,ceasereason
801,41,31,1,2023-Mar-01 00:00:00,A,0,0,0,0,,
"""
ACTIVEPLANS = """\
nativeid,activeplanstableid,requeststableid,sourceid,transferla,reviewmeeting,reviewoutcome,lastreview
901,51,0021,1,,,,
"""
SENNEED = """\
nativeid,senneedtableid,activeplanstableid,sourceid,sentype,sentyperank
911,61,51,1,ASD,2
912,62,51,1,SLCN,1
"""
FILES = {
    "person": PERSON,
    "requests": REQUESTS,
    "assessment": ASSESSMENT,
    "namedplan": NAMEDPLAN,
    "activeplans": ACTIVEPLANS,
    "senneed": SENNEED,
}


@pytest.fixture
def blade(tmp_path):
    folder = tmp_path / "blade"
    folder.mkdir()
    for name, text in FILES.items():
        name_of(folder, name).write_text(text, encoding="utf-8")
    return folder


def name_of(folder, module, day="17-01-2024"):
    return folder / f"Blade-Export_{day}_{module}.csv"


def column(extract, name):
    values = extract.cases.set_index("case_id")[name]
    return [None if pd.isna(value) else value for value in values]


def cells(frame, names):
    return {name: [None if pd.isna(value) else value for value in frame[name]] for name in names}


def day(text):
    return pd.Timestamp(text)


def notes_of(extract, text):
    return extract.reading[extract.reading["note"].str.contains(text, regex=False)]


def test_the_typed_export_reads_right(blade):
    extract = read_blade(blade)
    assert column(extract, "person_id") == ["11", "12", "12", "13", "13"]
    assert extract.cases["case_id"].tolist() == ["0021", "0022", "0023", "0024", "0025"]
    assert column(extract, "received_date")[:2] == [day("2022-09-28"), day("2023-01-30")]
    assert column(extract, "request_outcome") == ["Y", "N", "A", "H", "W"]
    assert column(extract, "request_outcome_date") == [day("2022-11-04"), day("2023-03-13"), None, None, None]
    assert column(extract, "request_mediation") == [0, 1, None, 0, 0]
    assert column(extract, "request_source") == ["1", "2", "2", "5", "5"]
    assert column(extract, "exported") == [None, None, None, None, "938"]
    assert column(extract, "assessment_outcome") == ["Y", None, None, "Y", None]
    assert column(extract, "assessment_outcome_date") == [day("2023-02-15"), None, None, None, None]
    assert column(extract, "other_mediation") == [1, None, None, 0, None]
    assert column(extract, "week20") == [0, None, None, None, None]
    assert column(extract, "plan_start_date") == [day("2023-03-01"), None, None, None, None]
    assert column(extract, "primary_need") == ["SLCN", None, None, None, None]
    assert extract.extracted_on == date(2024, 1, 17)


def test_age_is_in_whole_years_on_the_day_of_the_request(blade):
    assert column(read_blade(blade), "age_at_request") == [7, 14, 15, None, None]


def test_sex_and_ethnicity_are_kept_as_coded_for_every_request_of_the_person(blade):
    extract = read_blade(blade)
    assert column(extract, "sex") == ["F", "M", "M", "F", "F"]
    assert column(extract, "ethnicity") == ["WBRI", "MWAS", "MWAS", "NOBT", "NOBT"]
    became = extract.reading.set_index("column")["became"]
    assert (became["sex"], became["ethnicity"], became["surname"]) == ("sex", "ethnicity", "")


def test_the_years_that_called_sex_gender_are_read(blade):
    name_of(blade, "person").write_text(PERSON.replace(",sex,", ",gendercurrent,"), encoding="utf-8")
    assert column(read_blade(blade), "sex") == ["F", "M", "M", "F", "F"]


def test_types_are_those_of_the_contract(blade):
    types = read_blade(blade).cases.dtypes
    assert types["received_date"] == types["plan_start_date"] == "datetime64[s]"
    assert types["week20"] == types["age_at_request"] == "Int64"


def test_no_personal_detail_is_kept_anywhere(blade):
    extract = read_blade(blade)
    seen = extract.cases.to_csv() + extract.reading.to_csv() + repr(extract)
    for secret in ("Quillfeather", "Sunny", "ZZ99", "Z938000099001", "9900000011", "2015", "Marrowby"):
        assert secret not in seen


def test_an_assessment_of_no_request_is_reported(blade):
    line = notes_of(read_blade(blade), "belong to no request").iloc[0]
    assert "assessment" in line["file"]
    assert (line["rows_in"], line["rows_out"]) == (3, 2)
    assert "row 4" in line["note"]


def test_every_column_of_every_file_is_accounted_for(blade):
    reading = read_blade(blade).reading
    for module, text in FILES.items():
        told = set(reading.loc[reading["file"].str.endswith(f"_{module}.csv"), "column"])
        assert set(text.splitlines()[0].split(",")) <= told
    assert reading.loc[reading["column"] == "surname", "note"].item() == "personal, not kept"


def test_headings_in_capitals_and_other_encodings_read_the_same(blade):
    expected = read_blade(blade).cases
    for module, encoding in {"requests": "utf-16", "assessment": "utf-8-sig", "person": "cp1252"}.items():
        head, _, body = FILES[module].partition("\n")
        text = head.replace("receiveddate", "ReceivedDate").replace("week20", "Week20") + "\n" + body
        name_of(blade, module).write_bytes(text.replace("Cloudy", "Zoë").encode(encoding))
    extract = read_blade(blade)
    pd.testing.assert_frame_equal(extract.cases, expected)
    assert "Windows-1252" in set(extract.reading["note"].str[-12:])


def test_repeated_keys_are_reported_and_never_multiplied(blade):
    again = "704,34,0021,1,N,2023-Mar-20 00:00:00,0,0,0,0,1,4\n"
    name_of(blade, "assessment").write_text(ASSESSMENT + again)
    extract = read_blade(blade)
    assert len(extract.cases) == 5
    assert column(extract, "assessment_outcome")[0] == "Y"
    line = notes_of(extract, "more than once").iloc[0]
    assert (line["rows_in"], line["rows_out"]) == (2, 1)
    assert "rows 2, 5" in line["note"]


def test_one_id_for_two_different_requests_is_refused(blade):
    requests = name_of(blade, "requests")
    first = requests.read_text().splitlines()[1]
    requests.write_text(requests.read_text() + first + "\n")
    assert len(read_blade(blade).cases) == 5
    requests.write_text(requests.read_text() + first.replace("2022", "2021") + "\n")
    with pytest.raises(InputError, match="the same id stands for different requests"):
        read_blade(blade)


def test_rows_in_another_order_give_the_same_cases(blade):
    name_of(blade, "assessment").write_text(ASSESSMENT + "704,34,0021,1,N,2023-Mar-20 00:00:00,0,0,0,0,1,4\n")
    expected = read_blade(blade).cases
    for module in FILES:
        head, *rows = name_of(blade, module).read_text().splitlines()
        name_of(blade, module).write_text("\n".join([head, *reversed(rows)]) + "\n")
    again = read_blade(blade).cases.sort_values("case_id", ignore_index=True)
    pd.testing.assert_frame_equal(again, expected)


def test_two_needs_ranked_first_that_differ_give_none(blade):
    name_of(blade, "senneed").write_text(SENNEED + "913,63,51,1,MLD,1\n")
    extract = read_blade(blade)
    assert column(extract, "primary_need")[0] is None
    assert len(notes_of(extract, "those that differ are not used")) == 1


def test_rows_without_a_key_tie_nothing_together(blade):
    name_of(blade, "activeplans").write_text(ACTIVEPLANS + "902,,0022,1,,,,\n903,,0023,1,,,,\n")
    name_of(blade, "senneed").write_text(SENNEED + "913,63,,1,MLD,1\n")
    extract = read_blade(blade)
    assert column(extract, "primary_need") == ["SLCN", None, None, None, None]
    assert len(notes_of(extract, "in no row of")) == 1


def test_the_header_gives_the_code_of_the_authority(blade):
    name_of(blade, "sen2").write_text("sen2tableid,collection,year,lea\n1,SEN2,2024,938\n")
    assert set(read_blade(blade).cases["la_code"]) == {"938"}


def test_a_flag_that_cannot_be_read_is_kept_and_reported(blade):
    name_of(blade, "assessment").write_text(ASSESSMENT.replace("0,0,1,0,0,1\n", "0,0,1,0,perhaps,1\n"))
    extract = read_blade(blade)
    assert column(extract, "week20")[0] == "perhaps"
    assert "row 2" in notes_of(extract, "neither 1 nor 0").iloc[0]["note"]


def test_a_date_that_is_none_is_reported_with_its_row(blade):
    name_of(blade, "requests").write_text(REQUESTS.replace("2023-Feb-01 00:00:00", "1900-Jan-01 00:00:00"))
    extract = read_blade(blade)
    assert column(extract, "received_date")[3] is None
    assert "placeholder (row 5)" in notes_of(extract, "placeholder").iloc[0]["note"]


def test_companions_are_joined_and_read(blade):
    (blade / "cases_local.csv").write_text(
        "case_id,draft_sent_date,caseworker,primary_need,DOB\n"
        "0021,2023-01-10,C1,MLD,2015-03-01\n0023,,C2,ASD,\nxx,2023-01-10,C3,,\n"
    )
    (blade / "advice.csv").write_text(
        "case_id,advice_type,requested_date,returned_date,bound_by_reg_8\n0021,health,2022-11-07,2022-12-01,1\n"
    )
    extract = read_blade(blade)
    assert column(extract, "draft_sent_date") == [day("2023-01-10"), None, None, None, None]
    assert column(extract, "caseworker") == ["C1", None, "C2", None, None]
    assert column(extract, "primary_need") == ["SLCN", None, "ASD", None, None]
    assert "DOB" not in extract.cases
    assert extract.advice["requested_date"].tolist() == [day("2022-11-07")]
    assert extract.advice["bound_by_reg_8"].tolist() == [1]
    assert extract.closures.empty
    lost = notes_of(extract, "belong to no request (row 4)")
    assert lost["file"].tolist()[1:] == ["cases_local.csv"]
    assert len(notes_of(extract, "differs from the return")) == 1


@pytest.mark.parametrize(
    ("module", "content", "match"),
    [
        ("requests", b"", "is empty"),
        ("requests", b"\n\n", "is empty"),
        ("requests", b",\n,\n", "is empty"),
        ("requests", REQUESTS.replace("receiveddate", "date").encode(), "no column receiveddate"),
        ("requests", REQUESTS.replace("requeststableid", "id").encode(), "no column requeststableid"),
        ("assessment", ASSESSMENT.replace("week20", "w20").encode(), "no column week20"),
        ("requests", REQUESTS.replace("rya", "ReceivedDate").encode(), "more than once"),
        ("requests", REQUESTS.replace("601", "6\x001").encode(), "NUL"),
        ("requests", REQUESTS.replace("601", "Zo\u00eb\u0081").encode("latin-1"), "Windows-1252"),
        ("requests", REQUESTS.encode() + b"1,2,3,4,5,6,7,8,9,10,11,12,13,14\n", "line 7 has 14 cells"),
        ("requests", REQUESTS.encode() + b'1,"2', "quotation mark"),
        ("requests", b"PK\x03\x04....", "Excel workbook"),
        ("requests", b"x" * 2_000_000, "million characters"),
        (
            "requests",
            REQUESTS.replace("2022-Sep-28 00:00:00", "03/04/2022").encode(),
            "receiveddate|received_date",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(blade, module, content, match):
    name_of(blade, module).write_bytes(content)
    before = {path: path.read_bytes() for path in blade.iterdir()}
    with pytest.raises(InputError, match=match) as error:
        read_blade(blade)
    assert "\n" not in str(error.value)
    assert {path: path.read_bytes() for path in blade.iterdir()} == before


def test_a_folder_without_the_files_is_refused(tmp_path, blade):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match="no blade files"):
        read_blade(empty)
    name_of(blade, "assessment").unlink()
    with pytest.raises(InputError, match="no blade file of assessment"):
        read_blade(blade)


def test_the_door_reads_a_folder_and_refuses_what_is_not_there(tmp_path, blade):
    pd.testing.assert_frame_equal(read_sen2(str(blade)).cases, read_blade(blade).cases)
    with pytest.raises(InputError, match="there is no file or folder nowhere"):
        read_sen2(tmp_path / "nowhere")
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(InputError, match=r"notes\.txt is not"):
        read_sen2(tmp_path / "notes.txt")


def test_a_birth_date_is_not_shown_in_an_error(blade):
    name_of(blade, "person").write_text(PERSON.replace("2015-Mar-01 00:00:00", "03/04/2015"))
    with pytest.raises(InputError, match="values not shown") as error:
        read_blade(blade)
    assert "2015" not in str(error.value)


def test_dates_changed_by_a_spreadsheet_read_by_their_order(blade):
    changed = REQUESTS.replace("2023-Feb-02 00:00:00", "02/03/2023 00:00")
    name_of(blade, "requests").write_text(changed)
    assert column(read_sen2(blade, order="day_first"), "received_date")[4] == day("2023-03-02")


def test_two_exports_in_one_folder_are_refused(blade):
    name_of(blade, "person", "18-01-2024").write_text(PERSON)
    with pytest.raises(InputError, match="exports of 2 days"):
        read_blade(blade)


def test_optional_modules_may_be_missing(blade):
    for module in ("person", "namedplan", "activeplans", "senneed"):
        name_of(blade, module).unlink()
    extract = read_blade(blade)
    assert column(extract, "person_id") == ["11", "12", "12", "13", "13"]
    assert "age_at_request" not in extract.cases


def a_caseload():
    cases = pd.DataFrame(
        {
            "case_id": ["A/1", "007", "c3", "d4"],
            "received_date": pd.to_datetime(["2024-01-08", "2024-02-29", None, "2024-03-01"]).astype(
                "datetime64[s]"
            ),
            "person_id": ["p1", None, "p1", "p2"],
            "setting_id": ["s1", None, "s2", "s1"],
            "request_outcome": ["Y", "N", None, "Y"],
            "request_outcome_date": pd.to_datetime(["2024-02-01", None, None, "2024-04-01"]).astype(
                "datetime64[s]"
            ),
            "exported": [None, None, "938", None],
            "assessment_outcome": ["Y", None, None, "A"],
            "assessment_outcome_date": pd.to_datetime(["2024-05-20", None, None, None]).astype(
                "datetime64[s]"
            ),
            "week20": pd.array([1, None, None, None], dtype="Int64"),
            "plan_start_date": pd.to_datetime(["2024-06-01", None, None, None]).astype("datetime64[s]"),
            "plan_issued_date": pd.to_datetime(["2024-05-20", None, None, None]).astype("datetime64[s]"),
            "closed_reason": [None, None, "moved_out", None],
            "primary_need": ["ASD", "SEMH", None, "HI"],
            "age_at_request": pd.array([5, 17, None, 3], dtype="Int64"),
        }
    )
    advice = pd.DataFrame(
        {
            "case_id": ["A/1", "A/1"],
            "advice_type": ["health", "psychology"],
            "requested_date": pd.to_datetime(["2024-02-02", "2024-02-03"]).astype("datetime64[s]"),
            "round": pd.array([1, None], dtype="Int64"),
        }
    )
    return Extract(cases=cases, advice=advice)


def test_what_is_written_reads_back_exactly(tmp_path):
    extract = a_caseload()
    write_blade(extract, tmp_path / "out", as_at=date(2024, 7, 1))
    again = read_blade(tmp_path / "out")
    assert again.extracted_on == date(2024, 7, 1)
    assert cells(again.cases, extract.cases) == cells(extract.cases, extract.cases)
    assert (again.cases[list(extract.cases)].dtypes == extract.cases.dtypes).drop(["case_id"]).sum() >= 7
    assert cells(again.advice, extract.advice) == cells(extract.advice, extract.advice)
    assert again.events.empty


def test_an_empty_caseload_goes_there_and_back(tmp_path):
    write_blade(Extract(a_caseload().cases.iloc[:0]), tmp_path / "out", as_at=date(2024, 7, 1))
    assert read_blade(tmp_path / "out").cases.empty


def test_the_files_look_like_the_export(tmp_path):
    write_blade(a_caseload(), tmp_path / "out", as_at=date(2024, 7, 1))
    requests = (tmp_path / "out" / "Blade-Export_01-07-2024_requests.csv").read_text().splitlines()
    assert requests[0].startswith("requeststableid,persontableid,receiveddate")
    assert requests[2].startswith("007,,2024-Feb-29 00:00:00")
    assert sorted(path.name for path in (tmp_path / "out").iterdir())[-5:] == [
        "advice.csv",
        "cases_local.csv",
        "closures.csv",
        "events.csv",
        "exemptions.csv",
    ]


def test_a_folder_that_holds_files_is_not_written_to(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(InputError, match="holds files already"):
        write_blade(a_caseload(), tmp_path, as_at=date(2024, 7, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_cases_without_their_own_id_are_not_written(tmp_path):
    cases = a_caseload().cases
    for ids, match in ((["a", "a", "b", "c"], "one case_id"), (["a", None, "b", "c"], "without a case_id")):
        with pytest.raises(InputError, match=match):
            write_blade(Extract(cases.assign(case_id=ids)), tmp_path / "out", as_at=date(2024, 7, 1))
    assert not (tmp_path / "out").exists()
