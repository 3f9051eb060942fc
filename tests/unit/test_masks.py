"""Sums in place of branches, and masks that hold nowhere: quicker than NumPy's own, and never another answer."""

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import ehcptime as ehc
from ehcptime.clock.counting import NOT_YET, UNKNOWN
from ehcptime.clock.masks import both, choose, either, instead, without
from ehcptime.law.book import LAW
from ehcptime.questions.grouping import groups_of
from ehcptime.questions.periods import UNDATED, periods_of, places_of
from ehcptime.records.arrays import days_of, facts_of_frame
from ehcptime.tracking.limits import RULES, judged
from ehcptime.tracking.situation import situation

ROWS = 7
LENGTHS = st.sampled_from([1, ROWS])  # one for a column that is not there
EPOCH = datetime(1970, 1, 1)


def days(length):
    there = st.integers(-800_000, 3_000_000) | st.sampled_from([NOT_YET, UNKNOWN])
    return arrays(np.int32, length, elements=there)


MASKS = LENGTHS.flatmap(lambda length: arrays(np.bool_, length))
DAYS = LENGTHS.flatmap(days)
CODES = LENGTHS.flatmap(lambda length: arrays(np.int8, length, elements=st.integers(-1, 12)))


def same(found, wanted):
    """A mask or column that is the same for all may be of length one."""
    assert found.dtype == wanted.dtype
    assert np.broadcast_to(found, wanted.shape).tolist() == wanted.tolist()


@given(MASKS, DAYS | CODES, st.data())
def test_choosing_is_what_where_does(where, these, data):
    others = data.draw(DAYS if these.dtype == np.int32 else CODES)
    same(choose(where, these, others), np.where(where, these, others))
    same(instead(others, where, these), np.where(where, these, others))


@given(MASKS, DAYS, st.sampled_from([NOT_YET, UNKNOWN, 20_000]))
def test_a_plain_number_may_stand_in(where, values, number):
    same(instead(values, where, number), np.where(where, np.int32(number), values))


@given(MASKS, MASKS)
def test_masks_that_hold_nowhere_are_left_out_and_nothing_else(one, other):
    same(both(one, other), one & other)
    same(either(one, other), one | other)
    same(without(one, other), one & ~other)


@given(st.lists(st.datetimes() | st.none(), min_size=1, max_size=9))
def test_days_of_any_year_are_those_of_the_calendar(moments):
    """Times of day are dropped, downwards before 1970 too."""
    moments = [None if moment is None else moment.replace(microsecond=0) for moment in moments]
    moments.append(datetime(1969, 12, 31, 12, 34, 56))
    column = pd.Series(np.array(moments, dtype="datetime64[s]"))
    wanted = [NOT_YET if moment is None else (moment - EPOCH) // timedelta(days=1) for moment in moments]
    assert days_of(column, "received_date").tolist() == wanted


@pytest.mark.parametrize("spread", [3, 400])
def test_days_that_are_not_there_fall_in_no_period_or_in_the_last(spread):
    found = np.random.default_rng(2).integers(20_000, 20_000 + spread, 50).astype(np.int32)
    found[[0, 7]], found[9] = NOT_YET, UNKNOWN
    absent = [0, 7, 9]
    assert np.flatnonzero(periods_of(found, "M").place == -1).tolist() == absent
    place, labels = places_of(found, "M")
    assert labels[-1] == UNDATED
    assert np.flatnonzero(place == len(labels) - 1).tolist() == absent


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 40)), max_size=60))
def test_groups_are_those_of_a_plain_count(rows):
    """Few possible groups are counted, many are sorted: each row finds its own labels either way."""
    frame = pd.DataFrame(rows, columns=["area", "team"]).astype({"team": "int64"})
    groups = groups_of(frame, ["area", "team"])
    named = [("not recorded" if area is None else area, team) for area, team in rows]
    assert [tuple(groups.labels.iloc[place]) for place in groups.place] == named
    assert sorted(map(str, groups.labels.itertuples(index=False, name=None))) == sorted(map(str, set(named)))


def test_a_rule_alone_is_judged_as_among_the_others():
    cases = ehc.simulate(300, as_at=date(2025, 3, 31), seed=5).cases
    day = (date(2025, 3, 31) - date(1970, 1, 1)).days
    now = situation(facts_of_frame(cases, "cases"), day)
    every = judged(now, day, LAW, "receipt_excluded")
    for place, rule in enumerate(RULES):
        alone = judged(now, day, LAW, "receipt_excluded", [rule])
        for part in ("start", "due", "done", "status", "days_over"):
            assert (getattr(alone, part)[0] == getattr(every, part)[place]).all()
        assert (alone.clock == every.clock).all()
