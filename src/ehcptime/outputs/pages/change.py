"""What changed and why: the lead pair between the last two periods."""

import pandas as pd

from ehcptime.outputs.pages.figures import figure
from ehcptime.outputs.pages.parts import Maker, Section, Tables
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number, period_words
from ehcptime.questions.change import explain_change
from ehcptime.questions.measures import Measure


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - its figures are those of the headline
    """Nothing of its own."""
    return {}


def section(run: Run, published: Tables) -> Section:
    """A sentence for each measure of plans, made of the numbers as printed; inside, with the shares of the change."""
    moving = [measure for measure in run.measures[:2] if measure.cohort != "open"]
    sentences = [_sentence(run, published, measure) for measure in moving]
    title = f"What changed between {period_words(run.before)} and {period_words(run.now)}, and why"
    return Section("change", title, tuple(sentences))


def _sentence(run: Run, published: Tables, measure: Measure) -> str:
    rows = [figure(published, measure, period) for period in (run.before, run.now)]
    if any(number(row[name]) is None for row in rows for name in ("numerator", "denominator")):
        return f"{measure.title}: what changed cannot be told, because a number that it takes is hidden."
    counts = [pd.DataFrame([row])[["numerator", "denominator"]].astype("int64") for row in rows]
    change = explain_change(counts[0], counts[1], measure)
    if not run.is_internal:
        return f"{measure.title}. {change}"
    shares = explain_change(run.rows_in(measure, run.before), run.rows_in(measure, run.now), measure)
    return f"{measure.title}. {shares} {shares.why}"


MAKER = Maker(tables, section)
