"""Witnesses: a second set of whole numbers that fits everything published, which proves that a hidden count cannot be told.

A count is unknown where it is not published. The unknown counts obey equations (rows of a matrix of whole numbers) and each is at
least some number. One solution is known: the truth. A *move* changes unknown counts and keeps every equation: truth plus move is a
second solution, and each count that it changes has two possible values. Moves are looked for in two ways, both deterministic: those
that the equations give when they are solved for some of the unknowns, and, for what these leave, steps of the simplex method from
the truth towards a larger and towards a smaller value. A move counts only once it has been checked in whole numbers. None found is
read as "can be told", so a fault here hides too much, never too little.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

_Whole = npt.NDArray[np.int64]
_Real = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]

_NOTHING = 1e-9
_EXACT = 2**31  # times the whole numbers of an equation, which are few and small
_MOST_STEPS = 400  # of the simplex method, for one count in one direction


def undecided(equations: _Whole, slack: _Whole) -> _Flags:
    """Say for each unknown (a column of `equations`) whether a second value of it fits.

    `slack` is how far each unknown can fall from its true value. None has an upper limit but what the equations set.

    >>> both_sum_to_a_known_total = np.array([[1, 1]])
    >>> undecided(both_sum_to_a_known_total, np.array([2, 0])).tolist()  # 3 and 1, each at least 1
    [True, True]
    >>> undecided(both_sum_to_a_known_total, np.array([0, 0])).tolist()  # 1 and 1
    [False, False]
    """
    solved = _Solved(equations, slack)
    open_to_doubt = solved.by_single_moves()
    for unknown in np.flatnonzero(~open_to_doubt).tolist():
        if not open_to_doubt[unknown]:
            for move in solved.walks(unknown):
                open_to_doubt |= move != 0
    return open_to_doubt


class _Solved:
    """The equations solved for some of the unknowns, the `basic` ones, in terms of the others."""

    def __init__(self, equations: _Whole, slack: _Whole) -> None:
        self.slack = slack
        self.across = equations.T.astype(np.float64)
        self.order = np.argsort(-slack, kind="stable")  # unknowns with room to fall make the best basic ones
        self.rows, self.basic = _reduced(equations.astype(np.float64), self.order)

    @property
    def free(self) -> npt.NDArray[np.intp]:
        """Unknowns that are not basic."""
        is_free = np.ones(len(self.slack), dtype=bool)
        is_free[self.basic] = False
        return np.flatnonzero(is_free)

    def is_proof(self, moves: _Whole) -> _Flags:
        """Check moves (rows) in whole numbers: every equation is kept, and nothing falls further than it can."""
        return self._is_kept(moves) & self._has_room(moves)

    def _is_kept(self, moves: _Whole) -> _Flags:
        """Sums of whole numbers that stay below 2**53 are exact as floats, which are much faster; a move beyond that proves nothing."""
        is_exact = (np.abs(moves) < _EXACT).all(axis=1)
        return np.asarray(is_exact & np.logical_not((moves.astype(np.float64) @ self.across).any(axis=1)))

    def _has_room(self, moves: _Whole) -> _Flags:
        return np.asarray((moves >= -self.slack).all(axis=1))

    def by_single_moves(self) -> _Flags:
        """Try each unknown that is not basic, one up and one down, while the basic ones follow."""
        ups = self._following(self.free)
        ups = ups[self._is_kept(ups)]
        found = np.zeros(len(self.slack), dtype=bool)
        for moves in (ups, -ups):
            found |= (moves[self._has_room(moves)] != 0).any(axis=0)
        return found

    def _following(self, free: npt.NDArray[np.intp]) -> _Whole:
        moves = np.zeros((len(free), len(self.slack)), dtype=np.int64)
        moves[np.arange(len(free)), free] = 1
        if len(self.basic):
            moves[:, self.basic] = -np.rint(self.rows[:, free]).T.astype(np.int64)
        return moves

    def walks(self, unknown: int) -> Iterator[_Whole]:
        """Give the first move found that raises or lowers an unknown."""
        for direction in (1, -1):
            move = self._walk(unknown, direction)
            if move is not None:
                yield move
                return

    def _walk(self, unknown: int, direction: int) -> _Whole | None:
        """Steps of the simplex method, by Bland's rule; those of no length only change which unknowns are basic."""
        for _ in range(_MOST_STEPS):
            blocked = None
            for entering, sign in self._improving(unknown, direction):
                move: _Whole = sign * self._following(np.array([entering]))[0]
                if move[unknown] * direction > 0 and self.is_proof(move[np.newaxis])[0]:
                    return move
                blocked = blocked or self._blocked(entering, sign)
            if blocked is None:
                return None
            self._exchange(*blocked)
        return None

    def _improving(self, unknown: int, direction: int) -> Iterator[tuple[int, int]]:
        """Unknowns that are not basic, and the sign of the change in each that moves the unknown in a direction."""
        at = np.flatnonzero(self.basic == unknown)
        if not len(at):
            if direction > 0 or self.slack[unknown] > 0:
                yield unknown, direction
            return
        row = self.rows[at[0]]
        free = self.free
        for entering in free[np.abs(row[free]) > _NOTHING].tolist():
            sign = -int(np.sign(row[entering])) * direction
            if sign > 0 or self.slack[entering] > 0:
                yield entering, sign

    def _blocked(self, entering: int, sign: int) -> tuple[int, int] | None:
        """The row whose basic unknown cannot fall at all, and so stops this change; the first in the order of the unknowns."""
        falls = (sign * self.rows[:, entering] > _NOTHING) & (self.slack[self.basic] == 0)
        rows = np.flatnonzero(falls)
        return (int(rows[np.argmin(self.basic[rows])]), entering) if len(rows) else None

    def _exchange(self, row: int, entering: int) -> None:
        _pivot(self.rows, row, entering)
        self.basic[row] = entering


def _reduced(rows: _Real, order: npt.NDArray[np.intp]) -> tuple[_Real, npt.NDArray[np.intp]]:
    """Gauss-Jordan elimination, taking the unknowns in an order; rows that say nothing new are dropped."""
    basic: list[int] = []
    for unknown in order.tolist():
        done = len(basic)
        if done == len(rows):
            break
        best = done + int(np.argmax(np.abs(rows[done:, unknown])))
        if abs(rows[best, unknown]) > _NOTHING:
            rows[[done, best]] = rows[[best, done]]
            _pivot(rows, done, unknown)
            basic.append(unknown)
    return rows[: len(basic)], np.array(basic, dtype=np.intp)


def _pivot(rows: _Real, row: int, unknown: int) -> None:
    """Solve one row for an unknown, and take it out of the others; what stands in neither is not touched, which is most of it."""
    rows[row] /= rows[row, unknown]
    rows[row, np.abs(rows[row]) < _NOTHING] = 0
    others = np.flatnonzero(rows[:, unknown])
    others = others[others != row]
    here = np.ix_(others, np.flatnonzero(rows[row]))
    left = rows[here] - np.outer(rows[others, unknown], rows[row, here[1][0]])
    left[np.abs(left) < _NOTHING] = 0
    rows[here] = left
