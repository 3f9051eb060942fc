"""References for the tables of a report, so that each number on its page can be traced."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.figure_manifest import FigureManifest
from ehcptime.outputs.fingerprints import cell_texts
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.kpi_files import kpi_of
from ehcptime.outputs.manifest import Manifest, manifest
from ehcptime.outputs.markers import is_marker
from ehcptime.outputs.references import BESIDE, Asked, referenced
from ehcptime.outputs.roles import numbers_in
from ehcptime.outputs.row_prints import row_prints
from ehcptime.records.extract import Extract

# Text that is printed as a figure, and does not say what its row is about.
_SAID = frozenset(
    {"said", "baseline", "target", "previous", "now", "standard", "direction", "rating", "means", "colour"}
    | {"title", "value", "basis"}
)


def report_references(
    extract: Extract,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_at: date,
    preset: str,
    audience: Audience = "public",
    provider: str | None = None,
    kpis: Sequence[Kpi] = (),
    previous: Mapping[str, pd.DataFrame] | None = None,
) -> tuple[dict[str, pd.DataFrame], FigureManifest]:
    """Give each row of the tables of a report a reference, and the manifest by which `trace` makes the report again.

    `tables` are those of the `Report`, as they were published for `audience`. A row is about what stands in its columns of text. `kpis` and
    `previous` are those of the report: the manifest keeps them, since its figures rest on them too. `report` does all this itself and
    prints the references; its `manifest` is the one to save. Errors are those of `references`.

    >>> table = pd.DataFrame({"area": ["north", "south"], "open": [7, "[c]"]})
    >>> tables, kept = report_references(Extract(pd.DataFrame({"case_id": []})), {"open": table}, as_at=date(2025, 3, 31), preset="board")
    >>> list(tables["open"]), kept.tables[0].rows[1].figures
    (['ref', 'area', 'open'], {'open': '[c]'})
    """
    given = asked_for(preset=preset, audience=audience, provider=provider, kpis=kpis, previous=previous)
    found, kept = referenced_page(tables, manifest(extract, as_at=as_at), given, audience)
    return found, with_prints(kept, extract)


def referenced_page(
    tables: Mapping[str, pd.DataFrame], run: Manifest, given: Mapping[str, Any], audience: Audience
) -> tuple[dict[str, pd.DataFrame], FigureManifest]:
    """Give the rows of the tables of one page their references, and what a manifest keeps of them; `given` is from `asked_for`."""
    done = {name: referenced(table, _asked(name, table, given), run) for name, table in tables.items()}
    whom = run.model_copy(update={"audience": "internal" if audience == "internal" else "public"})
    kept = FigureManifest(audience=audience, run=whom, tables=tuple(table for _, table in done.values()))
    return {name: shown for name, (shown, _) in done.items()}, kept


def with_prints(kept: FigureManifest, extract: Extract) -> FigureManifest:
    """Add a print of every case to a manifest for internal use; another keeps none."""
    return kept.model_copy(update={"cases": row_prints(extract)}) if kept.audience == "internal" else kept


def asked_for(
    *,
    preset: str,
    audience: Audience,
    provider: str | None,
    kpis: Sequence[Kpi] = (),
    previous: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, Any]:
    """What a report was asked for, as a manifest keeps it: key figures and the tables of last time among it."""
    _check_kpis(kpis)
    return {
        "preset": preset,
        "audience": audience,
        "provider": provider,
        "kpis": [_kept(kpi) for kpi in kpis],
        "previous": {
            name: {str(column): cell_texts(table[column]).tolist() for column in table}
            for name, table in (previous or {}).items()
        },
    }


def kpis_of(given: Mapping[str, Any]) -> tuple[Kpi, ...]:
    """Key figures as a manifest keeps them, read back."""
    return tuple(kpi_of(one) for one in given.get("kpis") or ())


def previous_of(given: Mapping[str, Any]) -> dict[str, pd.DataFrame] | None:
    """Tables of last time as a manifest keeps them, read back; none where there were none."""
    found = {
        name: pd.DataFrame({column: _cells(texts) for column, texts in columns.items()})
        for name, columns in (given.get("previous") or {}).items()
    }
    for table in found.values():
        if "as_at" in table:
            table["as_at"] = pd.to_datetime(table["as_at"])
    return found or None


def _cells(texts: list[str]) -> "pd.Series[Any]":
    """Cells of a published table: numbers where there is nothing else, and text beside a marker."""
    values = pd.Series(texts, dtype=object)
    values = values.mask(values == "")
    numbers = pd.to_numeric(values, errors="coerce")
    return numbers if numbers.notna().equals(values.notna()) and numbers.notna().any() else values


def _asked(name: str, table: pd.DataFrame, given: Mapping[str, Any]) -> Asked:
    labels = [str(column) for column in table if _is_label(table[column], str(column))]
    return Asked("report", {**given, "table": name, "labels": labels}, labels)


def _is_label(values: "pd.Series[str]", column: str) -> bool:
    """Whether a column says what a row is about: it is beside no figure, and holds text, and no number or marker in the place of one."""
    return (
        column not in BESIDE | _SAID
        and bool(values.notna().any())
        and numbers_in(values) is None
        and not values.map(is_marker).any()
    )


def _check_kpis(kpis: Sequence[Kpi]) -> None:
    """Two key figures of one measure and one scale could not be told apart."""
    seen = set()
    for kpi in kpis:
        if (kpi.measure, kpi.scale) in seen:
            raise CommandError(f"the measure {kpi.measure!r} is given twice as a key figure: give it once")
        seen.add((kpi.measure, kpi.scale))


def _kept(kpi: Kpi) -> dict[str, Any]:
    given = {name: value for name, value in kpi._asdict().items() if value is not None}
    return given | ({"thresholds": list(kpi.thresholds)} if kpi.thresholds else {})
