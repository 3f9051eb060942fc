"""The conformance pack as it ships: questions in, expected days and statuses out, in plain JSON. It needs only the standard library."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from ehcptime.errors import CommandError

_FOLDER = files("ehcptime.testing").joinpath("pack")
_QUESTION = ("id", "rule", "as_at", "convention", "case", "advice", "exemptions")


@dataclass(frozen=True, slots=True)
class Vector:
    """A question, its expected answer, and what that answer rests on.

    `authority` is statutory, guidance or local, `mark` how far the text was verified (seen, secondary, memory), and `conflict` says
    where authorities differ. `question` and `expected` are plain dicts, with days as ISO text.
    """

    id: str
    rule: str
    question: Mapping[str, Any]
    expected: Mapping[str, Any]
    cite: str
    authority: str
    mark: str
    because: str
    conflict: str

    def source(self) -> str:
        """Say in a few words what the answer rests on."""
        text = {"seen": "text seen", "secondary": "secondary source", "memory": "text not verified"}[
            self.mark
        ]
        said = f"{self.cite}; {self.authority}; {text}"
        return f"{said}; {self.conflict}" if self.conflict else said


@dataclass(frozen=True, slots=True)
class Pack:
    """The vectors of a pack, its version, the edition of the rule book and the notice that goes with any result."""

    version: str
    rule_book: str
    notice: str
    rules: Mapping[str, Mapping[str, str]]
    vectors: tuple[Vector, ...]

    def of(self, rules: Iterable[str]) -> tuple[Vector, ...]:
        """Give the vectors of some rules, or all of them where none is named; raises CommandError for a rule that is not there."""
        wanted = set(rules)
        for rule in sorted(wanted - set(self.rules)):
            raise CommandError(
                f"the conformance pack has no rule {rule!r}: use ids of the rule book, such as 'plan_final'"
            )
        return tuple(one for one in self.vectors if not wanted or one.rule in wanted)


@cache
def conformance_pack() -> Pack:
    """Read the conformance pack that ships with ehcptime.

    >>> pack = conformance_pack()
    >>> one = next(vector for vector in pack.vectors if vector.id == "plan_final/decision/jsc-20")
    >>> one.expected["due"], one.cite
    ('2025-08-20', 'SI 2014/1530 reg 13(2)')
    """
    held = json.loads(_FOLDER.joinpath("pack.json").read_text(encoding="utf-8"))
    vectors = tuple(_vector(row) for row in held["vectors"])
    return Pack(held["pack"], held["rule_book"], held["notice"], held["rules"], vectors)


def conformance_schema() -> dict[str, Any]:
    """Give the JSON Schema of the pack; `$defs` has those of a question and of an answer.

    >>> conformance_schema()["title"]
    'ehcptime conformance pack, format 1'
    """
    found: dict[str, Any] = json.loads(_FOLDER.joinpath("schema.json").read_text(encoding="utf-8"))
    return found


def _vector(row: Mapping[str, Any]) -> Vector:
    return Vector(
        question={name: row[name] for name in _QUESTION if name in row},
        because=row.get("because", ""),
        conflict=row.get("conflict", ""),
        **{name: row[name] for name in ("id", "rule", "expected", "cite", "authority", "mark")},
    )
