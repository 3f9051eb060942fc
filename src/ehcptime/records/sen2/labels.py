"""Formats with headings of their own: their tables' titles and labels, read from one TOML file for each format."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

import pandas as pd

from ehcptime.records.personal import plain
from ehcptime.records.sen2.modules import MODULES


@dataclass(frozen=True, slots=True)
class Labels:
    """The title of one module's table, and the tag for each of its headings."""

    title: str
    tags: Mapping[str, str]

    def plain(self) -> dict[str, str]:
        """Give the tag for each heading in plain letters."""
        return {plain(label): tag for label, tag in self.tags.items()}


def labels_of(name: str) -> Mapping[str, Labels]:
    """Read the labels of a format, by module.

    >>> labels_of("template")["requests"].tags["Date request was received"]
    'ReceivedDate'
    """
    text = files("ehcptime.records.sen2").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text).items()
    return MappingProxyType(
        {module: Labels(entry["title"], entry.get("labels", {})) for module, entry in entries}
    )


def shortened(heading: str) -> str:
    r"""Keep a heading up to its first line break or bracket, where its instructions begin.

    >>> shortened("Date of Birth \n(ccyy-mm-dd)"), shortened("Dob (ccyy-mm-dd)")
    ('Date of Birth', 'Dob')
    """
    return re.split(r"[\n(]", heading, maxsplit=1)[0].strip()


def labelled(table: pd.DataFrame, module: str, labels: Labels) -> pd.DataFrame:
    """Give a module's table the headings of a format, and leave out what the format has no heading for."""
    columns = {plain(item.tag): item.column for item in MODULES[module].items}
    found: dict[str, str] = {}
    for label, tag in labels.tags.items():
        column = columns.get(plain(tag), tag)
        if column in table.columns and column not in found.values():
            found[label] = column
    return pd.DataFrame({label: table[column] for label, column in found.items()}, index=table.index)
