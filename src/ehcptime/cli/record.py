"""A record of what a command prints: the reference of every number, and the manifest by which `trace` finds them again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib import import_module
from typing import Any

import lazy_loader

from ehcptime.cli.frames import Frame

pd = lazy_loader.load("pandas")

Asked = tuple[str, Mapping[str, Any]]  # a question of the library and its arguments
OF = "answer"  # which of several answers of one command a table is
_SAID = "in words"


class EnoughError(Exception):
    """What an answer rests on is known, and more was not asked for."""


@dataclass
class Record:
    """What one command was asked, of what, and the references that it has given out.

    `sources` names what the command was given, in its order. A record that `stops` ends the command with `EnoughError` before it
    counts anything; while a command `is_again`, nothing is written.
    """

    question: str
    arguments: Mapping[str, Any]
    audience: str = "internal"
    sources: Sequence[str] = ()
    is_whole: bool = True
    as_at: date | None = None
    inputs: dict[str, Any] = field(default_factory=dict)
    lines: int = 0
    stops: bool = False
    is_again: bool = False

    def rests_on(self, as_at: date | None = None, **sources: Any) -> None:
        """Note what the answer rests on: extracts, and files as their bytes; and the day of the position."""
        self.as_at = as_at or self.as_at
        self.inputs |= sources

    def asks(self, **more: Any) -> None:
        """Note what else is asked, before anything is entered."""
        self.arguments = {**self.arguments, **more}

    @cached_property
    def _ledger(self) -> Any:
        return _outputs("ledger").Ledger(self.inputs, as_at=self.as_at, audience=self.audience)

    def enter(
        self, table: Frame, *, name: str = "", asked: Asked | None = None, labels: Sequence[str] | None = None
    ) -> Frame:
        """Give a table its references: by a question of the library where it answers one, otherwise by the command."""
        if self.stops:
            raise EnoughError
        if asked is not None:
            return self._ledger.enter(table, _outputs("traced_questions").asked_of(*asked))
        arguments = {**self.arguments, OF: name}
        said = _outputs("ledger").labels_in(table) if labels is None else labels
        return self._ledger.enter(table, _outputs("references").Asked(self.question, arguments, said))

    def enter_lines(self, text: str) -> str:
        """Put a reference before each line that has a number in it."""
        return "\n".join(map(self._line, text.splitlines()))

    def _line(self, text: str) -> str:
        if not any(letter.isdigit() for letter in text):
            return text
        self.lines += 1
        table = pd.DataFrame({"line": [str(self.lines)], "text": [text.strip()]})
        ref = self.enter(table, name=_SAID, labels=["line"])["ref"].iloc[0]
        indent = text[: len(text) - len(text.lstrip())]
        return f"{indent}[{ref}] {text.lstrip()}"

    def manifest(self) -> Any:
        """What `trace` needs."""
        return self._ledger.manifest(self.sources, is_whole=self.is_whole)


def _outputs(module: str) -> Any:
    """Load what keeps references when it is first used, and pandas with it."""
    return import_module(f"ehcptime.outputs.{module}")
