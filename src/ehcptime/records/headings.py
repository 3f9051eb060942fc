"""Headings of two rows: that of a service in one cell, and below it the columns of that service."""

from collections.abc import Collection, Iterator, Sequence
from itertools import accumulate

from ehcptime.records.personal import plain


def headings_of(rows: Sequence[Sequence[str]], header: int, known: Collection[str] = ()) -> list[str]:
    """Give the headings of a row; one that stands in it more than once is told apart by the heading above it.

    A cell in the row above stands over its own column and those to the right of it, up to the next one, as a merged cell
    does. A heading that stands once takes it too where the two together are `known` (in plain letters).

    >>> headings_of([["", "EP", "", "OT"], ["Ref", "Asked", "Back", "Asked"]], 1)
    ['Ref', 'EP Asked', 'Back', 'OT Asked']
    >>> headings_of([["", "EP", "", "OT"], ["Ref", "Asked", "Back", "Asked"]], 1, {"epback"})
    ['Ref', 'EP Asked', 'EP Back', 'OT Asked']
    """
    own = [cell.strip() for cell in rows[header]]
    both = both_of(rows, header)
    letters = [plain(heading) for heading in own]
    return [
        pair if letters.count(plain(heading)) > 1 or not heading or plain(pair) in known else heading
        for heading, pair in zip(own, both, strict=True)
    ]


def both_of(rows: Sequence[Sequence[str]], header: int) -> list[str]:
    """Give for each column the heading above it and its own; one of them alone where the other is blank or the same."""
    own = [cell.strip() for cell in rows[header]]
    above = [cell.strip() for cell in rows[header - 1]] if header else []
    above += [""] * (len(own) - len(above))
    over: Iterator[str] = accumulate(above, _last)
    return [
        f"{band} {heading}".strip() if heading and band != heading else heading or cell
        for heading, band, cell in zip(own, over, above, strict=False)
    ]


def _last(before: str, cell: str) -> str:
    return cell or before


def is_second(above: Sequence[str], row: Sequence[str]) -> bool:
    """Say whether a row of headings continues the one above it: it repeats itself, and fills what is blank there."""
    cells = [plain(cell) for cell in row if cell.strip()]
    filled = [cell.strip() for cell in above] + [""] * (len(row) - len(above))
    return len(set(cells)) < len(cells) and any(
        cell.strip() and not over for cell, over in zip(row, filled, strict=False)
    )
