"""Which tests run which lines, and how long each takes: measured once, and kept in a scratch file."""

import importlib
import pickle
import pkgutil
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest
from tools.mutate_law import OPTIONS
from tools.mutation.changes import Mutant

LOADING = "loading"
# Where fewer tests than FEW run a line, as none do that is run in loading alone, NEAR others of the module are tried too.
FEW, NEAR = 10, 300


@dataclass
class Reach:
    """Seconds of work of every test that passes, and by path and line the tests that run it; LOADING stands for the loading of modules."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def is_run_in_loading(self, path: str, lines: set[int]) -> bool:
        """Whether any of these lines is run while modules are loaded."""
        return any(LOADING in self.tests.get(path, {}).get(line, ()) for line in lines)

    def of(self, mutant: Mutant, kills: dict[str, int], limit: float) -> list[str]:
        """Tests to run for a mutant: those of its line first, by what they killed there and by time, up to a number of seconds."""
        lines = self.tests.get(mutant.path, {})
        mine = self._ordered(set(lines.get(mutant.line, ())), mutant, kills)
        near: list[str] = []
        # What is loaded is seen by tests that run no line of it.
        if len(mine) < FEW or LOADING in lines.get(mutant.line, ()):
            named = {test for test in self.seconds if _is_named(test, mutant)}
            near = _spread(self._ordered(named.union(*lines.values()), mutant, kills))[:NEAR]
        chosen: list[str] = []
        for test in dict.fromkeys([*mine, *near]):
            limit -= self.seconds[test]
            if limit >= 0 or not chosen:
                chosen.append(test)
        return chosen

    def _ordered(self, tests: set[str], mutant: Mutant, kills: dict[str, int]) -> list[str]:
        """What killed a neighbour first, then what is named after the room or the module, then the rest, the quickest first."""

        def rank(test: str) -> tuple[int, bool, float, str]:
            return -kills.get(test, 0), not _is_named(test, mutant), self.seconds[test], test

        return sorted(tests & set(self.seconds), key=rank)


def _spread(tests: Sequence[str]) -> list[str]:
    """One case of each test first, then a second of each, so that a test of hundreds of cases leaves room for others."""
    cases: Counter[str] = Counter()
    places = []
    for test in tests:
        function = test.partition("[")[0]
        cases[function] += 1
        places.append(cases[function])
    return [test for _, test in sorted(zip(places, tests, strict=True), key=lambda pair: pair[0])]


def _is_named(test: str, mutant: Mutant) -> bool:
    """Whether a test bears the name of the room or of the module."""
    return any(f"_{part}" in test or f"/{part}" in test for part in mutant.names)


class _Recorder:
    """A plugin of pytest: what a test runs is recorded under its name."""

    def __init__(self, watched: coverage.Coverage) -> None:
        self.watched = watched
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Iterator[None]:
        """Switch to the name of the test, and time it."""
        self.watched.switch_context(item.nodeid)
        begun = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - begun
        self.watched.switch_context("between")
        return result

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep what did not pass."""
        if not report.passed:
            self.failed.add(report.nodeid)


def measured(files: Sequence[str], rooms: Sequence[str], keep: Path) -> str:
    """Run the tests once, and keep what they reach of the rooms; says how many ran and which failed."""
    watched = coverage.Coverage(
        data_file=None, source_pkgs=[f"ehcptime.{room}" for room in rooms], config_file=False
    )
    watched.start()
    watched.switch_context(LOADING)
    for room in rooms:
        package = importlib.import_module(f"ehcptime.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"ehcptime.{room}."):
            importlib.import_module(module.name)
    watched.switch_context("collecting")
    recorder = _Recorder(watched)
    pytest.main([*OPTIONS, "--hypothesis-seed=0", *files], plugins=[recorder])
    watched.stop()
    found = Reach({test: took for test, took in recorder.seconds.items() if test not in recorder.failed})
    data, top = watched.get_data(), Path.cwd()
    for path in data.measured_files():
        lines: dict[int, list[str]] = defaultdict(list)
        for line, tests in data.contexts_by_lineno(path).items():
            lines[line] = [test for test in tests if test not in {"between", "collecting", ""}]
        found.tests[str(Path(path).relative_to(top))] = dict(lines)
    keep.write_bytes(pickle.dumps(found))
    return f"{len(found.seconds)} tests pass in {sum(found.seconds.values()):.0f} s; left out: {sorted(recorder.failed)}"
