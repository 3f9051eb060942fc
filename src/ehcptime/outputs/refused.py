"""Refused: what no disclosure control makes fit to be published, each with what to publish in its place."""

from collections.abc import Mapping
from typing import Any, NoReturn

import pandas as pd

from ehcptime.errors import InputError
from ehcptime.records.personal import is_personal

IDS = frozenset({"case_id", "person_id", "case_ids", "caseworker"})
_GROUPS = frozenset({"sex", "gender", "ethnicity"})  # personal in a record, groups in a table
# Columns by which an answer is known whose numbers give back what is hidden in others, and what is said of it.
_ANSWERS = (
    (
        {"day", "at_risk"},
        "is a curve by days, in which a step is a case: publish time_to_final instead",
    ),
    (
        {"step", "removed", "remaining"},
        "is a waterfall, whose steps give back what each removes: publish timeliness instead",
    ),
    (
        {"component", "points"},
        "is a change shared out, whose shares give back who moved: publish timeliness of both positions instead",
    ),
    (
        {"assumption", "basis"},
        "is what a forecast assumes, whose rates give back the counts that they were worked out from: keep it inside",
    ),
)


def refuse_others(tables: Any) -> None:
    """Raise InputError for what is no mapping of tables by name, such as a change or a forecast.

    >>> refuse_others({"plans": 3})
    Traceback (most recent call last):
    ehcptime.errors.InputError: 'plans' is of type int, which cannot be published: give tables by name, such as those of timeliness that it rests on
    """
    if not isinstance(tables, Mapping):
        _refuse("what was given", tables)
    for name, frame in tables.items():
        if not isinstance(frame, pd.DataFrame):
            _refuse(repr(name), frame)


def _refuse(name: str, given: Any) -> NoReturn:
    raise InputError(
        f"{name} is of type {type(given).__name__}, which cannot be published: "
        "give tables by name, such as those of timeliness that it rests on"
    )


def refuse_answers(frame: pd.DataFrame, table: str) -> None:
    """Raise InputError for an answer whose numbers give back what is hidden in others."""
    for columns, why in _ANSWERS:
        if columns <= set(frame):
            raise InputError(f"table {table!r} {why}")


def refuse_names(frame: pd.DataFrame, table: str) -> None:
    """Raise InputError for a column that names a child or a worker; `sex` and `ethnicity` are groups in a table."""
    for column in frame.columns:
        if column in IDS or (is_personal(column) and column not in _GROUPS):
            raise InputError(
                f"table {table!r} has the column {column!r}: a table of cases cannot be published"
            )
