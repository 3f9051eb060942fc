"""Positions: the role of each row in one figure, and the same rows as another day or another rule book would show them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, is_day
from ehcptime.law.book import RuleBook
from ehcptime.questions.measures import AllAdvice, Elapsed, Measure
from ehcptime.questions.parts import parts
from ehcptime.questions.tracked import tracked_cases
from ehcptime.records.arrays import days_of
from ehcptime.tracking.advice import OUTPUTS as ADVICE_OUTPUTS
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.limits import RULES
from ehcptime.tracking.track import OTHER_OUTPUTS, OUTPUTS, track

# What a row is in a figure: outside it, on time, late though it could still be in time when its period began, late from
# an old case (over its limit before the period began), or of unknown duration inside the denominator.
ROLES = ("outside", "on_time", "newly_late", "old", "unknown")
OUTSIDE, ON_TIME, NEWLY_LATE, OLD, UNTOLD = (np.int8(place) for place in range(len(ROLES)))
NOT_THERE = "not in the frame"
_RECOMPUTED = ("due", "status", "days_over")

Roles = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Position:
    """Rows by key (the case, or for advice the case, the kind and which asking it is), with the role and the reason of each."""

    keys: pd.Index
    role: Roles
    reason: npt.NDArray[np.object_]

    def roles_of(self, keys: pd.Index) -> Roles:
        """Roles of some keys; those that are not here are outside."""
        return np.append(self.role, OUTSIDE)[self.keys.get_indexer(keys)]

    def reasons_of(self, keys: pd.Index) -> npt.NDArray[np.object_]:
        """Reasons of some keys, and that of those that are not here."""
        return np.append(self.reason, NOT_THERE)[self.keys.get_indexer(keys)]


def keys_of(frame: pd.DataFrame) -> pd.Index:
    """Key of each row: its case, and for an asking also its kind and its number among those of the case."""
    cases: pd.Index = pd.Index(frame["case_id"])
    if not is_advice(frame):
        return cases
    number = frame.groupby(["case_id", "advice_type"], observed=True).cumcount()
    return pd.MultiIndex.from_arrays([cases, frame["advice_type"].astype(str), number])


def is_advice(frame: pd.DataFrame) -> bool:
    """Whether a frame holds askings and not cases."""
    return "advice_type" in frame and "stage" not in frame


def position(
    frame: pd.DataFrame, measure: Measure, began: int | None = None, advice: pd.DataFrame | None = None
) -> Position:
    """Read the role of each row; `began` is the first day of the period, by default that of the month of the first case counted."""
    decided = parts(frame, measure, advice=advice)
    part = decided["part"].astype(str).to_numpy()
    late = part == "late"
    first = began_of(decided, measure) if began is None else began
    inside = (part == "unknown") & measure.unknown_in_denominator
    steps = [part == "on_time", late & (_limits(frame, measure) < first), late, inside]
    role = np.select(steps, [ON_TIME, OLD, NEWLY_LATE, UNTOLD], default=OUTSIDE).astype(np.int8)
    return Position(keys_of(frame), role, decided["reason"].astype(object).to_numpy())


def began_of(decided: pd.DataFrame, measure: Measure) -> int:
    """First day of the month in which the first of the cases counted falls; before every day where none falls on a day."""
    counted = ("on_time", "late", "unknown") if measure.unknown_in_denominator else ("on_time", "late")
    days = days_of(decided["falls_on"], "falls_on")[decided["part"].isin(counted).to_numpy()]
    days = days[is_day(days)]
    if not len(days):
        return UNKNOWN
    month = days.min().astype("datetime64[D]").astype("datetime64[M]")
    return int(month.astype("datetime64[D]").astype(np.int64))


def _limits(frame: pd.DataFrame, measure: Measure) -> Days:
    """Limit of each plan in a measure of plans issued in time; NOT_YET where the measure has none or it is not known."""
    rule = measure.parameters
    if isinstance(rule, Elapsed) and not rule.from_days and rule.to_days is not None:
        start = tracked_cases(frame).days(rule.start)
        return np.where(is_day(start), start + np.int32(rule.to_days), np.int32(NOT_YET))
    if isinstance(rule, AllAdvice):
        return tracked_cases(frame).days(f"{rule.rule}_due")
    return np.full(len(frame), NOT_YET, dtype=np.int32)


def retracked(frame: pd.DataFrame, *, as_at: date, law: RuleBook, convention: str) -> pd.DataFrame:
    """Track the cases of a tracked frame again, at another day or by another law; exemptions stay as they were claimed."""
    added = {f"{rule}_{name}" for rule in law for name in OUTPUTS} | set(OTHER_OUTPUTS)
    facts = frame[[name for name in frame if name not in added]]
    again = track(facts, as_at=as_at, law=law, convention=convention)
    moved = {f"{rule}_{name}" for rule in RULES for name in _RECOMPUTED} | set(OTHER_OUTPUTS)
    return frame.assign(**{name: again[name] for name in again if name in moved and name in frame})


def retracked_advice(advice: pd.DataFrame | None, *, as_at: date, law: RuleBook) -> pd.DataFrame | None:
    """Track askings again, at another day or by another law; nothing of their cases is needed to say what was in by the day of issue."""
    if advice is None:
        return None
    facts = advice[[name for name in advice if name not in ADVICE_OUTPUTS]]
    return track_advice(facts, as_at=as_at, law=law)
