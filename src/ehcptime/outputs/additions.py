"""What adds up in the answers of ehcptime, as data: sums of counts, and the counts behind a percentage."""

import tomllib
from importlib.resources import files
from typing import NamedTuple

# Counts divided for a percentage, and the counts that other figures (means, medians) rest on, in the order they are looked for.
PAIRS = (("numerator", "denominator"), ("in_time", "due"), ("count", "of"))
BASES = ("denominator", "due", "of", "plans", "cases", "requested", "requests", "total")
# What a row of totals is called, in any column of groups
TOTALS = frozenset({"all", "total", "all cases", "england"})
# Counts that together are all cases of a group; with a denominator go those unknown that are outside of it.
EVERYONE = (("denominator", "not_due", "left_out"), ("plans", "left_out"), ("cases",), ("of@rows",))
# Counts at a day, which the next month need not contain.
STOCKS = frozenset({"open", "opening", "closing", "undated"})

# What names a problem in the record, in a table of problems
PROBLEM = ("severity", "code")


class Sum(NamedTuple):
    """Columns whose counts add up to those of others, with or without a rest that is not printed."""

    whole: tuple[str, ...]
    parts: tuple[str, ...]
    rest: bool = False


def _sums() -> tuple[Sum, ...]:
    text = (files("ehcptime.outputs") / "additions.toml").read_text(encoding="utf-8")
    return tuple(
        Sum(tuple(entry["whole"]), tuple(entry["parts"]), entry.get("rest", False))
        for entry in tomllib.loads(text)["sum"]
    )


SUMS = _sums()
COUNTS = frozenset(name.partition("@")[0] for rule in SUMS for name in (*rule.whole, *rule.parts))
