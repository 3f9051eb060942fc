"""Who waits longer, from a SEN2 return at the command line: every characteristic that it holds, counts that add up, and nothing small in public."""

import csv
import json
import re
from datetime import date

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.records.sen2.submission import write_sen2
from ehcptime.records.sen2.xml_writing import write_xml
from equality_reader import Reader

AS_AT, SINCE = date(2025, 3, 31), "2024-04-01"
COUNTS = ("numerator", "denominator", "unknown", "not_due", "left_out")
CHARACTERISTICS = {"age_group", "sex", "ethnicity", "primary_need", "area", "care_status"}


@pytest.fixture(scope="module")
def caseloads():
    """The same children twice: in the second, plans of girls take ten weeks longer."""
    made = {"as_at": AS_AT, "seed": 17, "preset": "england_2024", "defects": False}
    return {
        "even": simulate(2_500, **made),
        "slower": simulate(2_500, slower=("sex", "F", 10), **made),
    }


@pytest.fixture(scope="module")
def place(tmp_path_factory, caseloads):
    top = tmp_path_factory.mktemp("returns")
    for name, extract in caseloads.items():
        write_sen2(extract, top / name, as_at=AS_AT)
    write_sen2(caseloads["even"], top / "bare", as_at=AS_AT)
    for path in top.glob("bare/*.csv"):
        if not path.name.startswith("Blade-Export"):
            path.unlink()
    write_xml(caseloads["even"], top / "return.xml", as_at=AS_AT)
    return top


def told(run, path, *more):
    code, out, err = run("equality", path, "--as-at", AS_AT, *more)
    assert code == 0, err
    return out


def test_the_counts_of_every_characteristic_are_those_of_the_children(run, place, caseloads, tmp_path):
    told(run, place / "even", "--out", tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        table = pd.DataFrame(csv.DictReader(file)).astype(dict.fromkeys(COUNTS, int))
    assert set(table["characteristic"]) == CHARACTERISTICS
    cases = caseloads["even"].cases
    for (column, measure), block in table.groupby(["characteristic", "measure"]):
        whole, groups = block.iloc[0], block.iloc[1:].set_index("group")
        assert whole["group"] == "all"
        assert groups[list(COUNTS)].sum().tolist() == whole[list(COUNTS)].tolist()
        if measure == "plans_due_20wk" and column != "age_group":
            rows = groups[["denominator", "unknown", "not_due", "left_out"]].sum(axis=1)
            assert rows.to_dict() == cases[column].value_counts().to_dict(), column


def test_a_return_alone_gives_what_sen2_holds(run, place):
    for path in (place / "bare", place / "return.xml"):
        said = told(run, path)
        for name in ("Age group", "Area", "Care status"):
            assert f"{name}: not recorded in this extract." in said
        for name in ("Sex, F", "Sex, M", "Ethnicity, WBRI", "Ethnicity, NOBT", "Primary need, ASD"):
            assert f"{name}: of " in said, name


def test_a_planted_difference_is_shown_and_without_one_chance_is_all(run, place):
    planted, even = (
        json.loads(told(run, place / name, "--by", "sex", "--json")) for name in ("slower", "even")
    )
    rates = {
        name: {row["group"]: row["percent"] for row in rows if row["measure"] == "plans_due_20wk"}
        for name, rows in (("slower", planted), ("even", even))
    }
    assert rates["slower"]["M"] == rates["even"]["M"]
    assert rates["slower"]["F"] < rates["even"]["F"] - 15
    said = " ".join(told(run, place / "slower", "--by", "sex").split())
    assert re.search(
        r"Sex, F: of \d+ plans due, \d+ on time \([\d.]+ per cent\), [\d.]+ points below all cases \([\d.]+\); beyond chance",
        said,
    )
    said = " ".join(told(run, place / "even", "--by", "sex").split())
    assert re.search(r"Sex, F: of \d+ plans due, [^;]+; within chance", said)


def test_in_public_no_hidden_count_has_one_possible_value(run, place):
    rows = pd.DataFrame(
        json.loads(told(run, place / "even", "--due-from", SINCE, "--audience", "public", "--json"))
    )
    assert set(rows["characteristic"]) == CHARACTERISTICS
    hidden = 0
    for _, block in rows.groupby(["characteristic", "measure"]):
        table = block.reset_index(drop=True)
        reader = Reader(table)
        for offset, column in ((0, "numerator"), (len(table), "denominator")):
            shown = table[column][table[column].ne("[c]")].astype(int)
            assert not shown.between(1, 4).any()
            for position in table.index[table[column].eq("[c]")]:
                low, high = reader.extremes(offset + position)
                assert low < high, (table, column, position)
                hidden += 1
    assert hidden > 20
