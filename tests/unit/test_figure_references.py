"""Tables and pages that have no references, and figures that are held against what they were made of."""

from datetime import date

import pandas as pd
import pytest

from ehcptime import manifest
from ehcptime.cli.app import main
from ehcptime.errors import CommandError
from ehcptime.outputs.references import Asked, referenced, references
from ehcptime.outputs.report import Report
from ehcptime.outputs.trace import trace
from ehcptime.outputs.traced_questions import asked_of
from ehcptime.questions.backlog import backlog
from ehcptime.records.extract import Extract
from ehcptime.tracking.track import track

ASKED = Asked("backlog", {}, ["stage"])
TABLE = pd.DataFrame({"stage": ["assessing", "drafting"], "open": [7, 9]})


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (
            TABLE.assign(ref="x"),
            "a table of 'backlog' has a column 'ref' already: references cannot be given",
        ),
        (
            TABLE.drop(columns="stage"),
            "a table of 'backlog' has no column 'stage': references cannot be given",
        ),
        (
            TABLE.assign(stage="drafting"),
            "two rows of 'backlog' are about the same: references cannot be given",
        ),
    ],
)
def test_a_table_whose_rows_cannot_be_told_apart_by_name_is_refused(table, says):
    run = manifest({}, as_at=date(2025, 3, 31))
    assert referenced(TABLE, ASKED, run)[0]["ref"].is_unique
    with pytest.raises(CommandError, match=says):
        referenced(table, ASKED, run)


def test_a_page_made_by_hand_has_no_references_and_names_itself():
    page = Report("board", "public", date(2025, 3, 31), "<p>open: 7</p>", {"backlog": TABLE})
    assert repr(page) == "Report('board', audience='public', as_at 2025-03-31, 1 tables)"
    assert "&lt;p&gt;open: 7&lt;/p&gt;" in page._repr_html_()
    with pytest.raises(CommandError, match="this page has no references: make it with report"):
        _ = page.manifest


@pytest.fixture
def kept(tmp_path):
    """A caseload of one, its backlog by stage with a reference in each row, and the manifest of these."""
    cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-01-06"])})
    cases.to_csv(tmp_path / "cases.csv", index=False)
    extract = Extract(cases)
    table = backlog(track(cases, as_at=date(2025, 3, 31)))
    asked = {"backlog": asked_of("backlog", {"by": ["stage"]})}
    shown, made = references(extract, {"backlog": table}, asked, as_at=date(2025, 3, 31))
    made.save(tmp_path / "kept.json")
    return extract, made, shown["backlog"]["ref"].iloc[0]


def test_what_became_of_a_figure_is_shown_in_a_notebook(kept):
    extract, made, ref = kept
    found = trace(ref, made, extract)
    assert found.is_same
    assert found._repr_html_().count("<p>") == len(str(found).splitlines())


def test_a_figure_of_one_extract_is_not_held_against_two(kept, tmp_path, monkeypatch, capsys):
    words = ["trace", kept[2], "--in", tmp_path / "kept.json", tmp_path / "cases.csv", tmp_path / "cases.csv"]
    monkeypatch.setattr("sys.argv", ["ehcptime", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "made from 1 input and 2 were given: give the extract" in capsys.readouterr().err


def test_a_command_asked_for_what_this_version_does_not_know_is_not_repeated(
    kept, tmp_path, monkeypatch, capsys
):
    extract, _, _ = kept
    asked = {"changed": Asked("ehcptime what-changed", {"colour": "red"}, ["stage"])}
    shown, made = references(extract, {"changed": TABLE}, asked, as_at=date(2025, 3, 31))
    made.model_copy(update={"sources": ("extract",)}).save(tmp_path / "kept.json")
    words = ["trace", shown["changed"]["ref"].iloc[0], "--in", tmp_path / "kept.json", tmp_path / "cases.csv"]
    monkeypatch.setattr("sys.argv", ["ehcptime", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "asks what `ehcptime what-changed` of this version does not know" in capsys.readouterr().err
