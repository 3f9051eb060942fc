"""One provider: what it was asked for and how it answered, with no other body's rows and no names of people."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehcptime.outputs.pages.parts import Maker, Picture, Section, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import brief, number, period_words, share
from ehcptime.outputs.svg import Bar, bars
from ehcptime.questions.grouping import NOT_RECORDED
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.providers import provider_pack

_LAST = "due_last_month"
_BY_MONTH = ("due_by_month", "returned_by_month")
_CAPTIONS = {
    _LAST: "Advice that fell due in the month",
    "due_by_month": "Advice that fell due, by month",
    "due": "All advice asked for",
    "returned_by_month": "Advice returned, by month",
    "overdue": "Advice overdue now",
    "rejections": "Advice sent back",
    "plans_without_advice": "Plans issued without this advice",
    "last_in": "Late cases in which this advice was the last in",
}
_GROUP = {"advice_type": "Advice", "sub_service": "Service"}
_LAGS = {
    "authority_lag_days": "Days from decision to asking (authority)",
    "provider_lag_days": "Days from asking to answer (provider)",
}
_DUE = {
    "due": "Fell due",
    "in_time": "In time",
    "late": "Late",
    "outstanding": "Outstanding",
    "percent": "In time, per cent",
}
_EVERY = {"requested": "Asked for", "not_due": "Not yet due", "not_known": "Child not known"}
_HEADINGS = {
    _LAST: _GROUP | _DUE | _LAGS,
    "due_by_month": _GROUP | {"period": "Month"} | _DUE | _LAGS,
    "due": _GROUP | _EVERY | _DUE | {"missed_appointments": "Missed appointments"},
    "returned_by_month": _GROUP
    | {
        "period": "Month",
        "returned": "Returned",
        "returned_in_time": "In time",
        "returned_late": "Late",
        "not_known": "Child not known",
        "returned_percent": "In time, per cent",
    },
    "overdue": _GROUP
    | {"overdue_band": "Weeks over", "outstanding": "Outstanding", "oldest_days": "Oldest, days"},
    "rejections": _GROUP | {"answers": "Answers", "rejected": "Sent back", "percent_rejected": "Per cent"},
    "plans_without_advice": _GROUP
    | {
        "plans": "Plans",
        "in_hand": "With it",
        "not_in": "Without it",
        "percent_without": "Without, per cent",
    },
    "last_in": {
        "service": "Advice",
        "asked": "Late cases asked in",
        "told": "Of them, can be told",
        "last": "Last in",
        "percent": "Per cent",
    },
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """The tables of the provider's pack that hold no case."""
    pack = provider_pack(run.advice, provider=run.provider or "", tracked=run.tracked)
    found = {name: table for name, table in pack.tables.items() if "case_id" not in table}
    for name in _BY_MONTH:
        found[name] = found[name][found[name]["period"].isin(run.periods)].reset_index(drop=True)
    # The month of the page is the last one of its trend, which may end on the very day of the extract.
    found[_LAST] = found["due_by_month"][found["due_by_month"]["period"] == run.now].reset_index(drop=True)
    return found


def section(run: Run, published: Tables) -> Section:
    """Whose time it was, in one picture and the tables of the pack."""
    rows, when = published[_LAST], period_words(run.now)
    drawn = [
        Bar(f"{_service(row)}: {brief(row, 'in_time', 'due')}", number(row["percent"]))
        for row in rows.to_dict("records")
    ]
    finding = (
        f"{run.provider}, advice due in {when}, in time: "
        + "; ".join(f"{_service(row)} {share(row, 'in_time', 'due')}" for row in rows.to_dict("records"))
        + "."
        if drawn
        else f"No advice of {run.provider} fell due in {when}."
    )
    svg = bars(drawn, name="provider", title=f"Advice in time, {when}, per cent", finding=finding, whole=100)
    shown = {
        name: table_of(name, caption, _without_blank(published[name]), _HEADINGS[name])
        for name, caption in _CAPTIONS.items()
        if name in published
    }
    picture = Picture(svg, finding, shown.pop(_LAST))
    said_of = (
        MEASURES["advice_6wk"].sentence,
        "Days from decision to asking are the authority's; days from asking to answer are the provider's.",
    )
    return Section(
        "provider", f"Advice of {run.provider}", said_of, pictures=(picture,), tables=tuple(shown.values())
    )


def _without_blank(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the column of services where none is recorded."""
    blank = "sub_service" in table and bool(table["sub_service"].eq(NOT_RECORDED).all())
    return table.drop(columns="sub_service") if blank else table


def _service(row: Mapping[Any, Any]) -> str:
    parts = (row.get("advice_type", ""), row.get("sub_service", ""))
    return ", ".join(
        str(part).replace("_", " ").capitalize() for part in parts if part and part != NOT_RECORDED
    )


MAKER = Maker(tables, section)
