"""The page about one case in a real browser: accessible, quiet, off the network, readable on a phone, and one page on paper."""

from datetime import date

import pytest

from axe import violations
from ehcptime.outputs.case_pages.page import case_page
from ehcptime.records.case import AdviceRequest, Case

pytestmark = pytest.mark.pages

RECEIVED = date(2025, 4, 2)
AGREED = {"request_outcome": "Y", "request_outcome_date": date(2025, 6, 12)}
ASKED = [
    AdviceRequest(case_id="A", advice_type="psychology", requested_date=date(2025, 6, 16)),
    AdviceRequest(
        case_id="A", advice_type="health", requested_date=date(2025, 6, 16), returned_date=date(2025, 7, 1)
    ),
]
CASES = {
    "late": AGREED,
    "lifted": {**AGREED, "week20": True},
    "refused": {**AGREED, "assessment_outcome": "N", "assessment_outcome_date": date(2025, 10, 21)},
    "changed": {
        "request_outcome": "N",
        "request_outcome_date": date(2025, 5, 12),
        "reversal_of": "assess",
        "reversal_route": "own_change",
        "reversal_date": date(2025, 6, 20),
    },
}
PAGES = [(name, reader) for name in CASES for reader in ("family", "adviser", "ombudsman")]
ON_ONE_SHEET = [one for one in PAGES if one[1] != "ombudsman"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    made = {}
    for name, reader in PAGES:
        case = Case(case_id="A", received_date=RECEIVED, **CASES[name])
        page = case_page(case, as_at=date(2025, 11, 10), advice=ASKED, reader=reader)
        made[name, reader] = page.save(folder / f"{name}-{reader}.html").as_uri()
    return made


@pytest.fixture
def opened(open_address, files):
    return lambda one, **settings: open_address(files[one], **settings)


@pytest.mark.parametrize("one", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(opened, one, scheme, width):
    assert violations(opened(one, color_scheme=scheme, width=width)) == []


@pytest.mark.parametrize("one", PAGES)
def test_it_asks_for_nothing_and_says_nothing(opened, files, one):
    page = opened(one)
    page.wait_for_load_state("networkidle")
    assert page.said == []
    assert [url for url in page.asked if not url.startswith("data:")] == [files[one]]


@pytest.mark.parametrize("one", PAGES)
@pytest.mark.parametrize("width", [320, 640])
def test_nothing_scrolls_sideways_on_a_phone(opened, one, width):
    page = opened(one, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    over = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate(over) == 0


@pytest.mark.parametrize("one", ON_ONE_SHEET)
def test_one_case_is_one_sheet_of_a4(opened, one):
    made = opened(one).pdf(format="A4", prefer_css_page_size=True)
    assert made.count(b"/Type /Page\n") + made.count(b"/Type /Page ") + made.count(b"/Type /Page/") == 1


def test_labels_of_cells_are_seen_where_headings_are_not(opened):
    assert opened(PAGES[0], width=320).locator(".label").first.is_visible()
    assert not opened(PAGES[0], width=1280).locator(".label").first.is_visible()
