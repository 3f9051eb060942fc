"""Damaged inputs to every reader: all are read or refused in one sentence. `python -m tools.fuzz` feeds more, for as long as is wished."""

import dataclasses
import random
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tools import fuzz, fuzz_damage, fuzz_dates, fuzz_found, fuzz_readers, fuzz_run

from ehcptime.errors import InputError

pytestmark = pytest.mark.nightly
READERS = fuzz_readers.readers()
# A table that is no return, a return that is no local table, days in the other order.
REFUSED = {("return workbook", 1), ("local workbook", 0), ("local workbook", 2), ("dates", 1)}


@pytest.fixture(autouse=True)
def _limited():
    signal.signal(signal.SIGPROF, fuzz_run.too_long)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_what_is_damaged_can_be_read_before(reader, tmp_path):
    for number, seed in enumerate(reader.seeds):
        said = fuzz_run.tried(reader.name, lambda: reader.read(seed, tmp_path), 10)  # noqa: B023 - called at once
        assert said.startswith("refused") == ((reader.name, number) in REFUSED)
        assert not said or said.startswith("refused")


@pytest.fixture(scope="module")
def found():
    return fuzz.run(100_000, "2026")


def test_no_damaged_input_breaks_a_reader(found):
    assert found.broken == {}
    assert found.tried.total() >= 100_000
    assert found.files() >= 5_000
    assert min(found.read[reader.name] for reader in READERS) > 0  # not all of them refused


def test_most_inputs_differ(found):
    assert 0.9 * found.files() < found.different["files"] < 1.01 * found.files()
    texts = found.tried[fuzz_found.DATE_TEXTS]
    assert 0.9 * texts < found.different[fuzz_found.DATE_TEXTS] < 1.01 * texts


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("does", "said"),
    [
        (lambda: int("x"), "bad: ValueError in invalid literal"),
        (lambda: [None for _ in iter(int, 1)], "bad: longer than 0.2 s"),
        (lambda: refuse("two\nlines"), "bad: an error of several lines"),
        (lambda: refuse("one line"), "refused: one line"),
    ],
)
def test_a_crash_a_hang_and_a_long_error_are_told_from_a_refusal(does, said):
    assert fuzz_run.tried("bad", does, 0.2).startswith(said)


def refuse(text):
    raise InputError(text)


def test_the_same_seed_gives_the_same_inputs():
    seeds = [reader.seeds[0] for reader in READERS]
    made = [
        [fuzz_damage.damaged(seed, random.Random(f"7 {n}")) for seed in seeds for n in range(3)]
        for _ in range(2)
    ]
    assert [len(one) for one in made[0]] == [len(one) for one in made[1]]
    before = [seed for seed in seeds for _ in range(3)]
    assert sum(one != seed for one, seed in zip(made[0], before, strict=True)) > 10


def wrongly(**change):
    """A reader of dates that reads something else where its column has more than two texts."""
    right = fuzz_dates.read_dates

    def read(values, **more):
        reading = right(values, **more)
        given = {name: changed(getattr(reading, name)) for name, changed in change.items()}
        return dataclasses.replace(reading, **given) if len(values) > 2 else reading

    return read


def always(day):
    return lambda dates: dates.mask(dates.notna(), pd.Timestamp(day))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dates": always("2024-01-01")}, "alone and"),
        ({"dates": always("1980-01-01")}, "outside"),
        ({"dates": lambda dates: dates.reset_index(drop=True)}, "another index"),
        ({"issues": lambda issues: issues.iloc[:0]}, "not one of"),
    ],
)
def test_a_date_text_that_its_column_changes_is_found(monkeypatch, change, said):
    texts = ["03/04/2025", "no date", "2025-04-02", "45000"]
    assert fuzz_dates.judged(texts) == ["2025-04-03", "not a date", "2025-04-02", "2023-03-15"]
    monkeypatch.setattr(fuzz_dates, "read_dates", wrongly(**change))
    with pytest.raises(fuzz_dates.Wrong, match=said):
        fuzz_dates.judged(texts)


def test_a_text_with_a_timezone_is_refused_alone_and_leaves_its_column_be():
    assert fuzz_dates.judged(["03/04/2025", "2025-04-02T10:00Z"]) == ["2025-04-03", "refused"]
    assert fuzz_dates.outcomes(["03/04/2025", "2025-04-02T10:00Z", ""]) == ["2025-04-03", "refused", ""]


def test_a_broken_column_is_brought_down_to_the_text_that_breaks_it(monkeypatch):
    def read(values, **_):
        raise ZeroDivisionError if (values == "bad").any() else InputError("no")

    monkeypatch.setattr(fuzz_dates, "read_dates", read)
    assert fuzz_run.smallest(["a", "b", "bad", "c", "d"], 10) == ["bad"]


def test_about_as_many_differ_as_do():
    different = fuzz_found.Different()
    for number in range(40_000):
        different.add(str(number % 10_000).encode())
    assert different.count() == pytest.approx(10_000, rel=0.01)


def test_the_command_counts_files_and_date_texts_apart_and_the_memory_too():
    command = [sys.executable, "-m", "tools.fuzz", "--inputs", "20000", "--processes", "2", "--seed", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    lines = done.stdout.splitlines()
    total, texts, files = (int(line.split()[0].replace(",", "")) for line in lines[:3])
    assert total == texts + files >= 20_000
    assert "date texts" in lines[1]
    assert any(line.startswith("memory: ") for line in lines)
    assert lines[-1] == "0 kinds of crash or hang"
