"""Cohorts behind printed figures: the rows that an answer counts, the part that each plays in it, and why."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days, Mask
from ehcptime.outputs.fingerprints import cell_texts
from ehcptime.outputs.traced_questions import At
from ehcptime.questions.grouping import NO_LIMIT, groups_of
from ehcptime.questions.periods import ALL, places_of

IN, OUT, ELSEWHERE = "in", "out", "elsewhere"
COLUMNS = ("table", "part", "reason", "rows")

Texts = npt.NDArray[np.object_]
Given = Mapping[str, Any]


class Cohort(NamedTuple):
    """The rows of one table by the part that each plays; `told` holds more that tells them apart than the columns of `frame`.

    `names` are those that a label can have without a row of that name: of a band of ages, say.
    """

    table: str
    frame: pd.DataFrame
    part: Texts
    reason: Texts
    told: Mapping[str, Texts] = {}
    names: Mapping[str, Collection[str]] = {}


Kind = Callable[[At, Given], Cohort]


def narrowed(cohort: Cohort, labels: Mapping[str, str]) -> tuple[pd.DataFrame, list[str]]:
    """Count the rows by part and reason, those of another row of the answer as `elsewhere`, and name the labels that tell none apart."""
    inside, untold = np.ones(len(cohort.frame), dtype=bool), []
    for name, text in labels.items():
        found = _texts(cohort, name)
        is_held = found is not None and bool((found == text).any())
        if text in ("", ALL) and not is_held:
            continue
        if found is None or not (is_held or _is_known(cohort, name, text)):
            untold.append(name)  # such as groups put together for the public
        else:
            inside &= found == text
    part = np.where(inside, cohort.part, ELSEWHERE)
    other = np.where(cohort.part == ELSEWHERE, cohort.reason, "in another row of the answer")
    table = pd.DataFrame({"part": part, "reason": np.where(inside, cohort.reason, other)}, dtype=str)
    counted = table.groupby(["part", "reason"], as_index=False).size().rename(columns={"size": "rows"})
    counted.insert(0, "table", cohort.table)
    return counted, untold


def _is_known(cohort: Cohort, name: str, text: str) -> bool:
    """Whether there could be rows of that name, and are none."""
    return name in cohort.told and text in cohort.names.get(name, (text,))


def _texts(cohort: Cohort, name: str) -> Texts | None:
    """What each row holds of a label, as it is printed; nothing where it holds none."""
    if name in cohort.told:
        return cohort.told[name]
    if name not in cohort.frame:
        return None
    groups = groups_of(cohort.frame, [name], blank={"rule": NO_LIMIT})
    return np.asarray(cell_texts(groups.labels[name]), dtype=object)[groups.place]


def cohort_of(
    table: str, frame: pd.DataFrame, inside: Mask, reason: Any, outside: str, told: Mapping[str, Texts]
) -> Cohort:
    """Rows that are in or not, each for a reason."""
    why = np.where(inside, np.asarray(reason, dtype=object), outside)
    return Cohort(table, frame, np.where(inside, IN, ELSEWHERE).astype(object), why.astype(object), told)


def by_day(days: Days, period: str | None) -> Texts:
    """Name the period in which each day falls; without one, all fall in `all`."""
    place, names = places_of(days, period)
    return np.array(names, dtype=object)[place]


def all_of(size: int, text: str) -> Texts:
    """Say the same of every row."""
    return np.full(size, text, dtype=object)
