"""The tables of a report as a workbook: the same numbers, for whoever wants to work with them."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from ehcptime.outputs.markers import BANNER
from ehcptime.outputs.pages.figures import AGES, trend_name
from ehcptime.outputs.pages.presets import preset_of
from ehcptime.outputs.pages.run import Run, run_of
from ehcptime.outputs.pages.sections import tables_of
from ehcptime.outputs.references import COLUMN
from ehcptime.outputs.report_references import asked_for, referenced_page, with_prints
from ehcptime.outputs.workbook import published, workbook_place, write_workbook
from ehcptime.records.extract import Extract
from ehcptime.tracking.words import long_date

_REFERENCE = "reference"
_ON_REFERENCES = (
    "The last column of every table is the reference of its row. Where its figures are from, "
    "`ehcptime trace REFERENCE --in MANIFEST` says, with the manifest kept when the workbook was made."
)


def report_workbook(
    extract: Extract,
    path: str | Path,
    *,
    as_at: date,
    preset: str,
    audience: str | None = None,
    previous: Mapping[str, pd.DataFrame] | None = None,
    provider: str | None = None,
    manifest: str | Path | None = None,
) -> Mapping[str, pd.DataFrame]:
    """Write the tables of a report to a workbook, and return them as they were published.

    The arguments are those of `report`: with the same ones the numbers are the same, small ones hidden as one set, and each row has the
    reference that it has on the page, in the last column of its table. `manifest` is a file in which to keep what `trace` finds them
    by. The layout and the errors are those of `workbook`; the notes hold the definition of each measure.

    >>> import tempfile
    >>> from ehcptime.datasets.simulate import simulate
    >>> extract = simulate(300, as_at=date(2025, 3, 31), seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     tables = report_workbook(extract, f"{folder}/board.xlsx", as_at=date(2025, 3, 31), preset="board")
    >>> "open_by_age" in tables
    True
    """
    chosen, place = preset_of(preset), workbook_place(path)
    run = run_of(
        extract,
        as_at=as_at,
        preset=chosen,
        audience=chosen.for_whom(audience),
        kpis=(),
        provider=provider,
    )
    tables = published(tables_of(run), audience=run.audience, previous=previous)
    given = asked_for(preset=chosen.name, audience=run.audience, provider=provider, previous=previous)
    printed, kept = referenced_page(tables, run.manifest, given, run.audience)
    write_workbook(
        {name: _last(table) for name, table in printed.items()},
        place,
        audience=run.audience,
        title=f"{chosen.title}, {long_date(run.as_at)}",
        notes=_notes(run),
        titles=_titles(run),
    )
    if manifest is not None:
        with_prints(kept, extract).save(manifest)
    return tables


def _last(table: pd.DataFrame) -> pd.DataFrame:
    """The references in the last column, under a name that a reader knows."""
    names = [name for name in table if name != COLUMN]
    return table[[*names, COLUMN]].rename(columns={COLUMN: _REFERENCE})


def _notes(run: Run) -> list[str]:
    """What the workbook is of, and what each measure says."""
    return [
        *([BANNER] if run.is_made_up else []),
        f"{run.preset.about} Position at {long_date(run.as_at)}.",
        *(f"{one.title}: {one.sentence}" for one in run.measures),
        _ON_REFERENCES,
    ]


def _titles(run: Run) -> dict[str, str]:
    trends = {trend_name(one): f"{one.title}, by period" for one in run.measures}
    return {**trends, AGES: "Open cases by age in weeks"}
