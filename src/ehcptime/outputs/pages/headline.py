"""The headline: what a reader must know, in sentences made of the numbers of the page."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehcptime.outputs.pages.figures import AGES, TOTAL, by_age, by_period, figure, trend_name
from ehcptime.outputs.pages.parts import Maker, Section, Tables
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.standards import STANDARDS
from ehcptime.outputs.pages.words import HIDDEN, number, period_words, share, spoken
from ehcptime.questions.measures import MEASURES, Measure
from ehcptime.tracking.words import long_date

OVER = ("open_over_20wk", "open_over_52wk")


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """The measures by period and the open cases by age: every figure of the page comes from these."""
    found = {trend_name(one): by_period(run, one) for one in run.measures if one.cohort != "open"}
    return found | {AGES: by_age(run)}


def section(run: Run, published: Tables) -> Section:
    """Say what fell due or was issued, how it moved, and who waits."""
    first, *others = [measure for measure in run.measures if measure.cohort != "open"]
    lead = _said(first, figure(published, first, run.now))
    before = share(figure(published, first, run.before))
    sentences = [f"{period_words(run.now)}. {lead}. In {period_words(run.before)}: {before}."]
    sentences += [
        f"{_said(other, figure(published, other, run.now))}."
        for other in others
        if other.id.startswith("plans_issued")
    ]
    sentences.append(waiting(run, published))
    if not figure(published, first, run.now)["complete"]:
        sentences.append(
            f"{period_words(run.now)} is provisional: on {long_date(run.as_at)} not every limit in it had ended."
        )
    return Section("headline", "Headline", tuple(sentences))


def _said(measure: Measure, row: Mapping[str, Any]) -> str:
    standard = STANDARDS[measure.id]
    return standard.said.format(share=share(row)) if number(row["denominator"]) != 0 else standard.nothing


def waiting(run: Run, published: Tables) -> str:
    """Say how many wait, and how many of them for too long."""
    over, far = (figure(published, MEASURES[name], run.now) for name in OVER)
    whole = spoken(published[AGES].set_index("age_band")["open"][TOTAL])
    requests = f"{whole} of requests" if whole == HIDDEN else f"{whole} requests"
    if whole == "0":
        return f"No request was open on {long_date(run.as_at)}."
    return (
        f"On {long_date(run.as_at)}, {requests} were open: {spoken(over['numerator'])} of them for more than "
        f"20 weeks, {spoken(far['numerator'])} for more than 52 weeks."
    )


MAKER = Maker(tables, section)
