"""Returns of successive years read as one: the requests that several of them hold, linked by a key and by nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.extract import Extract
from ehcptime.records.notes import Notes
from ehcptime.records.sen2.assembling import in_contract_order
from ehcptime.records.sen2.linking import filled_by, link_of, people_of
from ehcptime.records.sen2.modules import key_column
from ehcptime.records.unread import still_blank

_TABLES = ("advice", "exemptions", "closures", "events", "unread")


def labels(paths: Sequence[str | Path]) -> list[str]:
    """Name returns by their file or folder, and by the folder above where two have one name."""
    absolute = [Path(path).absolute() for path in paths]
    names = [path.name for path in absolute]
    return [
        path.name if names.count(path.name) == 1 else f"{path.parent.name}/{path.name}" for path in absolute
    ]


def together(names: Sequence[str], extracts: Sequence[Extract], keys: Sequence[str]) -> Extract:
    """Read extracts of successive years as one, in the order of their days where every one has a day."""
    pairs = list(zip(names, extracts, strict=True))
    if all(extract.extracted_on for extract in extracts):
        pairs.sort(key=lambda pair: str(pair[1].extracted_on))
    reports = [_named(extract.reading, name) for name, extract in pairs]
    notes = Notes()
    if keys:
        result = _linked(pairs, keys, notes)
    else:
        result = pairs[-1][1]
        for name, extract in pairs[:-1]:
            why = "not linked and not used, because no key= says which column is the same in both returns"
            notes.add(name, "", "", len(extract.cases), 0, why)
    reading = pd.concat([*reports, notes.frame()], ignore_index=True)
    cases = result.cases[[name for name in result.cases if not str(name).startswith("key ")]]
    return still_blank(replace(result, cases=cases, reading=reading))


def _named(reading: pd.DataFrame, name: str) -> pd.DataFrame:
    """Say in each line of a report which return it is about."""
    own = [file if file.startswith(name) else f"{name}: {file}" for file in reading["file"]]
    return reading.assign(file=own)


def _linked(pairs: Sequence[tuple[str, Extract]], keys: Sequence[str], notes: Notes) -> Extract:
    (first, result), *rest = pairs
    _columns(result.cases, keys, first)
    stable = {"case_id", "person_id"} & set(keys)
    if rest:
        result = _relabelled(result, first, stable)
    for number, (name, extract) in enumerate(rest, start=1):
        own = extract if number == len(rest) else _relabelled(extract, name, stable)
        result = _joined(result, own, _columns(own.cases, keys, name), name, notes)
    return result


def _columns(cases: pd.DataFrame, keys: Sequence[str], name: str) -> list[str]:
    """Give the columns that hold the key, and the date that tells the requests of one person apart."""
    found = [key if key in cases else key_column(key) for key in keys]
    if missing := [key for key, column in zip(keys, found, strict=True) if column not in cases]:
        raise InputError(
            f"{name} has no column {missing[0]} among its persons and requests, so it cannot be linked by it"
        )
    return found if "case_id" in found else list(dict.fromkeys([*found, "received_date"]))


def _relabelled(extract: Extract, name: str, stable: set[str]) -> Extract:
    """Give ids the name of their return, for in another return they stand for others."""
    tables: dict[str, Any] = {table: getattr(extract, table) for table in ("cases", *_TABLES)}
    for table, frame in tables.items():
        ids = [column for column in ("case_id", "person_id") if column in frame and column not in stable]
        tables[table] = frame.assign(**{column: _prefixed(frame[column], name) for column in ids})
    return replace(extract, **tables)


def _prefixed(ids: pd.Series, name: str) -> pd.Series:
    texts = ids.astype(object)
    return texts.where(texts.isna(), f"{name}/" + texts.map(str))


def _joined(earlier: Extract, later: Extract, columns: list[str], name: str, notes: Notes) -> Extract:
    link = link_of(earlier.cases, later.cases, columns, name, notes)
    before = earlier.cases.loc[link.earlier].set_axis(link.later)
    filled = filled_by(later.cases, before, name, notes)
    alone = earlier.cases.drop(index=link.earlier)
    people = people_of(earlier.cases, later.cases, link, columns)
    alone = alone.assign(person_id=alone["person_id"].map(lambda own: people.get(own, own)))
    ids = dict(zip(before["case_id"], later.cases.loc[link.later, "case_id"], strict=True))
    tables: dict[str, Any] = {table: _stacked_table(earlier, later, table, ids) for table in _TABLES}
    return replace(later, cases=in_contract_order(_stacked(filled, alone)), **tables)


def _stacked_table(earlier: Extract, later: Extract, table: str, ids: dict[str, str]) -> pd.DataFrame:
    old: pd.DataFrame = getattr(earlier, table)
    new: pd.DataFrame = getattr(later, table)
    if old.empty:
        return new
    if "case_id" in old:  # closures are of settings
        old = old.assign(case_id=old["case_id"].map(lambda own: ids.get(own, own)))
    return _stacked(new, old).drop_duplicates(ignore_index=True) if len(new) else old


def _stacked(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Put the rows of one frame under those of another, column by column, so that no type decides for the rest."""
    if second.empty:
        return first
    index = pd.RangeIndex(len(first) + len(second))
    columns = dict.fromkeys([*first.columns, *second.columns])
    return pd.DataFrame({name: _stacked_column(first, second, name, index) for name in columns}, index=index)


def _stacked_column(first: pd.DataFrame, second: pd.DataFrame, name: str, index: pd.Index) -> pd.Series:
    parts = [
        frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=other[name].dtype)
        for frame, other in ((first, second), (second, first))
    ]
    if parts[0].dtype != parts[1].dtype:
        parts = [part.astype(object) for part in parts]
    return pd.concat(parts, ignore_index=True).set_axis(index)
