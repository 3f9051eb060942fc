"""Processes that try one mutant each, forked from one that has loaded what takes long, and killed when a test takes far too long."""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import MappingProxyType
from typing import Any

import pytest
from tools.mutate_law import OPTIONS
from tools.mutation.changes import Mutant
from tools.mutation.planting import plant_in_module

SURVIVED, STOPPED, TIMED_OUT, NOT_LOADED = (
    "survived",
    "stopped the process",
    "took too long",
    "cannot be loaded",
)


def forked(work: Callable[[], str]) -> str:
    """What a piece of work says, done in a child process that prints nothing."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            os.write(write, work().encode())
        finally:  # whatever goes wrong, a child never runs on as if it were the parent
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return said or (TIMED_OUT if os.WTERMSIG(status) in {signal.SIGPROF, signal.SIGALRM} else STOPPED)


def streamed(work: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Give the lines that a piece of work gives, a number and a word each, done in a child process that prints nothing; and what it died of."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        end = 1
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            for line in work():
                os.write(write, f"{line}\n".encode())
            end = 0
        finally:  # whatever goes wrong, a child never runs on as if it were the parent
            os._exit(end)
    os.close(write)
    with os.fdopen(read) as pipe:
        for line in pipe:
            yield line.removesuffix("\n")
    _, status = os.waitpid(child, 0)
    if status:
        died = TIMED_OUT if os.WTERMSIG(status) in {signal.SIGPROF, signal.SIGALRM} else STOPPED
        yield f"0 {died}"


def give(seconds: float) -> None:
    """End this process where it computes for longer, or where it waits for much longer: on a busy machine, a test waits long for its turn."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(int(40 * seconds))


class Failures:
    """A plugin of pytest: it keeps the first test that failed, and ends the process where one takes far too long."""

    def __init__(
        self, seconds: dict[str, float], names: Mapping[Any, dict[str, Any]] = MappingProxyType({})
    ) -> None:
        self.seconds, self.names = seconds, names
        self.first = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: Any) -> None:
        """Give each test ten times what it took, and a quarter of a minute; an example has lost its names when it is run again."""
        give(15 + 10 * self.seconds.get(item.nodeid, 1))
        if item in self.names:
            item.dtest.globs.update(self.names[item])

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the name of the first test that failed."""
        if report.failed and not self.first:
            self.first = report.nodeid


def loaded_and_tried(mutant: Mutant, tests: Sequence[str], seconds: dict[str, float]) -> str:
    """Load the code with the mutant in it, and run tests until one fails."""
    give(60)
    plant_in_module(mutant)
    failures = Failures(seconds)
    end = pytest.main([*OPTIONS, "--hypothesis-seed=0", "-x", *tests], plugins=[failures])
    return failures.first or (SURVIVED if end == pytest.ExitCode.OK else NOT_LOADED)


class Unloaded:
    """A process that has loaded others' packages and nothing of ours, for mutants that must be there before loading."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.end, far = Pipe()
        if not os.fork():
            self.end.close()
            try:
                _serve(far, seconds)
            finally:
                os._exit(0)
        far.close()

    def tried(self, mutant: Mutant, tests: Sequence[str]) -> str:
        """What became of a mutant."""
        self.end.send((mutant, tests))
        return str(self.end.recv())


def _serve(end: Connection, seconds: dict[str, float]) -> None:
    gc.freeze()
    while True:
        try:
            mutant, tests = end.recv()
        except EOFError:
            return
        end.send(forked(lambda: loaded_and_tried(mutant, tests, seconds)))  # noqa: B023 - called at once
