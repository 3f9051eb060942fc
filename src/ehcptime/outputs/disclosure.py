"""Disclosure control: small numbers hidden in everything that is published together, so that none can be worked out again.

**Whose rule this is.** Nobody's but the authority's own: it is for the authority to set the threshold. The Department for Education
neither suppresses nor rounds its release on education, health and care plans.

**What a reader is taken to know.** Every number printed in these tables and in those of last time; that counts are whole and not
below 0, and that a hidden one is not 0, because zeros are printed; every way in which the tables add up (`margins`): columns of a row,
groups and their totals, one breakdown beside another, months and years, measures that are parts of each other, flows and the measures
of the same month or of all months together, what was left at the end of the last month and what is open; percentages, which are
hidden wherever they would give back a count; and that what looks unchanged since last time is unchanged (`publications`).

**What then holds.** For every hidden count, and for every small rest that could be had by taking one printed number from another, there
is a second set of whole numbers that fits all of this and gives it another value (`witness`). It is shown for each, not assumed; where
none is found more is hidden, and where nothing is left to hide the table is withheld.

**What is not promised.** Two possible values are not many: a hidden count can often be put between narrow limits, as with any
method that hides cells. A reader who knows some of the children, or who works out how the cells beside the small ones were chosen, knows
more than is assumed here. So does one who knows that teams make up areas where no table shows both, who has tables older than those of
last time, or who compares means, medians or estimates, which are hidden with small bases and are not otherwise protected.
Between the counts of different questions the sums in `additions.toml` are known to the reader, and no others.
Limits that only an unprinted finer breakdown sets (three breakdowns by pairs of three columns) are not looked into. Bands of age with other edges
are compared in their totals only. Of what was hidden last time and is no longer in a table nothing is checked.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, get_args, overload

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.breakdowns import margins_of
from ehcptime.outputs.cells import Cells, cells_of, days_of
from ehcptime.outputs.deaths import with_deaths_in_other
from ehcptime.outputs.hiding import hide
from ehcptime.outputs.publications import add_previous
from ehcptime.outputs.published import Published, published, rounding_report
from ehcptime.outputs.refused import refuse_others
from ehcptime.outputs.rounded import rounded

Mode = Literal["suppress", "round"]
Tables = pd.DataFrame | Mapping[str, pd.DataFrame]

_ONE = "table"  # the name of a frame that was given without one


@overload
def suppress(
    tables: pd.DataFrame, *, threshold: int = 5, mode: Mode = "suppress", previous: Tables | None = None
) -> pd.DataFrame: ...
@overload
def suppress(
    tables: Mapping[str, pd.DataFrame],
    *,
    threshold: int = 5,
    mode: Mode = "suppress",
    previous: Tables | None = None,
) -> Published: ...
def suppress(
    tables: Tables, *, threshold: int = 5, mode: Mode = "suppress", previous: Tables | None = None
) -> pd.DataFrame | Published:
    """Hide small numbers in tables that are published together, and whatever would give them back.

    `tables` is one answer of a question, or a mapping of names to answers: give everything that is published at once in one call. One
    frame gives a frame, a mapping gives `Published`: the tables by name, `hidden` (how much is hidden in which table) and `shorthand`
    (the symbols used and their meaning). Rows, columns, their order and the index stay; nothing is mutated.

    `mode="suppress"`: counts from 1 to `threshold` - 1 are `[c]`, zeros stay, and further counts are `[c]` until no hidden count can be
    worked out from the set and from `previous`, the tables published last time (with their markers). A percentage is `[c]` where
    its numerator, its denominator or the rest is hidden or small, or its base is under 10; so is a mean or median on a small base. A
    figure that cannot be computed is `[z]`, a count that is missing `[x]`. A number in a note is `[c]` unless its row prints it. Those
    who died are counted under `other`, so that row or column goes.
    `mode="round"`: every count is rounded to the nearest 5 instead, `[low]` where that is 0; percentages are those of the rounded counts.
    Rounding proves nothing about sums, and does not look at `threshold` or `previous`: keep to one mode from one time to the next.

    This is not a DfE rule: DfE applies neither suppression nor rounding to its release on EHC plans. The module says what is
    assumed of the reader, and what is not promised.

    Raises InputError for a table with a column that names children or workers, a count below 0, counts that are text (DfE's own layout), a
    curve by days, a waterfall, the shares of a change or the assumptions of a forecast, and for what is no table; CommandError for a threshold below 2 or another mode.

    >>> table = pd.DataFrame({"team": ["a", "b", "c", "all"], "open": [3, 8, 20, 31]})
    >>> suppress(table)["open"].tolist()
    ['[c]', '[c]', 20, 31]
    >>> suppress({"backlog": table}).hidden[["counts", "small", "beside"]].to_numpy().tolist()
    [[4, 1, 1]]
    """
    _check(threshold, mode)
    named = _named(tables)
    done = _rounded(named) if mode == "round" else _suppressed(named, threshold, previous)
    return done[_ONE] if isinstance(tables, pd.DataFrame) else done


def _check(threshold: int, mode: str) -> None:
    if mode not in get_args(Mode):
        raise CommandError(f"mode must be one of {', '.join(get_args(Mode))}, not {mode!r}")
    if isinstance(threshold, bool) or not isinstance(threshold, int) or threshold < 2:
        raise CommandError(f"threshold must be a whole number of 2 or more, not {threshold!r}")


def _named(tables: Tables) -> dict[str, pd.DataFrame]:
    named = {_ONE: tables} if isinstance(tables, pd.DataFrame) else tables
    refuse_others(named)
    return {name: with_deaths_in_other(frame, name) for name, frame in named.items()}


def _rounded(tables: dict[str, pd.DataFrame]) -> Published:
    done = {name: rounded(frame, name) for name, frame in tables.items()}
    return Published(MappingProxyType(done), rounding_report(tables))


def _suppressed(tables: dict[str, pd.DataFrame], threshold: int, previous: Tables | None) -> Published:
    cells = cells_of(tables)
    margins = margins_of(cells, threshold)
    if previous is not None:
        earlier = _named(previous)
        before = cells_of(earlier, counts=_counts(cells))
        add_previous(margins, cells, before, threshold, other_day=_other_day(tables, earlier))
    return published(tables, cells, hide(margins, threshold), threshold)


def _counts(cells: Cells) -> frozenset[str]:
    return frozenset(column for roles in cells.roles.values() for column in roles("count"))


def _other_day(tables: Mapping[str, pd.DataFrame], earlier: Mapping[str, pd.DataFrame]) -> bool:
    """Say whether two publications are known to be of different days."""
    now, then = ({day for frame in frames.values() for day in days_of(frame)} for frames in (tables, earlier))
    return bool(now and then and not now & then)
