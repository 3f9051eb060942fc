"""Rows behind a printed figure of any command or report: in, out and elsewhere by reason, or why there are none."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from ehcptime.outputs.cited_sections import PAGE
from ehcptime.outputs.figure_manifest import FigureRow, FigureTable
from ehcptime.outputs.pages.presets import preset_of
from ehcptime.outputs.pages.run import run_of
from ehcptime.outputs.pages.year import MEASURE as OF_YEAR
from ehcptime.outputs.traced_cases import of_every, of_measure
from ehcptime.outputs.traced_cohorts import COLUMNS, Given, Kind, narrowed
from ehcptime.outputs.traced_kinds import COMMANDS, TABLES, of_due
from ehcptime.outputs.traced_questions import REPORT, At
from ehcptime.outputs.traced_rows import is_placed, rows_by_reason
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.official_layout import LAYOUTS, layout_of
from ehcptime.questions.periods import ALL
from ehcptime.questions.sen2_years import year_returned
from ehcptime.records.extract import Extract

MAIN = "extract"
_PROGRAM = "ehcptime "
_OF = "answer"
_BOTH = frozenset({"change", "what-changed", "recording-lag"})  # of more extracts than one
_FROM_FILES = frozenset({"rows_read"})  # it counts rows of files, before there are cases
_FORECASTS = frozenset({"scenario", "trajectory", "forecast", "forecast_said", "assumptions"})
_EQUALITY = "equality_"
_BESIDE = frozenset({"row", "scale", "method"})  # tells no rows apart
ONE_CASE = "It is of one case and has no cohort, so no rows are counted in or out."
NO_CASES = "It is made from files and not from cases, so no rows of an extract are counted in or out."
ELSEWHERE = "It is a figure of other authorities, so no rows of this extract are counted in or out."
_FORECAST = "It is a forecast: the rows are the open cases that it starts from."
_SENTENCE = "It is a sentence: its rows are those of the whole answer."


class _Asked(NamedTuple):
    """A cohort, what it is asked, and the labels by which its rows are told apart."""

    kind: Kind
    given: Given
    labels: Mapping[str, str]


def rows_behind(
    ats: Mapping[str, At], table: FigureTable, row: FigureRow, column: str = ""
) -> tuple[pd.DataFrame, str]:
    """Count the rows behind a printed row by `table`, `part` and `reason`, and say in a sentence what they are of, or why there are none.

    `ats` are the extracts of the answer by name, each at its day. Where the rows of an answer are not told apart by a label
    of the printed row, they are those of the whole answer and the sentence says so.
    """
    if is_placed(table.question):
        return rows_by_reason(ats[MAIN], table.question, table.arguments, row.labels, column), ""
    nothing = pd.DataFrame({name: [] for name in COLUMNS})
    why = _why_none(ats, table, row)
    if why:
        return nothing, why
    about = _official_figure(row.labels)
    if about:
        return _of_official(ats[MAIN], table.arguments, row.labels, about), ""
    asked = (_of_report if table.question == REPORT else _of_command)(ats, table, row)
    names = ats if _command(table) in _BOTH else [MAIN]
    counted = [_counted(name, ats[name], asked, table.arguments) for name in names]
    every = pd.concat([found for found, _ in counted], ignore_index=True)
    return every, _said(table, counted[0][1])


def at_days(extracts: Mapping[str, Extract], table: FigureTable, as_at: date) -> dict[str, At]:
    """The extracts of a command by name, each at the day of its position."""
    asked = table.arguments
    days = {"after": asked.get("after_as_at"), "before": asked.get("as_at_before")}
    if isinstance(asked.get("as_at"), list):
        days |= {f"{MAIN} {place}": day for place, day in enumerate(asked["as_at"], start=1)}
    return {
        name: At(extract, date.fromisoformat(days.get(name) or as_at.isoformat()))
        for name, extract in extracts.items()
    }


def _command(table: FigureTable) -> str:
    return table.question.removeprefix(_PROGRAM)


def _why_none(ats: Mapping[str, At], table: FigureTable, row: FigureRow) -> str:
    """Why a figure has no rows behind it, if so."""
    if _command(table) == "case" or "case_id" in row.labels:
        return ONE_CASE
    if not ats or table.arguments.get("table") in _FROM_FILES:
        return NO_CASES
    return ELSEWHERE if row.labels.get("level", "authority") != "authority" else ""


def _is_sentence(table: FigureTable) -> bool:
    return all(set(row.labels) <= {"line", "row"} and "text" in row.figures for row in table.rows)


def _said(table: FigureTable, untold: list[str]) -> str:
    if _is_sentence(table):
        return _SENTENCE
    if {_command(table), table.arguments.get("table")} & _FORECASTS:
        return _FORECAST
    if not untold:
        return ""
    names = ", ".join(name.replace("_", " ") for name in untold)
    return f"Rows are those of the whole answer, which are not told apart by {names}."


def _counted(name: str, at: At, asked: _Asked, arguments: Given) -> tuple[pd.DataFrame, list[str]]:
    """The rows of one extract; of two periods set side by side each has its own."""
    period = arguments.get({MAIN: "label", "after": "after_label"}.get(name, ""))
    labels = {**asked.labels, **({"period": period} if period else {})}
    found, untold = narrowed(asked.kind(at, asked.given), labels)
    return (found if name == MAIN else found.assign(table=f"{name} " + found["table"])), untold


def _of_command(_: Mapping[str, At], table: FigureTable, row: FigureRow) -> _Asked:
    """Of an answer by its name or, if it has none of its own, of the command."""
    arguments, answer = table.arguments, str(table.arguments.get(_OF, ""))
    kind = COMMANDS.get(f"{_command(table)} {answer}") or COMMANDS.get(_command(table), of_every)
    if _is_sentence(table):
        return _Asked(kind, dict(arguments), {})
    letter = arguments.get("freq") or arguments.get("period") or ("M" if "month" in answer else None)
    labels = _grouped(row.labels)
    if answer.startswith(PAGE):  # its headings begin with a capital
        labels = {name.casefold(): text for name, text in labels.items()}
    return _asked(kind, arguments, labels, letter)


def _grouped(labels: Mapping[str, str]) -> dict[str, str]:
    """A group by its characteristic, where the two stand in columns of their own."""
    found = {name: text for name, text in labels.items() if name not in _BESIDE}
    if "characteristic" in found and "group" in found:
        name = found.pop("characteristic")
        found[name] = found.pop("group")
    return found


def _of_report(ats: Mapping[str, At], table: FigureTable, row: FigureRow) -> _Asked:
    """Of a table of a report: by its name or, where it has a measure, of that; of the period reported on unless it says another."""
    arguments, labels, name = table.arguments, _grouped(row.labels), str(table.arguments["table"])
    preset, at = preset_of(arguments["preset"]), ats[MAIN]
    run = run_of(at.extract, as_at=at.as_at, preset=preset, audience="internal", kpis=(), provider=arguments.get("provider"))  # fmt: skip
    kind = _kind_of(name, labels)
    measure = labels.get("measure") or (OF_YEAR.id if name == "year_bounds" else preset.measures[0])
    is_now = name == "waterfall" or (kind is of_measure and "period" not in labels)
    if is_now and MEASURES[measure].cohort != "open":
        labels["period"] = run.now
    given = {"measure": measure, "provider": arguments.get("provider")}
    return _asked(kind, given, labels, preset.period)


def _kind_of(name: str, labels: Mapping[str, str]) -> Kind:
    """The cohort of a table of a report; of one that has a measure and no cohort of its own, that of the measure."""
    if name.startswith(_EQUALITY):
        return of_due
    return TABLES.get(name) or (of_measure if labels.get("measure") in MEASURES else of_every)


def _asked(kind: Kind, arguments: Given, labels: dict[str, str], letter: str | None) -> _Asked:
    """What a cohort is asked: the arguments, with the labels that say of what; a period by its letter and its name."""
    period = labels.get("period")
    given = {
        **arguments,
        **{name: text for name, text in labels.items() if name in ("line", "out_of", "step", "figure")},
    }
    if labels.get("measure") in MEASURES:
        given["measure"] = labels["measure"]
    if period in (None, ALL):
        return _Asked(kind, {**given, "period": letter if period is None else None}, labels)
    given |= {"period": letter, "of_period": period, "year": given.get("year") or period}
    return _Asked(kind, given, labels)


def _official_figure(labels: Mapping[str, str]) -> str:
    """The name of a figure that DfE publishes, where a row is about one."""
    known = {
        name for table in LAYOUTS for edition in LAYOUTS[table] for name in layout_of(table, edition).columns
    }
    return next((labels[name] for name in ("column", "figure", "Figure") if labels.get(name) in known), "")


def _of_official(at: At, arguments: Given, labels: Mapping[str, str], figure: str) -> pd.DataFrame:
    """The rows of a figure of DfE's, at the end of its year where a return is rehearsed."""
    year = labels.get("year") or str(arguments.get("year") or year_returned(at.as_at))
    if "column" not in labels:
        at = At(at.extract, min(at.as_at, date(int(year), 12, 31)))
    edition = int(arguments.get("edition", max(LAYOUTS["timeliness"])))
    table, layout = next(
        (name, layout)
        for name in LAYOUTS
        for layout in sorted(LAYOUTS[name], reverse=True)
        if layout <= edition and figure in layout_of(name, layout).columns
    )
    given: dict[str, Any] = {"table": table, "layout": layout}
    return rows_by_reason(at, "official", given, {"time_period": year, "breakdown_topic": ""}, figure)
