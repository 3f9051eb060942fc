"""A SEN2 return rehearsed: the figures that it will publish, why they moved since last year, and every query case by case."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ehcptime.errors import CommandError
from ehcptime.questions.change import explain_change
from ehcptime.questions.check import check
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.official import dfe_assessments, dfe_requests, dfe_timeliness
from ehcptime.questions.official_layout import LAYOUTS, UNAVAILABLE, Figure, layout_of
from ehcptime.questions.opened import case_ids
from ehcptime.questions.sen2_years import check_last_year, day_taken, year_returned
from ehcptime.records.checks import SEVERITIES
from ehcptime.records.extract import Extract
from ehcptime.tracking.track import track
from ehcptime.tracking.words import count, long_date, paragraphs

FILES = ("timeliness", "requests", "assessments")
COLUMNS = ("file", "figure", "published", "last_year", "change", "measure")
_ASK = {"timeliness": dfe_timeliness, "requests": dfe_requests, "assessments": dfe_assessments}
_PLURALS = {"error": "errors", "query": "queries", "info": "to know"}


@dataclass(frozen=True, eq=False)
class Sen2Rehearsal:
    """What a return will say; `str()` gives the sentences of the sign-off sheet.

    `figures` has one row for each figure that DfE will publish: `file`, `figure` (DfE's name), `published` and `last_year` (text as
    in the file, `x` where nothing can be divided), `change`, and the `measure` of a percentage. `why` says for each such measure why it
    moved. `queries` are the findings of `check`, one row each with its case id. `notes` are what a signatory must know.
    """

    year: int
    as_at: date
    figures: pd.DataFrame
    why: Mapping[str, str]
    queries: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def counts(self) -> pd.DataFrame:
        """Queries by kind, errors first: `severity`, `code`, `message` of the first, `rows`, and the `case_ids` that they open into."""
        groups = self.queries.groupby(["severity", "code"], sort=False, observed=True)
        rows = [
            (
                severity,
                code,
                found["message"].iloc[0],
                len(found),
                list(dict.fromkeys(found["case_id"].astype(str))),
            )
            for (severity, code), found in groups
        ]
        table = pd.DataFrame(rows, columns=["severity", "code", "message", "rows", "case_ids"])
        order = table["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
        return (
            table.assign(order=order).sort_values(["order", "code"], ignore_index=True).drop(columns="order")
        )

    def cases(self, code: str) -> list[str]:
        """Give the ids of the cases that a query is about, each once; raises CommandError for a code that was not found."""
        found = self.queries.loc[self.queries["code"] == code, "case_id"].astype(str)
        if found.empty:
            raise CommandError(f"there is no query {code!r} in this return: use one of its codes")
        return list(dict.fromkeys(found))

    def __str__(self) -> str:
        """The sentences: queries, what moved, and the notes."""
        found = self.queries["severity"].value_counts()
        said = ", ".join(f"{found.get(name, 0)} {_PLURALS[name]}" for name in SEVERITIES)
        lines = [f"{MEASURES[name].title}: {why}" for name, why in self.why.items()]
        return "\n".join(
            [f"Return for {self.year}, position at {long_date(self.as_at)}: {said}.", *lines, *self.notes]
        )

    def _repr_html_(self) -> str:
        return paragraphs(self)


def sen2_rehearsal(
    extract: Extract,
    *,
    as_at: date,
    last_year: Extract | None = None,
    year: int | None = None,
    last_as_at: date | None = None,
    edition: int = 2025,
) -> Sen2Rehearsal:
    """Rehearse a SEN2 return: its published figures, the change on last year's with its reason, and every query.

    `year` is the calendar year that the return covers: the one before until March, then that of `as_at`. Figures are at its last day,
    or at `as_at` while it has not ended. `last_year` is the return of the year before, taken on `last_as_at` (the day that it
    records, unless given). `edition` is that of the columns, or the newest before it that is known of a file.

    Raises InputError for a last return of another authority or collection year, and for an `as_at` after the day of the extract;
    CommandError for a `year` after `as_at` or an edition that is not known.

    >>> from ehcptime.datasets.simulate import simulate
    >>> found = sen2_rehearsal(simulate(300, as_at=date(2025, 1, 16), seed=1), as_at=date(2025, 1, 16))
    >>> found.year, found.figures["file"].unique().tolist(), found.notes
    (2024, ['timeliness', 'requests', 'assessments'], ('No return of last year was given, so no change is shown.',))
    """
    extract.check_day(as_at)
    covers = year_returned(as_at) if year is None else year
    if date(covers, 1, 1) > as_at:
        raise CommandError(f"the year {covers} has not begun at {as_at}: give a year that has")
    tracked = _at(extract, covers, as_at)
    figures = _figures(tracked, covers, edition)
    notes, before = _last(extract, covers, as_at, last_year, last_as_at)
    earlier = None if before is None else _figures(before, covers - 1, edition)
    return Sen2Rehearsal(
        year=covers,
        as_at=as_at,
        figures=_beside(figures, earlier),
        why={} if before is None else dict(_why(before, tracked, covers, figures)),
        queries=_queries(extract, as_at),
        notes=(*notes, *_so_far(covers, as_at)),
    )


def _at(extract: Extract, year: int, as_at: date) -> pd.DataFrame:
    """The cases at the end of the year, which is the position that is published; or now, where it has not ended."""
    day = min(as_at, date(year, 12, 31))
    return track(extract.cases, as_at=day, exemptions=extract.exemptions, closures=extract.closures)


def _last(
    extract: Extract, year: int, as_at: date, last_year: Extract | None, last_as_at: date | None
) -> tuple[tuple[str, ...], pd.DataFrame | None]:
    if last_year is None:
        return ("No return of last year was given, so no change is shown.",), None
    day = day_taken(last_year, as_at) if last_as_at is None else last_as_at
    notes = check_last_year(extract, year, last_year, day)
    return notes, _at(last_year, year - 1, day)


def _figures(tracked: pd.DataFrame, year: int, edition: int) -> pd.DataFrame:
    rows = []
    for file in FILES:
        layout = layout_of(file, _edition(file, edition))
        table = _ASK[file](tracked, edition=layout.edition)
        found = table[table["time_period"] == str(year)]
        for column, figure in layout.columns.items():
            nothing = "0" if figure.kind == "count" else UNAVAILABLE
            value = str(found[column].iloc[0]) if len(found) else nothing
            rows.append((file, column, value, _measure(figure)))
    return pd.DataFrame(rows, columns=["file", "figure", "published", "measure"])


def _edition(file: str, edition: int) -> int:
    """The newest edition of a file up to the one asked for, since not every file of the last release is known."""
    return max((known for known in LAYOUTS[file] if known <= edition), default=edition)


def _measure(figure: Figure) -> str:
    """The measure whose percentage this is; blank for counts, shares of outcomes and means."""
    measure, _, part = figure.of[0].partition(".")
    return measure if figure.kind == "percent" and measure in MEASURES and part == "on_time" else ""


def _beside(figures: pd.DataFrame, earlier: pd.DataFrame | None) -> pd.DataFrame:
    last = pd.Series("", index=figures.index, dtype=str) if earlier is None else earlier["published"]
    now, then = (
        pd.to_numeric(values, errors="coerce").astype("Float64") for values in (figures["published"], last)
    )
    return figures.assign(last_year=last, change=(now - then).round(1))[list(COLUMNS)]


def _why(
    before: pd.DataFrame, after: pd.DataFrame, year: int, figures: pd.DataFrame
) -> Iterator[tuple[str, str]]:
    """Explain each percentage that is of a measure between the cases of the two years; ids of two returns have nothing in common."""
    before = before.assign(case_id="last year: " + before["case_id"].astype(str))
    for measure in dict.fromkeys(figures.loc[figures["measure"] != "", "measure"]):
        sides = [_of_year(frame, measure, label) for frame, label in ((before, year - 1), (after, year))]
        found = explain_change(sides[0], sides[1], measure)
        yield measure, f"{found} {found.why}"


def _of_year(tracked: pd.DataFrame, measure: str, year: int) -> pd.DataFrame:
    try:
        ids = case_ids(tracked, measure, period="Y", label=str(year))
    except CommandError:  # nothing of it falls in the year
        ids = []
    return tracked[tracked["case_id"].isin(ids)]


def _queries(extract: Extract, as_at: date) -> pd.DataFrame:
    return check(
        extract.cases,
        as_at=as_at,
        advice=extract.advice,
        exemptions=extract.exemptions,
        closures=extract.closures,
        unread=extract.unread,
    )


def _so_far(year: int, as_at: date) -> Iterator[str]:
    left = (date(year, 12, 31) - as_at).days
    if left > 0:
        yield f"The year has {count(left)} to go at {long_date(as_at)}: these are the figures so far."
