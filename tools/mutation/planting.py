"""Putting a mutant where the code runs: into the function that is loaded, or into the module when it is loaded next."""

import ast
import functools
import importlib.machinery
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from tools.mutation.changes import Mutant, mutated


def module_of(path: str) -> str:
    """Name of the module that a path of the source holds."""
    return ".".join(Path(path).with_suffix("").parts[1:]).removesuffix(".__init__")


def function_of(mutant: Mutant) -> FunctionType | None:
    """Give the loaded function that a mutant changes; None where there is none, as at the top of a module."""
    if not mutant.function or mutant.function.endswith("."):
        return None
    found: Any = sys.modules.get(module_of(mutant.path))
    for name in mutant.function.split("."):
        found = vars(found).get(name) if found is not None else None
    return _plain(found)


def _plain(found: Any) -> FunctionType | None:
    """What a property, a cache, a class method or any other wrapper holds."""
    for _ in range(8):
        if isinstance(found, FunctionType) and not hasattr(found, "__wrapped__"):
            return found
        held = ("__wrapped__", "__func__", "fget", "func", "wrapped")
        found = next((getattr(found, name) for name in held if getattr(found, name, None) is not None), None)
    return None


@contextmanager
def planted(mutant: Mutant, function: FunctionType) -> Iterator[None]:
    """Give a loaded function the code of the mutant for a while; what was worked out once is forgotten before and after."""
    before, tree = function.__code__, _tree(mutant)
    function.__code__ = _code(compile(tree, before.co_filename, "exec"), mutant.function.split("."))
    _forget(module_of(mutant.path))
    try:
        yield
    finally:
        function.__code__ = before
        _forget(module_of(mutant.path))


def _forget(changed: str) -> None:
    """Forget what modules have kept, such as the limits of the rule book; the calendars, which take seconds, where they changed."""
    for name, held, kept in _keepers():
        if name == "ehcptime.clock.calendars" != changed:
            continue
        if isinstance(held, functools._lru_cache_wrapper):  # noqa: SLF001 - the one name that it has
            held.cache_clear()
        for one in kept:
            vars(held).pop(one, None)


@functools.cache
def _keepers() -> list[tuple[str, Any, list[str]]]:
    """What keeps something in a module of ours or of the tests: its module, itself, and the names of what it has worked out once."""
    folders = tuple(str(Path(folder).resolve()) for folder in ("src", "tests"))
    found = []
    for name, module in [*sys.modules.items()]:
        if not str(getattr(module, "__file__", None)).startswith(folders):
            continue
        for held in [*vars(module).values()]:
            kept = [
                one for one, value in vars(type(held)).items() if isinstance(value, functools.cached_property)
            ]
            if kept or isinstance(held, functools._lru_cache_wrapper):  # noqa: SLF001 - the same
                found.append((name, held, kept))
    return found


def _code(code: CodeType, names: list[str]) -> CodeType:
    for name in names:
        code = [held for held in code.co_consts if isinstance(held, CodeType) and held.co_name == name][-1]
    return code


def plant_in_module(mutant: Mutant) -> None:
    """Let the module be loaded as the mutant has it; it may not have been loaded yet."""
    if module_of(mutant.path) in sys.modules:
        raise RuntimeError(f"{mutant.path} is loaded already")
    path, before = str(Path(mutant.path).resolve()), importlib.machinery.SourceFileLoader.get_code

    def code_of(loader: importlib.machinery.SourceFileLoader, name: str) -> CodeType | None:
        if str(Path(loader.get_filename(name)).resolve()) == path:
            return compile(_tree(mutant), path, "exec")
        return before(loader, name)

    importlib.machinery.SourceFileLoader.get_code = code_of  # type: ignore[assignment,method-assign]


def _tree(mutant: Mutant) -> ast.Module:
    return mutated(Path(mutant.path).read_text("utf-8"), mutant)
