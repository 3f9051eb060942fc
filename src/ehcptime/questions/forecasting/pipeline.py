"""The pipeline: a week at a time, requests arrive, are decided, wait for advice, are drafted and become plans.

A week is the step of the model: what happens in a week is taken to happen on its last day, receipts too, so a request of week j
is due in week j + 20 and a plan of week k is in time where k <= j + 20. Each step has the least time that it takes and, where it
has a capacity, a queue. Arrays have shape (bins, runs) or (weeks, runs); a bin is a due week (see `start`).
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from ehcptime.questions.forecasting.chance import Chance
from ehcptime.questions.forecasting.levers import Levers
from ehcptime.questions.forecasting.queues import Stock, serve
from ehcptime.questions.forecasting.start import LIMIT_WEEKS, Start

YEAR_WEEKS = 52


@dataclass(frozen=True, eq=False)
class Weekly:
    """What happened in each week and what stood at its end, in every run; each of shape (weeks, runs)."""

    arrivals: Stock
    decided: Stock
    refused: Stock
    advised: Stock
    no_plan: Stock
    issued: Stock
    issued_in_time: Stock
    due: Stock
    due_in_time: Stock
    open: Stock
    open_over_20wk: Stock
    open_over_52wk: Stock
    waiting_for_advice: Stock
    age_sum_weeks: Stock  # over the open cases whose age is known
    age_known: Stock

    @classmethod
    def blank(cls, weeks: int, runs: int) -> "Weekly":
        """Room for some weeks and runs."""
        return cls(**{field.name: np.zeros((weeks, runs)) for field in fields(cls)})


class Pipeline:
    """The cases of every run, by step and by due week."""

    def __init__(self, start: Start, levers: Levers, chance: Chance) -> None:
        self.due, self.levers, self.chance = start.due, levers, chance
        self.deciding = self._runs(start.deciding)
        self.assessing = self._runs(start.assessing)
        self.drafting = self._runs(start.drafting)
        self.finals, self.shares = self._finals(start), start.shares  # next week's first
        self.in_time = self._runs(start.in_time)
        self.open = self.deciding + self.assessing + self.drafting + sum(self.finals)
        self.first = 0  # bins before it are empty in every run, and stay so

    def _finals(self, start: Start) -> list[Stock]:
        if start.shares is None:
            return [self._runs(counts) for counts in start.finals]
        return list(self.chance.out(start.finals))

    def _runs(self, counts: npt.NDArray[np.float64]) -> Stock:
        return np.repeat(counts[:, None], self.chance.runs, axis=1).astype(self.chance.kind)

    def run(self, months: npt.NDArray[np.int64]) -> Weekly:
        """Run one week for each of `months`, its calendar month (0 for January)."""
        seen = Weekly.blank(len(months), self.chance.runs)
        self._settle(0, seen, 0)  # limits that end before the first week does
        for place, month in enumerate(months.tolist()):
            self._week(place + 1, month, seen, place)
        return seen

    def _week(self, week: int, month: int, seen: Weekly, place: int) -> None:
        arrivals = self.chance.arrivals(week, month)
        for stock in (self.deciding, self.open):
            stock[self._bin(week + LIMIT_WEEKS)] += arrivals.astype(stock.dtype)
        while self.first < self._bin(week) and not self.open[self.first].any():
            self.first += 1
        seen.arrivals[place] = arrivals
        self._decide(week, seen, place)
        self._advise(week, seen, place)
        self._draft(week)
        self._issue(week, seen, place)
        self._settle(week, seen, place)
        self._stand(week, seen, place)

    def _bin(self, due_week: int) -> int:
        return due_week - int(self.due[1]) + 1

    def _serve(self, service: str, queue: Stock, week: int, least: int, rest: int) -> Stock:
        """Serve those for whom the least time since the request has passed; `rest` is the least time still to come."""
        rows = slice(self.first, self._bin(week + LIMIT_WEEKS - least) + 1)
        capacity = self.chance.capacity(service).astype(queue.dtype)
        levers = self.levers
        taken = np.zeros_like(queue)
        taken[rows] = serve(
            queue[rows], capacity, self.due[rows], week + rest, levers.queue, levers.twin_share
        )
        queue[rows] -= taken[rows]
        return taken

    def _decide(self, week: int, seen: Weekly, place: int) -> None:
        levers = self.levers
        rest = levers.advice_weeks + levers.issue_weeks + levers.final_weeks
        decided = self._serve("panel", self.deciding, week, levers.decide_weeks, rest)
        refused = self.chance.some("refused", decided)
        self.assessing += decided - refused
        self.open -= refused
        seen.decided[place], seen.refused[place] = decided.sum(axis=0), refused.sum(axis=0)

    def _advise(self, week: int, seen: Weekly, place: int) -> None:
        levers = self.levers
        least = levers.decide_weeks + levers.advice_weeks
        advised = self._serve(
            "psychology", self.assessing, week, least, levers.issue_weeks + levers.final_weeks
        )
        no_plan = self.chance.some("no_plan", advised)
        self.drafting += advised - no_plan
        self.open -= no_plan
        seen.advised[place], seen.no_plan[place] = advised.sum(axis=0), no_plan.sum(axis=0)

    def _draft(self, week: int) -> None:
        levers = self.levers
        least = levers.decide_weeks + levers.advice_weeks + levers.issue_weeks
        drafted = self._serve("drafting", self.drafting, week, least, levers.final_weeks)
        if self.shares is None:
            self.finals.append(drafted)
        else:
            self.finals.append(np.zeros_like(drafted))
            self.chance.later(drafted, self.shares, self.finals[1:])

    def _issue(self, week: int, seen: Weekly, place: int) -> None:
        issued = self.finals.pop(0)
        first = self._bin(week)
        self.in_time[first:] += issued[first:]
        self.open -= issued
        seen.issued[place], seen.issued_in_time[place] = issued.sum(axis=0), issued[first:].sum(axis=0)

    def _settle(self, week: int, seen: Weekly, place: int) -> None:
        """Count the cases whose limit ends with this week: those with a plan, and those still open."""
        here = self._bin(week)
        done = self.in_time[here]
        seen.due[place] += done + self.open[here]
        seen.due_in_time[place] += done

    def _stand(self, week: int, seen: Weekly, place: int) -> None:
        first = max(self.first, 1)  # past the cases whose due date is not known
        rows = slice(first, self._bin(week + LIMIT_WEEKS) + 1)
        stock = self.open[rows]
        over_20 = max(self._bin(week) - first, 0)
        over_52 = max(self._bin(week - (YEAR_WEEKS - LIMIT_WEEKS)) - first, 0)
        ages = (week + LIMIT_WEEKS - self.due[rows]).astype(stock.dtype)
        seen.age_known[place] = stock.sum(axis=0)
        seen.open[place] = seen.age_known[place] + self.open[0]
        seen.open_over_20wk[place] = stock[:over_20].sum(axis=0)
        seen.open_over_52wk[place] = stock[:over_52].sum(axis=0)
        seen.waiting_for_advice[place] = self.assessing[self.first :].sum(axis=0)
        seen.age_sum_weeks[place] = ages @ stock


def run(start: Start, levers: Levers, months: npt.NDArray[np.int64], *, runs: int, seed: int) -> Weekly:
    """Run the pipeline; `runs` 0 gives one run in which nothing is left to chance."""
    return Pipeline(start, levers, Chance(levers, runs, seed)).run(months)
