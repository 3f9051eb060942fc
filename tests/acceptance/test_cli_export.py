"""The star schema at the command line: files that hold the figures, ids that stay behind, refusals in one sentence."""

import csv
from datetime import date

import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.star_columns import STAR
from ehcptime.records.sen2.submission import write_sen2

DAY = date(2024, 12, 31)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("extract") / "sen2"
    write_sen2(simulate(300, as_at=DAY, seed=7), made, as_at=DAY)
    return made


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_is_written_in_both_formats_and_counted_on_the_screen(run, folder, tmp_path):
    code, out, _ = run("export", folder, "--as-at", DAY, "--out", tmp_path / "star")
    assert code == 0
    names = {path.name for path in (tmp_path / "star").iterdir()}
    assert names == {f"{table}.{end}" for table in STAR for end in ("csv", "parquet")}
    assert "case: 300 rows" in out
    assert "limit: 1,500 rows" in out
    assert "not for publication" in out


def test_the_percentage_is_the_sum_over_the_sum(run, folder, tmp_path):
    run("export", folder, "--as-at", DAY, "--out", tmp_path / "star", "--format", "csv")
    part = [row for row in rows(tmp_path / "star" / "part.csv") if row["measure"] == "plans_issued_20wk_exc"]
    in_time, counted = (sum(int(row[name]) for row in part) for name in ("in_numerator", "in_denominator"))
    _, out, _ = run("timeliness", folder, "--as-at", DAY, "--json", "--measure", "plans_issued_20wk_exc")
    assert f'"numerator": {in_time}, "denominator": {counted}' in out


def test_ids_stay_behind_are_pseudonyms_of_a_secret_or_are_kept(run, folder, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of many letters\nand a second line\n", encoding="utf-8")
    found = {}
    for name, more in (("plain", []), ("secret", ["--secret-file", secret]), ("inside", ["--internal"])):
        code, _, _ = run("export", folder, "--as-at", DAY, "--out", tmp_path / name, "--format", "csv", *more)
        assert code == 0
        found[name] = rows(tmp_path / name / "case.csv")
    kept = {row["case_id"] for row in found["inside"]}
    assert "SYNTHETIC-000001" in kept
    for name in ("plain", "secret"):
        assert not kept & {row["case_id"] for row in found[name]}
        assert {row["caseworker"] for row in found[name]} == {""}
    assert all(len(row["case_id"]) == 20 for row in found["secret"])
    assert any(row["caseworker"] for row in found["inside"])


def test_what_cannot_be_done_is_refused_in_one_sentence(run, folder, tmp_path):
    short, given = tmp_path / "short.txt", ["export", folder, "--as-at", DAY, "--out", tmp_path / "star"]
    short.write_text("short\n", encoding="utf-8")
    for more, code, words in (
        (["--secret-file", short], 2, "shorter than 16 characters"),
        (["--secret-file", tmp_path / "none.txt"], 3, "the secret file none.txt cannot be read"),
        (["--secret-file", short, "--internal"], 2, "not both"),
    ):
        ended, out, err = run(*given, *more)
        assert (ended, out) == (code, "")
        assert err.splitlines()[-1].startswith("ehcptime: ")
        assert words in err
        assert not (tmp_path / "star").exists()
