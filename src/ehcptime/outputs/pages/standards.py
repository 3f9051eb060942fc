"""What the law asks for, by measure, read from standards.toml: it is drawn apart from any local target."""

import tomllib
from importlib.resources import files
from typing import NamedTuple


class Standard(NamedTuple):
    """A measure in a sentence, the percentage that meets the law, in words, and where it stands."""

    said: str
    nothing: str
    percent: float
    words: str
    cite: str


STANDARDS = {
    name: Standard(**entry)
    for name, entry in tomllib.loads(
        (files("ehcptime.outputs.pages") / "standards.toml").read_text(encoding="utf-8")
    ).items()
}
