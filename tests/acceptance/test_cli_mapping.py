"""`ehcptime map` as a user meets it: a proposal is written once, tried, edited and tried again."""

import pytest
import typer
from typer.testing import CliRunner

from ehcptime.cli.mapping import COMMANDS
from ehcptime.cli.reading import read
from ehcptime.errors import CommandError, InputError

SHEET = (
    "Case Ref,Child Name,Date Received,Colour\n7,Sunny Beam,28/04/2025,red\n8,Misty Beam,03/04/2025,blue\n"
)


@pytest.fixture
def run():
    app = typer.Typer()
    for command, name in COMMANDS:
        app.command(name)(command)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def sheet(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "local.csv"
    path.write_text(SHEET)
    return path


def test_a_proposal_is_written_and_tried(run, sheet):
    result = run(sheet, "--out", "m.toml")
    assert result.exit_code == 0
    assert "2 cases and 0 askings for advice would be read" in result.stdout
    assert "personal, not kept" in result.stdout
    assert "Beam" not in result.stdout + sheet.with_name("m.toml").read_text()
    assert sorted(path.name for path in sheet.parent.iterdir()) == ["local.csv", "m.toml"]


def test_the_proposal_has_a_name_of_its_own_and_is_never_replaced(run, sheet):
    assert run(sheet).exit_code == 0
    mine = sheet.with_name("local-mapping.toml")
    mine.write_text(mine.read_text() + "# mine\n")
    result = run(sheet)
    assert isinstance(result.exception, CommandError)
    assert "is there already and is not replaced" in str(result.exception)
    assert mine.read_text().endswith("# mine\n")


def test_an_edited_mapping_is_tried_and_changes_nothing(run, sheet):
    run(sheet)
    mine = sheet.with_name("local-mapping.toml")
    mine.write_text(mine.read_text().replace("keep = []", 'keep = ["Colour"]'))
    before = sorted(sheet.parent.iterdir())
    result = run(sheet, "--mapping", mine)
    assert result.exit_code == 0
    assert "not mapped" not in result.stdout
    assert sorted(sheet.parent.iterdir()) == before
    assert read(sheet, mapping=mine).cases["Colour"].tolist() == ["red", "blue"]


def test_what_cannot_be_used_yet_needs_a_person(run, sheet):
    sheet.write_text(SHEET.replace("28/04", "08/04"))
    result = run(sheet)
    assert result.exit_code == 1
    assert "say --order day_first or --order month_first" in result.stdout
    mine = sheet.with_name("local-mapping.toml")
    assert run(sheet, "--mapping", mine, "--order", "day_first").exit_code == 0


SMALL = """Case Ref,Date Request Received,Final Plan Issued,EP Advice Requested,EP Advice Received
1,03/06/2024,18/10/2024,15/07/2024,30/08/2024
2,04/07/2024,,,
3,12/07/2024,,19/08/2024,
4,TBC,,,
5,6/8/24,,,
"""


def test_a_heading_that_fits_is_matched_where_half_of_its_cells_are_dates_and_the_rest_are_said_once(
    run, sheet
):
    sheet.write_text(SMALL)
    result = run(sheet, "--out", "m.toml")
    assert result.exit_code == 0
    text = sheet.with_name("m.toml").read_text()
    assert 'received_date = "Date Request Received"  # mostly dates' in text
    assert 'requested_date = "EP Advice Requested"' in text
    assert 'returned_date = "EP Advice Received"' in text
    assert "3 day first; 1 a year of two digits (row 6); 1 not a date (row 5)" in result.stdout


def test_below_half_no_heading_makes_a_column_of_dates(run, sheet):
    sheet.write_text(SMALL.replace("12/07/2024", "soon"))
    assert run(sheet, "--out", "m.toml").exit_code == 1
    assert 'received_date = ""  # fill this in' in sheet.with_name("m.toml").read_text()


def test_plans_that_the_dfe_measures_cannot_see_are_said(run, sheet):
    sheet.write_text(SMALL)
    assert "1 plan has a plan_issued_date alone" in run(sheet, "--out", "m.toml").stdout
    mine = sheet.with_name("m.toml")
    mine.write_text(mine.read_text().replace("plan_issued_date =", "assessment_outcome_date ="))
    result = run(sheet, "--mapping", mine)
    assert result.exit_code == 1
    assert "assessment_outcome_date is mapped and assessment_outcome is not" in result.stdout


def test_a_command_reads_a_mapped_sheet_and_one_that_needs_no_mapping(sheet, capsys):
    mapping = {"cases": {"columns": {"case_id": "Case Ref", "received_date": "Date Received"}}}
    assert len(read(sheet, mapping=mapping, order="day_first").cases) == 2
    assert capsys.readouterr().err == (
        "ehcptime: note: columns not kept: 2; cells that could not be read: 0; `ehcptime check` names them\n"
    )
    with pytest.raises(InputError, match="give a mapping of its own headings"):
        read(sheet)
    sheet.write_text("case_id,received_date\n7,28/04/2025\n")
    assert len(read(sheet).cases) == 1
