"""One provider, several authorities: their tables of contributions added up, with no row and no id of any child."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ehcptime.questions.advice_notes import due_notes, returned_notes
from ehcptime.questions.combined_shapes import Shape, shape_of
from ehcptime.questions.contributions import LAGS
from ehcptime.questions.grouping import texts
from ehcptime.questions.rounding import percent


@dataclass(frozen=True, eq=False)
class CombinedContributions:
    """Contributions of several authorities as one table, and a row for each authority on what it put in.

    `table` has the columns of the tables that went in, then `authorities` (how many have such a row), `not_from` (those that
    have none) and `as_at_last`; its `as_at` is the earliest. `authorities` has `authority, as_at, askings, rows, missing`.
    """

    table: pd.DataFrame
    authorities: pd.DataFrame

    def __repr__(self) -> str:
        """Count the rows; show none of them."""
        return f"CombinedContributions(table {len(self.table)}, authorities {len(self.authorities)})"


def combine_contributions(tables: Mapping[str, pd.DataFrame]) -> CombinedContributions:
    """Add up the contributions of several authorities, for a provider or an integrated care board that serves them all.

    `tables` holds for each authority, by its name, the answer of `contributions` or of `returned_contributions`, all grouped by the same
    columns and periods. Counts are summed and each percentage is worked out again from the sums, never averaged. A median cannot be had from
    medians: the lags are kept where one authority alone has the row, and are empty elsewhere. What an authority lacks is
    said (`not_from`, and `missing` in `authorities`), and so are different days of `as_at`. The index is new.

    Raises InputError where there is no table, where one is not such an answer, names single cases or has a row twice, or where they do not
    count the same thing by the same columns and periods.

    >>> from ehcptime.questions.contributions import contributions
    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b", "c"], "advice_type": "health", "requested_date": pd.Timestamp("2025-05-29"),
    ...     "returned_date": pd.to_datetime(["2025-06-20", None, None]), "rule": "advice_body", "start_basis": "sent",
    ...     "due": pd.Timestamp("2025-07-10"), "status": ["met", "overdue", "overdue"], "as_at": pd.Timestamp("2025-07-31")})
    >>> both = combine_contributions({
    ...     "West Sussex": contributions(tracked[:1]), "East Sussex": contributions(tracked[1:])})
    >>> both.table[["in_time", "due", "percent", "authorities"]].to_numpy().tolist()
    [[1, 3, 33.3, 2]]
    """
    shape = shape_of(tables)
    found = _sums(tables, shape)
    keys = _keys(found, shape)
    held = {name: set(_keys(table, shape)) for name, table in tables.items()}
    found["not_from"] = texts([", ".join(name for name in held if key not in held[name]) for key in keys])
    found["note"] = texts(_notes(found, shape))
    columns = [*shape.columns, "authorities", "not_from", "as_at_last"]
    return CombinedContributions(found[columns], _authorities(tables, held, keys, shape))


def _keys(table: pd.DataFrame, shape: Shape) -> list[Any]:
    """What each row is about, as a tuple."""
    return [tuple(row) for row in table[shape.keys].to_numpy().tolist()]


def _sums(tables: Mapping[str, pd.DataFrame], shape: Shape) -> pd.DataFrame:
    """Sum the counts over the authorities, and work the shares out again."""
    filled = {name: table for name, table in tables.items() if len(table)} or tables
    rows = pd.concat([table.assign(authority=name) for name, table in filled.items()], ignore_index=True)
    grouped = rows.groupby(shape.keys, sort=True, observed=True, dropna=False)
    found: pd.DataFrame = grouped[shape.counts].sum()
    found = found.assign(
        kind=grouped["kind"].first(),
        as_at=grouped["as_at"].min(),
        as_at_last=grouped["as_at"].max(),
        authorities=grouped["authority"].nunique(),
        **{name: _only(grouped, name) for name in LAGS if name in rows},
    ).reset_index()
    shares = {
        name: percent(found[top], found[list(bottom)].sum(axis=1))
        for name, (top, bottom) in shape.shares.items()
    }
    return found.assign(**shares)


def _only(grouped: Any, name: str) -> "pd.Series[float]":
    """A median where one authority alone has the row."""
    alone = grouped["authority"].nunique().eq(1)
    first: pd.Series[float] = grouped[name].first().astype("Float64")
    return first.where(alone)


def _notes(found: pd.DataFrame, shape: Shape) -> list[str]:
    own = (due_notes if shape.is_due else returned_notes)({name: found[name] for name in shape.counts})
    several, days = found["authorities"] > 1, found["as_at"] != found["as_at_last"]
    rows = zip(own, several, days, found["not_from"], strict=True)
    return [
        "; ".join(filter(None, (note, *_said(many, apart, lacking)))) for note, many, apart, lacking in rows
    ]


def _said(several: bool, apart: bool, lacking: str) -> list[str]:
    said = ["no median, because medians cannot be combined"] if several else []
    if apart:
        said.append("the authorities were counted at different days")
    return said + ([f"nothing from {lacking}"] if lacking else [])


def _authorities(
    tables: Mapping[str, pd.DataFrame], held: Mapping[str, set[Any]], keys: Sequence[Any], shape: Shape
) -> pd.DataFrame:
    whole = shape.counts[0]
    return pd.DataFrame(
        {
            "authority": texts(list(tables)),
            "as_at": pd.to_datetime([table["as_at"].min() for table in tables.values()]).astype(
                "datetime64[s]"
            ),
            "askings": [int(table[whole].sum()) for table in tables.values()],
            "rows": [len(table) for table in tables.values()],
            "missing": texts(
                [
                    "; ".join(" ".join(map(str, key)) for key in keys if key not in held[name])
                    for name in tables
                ]
            ),
        }
    )
