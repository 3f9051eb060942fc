"""The forecast: what the months ahead hold under assumptions that are all printed."""

from typing import Any

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.outputs.pages.figures import OVER, figure
from ehcptime.outputs.pages.parts import Maker, Picture, Section, Sentence, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import axis_words, number, period_words, said
from ehcptime.outputs.svg import Point, line
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.scenario import scenario

_WARNING = "A model with stated assumptions and not a promise. Its range holds 80 of 100 runs."
_TITLE = "What the months ahead hold, if nothing is changed"
_WEEKS, _RUNS = 52, 200
SAID, MONTHS, ASSUMED = "forecast_said", "forecast", "assumptions"
_LEVELS = ("lowest", "middle", "highest")
_MONTHS = {"period": "Month", "lowest": "Lowest", "middle": "Middle", "highest": "Highest"}
NOT_PRINTED = "not printed: it could give a hidden number back"
_ASSUMED = {"assumption": "Assumption", "value": "Value", "basis": "Where it is from"}


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - estimates are no counts of children
    """Nothing that is published as a count."""
    return {}


def more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:
    """The forecast: what it says, its months and its assumptions; or why there is none."""
    now = [figure(published, MEASURES[name], run.now) for name in OVER]
    if any(number(row[name]) is None for row in now for name in ("numerator", "denominator")):
        return _lines("No forecast is printed, because it would start from a number that is hidden.")
    try:
        advice = run.advice if len(run.advice) else None
        found = scenario(run.tracked, advice=advice, weeks=_WEEKS, runs=_RUNS)
    except InputError as error:
        return _lines(f"No forecast can be made, because {error}.")
    backlog, *others = str(found).split("\n")
    months = found.figure("open_over_20wk")[["period", *_LEVELS]]
    # The other sentences start from figures that are not among the tables of the page, so in public nothing has guarded them.
    return {
        **_lines(backlog, *(others if run.is_internal else ())),
        MONTHS: months.assign(**{name: months[name].round().astype("int64") for name in _LEVELS}),
        ASSUMED: _assumed(found.assumptions, is_internal=run.is_internal),
    }


def _lines(*said: str) -> dict[str, pd.DataFrame]:
    return {
        SAID: pd.DataFrame({"line": [f"line {number}" for number in range(1, len(said) + 1)], "said": said})
    }


def section(run: Run, printed: Tables) -> Section:  # noqa: ARG001 - its tables are all that it needs
    """The forecast in its own sentences, or why there is none."""
    lines = [Sentence.of(row["said"], row) for row in printed[SAID].to_dict("records")]
    if MONTHS not in printed:
        return Section("forecast", _TITLE, tuple(lines))
    rows = printed[MONTHS]
    points = [
        Point(axis_words(str(period)), float(middle), said(middle))
        for period, middle in zip(rows["period"], rows["middle"], strict=True)
    ]
    last = rows.iloc[-1]
    finding = (
        f"Open over 20 weeks, as forecast: {last['middle']:,} at the end of {period_words(last['period'])}, "
        f"between {last['lowest']:,} and {last['highest']:,} in 80 of 100 runs."
    )
    svg = line(points, name="forecast", title="Open over 20 weeks, by month, as forecast", finding=finding)
    shown = printed[ASSUMED].assign(assumption=printed[ASSUMED]["says"])
    picture = Picture(svg, finding, table_of(MONTHS, "Open over 20 weeks, as forecast", rows, _MONTHS))
    assumed = table_of(ASSUMED, "What the forecast assumes", shown, _ASSUMED)
    return Section("forecast", _TITLE, (_WARNING, *lines), pictures=(picture,), tables=(assumed,))


def _assumed(assumptions: pd.DataFrame, *, is_internal: bool) -> pd.DataFrame:
    """What is assumed, as text. Rates and weights from the record are its counts in another dress, so in public they are not printed."""
    is_kept = is_internal | assumptions["basis"].ne("from history")
    values = [_value(value) for value in assumptions["value"]]
    return assumptions.assign(value=pd.Series(values, assumptions.index).where(is_kept, NOT_PRINTED))


def _value(value: Any) -> str:
    """An assumption as text: numbers to three figures, lists with commas."""
    if isinstance(value, list | tuple):
        return ", ".join(_value(part) for part in value)
    return f"{value:.3g}" if isinstance(value, float) else str(value).replace("_", " ")


MAKER = Maker(tables, section, more)
