"""A reader with a solver tries to work out hidden counts from tables that are published together."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attacker import LABELS, OUTCOMES, SOME, Children, Reader, few, small_rests, tell
from ehcptime.outputs.disclosure import suppress


def assert_nothing_can_be_told(children, printed, threshold=5):
    published = suppress({name: frame for name, (frame, _) in printed.items()}, threshold=threshold)
    reader = Reader(len(children.combinations))
    hidden = tell(reader, published, printed)
    for what, counted in [*hidden, *small_rests(children, printed, threshold)]:
        low, high = reader.extremes(counted)
        assert low < high, (what, low)
    return published


@SOME
@given(few(18))
def test_a_table_of_two_ways_with_totals(counts):
    children = Children(LABELS, counts)
    assert_nothing_can_be_told(children, {"both": children.table(["team", "sex"], totals=True)})


@SOME
@given(few(18), st.sampled_from([3, 5, 7]))
def test_tables_that_share_totals(counts, threshold):
    children = Children(LABELS, counts)
    tables = {
        "whole": children.table([]),
        "teams": children.table(["team"]),
        "sexes": children.table(["sex"], columns=("denominator",)),
    }
    assert_nothing_can_be_told(children, tables, threshold)


@SOME
@given(few(18))
def test_one_way_beside_two_ways(counts):
    children = Children(LABELS, counts)
    assert_nothing_can_be_told(
        children, {"teams": children.table(["team"]), "both": children.table(["team", "sex"])}
    )


@SOME
@given(few(18))
def test_all_beside_boys(counts):
    children = Children(LABELS, counts)
    tables = {"all": children.table(["team"]), "boys": children.table(["team", "sex"], only={"sex": "m"})}
    published = assert_nothing_can_be_told(children, tables)
    reader = Reader(len(children.combinations))
    tell(reader, published, tables)
    for team in LABELS["team"]:
        girls = children.atoms({"team": team, "sex": "f"}, OUTCOMES)
        if 0 < children.count(girls) < 5:
            low, high = reader.extremes(girls)
            assert low < high


@pytest.mark.parametrize("seed", range(4))
def test_a_sweep_of_bigger_tables(seed):
    draw = random.Random(seed)
    labels = {"team": tuple("abcde"), "need": tuple("xyz")}
    for _ in range(3):
        counts = [draw.choice([0, 1, 2, 3, 5, 8, 13, 40]) for _ in range(45)]
        children = Children(labels, counts)
        tables = {"both": children.table(["team", "need"], totals=True), "needs": children.table(["need"])}
        assert_nothing_can_be_told(children, tables)
