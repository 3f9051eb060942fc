"""Tables of texts, as the page about one case prints them."""

from collections.abc import Iterable

from ehcptime.outputs.pages.parts import Cell, Table


def of_texts(
    name: str,
    caption: str,
    headings: Iterable[str],
    rows: Iterable[Iterable[str]],
    nothing: str = "There is nothing to show.",
) -> Table:
    """Make a table of which every cell is text; the first of each row heads it.

    >>> of_texts("a", "A", ["Step", "Day"], [["Draft", "1 May 2025"]]).rows[0][1].text
    '1 May 2025'
    """
    return Table(name, caption, _cells(headings), tuple(_cells(row) for row in rows), nothing)


def _cells(texts: Iterable[str]) -> tuple[Cell, ...]:
    return tuple(Cell(text, is_number=False) for text in texts)
