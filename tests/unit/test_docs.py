"""The pages hold together: every link leads somewhere, and the table of features leaves none out."""

import re
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
PAGES = sorted([TOP / "README.md", *TOP.glob("docs/*.md"), *TOP.glob("docs/how-to/*.md")])
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
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
