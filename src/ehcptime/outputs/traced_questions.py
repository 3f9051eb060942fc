"""Questions that a reference can be traced through: how each is asked again, and what its rows are about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.outputs.references import Asked
from ehcptime.outputs.traced_report import report_table_again
from ehcptime.questions.backlog import backlog
from ehcptime.questions.backlog_summary import backlog_summary
from ehcptime.questions.contributions import contributions
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.official import dfe_assessments, dfe_requests, dfe_timeliness
from ehcptime.questions.official_layout import PLACE
from ehcptime.questions.returned_advice import returned_contributions
from ehcptime.questions.timeliness import timeliness
from ehcptime.records.extract import Extract
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.track import track

_DFE = {"timeliness": dfe_timeliness, "requests": dfe_requests, "assessments": dfe_assessments}
REPORT = "report"
_Arguments = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class At:
    """An extract and a day: what a question is asked of."""

    extract: Extract
    as_at: date

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The tracked cases; with no claims of exemption where the extract holds none."""
        held = self.extract
        claims = held.exemptions if len(held.exemptions) else None
        return track(held.cases, as_at=self.as_at, exemptions=claims, closures=held.closures)

    @cached_property
    def advice(self) -> pd.DataFrame:
        """The tracked askings for advice."""
        return track_advice(self.extract.advice, as_at=self.as_at, cases=self.extract.cases)

    def rows_of(self, measure: str) -> pd.DataFrame:
        """What a measure counts: cases, or askings for advice."""
        return self.advice if MEASURES[measure].family == "advice" else self.cases

    def beside(self, measure: str) -> pd.DataFrame | None:
        """The askings, where a measure of cases needs them."""
        return self.advice if MEASURES[measure].family == "all_advice" else None


def asked_of(question: str, arguments: _Arguments) -> Asked:
    """Say what the rows of a question are about; raises CommandError for a question that is not known here.

    >>> asked_of("backlog", {"by": ["stage"]}).labels
    ['stage', 'age_band']
    """
    if question not in _LABELS:
        raise CommandError(f"{question!r} cannot be traced: use one of {', '.join(_LABELS)}")
    return Asked(question, arguments, _LABELS[question](arguments))


def can_be_asked(question: str) -> bool:
    """Whether a question is known here; others are asked again at the command line."""
    return question in _LABELS


def answer_again(at: At, question: str, arguments: _Arguments) -> pd.DataFrame:
    """Ask a question again."""
    asked_of(question, arguments)
    return _ASKED[question](at, arguments)


def _by(arguments: _Arguments) -> list[str]:
    return list(arguments.get("by") or ())


def _of_measure(arguments: _Arguments) -> list[str]:
    rule = (
        ["rule"] if MEASURES[arguments["measure"]].family == "advice" and "rule" not in _by(arguments) else []
    )
    return [*_by(arguments), *rule, "period", "measure"]


_LABELS: Mapping[str, Callable[[_Arguments], Sequence[str]]] = {
    "timeliness": _of_measure,
    "backlog": lambda arguments: [*_by(arguments), "age_band"],
    "backlog --summary": _by,
    "contributions": lambda arguments: [*_by(arguments), "rule", "period"],
    "contributions --returned": lambda arguments: [*_by(arguments), "rule", "period"],
    "official": lambda _: list(PLACE),
    REPORT: lambda arguments: list(arguments["labels"]),
}


def _timeliness(at: At, given: _Arguments) -> pd.DataFrame:
    measure = given["measure"]
    return timeliness(
        at.rows_of(measure),
        measure,
        by=given.get("by"),
        period=given.get("period"),
        advice=at.beside(measure),
    )


def _official(at: At, given: _Arguments) -> pd.DataFrame:
    return _DFE[given["table"]](
        at.cases,
        la_code=given.get("la_code"),
        la_name=given.get("la_name"),
        edition=int(given["layout"]),
        by=given.get("topics"),
    )


_ASKED: Mapping[str, Callable[[At, _Arguments], pd.DataFrame]] = {
    "timeliness": _timeliness,
    "backlog": lambda at, given: backlog(at.cases, _by(given)),
    "backlog --summary": lambda at, given: backlog_summary(at.cases, _by(given), advice=at.advice),
    "contributions": lambda at, given: contributions(at.advice, by=_by(given), period=given.get("period")),
    "contributions --returned": lambda at, given: returned_contributions(
        at.advice, by=_by(given), period=given.get("period")
    ),
    "official": _official,
    REPORT: lambda at, given: report_table_again(at.extract, at.as_at, given),
}
