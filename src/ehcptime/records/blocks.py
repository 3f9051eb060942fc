"""Blocks of rows: what is decided row by row is worked out in pieces that fit the processor's cache.

One after another: the calls on a block are so short that threads spend more on handing the interpreter over than they save.
"""

from collections.abc import Iterator

ROWS = 131_072


def blocks(rows: int) -> Iterator[slice]:
    """Cut so many rows into blocks.

    >>> list(blocks(200_000))
    [slice(0, 131072, None), slice(131072, 200000, None)]
    """
    for first in range(0, rows, ROWS):
        yield slice(first, min(first + ROWS, rows))
