"""Personal details in a file, where they belong and where they do not, are in nothing that a command prints or writes."""

import sys

import pytest

from ehcptime.cli.app import main

# Nobody has these: the name is made up, and the numbers are of the ranges that are never given out.
MARKS = ("Quillfeather", "Z938000099001", "9900000011", "ZZ99", "2015-03-17", "17/03/2015")
HEAD = "Case Ref,Child Name,UPN,ULN,Post Code,DOB,Date Received,Decision,Decided,Notes"
WHO = "Sunny Quillfeather,Z938000099001,9900000011,ZZ99 3VZ,17/03/2015"
SHEET = f"""\
{HEAD}
1,{WHO},28/04/2025,Y,13/06/2025,rang Mrs Quillfeather
2,{WHO},Sunny Quillfeather,Y,03/06/2025,
3,{WHO},30/04/2025,Z938000099001,ZZ99 3VZ,
"""
MAPPING = """\
[cases.columns]
case_id = "Case Ref"
received_date = "Date Received"
request_outcome = "Decision"
request_outcome_date = "Decided"
birth_date = "DOB"
"""
XML = """<?xml version="1.0"?>
<Message><Persons><Person><Surname>Quillfeather</Surname><Forename>Sunny</Forename><PersonBirthDate>2015-03-17</PersonBirthDate>
<PostCode>ZZ99 3VZ</PostCode><UPN>Z938000099001</UPN><Requests><ReceivedDate>2025-04-28</ReceivedDate>
<RequestOutcomeDate>Sunny Quillfeather</RequestOutcomeDate><RequestOutcome>Z938000099001</RequestOutcome></Requests></Person></Persons></Message>
"""


@pytest.fixture
def said(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "local.csv").write_text(SHEET)
    (tmp_path / "m.toml").write_text(MAPPING)
    (tmp_path / "2025.xml").write_text(XML)
    given = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def command(*words):
        monkeypatch.setattr(sys, "argv", ["ehcptime", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        written = [path for path in tmp_path.rglob("*") if path.is_file() and path not in given]
        assert {path: path.read_bytes() for path in given} == given
        texts = [printed.out, printed.err, *(path.name for path in written)]
        return ended.value.code or 0, " ".join(texts + [path.read_text("utf-8-sig") for path in written])

    return command


SHEET_COMMANDS = [
    ["map", "local.csv", "--out", "proposed.toml"],
    ["map", "local.csv", "--mapping", "m.toml"],
    *(
        [command, "local.csv", "--mapping", "m.toml", "--as-at", "2025-09-30", *more]
        for command, *more in (
            ["check"],
            ["check", "--out", "problems.csv"],
            ["timeliness"],
            ["backlog"],
            ["parts", "--out", "parts.csv"],
        )
    ),
]
XML_COMMANDS = [
    ["check", "2025.xml", "--as-at", "2025-09-30", "--out", "problems.csv"],
    ["check", "2025.xml", "--as-at", "2025-09-30"],
    ["parts", "2025.xml", "--as-at", "2025-09-30", "--out", "parts.csv"],
]
REFUSED = [
    ["track", "local.csv", "--as-at", "2025-09-30"],
    ["track", "2025.xml", "--earlier", "2025.xml", "--key", "ClientRef", "--as-at", "2025-09-30"],
    ["track", "local.csv", "--mapping", "m.toml", "--as-at", "2025-09-30", "--order", "month_first"],
]


@pytest.mark.parametrize("words", SHEET_COMMANDS + XML_COMMANDS, ids=" ".join)
def test_nothing_personal_is_printed_or_written(said, words):
    code, told = said(*words)
    assert code in (0, 1), told
    assert told.strip()
    assert not [mark for mark in MARKS if mark in told], told


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_a_refusal_is_one_sentence_and_repeats_no_cell(said, words):
    code, told = said(*words)
    assert code in (2, 3)
    assert "Traceback" not in told
    assert not [mark for mark in MARKS if mark in told], told


def test_a_birth_date_gives_an_age_and_is_gone(said, tmp_path):
    code, told = said(
        "track", "local.csv", "--mapping", "m.toml", "--as-at", "2025-09-30", "--out", "tracked.csv"
    )
    assert code == 0
    header, *rows = (tmp_path / "tracked.csv").read_text("utf-8-sig").splitlines()
    assert [row.split(",")[header.split(",").index("age_at_request")] for row in rows] == ["10", "", "10"]
    assert "2015" not in told
