"""A ledger: references given out one table after another while a command prints, and the manifest of all of them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.figure_manifest import FigureManifest, FigureTable
from ehcptime.outputs.manifest import Manifest, Print, manifest
from ehcptime.outputs.markers import is_marker
from ehcptime.outputs.references import BESIDE, Asked, referenced
from ehcptime.outputs.row_prints import row_prints
from ehcptime.records.extract import Extract

MAIN = "extract"  # its tables stand under their own names; those of another extract have its name before them
_NUMBER = "row"  # tells rows apart that are about the same
# Columns that say what a row of cases is about; the others say something of it.
_KEYS = ("case_id", "advice_type", "sub_service", "round", "rule", "title", "code", "change", "column")
# Columns of text that say something of a row and not what it is about.
_SAID = BESIDE | {"why", "flags", "value", "message", "published", "last_year", "outcome", "place"}

Source = Extract | bytes


class Ledger:
    """References of what one command prints: `enter` gives a table its own, `manifest` what is kept of all.

    `sources` are what the command rests on, by name: the extracts, and files as their bytes. `as_at` is the day of its position.
    """

    def __init__(
        self, sources: Mapping[str, Source], *, as_at: date, audience: Audience = "internal"
    ) -> None:
        self.sources, self.as_at, self.audience = dict(sources), as_at, audience
        self.tables: list[FigureTable] = []

    @cached_property
    def run(self) -> Manifest:
        """What it rests on."""
        main = self.sources.get(MAIN)
        run = manifest(main if isinstance(main, Extract) else {}, as_at=self.as_at)
        others = {name: source for name, source in self.sources.items() if name != MAIN}
        prints = {name: found for source in others.items() for name, found in _prints(*source).items()}
        audience = "internal" if self.audience == "internal" else "public"
        return run.model_copy(update={"inputs": {**run.inputs, **prints}, "audience": audience})

    def enter(self, table: pd.DataFrame, asked: Asked) -> pd.DataFrame:
        """Give a table a column of references; rows about the same are told apart by their place among them."""
        again = (
            table.groupby(list(asked.labels), dropna=False, sort=False, observed=True).cumcount()
            if asked.labels
            else pd.Series(range(len(table)), index=table.index)
        )
        if not again.any():
            return self._entered(table, asked)
        numbered = table.assign(**{_NUMBER: (again + 1).astype(str).mask(again == 0, "")})
        return self._entered(numbered, asked._replace(labels=[*asked.labels, _NUMBER])).drop(columns=_NUMBER)

    def _entered(self, table: pd.DataFrame, asked: Asked) -> pd.DataFrame:
        shown, kept = referenced(table, asked, self.run)
        self.tables.append(kept)
        return shown

    def manifest(self, sources: Sequence[str] = (), *, is_whole: bool = True) -> FigureManifest:
        """Give what `trace` needs; prints of cases only for internal use."""
        cases = _cases(self.sources) if self.audience == "internal" else {}
        return FigureManifest(
            audience=self.audience,
            run=self.run,
            tables=tuple(self.tables),
            cases=cases,
            sources=tuple(sources),
            is_whole=is_whole,
        )


def labels_in(table: pd.DataFrame) -> list[str]:
    """Say which columns tell what a row is about: in a table of cases those that name it, in another those of words.

    >>> labels_in(pd.DataFrame({"area": ["north"], "period": ["2025"], "open": ["[c]"], "note": ["few"]}))
    ['area', 'period']
    >>> labels_in(pd.DataFrame({"case_id": ["a"], "code": ["no_start"], "severity": ["error"]}))
    ['case_id', 'code']
    """
    names = [str(name) for name in table]
    if "case_id" in names:
        return [name for name in names if name in _KEYS]
    return [name for name in names if name == "exempt" or (name not in _SAID and _is_of_words(table[name]))]


def _is_of_words(values: "pd.Series[Any]") -> bool:
    """Whether a column holds texts and no marker in the place of a number."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _is_of_words(values.astype(object))
    if pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return False
    held = values.dropna()
    return len(held) > 0 and all(isinstance(value, str) and not is_marker(value) for value in held)


def _prints(name: str, source: Source) -> dict[str, Print]:
    """Fingerprints of what else a command rests on: the tables of another extract, or the bytes of a file."""
    if isinstance(source, bytes):
        return {name: Print(fingerprint=hashlib.sha256(source).hexdigest(), rows=len(source.splitlines()))}
    found = manifest(source, as_at=date.min).inputs
    return {f"{name} {table}": one for table, one in found.items()}


def _cases(sources: Mapping[str, Source]) -> dict[str, dict[str, str]]:
    """Prints of the cases of every extract."""
    return {
        table if name == MAIN else f"{name} {table}": found
        for name, source in sources.items()
        if isinstance(source, Extract)
        for table, found in row_prints(source).items()
    }
