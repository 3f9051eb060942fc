"""Write the snapshot of the public interface, or with --check fail where it is stale.

What docs/stability.md promises not to change without notice: names with their parameters, the column contract, ids of rules, measures,
exemptions and checks of the command line, and the numbers of the formats. Annotations are left out: Pythons differ in how they print them.
"""

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import typer.main
from pydantic import BaseModel

import ehcptime
import ehcptime.testing
from ehcptime.cli.app import app
from ehcptime.law.book import LAW
from ehcptime.outputs.manifest import Manifest
from ehcptime.questions.measures import MEASURES
from ehcptime.records.columns import COLUMNS
from ehcptime.testing import conformance_pack, strategies
from ehcptime.tracking.deadline import EXPLANATION_FORMAT

SNAPSHOT = Path(__file__).parent.parent / "tests" / "packaging" / "public_api.txt"
_PLAIN = (type(None), bool, int, float, str)


def lines() -> Iterator[str]:
    """Everything that is promised, a line each."""
    yield "# The public interface of ehcptime, written by tools/api.py. A line that goes or changes is a change for users: see docs/stability.md."
    yield from _of_module(ehcptime)
    yield from _of_module(ehcptime.testing)
    yield from _of_module(strategies)
    for table, columns in COLUMNS.items():
        yield f"table {table}: {', '.join(columns)}"
    yield f"rules: {', '.join(LAW)}"
    yield f"exemptions: {', '.join(LAW.exemptions)}"
    yield f"routes: {', '.join(LAW.routes)}"
    yield f"measures: {', '.join(MEASURES)}"
    yield from _commands()
    yield f"format of explanations: {EXPLANATION_FORMAT}"
    yield f"format of manifests: {Manifest.model_fields['format'].default}"
    yield f"conformance pack: {conformance_pack().version}"


def _of_module(module: ModuleType) -> Iterator[str]:
    for name in sorted(module.__all__):
        value = getattr(module, name)
        full = f"{module.__name__}.{name}"
        if inspect.isclass(value):
            yield from _of_class(full, value)
        elif callable(value):
            yield f"{full}{_parameters(value)}"
        else:
            yield f"{full}: {type(value).__name__}"


def _of_class(full: str, kind: type) -> Iterator[str]:
    """A class with its fields, then the methods and properties that it adds."""
    if issubclass(kind, BaseModel):
        yield f"{full}({', '.join(kind.model_fields)})"
    elif hasattr(kind, "_fields"):
        yield f"{full}({', '.join(kind._fields)})"
    elif dataclasses.is_dataclass(kind):
        yield f"{full}({', '.join(one.name for one in dataclasses.fields(kind))})"
    else:
        yield f"{full} is a {kind.__base__.__name__ if kind.__base__ else 'type'}"
    for name, value in sorted(vars(kind).items()):
        if name.startswith(("_", "model_")) or name in getattr(kind, "__dataclass_fields__", ()):
            continue
        if isinstance(value, property):
            yield f"{full}.{name}"
        elif inspect.isfunction(value):
            yield f"{full}.{name}{_parameters(value)}"


def _parameters(function: Any) -> str:
    """Names of parameters, which are by position or by name alone, and defaults that are plain values."""
    signature = inspect.signature(function)
    plain = [
        one.replace(
            annotation=one.empty, default=one.default if one.default is one.empty else _default(one.default)
        )
        for one in signature.parameters.values()
    ]
    return str(signature.replace(parameters=plain, return_annotation=signature.empty))


class _Default:
    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def _default(value: Any) -> Any:
    parts = value if isinstance(value, list | tuple) else [value]
    return value if all(isinstance(part, _PLAIN) for part in parts) else _Default("...")


def _commands() -> Iterator[str]:
    made: Any = typer.main.get_command(app)
    for name, command in sorted(made.commands.items()):
        words = sorted(max(one.opts, key=len) for one in command.params if one.name != "help")
        yield f"command {name}: {' '.join(words)}"


def main(*, check: bool) -> int:
    """Write or check the snapshot; give the exit code."""
    text = "\n".join(lines()) + "\n"
    stale = not SNAPSHOT.exists() or SNAPSHOT.read_text(encoding="utf-8") != text
    if stale and not check:
        SNAPSHOT.write_text(text, encoding="utf-8")
    print(f"public interface: {'stale' if stale and check else 'written' if stale else 'as it was'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
