"""The pages hold together: every link leads somewhere, and the table of features leaves none out."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from sybil import Document
from sybil.parsers.markdown import PythonCodeBlockParser
from typer.main import get_command

from ehcptime.cli.app import app

TOP = Path(__file__).parents[2]
PAGES = sorted([TOP / "README.md", *TOP.glob("docs/*.md"), *TOP.glob("docs/how-to/*.md")])
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:.* )?(?:ehcptime|tools/no_network\.py) ((?:--)?[a-z].*)$")
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def prose(page):
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page):
    """Anchors as GitHub makes them of headings: small letters, hyphens for spaces, no other marks."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target, anchor in LINK.findall(prose(page)):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"


def test_the_index_has_every_question_of_the_how_to_pages():
    index = (TOP / "docs" / "questions.md").read_text(encoding="utf-8")
    for page in TOP.glob("docs/how-to/*.md"):
        for heading in re.findall(r"^## (.+\?)$", prose(page), re.MULTILINE):
            known = ("Are newer cases put ahead", "How do I know that I read")  # these point to another page
            assert heading.startswith(known) or f"[{heading}](how-to/{page.name}#" in index, heading


def test_each_of_the_forty_features_is_found_or_its_absence_explained():
    table = (TOP / "docs" / "features.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+) \|$", table, re.MULTILINE)
    assert [int(number) for number, *_ in rows] == list(range(1, 41))
    for number, _, state, where in rows:
        assert state in {"there", "partly", "not yet"}, number
        assert state != "there" or "](" in where, number
        assert state == "there" or re.search(r"\bno\b|\bnot\b|nobody|being built|nothing|none", where), number


def test_the_words_of_the_glossary_stand_in_order_and_are_said_in_full():
    words = tomllib.loads((TOP / "tools" / "words.toml").read_text(encoding="utf-8"))
    assert list(words) == sorted(words)
    assert all(meaning.endswith(".") for meaning in words.values())


def test_the_pages_are_written_as_they_are_held():
    widths = [
        re.search(r"^DISPLAY = .+$", (TOP / name).read_text(encoding="utf-8"), re.MULTILINE)[0]
        for name in ("conftest.py", "tools/examples.py")
    ]
    assert widths[0] == widths[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_python_is_run(page):
    """Sybil runs what its parser finds; a block that it does not find would go stale. What is no Python says what it is."""
    text = page.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) * 2 == text.count("```")
    assert {kind for kind, _ in blocks} <= {"python", "console", "text", "r"}
    assert not any(">>> " in code for kind, code in blocks if kind != "python")
    asked = [
        max(1, len(re.findall(r"^>>> ", code, re.MULTILINE))) for kind, code in blocks if kind == "python"
    ]
    assert len(list(PythonCodeBlockParser()(Document(text, str(page))))) == sum(asked)


def commands(page):
    """The words of each `ehcptime` command of a page, in blocks and in sentences."""
    text = page.read_text(encoding="utf-8")
    lines = [line for kind, code in BLOCK.findall(text) if kind != "python" for line in code.splitlines()]
    spans = [" ".join(found.split()) for found in re.findall(r"`(ehcptime [^`]+)`", FENCE.sub("", text))]
    found = [COMMAND.match(line.partition(" #")[0]) for line in [*lines, *spans]]
    return [shlex.split(each[1]) for each in found if each]


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.name)
def test_every_command_of_a_page_is_one_that_can_be_given(page):
    """Its name and its options, and what it cannot do without where it says for which day; the rest only name an option."""
    known = get_command(app)
    for name, *words in commands(page):
        assert name in {*known.commands, "--help"}, name
        if "--as-at" in words:
            known.commands[name].make_context(name, list(words))
        assert {word for word in words if word.startswith("--")} <= options(known, name), (name, words)


def options(known, name):
    return {option for each in getattr(known.commands.get(name), "params", ()) for option in each.opts}


def test_the_pages_hold_many_commands():
    assert sum(len(commands(page)) for page in PAGES) > 40
