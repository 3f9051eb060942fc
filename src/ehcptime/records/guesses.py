"""Guesses for a person to confirm: which column of the contract a local heading means, and which code a local value."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import pandas as pd

from ehcptime.records.columns import COLUMNS
from ehcptime.records.date_forms import take_apart
from ehcptime.records.dates import Order
from ehcptime.records.mapping import BIRTH
from ehcptime.records.personal import plain

Kind = Literal["dates", "mostly dates", "flags", "numbers", "few values", "text", "empty"]

_SYNONYMS: Mapping[str, Any] = MappingProxyType(
    tomllib.loads(files("ehcptime.records").joinpath("synonyms.toml").read_text(encoding="utf-8"))
)
_FLAGS = frozenset({"0", "1", "0.0", "1.0", "y", "n", "yes", "no", "true", "false"})
_FEW = 12
_NEARLY_ALL = 0.8  # of the cells of a column of dates
DATED = frozenset({"dates", "mostly dates"})
_ENOUGH = 0.6  # of a heading's words have to be explained
_HALF = 0.5  # of a value's; and of the cells of a column, where its heading says that they are dates
_NOT_SAID = frozenset({"of", "the", "was", "to", "for", "is", "a", "an", "in", "and", "by", "on"})


class Column(NamedTuple):
    """One column of a local sheet: where it is, its heading, what its cells look like, and its distinct values."""

    position: int
    heading: str
    kind: Kind
    values: tuple[str, ...]


def column_of(position: int, heading: str, cells: pd.Series) -> Column:
    """Look at the cells of a column.

    >>> column_of(0, "Received", pd.Series(["02/04/2025", "", "w/c 3rd March", *["03/04/2025"] * 5])).kind
    'dates'
    """
    distinct = cells.astype(object).fillna("").map(str.strip).value_counts()
    distinct = distinct[distinct.index != ""]
    return Column(position, heading, _kind(distinct), tuple(sorted(distinct.index)))


def _kind(counts: pd.Series) -> Kind:
    if counts.empty:
        return "empty"
    texts = [str(text) for text in counts.index]
    dated = counts[list(map(is_dated, texts))].sum() / counts.sum()
    if dated >= _HALF:
        return "dates" if dated >= _NEARLY_ALL else "mostly dates"
    if all(text.casefold() in _FLAGS for text in texts):
        return "flags"
    if all(re.fullmatch(r"-?\d+(\.0)?", text) for text in texts) and len(texts) > _FEW:
        return "numbers"
    return "few values" if len(texts) <= _FEW and counts.sum() > len(texts) else "text"


def is_dated(text: str) -> bool:
    """Say whether a text is a date in some way of writing one, a serial number too.

    >>> is_dated("w/c 3rd March"), is_dated("03/04/2025")
    (False, True)
    """
    return take_apart(text).shape in ("year_first", "named", "numeric", "serial", "zoned")


def words(heading: str) -> list[str]:
    """Split a heading into its words; capitals within begin a new one.

    >>> words("Date ReceivedByLA (ccyy-mm-dd)")
    ['date', 'received', 'la']
    """
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.split(r"[(\n]", heading, maxsplit=1)[0])
    found = re.findall(r"[^\W_]+", text.casefold())
    return [word for word in found if word not in _NOT_SAID] or found


def fit(heading: str, entries: Iterable[str]) -> float:
    """Say how much of a heading the best of the entries explains, from 0 to 1."""
    own = words(heading)
    best = 0.0
    for entry in entries:
        wanted = [word for word in entry.split() if word not in _NOT_SAID]
        if plain(entry) == plain(heading) or (wanted and set(wanted) <= set(own)):
            best = max(best, 1.0 if plain(entry) == plain(heading) else len(wanted) / len(own))
    return best


def order_of(columns: Iterable[Column]) -> Order | None:
    """Give the order of numeric dates that some value of some column proves and none contradicts."""
    forms = [
        form
        for column in columns
        if column.kind in DATED
        for form in map(take_apart, column.values)
        if form.shape == "numeric"
    ]
    day_first = any(form.second <= 12 < form.first for form in forms)
    month_first = any(form.first <= 12 < form.second for form in forms)
    if day_first == month_first:
        return None
    return "day_first" if day_first else "month_first"


def columns_for(table: str, columns: Sequence[Column]) -> dict[str, Column]:
    """Choose for each column of the contract the local column that fits it best, by heading and by kind."""
    entries: Mapping[str, list[str]] = _SYNONYMS[table]
    names = (*COLUMNS[table], BIRTH) if table == "cases" else tuple(COLUMNS[table])
    scored = [
        (score, -column.position, name, column)
        for name in names
        for column in columns
        if (score := fit(column.heading, (name.replace("_", " "), *entries.get(name, ())))) >= _ENOUGH
        and _possible(table, name, column)
    ]
    chosen: dict[str, Column] = {}
    for _, _, name, column in sorted(scored, key=lambda found: found[:2], reverse=True):
        if name not in chosen and column not in chosen.values():
            chosen[name] = column
    return chosen


def _possible(table: str, name: str, column: Column) -> bool:
    """Say whether a column's cells can be what the contract says; an empty one can be anything."""
    known = COLUMNS[table].get(name)
    kind = "date" if name == BIRTH else known.kind if known else "text"
    kinds: Mapping[str, set[Kind]] = {
        "date": {"dates", "mostly dates", "empty"},
        "flag": {"flags", "few values", "empty"},
        "number": {"numbers", "few values", "flags", "empty"},
        "code": {"flags", "few values", "text", "empty"},
        "text": {"mostly dates", "flags", "few values", "text", "numbers", "empty"},
    }
    return column.kind in kinds[kind]


def codes_for(table: str, name: str, column: Column) -> tuple[dict[str, list[str]], list[str]]:
    """Propose local values for each code of the contract; and list those for which nothing was found."""
    known = COLUMNS[table][name]
    key = (
        "outcome"
        if name.endswith("_outcome") and table == "cases"
        else "flag"
        if known.kind == "flag"
        else name
    )
    entries: Mapping[str, list[str]] = _SYNONYMS["codes"].get(key, {})
    found: dict[str, list[str]] = {}
    rest = []
    own = {value.casefold() for value in known.values} | (set(_FLAGS) if known.kind == "flag" else set())
    for value in column.values:
        if value.casefold() in own:
            continue
        scored = [
            (fit(value, synonyms), -place, code) for place, (code, synonyms) in enumerate(entries.items())
        ]
        best = max(scored, default=(0.0, 0, ""))
        if best[0] >= _HALF:
            found.setdefault(best[2], []).append(value)
        else:
            rest.append(value)
    return found, rest


def services_for(columns: Sequence[Column]) -> dict[str, dict[str, Column]]:
    """Find the columns of each service on a wide sheet of advice: when it was asked and when it answered."""
    found: dict[str, dict[str, Column]] = {}
    steps = {name: _SYNONYMS["advice"][name] for name in ("requested_date", "returned_date")}
    for column in columns:
        own = words(column.heading)
        for service, entries in _SYNONYMS["services"].items():
            named = max((entry for entry in entries if set(entry.split()) <= set(own)), key=len, default="")
            rest = " ".join(word for word in own if word not in named.split())
            scored = (
                [(fit(rest, synonyms), step) for step, synonyms in steps.items()] if named and rest else []
            )
            score, step = max(scored, default=(0.0, ""))
            if score >= _ENOUGH and column.kind in (*DATED, "empty"):
                found.setdefault(service, {}).setdefault(step, column)
    return {service: steps for service, steps in found.items() if "requested_date" in steps}
