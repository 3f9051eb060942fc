"""Mappings proposed for local files, and the presets that ship."""

import tomllib

import pandas as pd
import pytest

from ehcptime.errors import InputError
from ehcptime.records.doors import read_any
from ehcptime.records.proposals import propose_mapping
from ehcptime.records.reading import read_extract

SHEET = """\
Requests for assessment,,,,,,,,,,,,,
Run on 12/05/2025 by the data team,,,,,,,,,,,,,
,,,,,,,,,,,,,
Case Ref,Child Name,DOB,Date Received,Decision,Decision date,Exceptions?,Draft sent,Final plan issued,School type,EP requested,EP report received,OT requested,OT received
0007,Sunny Beam,01/03/2015,02/04/2025,Agreed to assess,14/05/2025,None,05/08/2025,20/08/2025 00:00:00,Primary,16/05/2025,20/06/2025,17/05/2025,
A8,Misty Beam,01/03/2016,03/04/2025,Refused,06/05/2025,,,,Secondary,,,,
A9,Cloudy Gale,01/04/2016,28/04/2025,Pending,,Exception recorded,,,Special,,,,
A10,Sunny Gale,01/04/2016,28/04/2025,On hold,,None,,,Special,,,,
A11,Sunny Gale,01/04/2016,29/04/2025,On hold,,None,,,Special,,,,
Total,,,5,,,,,,,,,,
"""


@pytest.fixture
def local(tmp_path):
    path = tmp_path / "local.csv"
    path.write_text(SHEET)
    return path


def filled(mapping):
    return {name: heading for name, heading in mapping["columns"].items() if heading}


def test_headings_and_values_give_the_mapping(local):
    proposed = tomllib.loads(propose_mapping(local))
    assert filled(proposed["cases"]) == {
        "case_id": "Case Ref",
        "birth_date": "DOB",
        "received_date": "Date Received",
        "request_outcome": "Decision",
        "request_outcome_date": "Decision date",
        "week20": "Exceptions?",
        "draft_sent_date": "Draft sent",
        "plan_issued_date": "Final plan issued",
    }
    assert proposed["cases"]["order"] == "day_first"
    assert proposed["cases"]["codes"] == {
        "request_outcome": {"Y": ["Agreed to assess"], "N": ["Refused"], "A": ["Pending"]},
        "week20": {"1": ["Exception recorded"], "0": ["None"]},
    }
    assert proposed["advice"]["services"] == {
        "psychology": {
            "advice_type": "psychology",
            "requested_date": "EP requested",
            "returned_date": "EP report received",
        },
        "health_occupational_therapy": {
            "advice_type": "health",
            "sub_service": "occupational therapy",
            "requested_date": "OT requested",
            "returned_date": "OT received",
        },
    }


def test_what_was_not_matched_is_listed_and_no_cell_of_it_is_shown(local):
    text = propose_mapping(local)
    assert '# not matched: "School type" (few values, 3 different)' in text
    assert '# not matched: "Child Name" (personal, never kept' in text
    assert '# to be placed: "On hold"' in text
    for shown in ("Beam", "Gale", "2015", "Special"):
        assert shown not in text


def test_the_proposal_reads_the_file(local, tmp_path):
    (tmp_path / "m.toml").write_text(propose_mapping(local))
    extract = read_extract(local, mapping=tmp_path / "m.toml")
    assert extract.cases["case_id"].tolist() == ["0007", "A8", "A9", "A10", "A11"]
    assert extract.cases["plan_issued_date"].notna().tolist() == [True, False, False, False, False]
    assert extract.advice["advice_type"].tolist() == ["psychology", "health"]
    lines = extract.reading[extract.reading["column"] == "School type"]
    assert lines["note"].tolist() == ["not mapped, not kept"] * 2  # once for each table


def test_a_column_of_which_the_cells_cannot_be_dates_is_not_proposed_as_dates(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Ref,Received,Date Received\n1,yes,2025-04-02\n2,no,2025-04-03\n")
    columns = filled(tomllib.loads(propose_mapping(path))["cases"])
    assert columns == {"case_id": "Ref", "received_date": "Date Received"}


def test_what_is_required_and_not_found_is_left_to_fill_in(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Thing;Colour\n1;red\n2;blue\n")
    text = propose_mapping(path)
    assert 'case_id = ""  # fill this in' in text
    with pytest.raises(InputError, match="no heading for case_id or received_date"):
        read_extract(path, mapping=tomllib.loads(text))


def test_a_long_sheet_of_advice_beside_the_cases(tmp_path):
    (tmp_path / "requests.csv").write_text("Case Ref,Date Received,Decision\n1,2025-04-02,Yes\n")
    (tmp_path / "advice.csv").write_text(
        "Case Ref,Service,Date Requested,Date Returned,Round,Outcome\n"
        "1,EP,2025-05-16,2025-06-20,1,Poor quality\n1,EP,2025-06-23,2025-07-14,2,Complete\n1,Paediatric,2025-05-16,,1,\n"
    )
    text = propose_mapping(tmp_path)
    advice = read_extract(tmp_path, mapping=tomllib.loads(text)).advice
    assert advice["advice_type"].tolist() == ["psychology", "psychology", "health"]
    assert [None if pd.isna(v) else v for v in advice["advice_outcome"]] == ["rejected", "provided", None]
    assert advice["round"].tolist() == [1, 2, 1]


def test_a_file_with_no_header_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("1,2025-04-02\n2,2025-04-03\n")
    with pytest.raises(InputError, match=r"a\.csv has no row that can be a header"):
        propose_mapping(tmp_path / "a.csv")


def test_several_rounds_of_a_service_on_a_wide_sheet(tmp_path):
    (tmp_path / "w.csv").write_text(
        "Ref,In,EP asked,EP back,EP result,EP asked again,EP back again\n"
        "1,2025-04-02,2025-05-16,2025-06-20,poor,2025-06-23,2025-07-14\n2,2025-04-02,2025-05-16,2025-06-20,good,,\n"
    )
    first = {
        "requested_date": "EP asked",
        "returned_date": "EP back",
        "advice_outcome": "EP result",
        "round": 1,
    }
    again = {"advice_type": "psychology", "round": 2, "requested_date": "EP asked again"}
    mapping = {
        "cases": {"columns": {"case_id": "Ref", "received_date": "In"}},
        "advice": {
            "columns": {"case_id": "Ref"},
            "codes": {"advice_outcome": {"rejected": "poor", "provided": "good"}},
            "services": {
                "psychology": first,
                "psychology again": {**again, "returned_date": "EP back again"},
            },
        },
    }
    advice = read_extract(tmp_path / "w.csv", mapping=mapping).advice
    told = advice[["case_id", "advice_type", "round", "advice_outcome"]].astype(object)
    assert told.where(told.notna(), None).to_numpy().tolist() == [
        ["1", "psychology", 1, "rejected"],
        ["2", "psychology", 1, "provided"],
        ["1", "psychology", 2, None],
    ]
    assert advice["returned_date"].dt.strftime("%d %b").tolist() == ["20 Jun", "20 Jun", "14 Jul"]


def test_one_sheet_with_the_labels_of_the_send_tool(tmp_path):
    (tmp_path / "send.csv").write_text(
        "Person ID,Dob,Requests Record ID,Date Request Was Received,Request Outcome Date,Request Outcome,"
        "Assessment Outcome To Issue EHCP,Assessment Outcome Date,Twenty Weeks Time Limit Exceptions Apply,EHC Plan Start Date\n"
        "P1,01/03/2015,R1,28/09/2022,04/11/2022,Y,Y,15/02/2023,0,01/03/2023\n"
    )
    (case,) = read_extract(tmp_path / "send.csv", mapping="d2i", order="day_first").cases.to_dict("records")
    assert (case["case_id"], case["person_id"], case["week20"], case["age_at_request"]) == ("R1", "P1", 0, 7)
    assert case["received_date"] == pd.Timestamp("2022-09-28")
    assert case["assessment_outcome_date"] == pd.Timestamp("2023-02-15")


def test_the_requests_of_the_safeguarding_dataset_alone_or_in_their_folder(tmp_path):
    folder = tmp_path / "ssd"
    folder.mkdir()
    (folder / "r.csv").write_text(
        "ehcr_ehcp_request_id,ehcr_send_table_id,ehcr_ehcp_req_date,ehcr_ehcp_req_outcome_date,ehcr_ehcp_req_outcome\n"
        "R1,S1,2022-09-28,2022-11-04,Y\n"
    )
    alone = read_extract(folder / "r.csv", mapping="ssd").cases
    assert alone[["case_id", "request_outcome"]].to_numpy().tolist() == [["R1", "Y"]]
    with pytest.raises(InputError, match="ssd holds no CSV files with the headings of both"):
        read_extract(folder, mapping="ssd")
    (folder / "a.csv").write_text(
        "ehca_ehcp_assessment_id,ehca_ehcp_request_id,ehca_ehcp_assessment_outcome_date,ehca_ehcp_assessment_outcome,"
        "ehca_ehcp_assessment_exceptions\nA1,R1,2023-02-15,Y,1\n"
    )
    assert read_extract(folder, mapping="ssd").cases["week20"].tolist() == [1]
    assert read_any(folder).cases["week20"].tolist() == [1]


def test_the_one_door_tells_returns_from_local_sheets(tmp_path):
    (tmp_path / "c.csv").write_text("case_id,received_date\n1,2025-04-02\n")
    assert read_any(tmp_path / "c.csv").cases["case_id"].tolist() == ["1"]
    assert read_any(tmp_path).cases["case_id"].tolist() == ["1"]
    xml = tmp_path / "r.xml"
    xml.write_text(
        "<Message><Person><Requests><ReceivedDate>2024-01-08</ReceivedDate></Requests></Person></Message>"
    )
    assert read_any(xml).cases["received_date"].notna().all()
    with pytest.raises(InputError, match="there is no file or folder gone"):
        read_any(tmp_path / "gone")
    mapping = {"cases": {"columns": {"case_id": "case_id", "received_date": "received_date"}}}
    assert len(read_any(tmp_path / "c.csv", mapping=mapping).cases) == 1
