"""The words of the page about one case, read from words.toml: for a family in plain English, for the Ombudsman by the rule book."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, get_args

from ehcptime.errors import CommandError

ReaderName = Literal["family", "ombudsman", "adviser"]


def _load() -> Mapping[str, Any]:
    text = files("ehcptime.outputs.case_pages").joinpath("words.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


WORDS = _load()
TEXTS: Mapping[str, str] = MappingProxyType(WORDS["texts"])


@dataclass(frozen=True)
class Reader:
    """Who a page is for. `is_plain` is whether steps and sources are said in plain English."""

    name: ReaderName
    title: str
    about: str
    is_plain: bool

    @property
    def is_family(self) -> bool:
        """Whether it is the family itself."""
        return self.name == "family"

    def step(self, rule: str, title: str) -> str:
        """Say a step: in plain English where there are words for it, else as the rule book has it, with what stands in brackets kept."""
        _, bracket, rest = title.partition(" (")
        if not self.is_plain:
            return title
        if rule.startswith("advice_"):
            return f"Advice: {rest.removesuffix(')')}" if bracket else title
        return str(WORDS["steps"].get(rule, title))

    def source(self, cite: str) -> str:
        """Write a citation so that whoever does not know the instruments can find it."""
        if self.is_plain:
            for short, readable in WORDS["sources"].items():
                cite = cite.replace(short, readable)
        return cite


def reader_of(name: str) -> Reader:
    """Find a reader by name; raises CommandError for another.

    >>> reader_of("family").source("SI 2014/1530 reg 13(2)")
    'SEND Regulations 2014, regulation 13(2)'
    """
    for known in get_args(ReaderName):
        if known == name:
            return Reader(name=known, **WORDS["readers"][known])
    raise CommandError(f"reader must be one of {', '.join(get_args(ReaderName))}, not {name!r}")
