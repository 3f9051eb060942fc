"""The shares of a change in words: one sentence whose printed numbers add up to the change that it prints."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from ehcptime.questions.decomposition import Component, Decomposition
from ehcptime.questions.measures import Measure

_KINDS = {"two_periods": "Between two periods", "two_extracts": "For the same cases in two extracts"}
_HALF = Fraction(1, 2)


def shares_sentence(found: Decomposition, measure: Measure) -> str:
    """Say of what a change is made, the largest share first; a share is printed if it or its restated cases are not none."""
    shown = [part for part in found.components if part.points or (part.cases and part.name == "restated")]
    total = sum((part.points for part in found.components), Fraction(0))
    said = f"{_KINDS[found.kind]}, {_change(total)}"
    if not shown:
        return f"{said}, and nothing moved."
    printed = dict(zip(shown, tenths([part.points for part in shown]), strict=True))
    shown.sort(key=lambda part: -abs(part.points))
    has_old = any((found.roles[step] == "old").any() for step in ("restated", "after"))
    parts = [f"{printed[part] / 10:+.1f} from {_words(part, measure, has_old=has_old)}" for part in shown]
    return f"{said} is made of {_listed(parts)}."


def tenths(points: Sequence[Fraction]) -> list[int]:
    """Round to tenths so that the rounded numbers sum to the rounded sum: the largest remainders are rounded up.

    >>> tenths([Fraction(1, 30)] * 3)
    [1, 0, 0]
    """
    lowest = [floor(10 * point) for point in points]
    up = floor(10 * sum(points, Fraction(0)) + _HALF) - sum(lowest)
    largest = sorted(range(len(points)), key=lambda place: lowest[place] - 10 * points[place])[:up]
    return [number + (place in largest) for place, number in enumerate(lowest)]


def _change(total: Fraction) -> str:
    size = abs(floor(10 * total + _HALF)) / 10
    kind = "rise" if total > 0 else "fall" if total < 0 else "change"
    return f"the {kind} of {size:.1f} percentage points"


def _words(part: Component, measure: Measure, *, has_old: bool) -> str:
    newly = f"newly {measure.others}" if has_old else measure.others
    more = f"{abs(part.cases)} {'more' if part.cases > 0 else 'fewer'}"
    back = "fewer" if part.cases > 0 else "more"
    return {
        "on_time": f"{measure.counted} ({more})",
        "newly_late": f"{newly} ({more})",
        "old": f"{measure.others} from old cases ({more})",
        "speed": f"speed ({more} {measure.counted} and as many {back} {newly})",
        "unknown": f"those of unknown duration ({more})",
        "restated": f"restated data ({_cases(part.cases)})",
        "rule": f"another rule ({_cases(part.cases)})",
    }[part.name]


def _cases(number: int) -> str:
    return "1 case" if number == 1 else f"{number} cases"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
