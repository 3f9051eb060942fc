"""Demand and capacity of one queue, in the words of NHS waiting lists, so that a plan can be checked by hand."""

from dataclasses import dataclass

from ehcptime.errors import CommandError
from ehcptime.questions.forecasting.levers import number_of
from ehcptime.tracking.words import paragraphs


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Figures of one queue; rates are cases a week, `queue` and `target_queue` are cases.

    `load` is demand over capacity (above 1 the queue grows), `growth` demand less capacity. `target_queue` is the queue at which
    the mean wait is `target_wait_weeks` at this demand (Little's law: queue = demand x mean wait); `mean_wait_weeks` is the wait that
    the queue means now. `relief_capacity` takes the queue to its target in `weeks`. `weeks_to_clear` is how long the capacity
    now takes to bring the queue to its target: 0 where it is there, None where it never is.
    """

    demand: float
    capacity: float
    queue: float
    target_wait_weeks: float
    weeks: float | None

    @property
    def growth(self) -> float:
        """Cases a week by which the queue grows; negative while it shrinks."""
        return self.demand - self.capacity

    @property
    def load(self) -> float | None:
        """Demand over capacity; None without capacity."""
        return self.demand / self.capacity if self.capacity else None

    @property
    def mean_wait_weeks(self) -> float | None:
        """Weeks that a case waits on average at this queue and demand; None without demand."""
        return self.queue / self.demand if self.demand else None

    @property
    def target_queue(self) -> float:
        """Cases in the queue when the mean wait is the target."""
        return self.demand * self.target_wait_weeks

    @property
    def relief_capacity(self) -> float | None:
        """Cases a week that bring the queue to its target in time; None where no time was given."""
        if self.weeks is None:
            return None
        return self.demand + max(self.queue - self.target_queue, 0.0) / self.weeks

    @property
    def weeks_to_clear(self) -> float | None:
        """Weeks until the queue is at its target with the capacity now."""
        over = self.queue - self.target_queue
        if over <= 0:
            return 0.0
        return over / -self.growth if self.growth < 0 else None

    def __str__(self) -> str:
        """The sum in sentences."""
        first = f"Demand {self.demand:g} a week, capacity {self.capacity:g}, queue {self.queue:g}: {_grows(self.growth)}."
        return f"{first} {_clears(self)}"

    def _repr_html_(self) -> str:
        return paragraphs(self)


def queue_figures(
    demand: float, capacity: float, queue: float, *, target_wait_weeks: float = 0, weeks: float | None = None
) -> QueueFigures:
    """Work out what a queue does, and what it takes to clear it in some weeks.

    `demand` and `capacity` are cases a week, `queue` is the cases waiting. With the default target of no wait, the queue is
    to be cleared. Raises CommandError for a number below 0. Source of the words: NHS waiting list theory (Fong and others, 2022).

    >>> print(queue_figures(44, 38, 729, weeks=56))
    Demand 44 a week, capacity 38, queue 729: it grows by 6 a week. To clear it in 56 weeks needs about 57 a week.
    """
    for name, value in (("demand", demand), ("capacity", capacity), ("queue", queue)):
        number_of(name, value)
    number_of("target_wait_weeks", target_wait_weeks)
    if weeks is not None and number_of("weeks", weeks) == 0:
        raise CommandError("weeks must be above 0, not 0")
    return QueueFigures(demand, capacity, queue, target_wait_weeks, weeks)


def _grows(growth: float) -> str:
    if not growth:
        return "it neither grows nor shrinks"
    return f"it {'grows' if growth > 0 else 'shrinks'} by {abs(growth):g} a week"


def _clears(found: QueueFigures) -> str:
    goal = "clear it" if not found.target_queue else f"bring it to {found.target_queue:g}"
    if found.queue <= found.target_queue:
        return "It is at its target now."
    if found.relief_capacity is not None:
        return f"To {goal} in {found.weeks:g} weeks needs about {round(found.relief_capacity):g} a week."
    if found.weeks_to_clear is None:
        return f"With this capacity it never gets there: to {goal} needs more than {found.demand:g} a week."
    return f"To {goal} takes {found.weeks_to_clear:,.0f} weeks."
