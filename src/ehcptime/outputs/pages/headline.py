"""The headline: what a reader must know, in sentences made of the numbers of the page."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehcptime.outputs.pages.figures import (
    AGES,
    OPEN,
    OVER,
    TOTAL,
    by_age,
    by_period,
    figure,
    open_over,
    trend_name,
)
from ehcptime.outputs.pages.parts import Maker, Section, Sentence, Tables
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.standards import STANDARDS
from ehcptime.outputs.pages.words import HIDDEN, NOT_SHOWN, is_hidden, number, period_words, share, spoken
from ehcptime.questions.measures import MEASURES, Measure
from ehcptime.tracking.words import long_date


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """The measures by period and the open cases by age: every figure of the page comes from these."""
    found = {trend_name(one): by_period(run, one) for one in run.measures if one.cohort != "open"}
    return found | {AGES: by_age(run)}


def more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - what is published is enough
    """How many are open for too long, added up from the bands."""
    return {OPEN: open_over(published[AGES])}


def section(run: Run, printed: Tables) -> Section:
    """Say what fell due or was issued, how it moved, and who waits."""
    first, *others = [measure for measure in run.measures if measure.cohort != "open"]
    now, then = (figure(printed, first, period) for period in (run.now, run.before))
    lead = f"{period_words(run.now)}. {_said(first, now)}. In {period_words(run.before)}: {share(then)}."
    issued = [
        (other, figure(printed, other, run.now)) for other in others if other.id.startswith("plans_issued")
    ]
    sentences = [
        Sentence.of(lead, now, then),
        *(Sentence.of(f"{_said(other, row)}.", row) for other, row in issued),
        Sentence.of(waiting(run, printed), *_open_rows(run, printed)),
    ]
    provisional = [] if now["complete"] else [_provisional(run, now)]
    return Section("headline", "Headline", (*sentences, *provisional))


def _said(measure: Measure, row: Mapping[str, Any]) -> str:
    if is_hidden(row):
        return f"{measure.title}: {NOT_SHOWN}"
    standard = STANDARDS[measure.id]
    return standard.said.format(share=share(row)) if number(row["denominator"]) != 0 else standard.nothing


def _provisional(run: Run, row: Mapping[str, Any]) -> str:
    """Why the figure of a period that ends today may still move: a limit is met until the end of its day."""
    when, day = period_words(run.now), long_date(run.as_at)
    why = (
        "limits that fall on that day are still running" if number(row["not_due"]) else "that day is not over"
    )
    return f"{when} is provisional: it ends on the day of the position, {day}, and {why}."


def _open_rows(run: Run, printed: Tables) -> list[Mapping[str, Any]]:
    return [figure(printed, MEASURES[name], run.now) for name in OVER]


def waiting(run: Run, printed: Tables) -> str:
    """Say how many wait, and how many of them for too long."""
    day = long_date(run.as_at)
    over, far = _open_rows(run, printed)
    whole = spoken(printed[AGES].set_index("age_band")["open"][TOTAL])
    if whole == "0":
        return f"No request was open on {day}."
    of_them = [spoken(row["numerator"]) for row in (over, far)]
    if whole == HIDDEN:
        why = f"How many requests were open on {day} is {NOT_SHOWN}."
        if of_them == [HIDDEN, HIDDEN]:
            return why
        first, second = of_them
        return f"{why} {first.capitalize()} of them were open for more than 20 weeks, {second} for more than 52 weeks."
    requests = "1 request was" if whole == "1" else f"{whole} requests were"
    return f"On {day}, {requests} open: {of_them[0]} of them for more than 20 weeks, {of_them[1]} for more than 52 weeks."


MAKER = Maker(tables, section, more)
