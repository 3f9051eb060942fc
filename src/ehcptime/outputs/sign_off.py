"""The sign-off sheet of a SEN2 return: what will be published, what moved, what is queried, and room for a signature."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ehcptime.outputs.cited_sections import Refer, cited
from ehcptime.outputs.markers import BANNER, MADE_UP
from ehcptime.outputs.pages.parts import Section, table_of
from ehcptime.outputs.pages.rendering import rendered
from ehcptime.outputs.report import MARKING
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.sen2_rehearsal import Sen2Rehearsal
from ehcptime.records.saving import save_text
from ehcptime.tracking.words import long_date

_HEADINGS = {
    "figure": "Figure",
    "published": "Will be published",
    "last_year": "Last year",
    "change": "Change",
}
_QUERIES = {"code": "Query", "message": "What to look at", "rows": "Rows", "case_ids": "Cases"}
_BASES = {"requests_received_in_year": "Requests received (count)", "assess_in_year": "Assessments (count)"}
_SIGN = (
    ("Checked by, role and date", "........................................"),
    ("Signed for the authority, role and date", "........................................"),
)


def sign_off_page(found: Sen2Rehearsal, *, refer: Refer | None = None) -> str:
    """Make the page, for internal use: the sheet first (one printed page), then every figure, and every query with its case ids.

    `refer` gives the rows of a table their references, given its name and the columns that say what a row is about; they are then printed.
    Raises CommandError where the extra `report` is missing.

    >>> from datetime import date
    >>> from ehcptime.datasets.simulate import simulate
    >>> from ehcptime.questions.sen2_rehearsal import sen2_rehearsal
    >>> page = sign_off_page(sen2_rehearsal(simulate(300, as_at=date(2025, 1, 16), seed=1), as_at=date(2025, 1, 16)))
    >>> page.count("<h1>"), "Signed for the authority" in page
    (1, True)
    """
    return rendered(
        "page.html",
        title="SEN2 return rehearsed",
        about="The figures that the Department for Education will publish from this return, as they stand.",
        when=f"Calendar year {found.year}",
        as_at=long_date(found.as_at),
        audience="internal",
        marking=MARKING,
        banner=BANNER if found.queries["case_id"].astype(str).str.startswith(MADE_UP).any() else "",
        for_whom="It names cases and stays inside the authority.",
        sections=cited([_sheet(found), _figures(found), _queries(found)], refer),
        version=version("ehcptime"),
    )


def write_sign_off(found: Sen2Rehearsal, path: str | Path) -> None:
    """Write the page to a file, whole or not at all; raises InputError where it cannot be written."""
    save_text(sign_off_page(found), Path(path))


def sign_off_tables(found: Sen2Rehearsal) -> Mapping[str, pd.DataFrame]:
    """The same as tables for a file: `figures`, and `queries`, one row for each query with its case id."""
    return {"figures": found.figures, "queries": found.queries}


def _sheet(found: Sen2Rehearsal) -> Section:
    """One page: the percentages that make the news, how many queries, and who signs."""
    figures = _signed(found.figures)
    chosen = figures[figures["measure"].ne("") | figures["figure"].isin(_BASES)]
    titles = {name: f"{measure.title} (per cent)" for name, measure in MEASURES.items()}
    named = chosen.assign(figure=chosen["measure"].map(titles).fillna(chosen["figure"].map(_BASES)))
    first, *_ = str(found).splitlines()
    return Section(
        "sign-off",
        "Sign-off sheet",
        (first, *found.notes),
        terms=_SIGN,
        tables=(table_of("headline", "Main figures", named, _HEADINGS),),
    )


def _figures(found: Sen2Rehearsal) -> Section:
    tables = tuple(
        table_of(str(file), f"Figures of DfE's file on {file}", rows, _HEADINGS)
        for file, rows in _signed(found.figures).groupby("file", sort=False)
    )
    why = tuple(f"{MEASURES[name].title}: {text}" for name, text in found.why.items())
    if why:
        why += (
            "A change in a table is between two figures as published; a sentence counts with the exact shares.",
        )
    return Section("figures", "Every figure, and why it moved", why, tables=tables)


def _signed(figures: pd.DataFrame) -> pd.DataFrame:
    """Changes as they are printed: with their sign, and blank where there is none to tell."""
    return figures.assign(change=["" if pd.isna(value) else f"{value:+g}" for value in figures["change"]])


def _queries(found: Sen2Rehearsal) -> Section:
    counts = found.counts
    shown = counts.assign(
        code=counts["code"].str.replace("_", " "),
        case_ids=[
            ", ".join(name for name in ids if name) or "the extract as a whole" for ids in counts["case_ids"]
        ],
    )
    tables = tuple(
        table_of(str(name), f"Of severity {name}: what was found, and in which cases", rows, _QUERIES)
        for name, rows in shown.groupby("severity", sort=False)
    )
    said = () if len(counts) else ("No query was found.",)
    return Section("queries", "Every query, with its cases", said, tables=tables)
