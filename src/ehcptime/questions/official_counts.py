"""The counts that stand in DfE's files: for each, the rows that are counted and the day by which they fall in a year."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.questions.elapsed import outside
from ehcptime.questions.mean_weeks import population, timed_plans
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.records.arrays import BLANK, days_of
from ehcptime.tracking.outcomes import A, N, W, Y

PLAN_MEASURES = tuple(
    f"plans_{span}_{suffix}" for span in ("issued_20wk", "20_52wk", "over_52wk") for suffix in ("inc", "exc")
)


class Count(NamedTuple):
    """Rows counted, and the day by which each falls in a year; with `days`, these are added up instead."""

    rows: Mask
    falls_on: Days
    days: Days | None = None


Counts = dict[str, Count]


def plan_counts(tracked: pd.DataFrame, flags: Sequence[str] | None) -> Counts:
    """Count for the timeliness file, by the day of issue."""
    counts: Counts = {}
    for measure in PLAN_MEASURES:
        counts |= _of_measure(tracked, population(measure, flags))
    plans = timed_plans(tracked, flags)
    return counts | {
        "days": Count(plans.known, plans.falls_on, plans.days),
        "days_exc": Count(plans.known_exc, plans.falls_on, plans.days),
        "days_known": Count(plans.known, plans.falls_on),
    }


def request_counts(tracked: pd.DataFrame) -> Counts:
    """Count for the requests file: requests by the day of receipt, decisions by their own day."""
    cases = tracked_cases(tracked)
    received = cases.days_by_then("received_date")
    outcome = cases.now.request
    ended = (cases.now.other_end != NOT_YET) & outcome.has(BLANK, A)
    kept = _kept(cases)
    rows = {
        "requests_Y": outcome.has(Y),
        "requests_N": outcome.has(N),
        "requests_A": outcome.has(BLANK, A) & ~ended,
        "requests_W": outcome.has(W) | ended,
    }
    every = _any(rows)
    rows |= {"requests": every, "requests_rya": every & cases.is_set("rya")}
    rows |= _flagged(cases, every, "request")
    counts = {name: Count(mask & kept, received) for name, mask in rows.items()}
    return counts | _of_measure(tracked, measure_of("request_decisions_6wk"))


def assessment_counts(tracked: pd.DataFrame) -> Counts:
    """Count for the assessments file: by the day of the outcome or of closing, and those recorded as open at `as_at`."""
    cases = tracked_cases(tracked)
    outcome = cases.now.assessment
    rows = {
        "assessments_Y": outcome.has(Y) & (outcome.day != NOT_YET),
        "assessments_N": outcome.has(N),
        "assessments_A": np.asarray(outcome.is_pending),
        "assessments_W": outcome.has(W),
    }
    falls_on = np.where(rows["assessments_W"], cases.days_by_then("closed_date"), outcome.day)
    falls_on = np.where(rows["assessments_A"], np.int32(cases.as_at), falls_on)
    every = _any(rows)
    rows |= {"assessments": every} | _flagged(cases, every, "assessment") | _flagged(cases, every, "other")
    kept = _kept(cases)
    counts = {name: Count(mask & kept, falls_on) for name, mask in rows.items()}
    return counts | _of_measure(tracked, measure_of("no_plan_16wk"))


def _of_measure(tracked: pd.DataFrame, measure: Measure) -> Counts:
    decided = parts(tracked, measure)
    falls_on = days_of(decided["falls_on"], "falls_on")
    inside = ["on_time", "late", *(["unknown"] if measure.unknown_in_denominator else [])]
    rows = {name: decided["part"].eq(name).to_numpy() for name in ("on_time", "late")}
    rows["denominator"] = decided["part"].isin(inside).to_numpy()
    return {f"{measure.id}.{name}": Count(mask, falls_on) for name, mask in rows.items()}


def _kept(cases: Tracked) -> Mask:
    """Rows other than duplicates, requests not yet received and assessments coded H, which no cohort holds."""
    return np.asarray(
        ~np.logical_or.reduce([np.broadcast_to(step.when, cases.size) for step in outside(cases)])
    )


def _any(rows: Mapping[str, Mask]) -> Mask:
    return np.asarray(reduce(np.logical_or, rows.values()))


def _flagged(cases: Tracked, every: Mask, kind: str) -> dict[str, Mask]:
    mediation, tribunal = cases.is_set(f"{kind}_mediation"), cases.is_set(f"{kind}_tribunal")
    return {
        f"{kind}_mediation": every & mediation,
        f"{kind}_tribunal": every & tribunal,
        f"{kind}_mediation_tribunal": every & mediation & tribunal,
    }
