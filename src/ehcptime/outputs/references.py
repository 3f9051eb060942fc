"""References: a short name for every printed figure, from what it was asked, of whom, of which input and by which rules."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.fingerprints import cell_texts
from ehcptime.outputs.manifest import Manifest, manifest
from ehcptime.outputs.row_prints import row_prints
from ehcptime.questions.grouping import texts
from ehcptime.records.extract import Extract
from ehcptime.records.whole import whole

COLUMN = "ref"
_LENGTH = 8  # letters of base 32: 40 bits
# What stands in a table and is no figure: it is in the run, or says something of the row.
BESIDE = frozenset(
    {"as_at", "rule_book", "cohort", "kind", "note", "why_left_out", "sentence", "complete", COLUMN}
)
_Reference = Annotated[str, Field(pattern=r"^[A-Z2-7]{4}-[A-Z2-7]{4}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Asked(NamedTuple):
    """What a table answers: the question, what was asked of it, and the columns that say what a row is about."""

    question: str
    arguments: Mapping[str, Any]
    labels: Sequence[str]


class FigureRow(_Frozen):
    """A row of a printed table: its reference, what it is about, and its figures as they were printed, by column."""

    ref: _Reference
    labels: dict[str, str]
    figures: dict[str, str]


class FigureTable(_Frozen):
    """A printed table: what it answers, and its rows."""

    question: str
    arguments: dict[str, Any]
    rows: tuple[FigureRow, ...]


class FigureManifest(_Frozen):
    """What the figures of a run rest on: `run`, the tables with their references, and for internal use a print of every case.

    `audience` is that of the tables; a manifest for another than `internal` holds no id of a case.
    """

    format: Literal[1] = 1
    audience: Audience = "internal"
    run: Manifest
    tables: tuple[FigureTable, ...]
    cases: dict[str, dict[str, str]] = {}

    def row(self, ref: str) -> tuple[FigureTable, FigureRow]:
        """Find the row of a reference (with or without a column after a dot); raises CommandError where there is none."""
        name = ref.strip().upper().partition(".")[0]
        for table in self.tables:
            for row in table.rows:
                if row.ref == name:
                    return table, row
        raise CommandError(f"reference {ref!r} is not in this manifest: give the one saved with the figure")

    def save(self, path: str | Path) -> None:
        """Write it as JSON, whole or not at all; raises InputError where it cannot be written."""
        place = Path(path)
        try:
            with whole(place) as temporary:
                temporary.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        except OSError as error:
            raise InputError(
                f"{place.name} cannot be written: {error.strerror}; choose another folder"
            ) from error


def read_figure_manifest(path: str | Path) -> FigureManifest:
    """Read a manifest that `save` wrote; raises InputError where it is not one, or is not what was saved."""
    place = Path(path)
    try:
        found = FigureManifest.model_validate_json(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"there is no manifest {place.name}: give the one saved with the figure") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise InputError(
            f"{place.name} is not a manifest of figures: save one with --manifest when the figure is printed"
        ) from error
    for table in found.tables:
        for row in table.rows:
            if figure_reference(table.question, table.arguments, row.labels, found.run) != row.ref:
                raise InputError(
                    f"{place.name} was changed after it was saved: reference {row.ref} does not fit"
                )
    return found


def figure_reference(
    question: str, arguments: Mapping[str, Any], labels: Mapping[str, str], run: Manifest, column: str = ""
) -> str:
    """Name a row of an answer, or with `column` one figure of it: eight letters, the column after a dot.

    The letters are of a SHA-256 of the question, its arguments (those not given do not count), what the row is about, the
    fingerprints of the input, the day, the edition of the rule book and the version of ehcptime: the same figure of the same
    input has the same reference on every machine, and anything else another one. The value is not in it.

    >>> run = manifest({}, as_at=date(2025, 3, 31))
    >>> one = figure_reference("backlog", {"by": ["stage"]}, {"stage": "deciding"}, run)
    >>> len(one), figure_reference("backlog", {"by": ["stage"], "period": None}, {"stage": "deciding"}, run, "open") == f"{one}.open"
    (9, True)
    """
    said = {
        "question": question,
        "arguments": _given(arguments),
        "labels": dict(labels),
        "inputs": {name: found.fingerprint for name, found in run.inputs.items()},
        "as_at": run.as_at.isoformat(),
        "rule_book": run.rule_book,
        "version": run.versions["ehcptime"],
    }
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).digest()
    letters = base64.b32encode(digest).decode()[:_LENGTH]
    name = f"{letters[:4]}-{letters[4:]}"
    return f"{name}.{column}" if column else name


def _given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if value not in (None, [], "", {})}


def referenced(table: pd.DataFrame, asked: Asked, run: Manifest) -> tuple[pd.DataFrame, FigureTable]:
    """Put the reference of each row into a first column `ref`, and give what a manifest keeps of the table.

    Each number of a row goes by `ref`, a dot and the name of its column. Raises CommandError for a table that has a
    column `ref` already, lacks one of the labels, or says the same of two rows.
    """
    missing = [name for name in asked.labels if name not in table]
    if COLUMN in table or missing:
        what = f"has a column {COLUMN!r} already" if COLUMN in table else f"has no column {missing[0]!r}"
        raise CommandError(f"a table of {asked.question!r} {what}: references cannot be given")
    columns = {str(name): cell_texts(table[name]).tolist() for name in table if name not in BESIDE}
    figures = [name for name in columns if name not in asked.labels]
    rows = []
    for place in range(len(table)):
        labels = {name: columns[name][place] for name in asked.labels}
        rows.append(
            FigureRow(
                ref=figure_reference(asked.question, asked.arguments, labels, run),
                labels=labels,
                figures={name: columns[name][place] for name in figures},
            )
        )
    if len({row.ref for row in rows}) < len(rows):
        raise CommandError(f"two rows of {asked.question!r} are about the same: references cannot be given")
    kept = FigureTable(question=asked.question, arguments=_given(asked.arguments), rows=tuple(rows))
    shown = table.copy()
    shown.insert(0, COLUMN, texts([row.ref for row in rows]).to_numpy())
    return shown, kept


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
