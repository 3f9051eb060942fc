"""Hiding: the small counts first, then as few and as small others as it takes until no hidden count can be told."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ehcptime.outputs.margins import Margins, Terms
from ehcptime.outputs.witness import undecided


@dataclass
class Hiding:
    """What is hidden: counts by number, the tables withheld as a whole, and what the last publication had told already."""

    small: frozenset[int]
    hidden: set[int]
    withheld: set[str] = field(default_factory=set)
    told_already: set[int] = field(default_factory=set)


def hide(margins: Margins, threshold: int) -> Hiding:
    """Hide counts of 1 to threshold - 1, and others until every hidden count and every small rest has a second possible value.

    In each round counts that can still be told have a printed count of one of their equations, not 0, hidden beside them: one of the
    finest groups rather than a total, and of those the smallest. A table of which nothing is left that could be hidden is withheld.
    """
    small = frozenset(
        number
        for number, value in enumerate(margins.values[: margins.printed])
        if value is not None and 0 < value < threshold
    )
    found = Hiding(small, {*small, *margins.kept})
    found.told_already |= small & margins.told
    search = _Search(margins, threshold, found)
    while told := search.told():
        search.hide_beside(told)
    return found


class _Search:
    def __init__(self, margins: Margins, threshold: int, found: Hiding) -> None:
        self.margins, self.found = margins, found
        self.around: dict[int, list[int]] = defaultdict(list)  # equations of each count
        for number, equation in enumerate(margins.equations):
            for count in equation:
                self.around[count].append(number)
        rests = set(range(margins.printed, len(margins.values))) - margins.told
        self.rests = rests
        self.guarded_rests = {
            number for number in rests if 0 < (margins.values[number] or 0) < threshold
        } | margins.guarded
        # Zeros are printed, so what follows from them and from the last publication is a poor choice to hide.
        zeros = {number for number in range(margins.printed) if margins.values[number] == 0}
        self.poor = margins.following(margins.told | zeros) if margins.told else set()
        self.judged: dict[tuple[int, ...], list[int]] = {}

    def told(self) -> list[int]:
        """Counts that must not be told and have one possible value."""
        unknown = (self.found.hidden | self.rests) - self.margins.told
        guarded = (self.found.hidden | self.guarded_rests) - self.margins.told - self.found.told_already
        told = []
        for together in self._connected(unknown):
            if guarded & set(together):
                told += [number for number in self._judge(together) if number in guarded]
        return sorted(told)

    def _connected(self, unknown: set[int]) -> list[tuple[int, ...]]:
        """Unknowns that hang together by equations."""
        left, found = set(unknown), []
        for start in sorted(unknown):
            if start not in left:
                continue
            left.discard(start)
            together, ahead = [start], [start]
            while ahead:
                for equation in self.around[ahead.pop()]:
                    near = [count for count in self.margins.equations[equation] if count in left]
                    left.difference_update(near)
                    together += near
                    ahead += near
            found.append(tuple(sorted(together)))
        return found

    def _judge(self, together: tuple[int, ...]) -> list[int]:
        if together not in self.judged:
            column = {count: place for place, count in enumerate(together)}
            equations = sorted({number for count in together for number in self.around[count]})
            matrix = np.zeros((len(equations), len(together)), dtype=np.int64)
            for row, number in enumerate(equations):
                for count, coefficient in self.margins.equations[number].items():
                    if count in column:
                        matrix[row, column[count]] = coefficient
            second = undecided(matrix, np.array([self._slack(count) for count in together], dtype=np.int64))
            self.judged[together] = [
                count for count, open_ in zip(together, second.tolist(), strict=True) if not open_
            ]
        return self.judged[together]

    def _slack(self, count: int) -> int:
        value = self.margins.values[count]
        return 0 if value is None else max(0, value - self._least(count))

    def _least(self, count: int) -> int:
        """A hidden count is above 0, for zeros are printed, unless its table is withheld."""
        if count < self.margins.printed and self.margins.values[count] == 0:
            return 0
        return self.margins.least[count]

    def hide_beside(self, told: Sequence[int]) -> None:
        """Hide one count beside each that can be told, the best choices first; one is enough for those that share an equation."""
        choices = [(self._cost(chosen), count) for count in told if (chosen := self._best(count)) is not None]
        touched: set[int] = set()
        for (*_, chosen), count in sorted(choices):
            if touched.isdisjoint(self.around[count]):
                self.found.hidden.add(chosen)
                touched.update(self.around[chosen], self.around[count])
        if not touched:
            self._withhold(told[0])

    def _best(self, count: int) -> int | None:
        good = self._nearest(count, self.poor)
        return good if good is not None else self._nearest(count, set())

    def _nearest(self, count: int, poor: set[int]) -> int | None:
        """Of the equations that tell it by themselves first, then of its others and of those further away."""
        near, seen = self._telling(count) or set(self.around[count]), {count}
        while near:
            counts = {other for number in near for other in self.margins.equations[number]}
            choice = [other for other in counts if other not in poor and self._can_be_hidden(other)]
            if choice:
                return min(choice, key=self._cost)
            unknown = {other for other in counts - seen if other in self.found.hidden or other in self.rests}
            seen |= counts
            near = {number for other in unknown for number in self.around[other]}
        return None

    def _telling(self, count: int) -> set[int]:
        """Equations in which nothing else is unknown: a second unknown in one that has two already would not help."""
        unknown = self.found.hidden | self.rests
        return {
            number
            for number in self.around[count]
            if not any(other in unknown for other in self.margins.equations[number] if other != count)
        }

    def _cost(self, count: int) -> tuple[int, int, int]:
        """Counts of the finest groups before totals, and of those the smallest first."""
        return -len(self.margins.cells[count].key), self.margins.values[count] or 0, count

    def _can_be_hidden(self, count: int) -> bool:
        is_printed = count < self.margins.printed and count not in self.found.hidden
        return is_printed and count not in self.margins.told and bool(self.margins.values[count])

    def _withhold(self, count: int) -> None:
        """Nothing else can be hidden beside it: withhold its tables. Where that is done already, the last publication has told it."""
        tables = {place.table for other in self._beside(count) for place in self.margins.cells[other].places}
        if tables <= self.found.withheld:
            self.found.told_already.add(count)
        self.found.withheld |= tables
        for number, cell in enumerate(self.margins.cells):
            if any(place.table in tables for place in cell.places) and cell.value is not None:
                self.found.hidden.add(number)

    def _beside(self, count: int) -> set[int]:
        if count < self.margins.printed:
            return {count}
        equations: list[Terms] = [self.margins.equations[number] for number in self.around[count]]
        return {other for equation in equations for other in equation if other < self.margins.printed}
