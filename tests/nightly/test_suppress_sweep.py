"""Thousands of sets of tables of every kind, small and with many small counts, against the reader with a solver."""

import random

import pytest

from attacker import LABELS, OUTCOMES, Children, Reader, small_rests, tell
from ehcptime.outputs.disclosure import suppress

pytestmark = pytest.mark.nightly

SETS = {
    "two ways": lambda some: {"both": some.table(["team", "sex"], totals=True)},
    "totals": lambda some: {
        "whole": some.table([]),
        "teams": some.table(["team"]),
        "sexes": some.table(["sex"]),
    },
    "finer": lambda some: {"teams": some.table(["team"]), "both": some.table(["team", "sex"])},
    "boys": lambda some: {
        "all": some.table(["team"]),
        "boys": some.table(["team", "sex"], only={"sex": "m"}),
    },
}


@pytest.mark.parametrize("kind", SETS)
def test_a_thousand_sets(kind):
    for seed in range(1000):
        draw = random.Random(seed)
        size = len(OUTCOMES) * len(LABELS["team"]) * len(LABELS["sex"])
        some = Children(LABELS, [draw.choice([0, 0, 1, 1, 2, 3, 4, 5, 7, 12, 30]) for _ in range(size)])
        threshold = draw.choice([3, 5, 7])
        printed = SETS[kind](some)
        published = suppress({name: frame for name, (frame, _) in printed.items()}, threshold=threshold)
        reader = Reader(size)
        for what, counted in [*tell(reader, published, printed), *small_rests(some, printed, threshold)]:
            low, high = reader.extremes(counted)
            assert low < high, (kind, seed, threshold, what)
