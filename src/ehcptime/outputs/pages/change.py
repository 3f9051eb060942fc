"""What changed and why: the measures of plans between the last two periods."""

from collections.abc import Iterator

import pandas as pd

from ehcptime.outputs.pages.figures import figure
from ehcptime.outputs.pages.parts import Maker, Section, Sentence, Table, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number, period_words
from ehcptime.questions.change import Change, explain_change
from ehcptime.questions.change_words import tenths
from ehcptime.questions.measures import MEASURES, Measure

CHANGE, SHARES = "change", "change_shares"
_MOVED = {
    "on_time": "on time",
    "newly_late": "late",
    "old": "late, from old cases",
    "speed": "late before and on time now, or the reverse (speed)",
    "unknown": "of unknown duration",
    "restated": "restated data",
    "rule": "another rule",
}
_HEADINGS = {
    "title": "Measure",
    "component": "What moved",
    "cases": "Cases, more or fewer",
    "points": "Points",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - its figures are those of the headline
    """Nothing of its own."""
    return {}


def more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:
    """The sentence of each measure, made of the numbers as printed; inside, with the shares of the change."""
    moving = [measure for measure in run.measures[:2] if measure.cohort != "open"]
    changes = [_change(run, published, measure) for measure in moving]
    rows = [
        {"measure": one.id, "said": f"{one.title}{_said(change, run.is_internal)}"}
        for one, change in zip(moving, changes, strict=True)
    ]
    found = {CHANGE: pd.DataFrame(rows)}
    if run.is_internal:
        shares = [_shares(one, change) for one, change in zip(moving, changes, strict=True)]
        found[SHARES] = pd.concat(shares, ignore_index=True)
    return found


def section(run: Run, printed: Tables) -> Section:
    """Print the sentences, and inside what the change is made of."""
    sentences = [Sentence.of(str(row["said"]), row) for row in printed[CHANGE].to_dict("records")]
    title = f"What changed between {period_words(run.before)} and {period_words(run.now)}, and why"
    return Section("change", title, tuple(sentences), tables=tuple(_tables(printed)))


def _tables(printed: Tables) -> Iterator[Table]:
    rows = printed.get(SHARES)
    if rows is not None and len(rows):
        shown = rows.assign(
            title=[MEASURES[name].title for name in rows["measure"]],
            component=rows["component"].map(_MOVED),
        )
        yield table_of(SHARES, "What the change is made of, in percentage points", shown, _HEADINGS)


def _shares(measure: Measure, change: Change | None) -> pd.DataFrame:
    """What the change is made of, rounded as the sentence has it, so that the shares add up to it."""
    every = () if change is None or change.decomposition is None else change.decomposition.components
    moved = [part for part in every if part.points or part.cases]
    points = [number / 10 for number in tenths([part.points for part in moved])]
    rows = [(measure.id, part.name, part.cases, one) for part, one in zip(moved, points, strict=True)]
    return pd.DataFrame(rows, columns=["measure", "component", "cases", "points"])


def _change(run: Run, published: Tables, measure: Measure) -> Change | None:
    """Inside, case by case; for others between the numbers as printed, or none where one is hidden."""
    if run.is_internal:
        return explain_change(run.rows_in(measure, run.before), run.rows_in(measure, run.now), measure)
    rows = [figure(published, measure, period) for period in (run.before, run.now)]
    if any(number(row[name]) is None for row in rows for name in ("numerator", "denominator")):
        return None
    counts = [pd.DataFrame([row])[["numerator", "denominator"]].astype("int64") for row in rows]
    return explain_change(counts[0], counts[1], measure)


def _said(change: Change | None, is_internal: bool) -> str:
    if change is None:
        return ": what changed cannot be told, because a number that it takes is hidden."
    return f". {change} {change.why}" if is_internal else f". {change}"


MAKER = Maker(tables, section, more)
