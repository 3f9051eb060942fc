"""Damaged inputs to every reader: all are read or refused in one sentence. `python -m tools.fuzz` feeds more, for as long as is wished."""

import random
import sys
from pathlib import Path

import pytest

from ehcptime.errors import InputError

sys.path.append(str(Path(__file__).parents[2]))
from tools import fuzz

pytestmark = pytest.mark.nightly
READERS = fuzz.readers()
# A table that is no return, a return that is no local table, days in the other order.
REFUSED = {("return workbook", 1), ("local workbook", 0), ("dates", 1)}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_what_is_damaged_can_be_read_before(reader, tmp_path):
    for number, seed in enumerate(reader.seeds):
        said = fuzz.tried(reader, seed, tmp_path, 10)
        assert said in ({"", "refused"} if (reader.name, number) in REFUSED else {""})


def test_no_damaged_input_breaks_a_reader():
    found = fuzz.run(20_000, 2026, seconds=600, limit=10, keep=None)
    assert found.tried.total() >= 1_000
    assert found.broken == {}
    assert min(found.taken[reader.name] for reader in READERS) > 0  # not all of them refused


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("does", "said"),
    [
        (lambda _, __: int("x"), "bad: invalid literal"),
        (lambda _, __: [None for _ in iter(int, 1)], "bad: longer than 0.2 s"),
        (lambda _, __: refuse("two\nlines"), "bad: an error of several lines"),
        (lambda _, __: refuse("one line"), "refused"),
    ],
)
def test_a_crash_a_hang_and_a_long_error_are_told_from_a_refusal(does, said, tmp_path):
    fuzz.signal.signal(fuzz.signal.SIGPROF, fuzz._too_long)
    found = fuzz.tried(fuzz.Reader("bad", (b"",), does), b"", tmp_path, 0.2)
    assert found.removeprefix("bad: ValueError in ").startswith(said.removeprefix("bad: ")) or found == said


def refuse(text):
    raise InputError(text)


def test_the_same_seed_gives_the_same_inputs():
    seeds = [reader.seeds[0] for reader in READERS]
    made = [
        [fuzz.damaged(seed, random.Random(f"7 {n}")) for seed in seeds for n in range(3)] for _ in range(2)
    ]
    assert [len(one) for one in made[0]] == [len(one) for one in made[1]]
    assert (
        sum(one != seed for one, seed in zip(made[0], [s for s in seeds for _ in range(3)], strict=True)) > 10
    )
