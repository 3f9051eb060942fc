"""The manifest of printed figures: what each reference stands for, what the run rested on, and the name of a figure."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ehcptime.errors import CommandError, InputError
from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.manifest import Manifest
from ehcptime.records.saving import saving

_LENGTH = 8  # letters of base 32: 40 bits
_Reference = Annotated[str, Field(pattern=r"^[A-Z2-7]{4}-[A-Z2-7]{4}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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

    `audience` is that of the tables; a manifest for another than `internal` holds no id of a case. `sources` names what a command
    was given, in its order, and `is_whole` says whether its tables went out whole or as they fit on a screen; both are of the command
    line alone.
    """

    format: Literal[1] = 1
    audience: Audience = "internal"
    run: Manifest
    tables: tuple[FigureTable, ...]
    cases: dict[str, dict[str, str]] = {}
    sources: tuple[str, ...] = ()
    is_whole: bool = True

    def row(self, ref: str) -> tuple[FigureTable, FigureRow]:
        """Find the row of a reference (with or without a column after a dot); raises CommandError where there is none."""
        name = ref.strip().upper().partition(".")[0]
        for table in self.tables:
            for row in table.rows:
                if row.ref == name:
                    return table, row
        raise CommandError(f"reference {ref!r} is not in this manifest: give the one saved with the figure")

    def like(self, table: FigureTable, row: FigureRow) -> FigureRow | None:
        """Find the row that is about the same in an answer to the same question; None where there is none."""
        about = _said(row)
        for one in self.tables:
            if (one.question, one.arguments) == (table.question, table.arguments):
                found = next((other for other in one.rows if _said(other) == about), None)
                if found is not None:
                    return found
        return None

    def save(self, path: str | Path) -> None:
        """Write it as JSON, whole or not at all; raises InputError where it cannot be written."""
        place = Path(path)
        with saving(place) as temporary:
            temporary.write_text(self.model_dump_json(indent=1), encoding="utf-8")


def _said(row: FigureRow) -> dict[str, str]:
    return {name: text for name, text in row.labels.items() if text}


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
    if "ehcptime" not in found.run.versions:
        raise InputError(f"{place.name} was changed after it was saved: the version of ehcptime is not in it")
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

    >>> from datetime import date
    >>> from ehcptime.outputs.manifest import manifest
    >>> run = manifest({}, as_at=date(2025, 3, 31))
    >>> one = figure_reference("backlog", {"by": ["stage"]}, {"stage": "deciding"}, run)
    >>> len(one), figure_reference("backlog", {"by": ["stage"], "period": None}, {"stage": "deciding"}, run, "open") == f"{one}.open"
    (9, True)
    """
    said = {
        "question": question,
        "arguments": given(arguments),
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


def given(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments that were given."""
    return {name: value for name, value in arguments.items() if value not in (None, [], "", {})}
