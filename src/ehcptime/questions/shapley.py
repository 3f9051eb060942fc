"""Shapley: a change of a rate shared out among the counts that moved, each at the average over every order of moving."""

from collections.abc import Collection
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple

MOVES = ("on_time", "newly_late", "old", "speed", "unknown")


class Mix(NamedTuple):
    """What a rate is made of, in counts of cases."""

    on_time: int = 0
    newly_late: int = 0
    old: int = 0
    unknown: int = 0

    @property
    def rate(self) -> Fraction | None:
        """The exact share on time; none where there is nothing to divide."""
        whole = sum(self)
        return Fraction(self.on_time, whole) if whole else None

    def moved(self, by: dict[str, int], moves: Collection[str]) -> "Mix":
        """Give the mix once some of the moves are made; speed moves cases from newly late to on time."""
        made = {move: by[move] if move in moves else 0 for move in MOVES}
        return Mix(
            self.on_time + made["on_time"] + made["speed"],
            self.newly_late + made["newly_late"] - made["speed"],
            self.old + made["old"],
            self.unknown + made["unknown"],
        )


def moves_between(before: Mix, after: Mix) -> dict[str, int]:
    """Count the cases of each move. Speed is as many as changed sides: more on time and as many fewer newly late, or the reverse.

    What is left of either is volume. So a change of pace alone is all speed, and a change of volume alone is no speed.

    >>> moves_between(Mix(40, 73), Mix(47, 40, 91))
    {'on_time': 0, 'newly_late': -26, 'old': 91, 'speed': 7, 'unknown': 0}
    """
    on_time, newly_late = after.on_time - before.on_time, after.newly_late - before.newly_late
    sides = min(abs(on_time), abs(newly_late)) if on_time * newly_late < 0 else 0
    speed = sides if on_time > 0 else -sides
    return {
        "on_time": on_time - speed,
        "newly_late": newly_late + speed,
        "old": after.old - before.old,
        "speed": speed,
        "unknown": after.unknown - before.unknown,
    }


def shared_out(before: Mix, after: Mix) -> dict[str, Fraction]:
    """Share out the change of the rate among the moves: the shares sum to it exactly, and turn round with its direction.

    Each share is the mean, over all orders in which the moves could be made, of what the move does to the rate. Orders that
    pass through 0 of 0 are left out; that which makes the rises first and the falls after them never does.

    >>> shared_out(Mix(1, 1), Mix(1, 1, old=2))["old"]
    Fraction(-1, 4)
    """
    by = moves_between(before, after)
    active = [move for move in MOVES if by[move]]
    shares, used = dict.fromkeys(MOVES, Fraction(0)), 0
    for order in permutations(active):
        rates = [before.moved(by, order[:end]).rate for end in range(len(order) + 1)]
        known = [rate for rate in rates if rate is not None]
        if len(known) < len(rates):
            continue
        used += 1
        for place, move in enumerate(order):
            shares[move] += known[place + 1] - known[place]
    return {move: share / (used or 1) for move, share in shares.items()}
