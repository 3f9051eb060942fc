"""The reference as Markdown, made from docstrings: one page for each group of questions in `tools/website/reference.toml`.

It is made when the site is built and never committed, so it cannot be stale.
"""

import ast
import inspect
import re
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ehcptime as ehc

GROUPS_FILE = Path(__file__).parent / "website" / "reference.toml"
_SECTION = re.compile(r"^([A-Z][a-z]+):\n((?:[ ]{4}.*\n?)+)", re.MULTILINE)
_EXAMPLE = re.compile(r"^>>> .*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^ {4}(\w[\w. ]*: )", re.MULTILINE)


def groups() -> list[dict[str, Any]]:
    """The groups in order: `page`, `title`, `about` and the public `names` that answer their questions."""
    found: list[dict[str, Any]] = tomllib.loads(GROUPS_FILE.read_text(encoding="utf-8"))["group"]
    return found


def pages() -> dict[str, str]:
    """Every page of the reference by its path in the site."""
    made = {f"reference/{group['page']}.md": _page(group) for group in groups()}
    return {"reference/index.md": _index()} | made


def _index() -> str:
    lines = [
        "# Reference",
        "",
        "Every public name of `import ehcptime as ehc`, by the question that it answers. Made from the docstrings.",
    ]
    for group in groups():
        lines += ["", f"## {group['title']}", "", group["about"], ""]
        lines += [
            f"- [`{name}`]({group['page']}.md#{name.lower()}): {_first_line(getattr(ehc, name), name)}"
            for name in group["names"]
        ]
    return "\n".join(lines) + "\n"


def _page(group: dict[str, Any]) -> str:
    parts = [f"# {group['title']}\n\n{group['about']}\n"]
    parts += [f"## {name}\n\n{_entry(name)}" for name in group["names"]]
    return "\n".join(parts)


def _entry(name: str) -> str:
    """One public name: how it is called, what it does, and for a class what its objects offer."""
    named = getattr(ehc, name)
    if name == "MEASURES":
        return _measures()
    call = f"```python\n{_call(named)}\n```\n\n" if inspect.isfunction(named) else ""
    entry = f"{call}{_described(named)}\n"
    return entry if inspect.isfunction(named) else entry + _methods(named)


def _call(function: Any) -> str:
    """The signature as it is written in the source, with its names of types."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    (written,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    given = list(_arguments(written.args))
    result = f" -> {ast.unparse(written.returns)}" if written.returns else ""
    line = f"{written.name}({', '.join(given)}){result}"
    if len(line) <= 100:
        return line
    return "\n".join([f"{written.name}(", *(f"    {each}," for each in given), f"){result}"])


def _arguments(written: ast.arguments) -> Iterator[str]:
    """Each argument with its type and its default; `*` stands where names must be given from there on."""
    placed = [*written.posonlyargs, *written.args]
    missing = len(placed) - len(written.defaults)
    yield from map(_argument, placed, [*[None] * missing, *written.defaults])
    if written.kwonlyargs:
        yield "*" if written.vararg is None else f"*{ast.unparse(written.vararg)}"
    yield from map(_argument, written.kwonlyargs, written.kw_defaults)


def _argument(written: ast.arg, default: ast.expr | None) -> str:
    return ast.unparse(written) + ("" if default is None else f" = {ast.unparse(default)}")


def _described(named: Any) -> str:
    """A docstring as Markdown: sections as lists, examples as code."""
    text = inspect.getdoc(named) or ""
    text = _EXAMPLE.sub(lambda found: f"```python\n{found[0]}\n```", text)
    return _SECTION.sub(lambda found: f"{found[1]}:\n\n{_entries(found[2])}", text)


def _entries(indented: str) -> str:
    return _ENTRY.sub(r"- \1", indented) if _ENTRY.search(indented) else textwrap.dedent(indented)


def _first_line(named: Any, name: str) -> str:
    if name == "MEASURES":
        return (
            "The measures by id: who is counted, when they are on time, and what to print under the figure."
        )
    return (inspect.getdoc(named) or "").partition("\n")[0]


def _methods(named: Any) -> str:
    """What an object offers besides its fields: public methods and properties that this package defines."""
    kind = named if inspect.isclass(named) else type(named)
    made = [
        (name, member)
        for name, member in vars(kind).items()
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    ]
    return "".join(f"\n### {_heading(name, member)}\n\n{_described(member)}\n" for name, member in made)


def _heading(name: str, member: Any) -> str:
    return f"`.{name}`" if isinstance(member, property) else f"`.{name}()`"


def _measures() -> str:
    lines = [
        _first_line(None, "MEASURES"),
        "",
        "| id | title | cohort | sentence |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| `{m.id}` | {m.title} | {m.cohort} | {m.sentence} |" for m in ehc.MEASURES.values()]
    return "\n".join(lines) + "\n"
