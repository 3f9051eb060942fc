"""Change the code one thing at a time, and see a test fail: `python -m tools.mutate_code [--rooms clock,tracking] [--sample 200]`.

Each mutant is one change of one place in the code of a room (tools/mutation/changes.py says which). For each a child process puts it
into the function that is loaded, or loads the module with it, and runs the tests that run its line, what killed its neighbours
first, until one fails, which kills it. Nothing is written to the source. A mutant that no test can kill, since it changes no answer,
is named with the reason in tools/mutants_explained.toml and counted apart; an entry there that matches no mutant is an error. Survivors are listed, and the
exit code is 1 where a room has too many.
"""

import argparse
import importlib
import math
import os
import pickle
import random
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from tools.mutate_law import OPTIONS
from tools.mutation.changes import Mutant, mutants
from tools.mutation.processes import TIMED_OUT, Unloaded, forked
from tools.mutation.reach import Reach, measured
from tools.mutation.tests import ROOMS, test_files
from tools.mutation.trials import ALIVE, Trials

TOP = Path(__file__).parent.parent
EXPLAINED = Path(__file__).parent / "mutants_explained.toml"
# Loaded before any child is forked: they take longer than most tests.
HEAVY = (
    "numpy",
    "pandas",
    "pydantic",
    "hypothesis",
    "holidays",
    "dateutil.relativedelta",
    "typer",
    "rich",
    "pyarrow",
)


def explained() -> dict[str, str]:
    """The mutants that change no answer, and why."""
    rows = tomllib.loads(EXPLAINED.read_text("utf-8")).get("mutant", [])
    return {f"{row['where']}: {line}": row["why"] for row in rows for line in row["changes"]}


def room_of(mutant: Mutant) -> str:
    """The room whose code a mutant changes."""
    return Path(mutant.path).parts[2]


def all_mutants(room: str) -> list[Mutant]:
    """Every mutant of a room."""
    paths = sorted((TOP / "src" / "ehcptime" / room).rglob("*.py"))
    return [one for path in paths for one in mutants(str(path.relative_to(TOP)), path.read_text("utf-8"))]


def stale(known: Iterable[str], every: Mapping[str, list[Mutant]]) -> list[str]:
    """Explanations of mutants of these rooms that their code no longer has."""
    keys = {one.key for mutants_of_room in every.values() for one in mutants_of_room}
    return sorted(key for key in known if key.partition("/")[0] in every and key not in keys)


def drawn(every: Mapping[str, list[Mutant]], only: list[str], sample: int | None, seed: int) -> list[Mutant]:
    """The mutants to try, as many of each room, in an order that a seed gives."""
    chosen: list[Mutant] = []
    for mutants_of_room in every.values():
        found = [one for one in mutants_of_room if any(part in one.key for part in only)]
        random.Random(seed).shuffle(found)  # noqa: S311 - a sample, not a secret
        chosen += found[:sample]
    return chosen


def survivors(told: Path) -> list[str]:
    """Names of the mutants that an earlier run told of as alive."""
    lines = [line for line in told.read_text("utf-8").splitlines() if line.startswith(tuple(ALIVE))]
    return [line.partition(": ")[2] for line in lines]


class Account:
    """What became of the mutants, told as it happens."""

    def __init__(self, sizes: Counter[str], known: dict[str, str], *, tells_all: bool) -> None:
        self.sizes, self.known, self.tells_all = sizes, known, tells_all
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.endless: Counter[str] = Counter()

    def tell(self, mutant: Mutant, said: str, tests: int, seconds: float) -> None:
        """Count a mutant, and name it where it lives and is not explained."""
        is_alive = said in ALIVE
        word = "killed" if not is_alive else "explained" if mutant.key in self.known else "survived"
        self.counts[room_of(mutant)][word] += 1
        self.endless[room_of(mutant)] += said == TIMED_OUT
        if word == "survived" or self.tells_all:
            print(
                f"{said} ({tests} tests, {seconds:.0f} s), line {mutant.line}: {mutant.key}",
                file=sys.__stderr__,
                flush=True,
            )
        if not sum(map(Counter.total, self.counts.values())) % 25:
            print(
                {room: dict(counts) for room, counts in self.counts.items()}, file=sys.__stderr__, flush=True
            )

    def report(self, least: float) -> bool:
        """Print the score of each room with its 95 per cent interval; true where each is at least so many per cent."""
        for room, counts in self.counts.items():
            tried = counts["killed"] + counts["survived"]
            low, high = interval(counts["killed"], tried)
            print(
                f"{room}: {counts.total()} of {self.sizes[room]} mutants tried, {counts['killed']} killed ({self.endless[room]} of them by "
                f"not coming to an end), {counts['explained']} explained, ",
                end="",
            )
            print(
                f"{counts['survived']} survived: {100 * counts['killed'] / max(tried, 1):.1f} per cent (95% {low:.1f} to {high:.1f})"
            )
        return all(
            100 * counts["killed"] >= least * (counts["killed"] + counts["survived"])
            for counts in self.counts.values()
        )


def interval(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share, in per cent."""
    if not of:
        return 0.0, 100.0
    share, spread = hits / of, 1 + z * z / of
    middle, half = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return 100 * (middle - half) / spread, 100 * (middle + half) / spread


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rooms", default=",".join(ROOMS), help="rooms, with commas between them")
    parser.add_argument("--sample", type=int, help="how many mutants of each room; all without it")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument(
        "--only", nargs="+", default=[""], help="mutants with one of these in their names alone"
    )
    parser.add_argument(
        "--again", type=Path, help="mutants that what an earlier run wrote down names as survivors alone"
    )
    parser.add_argument(
        "--tests",
        nargs="+",
        help="how the names of test files begin, such as unit/test_law, instead of those of the room",
    )
    parser.add_argument(
        "--part", default="1/1", help="one part of the mutants, such as 2/3, to run three at a time"
    )
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long")
    parser.add_argument("--limit", type=float, default=60, help="seconds of work of tests for one mutant")
    parser.add_argument(
        "--least",
        type=float,
        default=100,
        help="score of a room, in per cent, below which the exit code is 1",
    )
    parser.add_argument(
        "--in-loading",
        action="store_true",
        help="load the code anew for every mutant, as if none were loaded",
    )
    parser.add_argument(
        "--verbose", action="store_true", help="name the mutants that were killed too, and by what"
    )
    parser.add_argument(
        "--reach",
        type=Path,
        help="a file that keeps which test runs which line; measured and written if it is not there",
    )
    return parser.parse_args()


def reach_of(kept: Path | None, files: list[str], rooms: list[str]) -> Reach:
    """Which tests reach what: from a file of an earlier run, or measured now, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        keep = kept or Path(folder) / "reach"
        if not keep.exists():
            print(forked(lambda: measured(files, rooms, keep)), file=sys.__stderr__, flush=True)
        found = pickle.loads(keep.read_bytes())  # noqa: S301 - written by this program
    return found if isinstance(found, Reach) else Reach()


def main() -> int:
    """Try the mutants, say what became of them, and list the survivors."""
    asked = _asked()
    os.chdir(TOP)
    for name in HEAVY:
        importlib.import_module(name)
    settings.register_profile("one failure is enough", phases=[Phase.explicit, Phase.reuse, Phase.generate])
    settings.load_profile("one failure is enough")  # what tests/conftest.py registers begins from it
    rooms, known = asked.rooms.split(","), explained()
    every = {room: all_mutants(room) for room in rooms}
    if left := stale(known, every):
        print(f"explained in {EXPLAINED.name}, but not in the code (any more):", *left, sep="\n  ")
        return 2
    only = survivors(asked.again) if asked.again else asked.only
    chosen = drawn(every, only, asked.sample, asked.seed)
    sizes = Counter({room: len(found) for room, found in every.items()})
    part, parts = map(int, asked.part.split("/"))
    reach, account = (
        reach_of(asked.reach, test_files(TOP, rooms, asked.tests), rooms),
        Account(sizes, known, tells_all=asked.verbose),
    )
    limits = {
        "until": time.monotonic() + 60 * asked.minutes,
        "limit": asked.limit,
        "in_loading": asked.in_loading,
    }
    trials = Trials(chosen[part - 1 :: parts], reach, Unloaded(reach.seconds), account.tell, **limits)
    files = sorted({test.partition("::")[0] for test in reach.seconds})
    end = pytest.main([*OPTIONS, "--hypothesis-seed=0", *files], plugins=[trials])
    return (
        (0 if account.report(asked.least) else 1)
        if end in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
        else int(end)
    )


if __name__ == "__main__":
    sys.exit(main())
