"""The conformance pack put to another system, in whatever language: questions out as JSON lines, answers back, and what they come to."""

import json
import shlex
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ehcptime.errors import CommandError, InputError
from ehcptime.testing.comparing import Difference, differences
from ehcptime.testing.pack_files import Pack, Vector, conformance_pack

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Conformance:
    """What a system's answers come to: its differences by vector, and each rule once.

    A rule is `differing` where an answer was not as expected; else it is `covered` in full, `covered_in_part` or `not_covered`.
    """

    pack: str
    rule_book: str
    notice: str
    asked: int
    answered: int
    failures: Mapping[str, tuple[Difference, ...]]
    differing: tuple[str, ...]
    covered: tuple[str, ...]
    covered_in_part: tuple[str, ...]
    not_covered: tuple[str, ...]

    @property
    def is_pass(self) -> bool:
        """True where something was answered and nothing differs."""
        return bool(self.answered) and not self.failures

    def __str__(self) -> str:
        verdict = "passed" if self.is_pass else "not passed"
        lines = [
            f"conformance pack {self.pack}, rule book of {self.rule_book}: {verdict}",
            f"{self.answered} of {self.asked} questions answered, {len(self.failures)} not as expected",
        ]
        for words, rules in (
            ("not as expected", self.differing),
            ("covered in full, and as expected", self.covered),
            ("covered in part", self.covered_in_part),
            ("not covered, and so not passed", self.not_covered),
        ):
            lines.append(f"rules {words} ({len(rules)}): {', '.join(rules) or 'none'}")
        for name, found in list(self.failures.items())[:_SHOWN]:
            lines += [f"{name}", *(f"  {one}" for one in found)]
        if len(self.failures) > _SHOWN:
            lines.append(f"and {len(self.failures) - _SHOWN} more")
        return "\n".join([*lines, self.notice])


def put_to(
    command: str, *, rules: Iterable[str] = (), timeout: float = 300, pack: Pack | None = None
) -> Conformance:
    """Run a command, write the questions to its standard input and compare what it writes to its standard output.

    The command is split into words and run without a shell. `rules` limits the questions; `timeout` is in seconds. Raises CommandError
    where it cannot be run or takes longer, and InputError where it fails or what it writes is not one JSON object a line.
    """
    held = pack or conformance_pack()
    asked = held.of(rules)
    lines = "".join(f"{json.dumps(one.question)}\n" for one in asked)
    return compared(held, asked, answers_in(_run(command, lines, timeout)))


def compared(pack: Pack, asked: Sequence[Vector], answers: Mapping[str, Mapping[str, Any]]) -> Conformance:
    """Compare answers, by the id of the question, with the vectors that were asked about."""
    failures: dict[str, tuple[Difference, ...]] = {}
    tried: Counter[str] = Counter()
    for one in asked:
        got = answers.get(one.id, {})
        if got.get("not_covered") is True:
            continue
        tried[one.rule] += 1
        found = differences(one.rule, got, one.expected, one.source())
        if found:
            failures[one.id] = found
    of_rule = Counter(one.rule for one in asked)
    differing = {one.rule for one in asked if one.id in failures}
    fine = [rule for rule in of_rule if rule not in differing]
    return Conformance(
        pack=pack.version,
        rule_book=pack.rule_book,
        notice=pack.notice,
        asked=len(asked),
        answered=sum(tried.values()),
        failures=failures,
        differing=tuple(sorted(differing)),
        covered=tuple(rule for rule in fine if tried[rule] == of_rule[rule]),
        covered_in_part=tuple(rule for rule in fine if 0 < tried[rule] < of_rule[rule]),
        not_covered=tuple(rule for rule in fine if not tried[rule]),
    )


def answers_in(text: str) -> dict[str, dict[str, Any]]:
    """Read answers, one JSON object a line, by the id of the question that each is to; blank lines are passed over.

    >>> answers_in('{"id": "a", "due": null, "status": "unknown"}')["a"]["status"]
    'unknown'
    """
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        answer = _object(line, number)
        if answer["id"] in found:
            raise InputError(
                f"line {number} of the answers is to a question that was answered before: answer each once"
            )
        found[answer["id"]] = answer
    return found


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(
            f"line {number} of the answers is not JSON: write one object a line and nothing else"
        ) from None
    if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
        raise InputError(f"line {number} of the answers names no question: give the id that it came with")
    return answer


def _run(command: str, lines: str, timeout: float) -> str:
    try:
        words = shlex.split(command)
        done = subprocess.run(  # noqa: S603 - it is what the user asked to be run, and no shell reads it
            words, input=lines, stdout=subprocess.PIPE, encoding="utf-8", timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        raise CommandError(
            f"the command gave no end after {timeout:g} seconds: give a longer timeout"
        ) from None
    except (OSError, ValueError, IndexError) as error:
        raise CommandError(
            f"the command cannot be run ({type(error).__name__}): give a program and its arguments"
        ) from None
    if done.returncode:
        raise InputError(
            f"the command ended with code {done.returncode}: it must end with 0 after it has answered"
        )
    return done.stdout
