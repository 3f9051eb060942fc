"""The sections of a report by name, and the tables and parts of those that a preset asks for."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from ehcptime.outputs.pages import (
    backlog,
    change,
    contributions,
    decided,
    equality,
    flow,
    forecast,
    headline,
    kpis,
    measures,
    method,
    provider,
    quality,
    reconciled,
    recording,
    trend,
    year,
)
from ehcptime.outputs.pages.parts import Maker, Section, Tables
from ehcptime.outputs.pages.run import Run

SECTIONS: Mapping[str, Maker] = MappingProxyType(
    {
        "headline": headline.MAKER,
        "kpis": kpis.MAKER,
        "measures": measures.MAKER,
        "trend": trend.MAKER,
        "year": year.MAKER,
        "backlog": backlog.MAKER,
        "equality": equality.MAKER,
        "flow": flow.MAKER,
        "contributions": contributions.MAKER,
        "change": change.MAKER,
        "forecast": forecast.MAKER,
        "decided": decided.MAKER,
        "provider": provider.MAKER,
        "recording": recording.MAKER,
        "quality": quality.MAKER,
        "reconciled": reconciled.MAKER,
        "method": method.MAKER,
    }
)


def tables_of(run: Run) -> dict[str, pd.DataFrame]:
    """Make the tables of every section; they are published as one set."""
    return {
        name: table
        for section in run.preset.sections
        for name, table in SECTIONS[section].tables(run).items()
    }


def more_of(run: Run, published: Tables) -> dict[str, pd.DataFrame]:
    """Work out what else the page prints, each section from the published tables and from what those before it worked out."""
    found: dict[str, pd.DataFrame] = {}
    for section in run.preset.sections:
        found |= SECTIONS[section].more(run, {**published, **found})
    return found


def sections_of(run: Run, printed: Tables) -> list[Section]:
    """Make every section from the tables that the page prints."""
    made = (SECTIONS[name].section(run, printed) for name in run.preset.sections)
    return [section for section in made if section is not None]
