"""A report of a caseload far larger than any authority's is a page of the usual size."""

import time
from datetime import date

import pytest

from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.report import report
from report_pages import Page

pytestmark = pytest.mark.nightly

AS_AT = date(2025, 3, 31)


@pytest.fixture(scope="module")
def many():
    return simulate(200_000, as_at=AS_AT, seed=1)


@pytest.mark.parametrize(("preset", "audience"), [("board", "public"), ("monthly", "internal")])
def test_200_000_cases_are_a_page_of_the_usual_size(many, preset, audience):
    begun = time.process_time()
    page = report(many, as_at=AS_AT, preset=preset, audience=audience)
    took = time.process_time() - begun
    size = len(page.html.encode())
    assert size < 300_000
    assert Page(page.html).open == []
    assert took < 60
