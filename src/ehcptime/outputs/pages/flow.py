"""Stock and flow: what came in, what went out and what stood open at the end of each period."""

import pandas as pd

from ehcptime.outputs.pages.parts import Maker, Picture, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number, period_words, said
from ehcptime.outputs.svg import Point, line
from ehcptime.questions.history import backlog_history
from ehcptime.tracking.words import long_date

FLOW = "flow"
_HEADINGS = {
    "period": "Period",
    "opening": "Open at the start",
    "opened": "Received or re-opened",
    "refused": "Refused to assess",
    "no_plan": "Refused to issue",
    "issued": "Plan issued",
    "withdrawn": "Withdrawn",
    "left": "Left for another reason",
    "closing": "Open at the end",
    "undated": "Ended on an unknown day, so far",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Flows by period of the trend, the last one whole."""
    found = backlog_history(run.extract.cases, start=run.first_day, end=run.as_at, freq=run.preset.period)
    return {FLOW: found[found["period"].isin(run.periods)].reset_index(drop=True)}


def section(run: Run, published: Tables) -> Section:
    """The stock as a line, the flows as a table."""
    rows = published[FLOW]
    points = [
        Point(period_words(period), number(open_then), said(open_then))
        for period, open_then in zip(rows["period"], rows["closing"], strict=True)
    ]
    there = [point for point in points if point.value is not None]
    finding = "The number open at the end of a period cannot be printed for any period."
    if there:
        first, last = there[0], there[-1]
        finding = f"Requests open at the end of a period: {first.words} in {first.label}, {last.words} in {last.label}."
    svg = line(points, name="flow", title="Requests open at the end of each period", finding=finding)
    why = f"Rebuilt from the dates on record on {long_date(run.as_at)}, so what was keyed late is in its own period."
    table = table_of(FLOW, "Requests in and out, by period", rows, _HEADINGS)
    return Section("flow", "What came in and what went out", (why,), pictures=(Picture(svg, finding, table),))


MAKER = Maker(tables, section)
