"""Change the law data one thing at a time, and see a test fail: `python -m tools.mutate_law [--step 1] [--only plan_final]`.

Each mutant is one change of one row of the rule files, as they are read: a length one unit up or down, another counting word or
bound, start and done swapped or taken from another rule, an exemption dropped or added, a first or last day or a day of the year
moved. For each a child process changes the row of the loaded rule book and runs the tests of the law until one fails, which kills
the mutant. A row that the loader itself refuses is counted apart. Survivors are listed, and the exit code is 1.
"""

import argparse
import copy
import gc
import os
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parent.parent
RULES = TOP / "src" / "ehcptime" / "law" / "rules"
# The quickest first: what reads the book, then what counts with it.
TESTS = (
    "tests/unit/test_rule_book.py",
    "tests/unit/test_law.py",
    "tests/spec/test_examples.py",
    "tests/acceptance/test_published_decisions.py",
)
OPTIONS = (
    "-q",
    "-s",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:randomly",
    "-p",
    "no:xdist",
    "-p",
    "no:benchmark",
    "--tb=no",
    "--assert=plain",
)
COUNTS = ("after", "beginning_with", "before", "immediately")
BOUNDS = ("at_most", "at_least")
KILLED, REFUSED, SURVIVED, BROKEN = "killed", "refused by the loader", "survived", "not tried"

Table = dict[str, Any]
Change = Callable[[Table], None]


@dataclass(frozen=True)
class Mutant:
    """One change of one rule: what is changed, in words, and how."""

    rule: str
    what: str
    change: Change


def rule_tables() -> dict[str, Table]:
    """Every rule of the files as it is written, by id."""
    book = tomllib.loads((RULES / "book.toml").read_text("utf-8"))
    texts = [(RULES / f"{name}.toml").read_text("utf-8") for name in book["chapters"]]
    return {rule: table for text in texts for rule, table in tomllib.loads(text).items()}


def mutants(tables: dict[str, Table]) -> Iterator[Mutant]:
    """Every mutant of the rules."""
    codes = list(tomllib.loads((RULES / "book.toml").read_text("utf-8"))["exemptions"])
    for rule, table in tables.items():
        others = [other for other in tables.values() if other is not table]
        yield from (Mutant(rule, *made) for made in _columns(table, others))
        for place, version in enumerate(table["versions"]):
            for what, change in _of_version(version, codes):
                said = f"version from {version['from']}: {what}"
                yield Mutant(rule, said, _in_version(place, change))


def _in_version(place: int, change: Change) -> Change:
    return lambda table: change(table["versions"][place])


def _columns(table: Table, others: list[Table]) -> Iterator[tuple[str, Change]]:
    """Start and done swapped, and each taken from the next rule that has another."""
    start, done = table["start"], table["done"]
    yield "start and done swapped", lambda table: table.update(start=done, done=start)
    for key in ("start", "done"):
        other = next(rule[key] for rule in others if rule[key] not in {start, done})
        yield f"{key} {table[key]} -> {other}", _set(key, other)


def _set(key: str, value: Any) -> Change:
    return lambda table: table.update({key: value})


def _of_version(version: Table, codes: list[str]) -> Iterator[tuple[str, Change]]:
    for key in ("length", "strict", "loose"):
        if key in version:
            yield from _lengths(key, version[key])
    yield from _swaps("count", version["count"], COUNTS)
    yield from _swaps("bound", version["bound"], BOUNDS)
    yield from _exempt(version["exempt_by"], codes)
    for key in (key for key in ("from", "to") if key in version):
        yield from _days(key, version[key])
    if "fixed" in version:
        yield from _fixed(version["fixed"])
    if "later_of" in version:
        for what, change in _of_later(version["later_of"]):
            yield f"later_of {what}", _inside("later_of", change)


def _inside(key: str, change: Change) -> Change:
    return lambda version: change(version[key])


def _of_later(later: Table) -> Iterator[tuple[str, Change]]:
    yield from _lengths("length", later["length"])
    yield from _swaps("count", later["count"], COUNTS)
    yield "start -> received_date", _set("start", "received_date")


def _lengths(key: str, length: Table) -> Iterator[tuple[str, Change]]:
    """One unit up, and down where there is anything below."""
    ((unit, number),) = length.items()
    for other in (number - 1, number + 1):
        if other >= 0:
            yield f"{key} {number} -> {other} {unit}", _set(key, {unit: other})


def _swaps(key: str, said: str, words: tuple[str, ...]) -> Iterator[tuple[str, Change]]:
    for word in words:
        if word != said:
            yield f"{key} {said} -> {word}", _set(key, word)


def _exempt(held: list[str], codes: list[str]) -> Iterator[tuple[str, Change]]:
    """Each exemption dropped, and the first that is not there added."""
    for code in held:
        yield f"exempt_by without {code}", _set("exempt_by", [one for one in held if one != code])
    added = next(code for code in codes if code not in held)
    yield f"exempt_by with {added}", _set("exempt_by", [*held, added])


def _days(key: str, day: date) -> Iterator[tuple[str, Change]]:
    for step in (-1, 1):
        moved = day + timedelta(days=step)
        yield f"{key} {day} -> {moved}", _set(key, moved)


def _fixed(text: str) -> Iterator[tuple[str, Change]]:
    day = date.fromisoformat(f"2023-{text}")
    for step in (-1, 1):
        moved = f"{day + timedelta(days=step):%m-%d}"
        yield f"fixed {text} -> {moved}", _set("fixed", moved)


def plant(mutant: Mutant, table: Table) -> None:
    """Make the change in the rule book that is loaded, wherever a rule or a version of it is held.

    Raises RuleError where the loader would refuse the changed row.
    """
    from ehcptime.law.book import LAW  # noqa: PLC0415 - loaded by the tests, after the options of pytest are read
    from ehcptime.law.rule_files import rule_of  # noqa: PLC0415 - the same

    changed = copy.deepcopy(table)
    mutant.change(changed)
    held, made = LAW[mutant.rule], rule_of(mutant.rule, changed)
    for old, new in zip(held.versions, made.versions, strict=True):
        vars(old).update(vars(new))
    vars(held).update({name: value for name, value in vars(made).items() if name != "versions"})
    for name in ("_limits", "_fresh_until", "edition"):  # worked out once, from the rows
        vars(LAW).pop(name, None)


class Trials:
    """A plugin of pytest: where the tests would be run once, they are run for each mutant, in a child process each."""

    def __init__(self, chosen: list[Mutant], tables: dict[str, Table]) -> None:
        self.chosen = chosen
        self.tables = tables
        self.said: list[str] = []
        self.failed = ""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the name of the first test that failed."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: Any) -> bool:
        """Run the tests unchanged, then once for each mutant."""
        said = self._tried(session.items, None)
        if said != SURVIVED:
            raise SystemExit(f"the tests fail without any change: {said}")
        gc.freeze()  # so that no child copies what it does not change
        for number, mutant in enumerate(self.chosen, start=1):
            self.said.append(self._tried(session.items, mutant))
            _tell(number, len(self.chosen), mutant, self.said[-1])
        return True

    def _tried(self, items: list[Any], mutant: Mutant | None) -> str:
        read, write = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.write(write, self._in_child(items, mutant).encode())
            finally:  # whatever goes wrong, a child never runs on as if it were the parent
                os._exit(0)
        os.close(write)
        with os.fdopen(read) as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        return said or BROKEN

    def _in_child(self, items: list[Any], mutant: Mutant | None) -> str:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if mutant is not None:
            try:
                plant(mutant, self.tables[mutant.rule])
            except ValueError as refusal:
                return f"{REFUSED}: {refusal}"
            items = sorted(items, key=lambda item: _rank(item.nodeid, mutant.rule))
        for item in items:
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.failed:
                return self.failed
        return SURVIVED


def _rank(test: str, rule: str) -> tuple[bool, bool]:
    """The tests of the rule itself and of all rules before those of other rules, and what reads the book before what counts."""
    return "[" in test and rule not in test, "unit" not in test


def _tell(number: int, of: int, mutant: Mutant, said: str) -> None:
    if outcome(said) in {SURVIVED, BROKEN}:
        print(f"{outcome(said)}: {mutant.rule}, {mutant.what}", file=sys.__stderr__, flush=True)
    if number % 100 == 0:
        print(f"{number} of {of} tried", file=sys.__stderr__, flush=True)


def outcome(said: str) -> str:
    """Whether a mutant was killed, refused or survived, from what its run said."""
    return next((one for one in (SURVIVED, BROKEN, REFUSED) if said.startswith(one)), KILLED)


def _changes(mutant: Mutant, tables: dict[str, Table]) -> bool:
    table = copy.deepcopy(tables[mutant.rule])
    mutant.change(table)
    return table != tables[mutant.rule]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--step", type=int, default=1, help="try every n-th mutant alone")
    parser.add_argument("--first", type=int, default=0, help="the mutant to begin with")
    parser.add_argument("--only", help="mutants of one rule alone")
    return parser.parse_args()


def main() -> int:
    """Try the mutants, say what became of them, and list the survivors."""
    asked = _asked()
    os.chdir(TOP)
    tables = rule_tables()
    every = [one for one in mutants(tables) if asked.only in {None, one.rule} and _changes(one, tables)]
    chosen = every[asked.first :: asked.step]
    begun, trials = time.monotonic(), Trials(chosen, tables)
    end = pytest.main([*OPTIONS, *TESTS], plugins=[trials])
    if len(trials.said) != len(chosen):
        return int(end) or 2
    counts = Counter(outcome(said) for said in trials.said)
    killers = Counter(said.partition("[")[0] for said in trials.said if outcome(said) == KILLED)
    _report(len(chosen), len(every), counts, killers, time.monotonic() - begun)
    return 1 if counts[SURVIVED] + counts[BROKEN] else 0


def _report(tried_now: int, every: int, counts: Counter[str], killers: Counter[str], seconds: float) -> None:
    by_tests = tried_now - counts[REFUSED]
    score = 100 * counts[KILLED] / by_tests if by_tests else 100.0
    print(f"{tried_now} of {every} mutants of the law data in {seconds:.0f} s: ", end="")
    print(", ".join(f"{counts[name]} {name}" for name in (KILLED, REFUSED, SURVIVED, BROKEN)))
    print(f"score {score:.1f} per cent of those that load")
    for test, number in killers.most_common():
        print(f"  {number:5} {test}")


if __name__ == "__main__":
    sys.exit(main())
