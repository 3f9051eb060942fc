"""The reconciliation: where every row went."""

import pandas as pd

from ehcptime.outputs.pages.parts import Maker, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import period_words
from ehcptime.questions.reconciliation import reconciliation
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.waterfall import waterfall

WATERFALL, ROWS, WHOLE = "waterfall", "rows_read", "whole_record"
_STEPS = {"step": "Step", "removed": "Taken out", "remaining": "Left", "percent": "Per cent"}
_READ = {"step": "Step", "item": "Of", "went_to": "Went to", "reason": "Why", "rows": "Rows", "of": "Out of"}
_PARTS = {
    "title": "Measure",
    "numerator": "In the numerator",
    "denominator": "Out of",
    "unknown": "Cannot be told",
    "not_due": "Not yet due",
    "left_out": "Left out",
    "why_left_out": "Why left out",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Inside, row by row; in public, the parts of each measure, whose sums disclosure control knows."""
    if run.is_internal:
        return {
            ROWS: reconciliation(run.extract, run.tracked, run.lead),
            WATERFALL: waterfall(run.rows_in(run.lead, run.now), run.lead).table,
        }
    found = [timeliness(run.tracked, measure) for measure in run.measures if measure.cohort != "open"]
    return {WHOLE: pd.concat(found, ignore_index=True)}


def section(run: Run, published: Tables) -> Section:
    """Print what there is of it."""
    shown = []
    if run.is_internal:
        when = period_words(run.now)
        shown.append(
            table_of(
                WATERFALL,
                f"{run.lead.title}: from all its rows to the figure, {when}",
                published[WATERFALL],
                _STEPS,
            )
        )
        shown.append(table_of(ROWS, "Where every row of the extract went", published[ROWS], _READ))
    else:
        titles = [measure.title for measure in run.measures if measure.cohort != "open"]
        shown.append(
            table_of(
                WHOLE, "Every request on record, by measure", published[WHOLE].assign(title=titles), _PARTS
            )
        )
    why = "Every row is counted once: in the figure, unknown, not yet due or left out. Nothing is dropped."
    return Section("reconciliation", "Where every row went", (why,), tables=tuple(shown))


MAKER = Maker(tables, section)
