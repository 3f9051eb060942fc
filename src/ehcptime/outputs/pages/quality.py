"""Data quality: what is wrong in the record, and what it can do to the figures."""

import pandas as pd

from ehcptime.outputs.pages.parts import Maker, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import spoken
from ehcptime.records.checks import SEVERITIES

PROBLEMS, EFFECT = "problems", "flagged"
_WORDS = {"error": "Error", "query": "Query", "info": "To know"}
_HEADINGS = {"kind": "Kind", "what": "What is wrong", "rows": "Problems"}
_EFFECT = {
    "title": "Measure",
    "flagged": "Rows with an error",
    "lowest": "Lowest",
    "percent": "As reported",
    "highest": "Highest",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Problems by kind, and how many rows of each measure have one."""
    found = run.problems.groupby(["severity", "code"], observed=True).size().reset_index(name="rows")
    order = found["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    found = found.assign(order=order).sort_values(["order", "code"], ignore_index=True).drop(columns="order")
    flagged = pd.DataFrame(
        {
            "measure": [measure.id for measure in run.measures],
            "flagged": [one.flagged for one in run.effects],
            "as_at": pd.Timestamp(run.as_at),
        }
    )
    return {PROBLEMS: found.assign(as_at=pd.Timestamp(run.as_at)), EFFECT: flagged}


def section(run: Run, published: Tables) -> Section:
    """The problems, and the figures with and without them. In public the range is left out: it would give small numbers back."""
    rows = published[PROBLEMS]
    rows = rows.assign(
        kind=rows["severity"].map(_WORDS), what=[str(code).replace("_", " ") for code in rows["code"]]
    )
    effects = published[EFFECT].assign(title=[measure.title for measure in run.measures])
    if run.is_internal:
        effects = effects.assign(
            **{name: [getattr(one, name) for one in run.effects] for name in ("lowest", "percent", "highest")}
        )
        said_of = tuple(
            f"{measure.title}: {one}." for measure, one in zip(run.measures, run.effects, strict=True)
        )
    else:
        said_of = tuple(
            f"{title}: rows with an error that could change it: {spoken(count)}."
            for title, count in zip(effects["title"], effects["flagged"], strict=True)
        )
        said_of += (
            "Between which values each figure may lie is not printed here, because that could give a hidden number back.",
        )
    return Section(
        "quality",
        "What is wrong in the record, and what it can do to the figures",
        said_of,
        tables=(
            table_of(EFFECT, "Rows with an error, by measure", effects, _EFFECT),
            table_of(PROBLEMS, "Problems found, by kind", rows, _HEADINGS),
        ),
    )


MAKER = Maker(tables, section)
