"""Families of commands, as the help groups them."""

from typing import Any

from ehcptime.cli import (
    advice,
    cases,
    change,
    committee,
    conformance,
    decided,
    exporting,
    extracts,
    forecast,
    law,
    lists,
    making,
    mapping,
    official,
    papers,
    providers,
    reporting,
    risk,
    stock,
    timeliness,
    what_if,
)
from ehcptime.cli.commands import Command

PANELS: dict[str, tuple[Any, ...]] = {  # the families of commands, as the help groups them
    "Reading": (making, mapping, extracts),
    "Law": (cases, law, lists, conformance),
    "Timeliness": (timeliness, official, decided, change),
    "Waiting": (stock,),
    "Committee": (committee,),
    "Advice": (advice, providers),
    "Forecast": (risk, forecast, what_if),
    "Papers": (reporting, papers, exporting),
}
COMMANDS = [
    (panel, Command(name, function))
    for panel, families in PANELS.items()
    for family in families
    for function, name in family.COMMANDS
]
