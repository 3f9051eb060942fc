"""Tables and sentences on the screen: plain, and safe whatever a cell holds."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

_GAP = 2  # spaces between two columns
_IS_QUIET: ContextVar[bool] = ContextVar("is_quiet", default=False)


def say(text: str = "") -> None:
    """Print a line."""
    typer.echo(printable(text, keep="\n"))


def note(text: str) -> None:
    """Print a line on standard error, unless the command is to be quiet."""
    if not is_quiet():
        typer.echo(printable(text, keep="\n"), err=True)


def is_quiet() -> bool:
    """Whether the command that runs is to say nothing on standard error but errors."""
    return _IS_QUIET.get()


@contextmanager
def quietly(is_asked: bool) -> Iterator[None]:
    """Say nothing on standard error but errors, if that is asked, while a command runs."""
    before = _IS_QUIET.set(is_asked)
    try:
        yield
    finally:
        _IS_QUIET.reset(before)


def heading(text: str) -> None:
    """Print a heading with a blank line before it."""
    say(f"\n{text}\n{'-' * len(text)}")


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under headings; numbers stand to the right."""
    made = [list(row) for row in rows]
    headings = _fitted(headings, [_longest(made, place) for place in range(len(headings))])
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(headings):
        numbers = all(isinstance(row[place], int | float) for row in made if row[place] is not None)
        shown.add_column(Text(name), justify="right" if numbers and made else "left", overflow="fold")
    for row in made:
        shown.add_row(*(Text(cell(value)) for value in row))
    Console(width=_width(), highlight=False, soft_wrap=False).print(shown)


def _longest(rows: Sequence[Sequence[Any]], place: int) -> int:
    """Letters of the longest word of a column, since a cell of several can break between them."""
    return max((len(word) for row in rows for word in cell(row[place]).split()), default=0)


def _fitted(headings: Sequence[str], longest: Sequence[int]) -> Sequence[str]:
    """The headings; where there is no room for all in one line, those wider than what stands under them in two."""
    columns = list(zip(headings, longest, strict=True))
    if sum(max(len(name), width) + _GAP for name, width in columns) <= (_width() or Console().width):
        return headings
    return [_in_two(name) if len(name) > width else name for name, width in columns]


def _in_two(heading: str) -> str:
    """Break a heading in two at the underscore nearest to its middle."""
    places = [place for place, letter in enumerate(heading, start=1) if letter == "_"]
    if not places:
        return heading
    middle = min(places, key=lambda place: abs(2 * place - len(heading)))
    return f"{heading[:middle]}\n{heading[middle:]}"


def _width() -> int | None:
    """On a screen its own width; into a file or a pipe, wide enough not to wrap."""
    return None if Console().is_terminal else 160


def cell(value: Any) -> str:
    """Write one cell: dates as ISO text, blanks as nothing, a fraction to two decimals or, below 1, three figures.

    >>> from datetime import date
    >>> cell(date(2025, 8, 20)), cell(None), cell(11.4), cell(True), cell(-0.67462)
    ('2025-08-20', '', '11.4', 'yes', '-0.675')
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are not equal to themselves
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(round(value, 2) if abs(value) >= 1 else float(f"{value:.3g}"))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return printable(str(value))


def in_options(sentence: str) -> str:
    """Say by the option what a message of the library says by the argument.

    >>> in_options('say order="day_first" or order="month_first"')
    'say --order day_first or --order month_first'
    """
    return re.sub(r'order="(\w+)"', r"--order \1", sentence)


def printable(text: str, keep: str = "") -> str:
    r"""Replace control characters, which could move the cursor or colour the screen.

    >>> printable("a\x1b[31mb")
    'a?[31mb'
    """
    return "".join(character if character.isprintable() or character in keep else "?" for character in text)
