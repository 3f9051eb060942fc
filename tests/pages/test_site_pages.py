"""The documentation site in a real browser: accessible, quiet, off the network, readable at 320 px, in the dark and on paper."""

import re
from pathlib import Path

import pytest
from tools.website import build

from axe import violations

pytestmark = pytest.mark.pages

TOP = Path(__file__).parents[2]
SOURCES = sorted(
    path.relative_to(TOP).as_posix()
    for pattern in ("*.md", "docs/*.md", "docs/how-to/*.md")
    for path in TOP.glob(pattern)
)
KINDS = ("index.html", "law.html", "glossary.html", "how-to/analyst.html", "reference/timeliness.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the site, and the paths of its pages."""
    folder = tmp_path_factory.mktemp("site") / "site"
    return folder, build(folder)


@pytest.fixture
def opened(open_address, site):
    return lambda path, **settings: open_address((site[0] / path).as_uri(), **settings)


def test_every_page_is_accessible_and_quiet_and_asks_for_nothing_but_itself(opened, site):
    folder, pages = site
    assert len(pages) > len(SOURCES)
    for path in pages:
        page = opened(path)
        assert page.said == [], path
        assert all(url.startswith((folder.as_uri(), "data:")) for url in page.asked), (path, page.asked)
        assert page.locator("script").count() == 0
        pictures = page.evaluate(
            "[...document.querySelectorAll('img')].map(e => [e.src, e.naturalWidth, e.alt])"
        )
        assert all(width and alt for _, width, alt in pictures), (path, pictures)
        assert violations(page) == [], path
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.context.close()


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_narrow_screen_and_in_the_dark(opened, path, scheme):
    assert violations(opened(path, width=320, color_scheme=scheme)) == []


def test_axe_would_find_something(opened):
    page = opened("index.html")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"color:#ccc\">pale</p>')"
    )
    assert "color-contrast" in {rule for rule, *_ in violations(page)}


@pytest.mark.parametrize("path", KINDS)
def test_the_keyboard_comes_first_to_the_link_that_skips_to_the_content(opened, path):
    page = opened(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("path", KINDS)
def test_paper_is_black_and_white(opened, path):
    page = opened(path, color_scheme="dark")
    page.emulate_media(media="print")
    colours = page.evaluate(
        "[...new Set([...document.querySelectorAll('main *')].map(e => getComputedStyle(e).color))]"
    )
    assert all(len(set(re.findall(r"\d+", colour)[:3])) == 1 for colour in colours), colours
