"""The site without a browser: every page is reached, every link leads somewhere, headings and tables are sound."""

import doctest
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tools import reference, website

import ehcptime as ehc


class Outline(HTMLParser):
    """What a reader without eyes meets: ids, links, levels of headings, heads of tables."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.levels, self.heads, self.tags = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        self.links += [given["src"]] if tag == "img" else []
        self.heads += [given.get("scope")] if tag == "th" else []
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.levels.append(int(tag[1]))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    pages = website.build(folder)
    return folder, {path: Outline((folder / path).read_text(encoding="utf-8")) for path in pages}


def test_every_link_leads_to_a_page_and_a_heading_of_it(site):
    folder, outlines = site
    for path, outline in outlines.items():
        for link in outline.links:
            if link.startswith(("https:", "http:")):
                continue
            target, _, anchor = link.partition("#")
            there = (folder / path).parent / target if target else folder / path
            assert there.resolve().is_file(), (path, link)
            if anchor:
                known = outlines[there.resolve().relative_to(folder.resolve()).as_posix()]
                assert anchor in known.ids, (path, link)


def test_no_page_shows_the_marks_between_which_a_tool_writes(site):
    folder, outlines = site
    assert not [path for path in outlines if "&lt;!--" in (folder / path).read_text(encoding="utf-8")]


def test_every_page_is_in_the_menu_or_in_the_index_of_the_reference(site):
    folder, outlines = site
    reached = {(folder / link.partition("#")[0]).resolve() for link in outlines["index.html"].links}
    reached |= {
        (folder / "reference" / link.partition("#")[0]).resolve()
        for link in outlines["reference/index.html"].links
    }
    assert {(folder / path).resolve() for path in outlines} <= reached


def test_headings_step_down_one_level_at_a_time_and_ids_are_unique(site):
    for path, outline in site[1].items():
        assert outline.levels[0] == 1, path
        assert outline.levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in zip(outline.levels, outline.levels[1:], strict=False)), path
        assert len(outline.ids) == len(set(outline.ids)), path


def test_tables_say_what_their_heads_are_for_and_nothing_is_run_or_fetched(site):
    folder, outlines = site
    assert any(outline.heads for outline in outlines.values())
    for path, outline in outlines.items():
        assert set(outline.heads) <= {"col"}, path
        assert not {"script", "iframe", "object", "form"} & set(outline.tags), path
        assert "@import" not in (folder / path).read_text(encoding="utf-8")
    assert "url(" not in (folder / "style.css").read_text(encoding="utf-8")


def test_every_public_name_has_its_place_in_the_reference():
    """A new name goes into one group of tools/website/reference.toml."""
    listed = [name for group in reference.groups() for name in group["names"]]
    assert sorted(listed) == sorted(ehc.__all__)


def test_a_name_is_described_by_its_docstring_its_call_and_its_example():
    text = reference.pages()["reference/timeliness.md"]
    assert (
        "timeliness(\n    tracked: pd.DataFrame,\n    measure: str | Measure,\n    *,\n    by: By = None,"
        in text
    )
    assert "\n```python\n>>> tracked = pd.DataFrame({" in text
    assert "- CommandError: there is no such measure." in text


def test_markdown_becomes_html_that_says_what_it_is():
    text = "# One\n\n| a | b |\n| --- | --- |\n| `<c>` | 1 |\n\n```python\nif 1 < 2: ...\n```\n\n<b>no</b>\n"
    page = website.page_of("docs/x.md", text, {})
    assert page.path == "x.html"
    assert page.title == "One"
    assert '<th scope="col">a</th>' in page.body
    assert '<code><span class="line">if 1 &lt; 2: ...\n</span></code>' in page.body
    assert "&lt;b&gt;no&lt;/b&gt;" in page.body
    assert page.sections == ()


def test_a_printed_table_keeps_its_lines_and_other_lines_wrap():
    """Two spaces between words make a table of what a prompt prints; a sentence and the code itself wrap where the screen ends."""
    code = ">>> table\n   a  b\n0  1  2\n>>> print(words)\na sentence\n"
    body = website.page_of("docs/x.md", f"# One\n\n```python\n{code}```\n", {}).body
    for line in ("&gt;&gt;&gt; table\n", "&gt;&gt;&gt; print(words)\n", "a sentence\n"):
        assert f'<span class="line">{line}</span>' in body
    assert "</span>   a  b\n0  1  2\n<span" in body


def test_no_day_and_no_word_of_code_is_parted_at_a_hyphen():
    text = (
        "# One\n\n`check x --as-at 2024-12-31`\n\n| a |\n| --- |\n| [2024-12-31](https://x.uk/2024-12-31) |\n"
    )
    body = website.page_of("docs/x.md", text, {}).body
    assert '<span class="whole">--as-at</span> <span class="whole">2024-12-31</span></code>' in body
    assert '<a href="https://x.uk/2024-12-31"><span class="whole">2024-12-31</span></a>' in body


def test_a_column_of_many_words_in_a_table_of_many_columns_has_room_on_a_narrow_screen():
    words = "so many words that they need some room"
    table = "| a | b | c | d |\n| - | - | - | - |\n| 1 | 2 | 3 | {} |\n| 1 | 2 | 3 | few |\n"
    body = website.page_of("docs/x.md", f"# One\n\n{table.format(words)}\n{table.format('few')}", {}).body
    assert body.count('class="long"') == 3
    assert f'<td class="long">{words}</td>' in body
    assert '<th scope="col" class="long">d</th>' in body


def test_the_list_of_sections_stands_before_the_code_that_sets_a_page_up():
    sections = "".join(f"## {name}\n\nx\n\n" for name in "abc")
    made = website.page_of("docs/x.md", f"# One\n\nWords.\n\n```python\na = 1\n```\n\n{sections}", {})
    assert "Words." in made.before
    assert "a = 1" not in made.before
    assert "a = 1" in made.body
    assert [section.title for section in made.sections] == ["a", "b", "c"]


def test_the_menu_may_call_a_page_by_a_shorter_name(site):
    folder, _ = site
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert '<a href="./how-to/analyst.html">an analyst</a>' in text
    assert '<a href="./concepts.html">Six ideas behind the figures</a>' in text


def test_links_are_those_of_the_site():
    known = {"docs/law.md": "law.html", "docs/how-to/board.md": "how-to/board.html"}
    text = "# One\n\n[a](../law.md#plan) [b](board.md) [c](https://www.gov.uk) [d](../../LICENSE) [e](#one)\n"
    body = website.page_of("docs/how-to/family.md", text, known).body
    for href in ("../law.html#plan", "board.html", "https://www.gov.uk", "../files/LICENSE.txt", "#one"):
        assert f'href="{href}"' in body


@pytest.mark.parametrize("text", ["# One\n\n[a](nowhere.md)\n", "# One\n\n![a](nowhere.svg)\n"])
def test_a_link_to_nowhere_is_refused(text):
    with pytest.raises(website.BrokenLinkError, match="nowhere"):
        website.page_of("docs/x.md", text, {})


def test_the_examples_of_the_tool_hold():
    assert doctest.testmod(website).failed == 0


def test_an_older_site_is_replaced(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "old.html").touch()
    website.build(tmp_path / "site")
    assert not (tmp_path / "site" / "old.html").exists()
    assert (tmp_path / "site" / "style.css").read_bytes() == (Path(website.PARTS) / "style.css").read_bytes()
