"""One case on one page: for its family, an adviser or the Ombudsman, as HTML and as plain text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.metadata import version
from pathlib import Path

from ehcptime.law.book import LAW, RuleBook
from ehcptime.outputs.case_pages.appeals import appeals
from ehcptime.outputs.case_pages.differences import differences
from ehcptime.outputs.case_pages.standing import delays, standing
from ehcptime.outputs.case_pages.steps import exceptions, sources, steps
from ehcptime.outputs.case_pages.told import told
from ehcptime.outputs.case_pages.view import View, view_of
from ehcptime.outputs.case_pages.words import TEXTS, ReaderName, reader_of
from ehcptime.outputs.cited_sections import Refer, cited
from ehcptime.outputs.markers import BANNER, MADE_UP
from ehcptime.outputs.pages.parts import Section, Table
from ehcptime.outputs.pages.rendering import rendered
from ehcptime.outputs.pages.words import clean
from ehcptime.records.case import UNNAMED, AdviceRequest, Case
from ehcptime.records.one_case import Row
from ehcptime.records.saving import save_text
from ehcptime.tracking.columns import plain_day
from ehcptime.tracking.words import long_date


@dataclass(frozen=True)
class CasePage:
    """The page about one case, as HTML and as plain text that says the same."""

    reader: ReaderName
    as_at: date
    html: str
    text: str

    def save(self, path: str | Path) -> Path:
        """Save the page, or its text where the name ends in .txt, whole or not at all; raises InputError where it cannot be written."""
        place = Path(path)
        save_text(self.text if place.suffix.lower() == ".txt" else self.html, place)
        return place

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        """Name the page; show none of it."""
        return f"CasePage(reader={self.reader!r}, as_at {self.as_at})"

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its styles stay in it."""
        return f'<iframe title="One case" width="100%" height="700" srcdoc="{escape(self.html)}"></iframe>'


def case_page(
    case: Case,
    *,
    as_at: date,
    advice: Iterable[AdviceRequest] = (),
    exemptions: Iterable[Row] = (),
    closures: Iterable[Row] = (),
    events: Iterable[Row] = (),
    reader: str = "family",
    law: RuleBook = LAW,
    refer: Refer | None = None,
) -> CasePage:
    """Put one case on one page: each step, its limit, last day, what was done, days late, the sum and the source.

    `reader` is `family` or `adviser` (plain English) or `ombudsman` (the titles of the rule book, citations, links and how far each text
    was verified). After a refusal or a final plan the family's own limits come first, at the earlier reading where readings differ, with
    the day before any move to a later one beside it. Then: what the case waits for, delay in days and in whole and part months (no
    money), exceptions, what the family should have been told (`expected_letters`, to which `events` go), and authorities that differ side by side. A
    limit that is claimed to be lifted is nowhere shown as due or overdue. `refer` gives the rows of a table their references, given its
    name and the columns that say what a row is about; they are then printed. The other arguments are those of `timeline`.

    Raises CommandError for another reader, and where the extra `report` is missing.

    >>> case = Case(case_id="JSC", received_date=date(2025, 4, 2), assessment_outcome="N", assessment_outcome_date=date(2025, 10, 21))
    >>> page = case_page(case, as_at=date(2025, 11, 1))
    >>> "2 April 2025 + 112 days = 23 July 2025" in page.text, "21 October 2025 + 2 months = 21 December 2025" in page.html
    (True, True)
    """
    day = plain_day(as_at)
    view = view_of(
        case,
        as_at=day,
        advice=advice,
        exemptions=exemptions,
        closures=closures,
        events=events,
        reader=reader_of(reader),
        law=law,
    )
    sections = cited(_sections(view), refer)
    return CasePage(view.reader.name, day, _html(view, sections), _text(view, sections))


def _sections(view: View) -> list[Section]:
    """The sections; the family's own limits come first where there is a decision to appeal."""
    own, stands = appeals(view), standing(view)
    first = [own, stands] if view.decision is not None else [stands]
    last = [] if view.decision is not None else [own]
    cited = [] if view.reader.is_plain else [sources(view)]
    made = [*first, steps(view), delays(view), *last, exceptions(view), told(view), differences(view), *cited]
    return [section for section in made if section is not None]


def _html(view: View, sections: list[Section]) -> str:
    return rendered(
        "case.html",
        banner=_banner(view),
        title=view.reader.title,
        about=view.reader.about,
        reader=view.reader.name,
        case=_called(view),
        as_at=view.today,
        sections=sections,
        footer=TEXTS["footer"],
        version=version("ehcptime"),
        edition=str(view.law.edition),
    )


def _banner(view: View) -> str:
    """A made-up case says so, for its page looks like one that goes to a family."""
    return BANNER if str(view.case.case_id).startswith(MADE_UP) else ""


def _called(view: View) -> str:
    """Call a case by its reference; facts given alone have none."""
    own = view.case.case_id
    return own if own == UNNAMED else f"Case {own}"


def _text(view: View, sections: list[Section]) -> str:
    head = [*filter(None, [_banner(view)]), view.reader.title, f"{_called(view)}, at {long_date(view.as_at)}"]
    body = [line for section in sections for line in ("", *_lines(section))]
    return clean("\n".join([*(_one_line(text) for text in head), *body, "", TEXTS["footer"]])) + "\n"


def _lines(section: Section) -> Iterator[str]:
    yield section.title
    yield "-" * len(section.title)
    for table in section.tables:
        yield from _rows(table)
    yield from (_one_line(str(text)) for text in section.paragraphs)
    yield from (_one_line(f"{term}: {text}") for term, text in section.terms)


def _rows(table: Table) -> Iterator[str]:
    """Each row as its first cell and the rest under it, each behind its heading."""
    if not table.rows:
        yield table.nothing
    for row in table.rows:
        yield _one_line(row[0].text)
        for heading, cell in zip(table.headings[1:], row[1:], strict=True):
            yield _one_line(f"  {heading.text}: {cell.text}")


def _one_line(text: str) -> str:
    """What a record holds cannot begin a line of its own."""
    return text.replace("\n", " ").replace("\t", " ")
