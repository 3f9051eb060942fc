"""How final the newest figures are: the share of plans that is still to be keyed, by the authority's own lag between extracts."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehcptime.outputs.pages.parts import Maker, Section, Sentence, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number, period_words
from ehcptime.questions.recording_lag import recording_lag

LAG = "recording_lag"
_NEWEST = 3  # periods of which it is said
_SHOWN = ("period", "percent_keyed")
_INSIDE = ("keyed", "still_to_key", "low", "high")
_WHY = (
    "A plan is often keyed some days after it was issued, so the newest periods can still grow. Between extracts of the same caseload the "
    "record shows how long keying takes; the estimate takes it that keying is as quick as it has been."
)
_ONE = "How many plans of the newest periods are still to be keyed cannot be estimated: it takes an extract taken before this one as well."
_HEADINGS = {
    "period": "Period",
    "keyed": "Plans keyed so far",
    "percent_keyed": "Share keyed, per cent (estimate)",
    "still_to_key": "Still to be keyed (estimate)",
    "low": "Lowest",
    "high": "Highest",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - an estimate is no count of children
    """Nothing that is published as a count."""
    return {}


def more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:  # noqa: ARG001 - it rests on earlier extracts
    """The estimate for the newest periods; in public the share alone, since numbers would give back what is keyed."""
    if not run.earlier:
        return {}
    found = recording_lag([*run.earlier, run.tracked], period=run.preset.period)
    found = found[found["period"].isin(run.periods[-_NEWEST:])].reset_index(drop=True)
    rows = found[[*_SHOWN, *(_INSIDE if run.is_internal else ())]]
    return {LAG: rows.assign(said=[_said(row, run) for row in found.to_dict("records")])}


def _said(row: Mapping[Any, Any], run: Run) -> str:
    keyed = number(row["percent_keyed"])
    if keyed is None:
        return str(row["sentence"])
    missing = round(100 - keyed)
    share = f"about {missing} in 100" if missing else "fewer than 1 in 100"
    said = f"{period_words(str(row['period']))}: {share} plans are still to be keyed"
    return f"{said} (between {row['low']:,} and {row['high']:,} plans)." if run.is_internal else f"{said}."


def section(run: Run, printed: Tables) -> Section:  # noqa: ARG001 - its table is all that it needs
    """The newest periods in sentences, or why nothing can be said of them."""
    title = "How final the newest figures are"
    if LAG not in printed:
        return Section("recording", title, (_ONE,))
    rows = printed[LAG]
    lines = [Sentence.of(row["said"], row) for row in reversed(rows.to_dict("records"))]
    table = table_of(LAG, "Plans still to be keyed, by the lag between extracts", rows, _HEADINGS)
    return Section("recording", title, (*lines, _WHY), tables=(table,))


MAKER = Maker(tables, section, more)
