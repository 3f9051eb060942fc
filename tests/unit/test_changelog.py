"""Fragments of the changelog: those that are there are sound, and gathering loses nothing."""

import doctest
from pathlib import Path

import pytest
from tools import changelog

TOP = Path(__file__).parents[2]


def test_the_fragments_that_are_there_have_kinds():
    assert set(changelog.fragments(TOP / "changelog.d")) <= set(changelog.KINDS)


def test_the_example_holds():
    assert doctest.testmod(changelog).failed == 0


def test_gathering_keeps_what_was_written_and_what_was_released():
    text = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.gathered(text, {}) == text
    released = text.rstrip() + "\n\n## 0.0.1\n\n### Added\n\n- Old.\n"
    done = changelog.gathered(released, {"fixed": ["A fault."]})
    assert done.endswith("## 0.0.1\n\n### Added\n\n- Old.\n")
    assert "### Fixed\n\n- A fault.\n" in done.split("## 0.0.1")[0]
    for line in text.splitlines():
        assert line in done


@pytest.mark.parametrize(
    ("name", "text"), [("a.new.md", "x"), ("a.md", "x"), ("a.added.txt", "x"), ("a.added.md", "\n")]
)
def test_what_is_no_fragment_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match="is no fragment"):
        changelog.fragments(tmp_path)


def test_texts_come_by_kind_and_in_order(tmp_path):
    for name, text in (
        ("b.added.md", "Two.\n"),
        ("a.added.md", "One\nline.\n"),
        ("c.fixed.md", "Three."),
        ("README.md", "#"),
    ):
        (tmp_path / name).write_text(text)
    assert changelog.fragments(tmp_path) == {"added": ["One line.", "Two."], "fixed": ["Three."]}
