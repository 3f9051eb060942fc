"""Run every Python code block of the README and the docs, so that none can go stale."""

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A page's examples may write files; none may be left in the project."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["README.md", "docs/*.md"]
).pytest()
