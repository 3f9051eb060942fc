"""The report: one page in one file, from an extract, for one audience."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.audiences import Audience, for_audience
from ehcptime.outputs.figure_manifest import FigureManifest
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.kpi_files import kpi_of
from ehcptime.outputs.markers import BANNER
from ehcptime.outputs.pages.presets import preset_of
from ehcptime.outputs.pages.rendering import rendered
from ehcptime.outputs.pages.run import Run, run_of
from ehcptime.outputs.pages.sections import more_of, sections_of, tables_of
from ehcptime.outputs.pages.words import period_words
from ehcptime.outputs.report_references import asked_for, referenced_page, with_prints
from ehcptime.records.extract import Extract
from ehcptime.records.saving import save_text
from ehcptime.tracking.words import long_date

MARKING = "OFFICIAL-SENSITIVE"
_FOR_WHOM = {
    "public": "Small numbers are hidden: [c] stands for one.",
    "provider": "It is for this provider and for the authority.",
    "internal": "It shows small numbers and stays inside the authority.",
}


@dataclass(frozen=True, eq=False)
class Report:
    """A page and the tables it prints. `tables` are as published: give those of last time as `previous` next time.

    Every row of figures on the page has a reference. `manifest` is what `trace` finds them by: save it beside the page.
    """

    preset: str
    audience: Audience
    as_at: date
    html: str
    tables: Mapping[str, pd.DataFrame]
    references: FigureManifest | None = None
    extract: Extract | None = None

    @cached_property
    def manifest(self) -> FigureManifest:
        """The references of the page and what they rest on, to `save`; for internal use with a print of every case."""
        if self.references is None or self.extract is None:
            raise CommandError("this page has no references: make it with report")
        return with_prints(self.references, self.extract)

    def save(self, path: str | Path) -> Path:
        """Save the page, whole or not at all, and return its place; raises InputError where it cannot be written."""
        place = Path(path)
        save_text(self.html, place)
        return place

    def __repr__(self) -> str:
        """Name the page; show none of it."""
        return f"Report({self.preset!r}, audience={self.audience!r}, as_at {self.as_at}, {len(self.tables)} tables)"

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its styles stay in it."""
        return f'<iframe title="{escape(self.preset)} report" width="100%" height="700" srcdoc="{escape(self.html)}"></iframe>'


def report(
    extract: Extract,
    *,
    as_at: date,
    preset: str,
    audience: str | None = None,
    previous: Mapping[str, pd.DataFrame] | None = None,
    kpis: Sequence[Kpi] = (),
    provider: str | None = None,
    earlier: Sequence[Extract] = (),
) -> Report:
    """Make a report from an extract: one HTML page that needs no script and no network.

    `preset` is `monthly`, `board` (by quarter), `foi`, `public` or `health` (one provider, named by `provider`). The period reported on is the
    last that has ended by `as_at`, which may be its last day. `audience` is `public` unless another is asked for (`provider` for
    `health`): in public all tables of the page are suppressed as one set, with `previous`, the tables published last time;
    `internal` shows small numbers and is stamped OFFICIAL-SENSITIVE. No page holds the id of a case. `kpis` are key figures with
    their targets and ratings. Every sentence and every chart is made from the tables as they are published.

    Raises CommandError for a preset, an audience or a key figure that cannot be, or where the extra `report` is missing,
    and InputError for an extract that cannot be tracked or is older than `as_at`.

    >>> from ehcptime.datasets.simulate import simulate
    >>> page = report(simulate(300, as_at=date(2025, 3, 31), seed=1), as_at=date(2025, 3, 31), preset="public")
    >>> page.audience, page.html.count("<h1>"), "SYNTHETIC-0" in page.html
    ('public', 1, False)
    """
    chosen, kpis = preset_of(preset), tuple(kpi_of(kpi._asdict()) for kpi in kpis)
    run = run_of(
        extract,
        as_at=as_at,
        preset=chosen,
        audience=chosen.for_whom(audience),
        kpis=kpis,
        provider=provider,
        earlier=earlier,
    )
    tables = dict(for_audience(tables_of(run), audience=run.audience, previous=previous))
    given = asked_for(
        preset=chosen.name, audience=run.audience, provider=provider, kpis=kpis, previous=previous
    )
    printed, kept = referenced_page({**tables, **more_of(run, tables)}, run.manifest, given, run.audience)
    page = _page(run, printed)
    return Report(chosen.name, run.audience, run.as_at, page, MappingProxyType(tables), kept, extract)


def _page(run: Run, printed: Mapping[str, pd.DataFrame]) -> str:
    return rendered(
        "page.html",
        title=run.preset.title,
        about=run.preset.about,
        when=period_words(run.now),
        as_at=long_date(run.as_at),
        audience=run.audience,
        banner=BANNER if run.is_made_up else "",
        marking=MARKING if run.is_internal else "",
        for_whom=_FOR_WHOM[run.audience],
        sections=sections_of(run, printed),
        version=version("ehcptime"),
    )
