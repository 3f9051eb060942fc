"""The figures of a report: its measures by period, and the open cases by age, from which all other numbers of them are taken."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehcptime.outputs.markers import CONFIDENTIAL
from ehcptime.outputs.pages.broad_groups import broad_ages
from ehcptime.outputs.pages.parts import Tables
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number
from ehcptime.questions.backlog import backlog
from ehcptime.questions.measures import Measure
from ehcptime.questions.rounding import percent
from ehcptime.questions.timeliness import timeliness

AGES = "open_by_age"
OPEN = "open_over"
TOTAL = "all"
BEYOND = {20: ("20-30", "30-52", "52+"), 52: ("52+",)}
OVER = ("open_over_20wk", "open_over_52wk")
_KEPT = (
    "period",
    "numerator",
    "denominator",
    "unknown",
    "not_due",
    "percent",
    "complete",
    "note",
    "measure",
    "as_at",
)


def by_period(run: Run, measure: Measure) -> pd.DataFrame:
    """Count a measure in each period of the trend; a period in which nothing falls has a row of noughts."""
    found = timeliness(run.tracked, measure, period=run.preset.period)
    rows = found.set_index("period").reindex(list(run.periods)).rename_axis("period").reset_index()
    counts = ("numerator", "denominator", "unknown", "not_due")
    filled = {name: rows[name].fillna(0).astype("int64") for name in counts}
    rows = rows.assign(
        **filled,
        complete=rows["complete"].astype("boolean").fillna(value=True).astype(bool),
        note=rows["note"].fillna("no percentage, because there is nothing to divide (no rows)"),
        measure=measure.id,
        as_at=pd.Timestamp(run.as_at),
    )
    return rows[list(_KEPT)]


def of_now(run: Run, measure: Measure) -> pd.DataFrame:
    """Count a measure of who is open that the bands of age do not tell."""
    return timeliness(run.tracked, measure)[list(_KEPT)]


def by_age(run: Run) -> pd.DataFrame:
    """Count the open cases by age, with all of them in the last row; for others than the authority, small bands joined."""
    bands = backlog(run.tracked, by=None).astype({"age_band": str})
    bands = bands if run.is_internal else broad_ages(bands)
    total = pd.DataFrame({"age_band": [TOTAL], "open": [int(bands["open"].sum())]})
    both = pd.concat([bands, total], ignore_index=True)
    return both.assign(as_at=pd.Timestamp(run.as_at))


def trend_name(measure: Measure) -> str:
    """Name of the table of a measure by period."""
    return f"trend_{measure.id}"


def figure(tables: Tables, measure: Measure, period: str) -> Mapping[str, Any]:
    """Take one figure from the tables as they are published: that of a period, or of who is open."""
    if measure.id in OVER:
        rows = tables[OPEN].set_index("measure").loc[[measure.id]]
    elif measure.cohort == "open":
        rows = tables[trend_name(measure)]
    else:
        rows = tables[trend_name(measure)].set_index("period").loc[[period]]
    (row,) = rows.to_dict("records")
    return {str(name): value for name, value in row.items()}


def open_over(ages: pd.DataFrame) -> pd.DataFrame:
    """How many of the open cases are past an age, from the bands as printed, so that nothing is told that they do not tell."""
    counts = ages.set_index("age_band")["open"]
    rows = [{"measure": name, **_share(counts, weeks)} for name, weeks in zip(OVER, BEYOND, strict=True)]
    return pd.DataFrame(rows).assign(note="", complete=True)


def _share(counts: "pd.Series[Any]", weeks: int) -> dict[str, Any]:
    over = [number(counts[band]) for band in BEYOND[weeks]]
    whole = number(counts[TOTAL])
    part: Any = CONFIDENTIAL if None in over else sum(int(count or 0) for count in over)
    told = whole is not None and part != CONFIDENTIAL
    return {
        "numerator": part,
        "denominator": CONFIDENTIAL if whole is None else int(whole),
        "percent": percent(part, int(whole or 0)) if told else CONFIDENTIAL,
    }
