"""Rendered notebooks in a real browser: axe finds nothing, and they read on a narrow screen."""

import sys
from pathlib import Path

import pytest

from axe import violations

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "tools"))
from render_notebooks import index, rendered  # noqa: E402

pytestmark = pytest.mark.pages
NOTEBOOKS = [*sorted(path.stem for path in TOP.glob("notebooks/*.py")), "index"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Every notebook, run and rendered, and the index of them."""
    folder = tmp_path_factory.mktemp("notebooks")
    pages = [rendered(path) for path in sorted(TOP.glob("notebooks/*.py"))]
    for page in pages:
        folder.joinpath(page.name).write_text(page.html, encoding="utf-8")
    folder.joinpath("index.html").write_text(index(pages), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("settings", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"width": 320}])
def test_axe_finds_nothing(open_address, files, name, settings):
    assert violations(open_address((files / f"{name}.html").as_uri(), **settings)) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_page_does_not_scroll_sideways_on_a_narrow_screen(open_address, files, name):
    page = open_address((files / f"{name}.html").as_uri(), width=320)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
