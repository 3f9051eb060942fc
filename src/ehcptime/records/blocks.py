"""Blocks of rows: what is decided row by row is worked out in pieces that fit the processor's cache.

One after another: the calls on a block are so short that sharing them between threads spends more on handing the interpreter over
than it saves. What nobody waits for (writing a column out, looking at ids) can go on beside them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec

ROWS = 131_072
# The like for what is done once with numbers of 64 bits, so that what comes between stays in the cache.
WIDE_ROWS = 16_384
# From so many rows on, a second thread saves more than it costs to begin one.
MANY = 2 * ROWS

_Given = ParamSpec("_Given")


def blocks(rows: int) -> Iterator[slice]:
    """Cut so many rows into blocks.

    >>> list(blocks(200_000))
    [slice(0, 131072, None), slice(131072, 200000, None)]
    """
    yield from _cut(rows, ROWS)


def wide_blocks(rows: int) -> Iterator[slice]:
    """Cut so many rows into blocks for numbers of 64 bits.

    >>> next(wide_blocks(200_000))
    slice(0, 16384, None)
    """
    yield from _cut(rows, WIDE_ROWS)


def _cut(rows: int, most: int) -> Iterator[slice]:
    for first in range(0, rows, most):
        yield slice(first, min(first + most, rows))


class Beside:
    """Calls made in order, of which nothing comes back: in another thread, or at once where there is none."""

    def __init__(self, pool: ThreadPoolExecutor | None) -> None:
        self._pool = pool
        self._given: list[Future[None]] = []

    def do(self, call: Callable[_Given, None], *args: _Given.args, **kwargs: _Given.kwargs) -> None:
        """Have a call made."""
        if self._pool is None:
            call(*args, **kwargs)
        else:
            self._given.append(self._pool.submit(call, *args, **kwargs))

    def finish(self) -> None:
        """Wait for all calls, and raise what the first that failed raised."""
        for given in self._given:
            given.result()


@contextmanager
def beside(rows: int) -> Iterator[Beside]:
    """Have calls made while this thread goes on, where there are many rows; all are done at the end.

    >>> done = []
    >>> with beside(MANY) as other:
    ...     other.do(done.append, "written")
    >>> done
    ['written']
    """
    if rows < MANY:
        yield Beside(None)
        return
    with ThreadPoolExecutor(1) as pool:
        other = Beside(pool)
        yield other
        other.finish()
