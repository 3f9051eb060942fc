"""What another system says, beside what was expected of it: each difference with its rule and its source."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

_NEEDED = ("due", "status")
_ALSO = ("days_over", "exempt", "breach", "other_due")


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not as expected: of which rule, which value, and what the expectation rests on."""

    rule: str
    name: str
    expected: Any
    got: Any
    source: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.name} is {_shown(self.got)} and should be {_shown(self.expected)} ({self.source})"


NOT_SAID = "not given"


def differences(
    rule: str, got: Mapping[str, Any], expected: Mapping[str, Any], source: str
) -> tuple[Difference, ...]:
    """Compare an answer with what is expected: due day and status always, and whatever else the answer gives.

    >>> for one in differences("plan_final", {"due": "2025-08-19", "status": "met"}, {"due": "2025-08-20", "status": "met"}, "reg 13(2)"):
    ...     print(one)
    plan_final: due is "2025-08-19" and should be "2025-08-20" (reg 13(2))
    """
    names = [*_NEEDED, *(name for name in _ALSO if name in got and name in expected)]
    said = {name: _plain(got.get(name, NOT_SAID)) for name in names}
    return tuple(
        Difference(rule, name, expected[name], said[name], source)
        for name in names
        if not _is_same(said[name], expected[name])
    )


def _is_same(got: Any, expected: Any) -> bool:
    """One and True are equal to Python, and not the same answer."""
    return type(got) is type(expected) and bool(got == expected)


def _plain(value: Any) -> Any:
    """Write a day as ISO text, whatever type the other system has for it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> str:
    """Write a value that came from outside so that it cannot move the cursor or fill the screen."""
    return json.dumps(value, default=str)[:80]
