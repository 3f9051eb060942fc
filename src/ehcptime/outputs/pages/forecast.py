"""The forecast: what the months ahead hold under assumptions that are all printed."""

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.pages.figures import figure
from ehcptime.outputs.pages.parts import Maker, Picture, Section, Table, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number, period_words, said
from ehcptime.outputs.svg import Point, line
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.scenario import Scenario, scenario

_TITLE = "What the months ahead hold, if nothing is changed"
_WEEKS, _RUNS = 52, 200
_NEEDED = ("open_over_20wk", "open_over_52wk")  # measures that the sentences name
_MONTHS = {"period": "Month", "lowest": "Lowest", "middle": "Middle", "highest": "Highest"}
_ASSUMED = {"assumption": "Assumption", "value": "Value", "basis": "Where it is from"}


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - estimates are no counts of children
    """Nothing that is published as a count."""
    return {}


def section(run: Run, published: Tables) -> Section:
    """The forecast in its own sentences, or why there is none."""
    now = [figure(published, MEASURES[name], run.now) for name in _NEEDED]
    if any(number(row[name]) is None for row in now for name in ("numerator", "denominator")):
        why = "No forecast is printed, because it would start from a number that is hidden."
        return Section("forecast", _TITLE, (why,))
    try:
        advice = run.advice if len(run.advice) else None
        found = scenario(run.tracked, advice=advice, weeks=_WEEKS, runs=_RUNS)
    except InputError as error:
        return Section("forecast", _TITLE, (f"No forecast can be made, because {error}.",))
    return _section(found)


def _section(found: Scenario) -> Section:
    over = found.figure("open_over_20wk")
    finding = (
        f"Open over 20 weeks: {found.before.open_over_20wk:,} now, {said(over['middle'].iloc[-1])} "
        f"(between {said(over['lowest'].iloc[-1])} and {said(over['highest'].iloc[-1])} in 80 of 100 runs) "
        f"at the end of {period_words(str(over['period'].iloc[-1]))}."
    )
    points = [
        Point(period_words(str(period)), float(middle), said(middle))
        for period, middle in zip(over["period"], over["middle"], strict=True)
    ]
    svg = line(points, name="forecast", title="Open over 20 weeks, by month, as forecast", finding=finding)
    picture = Picture(svg, finding, table_of("forecast", "Open over 20 weeks, as forecast", over, _MONTHS))
    warning = "A model with stated assumptions and not a promise. Its range holds 80 of 100 runs."
    return Section(
        "forecast",
        _TITLE,
        (warning, *str(found).split("\n")),
        pictures=(picture,),
        tables=(_assumptions(found),),
    )


def _assumptions(found: Scenario) -> Table:
    shown = found.assumptions.assign(
        assumption=found.assumptions["assumption"].str.replace("_", " "),
        value=[
            said(value) if not isinstance(value, list | tuple) else str(value)
            for value in found.assumptions["value"]
        ],
    )
    return table_of("assumptions", "What the forecast assumes", shown, _ASSUMED)


MAKER = Maker(tables, section)
