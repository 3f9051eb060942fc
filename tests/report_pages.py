"""Pages of reports taken apart, and caseloads whose numbers can be counted by hand."""

import re
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser

import pandas as pd

from ehcptime.outputs.report import report
from ehcptime.records.extract import Extract

AS_AT = date(2025, 3, 31)
PROVIDER = "Community paediatrics"
EVERY = [
    ("monthly", "public"),
    ("monthly", "internal"),
    ("board", "public"),
    ("board", "internal"),
    ("foi", "public"),
    ("foi", "internal"),
    ("public", "public"),
    ("health", "provider"),
    ("health", "public"),
    ("health", "internal"),
]
VOID = {"meta", "link", "br", "rect", "line", "circle"}


def every_report(extract):
    """Every report of an extract, by preset and audience."""
    return {
        (preset, audience): report(
            extract,
            as_at=AS_AT,
            preset=preset,
            audience=audience,
            provider=PROVIDER if preset == "health" else None,
        )
        for preset, audience in EVERY
    }


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text without style."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self.open = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


def case(number, received, issued=None, **more):
    return {
        "case_id": f"CASE-{number}",
        "received_date": received,
        "request_outcome": "Y",
        "request_outcome_date": received + timedelta(days=40),
        "assessment_outcome": "Y" if issued else None,
        "assessment_outcome_date": issued,
        **more,
    }


def extract_of(rows):
    dates = ("received_date", "request_outcome_date", "assessment_outcome_date")
    frame = pd.DataFrame(rows)
    return Extract(cases=frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates}))


def small(on_time=12, late=18, waiting=20):
    """Plans due in March 2025 (requests of 15 October 2024, due 4 March): on time, late, and still open."""
    received = date(2024, 10, 15)
    rows = [case(n, received, date(2025, 3, 4)) for n in range(on_time)]
    rows += [case(100 + n, received, date(2025, 3, 5)) for n in range(late)]
    rows += [case(200 + n, received) for n in range(waiting)]
    return extract_of(rows)


def tables_in(html):
    """The caption, the headings and the rows of each table of a page, as text."""
    for table in re.findall(r"<table>(.*?)</table>", html, re.DOTALL):
        (caption,) = re.findall(r"<caption[^>]*><span>(.*?)</span></caption>", table, re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("<tr>")[1:]]
        headings, *rows = [[unescape(cell) for cell in row] for row in cells]
        yield unescape(caption), headings, [row for row in rows if len(row) == len(headings)]
