"""Every row is somewhere, and the counts of each step add up to those of the step before."""

from datetime import date

import pandas as pd
import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.reconciliation import reconciliation
from ehcptime.records.extract import Extract
from ehcptime.records.reading import read_extract
from ehcptime.records.sen2.returns import read_sen2
from ehcptime.records.sen2.submission import write_sen2
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track
from questions_frames import cases, issued, table

AS_AT = date(2025, 3, 31)


def sums(found):
    groups = found.groupby(["step", "item"])
    assert (groups["rows"].sum() == groups["of"].first()).all()
    assert (groups["of"].min() == groups["of"].max()).all()
    assert (found["rows"] >= 0).all()
    return {
        (step, went_to): rows
        for (step, went_to), rows in found.groupby(["step", "went_to"])["rows"].sum().items()
    }


def lines(found, step):
    return found.loc[found["step"] == step, ["went_to", "reason", "rows", "of"]].to_numpy().tolist()


SHEET = """Requests at March

case_id,received_date,assessment_outcome,assessment_outcome_date
1,2024-01-15,Y,2024-06-03
2,2024-01-15,Y,2024-06-04

3,2024-01-15,,
case_id,received_date,assessment_outcome,assessment_outcome_date
4,2024-12-15,,
Total,4,,
"""


def test_a_local_sheet_by_hand(tmp_path):
    """Four requests: one on time at 140 days, one late at 141, two with no plan. The sheet has four other rows under its headings."""
    path = tmp_path / "cases.csv"
    path.write_text(SHEET)
    extract = read_extract(path)
    found = reconciliation(extract, track(extract.cases, as_at=AS_AT), "plans_issued_20wk_inc")
    sums(found)
    assert lines(found, "made") == [["cases", "", 4, 4]]
    assert lines(found, "tracked") == [["tracked", "", 4, 4]]
    assert lines(found, "measure") == [
        ["on_time", "140 days or less after the request", 1, 4],
        ["late", "not 140 days or less after the request", 1, 4],
        ["left_out", "no such decision", 2, 4],
    ]
    read = found[found["step"] == "read"]
    assert read.loc[read["went_to"] == "cases", "rows"].tolist() == [4]
    aside = read[read["went_to"] == "set aside"]
    assert (aside["rows"] > 0).all()
    assert aside["reason"].str.len().gt(0).all()


@pytest.mark.parametrize("measure", [name for name in MEASURES if name != "advice_6wk"])
def test_a_return_read_back_ties_from_file_to_measure(tmp_path, measure):
    extract = simulate(120, as_at=AS_AT, seed=2)
    write_sen2(extract, tmp_path / "return", as_at=AS_AT)
    back = read_sen2(tmp_path / "return")
    asked = track_advice(back.advice, as_at=AS_AT, cases=back.cases)
    found = reconciliation(back, track(back.cases, as_at=AS_AT), measure, advice=asked)
    total = sums(found)
    assert total["made", "cases"] == total["tracked", "tracked"] == 120
    assert found.loc[found["step"] == "measure", "rows"].sum() == 120


def test_a_measure_of_askings_ties_to_the_advice():
    extract = simulate(120, as_at=AS_AT, seed=2)
    found = reconciliation(extract, track_advice(extract.advice, as_at=AS_AT), "advice_6wk")
    total = sums(found)
    assert total["made", "advice"] == total["tracked", "tracked"] == len(extract.advice)


def test_rows_filtered_away_and_rows_from_elsewhere_are_both_counted():
    extract = Extract(cases=table([{"case_id": f"c{n}"} | issued("2025-01-06", 100) for n in range(5)]))
    stranger = cases([{"case_id": "x"} | issued("2025-01-06", 100)], "2025-12-31")
    tracked = pd.concat(
        [track(extract.cases, as_at=date(2025, 12, 31)).iloc[:3], stranger], ignore_index=True
    )
    found = reconciliation(extract, tracked)
    sums(found)
    assert lines(found, "tracked") == [
        ["tracked", "", 3, 6],
        ["not tracked", "not in the frame in hand", 2, 6],
        ["tracked", "not in the cases of the extract", 1, 6],
    ]


def reading(*rows):
    return pd.DataFrame(
        [(file, "", became, rows_in, rows_out, note) for file, became, rows_in, rows_out, note in rows],
        columns=["file", "column", "became", "rows_in", "rows_out", "note"],
    )


def test_a_reading_alone_says_what_was_read_and_made():
    tracked = cases([issued("2025-01-06", 100)] * 3, "2025-12-31")
    found = reconciliation(
        reading(
            ("a.csv", "requests", 7, 5, "2 blank rows"),
            ("b.csv", "", 4, 0, "not used"),
            ("c.csv", "cases", 3, 3, ""),
        ),
        tracked,
    )
    sums(found)
    assert found[["step", "item", "went_to", "rows", "of"]].to_numpy().tolist() == [
        ["read", "a.csv", "requests", 5, 7],
        ["read", "a.csv", "set aside", 2, 7],
        ["read", "b.csv", "set aside", 4, 4],
        ["read", "c.csv", "cases", 3, 3],
        ["made", "requests", "cases", 3, 5],
        ["made", "requests", "set aside", 2, 5],
    ]


def test_rows_that_hold_several_and_a_file_read_as_two_tables_add_up():
    found = reconciliation(
        reading(("a.csv", "cases", 1, 1, ""), ("a.csv", "advice", 1, 1, "")),
        cases([issued("2025-01-06", 100)] * 3, "2025-12-31"),
    )
    sums(found)
    assert found["item"].tolist() == ["a.csv as cases", "a.csv as advice", "cases", "cases"]
    assert lines(found, "made") == [["cases", "", 1, 3], ["cases", "from rows that hold several", 2, 3]]


def test_nothing_read_is_nothing_everywhere():
    extract = simulate(20, as_at=AS_AT, seed=2)
    empty = Extract(cases=extract.cases.iloc[:0])
    found = reconciliation(empty, track(empty.cases, as_at=AS_AT), "plans_due_20wk")
    assert found["rows"].sum() == 0
    assert lines(found, "tracked") == [["tracked", "", 0, 0]]


def test_other_things_are_refused():
    tracked = cases([issued("2025-01-06", 100)], "2025-12-31")
    with pytest.raises(InputError, match="reading"):
        reconciliation(pd.DataFrame({"case_id": []}), tracked)
    with pytest.raises(InputError, match="track"):
        reconciliation(reading(), pd.DataFrame({"case_id": ["a"]}))
    with pytest.raises(CommandError, match="no measure"):
        reconciliation(reading(), tracked, "plans_in_time")
