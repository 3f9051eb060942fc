"""The events that ehcptime knows by name, read from event_names.toml and, for closings and reversals, from the contract."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from ehcptime.records.columns import COLUMNS


@dataclass(frozen=True, slots=True)
class EventName:
    """One event: the column that it dates, what it decides, and, of a reversal or closing, which and why."""

    name: str
    column: str = ""
    code: str = ""
    keep: Literal["first", "last"] = "first"
    also: tuple[str, ...] = ()
    reversal_of: str = ""
    route: str = ""
    reason: str = ""


def _listed() -> list[EventName]:
    text = files("ehcptime.records").joinpath("event_names.toml").read_text(encoding="utf-8")
    return [
        EventName(name=name, **{**entry, "also": tuple(entry.get("also", ()))})
        for name, entry in tomllib.loads(text).items()
    ]


def _reversals() -> list[EventName]:
    """List every reversal: of a refusal that is named or not, by a route that is named or not."""
    cases = COLUMNS["cases"]
    return [
        EventName(
            _reversal_name(of, route),
            "reversal_date",
            also=(route,) if route and not of else (),
            reversal_of=of,
            route=route,
        )
        for of in (*cases["reversal_of"].values, "")
        for route in (*cases["reversal_route"].values, "")
    ]


def _reversal_name(of: str, route: str) -> str:
    return f"{of}_refusal_reversed".removeprefix("_") + (f"_by_{route}" if route else "")


def _closings() -> list[EventName]:
    reasons = COLUMNS["cases"]["closed_reason"].values
    named = [
        EventName(f"closed_{reason}", "closed_date", also=(reason,), reason=reason) for reason in reasons
    ]
    return [*named, EventName("case_closed", "closed_date", also=("closed",))]


EVENTS: Mapping[str, EventName] = MappingProxyType(
    {event.name: event for event in (*_listed(), *_reversals(), *_closings())}
)
_SPELT = {spelling: event.name for event in EVENTS.values() for spelling in (*event.also, event.name)}


def event_name(text: str) -> str:
    """Give the name of the event that a text means; empty where there is none.

    A column of dates of the contract names its own event; case, spaces and hyphens do not matter.

    >>> event_name("Draft sent"), event_name("plan_issued_date"), event_name("tea")
    ('draft_sent', 'plan_issued', '')
    """
    plain = re.sub(r"[\W_]+", "_", text.strip().casefold()).strip("_")
    return _SPELT.get(plain) or _SPELT.get(plain.removesuffix("_date"), "")


def reversal_event(of: str, route: str) -> str:
    """Name the event of a reversal; what is not of the contract is left out of the name.

    >>> reversal_event("assess", "tribunal_order"), reversal_event("", "by magic")
    ('assess_refusal_reversed_by_tribunal_order', 'refusal_reversed')
    """
    name = _reversal_name(of, route)
    return (
        name
        if name in EVENTS
        else _reversal_name(of, "")
        if _reversal_name(of, "") in EVENTS
        else "refusal_reversed"
    )


def names_for(column: str) -> list[str]:
    """Name the events that date a column, the plainest first.

    >>> names_for("issue_decision_date")
    ['issue_decided', 'decided_to_issue']
    """
    return [event.name for event in EVENTS.values() if event.column == column]


def dated_columns() -> list[str]:
    """List the columns of cases that events date, in the order of the events."""
    return list(dict.fromkeys(event.column for event in EVENTS.values() if event.column))
