"""A figure defended: what a reference stands for, the number again from the same input, and what has changed since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Any

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.law.book import LAW
from ehcptime.outputs.audiences import for_audience
from ehcptime.outputs.figure_manifest import FigureManifest, FigureRow, FigureTable
from ehcptime.outputs.manifest import Manifest, manifest
from ehcptime.outputs.references import referenced
from ehcptime.outputs.row_prints import RowChanges, changed_rows, row_prints
from ehcptime.outputs.traced_behind import MAIN, at_days, rows_behind
from ehcptime.outputs.traced_cohorts import COLUMNS
from ehcptime.outputs.traced_questions import REPORT, At, answer_again, asked_of, can_be_asked
from ehcptime.questions.measures import MEASURES
from ehcptime.records.extract import Extract
from ehcptime.tracking.words import count, long_date, paragraphs

_PACKAGE = "ehcptime"
_GONE = "not in the answer any more"
_INSIDE = "The rows show small numbers that the figure hides: they stay inside the authority."
_EDITED = "The input is the same and the figure is not: another version made it, or the manifest was edited."


@dataclass(frozen=True, eq=False)
class Trace:
    """What was found; `str()` says it, with no case in it.

    `figures` has one row for each figure of the reference: `figure`, `printed` and `again` (blank where it was not asked again).
    `rows` are those of the extract by `table`, `part` and `reason`, empty where the figure has no cohort; `changes` the rows that an input holds otherwise now, by case or setting: for internal
    use. `inputs` names the tables and files that are not those of then. `is_same` is true where every figure came out again, false where one did not, None where it was not asked again.
    """

    sentence: str
    figures: pd.DataFrame
    rows: pd.DataFrame
    changes: tuple[RowChanges, ...]
    notes: tuple[str, ...]
    is_same: bool | None
    inputs: tuple[str, ...] = ()

    @property
    def changed(self) -> pd.DataFrame:
        """The rows that differ, one line each: `table`, `id` (of the case; of the setting, in `closures`), `change`."""
        found = [
            (one.table, case, what)
            for one in self.changes
            for what, cases in (("added", one.added), ("gone", one.gone), ("changed", one.changed))
            for case in cases
        ]
        return pd.DataFrame(found, columns=["table", "id", "change"], dtype=str)

    def __str__(self) -> str:
        """The sentence, the figures and the notes."""
        found = (self.figures[name].tolist() for name in ("figure", "printed", "again"))
        lines = [
            _line(name, printed, again, is_same=self.is_same)
            for name, printed, again in zip(*found, strict=True)
        ]
        return "\n".join([self.sentence, *lines, *self.notes])

    def _repr_html_(self) -> str:
        return paragraphs(self)


def trace(
    ref: str,
    kept: FigureManifest,
    now: Extract | FigureManifest | None = None,
    *,
    extracts: Mapping[str, Extract] | None = None,
) -> Trace:
    """Say what a reference stands for and, with the input of then or of now, ask the question again.

    `now` is the extract or, of a question that is asked at the command line or of several extracts, the manifest of the same
    question asked now, with its `extracts` by name, for their rows in and out by reason. From the input of then comes the same number again; from another the number of now and the rows that
    differ, exactly (a manifest for the public keeps no cases, so then the tables). A reference from another edition of the rule book
    is explained and not asked again, for a difference could come from the rules alone. A reference with a column after a dot
    is of that figure.

    Raises CommandError for a reference or a column that the manifest does not hold, or a question that is not asked again here.
    """
    table, row = kept.row(ref)
    found = Trace(
        sentence=_sentence(table, row, kept.run),
        figures=_figures(row, _column(ref, row)),
        rows=pd.DataFrame({name: [] for name in COLUMNS}),
        changes=(),
        notes=(_made(kept.run),),
        is_same=None,
    )
    if now is None:
        return replace(found, notes=(*found.notes, "Give the extract to have it counted again."))
    if isinstance(now, FigureManifest):
        found, ats = _held_beside(found, kept, now, ref), at_days(extracts or {}, table, now.run.as_at)
        if extracts is None:
            return found
    else:
        at = At(now, kept.run.as_at)
        found, ats = _held_beside(found, kept, _asked_now(at, kept, table), ref), {MAIN: at}
    if found.is_same is None:
        return found
    rows, said = rows_behind(ats, table, row, _column(ref, row))
    inside = _INSIDE if len(rows) and kept.audience != "internal" else ""
    return replace(found, rows=rows, notes=(*found.notes, *filter(None, [said, inside])))


def _asked_now(at: At, kept: FigureManifest, table: FigureTable) -> FigureManifest:
    """The manifest of now, with the one table; with none where other rules made it."""
    run, tables = manifest(at.extract, as_at=at.as_at), []
    if kept.run.rule_book == LAW.edition:
        _, again = referenced(_shown(at, kept, table), asked_of(table.question, table.arguments), run)
        tables.append(again)
    return FigureManifest(run=run, tables=tuple(tables), cases=row_prints(at.extract) if kept.cases else {})


def _held_beside(found: Trace, kept: FigureManifest, now: FigureManifest, ref: str) -> Trace:
    """The figures, input and rules of then beside those of now."""
    before, after = kept.run.inputs, now.run.inputs
    changed = tuple(name for name in {**before, **after} if before.get(name) != after.get(name))
    changes = changed_rows(kept.cases, now.cases) if changed and kept.cases else ()
    notes = (*found.notes, *_of_input(changed, changes, kept), *_of_version(kept.run))
    found = replace(found, changes=changes, notes=notes, inputs=changed)
    if kept.run.rule_book != LAW.edition:
        return found
    again = now.like(*kept.row(ref))
    figures = found.figures.assign(
        again=[_GONE if again is None else again.figures.get(name, _GONE) for name in found.figures["figure"]]
    )
    is_same = again is not None and bool((figures["printed"] == figures["again"]).all())
    notes = notes if is_same or changed else (*notes, _EDITED)
    return replace(found, figures=figures, notes=notes, is_same=is_same)


def _column(ref: str, row: FigureRow) -> str:
    column = ref.strip().partition(".")[2]
    if column and column not in row.figures:
        raise CommandError(f"{row.ref} has no figure {column!r}: use one of {', '.join(row.figures)}")
    return column


def _sentence(table: FigureTable, row: FigureRow, run: Manifest) -> str:
    about = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.labels.items() if value)
    asked = ", ".join(f"{name} {_said(value)}" for name, value in table.arguments.items())
    said = f"{row.ref} is of `{table.question}`{f' ({asked})' if asked else ''} at {long_date(run.as_at)}: {about or 'all rows'}."
    measure = MEASURES.get(row.labels.get("measure", ""))
    return f"{said} {measure.sentence}" if measure else said


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | dict) else str(value)


def _made(run: Manifest) -> str:
    inputs = ", ".join(
        f"{name} {count(found.rows, 'row')}" for name, found in run.inputs.items() if found.rows
    )
    taken = f", extracted on {run.extracted_on}" if run.extracted_on else ""
    return f"Made by {_PACKAGE} {run.versions[_PACKAGE]} with rule book {run.rule_book} from {inputs or 'no rows'}{taken}."


def _of_input(changed: Sequence[str], changes: Sequence[RowChanges], kept: FigureManifest) -> Iterator[str]:
    if changed:
        yield f"The input has changed since: {', '.join(changed)}."
    if changed and not kept.cases:
        yield "The manifest was made for others than the authority and keeps no cases, so which of them changed cannot be told."
    for one in changes:
        yield f"{one.table}: {len(one.changed)} changed, {len(one.added)} added, {len(one.gone)} gone."


def _of_version(before: Manifest) -> Iterator[str]:
    was, now = before.versions[_PACKAGE], version(_PACKAGE)
    if before.rule_book != LAW.edition:
        yield (
            f"It rests on rule book {before.rule_book}, and this is {LAW.edition}: it was not counted again, because a difference "
            f"could come from the rules alone. Count it with {_PACKAGE} {was}, which holds that book."
        )
    elif was != now:
        yield f"It was made by {_PACKAGE} {was}, and this is {now}: a measure may be worked out otherwise."


def _shown(at: At, kept: FigureManifest, table: FigureTable) -> pd.DataFrame:
    """The table of now, fit for its audience. Tables that went out together are asked again together, for they are hidden together."""
    if table.question == REPORT or kept.audience == "internal":
        return answer_again(at, table.question, table.arguments)
    every = {
        str(place): answer_again(at, one.question, one.arguments)
        for place, one in enumerate(kept.tables)
        if can_be_asked(one.question)
    }
    return for_audience(every, audience=kept.audience)[str(kept.tables.index(table))]


def _figures(row: FigureRow, column: str) -> pd.DataFrame:
    names = [column] if column else list(row.figures)
    printed = [row.figures[name] for name in names]
    return pd.DataFrame({"figure": names, "printed": printed, "again": [""] * len(names)}, dtype=str)


def _line(figure: str, printed: str, again: str, *, is_same: bool | None) -> str:
    said = f"{figure}: {printed or 'blank'}"
    if is_same is None:
        return said
    said = said.removesuffix(".")  # of a sentence
    return f"{said}, the same again" if printed == again else f"{said}, now {again or 'blank'}"
