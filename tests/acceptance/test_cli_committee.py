"""What a committee asks next, at the command line: who waits longer, the year's bounds, the recording lag, a return rehearsed, a figure traced."""

import csv
import json
from datetime import date

import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.records.sen2.submission import write_sen2

MARCH, APRIL = date(2025, 3, 31), date(2025, 4, 30)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = tmp_path_factory.mktemp("extracts")
    write_sen2(simulate(700, as_at=MARCH, seed=7), made / "march", as_at=MARCH)
    write_sen2(simulate(700, as_at=APRIL, seed=7), made / "april", as_at=APRIL)
    return made


@pytest.fixture(scope="module")
def returns(tmp_path_factory):
    made = tmp_path_factory.mktemp("returns")
    for name, day, seed in (("now", date(2025, 1, 16), 3), ("last", date(2024, 1, 16), 4)):
        write_sen2(simulate(250, as_at=day, seed=seed), made / name, as_at=day)
    return made


def csv_rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class TestEquality:
    def test_everything_goes_to_a_file_for_internal_use(self, run, place, tmp_path):
        code, _, _ = run("equality", place / "march", "--as-at", MARCH, "--out", tmp_path / "all.csv")
        assert code == 0
        rows = csv_rows(tmp_path / "all.csv")
        assert {row["characteristic"] for row in rows} == {
            "age_group", "sex", "ethnicity", "primary_need", "area", "care_status",
        }  # fmt: skip
        areas = [
            row for row in rows if row["characteristic"] == "area" and row["measure"] == "plans_due_20wk"
        ]
        whole, groups = areas[0], areas[1:]
        assert whole["group"] == "all"
        for count in ("numerator", "denominator", "unknown", "not_due", "left_out"):
            assert sum(int(row[count]) for row in groups) == int(whole[count])
        assert sum(int(whole[count]) for count in ("denominator", "unknown", "not_due", "left_out")) == 700

    def test_the_public_sees_no_small_number_in_tables_or_sentences(self, run, place, tmp_path):
        words = (
            "equality",
            place / "march",
            "--as-at",
            MARCH,
            "--by",
            "primary_need,area",
            "--audience",
            "public",
        )
        code, out, _ = run(*words)
        assert code == 0
        assert "the figures of this group are not shown" in out
        assert "[c]" in out
        code, out, _ = run(*words, "--json")
        cells = [row[name] for row in json.loads(out) for name in ("numerator", "denominator")]
        assert "[c]" in cells
        assert not {1, 2, 3, 4} & set(cells)
        run(*words, "--out", tmp_path / "e.csv")
        assert sorted(path.name for path in tmp_path.iterdir()) == [
            "e-area-due.csv", "e-area-open.csv", "e-primary-need-due.csv", "e-primary-need-open.csv",
        ]  # fmt: skip

    def test_a_day_and_columns_that_cannot_be_used_are_refused(self, run, place):
        code, _, err = run("equality", place / "march", "--as-at", MARCH, "--by", "town")
        assert code == 2
        assert "there is no column 'town' to group by" in err


def test_the_year_can_reach_what_its_sentence_says(run, place):
    code, out, _ = run("year-bounds", place / "march", "--as-at", MARCH, "--target", 40, "--json")
    (row,) = json.loads(out)
    assert code == 0
    assert 0 <= row["lowest"] <= row["highest"] <= 100
    _, out, _ = run("year-bounds", place / "march", "--as-at", MARCH, "--target", 40)
    assert row["sentence"] in " ".join(out.split())


def test_the_recording_lag_needs_a_day_for_each_extract(run, place):
    words = ("recording-lag", place / "march", place / "april", "--as-at", MARCH)
    code, _, err = run(*words)
    assert code == 2
    assert "2 extracts and 1 days were given" in err
    code, out, _ = run(*words, "--as-at", APRIL, "--json")
    rows = json.loads(out)
    assert code == 0
    assert rows[-1]["period"] == "2025-04"
    assert all(row["low"] <= row["high"] for row in rows if row["low"] is not None)
    assert rows[-1]["sentence"].startswith("For 2025-04 ")


class TestSen2Check:
    def test_a_sheet_a_table_and_the_queries_case_by_case(self, run, returns, tmp_path):
        words = ("sen2-check", returns / "now", "--as-at", "2025-01-16", "--last-year", returns / "last")
        code, out, _ = run(*words)
        assert code == 1  # the simulator plants errors
        assert "Return for 2024, position at 16 January 2025" in out
        code, _, _ = run(*words, "--out", tmp_path / "r.csv")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["r-queries.csv", "r.csv"]
        figures, queries = csv_rows(tmp_path / "r.csv"), csv_rows(tmp_path / "r-queries.csv")
        assert len(figures) == 50
        assert all(row["last_year"] for row in figures)
        assert sum(bool(row["case_id"]) for row in queries) > 50
        run(*words, "--out", tmp_path / "r.html")
        assert "Sign-off sheet" in (tmp_path / "r.html").read_text("utf-8")

    def test_the_wrong_last_return_is_one_sentence(self, run, returns):
        words = ("sen2-check", returns / "now", "--as-at", "2025-01-16", "--last-year")
        for last, sentence in (
            (returns / "gone", "there is no file or folder gone"),
            (returns / "now", "covers 2024: give the return that covers 2023"),
        ):
            code, _, err = run(*words, last)
            said = [
                line
                for line in err.splitlines()
                if line.startswith("ehcptime: ") and "ehcptime: note: " not in line
            ]
            assert code == 3
            assert len(said) == 1
            assert sentence in said[0]


class TestTrace:
    COMMANDS = (
        ("timeliness", "--period", "Y"),
        ("timeliness", "--by", "area", "--audience", "public"),
        ("backlog", "--by", "area"),
        ("backlog", "--by", "area", "--summary"),
        ("contributions", "--period", "Y"),
        ("contributions", "--returned"),
        ("official", "--table", "requests"),
    )

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_every_row_that_is_printed_has_a_reference_that_comes_out_the_same(
        self, run, place, tmp_path, words
    ):
        command, *more = words
        kept = tmp_path / "run.json"
        code, out, err = run(command, place / "march", "--as-at", MARCH, *more, "--manifest", kept, "--json")
        assert code == 0
        assert "the references are kept in run.json" in err
        refs = [row["ref"] for row in json.loads(out)]
        held = [
            row["ref"] for table in json.loads(kept.read_text("utf-8"))["tables"] for row in table["rows"]
        ]
        assert refs == held[: len(refs)]  # what is said beside the table comes after it
        assert len(set(refs)) == len(refs)
        code, out, _ = run("trace", refs[-1], "--in", kept, place / "march")
        assert code == 0
        assert "the same again" in out
        assert "with rule book" in out

    def test_references_stand_on_the_screen(self, run, place, tmp_path):
        kept = tmp_path / "run.json"
        for words in (("timeliness",), ("backlog",), ("contributions",), ("official",)):
            _, out, _ = run(words[0], place / "march", "--as-at", MARCH, "--manifest", kept)
            rows = json.loads(kept.read_text("utf-8"))["tables"][0]["rows"]
            assert rows[0]["ref"] in out
            _, out, _ = run(words[0], place / "march", "--as-at", MARCH)
            assert rows[0]["ref"] not in out

    def test_another_input_is_told_case_by_case(self, run, place, tmp_path):
        kept, listed = tmp_path / "run.json", tmp_path / "changed.csv"
        run(
            "timeliness", place / "march", "--as-at", MARCH, "--measure", "plans_due_20wk", "--manifest", kept
        )
        ref = json.loads(kept.read_text("utf-8"))["tables"][0]["rows"][0]["ref"]
        code, out, _ = run("trace", f"{ref}.percent", "--in", kept, place / "april")
        assert code == 1
        assert "The input has changed since" in out
        code, _, _ = run("trace", ref, "--in", kept, place / "april", "--cases", "--out", listed)
        assert code == 1
        assert {row["change"] for row in csv_rows(listed)} <= {"added", "gone", "changed"}
        assert csv_rows(listed)

    def test_what_is_no_reference_or_manifest_is_one_sentence(self, run, place, tmp_path):
        kept = tmp_path / "run.json"
        run("backlog", place / "march", "--as-at", MARCH, "--manifest", kept)
        code, _, err = run("trace", "AAAA-AAAA", "--in", kept)
        assert code == 2
        assert "is not in this manifest" in err
        code, _, err = run("trace", "AAAA-AAAA", "--in", tmp_path / "none.json")
        assert code == 3
        assert "there is no manifest none.json" in err
