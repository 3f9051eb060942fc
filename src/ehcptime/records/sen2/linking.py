"""Requests that two returns hold: found by a key, and filled by what the earlier return says of them."""

from typing import NamedTuple

import pandas as pd

from ehcptime.records.notes import Notes
from ehcptime.records.values import rows_named

_OUTCOMES = ("request_outcome", "assessment_outcome")
_DECIDED = ("Y", "N")


class Link(NamedTuple):
    """The rows of an earlier return and of a later one that are the same request."""

    earlier: pd.Index
    later: pd.Index


def link_of(earlier: pd.DataFrame, later: pd.DataFrame, columns: list[str], name: str, notes: Notes) -> Link:
    """Find the rows with one key, which no other row of their return has, and report the others."""
    sides = [_keyed(frame, columns) for frame in (earlier, later)]
    twice = [side[side.duplicated(columns, keep=False)] for side in sides]
    once = [side.drop_duplicates(columns, keep=False) for side in sides]
    met = once[0].merge(once[1], on=columns, suffixes=(" earlier", " later"), validate="one_to_one")
    unkeyed = later.index[~later.index.isin(sides[1].index)]
    repeated = later.index[later.index.isin(twice[1].index)]
    for rows, what in ((unkeyed, "have no key"), (repeated, "share a key and a date")):
        if len(rows):
            note = f"not linked to an earlier return: {what} (cases {rows_named(rows)})"
            notes.add(name, columns[0].removeprefix("key "), "", len(rows), 0, note)
    shown = columns[0].removeprefix("key ")
    notes.add(
        name,
        shown,
        "",
        len(later),
        len(met),
        f"{len(met)} requests are also in an earlier return, by {shown}",
    )
    return Link(pd.Index(met["row earlier"]), pd.Index(met["row later"]))


def _keyed(cases: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Give the keys of the rows that have one, and the label of each row."""
    keys = cases[columns].dropna(subset=[name for name in columns if name != "received_date"]).copy()
    for name in columns:
        if name != "received_date":
            keys[name] = keys[name].astype(object).map(str)
    return keys.assign(row=keys.index)


def filled_by(later: pd.DataFrame, before: pd.DataFrame, name: str, notes: Notes) -> pd.DataFrame:
    """Fill blanks by what the earlier return holds; an outcome comes with its date, also where it is `H`."""
    decided = {column for outcome in _OUTCOMES for column in (outcome, f"{outcome}_date")}
    filled = later.copy()
    for column in before.columns.difference([*decided, "case_id", "person_id"], sort=False):
        own = later[column] if column in later else pd.Series(index=later.index, dtype=before[column].dtype)
        filled[column] = _or_else(own, before[column])
    for outcome in _OUTCOMES:
        _take_decisions(filled, before, outcome, name, notes)
    return filled


def _or_else(own: pd.Series, other: pd.Series) -> pd.Series:
    """Fill the blanks of a column by another, of whatever type."""
    wanted = other.dropna().index.intersection(own.index[own.isna()])
    if wanted.empty:
        return own
    if own.dtype != other.dtype:
        own, other = own.astype(object), other.astype(object)
    return own.where(~own.index.isin(wanted), other.reindex(own.index))


def _take_decisions(
    filled: pd.DataFrame, before: pd.DataFrame, outcome: str, name: str, notes: Notes
) -> None:
    codes, earlier = filled[outcome].astype(object), before[outcome].astype(object)
    historic = codes.index[codes.map(str).str.strip().str.upper() == "H"]
    open_to_it = historic.union(codes.index[codes.isna()])
    dated = earlier.map(str).str.strip().str.upper().isin(_DECIDED) & before[f"{outcome}_date"].notna()
    taken = before.index[dated].intersection(open_to_it)
    filled[outcome] = codes.where(~codes.index.isin(taken), earlier.reindex(codes.index))
    dates = before[f"{outcome}_date"].reindex(codes.index)
    filled[f"{outcome}_date"] = filled[f"{outcome}_date"].where(~codes.index.isin(taken), dates)
    if len(historic):
        known = len(historic.intersection(taken))
        note = f"{len(historic)} are H: the decision and its date are those of an earlier return for {known}"
        notes.add(name, outcome, f"{outcome}_date", len(historic), known, note)


def people_of(earlier: pd.DataFrame, later: pd.DataFrame, link: Link, columns: list[str]) -> dict[str, str]:
    """Give the later id of each earlier person: of a linked request, or by a key that is one for each person."""
    if "person_id" in columns:
        return {}
    pairs = zip(earlier.loc[link.earlier, "person_id"], later.loc[link.later, "person_id"], strict=True)
    known = {own: other for own, other in pairs if pd.notna(own) and pd.notna(other)}
    key = [name for name in columns if name not in ("received_date", "case_id")]
    if key and _one_for_each(earlier, key) and _one_for_each(later, key):
        sides = [frame[["person_id", *key]].dropna().drop_duplicates() for frame in (earlier, later)]
        met = sides[0].merge(sides[1], on=key, suffixes=(" earlier", " later"))
        known |= dict(zip(met["person_id earlier"], met["person_id later"], strict=True))
    return known


def _one_for_each(cases: pd.DataFrame, key: list[str]) -> bool:
    pairs = cases[["person_id", *key]].dropna().drop_duplicates()
    return not (pairs.duplicated("person_id").any() or pairs.duplicated(key).any())
