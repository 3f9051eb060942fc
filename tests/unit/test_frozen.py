"""A run frozen with its manifest, and read back."""

import csv
import json
from datetime import date, datetime

import pandas as pd
import pytest

import ehcptime
from ehcptime.errors import CommandError, InputError
from ehcptime.law.book import LAW
from ehcptime.outputs import frozen
from ehcptime.outputs.fingerprints import fingerprint
from ehcptime.outputs.frozen import freeze, thaw
from ehcptime.outputs.manifest import manifest
from ehcptime.questions.timeliness import timeliness
from ehcptime.tracking.track import track

DAY = date(2025, 3, 31)


@pytest.fixture(scope="module")
def extract():
    return ehcptime.simulate(120, as_at=DAY, seed=5)


@pytest.fixture(scope="module")
def results(extract):
    tracked = track(extract.cases, as_at=DAY)
    return {
        "due": timeliness(tracked, "plans_due_20wk", by="area", period="Q"),
        "open": timeliness(tracked, "open_over_20wk"),
    }


def test_a_manifest_says_what_a_run_rested_on_and_names_no_case(extract, results):
    found = manifest(extract, as_at=DAY, tables=results)
    assert found.inputs["cases"].rows == len(extract.cases)
    assert set(found.inputs) == {"cases", "advice", "exemptions", "closures", "events"}
    assert (found.as_at, found.extracted_on, found.rule_book) == (DAY, extract.extracted_on, LAW.edition)
    assert set(found.versions) == {"ehcptime", "numpy", "pandas", "python"}
    assert found.measures == ("open_over_20wk", "plans_due_20wk")
    assert {name: (saved.path, saved.rows) for name, saved in found.tables.items()} == {
        name: (f"{name}.csv", len(table)) for name, table in results.items()
    }
    text = found.model_dump_json()
    assert not any(str(case) in text for case in extract.cases["case_id"])


def test_what_is_thawed_is_what_was_frozen(tmp_path, extract, results):
    run = manifest(extract, as_at=DAY)
    saved = freeze(results, tmp_path / "new" / "folder", run)
    back = thaw(tmp_path / "new" / "folder")
    assert back.manifest == saved == manifest(extract, as_at=DAY, tables=results)
    for name, table in results.items():
        pd.testing.assert_frame_equal(back.tables[name], table)


def test_what_another_run_rested_on_is_said_in_words(extract):
    one = manifest(extract, as_at=DAY)
    assert one.what_differs(manifest(extract, as_at=datetime(2025, 3, 31))) == ()
    fewer = manifest({"cases": extract.cases.iloc[1:]}, as_at=date(2025, 4, 1))
    said = one.what_differs(fewer)
    assert said[0] == "as at 2025-03-31, then 2025-04-01"
    assert any(line.startswith("cases: 120 rows (") and ", then 119 rows (" in line for line in said)
    assert any(line.startswith("advice: ") and line.endswith("then not given") for line in said)
    other = one.model_copy(update={"versions": one.versions | {"pandas": "9"}, "rule_book": "another"})
    assert [line.split()[0] for line in one.what_differs(other)] == ["rule", "pandas"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1", "''-", "'", "plain", 'a "b", c\r\nd', " = ", "005"],
)
def test_texts_that_a_spreadsheet_would_run_are_inert_in_the_file_and_come_back(tmp_path, text):
    table = pd.DataFrame({text: [text, "x"], "lower": [-3, 2], "change": [-0.5, None]})
    freeze({"t": table}, tmp_path, manifest({}, as_at=DAY))
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    for cell in (rows[0][0], rows[1][0]):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert [row[1:] for row in rows[1:]] == [["-3", "-0.5"], ["2", ""]]
    pd.testing.assert_frame_equal(thaw(tmp_path).tables["t"], table)


def test_every_kind_of_column_comes_back(tmp_path):
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(["2025-01-06", None]).astype("datetime64[s]"),
            "time": pd.to_datetime(["2025-01-06 10:30", "2025-01-06 00:00"]),
            "flag": [True, False],
            "maybe": pd.array([True, None], dtype="boolean"),
            "count": pd.array([1, None], dtype="Int64"),
            "share": pd.array([51.2, None], dtype="Float64"),
            "stage": pd.Categorical(["deciding", None]),
            "mixed": ["[c]", 5],
        }
    )
    freeze({"t": table, "none": table.iloc[:0]}, tmp_path, manifest({}, as_at=DAY))
    back = thaw(tmp_path).tables
    as_text = table.assign(stage=["deciding", ""], mixed=["[c]", "5"]).astype({"stage": str, "mixed": str})
    pd.testing.assert_frame_equal(back["t"], as_text)
    assert len(back["none"]) == 0
    assert list(back["none"]) == list(table)


def test_tables_of_cases_are_internal(tmp_path):
    table = pd.DataFrame({"case_id": ["a"]})
    with pytest.raises(CommandError, match="\"case_id\"|'case_id'"):
        freeze({"t": table}, tmp_path, manifest({}, as_at=DAY))
    assert list(tmp_path.iterdir()) == []
    assert freeze({"t": table}, tmp_path, manifest({}, as_at=DAY), audience="internal").audience == "internal"
    assert thaw(tmp_path).manifest.audience == "internal"


def test_a_frozen_run_is_never_written_over(tmp_path, results):
    freeze(results, tmp_path, manifest({}, as_at=DAY))
    with pytest.raises(CommandError, match="holds a frozen run already"):
        freeze(results, tmp_path, manifest({}, as_at=DAY))


def test_a_run_that_breaks_off_leaves_no_half_written_file_and_no_manifest(tmp_path, results, monkeypatch):
    def breaks_off(_):
        yield ["period"]
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(frozen, "_csv_lines", breaks_off)
    with pytest.raises(InputError, match="No space left"):
        freeze(results, tmp_path, manifest({}, as_at=DAY))
    assert list(tmp_path.iterdir()) == []


def changed(path, old, new):
    content = path.read_text(encoding="utf-8-sig")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8-sig", newline="")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda folder: changed(folder / "t.csv", "north,1", "north,2"), "is not what was saved"),
        (lambda folder: changed(folder / "t.csv", "north,1", "north,one"), "is not what was saved"),
        (lambda folder: changed(folder / "t.csv", "north,1", "north"), "is not what was saved"),
        (lambda folder: changed(folder / "t.csv", "area", "team"), "is not what was saved"),
        (lambda folder: (folder / "t.csv").write_text(""), "missing or cannot be read"),
        (lambda folder: (folder / "t.csv").unlink(), "missing or cannot be read"),
        (lambda folder: (folder / "manifest.json").unlink(), "holds no frozen run"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "not a manifest"),
        (lambda folder: (folder / "manifest.json").write_bytes(b"\xff"), "not a manifest"),
        (lambda folder: edited(folder, lambda m: m | {"format": 2}), "not a manifest"),
        (
            lambda folder: edited(folder, lambda m: m["tables"]["t"].update(path="../t.csv") or m),
            "not a manifest",
        ),
    ],
)
def test_what_was_changed_afterwards_is_refused(tmp_path, change, match):
    freeze(
        {"t": pd.DataFrame({"area": ["north", "south"], "open": [1, 3]})}, tmp_path, manifest({}, as_at=DAY)
    )
    thaw(tmp_path)
    change(tmp_path)
    with pytest.raises(InputError, match=match) as error:
        thaw(tmp_path)
    assert "north" not in str(error.value)


def edited(folder, change):
    path = folder / "manifest.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))


def test_a_manifest_refuses_tables_of_another_day_or_rule_book_and_names_that_are_none(extract, results):
    with pytest.raises(InputError, match="another day"):
        manifest(extract, as_at=date(2025, 4, 1), tables=results)
    other = {"t": results["due"].assign(rule_book="2020-01-01.00000000")}
    with pytest.raises(InputError, match="rule book 2020"):
        manifest(extract, as_at=DAY, tables=other)
    manifest(extract, as_at=DAY, tables={"t": results["due"].assign(rule_book="not recorded")})
    for name in ("../t", "T", "", "a b", "é", "-t"):
        with pytest.raises(CommandError, match="cannot be that of a file"):
            manifest(extract, as_at=DAY, tables={name: results["due"]})


def test_what_is_no_frame_or_names_a_column_twice_is_refused():
    twice = pd.DataFrame([[1, 2]], columns=["a", "a"])
    with pytest.raises(InputError, match="'t' have the column 'a' twice"):
        manifest({}, as_at=DAY, tables={"t": twice})
    with pytest.raises(InputError, match="not a DataFrame"):
        manifest({"cases": [1, 2]}, as_at=DAY)


def test_what_is_one_content_has_one_fingerprint():
    one = pd.DataFrame({"a": [1, 2], "d": pd.to_datetime(["2025-01-06", None]), "s": ["x", ""]})
    same = pd.DataFrame(
        {"s": pd.Categorical(["x", None]), "d": ["2025-01-06", None], "a": [1.0, 2.0]}, index=[5, 5]
    )
    assert fingerprint(one) == fingerprint(same)


def test_true_and_1_are_two_things_in_whatever_order():
    tables = [
        pd.DataFrame({"a": pd.Series(cells, dtype=object)})
        for cells in ([True, 1], [1, True], [1, 1], [True, True])
    ]
    prints = [fingerprint(table) for table in tables]
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([["a\x1fb", "c"]], [["a", "b\x1fc"]]),
        ([["a\x1eb"], ["c"]], [["a"], ["b\x1ec"]]),
        ([["a\x1f", "b"]], [["a\\u", "b"]]),
        ([["a\x1e"]], [["a\\r"]]),
        ([["\\", "u"]], [["\\\\u", ""]]),
    ],
)
def test_no_cell_can_pass_for_the_edge_of_another(one, other):
    assert fingerprint(pd.DataFrame(one)) != fingerprint(pd.DataFrame(other))
