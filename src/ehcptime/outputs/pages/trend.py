"""The trend: each measure by period, with what the law asks for and the local target as lines of their own."""

from collections.abc import Iterator

import pandas as pd

from ehcptime.outputs.pages.figures import trend_name
from ehcptime.outputs.pages.parts import Maker, Picture, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.standards import STANDARDS
from ehcptime.outputs.pages.words import axis_words, number, period_words, said
from ehcptime.outputs.svg import Level, Point, line
from ehcptime.questions.measures import Measure

_HEADINGS = {
    "period": "Period",
    "numerator": "In the numerator",
    "denominator": "Out of",
    "percent": "Per cent",
    "unknown": "Unknown",
    "not_due": "Not yet due",
    "complete": "Complete",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - its figures are those of the headline
    """Nothing of its own."""
    return {}


def section(run: Run, published: Tables) -> Section:
    """A picture for each measure that has periods."""
    drawn = [_picture(run, published, measure) for measure in run.measures if measure.cohort != "open"]
    return Section("trend", "Trend", tuple(_levels_in_words(run)), pictures=tuple(drawn))


def _picture(run: Run, published: Tables, measure: Measure) -> Picture:
    rows = published[trend_name(measure)]
    points = [
        Point(axis_words(period), number(percent), said(percent))
        for period, percent in zip(rows["period"], rows["percent"], strict=True)
    ]
    finding = f"{measure.title}: {_moved(points, [period_words(period) for period in rows['period']])}"
    svg = line(
        points,
        name=trend_name(measure).replace("_", "-"),
        title=f"{measure.title}, per cent by period",
        finding=finding,
        levels=_levels(run, measure),
    )
    return Picture(
        svg, finding, table_of(trend_name(measure), f"{measure.title}, by period", rows, _HEADINGS)
    )


def _moved(points: list[Point], periods: list[str]) -> str:
    """What the line shows between its first and its last number."""
    there = [
        (point, period) for point, period in zip(points, periods, strict=True) if point.value is not None
    ]
    gaps = len(points) - len(there)
    without = f" {gaps} of {len(points)} periods have no percentage that can be printed." if gaps else ""
    if not there:
        return "no period has a percentage that can be printed."
    (first, then), (last, now) = there[0], there[-1]
    if len(there) == 1:
        return f"{last.words} per cent in {now}.{without}"
    if first.words == last.words:
        return f"{last.words} per cent in {now}, as in {then}.{without}"
    verb = "rose" if (last.value or 0) > (first.value or 0) else "fell"
    return f"{verb} from {first.words} per cent in {then} to {last.words} per cent in {now}.{without}"


def target_of(run: Run, measure: Measure) -> float | None:
    """The local target for a measure; none where none has been agreed."""
    return next((kpi.target for kpi in run.kpis if kpi.measure == measure.id), None)


def _levels(run: Run, measure: Measure) -> list[Level]:
    levels = []
    if measure.id in STANDARDS:
        levels.append(Level(STANDARDS[measure.id].words, STANDARDS[measure.id].percent, "law"))
    target = target_of(run, measure)
    if target is not None:
        levels.append(Level(f"local target: {target:g} per cent", target, "target"))
    return levels


def _levels_in_words(run: Run) -> Iterator[str]:
    """What the law asks for, once for all measures that it is the same for, and then the local targets apart."""
    measures = [measure for measure in run.measures if measure.cohort != "open"]
    asked = dict.fromkeys(STANDARDS[one.id][2:] for one in measures if one.id in STANDARDS)
    for _, words, cite in asked:
        yield f"{words[0].upper()}{words[1:]}. {cite}."
    targets = [(measure.title, target_of(run, measure)) for measure in measures]
    agreed = [f"{title}: {target:g} per cent" for title, target in targets if target is not None]
    yield f"Local targets: {'; '.join(agreed) or 'none given'}."


MAKER = Maker(tables, section)
