"""Sections of a page with their references: one for every row of a table, and one for every sentence with a number in it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from ehcptime.outputs.pages.parts import Cell, Section, Sentence, Table

# Gives the references of the rows of a table, of its name and of the columns that say what a row is about.
Refer = Callable[[pd.DataFrame, str, Sequence[str]], Sequence[str]]

PAGE = "page "  # what the names of its answers begin with
_HEADING = Cell("Reference", is_number=False, is_reference=True)


def cited(sections: Sequence[Section], refer: Refer | None) -> list[Section]:
    """Give sections their references; without `refer` they are as they were.

    >>> section = Section("a", "A", ("Of 9 cases 3 are late.", "Nobody knows why."))
    >>> [str(one) for one in cited([section], lambda table, name, labels: ["QX7K-2MDA"])[0].paragraphs]
    ['Of 9 cases 3 are late. [QX7K-2MDA]', 'Nobody knows why.']
    """
    return list(sections) if refer is None else [_section(one, refer) for one in sections]


def _section(section: Section, refer: Refer) -> Section:
    said = [str(text) for text in section.paragraphs]
    terms = [f"{term}: {text}" for term, text in section.terms]
    refs = _sentences([*said, *terms], f"{PAGE}{section.name}", refer)
    return replace(
        section,
        paragraphs=tuple(map(Sentence, said, refs)),
        terms=tuple(
            (Sentence(str(term), of_term), text)
            for (term, text), of_term in zip(section.terms, refs[len(said) :], strict=True)
        ),
        tables=tuple(_table(table, refer) for table in section.tables),
    )


def _sentences(texts: Sequence[str], name: str, refer: Refer) -> list[tuple[str, ...]]:
    """The reference of each sentence by its place among those of the section; none for one without a number."""
    counts = [place for place, text in enumerate(texts) if any(letter.isdigit() for letter in text)]
    frame = pd.DataFrame(
        {"line": [str(place + 1) for place in counts], "text": [texts[place] for place in counts]}
    )
    found = dict(zip(counts, refer(frame, name, ["line"]), strict=True)) if counts else {}
    return [(found[place],) if place in found else () for place in range(len(texts))]


def _columns(headings: Sequence[str]) -> list[str]:
    """Headings as names of columns, no two the same."""
    return [f"{name} {place}" if name in headings[:place] else name for place, name in enumerate(headings)]


def _table(table: Table, refer: Refer) -> Table:
    """A row is about what stands in its first cell."""
    if not table.rows:
        return table
    columns = _columns([heading.text for heading in table.headings])
    frame = pd.DataFrame([[cell.text for cell in row] for row in table.rows], columns=columns, dtype=str)
    refs = refer(frame, f"{PAGE}{table.name}", columns[:1])
    rows = tuple(
        (*row, Cell(ref, is_number=False, is_reference=True))
        for row, ref in zip(table.rows, refs, strict=True)
    )
    return replace(table, headings=(*table.headings, _HEADING), rows=rows)
