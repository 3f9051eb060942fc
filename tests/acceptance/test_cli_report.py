"""The report at the command line: the library's own page, and tables that next time's report is held to."""

import sys
from datetime import date

import pytest

from ehcptime.cli.app import main
from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.frozen import thaw
from ehcptime.outputs.report import report
from ehcptime.records.doors import read_any
from ehcptime.records.sen2.submission import write_sen2

DAY = date(2025, 3, 31)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("extracts") / "west"
    write_sen2(simulate(400, as_at=DAY, seed=7), made, as_at=DAY)
    return made


@pytest.fixture
def run(monkeypatch, capsys):
    def command(*words):
        monkeypatch.setattr(sys, "argv", ["ehcptime", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return command


def test_the_page_is_the_librarys_and_its_tables_are_kept(run, folder, tmp_path):
    place, kept = tmp_path / "board.html", tmp_path / "kept"
    code, out, _ = run(
        "report", folder, "--as-at", DAY, "--preset", "board", "--out", place, "--tables", kept
    )
    made = report(read_any(folder), as_at=DAY, preset="board")
    assert code == 0
    assert "audience public" in out
    assert place.read_text(encoding="utf-8") == made.html
    assert thaw(kept).tables.keys() == made.tables.keys()


def test_a_later_report_is_held_to_the_tables_kept_last_time(run, folder, tmp_path):
    before = (
        "report",
        folder,
        "--as-at",
        "2025-02-28",
        "--preset",
        "monthly",
        "--out",
        tmp_path / "feb.html",
    )
    assert run(*before, "--tables", tmp_path / "feb")[0] == 0
    after = ("report", folder, "--as-at", DAY, "--preset", "monthly", "--out", tmp_path / "mar.html")
    assert run(*after, "--previous", tmp_path / "feb")[0] == 0
    published = report(read_any(folder), as_at=date(2025, 2, 28), preset="monthly").tables
    held_to = report(read_any(folder), as_at=DAY, preset="monthly", previous=published)
    assert (tmp_path / "mar.html").read_text(encoding="utf-8") == held_to.html


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--preset", "weekly", "--out", "a.html"), "there is no report 'weekly'"),
        (("--preset", "board", "--out", "a.docx"), "a.docx is not a page: give a name that ends in .html"),
        (("--preset", "health", "--out", "a.html"), "provider"),
        (("--preset", "board", "--out", "a.html", "--previous", "nowhere"), "nowhere"),
    ],
)
def test_a_mistake_is_one_sentence(run, folder, monkeypatch, tmp_path, words, sentence):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("report", folder, "--as-at", DAY, *words)
    assert code in (2, 3)
    assert sentence in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
