"""Blocks of rows: what is decided row by row is worked out in pieces that fit the processor's cache, on its cores."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

# Rows of a block, and rows below which a second thread costs more than it saves.
ROWS = 65_536
_FEW = 2 * ROWS
_THREADS = min(4, os.cpu_count() or 1)


def blocks(rows: int) -> Iterator[slice]:
    """Cut so many rows into blocks.

    >>> list(blocks(100_000))
    [slice(0, 65536, None), slice(65536, 100000, None)]
    """
    for first in range(0, rows, ROWS):
        yield slice(first, min(first + ROWS, rows))


def in_blocks(rows: int, work: Callable[[slice], None]) -> None:
    """Do the work for each block; blocks must not touch each other's rows, for there may be several at a time.

    >>> seen = []
    >>> in_blocks(3, seen.append)
    >>> seen
    [slice(0, 3, None)]
    """
    if rows < _FEW or _THREADS == 1:
        for block in blocks(rows):
            work(block)
        return
    with ThreadPoolExecutor(_THREADS) as threads:
        for _ in threads.map(work, blocks(rows)):
            pass
