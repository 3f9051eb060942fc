"""Days of delay by whose time they were, with a sentence that states the finding and whose the duty is."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.drawing import DARK_BLUE, GREY, ORANGE, TEXT_SIZE, Picture, bare, canvas, title
from ehcptime.questions.delay import CAVEAT
from ehcptime.questions.periods import ALL
from ehcptime.tracking.words import long_date

_SAID = CAVEAT.replace(". ", ".\n").split("\n")
_SUBJECTS = {"authority": "The authority's own steps", "unknown": "Steps that cannot be told"}


def plot_delay(table: pd.DataFrame, path: str | Path | None = None) -> Picture:
    """Draw days of delay by service as bars, save the picture where a path is given, and return its text alternative.

    `table` is an answer of `delay_caused` by service, for one period. Cases whose limit is claimed to be lifted are left out, and how many
    days that is is said. The picture and the sentence say whose the duty is. A notebook shows the picture itself. Needs the extra `plots`. Raises InputError for a table
    of another kind, or with nothing to draw.
    """
    shown = _shown(table)
    total, top = int(shown["case_days"].sum()), shown.iloc[-1]
    finding = f"{_subject(str(top['service']))} took {int(top['case_days']):,} of {total:,} days of delay"
    names = [_name(service) for service in shown["service"]]
    labels = [
        f"{days:,} {'day' if days == 1 else 'days'}, {cases:,} {'case' if cases == 1 else 'cases'}"
        for days, cases in zip(shown["case_days"], shown["cases"], strict=True)
    ]
    when = _when(top)
    with canvas(path, size=(9, 0.55 * len(shown) + 2.6)) as axes:
        strong = np.where(np.arange(len(shown)) == len(shown) - 1, ORANGE, DARK_BLUE)
        bars = axes.barh(names, shown["case_days"], color=strong.tolist())
        axes.bar_label(bars, labels=labels, padding=4, fontsize=TEXT_SIZE)
        axes.margins(x=0.3)
        axes.set_xticks([])
        title(axes, finding)
        bare(axes)
        axes.set_xlabel("\n".join([when, *_SAID]), fontsize=TEXT_SIZE, loc="left", color=GREY)
    rows = "; ".join(f"{name} {label}" for name, label in zip(reversed(names), reversed(labels), strict=True))
    return Picture(" ".join([f"{finding}: {rows}.", f"{when}.", *_left_out(table), CAVEAT]), axes)


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    for name in ("service", "case_days", "cases", "exempt", "period", "as_at"):
        if name not in table:
            raise InputError(f"the table has no column {name!r}: give an answer of delay_caused by service")
    rows = table[~table["exempt"].astype(bool) & table["case_days"].gt(0)]
    if not len(rows):
        raise InputError("there is no delay to draw: no case in the table was late")
    if rows["service"].duplicated().any():
        raise InputError("the table has a service several times: draw one period and one group at a time")
    return rows.assign(case_days=rows["case_days"].astype(int)).sort_values(["case_days", "service"])


def _when(row: "pd.Series[Any]") -> str:
    plans = "All plans that are or were late" if row["period"] == ALL else f"Plans due in {row['period']}"
    return f"{plans}, as at {long_date(row['as_at'].date())}"


def _left_out(table: pd.DataFrame) -> list[str]:
    days = int(table.loc[table["exempt"].astype(bool), "case_days"].sum())
    return [f"{days:,} more days are of cases whose limit is claimed to be lifted."] if days else []


def _subject(service: str) -> str:
    return _SUBJECTS.get(service, _name(service).capitalize())


def _name(service: object) -> str:
    return str(service).replace("_", " ")
