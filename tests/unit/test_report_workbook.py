"""The workbook of a report: every row of every table has the reference that it has on the page, and `trace` gives its numbers again."""

import pytest
from python_calamine import CalamineWorkbook

from ehcptime.datasets.simulate import simulate
from ehcptime.errors import CommandError
from ehcptime.outputs.figure_manifest import read_figure_manifest
from ehcptime.outputs.report import report
from ehcptime.outputs.report_workbook import report_workbook
from ehcptime.outputs.trace import trace
from report_pages import AS_AT, PROVIDER

ABOVE = ("Cover", "Contents", "Notes")


@pytest.fixture(scope="module")
def extract():
    return simulate(120, as_at=AS_AT, seed=7)


def sheets_in(path):
    """Every table of figures: its heading and rows, below the title and the notes."""
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        if name not in ABOVE:
            rows = book.get_sheet_by_name(name).to_python()
            start = next(place for place, row in enumerate(rows) if row[-1] == "reference")
            yield name, rows[start], rows[start + 1 :]


@pytest.mark.parametrize(
    "asked",
    [
        {"preset": "monthly", "audience": "internal"},
        {"preset": "health", "provider": PROVIDER},
    ],
    ids=lambda asked: asked["preset"],
)
def test_every_row_of_the_workbook_has_the_reference_of_the_page(extract, asked, tmp_path):
    book, kept = tmp_path / "a.xlsx", tmp_path / "a.json"
    tables = report_workbook(extract, book, as_at=AS_AT, manifest=kept, **asked)
    page = report(extract, as_at=AS_AT, **asked)
    manifest = read_figure_manifest(kept)
    named = {table.arguments["table"]: table for table in page.manifest.tables}
    assert [table.arguments["table"] for table in manifest.tables] == list(tables) == list(page.tables)
    assert [table.rows for table in manifest.tables] == [named[name].rows for name in tables]
    assert not any("ref" in table for table in tables.values())  # they are `previous` of next time
    rows = {row.ref: row for table in manifest.tables for row in table.rows}
    seen = set()
    for name, headings, cells in sheets_in(book):
        for row in cells:
            if row[0] == "no rows":
                continue
            held = rows[row[-1]]
            seen.add(row[-1])
            numbers = [value for value in row if isinstance(value, float)]
            said = {
                float(text) for text in held.figures.values() if text.replace(".", "").lstrip("-").isdigit()
            }
            assert set(numbers) <= said, (name, headings)
    assert seen == set(rows)
    assert bool(manifest.cases) == (asked.get("audience") == "internal")
    last = [row for table in manifest.tables for row in table.rows][-1]
    assert trace(last.ref, manifest, extract).is_same


def test_a_workbook_that_cannot_be_is_refused_before_anything_is_worked_out(tmp_path):
    with pytest.raises(CommandError, match="end its name in .xlsx"):
        report_workbook(None, tmp_path / "a.ods", as_at=AS_AT, preset="board")
    assert list(tmp_path.iterdir()) == []
