"""The trials: each mutant meets the tests that run its line, in a process of its own or of a few, until one of them fails."""

import gc
import importlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from tools.mutation.changes import Mutant
from tools.mutation.planting import function_of, planted
from tools.mutation.processes import SURVIVED, Failures, Unloaded, streamed
from tools.mutation.reach import Reach

NOT_REACHED = "no test reaches it"
ALIVE = {SURVIVED, NOT_REACHED}
Tell = Callable[[Mutant, str, int, float], None]
# Mutants of one process: a new one costs as much as many tests, and on a busy machine waits longest for its first turn.
TOGETHER = 40


class Trials:
    """A plugin of pytest: where the tests would be run once, those that reach a mutant are run for each, in child processes."""

    def __init__(
        self, chosen: Sequence[Mutant], reach: Reach, unloaded: Unloaded, tell: Tell, **limits: float
    ) -> None:
        self.chosen, self.reach, self.unloaded, self.tell = chosen, reach, unloaded, tell
        self.until, self.limit, self.in_loading = limits["until"], limits["limit"], bool(limits["in_loading"])
        self.kills: dict[str, Counter[str]] = defaultdict(Counter)
        self.begun = time.monotonic()

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try the mutants, as many as there is time for."""
        items = {item.nodeid: item for item in session.items}
        # Kept for the children: it takes seconds to make.
        importlib.import_module("ehcptime.clock.calendars").tribunal()
        gc.freeze()  # so that no child copies what it does not change
        waiting = [one for one in self.chosen if self._is_inside(one)]
        while waiting and time.monotonic() < self.until:
            now, waiting = waiting[:TOGETHER], waiting[TOGETHER:]
            tried = 0
            for line, mutant in zip(streamed(lambda: self._in_child(now, items)), now, strict=False):  # noqa: B023 - called at once
                tests, said = line.split(" ", 1)
                self._count(mutant, int(tests), said)
                tried += 1
            waiting = now[tried:] + waiting
        for mutant in [one for one in self.chosen if not self._is_inside(one)]:
            if time.monotonic() < self.until:
                given = self._tests(mutant)
                said = self.unloaded.tried(mutant, given) if given else NOT_REACHED
                self._count(mutant, len(given), said)
        return True

    def _is_inside(self, mutant: Mutant) -> bool:
        """Whether it can be put into the function that is loaded: not where that is run, or read, when a module is loaded."""
        function = function_of(mutant)
        if function is None or self.in_loading:
            return False
        body = {line for _, _, line in function.__code__.co_lines() if line} - {
            function.__code__.co_firstlineno
        }
        return not self.reach.is_run_in_loading(mutant.path, body)

    def _tests(self, mutant: Mutant) -> list[str]:
        return self.reach.of(mutant, self.kills[mutant.path], self.limit)

    def _count(self, mutant: Mutant, tests: int, said: str) -> None:
        self.kills[mutant.path][said] += said not in ALIVE
        self.tell(mutant, said, tests, time.monotonic() - self.begun)
        self.begun = time.monotonic()

    def _in_child(self, mutants: Sequence[Mutant], items: dict[str, Any]) -> Iterator[str]:
        """Say of each mutant how many tests met it and what became of it.

        A test that still fails when the mutant is gone shows that something was kept: the process ends, and unless it was the first, the
        mutant is tried again in a new one.
        """
        names = {item: dict(item.dtest.globs) for item in items.values() if getattr(item, "dtest", None)}
        runs = _Runs(Failures(self.reach.seconds, names), next(iter(items.values())).config)
        for place, mutant in enumerate(mutants):
            tests, function = self._tests(mutant), function_of(mutant)
            if not tests or function is None:
                yield f"0 {NOT_REACHED}"
                continue
            with planted(mutant, function):
                said = runs.first_failure([items[test] for test in tests])
            is_clean = said in ALIVE or runs.first_failure([items[said]]) == SURVIVED
            if is_clean or not place:
                self.kills[mutant.path][said] += said not in ALIVE
                yield f"{len(tests)} {said}"
            if not is_clean:
                return


class _Runs:
    """Tests run again and again in one process."""

    def __init__(self, failures: Failures, config: Any) -> None:
        self.failures, self.config = failures, config
        config.pluginmanager.register(failures)

    def first_failure(self, items: Sequence[Any]) -> str:
        """Run tests until one fails; whatever fixtures hold is thrown away after it."""
        self.failures.first = ""
        for item, following in pairwise([*items, None]):
            self.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failures.first:
                items[0].session._setupstate.teardown_exact(None)  # noqa: SLF001 - as the last test of a run does
                return self.failures.first
        return SURVIVED
