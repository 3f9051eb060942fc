"""The five measures with their definitions under them."""

import pandas as pd

from ehcptime.outputs.pages.figures import figure
from ehcptime.outputs.pages.parts import Maker, Section, Sentence, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import period_words, share
from ehcptime.questions.measures import Measure
from ehcptime.tracking.words import long_date

_HEADINGS = {
    "title": "Measure",
    "when": "When",
    "numerator": "In the numerator",
    "denominator": "Out of",
    "percent": "Per cent",
    "note": "Note",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - its figures are those of the headline
    """Nothing of its own."""
    return {}


def section(run: Run, published: Tables) -> Section:
    """Each measure with its figure, and under it what it counts and on what authority."""
    rows, terms = [], []
    for measure in run.measures:
        row = figure(published, measure, run.now)
        when = long_date(run.as_at) if measure.cohort == "open" else period_words(run.now)
        rows.append({"title": measure.title, "when": when, **row})
        said = Sentence.of(f"{measure.title}, {when}: {share(row)}.", row)
        terms.append((said, definition(measure)))
    table = table_of("measures", "The five measures, counts and percentages", pd.DataFrame(rows), _HEADINGS)
    return Section("measures", "The five measures", terms=tuple(terms), tables=(table,))


def definition(measure: Measure) -> str:
    """Say what a measure counts, of whom and on what authority."""
    return (
        f"{measure.sentence} Counted of: {measure.population}. In the numerator: {measure.numerator}. "
        f"In the denominator: {measure.denominator}. Authority: {measure.cite}. Measure {measure.id}."
    )


MAKER = Maker(tables, section)
