"""Formulas, HTML and control characters in every text of an extract come out inert, whatever they come out in."""

import csv
import dataclasses
import json
import re
import unicodedata
import zipfile
from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest

from ehcptime.cli.frames import show
from ehcptime.cli.screen import say
from ehcptime.datasets.simulate import simulate
from ehcptime.outputs.audit_sheets import audit_sheets
from ehcptime.outputs.calendar_feed import calendar
from ehcptime.outputs.case_pages.page import case_page
from ehcptime.outputs.files import write_tables
from ehcptime.outputs.report import report
from ehcptime.outputs.workbook import workbook
from ehcptime.questions.audit_sample import audit_sample
from ehcptime.questions.backlog import backlog
from ehcptime.questions.contributions import contributions
from ehcptime.questions.letters import expected_letters
from ehcptime.records.columns import names
from ehcptime.records.one_case import case_of
from ehcptime.tracking.advice import track_advice
from ehcptime.tracking.timeline import timeline
from ehcptime.tracking.track import track

AS_AT = date(2025, 3, 31)
# pandas 2 ends a text at its NUL where it looks for ids that stand twice, and such ids are refused.
NUL = "\x00" if int(pd.__version__.partition(".")[0]) >= 3 else ""
PLANTED = [
    '=HYPERLINK("https://example.org","x")',
    "{=1+1}",
    "@SUM(1+1)",
    "+1+1",
    "-1+1",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><b>bold",
    "{{ 7 * 7 }}",
    f"a\x1b[31mred\x07{NUL}",
    "a\r\nBEGIN:VEVENT\r\nATTACH:https://example.org",
    "right\u202eleft\u2066",
    "$$note1$$",
    "[x](javascript:alert(1))",
    "a\x85b\x9bc",
    "?",
]
TAGS = {
    "html", "head", "meta", "link", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "strong", "nav", "ul",
    "li", "main", "section", "div", "table", "caption", "span", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "footer",
    "figure", "figcaption", "svg", "rect", "line", "text", "circle", "g", "desc", "path", "defs", "pattern",
}  # fmt: skip
READ_ONLY = {"BEGIN", "END", "VERSION", "PRODID", "X-WR-CALNAME", "X-WR-CALDESC", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "CLASS", "TRANSP"}  # fmt: skip


def planted(frame, table, *, but=()):
    """Something hostile in every text of a table, also in those that the extract left out."""
    texts = [name for name in names(table, "text") if name not in but]
    values = {
        name: [PLANTED[(row + shift) % len(PLANTED)] for row in range(len(frame))]
        for shift, name in enumerate(texts)
    }
    return frame.assign(**values)


@pytest.fixture(scope="module")
def extract():
    """A caseload whose every text was planted, ids too."""
    held = simulate(120, as_at=AS_AT, seed=11)
    ids = {name: f"{PLANTED[row % len(PLANTED)]} {row}" for row, name in enumerate(held.cases["case_id"])}
    renamed = {
        table: getattr(held, table).assign(case_id=getattr(held, table)["case_id"].map(ids))
        for table in ("cases", "advice", "exemptions", "events")
    }
    own = {
        "cases": ("case_id", "exported"),
        "advice": ("case_id",),
        "exemptions": ("case_id", "rule", "code"),
    }
    hostile = {table: planted(renamed[table], table, but=but) for table, but in own.items()}
    hostile["cases"]["=own <b>column"] = PLANTED[0]
    return dataclasses.replace(held, **{**renamed, **hostile})


@pytest.fixture(scope="module")
def tracked(extract):
    return track(extract.cases, as_at=AS_AT, exemptions=extract.exemptions)


@pytest.fixture(scope="module")
def tables(extract, tracked):
    """Lists and counts, all with planted texts in them."""
    asked = track_advice(extract.advice, as_at=AS_AT, cases=extract.cases)
    drawn = audit_sample(tracked, n=40, seed=1, by=["team"])
    return {
        "tracked": tracked,
        "letters": expected_letters(tracked, events=extract.events),
        "sample": drawn,
        "sheets": audit_sheets(extract, drawn["case_id"].head(12), as_at=AS_AT),
        "counts": backlog(tracked, by="team").astype({"age_band": str}),
        "advice": contributions(asked, by="provider"),
    }


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def is_plain(text):
    """Whether no character steers a screen, a file or the direction of reading."""
    return not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in text if sign not in "\n\t")


def check_html(page):
    reader = _Tags()
    reader.feed(page)
    assert reader.tags <= TAGS
    assert not any(name.startswith("on") for name in reader.attributes)
    assert is_plain(page)
    assert "<script" not in page
    assert "javascript:" not in "".join(re.findall(r'(?:href|src)="([^"]*)"', page))


@pytest.mark.parametrize("reader", ["family", "adviser", "ombudsman"])
def test_on_the_page_of_a_case(extract, reader):
    for name in extract.cases["case_id"].head(len(PLANTED) if reader == "family" else 6):
        record = case_of(extract, name)
        page = case_page(
            record.case, as_at=AS_AT, advice=record.advice, exemptions=record.exemptions, closures=record.closures, events=record.events, reader=reader
        )  # fmt: skip
        check_html(page.html)
        assert is_plain(page.text)
        assert "\t" not in page.text
        assert " 49" not in page.text.splitlines()[1]


@pytest.mark.parametrize("preset", ["monthly", "board"])
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_on_the_page_of_a_report(extract, preset, audience):
    check_html(report(extract, as_at=AS_AT, preset=preset, audience=audience).html)


def test_in_csv(tables, tmp_path):
    for name, table in tables.items():
        write_tables({name: table}, tmp_path / "x.csv")
        with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not re.match(r"[=+@\t\r]|-(?!\d+(\.\d+)?$)", cell), cell
                    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]", cell), cell


def test_in_json(tables, tmp_path):
    write_tables(tables, tmp_path / "x.json")
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert set(json.loads(text)) == set(tables)
    assert "\x1b" not in text


def cells_of_book(path):
    """Every part of a workbook, by name."""
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def check_book(path):
    for name, part in cells_of_book(path).items():
        assert "<f>" not in part, name
        assert "<f " not in part, name
        assert not re.search(r'Target="(?:https?|javascript)[^"]*"', part), name
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", part), name
    assert not any("external" in name.lower() or "vba" in name.lower() for name in cells_of_book(path))


def test_in_a_working_list(tables, tmp_path):
    workbook(tables, tmp_path / "x.xlsx", audience="internal", title=PLANTED[0], notes=PLANTED)
    check_book(tmp_path / "x.xlsx")


@pytest.mark.parametrize("audience", ["internal", "provider", "public"])
def test_in_an_accessible_workbook(tables, tmp_path, audience):
    counts = {f"{PLANTED[0]}/x": tables["counts"], "advice": tables["advice"]}
    titles = {"advice": PLANTED[8]}
    for title in PLANTED[:2]:
        workbook(counts, tmp_path / "x.xlsx", audience=audience, title=title, notes=PLANTED, titles=titles)
        check_book(tmp_path / "x.xlsx")


def test_in_a_calendar(tracked, tmp_path):
    made = calendar(tracked, tmp_path / "x.ics", audience="internal")
    lines = (tmp_path / "x.ics").read_bytes().decode().replace("\r\n ", "").split("\r\n")
    assert made.limits > 0
    assert {re.split("[;:]", line)[0] for line in lines if line} <= READ_ONLY
    assert lines.count("BEGIN:VEVENT") == made.limits
    assert all(is_plain(line) and "\n" not in line for line in lines)


def test_on_the_terminal(extract, tables, capsys):
    for table in tables.values():
        show(table.iloc[:, :8])
    for name in extract.cases["case_id"].head(len(PLANTED)):
        record = case_of(extract, name)
        say(str(timeline(record.case, as_at=AS_AT, advice=record.advice, exemptions=record.exemptions)))
        say(case_page(record.case, as_at=AS_AT).text)
    printed = capsys.readouterr().out
    assert is_plain(printed)
    assert "\t" not in printed


def test_the_planted_texts_did_come_through(tables):
    """Else the rest of this file would look at nothing."""
    assert pd.Series(PLANTED).isin(tables["tracked"]["team"]).all()
    assert tables["counts"]["team"].nunique() > len(PLANTED) / 2
    assert tables["tracked"]["case_id"].str.startswith("=HYPERLINK").any()
