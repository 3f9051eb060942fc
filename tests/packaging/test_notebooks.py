"""Each notebook opens with a title and a finding in words, ends with a sum that must come out, and stands in the index with what it finds."""

import ast
import re
import sys
from pathlib import Path

import jupytext
import pandas as pd
import pytest

TOP = Path(__file__).parents[2]
sys.path.insert(0, str(TOP / "tools"))
from render_notebooks import _shown, finding_of, page, title_of  # noqa: E402

NOTEBOOKS = sorted(TOP.glob("notebooks/*.py"))
INDEX = (TOP / "docs" / "notebooks.md").read_text(encoding="utf-8")
SHIPS = ("simulate(", "published_decisions(", "official_timeliness(")


def cells(path, kind):
    return [cell.source for cell in jupytext.read(path).cells if cell.cell_type == kind]


def named(paths):
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


def test_there_are_ten_in_order():
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{number:02}" for number in range(1, 11)]


@named(NOTEBOOKS)
def test_it_opens_with_a_title_and_a_finding_of_some_words(path):
    first = cells(path, "markdown")[0]
    assert re.match(r"# \S+", first)
    assert len(finding_of(first).split()) > 20


@named(NOTEBOOKS)
def test_it_ends_with_an_assertion(path):
    assert isinstance(ast.parse(cells(path, "code")[-1]).body[-1], ast.Assert)


@named(NOTEBOOKS)
def test_it_starts_from_what_ships_and_shows_a_picture_with_words(path):
    code = "\n".join(cells(path, "code"))
    assert "JSC" in code or any(name in code for name in SHIPS)
    assert "plot_" in code or "Picture(" in code
    assert not re.search(r"plt\.|pyplot|display\(|https?://(?!www\.legislation\.gov\.uk)", code)


@named(NOTEBOOKS)
def test_it_imports_nothing_that_the_extra_all_does_not_bring(path):
    tree = ast.parse("\n".join(cells(path, "code")))
    found = {
        name.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    }
    found |= {str(node.module).split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert found - set(sys.stdlib_module_names) <= {"ehcptime", "pandas", "numpy", "dateutil"}


@named(NOTEBOOKS)
def test_the_index_names_it_with_its_title(path):
    title = title_of(cells(path, "markdown")[0])
    assert f"[{title}](../notebooks/{path.name})" in INDEX


def test_the_finding_is_the_paragraph_that_begins_with_the_word():
    cell = "# A title\n#\n\nSome words.\n\n**Finding.** It fell\nby 3.\n\nMore."
    assert (title_of(cell), finding_of(cell), finding_of("# A title")) == ("A title", "It fell by 3.", "")


def test_a_page_loads_nothing_and_shows_no_picture_without_words():
    words = "Open cases fell from 20 to 10."
    assert "<h1>A</h1>" in page("A", f'<h1>A</h1><img src="data:," alt="{words}">', "")
    for body in ('<img src="data:,">', '<img src="data:," alt="">'):
        with pytest.raises(ValueError, match="no words"):
            page("A", body, "")
    for body in (
        "<script>1</script>",
        f'<img src="https-less.png" alt="{words}">',
        '<iframe src="data:,"></iframe>',
    ):
        with pytest.raises(ValueError, match="would load"):
            page("A", body, "")


def test_the_headings_of_a_table_are_marked_and_its_empty_cells_are_empty():
    table = '<style scoped>x</style><table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>open</th></tr></thead>'
    table += "<tbody><tr><th>north</th><td>&lt;NA&gt;</td></tr></tbody></table>"
    assert _shown(table) == (
        '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table><thead><tr><td></td><th scope="col">open</th></tr></thead>'
        '<tbody><tr><th scope="row">north</th><td></td></tr></tbody></table></div>'
    )


def test_rows_that_are_only_numbered_lose_the_number_and_an_index_keeps_its_name():
    frame = pd.DataFrame({"year": [2023, 2024], "open": [3, 1_200], "on": ["2024-03", "31 March 2025"]})
    plain, named = _shown(frame.to_html()), _shown(frame.set_index("year").to_html())
    assert re.findall(r"<t[hd].*?</t[hd]>", plain)[3:6] == [
        '<td class="number">2023</td>',
        '<td class="number">3</td>',
        '<td class="day">2024-03</td>',
    ]
    assert '<th scope="col" class="number">open</th>' in plain
    assert 'scope="row"' not in plain
    assert named.count("<tr>") == 3
    hidden = _shown(frame.assign(open=[None, "[c]"], on="[x] no").to_html(na_rep=""))
    assert '<td class="number">[c]</td>' in hidden
    assert '<th scope="col" class="number">open</th>' in hidden  # though its first cell is blank
    assert '<th scope="col">on</th>' in hidden
    pivoted = frame.pivot_table(index="year", columns="on", values="open")
    assert re.findall(r"<th[^>]*>(.*?)</th>", _shown(pivoted.to_html()))[:2] == ["year", "2024-03"]
    assert '<th scope="row" class="number">2023</th>' in named
    assert ">year</th>" in named
