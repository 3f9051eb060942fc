"""A reader with a solver who has kept the tables of last month tries to work out hidden counts, of then, of now, and of the month between."""

from hypothesis import given
from hypothesis import strategies as st

from attacker import LABELS, SOME, Children, Reader, few, tell
from ehcptime.outputs.disclosure import suppress

SIZE = 18


def both(counts, more):
    """Children counted last month, and now: the atoms of now are those of last month and those added since."""
    then = Children(LABELS, counts)
    now = Children(LABELS, [old + new for old, new in zip(counts, more, strict=True)])
    return then, now


def with_additions(printed):
    """The same tables, each cell the sum of its atoms of last month and of the atoms added since."""
    return {
        name: (
            frame,
            {place: [*counted, *(SIZE + atom for atom in counted)] for place, counted in atoms.items()},
        )
        for name, (frame, atoms) in printed.items()
    }


def few_added(size):
    return st.lists(st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2, 6]), min_size=size, max_size=size)


def assert_nothing_can_be_told(then, now, tables, threshold=5):
    before, after = tables(then), tables(now)
    published_before = suppress({name: frame for name, (frame, _) in before.items()}, threshold=threshold)
    published_after = suppress(
        {name: frame for name, (frame, _) in after.items()}, threshold=threshold, previous=published_before
    )
    reader = Reader(2 * SIZE)
    hidden = tell(reader, published_before, before)
    hidden += tell(reader, published_after, with_additions(after))
    added = [
        (f"added to {name} {place}", [SIZE + atom for atom in counted], counted)
        for name, (_, atoms) in after.items()
        for place, counted in atoms.items()
    ]
    hidden += [
        (what, since)
        for what, since, counted in added
        if 0 < now.count(counted) - then.count(counted) < threshold
    ]
    for what, counted in hidden:
        low, high = reader.extremes(counted)
        assert low < high, (what, low)


def areas_and_whole(children):
    return {"teams": children.table(["team"]), "whole": children.table([])}


def two_ways(children):
    return {"both": children.table(["team", "sex"], totals=True, columns=("denominator",))}


@SOME
@given(few(SIZE), few_added(SIZE))
def test_one_way_and_a_total(counts, more):
    assert_nothing_can_be_told(*both(counts, more), areas_and_whole)


@SOME
@given(few(SIZE), few_added(SIZE))
def test_two_ways(counts, more):
    assert_nothing_can_be_told(*both(counts, more), two_ways)


@SOME
@given(few(SIZE))
def test_nothing_has_changed(counts):
    then, now = both(counts, [0] * SIZE)
    assert_nothing_can_be_told(then, now, areas_and_whole)
