"""Reports in a real browser: accessible, quiet, off the network, readable at 320 px, in the dark and on paper.

These fail, and never skip, where Chromium is missing: `make test-pages` needs Debian's package `chromium`.
"""

import re
from dataclasses import replace
from datetime import date

import pytest

from axe import violations
from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.kpi import Kpi
from ehcptime.outputs.report import report
from ehcptime.records.extract import Extract

pytestmark = pytest.mark.pages

AS_AT = date(2025, 3, 31)
PAGES = [
    ("monthly", "internal"),
    ("monthly", "public"),
    ("board", "public"),
    ("board", "internal"),
    ("foi", "public"),
    ("public", "public"),
    ("health", "provider"),
    ("monthly-empty", "public"),
]
KPIS = [
    Kpi("plans_due_20wk", baseline=10, target=60, scale="threshold", thresholds=(60, 40)),
    Kpi("plans_issued_20wk_exc", scale="west_sussex_impact", word="Amber"),
]
PAPER = 688  # px: A4 less its margins


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Every report as a file."""
    folder, extract = tmp_path_factory.mktemp("pages"), simulate(1_500, as_at=AS_AT, seed=7)
    before = replace(extract, extracted_on=date(2025, 2, 28))
    made = {}
    for name, audience in PAGES:
        preset = name.removesuffix("-empty")
        given = Extract(extract.cases.iloc[:0]) if name.endswith("-empty") else extract
        page = report(
            given,
            as_at=AS_AT,
            preset=preset,
            audience=audience,
            kpis=KPIS if preset in ("monthly", "board") else (),
            provider="Therapies" if preset == "health" else None,
            earlier=[before] if preset in ("monthly", "board") and given is extract else (),
        )
        made[name, audience] = page.save(folder / f"{name}-{audience}.html").as_uri()
    return made


@pytest.fixture
def opened(open_address, files):
    return lambda one, **settings: open_address(files[one], **settings)


@pytest.mark.parametrize("one", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened, one, scheme):
    assert violations(opened(one, color_scheme=scheme)) == []


@pytest.mark.parametrize("one", PAGES)
def test_axe_finds_nothing_on_a_narrow_screen(opened, one):
    assert violations(opened(one, width=320)) == []


def test_axe_would_find_something(opened):
    page = opened(PAGES[0])
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\"><p style=\"color:#ccc\">pale words</p>')"
    )
    assert {rule for rule, *_ in violations(page)} >= {"image-alt", "color-contrast"}


@pytest.mark.parametrize("one", PAGES)
def test_it_asks_for_nothing_and_says_nothing(opened, files, one):
    page = opened(one)
    page.wait_for_load_state("networkidle")
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("data:")] == [files[one]]


@pytest.mark.parametrize("one", PAGES)
def test_it_needs_no_script(opened, one):
    assert opened(one, java_script_enabled=False).locator("h1").inner_text()


@pytest.mark.parametrize("one", PAGES)
@pytest.mark.parametrize("width", [320, 640, 1280])
def test_only_tables_scroll_sideways(opened, one, width):
    page = opened(one, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        """width => [...document.querySelectorAll('svg text, p, h1, h2, dt, dd, figcaption, caption span')]
          .map(e => [e.textContent, e.getBoundingClientRect()])
          .filter(([text, box]) => box.width && (box.right > width + 1 || box.left < -1)).map(([text]) => text)""",
        width,
    )
    assert cut == []


@pytest.mark.parametrize("one", PAGES)
def test_text_twice_the_size_still_fits(opened, one):
    page = opened(one, width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("one", PAGES)
def test_words_in_a_chart_do_not_lie_on_each_other(opened, one):
    on = opened(one, width=320).evaluate(
        """() => [...document.querySelectorAll('svg')].flatMap(svg => {
          const boxes = [...svg.querySelectorAll('text')].map(e => [e.textContent, e.getBoundingClientRect()]);
          return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) =>
            Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1 &&
            Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 4).map(([b]) => [a, b]));
        })"""
    )
    assert on == []


def test_the_keyboard_reaches_the_content_and_every_table(opened):
    page = opened(("board", "public"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('role')") == "region":
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"
            reached.add(page.evaluate("document.activeElement.getAttribute('aria-labelledby')"))
    assert len(reached) == page.locator("[role=region]").count()


def test_the_dark_page_is_dark(opened):
    shades = {}
    for scheme in ("light", "dark"):
        page = opened(("board", "public"), color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        shades[scheme] = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert shades["dark"] < 120
    assert shades["light"] > 700


def test_nothing_moves(opened):
    page = opened(("board", "public"), reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("one", PAGES)
def test_paper_is_a4_black_and_white_and_cuts_nothing(opened, one, tmp_path):
    page = opened(one, width=PAPER, color_scheme="dark")
    page.emulate_media(media="print")
    colours = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('body *')].flatMap(e => {
          const s = getComputedStyle(e); return [s.color, s.fill, s.stroke, s.borderTopColor]; }))]"""
    )
    greys = [re.findall(r"\d+", colour)[:3] for colour in colours if colour.startswith("rgb(")]
    assert all(len(set(parts)) == 1 for parts in greys), colours
    cut = page.evaluate(
        """width => [...document.querySelectorAll('table, svg, p, h1, h2, dl')]
          .filter(e => e.getBoundingClientRect().right > width + 1).map(e => e.textContent.trim().slice(0, 40))""",
        PAPER,
    )
    assert cut == []
    pdf = tmp_path / "page.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    sizes = set(re.findall(rb"/MediaBox \[([^\]]+)\]", pdf.read_bytes()))
    assert sizes
    assert {tuple(round(float(part)) for part in size.split()) for size in sizes} == {(0, 0, 595, 842)}
