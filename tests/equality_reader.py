"""A reader of published equality tables who works out what a hidden count can be."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


class Reader:
    """Knows that counts are whole, that late plans and groups add up, what is printed, and that what is hidden is not 0."""

    def __init__(self, table):
        self.table, self.size = table, len(table)
        rows, low, high = [], [], []
        for column, offset in (("numerator", 0), ("denominator", self.size)):
            row = np.zeros(2 * self.size)
            row[offset], row[offset + 1 : offset + self.size] = 1, -1
            rows, low, high = [*rows, row], [*low, 0], [*high, 0]
            for place, value in enumerate(table[column]):
                row = np.zeros(2 * self.size)
                row[offset + place] = 1
                limits = (1, np.inf) if value == "[c]" else (value, value)
                rows, low, high = [*rows, row], [*low, limits[0]], [*high, limits[1]]
        for place in range(self.size):
            row = np.zeros(2 * self.size)
            row[place], row[self.size + place] = -1, 1
            rows, low, high = [*rows, row], [*low, 0], [*high, np.inf]
        self.known = LinearConstraint(np.array(rows), low, high)

    def extremes(self, place):
        goal = np.zeros(2 * self.size)
        goal[place] = 1
        answers = [
            milp(
                sign * goal,
                constraints=self.known,
                integrality=np.ones(2 * self.size),
                bounds=Bounds(0, 9_999),
            )
            for sign in (1, -1)
        ]
        assert all(answer.status == 0 for answer in answers)
        return round(answers[0].fun), round(-answers[1].fun)
