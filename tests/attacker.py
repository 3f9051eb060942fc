"""A reader with a solver tries to work out hidden counts.

He knows no margin and no rule of the package: only that every printed cell counts some of the same children. The children are cut into
atoms (one for every combination of what any table tells apart); each printed number says what some atoms add up to, a hidden count that
it is not 0, a percentage what it rounds from. Integer programming then gives the smallest and the largest value that fit.
"""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

SOME = settings(max_examples=settings.default.max_examples // 3)  # the solver is slow
OUTCOMES = ("on_time", "late", "unknown")


class Reader:
    """What is known of the atoms, numbered from 0, and what follows from it."""

    def __init__(self, atoms):
        self.atoms, self.rows, self.low, self.high = atoms, [], [], []

    def knows(self, coefficients, low, high=np.inf):
        row = np.zeros(self.atoms)
        for atom, coefficient in coefficients.items():
            row[atom] += coefficient
        self.rows.append(row)
        self.low.append(low)
        self.high.append(high)

    def extremes(self, counted):
        goal = np.zeros(self.atoms)
        goal[list(counted)] = 1
        return tuple(self._solve(sign * goal) * sign for sign in (1, -1))

    def _solve(self, goal):
        known = LinearConstraint(np.array(self.rows), self.low, self.high)
        answer = milp(goal, constraints=known, integrality=np.ones(self.atoms), bounds=Bounds(0, 10_000))
        assert answer.status == 0, answer.message
        return round(answer.fun)


class Children:
    """Numbers of children by labels and outcome, and tables of them; each printed cell remembers its atoms."""

    def __init__(self, labels, counts, first_atom=0):
        self.labels = labels
        self.combinations = [*product(*labels.values(), OUTCOMES)]
        self.counts = dict(zip(self.combinations, counts, strict=True))
        self.first_atom = first_atom

    def atoms(self, chosen, outcomes):
        names = [*self.labels, "outcome"]
        return [
            self.first_atom + number
            for number, combination in enumerate(self.combinations)
            if combination[-1] in outcomes
            and all(combination[names.index(name)] == value for name, value in chosen.items())
        ]

    def count(self, atoms):
        values = [*self.counts.values()]
        return sum(values[atom - self.first_atom] for atom in atoms)

    def table(self, by, *, totals=False, only=None, columns=("numerator", "denominator", "unknown")):
        """A table as `timeliness` gives it, and the atoms of every count in it."""
        of = {"numerator": OUTCOMES[:1], "denominator": OUTCOMES, "unknown": OUTCOMES[2:]}
        values = [[*self.labels[name], *(["all"] if totals else [])] for name in by]
        rows, atoms = [], {}
        for group in product(*values):
            chosen = {name: value for name, value in zip(by, group, strict=True) if value != "all"}
            if only and not only.items() <= chosen.items():
                continue
            for column in columns:
                atoms[len(rows), column] = self.atoms(chosen, of[column])
            row = {column: self.count(atoms[len(rows), column]) for column in columns}
            rows.append(dict(zip(by, group, strict=True)) | row)
        frame = pd.DataFrame(rows, columns=[*by, *columns])
        if {"numerator", "denominator"} <= set(columns):
            share = [
                np.floor(n / d * 1000 + 0.5) / 10 if d else np.nan
                for n, d in zip(frame["numerator"], frame["denominator"], strict=True)
            ]
            frame["percent"] = pd.array(share, dtype="Float64")
        return frame, atoms


def tell(reader, published, printed):
    """Tell the reader what is in the published tables; give the hidden counts, as atoms, and the small rests."""
    hidden = []
    for name, (_, atoms) in printed.items():
        frame = published[name]
        withheld = frame[[column for _, column in atoms]].eq("[c]").all(axis=None) if len(frame) else False
        for (row, column), counted in atoms.items():
            value = frame[column].iloc[row]
            if value == "[c]":
                hidden.append((f"{name} {column} {row}", counted))
                reader.knows(dict.fromkeys(counted, 1), 0 if withheld else 1)
            else:
                reader.knows(dict.fromkeys(counted, 1), value, value)
        if "percent" in frame:
            tell_percents(reader, frame["percent"], atoms)
    return hidden


def tell_percents(reader, shares, atoms):
    for row, share in enumerate(shares):
        if not isinstance(share, str):
            part, whole = atoms[row, "numerator"], atoms[row, "denominator"]
            for edge, sign in ((share - 0.0501, 1), (share + 0.0501, -1)):
                terms = dict.fromkeys(whole, -sign * edge / 100)
                for atom in part:
                    terms[atom] += sign
                reader.knows(terms, 0)


def small_rests(children, printed, threshold):
    """Children of a row who are in the denominator and not in the numerator, or late, where they are few."""
    for name, (_, atoms) in printed.items():
        for (row, column), counted in atoms.items():
            if column == "denominator" and (row, "numerator") in atoms:
                rest = sorted(set(counted) - set(atoms[row, "numerator"]))
                if 0 < children.count(rest) < threshold:
                    yield f"{name} rest {row}", rest


def few(size):
    """Counts of children, mostly small."""
    return st.lists(st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 7, 12, 30]), min_size=size, max_size=size)


LABELS = {"team": ("a", "b", "c"), "sex": ("f", "m")}
