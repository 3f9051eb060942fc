"""The files of DfE's release, as data: the columns of each edition, and what stands in them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from ehcptime.errors import CommandError

PLACE = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "new_la_code",
    "old_la_code",
    "la_name",
    "breakdown_topic",
    "breakdown",
)
UNAVAILABLE = "x"  # not available, or nothing to divide by


@dataclass(frozen=True, slots=True)
class Figure:
    """What stands in a column: a count, or a percentage or mean weeks of two."""

    kind: Literal["count", "percent", "weeks"]
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """One file in one edition; `everyone` labels the rows that are not broken down."""

    file: str
    edition: int
    everyone: str
    columns: Mapping[str, Figure]


def layout_of(table: str, edition: int) -> Layout:
    """Find the layout of a file in an edition, which bears the year of its release.

    >>> list(layout_of("timeliness", 2026).columns)[:2]
    ['plans_issued_den', 'plans_issued_den_ex']
    >>> layout_of("requests", 2024)
    Traceback (most recent call last):
    ehcptime.errors.CommandError: the layout of requests.csv is known for the edition of 2025, not of 2024
    """
    editions = LAYOUTS[table]
    if edition not in editions:
        file = next(iter(editions.values())).file
        known = " and ".join(str(known) for known in editions)
        raise CommandError(f"the layout of {file} is known for the edition of {known}, not of {edition}")
    return editions[edition]


def _figure(entry: Any) -> Figure:
    if isinstance(entry, str):
        return Figure("count", (entry,))
    if isinstance(entry, list):
        return Figure("percent", tuple(entry))
    return Figure("weeks", tuple(entry["weeks"]))


def _editions(entry: Mapping[str, Any]) -> Mapping[int, Layout]:
    editions = {
        int(year): Layout(
            file=entry["file"],
            edition=int(year),
            everyone=edition["everyone"],
            columns=MappingProxyType({name: _figure(of) for name, of in edition["columns"].items()}),
        )
        for year, edition in entry["editions"].items()
    }
    return MappingProxyType(editions)


_TEXT = files("ehcptime.questions").joinpath("official_layout.toml").read_text(encoding="utf-8")
LAYOUTS = MappingProxyType({table: _editions(entry) for table, entry in tomllib.loads(_TEXT).items()})
