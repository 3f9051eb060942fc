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
        Point(axis_words(period), number(percent), said(percent), is_provisional=not complete)
        for period, percent, complete in zip(rows["period"], rows["percent"], rows["complete"], strict=True)
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
    """What the line shows between the first and the last number of a period that is over, and what else is drawn or is not."""
    told = [place for place, point in enumerate(points) if point.value is not None]
    whole = [place for place in told if not points[place].is_provisional]
    rest = _missing(len(points), told, whole) + _running(points, periods)
    if not whole:
        over = "that is complete " if told else ""
        return f"no period {over}has a percentage that can be printed.{rest if told else ''}"
    (first, then), (last, now) = ((points[place], periods[place]) for place in (whole[0], whole[-1]))
    if len(whole) == 1:
        return f"{last.words} per cent in {now}.{rest}"
    if first.words == last.words:
        return f"{last.words} per cent in {now}, as in {then}.{rest}"
    verb = "rose" if (last.value or 0) > (first.value or 0) else "fell"
    return f"{verb} from {first.words} per cent in {then} to {last.words} per cent in {now}.{rest}"


def _missing(size: int, told: list[int], whole: list[int]) -> str:
    """How many periods have no number, and how many of them lie between those that are compared."""
    gaps = [place for place in range(size) if place not in told]
    if not gaps:
        return ""
    between = sum(whole[0] < place < whole[-1] for place in gaps) if whole else 0
    inside = f", {between} of them between the two" if between else ""
    verb = "has" if len(gaps) == 1 else "have"
    return f" {len(gaps)} of {size} periods {verb} no percentage that can be printed{inside}."


def _running(points: list[Point], periods: list[str]) -> str:
    """The numbers that may still move, which are compared with none."""
    found = [
        f"{point.words} per cent in {period}"
        for point, period in zip(points, periods, strict=True)
        if point.is_provisional and point.value is not None
    ]
    return f" Provisional: {', '.join(found)}." if found else ""


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
