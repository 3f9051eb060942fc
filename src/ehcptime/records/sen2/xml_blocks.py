"""A SEN2 return in XML as its elements, level by level: nothing in it is followed or expanded, and little of it is held.

A declaration can stand only before the first element, so what stands there is read by a parser that refuses them; the
rest is read by the standard library's tree builder, which calls nothing of ours for an element, and each record is
taken off the tree once it is whole.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain, compress, count
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ehcptime.errors import InputError
from ehcptime.records.personal import plain

MODULES_OF_XML = ("person", "requests", "assessment", "namedplan", "activeplans", "senneed")
_BLOCK = 1 << 14  # few elements at a time, so that the collector of garbage has nothing to look through
_LARGEST = 1 << 23  # bytes of one record: thousands of requests of one person
_AT_ONCE = 50_000  # elements held before they are put into columns
_LONGEST_TEXT = 10_000
_DEEPEST = 100
_MOST_TAGS = 1000


class Refused(Exception):  # noqa: N818, it is caught where the file's name is known
    """What makes a file not a return, and where that is known the record that shows it: its module and its number."""

    def __init__(self, why: str, module: str = "", number: int = 0) -> None:
        super().__init__(why)
        self.module = module
        self.number = number


class Tags(dict[str, int]):
    """A number for each tag as it stands, and its name in plain letters without its namespace."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.names: list[str] = []

    def __missing__(self, tag: str) -> int:
        """Number a tag that has not been seen before."""
        if len(self) >= _MOST_TAGS:
            raise Refused(f"has more than {_MOST_TAGS} different tags")
        self.shown.append(tag.rpartition("}")[2])
        self.names.append(plain(self.shown[-1]))
        self[tag] = len(self)
        return self[tag]


class Level(NamedTuple):
    """Elements equally deep, in the order of the file: the numbers of each one's tag and text, and its children."""

    tags: "array[int]"
    children: "array[int]"
    texts: "array[int]"


class Elements:
    """Some elements, by how deep they are, and their texts."""

    def __init__(self) -> None:
        self.levels: list[Level] = []
        self.numbers: dict[str | None, int] = defaultdict(count(1).__next__, {None: 0})

    def texts(self) -> list[str]:
        """Give the texts by their numbers, without the spaces around them.

        Raises:
            Refused: one is too long.
        """
        if max(map(len, filter(None, self.numbers)), default=0) > _LONGEST_TEXT:
            raise Refused(f"has a text of more than {_LONGEST_TEXT} characters")
        return [text.strip() if text else "" for text in self.numbers]


def levels_of(path: Path, tags: Tags) -> Iterator[Elements]:
    """Give the elements of a return, some thousands at a time; a record of a module always comes whole.

    Raises:
        InputError: the file is not well-formed XML, or its encoding is not known.
        Refused: it declares a document type or an entity, or holds what no return does.
    """
    builder = ET.TreeBuilder()
    top = builder.start("", {})  # the file's own first element becomes its child
    parser = ET.XMLParser(target=builder)  # noqa: S314, what it could follow or expand has been refused by then
    try:
        yield from _gathered(path, top, parser, tags)
    except ET.ParseError as error:
        raise _not_well_formed(path, error.code, error.position[0]) from None


def _gathered(path: Path, top: ET.Element, parser: ET.XMLParser, tags: Tags) -> Iterator[Elements]:
    found, waiting = Elements(), 0
    guard = _guard(path)
    with path.open("rb") as file:
        while block := file.read(max(_BLOCK, waiting)):  # what is not closed is parsed anew with each block
            guard(block)
            parser.feed(block)
            whole = _whole(top, tags)
            waiting = 0 if whole else waiting + len(block)
            if waiting > _LARGEST:
                raise Refused(f"has a record or a text of more than {_LARGEST // 1_000_000} million bytes")
            _gather(whole, found, tags)
            if sum(len(level.tags) for level in found.levels) >= _AT_ONCE:
                yield found
                found = Elements()
    parser.close()
    _gather(list(top), found, tags)
    yield found


def _whole(top: ET.Element, tags: Tags) -> list[ET.Element]:
    """Take off the tree what stands in no module and is whole: all but the last of its parent, which may go on."""
    found: list[ET.Element] = []
    node, depth = top, 0
    while len(node) and (node is top or tags.names[tags[node.tag]] not in MODULES_OF_XML):
        found += node[:-1]
        del node[:-1]
        node, depth = node[-1], depth + 1
        _refuse_deep(depth)
    return found


def _gather(elements: list[ET.Element], found: Elements, tags: Tags) -> None:
    """Add elements, and all that is inside them, to those found."""
    levels, numbers = found.levels, found.numbers
    depth = 0
    while elements:
        _refuse_deep(depth)
        if depth == len(levels):
            levels.append(Level(array("H"), array("I"), array("I")))
        level = levels[depth]
        children = list(map(len, elements))
        level.tags.fromlist([tags[element.tag] for element in elements])
        level.children.fromlist(children)
        level.texts.fromlist([numbers[element.text] for element in elements])
        elements = list(chain.from_iterable(compress(elements, children)))
        depth += 1


def _refuse_deep(depth: int) -> None:
    if depth > _DEEPEST:
        raise Refused(f"nests elements more than {_DEEPEST} deep")


def _guard(path: Path) -> Callable[[bytes], None]:
    """Give what looks at each block before it is read, until the first element has begun."""
    parser = _parser(_refuse_declaration)
    begun: list[str] = []
    parser.StartElementHandler = lambda tag, _: begun.append(tag)

    def look(block: bytes) -> None:
        if not begun:
            _parse(parser, block, path)

    return look


def _parser(refuse: Callable[..., NoReturn]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _parse(parser: expat.XMLParserType, block: bytes, path: Path) -> None:
    try:
        parser.Parse(block)
    except expat.ExpatError as error:
        raise _not_well_formed(path, error.code, error.lineno) from None
    except (LookupError, ValueError):
        raise InputError(f"{path.name} is in an encoding that is not known: save it as UTF-8") from None
    except Refused as refused:
        raise Refused(f"{refused}, line {parser.CurrentLineNumber}") from None


def _refuse_declaration(*_: Any) -> NoReturn:
    raise Refused("declares a document type or an entity")


def _not_well_formed(path: Path, code: int, line: int) -> InputError:
    return InputError(f"{path.name} is not well-formed XML: {expat.errors.messages[code]}, line {line}")


def line_of(path: Path, module: str, number: int) -> int:
    """Find the line at which a record begins, in a file that is no return: it is read again, up to there."""
    lines: list[int] = []
    parser = expat.ParserCreate(namespace_separator="}")
    left = iter(range(number - 1, -1, -1))

    def begin(tag: str, _: dict[str, str]) -> None:
        if not lines and plain(tag.rpartition("}")[2]) == module and next(left) == 0:
            lines.append(parser.CurrentLineNumber)

    parser.StartElementHandler = begin
    with path.open("rb") as file:
        while not lines and (block := file.read(_BLOCK << 6)):
            parser.Parse(block)
    return lines[0]
