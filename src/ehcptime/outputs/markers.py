"""Markers: the shorthand that stands in a published table where a number cannot, as the Analysis Function sets it out."""

import re
from typing import Any

CONFIDENTIAL, NOT_APPLICABLE, UNAVAILABLE, LOW = "[c]", "[z]", "[x]", "[low]"

SHORTHAND = {
    CONFIDENTIAL: "confidential: hidden because it is a small number, or because a small number could be worked out from it",
    NOT_APPLICABLE: "not applicable: there is nothing to divide",
    UNAVAILABLE: "not available: it cannot be computed from what is recorded, or its base is too small for it to mean anything",
    LOW: "low: above zero, and rounds to zero",
}

MADE_UP = "SYNTHETIC"  # what the ids of simulated cases begin with
BANNER = f"{MADE_UP} data: nobody in it exists."

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?(?!\w)(?! (?:days?|weeks?|months?|years?)\b)")


def is_marker(value: Any) -> bool:
    """Say whether a cell holds one of the markers.

    >>> is_marker("[c]"), is_marker("c"), is_marker(3)
    (True, False, False)
    """
    return isinstance(value, str) and value in SHORTHAND


def masked(note: str, keep: frozenset[int] = frozenset()) -> str:
    """Replace the numbers of a note, but for lengths of time and for those at the places in `keep` (0 is the first).

    >>> masked("2 refused less than 6 months ago; between 12.0 and 15.5 per cent")
    '[c] refused less than 6 months ago; between [c] and [c] per cent'
    """
    found = iter(range(len(note)))
    return _NUMBER.sub(lambda match: match.group() if next(found) in keep else CONFIDENTIAL, note)


def numbers_of(note: str) -> list[tuple[str, str, str]]:
    """Give each number of a note with the words before and after it, as `masked` finds them.

    >>> numbers_of("unknown: 3, in the denominator")
    [('unknown: ', '3', ', in the denominator')]
    """
    return [(note[: m.start()], m.group(), note[m.end() :]) for m in _NUMBER.finditer(note)]
