"""Publications: what the tables published last time add to what a reader can work out from these.

The reader takes what looks unchanged as unchanged. A count that was published last time and is the same now is known to him; where it
differs, or where sums differ, the difference is a rest like any other, so one of a few children must not be given away. What was
hidden last time is taken to be what it is now wherever the totals of last time allow that, which keeps hidden what was hidden.
"""

from collections import defaultdict

from ehcptime.outputs.additions import STOCKS
from ehcptime.outputs.breakdowns import compare, margins_of
from ehcptime.outputs.cells import Cell, Cells
from ehcptime.outputs.labels import Key
from ehcptime.outputs.margins import Margins, Terms
from ehcptime.questions.measures import MEASURES

_Name = tuple[str, str, Key]


def add_previous(margins: Margins, cells: Cells, previous: Cells, threshold: int, *, other_day: bool) -> None:
    """Add to the margins of a set of tables those of the tables of last time, and the differences between the two.

    Counts at a day, such as open cases, are not compared with those of another day: `other_day` says that it is one.
    """
    matches = _matches(cells, previous, other_day=other_day)
    presumed = _presumed(previous, cells, matches)
    before = margins_of(presumed, threshold)
    alias = _alias(margins, before, previous, matches)
    for equation in before.equations:
        _carry(margins, before, equation, alias)
    changed = [
        {alias[number]: coefficient for number, coefficient in terms.items()}
        for terms in _exact(before.missed, before)
    ]
    for terms in changed:
        _guard(margins, terms)
    _keep(
        margins,
        [{alias[number]: 1 for number in terms} for terms in _exact(before.equations, before)],
        changed,
    )
    _keep_parts(margins, before, alias, _unchanged(previous, cells, matches))
    earlier = {
        place: {key: alias[number] for key, number in found.items()}
        for place, found in presumed.slices.items()
    }
    compare(margins, cells.slices, earlier, threshold)
    margins.told = margins.following(margins.told)  # hiding what follows from them would hide nothing


def _matches(cells: Cells, previous: Cells, *, other_day: bool) -> dict[int, int | None]:
    """The cell of today that each cell of last time is, if any; cells that cannot be compared are left out."""
    today: dict[_Name, int] = {_name(cell): number for number, cell in enumerate(cells.cells)}
    return {
        number: today.get(_name(cell))
        for number, cell in enumerate(previous.cells)
        if not (other_day and _is_stock(cell))
    }


def _name(cell: Cell) -> _Name:
    return cell.concept.column, cell.concept.of, cell.key


def _is_stock(cell: Cell) -> bool:
    measure = MEASURES.get(cell.concept.of)
    dated = any(name.startswith("period") for name, _ in cell.key)
    return not dated and (cell.concept.column in STOCKS or (measure is not None and measure.cohort == "open"))


def _presumed(previous: Cells, cells: Cells, matches: dict[int, int | None]) -> Cells:
    """The cells of last time, with what was hidden as it is today; what cannot be compared has no value."""
    presumed = []
    for number, cell in enumerate(previous.cells):
        match = matches.get(number)
        value = cell.value if match is None or cell.value is not None else cells.cells[match].value
        presumed.append(
            Cell(cell.concept, cell.key, value if number in matches else None, cell.places, cell.adds_up)
        )
    return Cells(presumed, previous.at, previous.slices, previous.pairs, previous.roles)


def _alias(
    margins: Margins, before: Margins, previous: Cells, matches: dict[int, int | None]
) -> dict[int, int]:
    """Number each cell of last time among the counts of today: one that was hidden is today's, one published is told."""
    alias = {}
    for number, cell in enumerate(previous.cells):
        match = matches.get(number)
        if match is not None and cell.value is None:
            alias[number] = match
            continue
        alias[number] = margins.more(before.values[number])
        margins.told.add(alias[number])
        if match is not None and cell.value is not None:
            _published_before(margins, match, cell.value)
    return alias


def _published_before(margins: Margins, number: int, value: int) -> None:
    now = margins.values[number]
    if now == value:
        margins.told.add(number)
    elif now is not None and now > value:
        margins.least[number] = max(margins.least[number], value)


def _exact(equations: list[Terms], before: Margins) -> list[Terms]:
    """Those of printed counts alone, with no rest."""
    return [terms for terms in equations if all(number < before.printed for number in terms)]


def _guard(margins: Margins, terms: Terms) -> None:
    """Something has changed in a sum of last time. Whichever one count it was, the others must not tell what it was then."""
    for hidden in [number for number in terms if number < margins.printed]:
        others = {number: coefficient for number, coefficient in terms.items() if number != hidden}
        total = margins.total(others)
        was = 0 if total is None else -total * terms[hidden]
        if was > 0:
            then = margins.more(was, least=1)
            margins.guarded.add(then)
            margins.equations.append(others | {then: terms[hidden]})


def _keep(margins: Margins, same: list[Terms], changed: list[Terms]) -> None:
    """What was hidden, and by its sums has not changed, stays hidden."""
    steady, moved = (
        {number for terms in sums for number in terms if number < margins.printed} for sums in (same, changed)
    )
    margins.kept |= {number for number in steady - moved if margins.values[number]}


def _unchanged(previous: Cells, cells: Cells, matches: dict[int, int | None]) -> set[int]:
    """Cells that were published last time and are the same today."""
    return {
        number
        for number, match in matches.items()
        if match is not None and previous.cells[number].value == cells.cells[match].value is not None
    }


def _keep_parts(margins: Margins, before: Margins, alias: dict[int, int], unchanged: set[int]) -> None:
    """Where a whole has not changed, its parts look unchanged too: those that were hidden stay hidden."""
    for equation in before.equations:
        if {number for number, coefficient in equation.items() if coefficient > 0} <= unchanged:
            parts = {alias[number] for number in equation if number < before.printed}
            margins.kept |= {
                number for number in parts if number < margins.printed and margins.values[number]
            }


def _carry(margins: Margins, before: Margins, equation: dict[int, int], alias: dict[int, int]) -> None:
    """An equation of last time says something today if it holds a count that was hidden, or one that we could not compare."""
    printed = {number: coefficient for number, coefficient in equation.items() if number < before.printed}
    if any(alias[number] < margins.printed for number in printed):
        terms: dict[int, int] = defaultdict(int)
        for number, coefficient in printed.items():
            terms[alias[number]] += coefficient
        margins.equal(dict(terms), rest=len(printed) < len(equation))
