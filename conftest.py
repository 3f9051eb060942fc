"""Run every Python code block of the README and the docs, so that none can go stale."""

import doctest
from collections.abc import Iterator

import pandas as pd
import pytest
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

# As tools/examples.py has them, so that tables are printed here as they stand on the pages.
DISPLAY = (
    "display.width",
    120,
    "display.max_columns",
    12,
    "display.max_colwidth",
    90,
    "display.max_rows",
    60,
)
_BLOCKS = PythonCodeBlockParser(doctest_optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Examples of pages and docstrings may write files; none may be left in the project."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


def _page(document: Document) -> Iterator[Region]:
    """Make one test of a page: its blocks build on one another, and tests run in any order and on several processors."""
    blocks = list(_BLOCKS(document))
    if blocks:
        yield Region(blocks[0].start, len(document.text), parsed=blocks, evaluator=_run)


def _run(page: Example) -> None:
    with pd.option_context(*DISPLAY):
        for block in page.parsed:
            line = page.document.text.count("\n", 0, block.start) + 1
            Example(page.document, line, 1, block, page.namespace).evaluate()


pytest_collect_file = Sybil(
    parsers=[_page],
    patterns=["README.md", "docs/*.md", "docs/how-to/*.md"],
    fixtures=["_in_a_folder_of_its_own"],  # sybil takes no fixture of itself
).pytest()
