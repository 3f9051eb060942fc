"""Key figures: baseline, target, last time, now, the law, and the rating in a word."""

import pandas as pd

from ehcptime.outputs.kpi import SCALES, check_kpi, kpi_table
from ehcptime.outputs.pages.figures import OVER, by_period, figure, of_now, trend_name
from ehcptime.outputs.pages.parts import Maker, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.standards import STANDARDS
from ehcptime.outputs.pages.words import period_words

KPIS = "kpis"
_HEADINGS = {
    "title": "Measure",
    "baseline": "Baseline, per cent",
    "target": "Local target, per cent",
    "previous": "Last time",
    "now": "Now",
    "standard": "What the law asks",
    "direction": "Direction",
    "rating": "Rating",
    "means": "What the rating means",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """The measures that the five do not hold already."""
    named = [check_kpi(kpi) for kpi in run.kpis]
    found = {trend_name(one): by_period(run, one) for one in named if one.cohort != "open"}
    return found | {
        trend_name(one): of_now(run, one) for one in named if one.cohort == "open" and one.id not in OVER
    }


def more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:
    """The table of key figures; a row is of a measure and a scale."""
    if not run.kpis:
        return {}
    found = [check_kpi(kpi) for kpi in run.kpis]
    now = {one.id: figure(published, one, run.now)["percent"] for one in found}
    # Who was open before cannot be told from one extract taken later, so it has no last figure.
    previous = {
        one.id: figure(published, one, run.before)["percent"] for one in found if one.cohort != "open"
    }
    standards = {name: standard.words for name, standard in STANDARDS.items()}
    table = kpi_table(run.kpis, now=now, previous=previous, standards=standards)
    return {
        KPIS: table.assign(
            measure=[kpi.measure for kpi in run.kpis], scale=[kpi.scale or "none" for kpi in run.kpis]
        )
    }


def section(run: Run, printed: Tables) -> Section | None:
    """The table of key figures; no section where none was given."""
    if not run.kpis:
        return None
    used = dict.fromkeys(kpi.scale for kpi in run.kpis if kpi.scale is not None)
    said_of = [
        f"Scale of ratings: {SCALES[name].title}, after {SCALES[name].source}. "
        + " ".join(f"{word.word} {word.symbol}: {word.means}." for word in SCALES[name].words)
        for name in used
    ]
    caption = f"Key figures, {period_words(run.now)}"
    return Section(
        "kpis", "Key figures", tuple(said_of), tables=(table_of(KPIS, caption, printed[KPIS], _HEADINGS),)
    )


MAKER = Maker(tables, section, more)
