"""Run the notebooks and write each as one page of HTML that loads nothing from elsewhere: `python tools/render_notebooks.py`.

The pages go to build/notebooks, with an index of their findings. nbconvert would do this too; its pages hold scripts, and links to scripts and
fonts elsewhere, so this writes the few kinds of cell itself, in the style of the reports.
"""

import re
import sys
import tempfile
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import jupytext  # type: ignore[import-untyped]
from markdown_it import MarkdownIt
from nbclient import NotebookClient

TOP = Path(__file__).parents[1]
_WORDS = MarkdownIt("commonmark").enable("table")
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?|\[[a-z]\]")  # or the marker of one that is hidden
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?|\d{1,2} [A-Z][a-z]+ \d{4}")
_LONG = re.compile(r"[^<]{30,}")
_MORE = """
details { margin: 1rem 0; }
summary { color: var(--soft); cursor: pointer; min-height: 1.6rem; }
pre { overflow-x: auto; padding: .8rem 1rem; background: var(--band); font: .9rem/1.45 "DejaVu Sans Mono", Consolas, monospace; margin: .4rem 0 1rem; }
pre.printed { background: none; border-left: 4px solid var(--rule); white-space: pre-wrap; }
code { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: .92em; }
td:not(.number), tbody th { min-width: 0; }
.day { white-space: nowrap; }
td, th { padding-right: 1.2rem; }
thead td { border-bottom-width: 2px; }
img { display: block; max-width: 100%; height: auto; background: #ffffff; padding: .4rem; margin: 1rem 0 1.6rem; }
@media (max-width: 40rem) { pre { white-space: pre-wrap; } td.long { min-width: 13rem; } }
@media print { pre { white-space: pre-wrap; } details { break-inside: avoid; } }
"""
_PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<main id="content" tabindex="-1">
{body}
</main>
<footer><p>{foot}</p></footer>
</body>
</html>
"""


@dataclass(frozen=True)
class Page:
    """A rendered notebook: the name of its file, its title, its finding in Markdown, and the page."""

    name: str
    title: str
    finding: str
    html: str


def finding_of(cell: str) -> str:
    """The finding in the first cell of a notebook: the paragraph that begins with that word."""
    found = re.search(r"^\*\*Finding\.\*\* (.+?)(?=\n\n|\Z)", cell, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def title_of(cell: str) -> str:
    """The heading of the first cell."""
    return cell.splitlines()[0].removeprefix("# ").strip()


def rendered(path: Path) -> Page:
    """Run one notebook in a folder of its own and write it as a page."""
    notebook = jupytext.read(path)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
        )
        client.execute()
    first = notebook.cells[0].source
    body = "\n".join(_cell(cell) for cell in notebook.cells)
    for number in range(1, body.count('aria-label="Table"') + 1):
        body = body.replace('aria-label="Table"', f'aria-label="Table {number}"', 1)
    foot = f'<a href="index.html">All notebooks</a>. Made by running <code>notebooks/{path.name}</code>. Caseloads are made up; what a court, the Ombudsman or DfE has published is as published.'
    return Page(f"{path.stem}.html", title_of(first), finding_of(first), page(title_of(first), body, foot))


def page(title: str, body: str, foot: str) -> str:
    """A whole page; raises ValueError where it would load something, or shows a picture that has no words."""
    style = files("ehcptime.outputs.pages").joinpath("templates", "style.css").read_text(encoding="utf-8")
    made = _PAGE.format(title=escape(title), style=style + _MORE, body=body, foot=foot)
    if re.search(r"<script|<iframe|(?:src|href)=\"(?!data:|#|\w+\.html)(?!https://)", made):
        raise ValueError(f"{title}: the page would load something")
    if re.search(r"<img(?![^>]*\balt=\"[^\"]{20,}\")", made):
        raise ValueError(f"{title}: a picture has no words beside it")
    return made


def index(pages: list[Page]) -> str:
    """The index: each notebook and what it finds."""
    items = "".join(
        f'<h2><a href="{one.name}">{escape(one.title)}</a></h2>\n{_WORDS.render(one.finding)}'
        for one in pages
    )
    return page(
        "Notebooks of ehcptime",
        f"<h1>Notebooks of ehcptime</h1>\n<p>{len(pages)} stories, each with what it finds. Skip the code if you like: the words, tables and charts stand alone.</p>\n{items}",
        "Made by running each of them.",
    )


def _cell(cell: Any) -> str:
    if cell.cell_type == "markdown":
        return str(_WORDS.render(cell.source))
    code = f'<details open><summary>Code</summary><pre tabindex="0"><code>{escape(cell.source)}</code></pre></details>'
    return "\n".join([code, *(_output(output) for output in cell.outputs)])


def _output(output: Any) -> str:
    if output.output_type == "stream":
        return _printed(output.text)
    data = output.data
    return _shown(data["text/html"]) if "text/html" in data else _printed(data["text/plain"])


def _printed(text: str) -> str:
    return f'<pre class="printed" tabindex="0">{escape(text.rstrip())}</pre>'


def _shown(html: str) -> str:
    """What a result shows of itself, with the headings of its tables marked as such."""
    html = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    html = re.sub(r' (?:border|class|valign|style)="[^"]*"(?=[^<]*>)', "", html) if "<table" in html else html
    html = re.sub(r"<td>(?:&lt;NA&gt;|NaT|NaN|None)</td>", "<td></td>", html)
    html = _without_numbering(_named_once(html)).replace("<th></th>", "<td></td>")
    html = re.sub(r"<t[dh]>(.*?)</t[dh]>", _kept, html)
    html = re.sub(r"<table.*?</table>", _headed, html, flags=re.DOTALL)
    html = re.sub(r"<thead>.*?</thead>", lambda found: _scoped(found[0], "col"), html, flags=re.DOTALL)
    html = re.sub(r"<tbody>.*?</tbody>", lambda found: _scoped(found[0], "row"), html, flags=re.DOTALL)
    opened = '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table'
    return html.replace("<table", opened).replace("</table>", "</table></div>")


def _without_numbering(html: str) -> str:
    """A table without the numbers of its rows, where these are not an index with a name."""
    is_numbered = re.search(r"<thead>\s*<tr>\s*<th></th>.*?</tr>\s*</thead>", html, re.DOTALL)
    numbers = re.findall(r"<tr>\s*<th>(.*?)</th>", html.partition("<tbody>")[2])
    if not is_numbered or not numbers or not all(map(str.isdigit, numbers)):
        return html
    return re.sub(r"(<tr>\s*)<th>\d*</th>", r"\1", html)


def _named_once(html: str) -> str:
    """A table whose index has its name in the row of headings, and not in a row by itself; it stands in the place of the name of the columns."""
    named = r"(<thead>\s*<tr>\s*)<th>[^<]*</th>(.*?)</tr>\s*<tr>\s*<th>([^<]+)</th>(?:\s*<th></th>)+\s*</tr>"
    return re.sub(named, r"\1<th>\3</th>\2</tr>", html, flags=re.DOTALL)


def _kept(cell: re.Match[str]) -> str:
    """A cell that says what it holds: a number stands to the right, a day is on one line, many words have room on a narrow screen."""
    kinds = {"number": _NUMBER, "day": _DAY, "long": _LONG}
    kind = next((name for name, pattern in kinds.items() if pattern.fullmatch(cell[1])), None)
    return f'{cell[0][:3]} class="{kind}"{cell[0][3:]}' if kind else cell[0]


def _headed(table: re.Match[str]) -> str:
    """A table with each heading over its numbers: a column is of numbers where the first cell that is filled is one."""
    heads, mark, body = table[0].partition("<tbody>")
    rows = [
        re.findall(r'<t[dh](?: class="(\w+)")?>(.*?)</t[dh]>', row, re.DOTALL) for row in body.split("</tr>")
    ]
    columns = zip(*(row for row in rows if len(row) == len(rows[0])), strict=True)
    kinds = [next((kind for kind, text in column if text), "") for column in columns]

    def over(row: re.Match[str]) -> str:
        cells = re.split(r"(?=<t[dh]>)", row[0])
        if len(cells) != len(kinds) + 1:
            return row[0]
        told = [
            f'{cell[:3]} class="number"{cell[3:]}' if kind == "number" else cell
            for kind, cell in zip(kinds, cells[1:], strict=True)
        ]
        return cells[0] + "".join(told)

    return re.sub(r"<tr>.*?</tr>", over, heads, flags=re.DOTALL) + mark + body


def _scoped(part: str, scope: str) -> str:
    return re.sub(r"<th(?=[ >])", f'<th scope="{scope}"', part)


def main(out: Path) -> None:
    """Render every notebook and the index of them."""
    out.mkdir(parents=True, exist_ok=True)
    pages = []
    for path in sorted(TOP.glob("notebooks/*.py")):
        pages.append(rendered(path))
        out.joinpath(pages[-1].name).write_text(pages[-1].html, encoding="utf-8")
        print(out / pages[-1].name)
    out.joinpath("index.html").write_text(index(pages), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TOP / "build" / "notebooks")
