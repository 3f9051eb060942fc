"""The report at the command line: the library's own page, and tables that next time's report is held to."""

from datetime import date

import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.frozen import thaw
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.report import report
from ehcptime.records.doors import read_any
from ehcptime.records.sen2.submission import write_sen2

DAY = date(2025, 3, 31)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("extracts") / "west"
    write_sen2(simulate(150, as_at=DAY, seed=7), made, as_at=DAY)
    return made


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


KPIS_TOML = """
[[kpi]]
measure = "plans_due_20wk"
baseline = 12
target = 60
scale = "threshold"
thresholds = [60, 40]

[[kpi]]
measure = "plans_issued_20wk_exc"
target = "target not agreed"
"""
KPIS_CSV = """measure,baseline,target,scale,green,amber
plans_due_20wk,12,60,threshold,60,40
plans_issued_20wk_exc,,target not agreed,,,
"""


def test_key_figures_come_from_a_file_and_are_traced(run, folder, tmp_path):
    pages = []
    for name, text in (("kpis.toml", KPIS_TOML), ("kpis.csv", KPIS_CSV)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        place, kept = tmp_path / f"{name}.html", tmp_path / f"{name}.json"
        code, out, _ = run(
            "report", folder, "--as-at", DAY, "--audience", "internal",
            "--kpis", tmp_path / name, "--out", place, "--manifest", kept,
        )  # fmt: skip
        assert code == 0
        assert f"the references on the page are kept in {kept}" in out
        pages.append(place.read_text(encoding="utf-8"))
    assert pages[0] == pages[1]
    agreed = Kpi("plans_due_20wk", baseline=12, target=60, scale="threshold", thresholds=(60, 40))
    given = [agreed, Kpi("plans_issued_20wk_exc")]
    made = report(read_any(folder), as_at=DAY, preset="board", audience="internal", kpis=given)
    assert pages[0] == made.html
    for name in ("kpis", "trend_plans_due_20wk"):
        table = next(one for one in made.references.tables if one.arguments["table"] == name)
        ref = table.rows[0].ref
        assert pages[0].count(ref) >= 1
        code, out, _ = run("trace", ref, "--in", kept, folder)
        assert code == 0, out
        assert "the same again" in out


def test_a_manifest_for_the_public_names_no_case(run, folder, tmp_path):
    kept = tmp_path / "run.json"
    assert run("report", folder, "--as-at", DAY, "--out", tmp_path / "b.html", "--manifest", kept)[0] == 0
    text = kept.read_text(encoding="utf-8")
    assert not [case for case in read_any(folder).cases["case_id"] if case in text]


def test_an_extract_taken_before_says_what_is_still_to_be_keyed(run, tmp_path):
    for name, day in (("feb", date(2025, 2, 28)), ("mar", DAY)):
        write_sen2(simulate(150, as_at=day, seed=7), tmp_path / name, as_at=day)
    code, _, err = run(
        "report", tmp_path / "mar", "--as-at", DAY, "--out", tmp_path / "b.html", "--taken-before", tmp_path / "feb"
    )  # fmt: skip
    if read_any(tmp_path / "feb").extracted_on is None:
        assert code == 3
        assert "an earlier extract was taken on a day that it does not tell" in err
    else:
        assert code == 0
        assert "still to be keyed" in (tmp_path / "b.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "k.toml",
            "[[kpi]]\nmeasure = 'plans_due'",
            "key figure 1 of k.toml: there is no measure 'plans_due'",
        ),
        ("k.toml", "[[kpi]]\nmeasure = 'plans_due_20wk'\ntarger = 3", "key figure 1 of k.toml: targer"),
        ("k.csv", "measure,target\nplans_due_20wk,sixty", "key figure 1 of k.csv: target"),
        ("k.csv", "measure,target\n", "k.csv holds no key figure"),
        ("k.toml", "[[kpi", "k.toml cannot be read as TOML"),
        ("k.txt", "", "k.txt is no file of key figures: give a .toml or a .csv file"),
    ],
)
def test_a_file_of_key_figures_that_is_wrong_is_one_sentence(run, folder, tmp_path, name, text, sentence):
    (tmp_path / name).write_text(text, encoding="utf-8")
    code, _, err = run(
        "report", folder, "--as-at", DAY, "--kpis", tmp_path / name, "--out", tmp_path / "a.html"
    )
    assert code in (2, 3)
    assert sentence in err
    assert "Traceback" not in err
    assert not (tmp_path / "a.html").exists()


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
