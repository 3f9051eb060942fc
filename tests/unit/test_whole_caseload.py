"""What a caseload in batches may be made of, and what is refused."""

import tracemalloc
from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest

from ehcptime.errors import CommandError, InputError
from ehcptime.questions.alike import Alike
from ehcptime.questions.backlog import backlog
from ehcptime.questions.time_to_final import time_to_final
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.whole_caseload import whole_caseload
from ehcptime.records.extract import empty
from ehcptime.tracking.track import track

MONDAY = date(2025, 12, 1)


def cases(rows, first=0):
    days = pd.Timestamp("2025-01-06") + pd.to_timedelta(np.arange(rows) % 300, unit="D")
    return pd.DataFrame({"case_id": [f"c{first + n}" for n in range(rows)], "received_date": days})


def test_frames_of_several_libraries_may_come_one_after_another():
    found = whole_caseload(
        iter([cases(300), pl.DataFrame(cases(300, 300)), pl.DataFrame(cases(300, 600)).to_arrow()]),
        as_at=MONDAY,
        measures=["plans_due_20wk"],
    )
    assert (found.rows, found.batches) == (900, 3)
    row = found.timeliness["plans_due_20wk"].iloc[0]
    # Received by 13 July 2025 and due by 30 November: days 0 to 188 of the 300, three times over; the rest is not yet due.
    assert (row["numerator"], row["denominator"], row["not_due"]) == (0, 3 * 189, 3 * 111)


def test_one_frame_is_one_batch():
    assert whole_caseload(cases(5), as_at=MONDAY).batches == 1


def test_nothing_at_all_is_counted_like_a_frame_with_no_rows():
    found = whole_caseload([], as_at=MONDAY, measures=["plans_due_20wk"], period="M")
    tracked = track(empty("cases"), as_at=MONDAY)
    assert (found.rows, found.batches) == (0, 0)
    pd.testing.assert_frame_equal(
        found.timeliness["plans_due_20wk"], timeliness(tracked, "plans_due_20wk", period="M")
    )
    pd.testing.assert_frame_equal(found.backlog, backlog(tracked))
    pd.testing.assert_frame_equal(found.time_to_final, time_to_final(tracked))


@pytest.mark.parametrize("measure", ["advice_6wk", "plans_20wk_all_advice"])
def test_a_measure_of_advice_is_refused(measure):
    with pytest.raises(CommandError, match="needs the advice beside the cases"):
        whole_caseload(cases(1), as_at=MONDAY, measures=[measure])


def test_what_cannot_be_read_or_counted_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no file or folder x"):
        whole_caseload(tmp_path / "x", as_at=MONDAY)
    (tmp_path / "x.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(InputError, match=r"x\.parquet holds what is no Parquet"):
        whole_caseload(tmp_path / "x.parquet", as_at=MONDAY)
    with pytest.raises(CommandError, match="there is no column 'ward'"):
        whole_caseload(cases(1), as_at=MONDAY, by="ward")
    with pytest.raises(CommandError, match="takes no period"):
        whole_caseload(cases(1), as_at=MONDAY, measures=["open_over_20wk"], period="M")


def test_memory_goes_with_the_kinds_and_not_with_the_rows(monkeypatch):
    monkeypatch.setattr("ehcptime.questions.alike._HELD", 100)

    def most(batches):
        tracemalloc.start()
        whole_caseload(
            (cases(300, 300 * n) for n in range(batches)),
            as_at=MONDAY,
            measures=["plans_due_20wk"],
            period="M",
        )
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    most(1)  # what is loaded once
    assert most(24) < 1.5 * most(3)


def test_rows_that_are_alike_are_put_together_whatever_their_batch(monkeypatch):
    monkeypatch.setattr("ehcptime.questions.alike._HELD", 2)
    kinds = Alike(["team"])
    for team, day in (("a", 1), ("b", 1), (None, 1), ("a", 2), ("a", 1), ("", 1), ("a", 1)):
        kinds.add(pd.DataFrame({"team": [team]}), {"day": np.array([day])})
    assert kinds.labels["team"].tolist()[:2] == ["a", "b"]
    assert kinds.of("day").tolist() == [1, 1, 1, 2]
    assert kinds.numbers.tolist() == [3, 1, 2, 1]
