"""Handovers: how one period hands its stock over to the next, and what the periods of a table come to."""

from collections import defaultdict
from collections.abc import Mapping

from ehcptime.outputs.additions import STOCKS
from ehcptime.outputs.cells import Cells
from ehcptime.outputs.labels import Key
from ehcptime.outputs.margins import Margins, Name

Numbers = tuple[int, ...]  # counts that are added up


def add_chains(margins: Margins, cells: Cells) -> None:
    """What was open at the end of a period is open at the beginning of the next."""
    for (table, concept, names), ends in cells.slices.items():
        starts = cells.slices.get((table, concept._replace(column="opening"), names))
        if concept.column != "closing" or starts is None:
            continue
        for key in ends:
            later = sorted(other for other in starts if _undated(other) == _undated(key) and other > key)
            if later:
                margins.equal({ends[key]: 1, starts[later[0]]: -1})


def _undated(key: Key) -> Key:
    return tuple(label for label in key if not label[0].startswith("period"))


def over_periods(cells: Cells) -> dict[tuple[Key, str], dict[Name, Numbers]]:
    """What the periods of a table come to: a flow added up, and of a stock what is left at the end of the last period.

    Where several tables have the same count by period, that of the most periods is taken.
    """
    found: dict[tuple[Key, str], dict[Name, Numbers]] = defaultdict(dict)
    for (_, concept, names), there in sorted(cells.slices.items(), key=lambda item: item[0]):
        is_dated = any(name.startswith("period") for name in names)
        if not is_dated or concept.column in STOCKS - {"closing"}:
            continue
        for key, numbers in _by_period(there).items():
            summed, name = found[key, concept.as_at], concept[:2]
            if len(numbers) > len(summed.get(name, ())):
                summed[name] = numbers
    return {
        at: {name: numbers[-1:] if name[0] in STOCKS else numbers for name, numbers in summed.items()}
        for at, summed in found.items()
    }


def _by_period(there: Mapping[Key, int]) -> dict[Key, Numbers]:
    """Counts of each group in the order of the periods."""
    grouped: dict[Key, Numbers] = defaultdict(tuple)
    for key in sorted(there):
        grouped[_undated(key)] = (*grouped[_undated(key)], there[key])
    return grouped
