"""The changes that are made to code: one node of a syntax tree at a time, and what each is called.

A change is a sign of a comparison, an operator, a number one up or one down, true for false, a condition turned round, a returned
value taken away, a function for its opposite (min for max, first for last), two arms swapped or a call left out. What says nothing
of the answer is left alone: annotations, decorators, docstrings, what an error or a warning says, and the arguments of QUIET.

Words are not answers. A text, and what stands in an f-string, is never changed, except a word that steers (`left`, `first`, `min`): a
test that repeats a sentence letter by letter holds nobody to anything. Which sentence is said is an answer: the condition that picks it,
its numbers and days as they were worked out, and that there is one, are changed as all else is.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

# Arguments that check, copy or speed up, and change no answer.
QUIET = frozenset({"strict", "copy", "stacklevel", "maxsize", "repr", "regex", "dtype"})
_PAIRS = (
    (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn),
    (ast.And, ast.Or), (ast.Add, ast.Sub), (ast.BitAnd, ast.BitOr), (ast.LShift, ast.RShift),
)  # fmt: skip
OPPOSITE: dict[type, type] = {a: b for one, other in _PAIRS for a, b in ((one, other), (other, one))}
OPPOSITE |= {ast.Mult: ast.FloorDiv, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv}
_CALLED = (
    ("min", "max"), ("minimum", "maximum"), ("any", "all"), ("argmin", "argmax"), ("floor", "ceil"), ("zeros", "ones"),
    ("logical_or", "logical_and"), ("ffill", "bfill"), ("union", "intersection"), ("isna", "notna"), ("fmin", "fmax"),
)  # fmt: skip
_WORDS = (("left", "right"), ("first", "last"), ("forward", "backward"), ("min", "max"), ("any", "all"))
OTHER_CALL = {a: b for one, other in _CALLED for a, b in ((one, other), (other, one))}
OTHER_WORD = {a: b for one, other in _WORDS for a, b in ((one, other), (other, one))}


@dataclass(frozen=True)
class Mutant:
    """One change of one module: where it is (a node of the tree, in order, and which of its changes), and in words."""

    path: str
    function: str  # the outermost function and its class, or "" where it is at the top of the module
    line: int
    what: str
    node: int
    change: int

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its room and of its module, which tests of them bear."""
        return tuple(self.path.removesuffix(".py").split("/")[2:])

    @property
    def key(self) -> str:
        """What it is called, whatever line it has come to stand on."""
        return f"{self.path.removeprefix('src/ehcptime/')} {self.function or '(module)'}: {self.what}"


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module."""
    tree = ast.parse(source)
    places = {id(node): number for number, node in enumerate(ast.walk(tree))}
    for node, function, whole in _shown(tree, "", tree):
        for change, (line, what) in enumerate(_said(node, whole)):
            yield Mutant(path, function, line, what, places[id(node)], change)


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """Give the tree of a module with one change made."""
    tree = ast.parse(source)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == mutant.node)
    for change, _ in enumerate(_changed(node)):
        if change == mutant.change:
            break
    return ast.fix_missing_locations(tree)


def _said(node: ast.AST, whole: ast.AST) -> list[tuple[int, str]]:
    """What each change of a node makes of the line of code that it is in."""
    before, line = _text(whole), getattr(node, "lineno", getattr(whole, "lineno", 1))
    return [(line, f"{before} -> {_text(whole)}") for _ in _changed(node)]


def _text(node: ast.AST) -> str:
    return ast.unparse(node).split("\n")[0]


def _shown(node: ast.AST, function: str, whole: ast.AST) -> Iterator[tuple[ast.AST, str, ast.AST]]:
    """Every node that may be changed, with its function and the statement that it is part of."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params", "bases"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_quiet(child):
                is_default = name == "args" and isinstance(
                    node, ast.FunctionDef
                )  # made when the module is loaded
                inner = "" if is_default else _function(child, function)
                part = child if isinstance(child, ast.stmt) else whole
                yield child, inner, part
                yield from _shown(child, inner, part)


def _is_quiet(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in QUIET
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or "warnings.warn" in ast.unparse(node)
    return isinstance(node, ast.Raise | ast.Import | ast.ImportFrom | ast.JoinedStr)


def _function(node: ast.AST, function: str) -> str:
    """Name the outermost function, whose code holds that of all inside it."""
    if isinstance(node, ast.ClassDef) and not function:
        return f"{node.name}."
    is_outermost = not function or function.endswith(".")
    return function + node.name if isinstance(node, ast.FunctionDef) and is_outermost else function


def _changed(node: ast.AST) -> Iterator[None]:
    """Change a node, wait, and change it back: once for each change that it allows."""
    for name, value in ast.iter_fields(node):
        for other in _others(node, name, value):
            setattr(node, name, other)
            yield
        setattr(node, name, value)


def _others(node: ast.AST, name: str, value: object) -> Iterator[object]:
    """What may stand in place of one field of a node."""
    yield from _signs(node, name, value)
    yield from _values(node, name, value)
    yield from _arms(node, name, value)


def _signs(node: ast.AST, name: str, value: object) -> Iterator[object]:
    match node, name, value:
        case ast.Compare(), "ops", [*signs]:
            for place, sign in enumerate(signs):
                yield [*signs[:place], OPPOSITE[type(sign)](), *signs[place + 1 :]]
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign(), "op", _ if type(value) in OPPOSITE:
            yield OPPOSITE[type(value)]()
        case ast.UnaryOp(ast.USub()), "op", _:
            yield ast.UAdd()
        case ast.UnaryOp(ast.Not() | ast.Invert() as sign), "operand", ast.expr():
            yield ast.UnaryOp(type(sign)(), value)  # twice not is not at all


def _values(node: ast.AST, name: str, value: object) -> Iterator[object]:
    match node, name, value:
        case ast.Constant(), "value", bool():
            yield not value
        case ast.Constant(), "value", int() | float():
            yield from (value + 1, value - 1) if value else (1,)  # the last place of one is its first
        case ast.Constant(), "value", str() if value in OTHER_WORD:
            yield OTHER_WORD[value]
        case (ast.Name(), "id", str()) | (ast.Attribute(), "attr", str()) if value in OTHER_CALL:
            yield OTHER_CALL[value]
        case ast.Return(), "value", ast.expr() if not _is_none(value):
            yield ast.Constant(None)


def _arms(node: ast.AST, name: str, value: object) -> Iterator[object]:
    match node, name, value:
        case ast.If() | ast.While() | ast.IfExp(), "test", ast.expr():
            yield from _turned(value)
        case ast.comprehension(), "ifs", [ast.expr() as test]:
            yield from ([turned] for turned in _turned(test))
        case ast.Expr(), "value", ast.Call():
            yield ast.Constant(None)
        case ast.Call(ast.Attribute(ast.Name("np"), "where")), "args", [test, one, other]:
            yield [test, other, one]


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _turned(test: ast.expr) -> Iterator[ast.expr]:
    """Give the contrary of a condition, where no other change of it says the same."""
    if not isinstance(test, ast.Compare | ast.UnaryOp):
        yield ast.UnaryOp(ast.Not(), test)
