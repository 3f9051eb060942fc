"""Mappings that cannot be used, and files that a mapping does not fit: each is refused, and told what to do."""

import pytest

from ehcptime.errors import InputError
from ehcptime.records.mapping import read_mapping
from ehcptime.records.reading import read_extract

CASES = {"columns": {"case_id": "Ref", "received_date": "Received"}}
ADVICE = {"columns": {"case_id": "Ref", "advice_type": "Kind", "requested_date": "Asked"}}


@pytest.mark.parametrize(
    ("mapping", "match"),
    [
        ({"cases": {**CASES, "services": {"health": {}}}}, r"services in \[cases\]: only \[advice\]"),
        ({"cases": CASES, "advice": {**ADVICE, "services": {"health": "Health"}}}, "advice.services.health as a value"),
        ({"cases": "Ref"}, r"cases as a value: write it as a section, \[cases\]"),
        ({"cases": {**CASES, "codes": {"request_outcome": "Yes"}}}, "request_outcome as a value"),
        ({"cases": {"columns": {"case_id": "Ref", "received_date": 7}}}, "received_date of cases something that is no text"),
        ({"cases": {"columns": {"case_id": ["Ref", 7], "received_date": "Received"}}}, "case_id of cases something"),
        ({"cases": {**CASES, "source": ["A", "B"]}}, "source of cases as a list: write one text"),
        ({"cases": {**CASES, "order": "year_first"}}, 'order of cases wrongly: write "day_first"'),
    ],
)  # fmt: skip
def test_a_mapping_written_wrongly_is_refused(mapping, match):
    with pytest.raises(InputError, match=match):
        read_mapping(mapping)


def test_a_mapping_of_advice_alone_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("Ref,Kind,Asked\n1,health,2025-05-01\n")
    with pytest.raises(InputError, match=r"a\.csv holds advice but no cases: add a section \[cases\]"):
        read_extract(tmp_path / "a.csv", mapping={"advice": ADVICE})


def test_two_files_that_fit_one_section_are_not_chosen_between(tmp_path):
    for name in ("north.csv", "south.csv"):
        (tmp_path / name).write_text("Ref,Received\n1,2025-05-01\n")
    with pytest.raises(InputError, match=r"north\.csv and south\.csv both have the headings of cases"):
        read_extract(tmp_path, mapping={"cases": CASES})
    one = read_extract(tmp_path, mapping={"cases": {**CASES, "source": "south.csv"}})
    assert one.cases["case_id"].tolist() == ["1"]
    assert one.reading.loc[one.reading["note"] == "not used", "file"].tolist() == ["north.csv"]


def test_two_files_with_the_headings_of_the_contract_are_not_chosen_between(tmp_path):
    for name in ("north.csv", "south.csv"):
        (tmp_path / name).write_text("case_id,received_date\n1,2025-05-01\n")
    with pytest.raises(
        InputError, match=r"north\.csv and south\.csv both hold cases: say which in a mapping"
    ):
        read_extract(tmp_path)
