"""One case taken out of an extract with all that belongs to it, and put back into one."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.records.case import AdviceRequest, Case
from ehcptime.records.columns import COLUMNS
from ehcptime.records.extract import Extract, empty

Row = Mapping[str, Any]

_ALWAYS = ("case_id", "received_date", "requested_date", "request_outcome_date", "assessment_outcome_date")


class CaseRecord(NamedTuple):
    """A case and its askings, its exemption claims, the closures of its settings and its events, as `timeline` takes them."""

    case: Case
    advice: tuple[AdviceRequest, ...]
    exemptions: tuple[Row, ...]
    closures: tuple[Row, ...]
    events: tuple[Row, ...]


def case_of(extract: Extract, case_id: str) -> CaseRecord:
    """Take one case out of an extract, with all that belongs to it.

    Closures are those of its setting and of the settings that were asked for advice. Columns outside the contract are left behind.

    Raises CommandError where the extract has no such case or has it twice, and InputError where a value of it cannot be read.

    >>> cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-02"])})
    >>> case_of(Extract(cases), "A").case.received_date
    datetime.date(2025, 4, 2)
    """
    rows = _rows(extract.cases, "case_id", [case_id])
    if len(rows) != 1:
        raise CommandError("there is no such case_id in the extract, or more than one: check the reference")
    case = Case(**_known(rows[0], Case))
    advice = tuple(
        AdviceRequest(**_known(row, AdviceRequest)) for row in _rows(extract.advice, "case_id", [case_id])
    )
    settings = [named for named in (case.setting_id, *(one.setting_id for one in advice)) if named]
    return CaseRecord(
        case,
        advice,
        tuple(_rows(extract.exemptions, "case_id", [case_id])),
        tuple(_rows(extract.closures, "setting_id", settings)),
        tuple(_rows(extract.events, "case_id", [case_id])),
    )


def extract_of(
    case: Case,
    *,
    advice: Iterable[AdviceRequest] = (),
    exemptions: Iterable[Row] = (),
    closures: Iterable[Row] = (),
    events: Iterable[Row] = (),
) -> Extract:
    """Make an extract of one case, so that what is asked of frames can be asked of it. `other_dates` have no column and stay behind.

    >>> from datetime import date
    >>> extract_of(Case(case_id="A", received_date=date(2025, 4, 2))).cases.columns.tolist()
    ['case_id', 'received_date', 'request_outcome_date', 'assessment_outcome_date']
    """
    asked = [_filled(dict(one)) for one in advice if one.case_id == case.case_id]
    return Extract(
        cases=_frame([_filled(dict(case))], "cases"),
        advice=_frame(asked, "advice"),
        exemptions=_frame(exemptions, "exemptions"),
        closures=_frame(closures, "closures"),
        events=_frame(events, "events"),
    )


def _rows(frame: pd.DataFrame, column: str, wanted: list[str]) -> list[dict[str, Any]]:
    """The rows of some ids, with plain values and None for what is missing."""
    found = frame[frame[column].isin(wanted)].astype(object) if column in frame else frame.iloc[:0]
    plain = found.where(found.notna(), None)
    return [
        {str(name): _plain(value) for name, value in row.items()} for row in plain.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value


def _known(row: Row, model: Any) -> dict[str, Any]:
    """What a record has a place for; a required date that is missing is given as None."""
    return {name: value for name, value in row.items() if name in model.model_fields}


def _filled(row: Row) -> dict[str, Any]:
    """What is given and has a column, and what every row must have or every return holds."""
    return {
        name: value
        for name, value in row.items()
        if name in _ALWAYS or (value is not None and name != "other_dates")
    }


def _frame(rows: Iterable[Row], table: str) -> pd.DataFrame:
    made = pd.DataFrame([dict(row) for row in rows])
    if made.empty:
        return empty(table)
    dates = [name for name, column in COLUMNS[table].items() if column.kind == "date" and name in made]
    return made.assign(**{name: _days(made[name]) for name in dates})


def _days(values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Give dates their type; pandas 2 would take them through nanoseconds, which end in 2262."""
    days = values.astype(object).where(values.notna(), None).to_numpy().astype("datetime64[s]")
    return pd.Series(days, index=values.index)
