"""Margins: every way in which the counts of a publication add up, as equations between cells and rests that are not printed.

Wherever the numbers bear it out, what could be an equation is taken as one that the reader knows. One that holds by chance only makes
the reader stronger than he is. A *rest* is what is left of a whole when its printed parts are taken away (late plans, girls, the cases
added since last month): it is a count of children like any other, so a small one must not be given away either.
"""

from dataclasses import dataclass, field

from ehcptime.outputs.cells import Cell

Terms = dict[int, int]  # unknown: coefficient
Name = tuple[str, str]  # what is counted: a column, and the measure or line


@dataclass
class Margins:
    """Counts, printed ones first, then rests; and equations, each a sum that is 0.

    `values` are true, None where even we do not know them. `least` is what a reader knows a count to be at least. `told` are counts
    that the reader knows already, from the last publication; `guarded` are rests that must not be told however large they are, and
    `kept` printed counts that stay hidden because they were. `missed` are sums that could be expected to be 0 and are not.
    """

    cells: list[Cell]
    values: list[int | None]
    least: list[int]
    equations: list[Terms] = field(default_factory=list)
    told: set[int] = field(default_factory=set)
    guarded: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)
    missed: list[Terms] = field(default_factory=list)
    seen: dict[tuple[frozenset[tuple[int, int]], bool], int | None] = field(default_factory=dict)

    @property
    def printed(self) -> int:
        """Number of printed counts; the rests have higher numbers."""
        return len(self.cells)

    def total(self, terms: Terms) -> int | None:
        """Sum of some terms by their true values; None where one is not known."""
        total = 0
        for unknown, coefficient in terms.items():
            value = self.values[unknown]
            if value is None:
                return None
            total += coefficient * value
        return total

    def equal(self, terms: Terms, *, rest: bool = False) -> int | None:
        """Add an equation, if the true values bear it out: the terms add up to 0, or to a rest, whose number is given back."""
        total = self.total(terms)
        if total and not rest:
            self.missed.append(terms)
        if total is None or total < 0 or (total and not rest):
            return None
        terms = {unknown: coefficient for unknown, coefficient in terms.items() if coefficient}
        mark = frozenset(terms.items()), rest
        if terms and mark not in self.seen:
            added = self.more(total) if rest else None
            self.seen[mark] = added
            self.equations.append(terms if added is None else terms | {added: -1})
        return self.seen.get(mark)

    def more(self, value: int | None, *, least: int = 0) -> int:
        """Add a count that these tables do not print, and return its number."""
        self.values.append(value)
        self.least.append(least)
        return len(self.values) - 1

    def following(self, known: set[int]) -> set[int]:
        """Give some counts and those that follow from them, one equation after another."""
        found, ahead = set(known), self.equations
        while ahead:
            left = [(terms, [number for number in terms if number not in found]) for terms in ahead]
            follows = {unknown[0] for _, unknown in left if len(unknown) == 1}
            found |= follows
            ahead = [terms for terms, unknown in left if len(unknown) > 1] if follows else []
        return found
