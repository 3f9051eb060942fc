"""What became of the requests: decisions, refusals and reversals, as counts and rates."""

import pandas as pd

from ehcptime.outputs.pages.parts import Maker, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.questions.decision_rates import decision_rates

DECIDED = "decisions"
_HEADINGS = {
    "what": "What",
    "count": "Requests",
    "of": "Out of",
    "out_of": "Out of what",
    "percent": "Per cent",
    "note": "Note",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Every request on record."""
    return {DECIDED: decision_rates(run.tracked)}


def section(run: Run, published: Tables) -> Section:  # noqa: ARG001 - its table is all that it needs
    """The rates in one table."""
    rows = published[DECIDED]
    shown = rows.assign(what=[str(name).replace("_", " ") for name in rows["line"]])
    why = "Codes are counted as recorded: a refusal that was reversed is still a refusal, and its reversal is counted out of it."
    return Section(
        "decisions",
        "What became of the requests on record",
        (why,),
        tables=(table_of(DECIDED, "Decisions on the requests on record", shown, _HEADINGS),),
    )


MAKER = Maker(tables, section)
