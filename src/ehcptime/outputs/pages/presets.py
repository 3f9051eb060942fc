"""Presets: what each report holds, read from presets.toml."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ehcptime.errors import CommandError, meant
from ehcptime.outputs.audiences import Audience
from ehcptime.questions.periods import Letter


class Preset(BaseModel):
    """One kind of report: its title, its periods, who may read it, its measures and its sections in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    about: str
    period: Letter
    periods: Annotated[int, Field(ge=2)]
    audience: Audience
    audiences: tuple[Audience, ...]
    measures: tuple[str, ...]
    sections: tuple[str, ...]

    def for_whom(self, audience: str | None) -> Audience:
        """Choose the audience; raises CommandError for one that this report is not made for."""
        if audience is None:
            return self.audience
        found = next((allowed for allowed in self.audiences if allowed == audience), None)
        if found is None:
            raise CommandError(
                f"the report {self.name!r} has no audience {audience!r}: use {' or '.join(self.audiences)}"
            )
        return found


def preset_of(name: str) -> Preset:
    """Find a preset by its name.

    >>> preset_of("bord")
    Traceback (most recent call last):
    ehcptime.errors.CommandError: there is no report 'bord': did you mean board?
    """
    if name in PRESETS:
        return PRESETS[name]
    raise CommandError(f"there is no report {name!r}: {meant(name, PRESETS)}")


def _presets() -> Mapping[str, Preset]:
    text = (files("ehcptime.outputs.pages") / "presets.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: Preset(name=name, **entry) for name, entry in tomllib.loads(text).items()})


PRESETS = _presets()
