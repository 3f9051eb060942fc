"""Rendering: sections put into the template of the page, every text escaped and without control characters."""

from importlib.resources import files
from typing import Any

from ehcptime.errors import CommandError
from ehcptime.outputs.pages.words import clean

_TEMPLATES = files("ehcptime.outputs.pages") / "templates"


def rendered(template: str, **values: Any) -> str:
    """Fill in a template of the package; raises CommandError where jinja2, of the extra `report`, is not installed."""
    try:
        from jinja2 import DictLoader, Environment, StrictUndefined  # noqa: PLC0415 - an optional extra
    except ImportError:
        raise CommandError('pages need jinja2: run pip install "ehcptime[report]"') from None
    sources = {
        found.name: found.read_text(encoding="utf-8") for found in _TEMPLATES.iterdir() if found.is_file()
    }
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return clean(environment.get_template(template).render(**values))
