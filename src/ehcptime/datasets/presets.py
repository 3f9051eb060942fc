"""What the simulator assumes, read from presets.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.errors import CommandError, meant

Floats = npt.NDArray[np.float64]
_SHARED = ("common", "defects")


@dataclass(frozen=True, slots=True)
class Preset:
    """The parameters of one preset, each with its value and its source."""

    name: str
    entries: Mapping[str, Mapping[str, Any]]

    def number(self, name: str) -> float:
        """Give a parameter that is one number."""
        return float(self.entries[name]["value"])

    def numbers(self, name: str) -> Floats:
        """Give a parameter that is a list of numbers."""
        return np.asarray(self.entries[name]["value"], dtype=np.float64)

    def shares(self, name: str) -> Floats:
        """Give a parameter that is a list of weights, made to add up to 1."""
        weights = self.numbers(name)
        return np.asarray(weights / weights.sum(), dtype=np.float64)

    def words(self, name: str) -> list[str]:
        """Give a parameter that is text or a list of texts, as a list."""
        value = self.entries[name]["value"]
        return [value] if isinstance(value, str) else list(value)


def _book() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(files("ehcptime.datasets").joinpath("presets.toml").read_text(encoding="utf-8"))


def preset_names() -> tuple[str, ...]:
    """Give the names that `simulate` knows.

    >>> preset_names()
    ('west_sussex_2024', 'england_2024', 'recovered', 'collapse')
    """
    return tuple(name for name in _book() if name not in _SHARED)


def load(name: str) -> Preset:
    """Give one preset, with what it shares with the others."""
    book = _book()
    if name in _SHARED or name not in book:
        raise CommandError(f"preset {name!r} is not known: {meant(name, preset_names())}")
    return Preset(name, MappingProxyType(book["common"] | book[name]))


def defect_rates() -> dict[str, float]:
    """Give how many of each defect are planted per 1,000."""
    return {name: float(entry["value"]) for name, entry in _book()["defects"].items()}


def preset_parameters(preset: str) -> pd.DataFrame:
    """Give every parameter of a preset with its source, for printing beside what it made.

    One row per parameter: `parameter, value, source`, where the source starts with "assumption" if nobody has
    published the figure. Raises `CommandError` for a preset that is not known.

    >>> preset_parameters("west_sussex_2024").set_index("parameter").loc["refused", "value"]
    '0.33'
    """
    rows = load(preset).entries.items()
    return pd.DataFrame(
        [(name, str(entry["value"]), entry["source"]) for name, entry in rows],
        columns=["parameter", "value", "source"],
    )
