"""Rows behind a traced figure: which rows of the extract went into it, which did not, and why."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Mask
from ehcptime.outputs.fingerprints import cell_texts
from ehcptime.outputs.traced_questions import At
from ehcptime.questions.advice_cells import is_answered, with_rule
from ehcptime.questions.backlog import age_bands
from ehcptime.questions.grouping import NO_LIMIT, groups_of
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.official_counts import assessment_counts, plan_counts, request_counts
from ehcptime.questions.official_layout import layout_of
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import places_of
from ehcptime.questions.timeliness import periods_in
from ehcptime.questions.tracked import tracked_advice

ELSEWHERE = "elsewhere"
_UNKNOWN = "Unknown"  # a blank value, as DfE writes it
_COUNTS = {
    "timeliness": lambda tracked: plan_counts(tracked, None),
    "requests": request_counts,
    "assessments": assessment_counts,
}


class Placed(NamedTuple):
    """Every row of a table: the labels of the row of the answer that it falls in, the part that it plays there, and why."""

    labels: pd.DataFrame
    part: Sequence[str]
    reason: Sequence[str]


def rows_by_reason(
    at: At, question: str, arguments: Mapping[str, Any], labels: Mapping[str, str], column: str = ""
) -> pd.DataFrame:
    """Count the rows of the extract by what became of them in one row of an answer of the library: `table`, `part`, `reason` and `rows`.

    They add up to all rows. The part is that of `parts` for a measure (in `official` for the figure in `column`), `in` for what other
    questions count, and `elsewhere` for what falls in another row of the answer or in none.
    """
    placed = _PLACED[question](at, arguments, column, labels)
    inside = np.ones(len(placed.labels), dtype=bool)
    for name in map(str, placed.labels):
        inside &= placed.labels[name].to_numpy() == labels[name]
    part = np.where(inside, np.asarray(placed.part, dtype=object), ELSEWHERE)
    unplaced = np.asarray(placed.part, dtype=object) == ELSEWHERE
    other = np.where(unplaced, np.asarray(placed.reason, dtype=object), "in another row of the answer")
    reason = np.where(inside, np.asarray(placed.reason, dtype=object), other)
    table = pd.DataFrame({"part": part.astype(str), "reason": reason.astype(str)})
    found = table.groupby(["part", "reason"], as_index=False).size().rename(columns={"size": "rows"})
    found.insert(0, "table", "advice" if _is_of_advice(question, arguments) else "cases")
    return found


def is_placed(question: str) -> bool:
    """Whether a question is one of the library whose rows are placed here."""
    return question in _PLACED


def _is_of_advice(question: str, arguments: Mapping[str, Any]) -> bool:
    return question.startswith("contributions") or (
        question == "timeliness" and MEASURES[arguments["measure"]].family == "advice"
    )


def _labels(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The labels of each row's group, as they are printed."""
    groups = groups_of(frame, list(columns), blank={"rule": NO_LIMIT})
    named = {name: cell_texts(groups.labels[name])[groups.place] for name in groups.labels}
    return pd.DataFrame(named, index=range(len(frame)))


def _of_measure(at: At, given: Mapping[str, Any], *_: Any) -> Placed:
    measure = given["measure"]
    rows = at.rows_of(measure)
    decided = parts(rows, measure, advice=at.beside(measure))
    by = list(given.get("by") or ())
    labels = _labels(rows, with_rule(by) if MEASURES[measure].family == "advice" else by)
    place, names, _ended = periods_in(decided, given.get("period"), rows)
    labels = labels.assign(period=np.array(names, dtype=object)[place], measure=measure)
    return Placed(labels, decided["part"].astype(str).tolist(), decided["reason"].astype(str).tolist())


def _of_backlog(at: At, given: Mapping[str, Any], *_: Any) -> Placed:
    is_open = at.cases["is_open"].astype(bool).to_numpy()
    labels = _labels(at.cases, list(given.get("by") or ()))
    labels = labels.assign(age_band=age_bands(at.cases["age_days"]))
    return Placed(labels, *_counted(is_open, np.full(len(is_open), "open", dtype=object), "not open"))


def _of_summary(at: At, given: Mapping[str, Any], *_: Any) -> Placed:
    found = _of_backlog(at, given)
    return found._replace(labels=found.labels.drop(columns="age_band"))


def _of_advice(at: At, given: Mapping[str, Any], *_: Any) -> Placed:
    advice = tracked_advice(at.advice)
    labels = _in_periods(at.advice, given, advice.days("due"))
    every = np.ones(advice.size, dtype=bool)
    return Placed(labels, *_counted(every, at.advice["status"].astype(str).to_numpy(dtype=object), ""))


def _of_returns(at: At, given: Mapping[str, Any], *_: Any) -> Placed:
    advice = tracked_advice(at.advice)
    labels = _in_periods(at.advice, given, advice.days_by_then("returned_date"))
    status = at.advice["status"].astype(str).to_numpy(dtype=object)
    return Placed(labels, *_counted(is_answered(advice), status, "not answered"))


def _in_periods(rows: pd.DataFrame, given: Mapping[str, Any], days: Any) -> pd.DataFrame:
    place, names = places_of(days, given.get("period"))
    by = with_rule(list(given.get("by") or ()))
    return _labels(rows, by).assign(period=np.array(names, dtype=object)[place])


def _counted(inside: Mask, reason: Any, outside: str) -> tuple[list[str], list[str]]:
    return np.where(inside, "in", ELSEWHERE).tolist(), np.where(inside, reason, outside).tolist()


def _of_official(at: At, given: Mapping[str, Any], column: str, about: Mapping[str, str]) -> Placed:
    """The rows of the count in a column, or of both counts of a percentage; those of the day on which the figure falls."""
    layout = layout_of(given["table"], int(given["layout"]))
    of = layout.columns[column or next(iter(layout.columns))].of
    counts = _COUNTS[given["table"]](at.cases)
    top, base = counts[of[0]], counts[of[-1]]
    place, names = places_of(base.falls_on, "Y")
    labels = pd.DataFrame({"time_period": np.array(names, dtype=object)[place]})
    topic = (given.get("topics") or {}).get(about["breakdown_topic"])
    if topic is not None:
        named = at.cases[topic].astype("string").fillna("").str.strip()
        labels["breakdown"] = named.mask(named == "", _UNKNOWN).to_numpy(dtype=object)
    part = np.where(top.rows, "in", np.where(base.rows, "in the base only", ELSEWHERE))
    measure = of[0].partition(".")[0]
    if measure in MEASURES:
        reason = parts(at.cases, measure)["reason"].astype(str).to_numpy(dtype=object)
    else:
        reason = np.where(top.rows, "counted", np.where(base.rows, "counted in the base", "not counted"))
    return Placed(labels, part.tolist(), reason.tolist())


_PLACED: Mapping[str, Callable[[At, Mapping[str, Any], str, Mapping[str, str]], Placed]] = {
    "timeliness": _of_measure,
    "backlog": _of_backlog,
    "backlog --summary": _of_summary,
    "contributions": _of_advice,
    "contributions --returned": _of_returns,
    "official": _of_official,
}
