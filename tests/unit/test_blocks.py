"""Blocks change nothing: the same rows in one piece and in small pieces give the same answers."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

import ehcptime as ehc
from ehcptime.errors import InputError
from ehcptime.questions.periods import LETTERS, label, periods_of
from ehcptime.records import blocks
from ehcptime.records.arrays import days_of
from ehcptime.records.frames import require_unique

AS_AT = date(2025, 3, 31)
MEASURES = [name for name, measure in ehc.MEASURES.items() if "advice" not in measure.family]


def answers(extract):
    tracked = ehc.track(extract.cases, as_at=AS_AT, exemptions=extract.exemptions)
    return [tracked, ehc.backlog(tracked), *(ehc.timeliness(tracked, name) for name in MEASURES)]


@pytest.fixture(scope="module")
def extract():
    return ehc.simulate(400, as_at=AS_AT, seed=3)


def test_the_size_of_a_block_changes_nothing(monkeypatch, extract):
    whole = answers(extract)
    monkeypatch.setattr(blocks, "ROWS", 37)
    monkeypatch.setattr(blocks, "WIDE_ROWS", 11)
    for mine, theirs in zip(answers(extract), whole, strict=True):
        pd.testing.assert_frame_equal(mine, theirs)


def test_a_second_thread_changes_nothing(monkeypatch, extract):
    whole = answers(extract)
    monkeypatch.setattr(blocks, "MANY", 2)
    for mine, theirs in zip(answers(extract), whole, strict=True):
        pd.testing.assert_frame_equal(mine, theirs)


def test_what_fails_in_a_second_thread_is_raised(monkeypatch, extract):
    monkeypatch.setattr(blocks, "MANY", 2)
    twice = pd.concat([extract.cases, extract.cases], ignore_index=True)
    with pytest.raises(InputError, match="stands in an earlier row"):
        ehc.track(twice, as_at=AS_AT)
    with pytest.raises(ZeroDivisionError), blocks.beside(2) as other:
        other.do(lambda: 1 // 0)


def test_a_time_of_day_in_a_later_block_is_seen(monkeypatch):
    monkeypatch.setattr(blocks, "WIDE_ROWS", 2)
    times = pd.Series(pd.to_datetime(["2025-01-01 00:00", None, "2025-07-01 00:00", "2025-06-30 23:00"]))
    with pytest.raises(InputError, match="export in UTC"):
        days_of(times, "received_date")
    assert days_of(times + pd.Timedelta(hours=7), "received_date").tolist()[2] == 20270


@pytest.mark.parametrize("ids", [["a", "b", "aa", "ab"], ["c9", "c10", "c8"], ["b", "a"]])
def test_ids_that_differ_pass_in_any_order(ids):
    require_unique(pd.DataFrame({"case_id": pd.Series(ids, dtype="str")}), "case_id")


@pytest.mark.parametrize("ids", [["a", "a"], ["a", "b", "aa", "b"], ["b", "a", "b"]])
def test_ids_that_stand_twice_do_not(ids):
    with pytest.raises(InputError, match="stands in an earlier row"):
        require_unique(pd.DataFrame({"case_id": pd.Series(ids, dtype="str")}), "case_id")


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("spread", [3, 400])
def test_periods_looked_up_by_day_are_those_of_each_date(letter, spread):
    """Many days within few, where they are looked up, and few days far apart, where they are not."""
    days = np.random.default_rng(1).integers(20_000, 20_000 + spread, 50).astype(np.int32)
    found = periods_of(days, letter)
    named = [label(date.fromordinal(719_163 + int(day)), letter) for day in days]
    assert [found.labels[place] for place in found.place] == named
    assert list(found.labels) == sorted(set(named))
