"""Charts as inline SVG: places in per cent of the width and text at the size of the page's, so that they can be read on any screen.

They have no view box, so nothing is shrunk on a narrow screen. Colours are classes, which the page's style sheet sets for light, dark
and print; what a colour says is said in words and by hatching too. Every text is escaped.
"""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

_ROW, _BAR = 46, 16  # height of a bar with its words, and of the bar
_TOP, _HEIGHT, _FOOT = 30, 200, 46  # of a line chart: above the plot, the plot, below it
_LEFT, _WIDTH = 2.0, 96.0  # of the plot, in per cent
_LINE = 20  # height of a line of words


class Bar(NamedTuple):
    """A bar: its words, its length (None for a number that is hidden or unknown) and whether it is past a limit."""

    words: str
    value: float | None
    is_late: bool = False


class Point(NamedTuple):
    """A point of a line: the label of its period, its height (None where there is none), its number as printed, and whether it may still move."""

    label: str
    value: float | None
    words: str
    is_provisional: bool = False


class Level(NamedTuple):
    """A level across a line chart, such as what the law asks for; `kind` is `law` or `target`."""

    words: str
    value: float
    kind: str


def bars(rows: Sequence[Bar], *, name: str, title: str, finding: str, whole: float | None = None) -> str:
    """Draw bars across, each under its own words; `whole` takes the whole width, or the longest where it is not given.

    `name` begins the ids of the picture, so it must differ on a page; `title` says what is drawn, `finding` what it shows.
    Where no bar has a length there is no picture, and the text is empty.

    >>> drawn = bars([Bar("20-30 weeks: 3", 3, True)], name="age", title="Open cases", finding="3 wait.")
    >>> 'role="img"' in drawn, 'width="100%"' in drawn
    (True, True)
    """
    if all(row.value is None for row in rows):
        return ""
    longest = whole or max(row.value or 0 for row in rows) or 1
    body = "".join(_bar(row, number, longest, name) for number, row in enumerate(rows))
    return _svg(_hatch(name) + body, name, title, finding, height=_ROW * len(rows))


def line(
    points: Sequence[Point], *, name: str, title: str, finding: str, levels: Sequence[Level] = ()
) -> str:
    """Draw a line from period to period, with levels across it; a period that has no number is a gap, one that may move is broken.

    The first and the last number are written, and the first and the last period; the table under it has the others. Where no period
    has a number there is no picture, and the text is empty.

    >>> points = [Point("January 2025", 10.0, "10.0"), Point("February 2025", 20.0, "20.0")]
    >>> drawn = line(points, name="trend", title="In time", finding="It rose.", levels=[Level("the law", 100, "law")])
    >>> drawn.count("<circle"), drawn.count('class="series"')
    (2, 1)
    """
    if all(point.value is None for point in points):
        return ""
    highest = max([level.value for level in levels] + [point.value or 0 for point in points] + [1])
    places = [
        (_across(number, len(points)), None if point.value is None else _down(point.value, highest))
        for number, point in enumerate(points)
    ]
    body = f'<line class="axis" x1="0" x2="100%" y1="{_TOP + _HEIGHT}" y2="{_TOP + _HEIGHT}"/>'
    body += "".join(_level(level, highest) for level in levels)
    body += (
        "".join(_segments(points, places))
        + "".join(_dots(points, places))
        + "".join(_numbers(points, places, [_down(level.value, highest) for level in levels]))
    )
    body += "".join(_ends(points))
    return _svg(body, name, title, finding, height=_TOP + _HEIGHT + _FOOT)


def _svg(body: str, name: str, title: str, finding: str, *, height: int) -> str:
    ids = f"{name}-title", f"{name}-finding"
    return (
        f'<svg role="img" aria-labelledby="{ids[0]} {ids[1]}" width="100%" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{ids[0]}">{escape(title)}</title><desc id="{ids[1]}">{escape(finding)}</desc>{body}</svg>'
    )


def _hatch(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="late" width="7" height="7"/><rect class="gap" width="2" height="7"/></pattern></defs>'
    )


def _bar(row: Bar, number: int, longest: float, name: str) -> str:
    top = number * _ROW
    words = f'<text x="0" y="{top + 18}">{escape(row.words)}</text>'
    if row.value is None:
        return words
    fill = f'fill="url(#{name}-hatch)"' if row.is_late else 'class="bar"'
    track = f'<rect class="track" x="0" y="{top + 25}" width="100%" height="{_BAR}"/>'
    return f'{words}{track}<rect {fill} x="0" y="{top + 25}" width="{100 * row.value / longest:.2f}%" height="{_BAR}"/>'


def _across(number: int, size: int) -> float:
    return _LEFT + (_WIDTH * number / (size - 1) if size > 1 else _WIDTH / 2)


def _down(value: float, highest: float) -> float:
    return _TOP + _HEIGHT * (1 - value / highest)


def _level(level: Level, highest: float) -> str:
    y = _down(level.value, highest)
    return (
        f'<line class="{level.kind}" x1="0" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="words" x="0" y="{y - 8:.1f}">{escape(level.words)}</text>'
    )


def _segments(points: Sequence[Point], places: Sequence[tuple[float, float | None]]) -> Iterator[str]:
    drawn = [
        (before, after, point)
        for (before, after), point in zip(pairwise(places), points[1:], strict=True)
        if before[1] is not None and after[1] is not None
    ]
    lines = "".join(
        f'<line{_broken(point)} x1="{x1:.2f}%" y1="{y1:.1f}" x2="{x2:.2f}%" y2="{y2:.1f}"/>'
        for (x1, y1), (x2, y2), point in drawn
    )
    yield f'<g class="series">{lines}</g>'


def _broken(point: Point) -> str:
    return ' stroke-dasharray="3 3"' if point.is_provisional else ""


def _dots(points: Sequence[Point], places: Sequence[tuple[float, float | None]]) -> Iterator[str]:
    for point, (x, y) in zip(points, places, strict=True):
        if y is not None:
            yield f'<circle class="dot"{_broken(point)} cx="{x:.2f}%" cy="{y:.1f}" r="4.5"/>'


def _numbers(
    points: Sequence[Point], places: Sequence[tuple[float, float | None]], levels: Sequence[float]
) -> Iterator[str]:
    """The first and the last number that there is, above its point, or below it where the words of a level stand there."""
    there = [number for number, point in enumerate(points) if point.value is not None]
    for number, anchor in dict(zip(there[:1] + there[-1:], ("start", "end"), strict=False)).items():
        x, y = places[number]
        above = (y or 0) - 11
        is_taken = any(abs(above - (level - 8)) < _LINE for level in levels)
        side = anchor if len(there) > 1 else "middle"
        yield (
            f'<text class="words strong" x="{x:.2f}%" y="{above + 34 if is_taken else above:.1f}" text-anchor="{side}">'
            f"{escape(points[number].words)}</text>"
        )


def _ends(points: Sequence[Point]) -> Iterator[str]:
    """The first and the last period; that a point is provisional stands under its period, where there is room on a phone."""
    sides = [(points[0], 'x="0"')] if points else []
    sides += [(points[-1], 'x="100%" text-anchor="end"')] if len(points) > 1 else []
    y = _TOP + _HEIGHT + 20
    for point, side in sides:
        yield f'<text {side} y="{y}">{escape(point.label)}</text>'
        if point.is_provisional and point.value is not None:
            yield f'<text {side} y="{y + 18}">(provisional)</text>'
