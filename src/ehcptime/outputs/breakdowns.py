"""Breakdowns: one count broken down in several ways, or at several times, whose totals can be compared."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ehcptime.outputs.cells import Cells, Concept
from ehcptime.outputs.handovers import Numbers
from ehcptime.outputs.labels import Key, with_longer_periods
from ehcptime.outputs.margins import Margins, Name, Terms
from ehcptime.outputs.sums import add_all, add_sums, terms_of

Slices = Mapping[tuple[str, Concept, tuple[str, ...]], Mapping[Key, int]]
_Labelled = list[tuple[dict[str, str], int]]


class _Difference(NamedTuple):
    """Two sums of one count that can be compared: the terms are the larger less the smaller. `of` says for whom, and which is larger."""

    of: tuple[tuple[str, ...], tuple[str, ...], bool]
    terms: Terms
    rest: bool


def margins_of(cells: Cells, threshold: int) -> Margins:
    """Find how the counts of one set of tables add up.

    >>> import pandas as pd
    >>> from ehcptime.outputs.cells import cells_of
    >>> table = pd.DataFrame({"team": ["a", "b", "all"], "open": [3, 6, 9]})
    >>> margins_of(cells_of({"backlog": table}), 5).equations  # the total is cell 0
    [{0: 1, 1: -1, 2: -1}]
    """
    values = [cell.value for cell in cells.cells]
    margins = Margins(cells.cells, values, [1] * len(values))
    add_sums(margins, cells)
    compare(margins, cells.slices, cells.slices, threshold)
    return margins


def compare(margins: Margins, ones: Slices, others: Slices, threshold: int) -> None:
    """Two breakdowns of one count have the same totals wherever their groups coincide, or one has a rest more than the other.

    The rests of one comparison are counts of the same children (the girls, where all are printed and the boys), so they keep the
    sums of a row as well.
    """
    same_set = ones is others
    by_name: dict[Name, list[tuple[str, _Labelled]]] = defaultdict(list)
    for (table, concept, _), found in sorted(others.items(), key=lambda item: item[0]):
        by_name[concept[:2]].append((table, _labelled(found)))
    rests: dict[object, dict[Name, Numbers]] = defaultdict(dict)
    for (table, concept, names), found in sorted(ones.items(), key=lambda item: item[0]):
        mine = _labelled(found)
        for other_table, theirs in by_name[concept[:2]]:
            pair = (table, names, concept.as_at, other_table, tuple(sorted(_names(theirs))))
            if same_set and (pair[0], tuple(sorted(_names(mine)))) >= (pair[3], pair[4]):
                continue
            for difference in _differences(margins, mine, theirs, threshold):
                rest = margins.equal(difference.terms, rest=difference.rest)
                if rest is not None:
                    margins.missed.append(difference.terms)
                    rests[pair, difference.of][concept[:2]] = (rest,)
    for there in rests.values():
        add_all(margins, there)


def _differences(
    margins: Margins, mine: _Labelled, theirs: _Labelled, threshold: int
) -> Iterator[_Difference]:
    shared = sorted(_names(mine) & _names(theirs))
    even = [name for name in shared if _values(mine, name) == _values(theirs, name)]
    for names in [shared, *([even] if even != shared else [])]:
        ours, others = _grouped(mine, names), _grouped(theirs, names)
        for labels in sorted(ours.keys() & others.keys()):
            terms = terms_of(ours[labels], others[labels])
            more = margins.total(terms)
            if more is None or not any(terms.values()):
                continue
            if more < 0:
                terms = {number: -coefficient for number, coefficient in terms.items()}
            larger, smaller = (mine, theirs) if more > 0 else (theirs, mine)
            rest = _names(larger) <= _names(smaller) or abs(more) < threshold
            yield _Difference((tuple(names), labels, more > 0), terms, rest=bool(more) and rest)


def _labelled(found: Mapping[Key, int]) -> _Labelled:
    return [(with_longer_periods(key), number) for key, number in sorted(found.items())]


def _names(labelled: _Labelled) -> set[str]:
    return set(labelled[0][0])


def _values(labelled: _Labelled, name: str) -> set[str]:
    return {labels[name] for labels, _ in labelled}


def _grouped(labelled: _Labelled, names: list[str]) -> dict[tuple[str, ...], list[int]]:
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for labels, number in labelled:
        groups[tuple(labels[name] for name in names)].append(number)
    return groups
