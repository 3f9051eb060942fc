"""Plain CSV files, which quote nothing, as tables of text: several times faster than a parser that looks at every cell.

Cells are found a block at a time and compared as numbers, eight bytes in each, so that a text is made once for each
distinct cell. Dates, codes and ids are such cells.
"""

from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_NEWLINE = 10
_WORD = 8
_HALF = _WORD // 2  # bytes that fit beside another number
_MOST_WORDS = 8  # a file with longer cells is left to the parser
_SAMPLE = 2_000
_BLOCK = 1 << 19  # small enough for the processor's cache
_MASKS = np.array(
    [(1 << 8 * n) - 1 for n in range(_WORD + 1)], dtype=np.uint64
)  # keep the first n bytes of a word

Words = NDArray[np.uint64]  # a row for each word of a cell, a column for each cell; what is past its end is 0


def read_plain(
    content: bytes, *, encoding: str, skip: int, delimiter: str, repeating: Collection[int]
) -> pd.DataFrame | None:
    r"""Read a file of text without quotation marks, each line with as many cells as the header; None for any other.

    `encoding` is one in which the delimiter and the end of a line are single bytes that mean nothing else. The header is
    the first line after `skip` lines. Columns at the positions `repeating` are categories.

    >>> read_plain(b"a,b\n1,\n", encoding="utf-8", skip=0, delimiter=",", repeating=[]).to_dict("list")
    {'a': ['1'], 'b': ['']}
    """
    if b'"' in content:
        return None
    if b"\r\n" in content:
        content = content.replace(b"\r\n", b"\n")
    start, end = _header(content, skip)
    if end < 0 or b"\r" in content or b"\0" in content:
        return None
    headings = content[start:end].decode(encoding).split(delimiter)
    if not any(headings):
        return None
    closed = content + (b"" if content.endswith(b"\n") else b"\n")
    blocks: list[list[Words]] = []
    for block in _blocks(closed, end + 1):
        cells = _cells(block, delimiter, len(headings))
        if cells is None:
            return None
        blocks.append(cells)
    if not blocks:
        return None
    with ThreadPoolExecutor() as threads:  # several columns at once
        by_column = threads.map(_joined, zip(*blocks, strict=True))
        columns = threads.map(
            _column, by_column, [encoding] * len(headings), _flags(repeating, len(headings))
        )
        return pd.DataFrame(dict(enumerate(columns)), copy=False).set_axis(headings, axis="columns")


def _flags(repeating: Collection[int], width: int) -> list[bool]:
    return [position in repeating for position in range(width)]


def _header(content: bytes, skip: int) -> tuple[int, int]:
    """Find where the header begins and ends; -1 where there is none."""
    start = 0
    for _ in range(skip):
        start = content.find(b"\n", start) + 1
        if not start:
            return 0, -1
    return start, content.find(b"\n", start)


def _blocks(content: bytes, at: int) -> Iterator[bytes]:
    """Cut the lines into blocks; no line is longer than a block may be."""
    while at < len(content):
        to = content.rfind(b"\n", at, at + _BLOCK) + 1 or content.find(b"\n", at) + 1
        yield content[at:to]
        at = to


def _cells(block: bytes, delimiter: str, width: int) -> list[Words] | None:
    """Give the cells of each column; None where a line has another number of cells, or a cell is too long."""
    marks = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero((marks == ord(delimiter)) | (marks == _NEWLINE))
    lines = len(ends) // width
    closing = marks[ends[width - 1 :: width]] == _NEWLINE
    if len(ends) != lines * width or block.count(b"\n") != lines or not closing.all():
        return None
    starts = np.empty_like(ends)
    starts[0], starts[1:] = 0, ends[:-1] + 1
    lengths = ends - starts
    if lengths.max() > _MOST_WORDS * _WORD:
        return None
    padded = block + bytes(_MOST_WORDS * _WORD)
    words: Words = np.ndarray(len(padded) - _WORD + 1, np.uint64, padded, strides=(1,))
    return [_words(words, starts[n::width], lengths[n::width]) for n in range(width)]


def _words(words: Words, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Words:
    """Take the words of each cell, and blank what is past its end."""
    longest = int(lengths.max())
    return np.stack(
        [
            words[starts + done] & _MASKS[np.clip(lengths - done, 0, _WORD)]
            for done in range(0, max(longest, 1), _WORD)
        ]
    )


def _joined(blocks: tuple[Words, ...]) -> Words:
    """Put the blocks of a column one after the other."""
    most = max(len(block) for block in blocks)
    joined: Words = np.zeros((most, sum(block.shape[1] for block in blocks)), dtype=np.uint64)
    at = 0
    for block in blocks:
        joined[: len(block), at : at + block.shape[1]] = block
        at += block.shape[1]
    return joined


def _column(words: Words, encoding: str, repeats: bool) -> pd.Series:
    if not repeats and _differ(words):
        return pd.Series(_texts(words, encoding), dtype=object)
    codes = _numbered(words)
    first = np.empty(int(codes.max()) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    texts = _texts(words[:, first], encoding)
    if repeats:
        return pd.Series(pd.Categorical.from_codes(codes, pd.Index(texts, dtype=object)))
    return pd.Series(texts[codes], dtype=object)


def _differ(words: Words) -> bool:
    """Say whether most of the first cells differ, as ids do, so that nothing is gained by finding the distinct ones."""
    sample = words[:, :_SAMPLE]
    return bool(_numbered(sample).max() > sample.shape[1] / 2)


def _numbered(words: Words) -> NDArray[np.int64]:
    """Number the distinct cells; no cell holds a NUL, so one that is shorter differs."""
    codes: NDArray[np.int64] = pd.factorize(words[0])[0]
    for word in words[1:]:
        span = 1 << int(word.max()).bit_length()
        small = span <= 1 << 8 * _HALF
        numbers, values = (word.astype(np.int64), []) if small else pd.factorize(word)
        codes = pd.factorize(codes * (span if small else len(values)) + numbers)[0]
    return codes


def _texts(words: Words, encoding: str) -> NDArray[np.object_]:
    cells = (
        np.ascontiguousarray(words.T).view(f"S{_WORD * len(words)}").ravel()
    )  # a trailing NUL is no part of a text
    texts = np.empty(len(cells), dtype=object)
    try:
        texts[:] = cells.astype(str).tolist()
    except UnicodeDecodeError:
        texts[:] = [cell.decode(encoding) for cell in cells.tolist()]
    return texts
