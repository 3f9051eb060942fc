"""Who waits longer: groups of children and young people beside all of them, for the Public Sector Equality Duty."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pandas as pd

from ehcptime.outputs.pages.broad_groups import broad
from ehcptime.outputs.pages.parts import Maker, Section, Sentence, Table, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.references import COLUMN as REFERENCE
from ehcptime.questions.equality import EqualityView
from ehcptime.questions.equality_differences import lines_of
from ehcptime.questions.grouping import NOT_RECORDED
from ehcptime.questions.periods import ALL
from ehcptime.tracking.words import long_date

PREFIX = "equality_"
_WHY = (
    "For the duty in section 149 of the Equality Act 2010. Plans that fell due, of all on record, and requests open on {day}, by what is "
    "recorded of the child or young person. The range beside a percentage is where it would lie by chance in 95 of 100 such caseloads. "
    "It says who waits and not why."
)
_BROAD = (
    "Small groups are put together as other groups, since single ones could not be printed; a characteristic with too few cases in all "
    "but one group is left out."
)
_NOTHING = "No group differs from all cases beyond chance, among the figures that can be printed."
_LISTED = "Groups that differ from all cases beyond chance:"
_RANGE = {"percent_low": "Range from", "percent_high": "to"}
_HEADINGS = {
    "due": {"numerator": "Issued on time", "denominator": "Plans due", "percent": "On time, per cent"}
    | _RANGE,
    "open": {"numerator": "Over 52 weeks", "denominator": "Open", "percent": "Over 52 weeks, per cent"}
    | _RANGE
    | {"median_weeks": "Median weeks open"},
}
CODES = tomllib.loads((files("ehcptime.outputs.pages") / "code_names.toml").read_text(encoding="utf-8"))
_CAPTIONS = {"due": "Plans due and on time, by {}", "open": "Open requests and those over 52 weeks, by {}"}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """A table for each characteristic that is held, of plans due and of open requests; in public of groups that are not small."""
    found = {f"{PREFIX}{name}": _there(table) for name, table in run.equality.tables.items()}
    if run.is_internal:
        return found
    made = ((name, broad(table)) for name, table in found.items())
    return {name: table for name, table in made if table is not None}


def _there(table: pd.DataFrame) -> pd.DataFrame:
    """Groups in which somebody is; the whole stays."""
    return table[table["denominator"].gt(0) | table.iloc[:, 0].eq(ALL)].reset_index(drop=True)


def section(run: Run, printed: Tables) -> Section:
    """The differences beyond chance in sentences made of the printed tables, then the tables."""
    found = {
        name: _in_words(printed[f"{PREFIX}{name}"], _column(name))
        for name in run.equality.tables
        if f"{PREFIX}{name}" in printed
    }
    plain = {name: table.drop(columns=REFERENCE) for name, table in found.items()}
    said_of = [
        _WHY.format(day=long_date(run.as_at)),
        *([] if run.is_internal else [_BROAD]),
        *_sentences(run.equality.with_tables(plain), found),
    ]
    return Section(
        "equality",
        "Who waits longer",
        tuple(said_of),
        tables=tuple(_table(name, table) for name, table in found.items()),
    )


def _sentences(view: EqualityView, found: Tables) -> Iterator[str | Sentence]:
    """Those of groups that differ beyond chance; then what is not held, and what chance alone would show."""
    gaps = view.differences
    lines = lines_of(gaps, view.not_held, view.level)
    beyond = gaps["beyond_chance"].fillna(value=False).to_numpy(dtype=bool)
    yield _LISTED if beyond.any() else _NOTHING
    refs = _references(found)
    for place in beyond.nonzero()[0]:
        yield Sentence(lines[place], refs[place : place + 1])
    yield from lines[len(gaps) :]


def _references(found: Tables) -> tuple[str, ...]:
    """The reference of each group, in the order of the differences."""
    return tuple(
        ref
        for name, table in found.items()
        for ref, group in zip(table[REFERENCE], table[_column(name)], strict=True)
        if group != ALL
    )


def _in_words(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Codes of a return with what they mean; anything else as it was recorded."""
    names = {code: f"{words} ({code})" for code, words in CODES.get(column, {}).items()}
    return table.assign(**{column: table[column].astype(str).replace(names)})


def _column(name: str) -> str:
    return name.rpartition("_")[0]


def _table(name: str, table: pd.DataFrame) -> Table:
    column, kind = _column(name), name.rpartition("_")[2]
    words = column.replace("_", " ")
    shown = table.assign(**{column: table[column].replace({ALL: "All", NOT_RECORDED: "not recorded"})})
    headings = {column: words.capitalize(), **_HEADINGS[kind]}
    return table_of(f"{PREFIX}{name}".replace("_", "-"), _CAPTIONS[kind].format(words), shown, headings)


MAKER = Maker(tables, section)
