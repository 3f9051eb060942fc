"""A report traced: made again from the extract with what it was asked for, so that a row of its page can be found again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.report import report
from ehcptime.outputs.report_references import kpis_of, previous_of
from ehcptime.records.extract import Extract


def report_table_again(extract: Extract, as_at: date, given: Mapping[str, Any]) -> pd.DataFrame:
    """Make a report again and give one of its tables as it is printed, cells as texts.

    Raises CommandError for a table that the report has not, and for one that rests on more extracts than this one.
    """
    made = report(
        extract,
        as_at=as_at,
        preset=given["preset"],
        audience=given.get("audience"),
        provider=given.get("provider"),
        kpis=kpis_of(given),
        previous=previous_of(given),
    )
    kept = () if made.references is None else made.references.tables
    found = next((table for table in kept if table.arguments["table"] == given["table"]), None)
    if found is None:
        raise CommandError(
            f"the report made again has no table {given['table']!r}: it rests on more than the extract, such as key figures "
            "or extracts taken before"
        )
    rows = [row.labels | row.figures for row in found.rows]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(given["labels"]))
