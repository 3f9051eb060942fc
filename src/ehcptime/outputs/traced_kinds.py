"""Which cohort stands behind each printed answer: that of a command, and that of a table of a report."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np

from ehcptime.outputs.traced_advice import of_answers, of_askings, of_overdue, of_psychology
from ehcptime.outputs.traced_cases import (
    of_ends,
    of_every,
    of_findings,
    of_keyed,
    of_late,
    of_letters,
    of_measure,
    of_open,
    of_plans,
    of_stock,
    of_year,
)
from ehcptime.outputs.traced_cohorts import ELSEWHERE, IN, Cohort, Given, Kind, all_of, by_day
from ehcptime.outputs.traced_questions import At
from ehcptime.questions.decision_rates import decision_lines
from ehcptime.questions.equality import CHARACTERISTICS, with_groups
from ehcptime.questions.exemption_audit import exemption_lines
from ehcptime.questions.lines import Line
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.sen2_years import year_returned
from ehcptime.questions.tracked import tracked_cases
from ehcptime.questions.waterfall import waterfall
from ehcptime.records.checks import SEVERITIES


def of_decisions(at: At, given: Given) -> Cohort:
    """The rows of one line of the decisions, out of those that it is counted out of."""
    cases = tracked_cases(at.cases)
    periods = by_day(cases.days_by_then("received_date"), given.get("period"))
    return _of_line(at, given, decision_lines(cases), {"period": periods})


def of_exceptions(at: At, given: Given) -> Cohort:
    """The rows of one line of the audit of exceptions."""
    claims = at.extract.exemptions if len(at.extract.exemptions) else None
    return _of_line(at, given, exemption_lines(at.cases, claims), {})


def _of_line(at: At, given: Given, lines: list[Line], told: Mapping[str, Any]) -> Cohort:
    about = (given.get("line"), given.get("out_of"))
    line = next((one for one in lines if (one.name, one.out_of) == about), None)
    if line is None:  # a sentence, or a note
        return of_every(at, given)
    size = len(at.cases)
    told = {
        **told,
        "line": np.full(size, about[0], dtype=object),
        "out_of": np.full(size, about[1], dtype=object),
    }
    part = np.where(line.counted, IN, np.where(line.whole, "in the base only", ELSEWHERE))
    reason = np.where(line.counted, line.name, np.where(line.whole, line.out_of, f"not of the {line.out_of}"))
    return Cohort("cases", at.cases, part.astype(object), reason.astype(object), told)


def of_due(at: At, given: Given) -> Cohort:
    """The parts of a measure by groups of children; of the plans due, where a sentence sets several measures beside each other."""
    found = of_measure(at, {"measure": "plans_due_20wk", **given})
    missing = [name for name in CHARACTERISTICS if name not in at.cases]
    groups = with_groups(at.cases, missing)  # such as those of age, which are worked out
    return found._replace(
        told={**found.told, **{str(name): groups[name].astype(str).to_numpy(dtype=object) for name in groups}}
    )


def of_headline(at: At, given: Given) -> Cohort:
    """The parts of a measure in the year of a return, at its end; every case where the figure is of none."""
    title = str(given.get("figure", "")).removesuffix(" (per cent)")
    measure = next((one.id for one in MEASURES.values() if one.title == title), None)
    if measure is None:
        return of_every(at, given)
    year = int(given.get("year") or year_returned(at.as_at))
    found = of_measure(At(at.extract, min(at.as_at, date(year, 12, 31))), {"measure": measure, "period": "Y"})
    part = np.where(found.told["period"] == str(year), found.part, ELSEWHERE)
    return found._replace(part=part.astype(object), told={"figure": all_of(len(part), str(given["figure"]))})


def of_end_of_period(at: At, given: Given) -> Cohort:
    """Who was open at the end of a period, by age."""
    return of_stock(at, {**given, "at_end": True})


def of_step(at: At, given: Given) -> Cohort:
    """The rows that a step of a waterfall takes out or, of a total, those that remain."""
    found, step = of_measure(at, given), given.get("step")
    measure = given["measure"]
    if step is None or MEASURES[measure].family == "advice":
        return found
    listed = waterfall(at.rows_of(measure), measure, advice=at.beside(measure)).cases(step).index
    inside = found.frame.index.isin(listed)
    told = {**found.told, "step": np.full(len(inside), step, dtype=object)}
    return found._replace(part=np.where(inside, IN, ELSEWHERE).astype(object), told=told)


COMMANDS: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(("check", "sen2-check queries on a screen"), of_findings),
        **dict.fromkeys((f"sen2-check page {severity}" for severity in SEVERITIES), of_findings),
        **dict.fromkeys(("parts", "cases", "effect", "change", "restate"), of_measure),
        **dict.fromkeys(("service-effect", "law-effect"), of_measure),
        "equality": of_due,
        "sen2-check page headline": of_headline,
        **dict.fromkeys(("backlog", "waiting", "scenario", "trajectory", "at-risk", "what-changed"), of_open),
        **dict.fromkeys(("fair-queue", "missing-advice", "provider-pack plans_without_advice"), of_plans),
        **dict.fromkeys(("delay", "last-in", "provider-pack last_in"), of_late),
        "history": of_stock,
        "triangle": of_end_of_period,
        **dict.fromkeys(("overdue-advice", "provider-pack overdue"), of_overdue),
        **dict.fromkeys(("provider-pack", "rounds"), of_askings),
        "provider-pack returned_by_month": of_answers,
        "ep-throughput": of_psychology,
        "waterfall": of_step,
        "decisions": of_decisions,
        "exemptions": of_exceptions,
        "time-to-final": of_ends,
        "year-bounds": of_year,
        "recording-lag": of_keyed,
        "letters": of_letters,
    }
)
TABLES: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(("open_by_age", "open_by_stage", "year_in_hand"), of_open),
        **dict.fromkeys(("forecast_said", "forecast", "assumptions"), of_open),
        **dict.fromkeys(("contributions", "due", "due_by_month", "due_last_month", "rejections"), of_askings),
        "returned_by_month": of_answers,
        "overdue": of_overdue,
        "plans_without_advice": of_plans,
        "last_in": of_late,
        "flow": of_stock,
        "problems": of_findings,
        "waterfall": of_step,
        "decisions": of_decisions,
        "year_bounds": of_year,
    }
)
