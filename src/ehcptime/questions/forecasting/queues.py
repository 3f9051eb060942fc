"""Queues: who is served first when a week's capacity does not reach everyone.

A queue is an array of shape (bins, runs): cases by the week in which their final plan is due, for every run at once.
Row 0 holds cases whose due date is not known.
"""

import numpy as np
import numpy.typing as npt

from ehcptime.questions.forecasting.levers import Queue

Stock = npt.NDArray[np.floating]
Bins = npt.NDArray[np.intp]
Weeks = npt.NDArray[np.int64]


def serve(queue: Stock, capacity: Stock, due: Weeks, reach: int, rule: Queue, share: float) -> Stock:
    """Take from a queue what a week's capacity reaches, by a rule; gives what was taken from each bin.

    `due` is the due week of each bin, in rising order, and `reach` the earliest due week that can still be met. `twin_track`
    keeps `share` of the capacity for cases that can still be met and the rest for the others; what either leaves goes to the other.

    >>> queue = np.array([[0.0], [3.0], [2.0]])
    >>> serve(queue, np.array([4.0]), np.array([-9, 1, 2]), 2, "oldest_first", 0.5).ravel().tolist()
    [0.0, 3.0, 1.0]
    >>> serve(queue, np.array([4.0]), np.array([-9, 1, 2]), 2, "newest_first", 0.5).ravel().tolist()
    [0.0, 2.0, 2.0]
    """
    if rule == "oldest_first":
        return _front(queue, capacity)
    if rule == "newest_first":
        return _front(queue[::-1], capacity)[::-1]
    cut = int(np.searchsorted(due, reach))
    saved, late = queue[cut:], queue[:cut]
    kept = capacity if rule == "due_first" else np.floor(capacity * share + 0.5)
    first = _front(saved, kept)
    then = _front(late, capacity - first.sum(axis=0))
    left = capacity - first.sum(axis=0) - then.sum(axis=0)
    return np.concatenate([then, first + _front(saved - first, left)])


def _front(queue: Stock, capacity: Stock) -> Stock:
    """Serve in the order of the rows until the capacity is used."""
    before = np.cumsum(queue, axis=0) - queue
    return np.clip(capacity - before, 0, queue)
