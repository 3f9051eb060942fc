"""The trials: each mutant meets the tests that run its line, in a process of its own, until one of them fails."""

import gc
import importlib
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from tools.mutation.changes import Mutant
from tools.mutation.planting import function_of, plant
from tools.mutation.processes import NOT_LOADED, SURVIVED, Failures, Unloaded, forked, give
from tools.mutation.reach import Reach

NOT_REACHED = "no test reaches it"
ALIVE = {SURVIVED, NOT_REACHED}
Tell = Callable[[Mutant, str, int, float], None]


class Trials:
    """A plugin of pytest: where the tests would be run once, those that reach a mutant are run for each, in a child process each."""

    def __init__(
        self, chosen: Sequence[Mutant], reach: Reach, unloaded: Unloaded, tell: Tell, **limits: float
    ) -> None:
        self.chosen, self.reach, self.unloaded, self.tell = chosen, reach, unloaded, tell
        self.until, self.limit, self.in_loading = limits["until"], limits["limit"], bool(limits["in_loading"])
        self.kills: dict[str, Counter[str]] = defaultdict(Counter)

    def pytest_runtestloop(self, session: Any) -> bool:
        """Try the mutants, as many as there is time for."""
        items = {item.nodeid: item for item in session.items}
        importlib.import_module(
            "ehcptime.clock.calendars"
        ).tribunal()  # kept for the children: it takes seconds to make
        gc.freeze()  # so that no child copies what it does not change
        for mutant in self.chosen:
            if time.monotonic() > self.until:
                break
            begun = time.monotonic()
            tests = self.reach.of(mutant, self.kills[mutant.path], self.limit)
            said = self._tried(mutant, tests, items) if tests else NOT_REACHED
            self.kills[mutant.path][said] += said not in ALIVE
            self.tell(mutant, said, len(tests), time.monotonic() - begun)
        return True

    def _tried(self, mutant: Mutant, tests: list[str], items: dict[str, Any]) -> str:
        """In the function that is loaded; or loaded anew, where it is run or read when a module is loaded."""
        function = function_of(mutant)
        if function is not None and not self.in_loading:
            body = {line for _, _, line in function.__code__.co_lines() if line} - {
                function.__code__.co_firstlineno
            }
            if not self.reach.is_run_in_loading(mutant.path, body):
                return forked(lambda: self._in_child(mutant, [items[test] for test in tests]))
        return self.unloaded.tried(mutant, tests)

    def _in_child(self, mutant: Mutant, items: list[Any]) -> str:
        give(60)
        function = function_of(mutant)
        if function is None:
            return NOT_LOADED
        plant(mutant, function)
        failures = Failures(self.reach.seconds)
        items[0].config.pluginmanager.register(failures)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if failures.first:
                return failures.first
        return SURVIVED
