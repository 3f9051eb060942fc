"""Data quality: what is wrong in the record, and what it can do to the figures."""

import pandas as pd

from ehcptime.outputs.pages.parts import Maker, Section, Sentence, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.records.checks import SEVERITIES

PROBLEMS, EFFECT, RANGE = "problems", "flagged", "figure_ranges"
_RANGE = ("flagged", "lowest", "percent", "highest")
_NO_RANGE = (
    "A row with an error could change a figure: how many could is printed for each measure. Between which values each figure may then lie "
    "is not, because that could give a hidden number back."
)
_WORDS = {"error": "Error", "query": "Query", "info": "To know"}
# Codes that do not read as words by themselves.
_WHAT = {"re_request": "asked again", "date_after_as_at": "date after the day of the position"}
_HEADINGS = {"kind": "Kind", "what": "What is wrong", "rows": "Problems"}
_EFFECT = {
    "title": "Measure",
    "flagged": "Rows with an error",
    "lowest": "Lowest",
    "percent": "As reported",
    "highest": "Highest",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Problems by kind, and how many rows of each measure have one."""
    found = run.problems.groupby(["severity", "code"], observed=True).size().reset_index(name="rows")
    order = found["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    found = found.assign(order=order).sort_values(["order", "code"], ignore_index=True).drop(columns="order")
    flagged = pd.DataFrame(
        {
            "measure": [measure.id for measure in run.measures],
            "flagged": [one.flagged for one in run.effects],
            "as_at": pd.Timestamp(run.as_at),
        }
    )
    return {PROBLEMS: found.assign(as_at=pd.Timestamp(run.as_at)), EFFECT: flagged}


def more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - inside, nothing is hidden
    """Inside, the range that they leave each figure; in public it would give small numbers back."""
    if not run.is_internal:
        return {}
    found = [
        {"measure": one.measure.id, **{name: getattr(one, name) for name in _RANGE}, "said": str(one)}
        for one in run.effects
    ]
    return {RANGE: pd.DataFrame(found)}


def section(run: Run, printed: Tables) -> Section:
    """The problems, and what they can do to the figures."""
    rows = printed[PROBLEMS]
    rows = rows.assign(
        kind=rows["severity"].map(_WORDS),
        what=[_WHAT.get(code, str(code).replace("_", " ")) for code in rows["code"]],
    )
    name = RANGE if run.is_internal else EFFECT
    effects = printed[name].assign(title=[measure.title for measure in run.measures])
    lines = [
        Sentence.of(f"{row['title']}: {row['said']}.", row)
        for row in effects.to_dict("records")
        if run.is_internal
    ]
    return Section(
        "quality",
        "What is wrong in the record, and what it can do to the figures",
        tuple(lines) or (_NO_RANGE,),
        tables=(
            table_of(name, "Rows with an error, by measure", effects, _EFFECT),
            table_of(PROBLEMS, "Problems found, by kind", rows, _HEADINGS),
        ),
    )


MAKER = Maker(tables, section, more)
