"""The tables of a comparison with DfE's figures: side by side, case by case, and by each rule for leaving cases out."""

from collections.abc import Iterator, Sequence
from itertools import product
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Mask, is_day
from ehcptime.questions.grouping import texts
from ehcptime.questions.mean_weeks import population
from ehcptime.questions.measures import FLAGS
from ehcptime.questions.official_file import Area, Published
from ehcptime.questions.parts import parts
from ehcptime.questions.periods import UNDATED, periods_of
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.records.arrays import days_of

MEASURES = ("plans_issued_20wk_inc", "plans_issued_20wk_exc")
# DfE's footnote says "no mediation or tribunal"; which of the flags it means is not settled, so each rule is counted.
RULES = MappingProxyType(
    {
        "any of the six flags": FLAGS,
        "about a refusal to assess or to issue": FLAGS[:4],
        "about a refusal to assess": FLAGS[:2],
        "about a refusal to issue": FLAGS[2:4],
        "about anything else": FLAGS[4:],
        "mediation": FLAGS[::2],
        "tribunal": FLAGS[1::2],
        "none": (),
    }
)
_BASES = MappingProxyType(
    {
        MEASURES[0]: ("plans_issued_den", "plans_issued_within_20_weeks"),
        MEASURES[1]: ("plans_issued_den_ex", "plans_issued_20_weeks_ex"),
    }
)
_INSIDE = ("on_time", "late", "unknown")

_Years = Sequence[str]


def side_by_side(
    published: Published, areas: Sequence[Area], ours: pd.DataFrame, years: _Years, incomplete: _Years
) -> pd.DataFrame:
    """One row per area, year and column; `ours` has the years as its index, and belongs to the first area."""
    blocks = [_of_area(published, area, years) for area in areas]
    columns = list(published.columns)
    mine = ours[columns].rename_axis("year").reset_index().melt("year", var_name="column", value_name="ours")
    mine["ours"] = pd.to_numeric(mine["ours"], errors="coerce").astype("Float64")
    table = pd.concat(blocks, ignore_index=True).merge(
        mine.assign(level="authority"), how="left", on=["year", "level", "column"]
    )
    table["difference"] = (table["ours"] - table["published"]).round(1)
    own = table["level"].eq("authority")
    notes = zip(
        table["published"].isna(),
        own & table["ours"].isna(),
        own & table["year"].isin(incomplete),
        strict=True,
    )
    table["note"] = texts([_note(*row) for row in notes])
    order = table["year"].map({year: place for place, year in enumerate(years)})
    return table.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)


def _of_area(published: Published, area: Area, years: _Years) -> pd.DataFrame:
    rows = area.rows[area.rows["time_period"].isin(years)]
    figures = {column: published.numbers(rows, column) for column in published.columns}
    wide = pd.DataFrame(figures).assign(year=rows["time_period"])
    table = wide.melt(id_vars="year", var_name="column", value_name="published")
    return table.assign(area=area.name, level=area.level)[["year", "area", "level", "column", "published"]]


def _note(not_published: bool, not_ours: bool, incomplete: bool) -> str:
    said = (
        (not_published, "not published"),
        (not_ours, "nothing to divide here"),
        (incomplete, "the year had not ended"),
    )
    return "; ".join(words for holds, words in said if holds)


def traced(tracked: pd.DataFrame, flags: Sequence[str] | None, years: _Years) -> pd.DataFrame:
    """Every case coded as issued in these years, or with no day of issue: its part, and why, in both measures."""
    cases = tracked_cases(tracked)
    every, without = (parts(tracked, population(measure, flags)) for measure in MEASURES)
    days = days_of(every["falls_on"], "falls_on") - cases.days("received_date")
    table = pd.DataFrame(
        {
            "year": year_of(every),
            "case_id": tracked["case_id"].to_numpy(),
            "part": every["part"].to_numpy(),
            "reason": every["reason"].to_numpy(),
            "part_exc": without["part"].to_numpy(),
            "reason_exc": without["reason"].to_numpy(),
            "days": pd.arrays.IntegerArray(days.astype(np.int64), ~is_day(days)),
            "flags": _set_flags(cases),
        }
    )
    kept = cases.is_code("assessment_outcome", "Y") & table["year"].isin([*years, UNDATED]).to_numpy()
    return table[kept].reset_index(drop=True)


def _set_flags(cases: Tracked) -> npt.NDArray[np.object_]:
    """Names of the flags that are set on each case, as one text; there are 64 of them."""
    bits = [1 << place for place in range(len(FLAGS))]
    number = sum(cases.is_set(flag) * bit for flag, bit in zip(FLAGS, bits, strict=True))
    names = [
        ", ".join(flag for flag, bit in zip(FLAGS, bits, strict=True) if code & bit)
        for code in range(1 << len(FLAGS))
    ]
    return np.asarray(np.array(names, dtype=object)[number])


def year_of(decided: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Give the calendar year in which each row falls, as text."""
    found = periods_of(days_of(decided["falls_on"], "falls_on"), "Y")
    return np.array([*found.labels, UNDATED], dtype=object)[found.place]


def by_rule(tracked: pd.DataFrame, published: Published, own: Area, years: _Years) -> pd.DataFrame:
    """Base and on-time counts of each year as each rule leaves cases out, beside those that are published."""
    lines = [line for measure in MEASURES for line in _lines(tracked, measure, years)]
    theirs = own.rows.set_index("time_period")
    table = pd.DataFrame(lines)
    for name, place in (("published_numerator", 1), ("published_denominator", 0)):
        figures = {measure: published.numbers(theirs, columns[place]) for measure, columns in _BASES.items()}
        cells = [
            figures[measure][year] for measure, year in zip(table["measure"], table["year"], strict=True)
        ]
        table[name] = pd.array(cells, dtype="Int64")
    same = [table[name].eq(table[f"published_{name}"]) for name in ("numerator", "denominator")]
    return table.assign(matches=(same[0] & same[1]).fillna(value=False).astype(bool))


def _lines(tracked: pd.DataFrame, measure: str, years: _Years) -> Iterator[dict[str, Any]]:
    cases = tracked_cases(tracked)
    decided = parts(tracked, population(measure, ()))
    year, inside = year_of(decided), decided["part"].isin(_INSIDE).to_numpy()
    on_time = decided["part"].eq("on_time").to_numpy()
    for one, rule in product(years, RULES):
        there = inside & (year == one)
        out = _any_of([cases.is_set(flag) for flag in RULES[rule]], cases.size)
        yield {
            "year": one,
            "measure": measure,
            "left_out_by": rule,
            "left_out": int((there & out).sum()),
            "numerator": int((there & on_time & ~out).sum()),
            "denominator": int((there & ~out).sum()),
        }


def _any_of(masks: Sequence[Mask], size: int) -> Mask:
    return np.any(masks, axis=0) if len(masks) else np.zeros(size, dtype=bool)
