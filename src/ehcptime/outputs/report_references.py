"""References for the tables of a report, so that each number on its page can be traced."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from ehcptime.outputs.audiences import Audience
from ehcptime.outputs.references import BESIDE, Asked, FigureManifest, references
from ehcptime.outputs.roles import numbers_in
from ehcptime.records.extract import Extract


def report_references(
    extract: Extract,
    tables: Mapping[str, pd.DataFrame],
    *,
    as_at: date,
    preset: str,
    audience: Audience = "public",
    provider: str | None = None,
) -> tuple[dict[str, pd.DataFrame], FigureManifest]:
    """Give each row of the tables of a report a reference, and the manifest by which `trace` makes the report again.

    `tables` are those of the `Report`, as they were published for `audience`. A row is about what stands in its columns of text. A report made with
    `previous` or with key figures rests on more than the extract: its tables cannot be traced. Errors are those of `references`.

    >>> table = pd.DataFrame({"area": ["north", "south"], "open": [7, "[c]"]})
    >>> tables, kept = report_references(Extract(pd.DataFrame({"case_id": []})), {"open": table}, as_at=date(2025, 3, 31), preset="board")
    >>> list(tables["open"]), kept.tables[0].rows[1].figures
    (['ref', 'area', 'open'], {'open': '[c]'})
    """
    asked = {}
    for name, table in tables.items():
        given = {"preset": preset, "audience": audience, "provider": provider, "table": name}
        labels = [str(column) for column in table if _is_label(table[column], str(column))]
        asked[name] = Asked("report", given | {"labels": labels}, labels)
    return references(extract, tables, asked, as_at=as_at, audience=audience)


def _is_label(values: "pd.Series[str]", column: str) -> bool:
    """Whether a column says what a row is about: it is beside no figure, and holds no number and no marker in the place of one."""
    return (
        column not in BESIDE
        and numbers_in(values) is None
        and not values.astype(str).str.startswith("[").any()
    )
