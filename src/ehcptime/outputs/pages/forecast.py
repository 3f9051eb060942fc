"""The forecast: what the months ahead hold under assumptions that are all printed."""

from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.pages.figures import figure
from ehcptime.outputs.pages.parts import Maker, Picture, Section, Table, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number, period_words, said
from ehcptime.outputs.svg import Point, line
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.scenario import Scenario, scenario

_WARNING = "A model with stated assumptions and not a promise. Its range holds 80 of 100 runs."
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
    return _section(found, run)


def _section(found: Scenario, run: Run) -> Section:
    over = found.figure("open_over_20wk").round({"lowest": 0, "middle": 0, "highest": 0})
    over = over.astype({"lowest": int, "middle": int, "highest": int})
    first, last = found.before.open_over_20wk, over.iloc[-1]
    finding = (
        f"Open over 20 weeks: {first:,} now, {last['middle']:,} at the end of {period_words(last['period'])} "
        f"(between {last['lowest']:,} and {last['highest']:,} in 80 of 100 runs)."
    )
    points = [
        Point(period_words(str(period)), float(middle), said(middle))
        for period, middle in zip(over["period"], over["middle"], strict=True)
    ]
    svg = line(points, name="forecast", title="Open over 20 weeks, by month, as forecast", finding=finding)
    picture = Picture(svg, finding, table_of("forecast", "Open over 20 weeks, as forecast", over, _MONTHS))
    backlog, *others = str(found).split("\n")
    # The other sentences start from figures that are not among the tables of the page, so in public nothing has guarded them.
    said_of = (_WARNING, backlog, *(others if run.is_internal else ()))
    return Section("forecast", _TITLE, said_of, pictures=(picture,), tables=(_assumptions(found),))


def _assumptions(found: Scenario) -> Table:
    shown = found.assumptions.assign(
        assumption=found.assumptions["assumption"].str.replace("_", " "),
        value=[_value(value) for value in found.assumptions["value"]],
    )
    return table_of("assumptions", "What the forecast assumes", shown, _ASSUMED)


def _value(value: Any) -> str:
    """An assumption as text: numbers to three figures, lists with commas."""
    if isinstance(value, list | tuple):
        return ", ".join(_value(part) for part in value)
    return f"{value:.3g}" if isinstance(value, float) else str(value).replace("_", " ")


MAKER = Maker(tables, section)
