"""Build the documentation site from the Markdown of the project into build/site: no scripts, no fonts, no network.

`python -m tools.website` writes plain HTML files that open from a disk. The pages are README.md, the pages of docs/, the papers at the
top and the reference, which tools/reference.py makes of docstrings; `tools/website/pages.toml` gives their order.
"""

import posixpath
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import jinja2
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from tools import reference

TOP = Path(__file__).parent.parent
PARTS = Path(__file__).parent / "website"
_OUTSIDE = re.compile(r"^[a-z]+:")
_FEWEST_SECTIONS = 3  # a shorter page needs no list of them
_WHOLE = 28  # letters of a word of code that no line break parts
_MANY_COLUMNS, _MANY_LETTERS = 4, 30
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b(?=[^<>]*<)")
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)  # marks where a tool writes; no reader needs it
_COLUMNS = re.compile(r"\S {2,}\S")


class BrokenLinkError(Exception):
    """A link of a page leads nowhere."""


@dataclass(frozen=True)
class Section:
    """A heading of the second level."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Page:
    """One page of the site: `before` is what comes before its list of sections."""

    path: str
    title: str
    before: str
    sections: tuple[Section, ...]
    body: str


def anchor_of(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it, so that links work in both places."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def sources() -> dict[str, str]:
    """The Markdown of every page by its path in the project; the reference is made here."""
    paths = [*TOP.glob("*.md"), *TOP.glob("docs/*.md"), *TOP.glob("docs/how-to/*.md")]
    read = {path.relative_to(TOP).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}
    return read | reference.pages()


def address(source: str) -> str:
    """Where a page stands in the site.

    >>> address("docs/how-to/board.md"), address("README.md"), address("GLOSSARY.md")
    ('how-to/board.html', 'index.html', 'glossary.html')
    """
    if source == "README.md":
        return "index.html"
    return source.removeprefix("docs/").removesuffix(".md").lower() + ".html"


def menu_of(pages: Mapping[str, Page]) -> list[dict[str, Any]]:
    """The groups of the menu; what no group names comes last, so that no page is out of reach."""
    held = tomllib.loads((PARTS / "pages.toml").read_text(encoding="utf-8"))
    named = {source for group in held["group"] for source in group["pages"]}
    rest = [source for source in pages if source not in named and not source.startswith("reference/")]
    found = [*held["group"], *([{"title": "More", "pages": rest}] if rest else [])]
    return [
        {
            "title": group["title"],
            "pages": [
                {"path": pages[each].path, "name": held["names"].get(each, pages[each].title)}
                for each in group["pages"]
                if each in pages
            ],
        }
        for group in found
    ]


def page_of(source: str, text: str, known: Mapping[str, str]) -> Page:
    """One page from its Markdown; its links lead to the other pages of the site.

    Raises BrokenLinkError for a link to a file that the project does not have.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(_COMMENT.sub("", text))
    headings = list(_headings(tokens))
    for token in _every(tokens):
        _mended(token, source, known)
    _labelled(tokens)
    _widened(tokens)
    sections = tuple(Section(anchor_of(title), _plain(title)) for level, title in headings if level == "h2")
    cut = _first_section(tokens) if len(sections) >= _FEWEST_SECTIONS else 0
    return Page(
        path=address(source),
        title=_plain(next(title for level, title in headings if level == "h1")),
        before=_html(markdown, tokens[:cut]),
        sections=sections if cut else (),
        body=_html(markdown, tokens[cut:]),
    )


def _html(markdown: MarkdownIt, tokens: Sequence[Token]) -> str:
    if not isinstance(markdown.renderer, RendererHTML):
        raise TypeError("the renderer writes no HTML")
    return _TABLE.sub(_scrolled, markdown.renderer.render(tokens, markdown.options, {}))


def _scrolled(table: re.Match[str]) -> str:
    """A table that scrolls sideways by itself, and breaks no date at its hyphens."""
    whole = _DAY.sub(r'<span class="whole">\g<0></span>', table[0])
    return f'<div class="scroll" role="group" tabindex="0" aria-label="Table">{whole}</div>'


def _every(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Level and text of each heading; its anchor is set on the way."""
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrSet("id", anchor_of(inside.content))
            yield opening.tag, inside.content


def _plain(heading: str) -> str:
    return heading.replace("`", "")


def _first_section(tokens: Sequence[Token]) -> int:
    """Where the list of sections goes: before the first of them, and before what makes the caseload of a page of questions."""
    return next(
        place
        for place, token in enumerate(tokens)
        if token.info == "python" or (token.type == "heading_open" and token.tag == "h2")
    )


def _mended(token: Token, source: str, known: Mapping[str, str]) -> None:
    """Set what HTML needs and Markdown cannot say: scopes of headings of tables, and addresses within the site."""
    if token.type == "th_open":
        token.attrSet("scope", "col")
    elif token.type == "link_open":
        token.attrSet("href", _address_of_link(str(token.attrGet("href")), source, known))
    elif token.type == "image":
        token.attrSet("src", _address_of_picture(str(token.attrGet("src")), source))
    elif token.type == "code_inline":
        words = " ".join(map(_whole, token.content.split(" ")))
        token.type, token.content = "html_inline", f"<code>{words}</code>"


def _whole(word: str) -> str:
    """A word of code, which no line break parts at a hyphen unless it is too long for a narrow screen."""
    return f'<span class="whole">{escape(word)}</span>' if len(word) <= _WHOLE else escape(word)


def _widened(tokens: Sequence[Token]) -> None:
    """Mark the cells of a column of many words, in a table of many columns: a narrow screen gives them a width to be read in."""
    starts = [place for place, token in enumerate(tokens) if token.type == "tr_open"]
    rows = [_cells(tokens, start) for start in starts]
    for heading, *body in _tables(rows):
        for column in range(len(heading) if len(heading) >= _MANY_COLUMNS else 0):
            cells = [row[column] for row in (heading, *body)]
            if max(len(inside.content) for _, inside in cells) > _MANY_LETTERS:
                for opening, _ in cells:
                    opening.attrSet("class", "long")


def _cells(tokens: Sequence[Token], start: int) -> list[tuple[Token, Token]]:
    """The cells of the row that begins here: what opens each, and what is in it."""
    end = next(place for place in range(start, len(tokens)) if tokens[place].type == "tr_close")
    row = tokens[start:end]
    return [pair for pair in pairwise(row) if pair[0].type in {"th_open", "td_open"}]


def _tables(rows: Sequence[list[tuple[Token, Token]]]) -> Iterator[list[list[tuple[Token, Token]]]]:
    """Rows by table: each begins with its headings."""
    table: list[list[tuple[Token, Token]]] = []
    for row in rows:
        if row[0][0].type == "th_open" and table:
            yield table
            table = []
        table.append(row)
    if table:
        yield table


def _labelled(tokens: Sequence[Token]) -> None:
    """A block of code scrolls sideways, so the keyboard must reach it; what is no table wraps instead."""
    for token in tokens:
        if token.type in {"fence", "code_block"}:
            token.type, token.tag = "html_block", ""
            code = "".join(_lines(token.content))
            token.content = f'<pre tabindex="0" role="group" aria-label="Code"><code>{code}</code></pre>\n'


def _lines(code: str) -> Iterator[str]:
    """The lines of a block: a printed table keeps its lines, and any other line wraps where the screen ends."""
    for is_output, lines in groupby(code.splitlines(keepends=True), _is_output if ">>> " in code else _never):
        held = list(lines)
        if is_output and any(_COLUMNS.search(line) for line in held):
            yield escape("".join(held))
        else:
            yield from (f'<span class="line">{escape(line)}</span>' for line in held)


def _is_output(line: str) -> bool:
    return not line.startswith((">>>", "..."))


def _never(_: str) -> bool:
    return False


def _address_of_link(href: str, source: str, known: Mapping[str, str]) -> str:
    if _OUTSIDE.match(href) or href.startswith("#"):
        return href
    path, mark, anchor = href.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    if target in known:
        return _relative(known[target], address(source)) + mark + anchor
    if not (TOP / target).is_file():
        raise BrokenLinkError(f"{source} links to {href}, which is not there")
    return _relative(f"files/{target}.txt", address(source))


def _address_of_picture(src: str, source: str) -> str:
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), src))
    if not (TOP / target).is_file():
        raise BrokenLinkError(f"{source} shows {src}, which is not there")
    return _relative(f"files/{target}", address(source))


def _relative(target: str, page: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def _copied(html: str, page: str, site: Path) -> None:
    """Copy the files of the project that a page links to or shows; what is not a page is plain text."""
    for found in re.findall(r'(?:href|src)="((?:\.\./)*files/[^"#]+)"', html):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), found))
        name = target.removeprefix("files/")
        place = site / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TOP / (name if (TOP / name).is_file() else name.removesuffix(".txt")), place)


def build(site: Path) -> list[str]:
    """Write the whole site to a folder, in the place of what stood there; return the paths of its pages."""
    if site.exists():
        shutil.rmtree(site)
    texts = sources()
    known = {source: address(source) for source in texts}
    pages = {source: page_of(source, text, known) for source, text in texts.items()}
    menu = menu_of(pages)
    room = jinja2.Environment(loader=jinja2.FileSystemLoader(PARTS), autoescape=False, trim_blocks=True)  # noqa: S701 - the pages are HTML already
    template = room.get_template("page.html")
    for page in pages.values():
        html = template.render(page=page, menu=menu, up=_relative(".", page.path) + "/")
        place = site / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(html, encoding="utf-8")
        _copied(html, page.path, site)
    shutil.copyfile(PARTS / "style.css", site / "style.css")
    return [page.path for page in pages.values()]


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "build" / "site"
    print(f"{len(build(folder))} pages written to {folder}")
