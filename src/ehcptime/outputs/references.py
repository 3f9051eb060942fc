"""References: a short name for every printed figure, from what it was asked, of whom, of which input and by which rules."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.figure_manifest import FigureManifest, FigureRow, FigureTable, figure_reference, given
from ehcptime.outputs.fingerprints import cell_texts
from ehcptime.outputs.manifest import Manifest, manifest
from ehcptime.outputs.row_prints import row_prints
from ehcptime.questions.grouping import texts
from ehcptime.records.extract import Extract

COLUMN = "ref"
# What stands in a table and is no figure: it is in the run, or says something of the row.
BESIDE = frozenset(
    {"as_at", "rule_book", "cohort", "kind", "note", "why_left_out", "sentence", "complete", COLUMN}
)
_TOLD = frozenset({"note", "why_left_out", "sentence"})  # figures too, where there is a number in them


class Asked(NamedTuple):
    """What a table answers: the question, what was asked of it, and the columns that say what a row is about."""

    question: str
    arguments: Mapping[str, Any]
    labels: Sequence[str]


def referenced(table: pd.DataFrame, asked: Asked, run: Manifest) -> tuple[pd.DataFrame, FigureTable]:
    """Put the reference of each row into a first column `ref`, and give what a manifest keeps of the table.

    Each number of a row goes by `ref`, a dot and the name of its column; a note goes so too where there is a number in it. Raises
    CommandError for a table that has a column `ref` already, lacks one of the labels, or says the same of two rows.
    """
    missing = [name for name in asked.labels if name not in table]
    if COLUMN in table or missing:
        what = f"has a column {COLUMN!r} already" if COLUMN in table else f"has no column {missing[0]!r}"
        raise CommandError(f"a table of {asked.question!r} {what}: references cannot be given")
    rows = tuple(_rows(table, asked, run))
    if len({row.ref for row in rows}) < len(rows):
        raise CommandError(f"two rows of {asked.question!r} are about the same: references cannot be given")
    kept = FigureTable(question=asked.question, arguments=given(asked.arguments), rows=rows)
    shown = table.copy()
    shown.insert(0, COLUMN, texts([row.ref for row in rows]).to_numpy())
    return shown, kept


def _rows(table: pd.DataFrame, asked: Asked, run: Manifest) -> list[FigureRow]:
    columns = {
        str(name): cell_texts(table[name]).tolist() for name in table if name not in BESIDE or name in _TOLD
    }
    rows = []
    for place in range(len(table)):
        cells = {name: column[place] for name, column in columns.items()}
        labels = {name: cells.pop(name) for name in asked.labels}
        rows.append(
            FigureRow(
                ref=figure_reference(asked.question, asked.arguments, labels, run),
                labels=labels,
                figures={name: text for name, text in cells.items() if name not in _TOLD or _counts(text)},
            )
        )
    return rows


def _counts(text: str) -> bool:
    """Whether there is a number in a sentence."""
    return any(letter.isdigit() for letter in text)


def references(
    extract: Extract,
    tables: Mapping[str, pd.DataFrame],
    asked: Mapping[str, Asked],
    *,
    as_at: date,
    audience: Audience = "internal",
) -> tuple[dict[str, pd.DataFrame], FigureManifest]:
    """Give tables that go out together a column of references each, and the manifest by which `trace` finds them again.

    `tables` are as they are printed (made fit for `audience` before), `asked` says what each of them answers. Errors are those of
    `referenced` and `manifest`.
    """
    run = manifest(extract, as_at=as_at)
    done = {name: referenced(table, asked[name], run) for name, table in tables.items()}
    kept = FigureManifest(
        audience=audience,
        run=run.model_copy(update={"audience": "internal" if audience == "internal" else "public"}),
        tables=tuple(table for _, table in done.values()),
        cases=row_prints(extract) if audience == "internal" else {},
    )
    return {name: shown for name, (shown, _) in done.items()}, kept
