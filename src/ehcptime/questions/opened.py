"""Opened counts: the case ids behind one figure of a table."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ehcptime.clock.counting import Days, Mask
from ehcptime.errors import CommandError
from ehcptime.questions.decision_rates import decision_lines
from ehcptime.questions.exemption_audit import exemption_lines
from ehcptime.questions.grouping import NO_LIMIT, columns_of, groups_of
from ehcptime.questions.lines import line_of
from ehcptime.questions.measures import Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import ALL, UNDATED, Letter, periods_of
from ehcptime.questions.tracked import tracked_cases
from ehcptime.questions.verdicts import PARTS
from ehcptime.records.arrays import days_of

Where = Mapping[str, Any]
_COUNTS: dict[str, tuple[str, ...]] = {"numerator": ("on_time",), "denominator": ("on_time", "late")}


def case_ids(
    tracked: pd.DataFrame,
    measure: str | Measure,
    *,
    part: str | None = None,
    reason: str | None = None,
    period: Letter | None = None,
    label: str | None = None,
    advice: pd.DataFrame | None = None,
    where: Where | None = None,
) -> list[str]:
    """Give the case ids behind one cell of an answer of `timeliness`, in the order of `tracked`.

    `part` is a part of `parts`, or a count of `timeliness` (`numerator`, `denominator`); `reason` one of its reasons; `period` and
    `label` a letter and a period as the answer prints it (`unknown` for rows with no day); `where` the group, by column, as it
    prints it. What is not given does not narrow. There is one id for each row that was counted: for `advice_6wk`, one for each asking.

    Errors are those of `parts`, and CommandError for a part, reason, period or group that is not in the answer.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": ["Y", "Y"], "assessment_outcome_date": pd.to_datetime(["2025-05-21", "2025-06-02"]),
    ...     "stage": "closed", "is_open": False, "age_days": [140, 152], "as_at": pd.Timestamp("2025-07-31")})
    >>> case_ids(tracked, "plans_issued_20wk_inc", part="denominator")
    ['a', 'b']
    >>> case_ids(tracked, "plans_issued_20wk_inc", part="late", period="M", label="2025-06")
    ['b']
    """
    chosen = measure_of(measure)
    decided = parts(tracked, chosen, advice=advice)
    rows = _in_group(tracked, where) & _in_period(days_of(decided["falls_on"], "falls_on"), period, label)
    if part is not None:
        rows &= decided["part"].isin(_parts(part, chosen)).to_numpy()
    if reason is not None:
        _check(reason, decided["reason"].cat.categories, "reason")
        rows &= decided["reason"].eq(reason).to_numpy()
    return _ids(tracked, rows)


def exemption_case_ids(
    tracked: pd.DataFrame,
    line: str,
    *,
    exemptions: pd.DataFrame | None = None,
    where: Where | None = None,
    whole: bool = False,
) -> list[str]:
    """Give the case ids behind one `count` of `exemption_audit`, or behind its `of` where `whole` is set.

    `line` and `where` are the line and the group as the answer prints them. Errors are those of the audit, and CommandError for a line
    or a group that is not in it.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a"], "received_date": pd.to_datetime(["2025-01-01"]), "assessment_outcome": ["Y"], "week20": [1],
    ...     "assessment_outcome_date": pd.to_datetime(["2025-05-21"]), "stage": "closed", "is_open": False,
    ...     "age_days": [140], "as_at": pd.Timestamp("2025-07-31")})
    >>> exemption_case_ids(tracked, "exceptions_on_time")
    ['a']
    """
    found = line_of(exemption_lines(tracked, exemptions), line)
    return _ids(tracked, _in_group(tracked, where) & (found.whole if whole else found.counted))


def decision_case_ids(
    tracked: pd.DataFrame,
    line: str,
    *,
    period: Letter | None = None,
    label: str | None = None,
    where: Where | None = None,
    whole: bool = False,
) -> list[str]:
    """Give the case ids behind one `count` of `decision_rates`, or behind its `of` where `whole` is set.

    `line`, `period`, `label` and `where` are as for `case_ids`. Raises CommandError for what is not in the answer.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a"], "received_date": pd.to_datetime(["2025-01-01"]), "stage": ["deciding"], "is_open": [True],
    ...     "age_days": [90], "as_at": pd.Timestamp("2025-04-01")})
    >>> decision_case_ids(tracked, "undecided", period="Q", label="2025 Q1")
    ['a']
    """
    cases = tracked_cases(tracked)
    found = line_of(decision_lines(cases), line)
    rows = _in_group(tracked, where) & _in_period(cases.days_by_then("received_date"), period, label)
    return _ids(tracked, rows & (found.whole if whole else found.counted))


def _ids(tracked: pd.DataFrame, rows: Mask) -> list[str]:
    return [str(case) for case in tracked["case_id"].to_numpy()[rows]]


def _parts(part: str, measure: Measure) -> tuple[str, ...]:
    _check(part, (*PARTS, *_COUNTS), "part")
    found = _COUNTS.get(part, (part,))
    unknown = part == "denominator" and measure.unknown_in_denominator
    return (*found, "unknown") if unknown else found


def _in_group(tracked: pd.DataFrame, where: Where | None) -> Mask:
    wanted = dict(where or {})
    columns_of(list(wanted), tracked, ())
    rows = np.ones(len(tracked), dtype=bool)
    for column, value in wanted.items():
        groups = groups_of(tracked, [column], blank={"rule": NO_LIMIT})
        labels = groups.labels[column].tolist()
        if value not in labels:  # the others may be names of people, so the error does not list them
            raise CommandError(f"no row has the value of column {column!r} that is asked for")
        rows &= groups.place == labels.index(value)
    return rows


def _in_period(days: Days, period: Letter | None, label: str | None) -> Mask:
    if period is None:
        _check(ALL if label is None else label, (ALL,), "period")
        return np.ones(len(days), dtype=bool)
    if label is None:
        raise CommandError(f"period {period!r} is a kind of period: name one of its periods in label")
    found = periods_of(days, period)
    _check(label, (*found.labels, UNDATED), "period")
    return np.asarray(found.place == (-1 if label == UNDATED else found.labels.index(label)))


def _check(value: str, known: Iterable[str], what: str) -> None:
    names = list(known)
    if value not in names:
        raise CommandError(f"there is no {what} {value!r} in the answer: use one of {', '.join(names)}")
