"""What the year can still reach: plans of the calendar year so far, and what those in hand can make of it."""

from typing import Any

import pandas as pd

from ehcptime.outputs.pages.figures import TOTAL, trend_name
from ehcptime.outputs.pages.parts import Maker, Section, Sentence, Tables, table_of
from ehcptime.outputs.pages.run import Run
from ehcptime.outputs.pages.words import number
from ehcptime.questions.backlog import backlog
from ehcptime.questions.measures import MEASURES
from ehcptime.questions.periods import last_day
from ehcptime.questions.year_bounds import year_bounds
from ehcptime.tracking.words import long_date

MEASURE = MEASURES["plans_issued_20wk_exc"]
SO_FAR, IN_HAND, BOUNDS = "year_so_far", "year_in_hand", "year_bounds"
_SUMS = ("on_time", "issued", "percent")
_BOUNDS = ("lowest", "highest", "highest_all_issued", "target", "needed", "needed_all_issued")
_WHY = (
    "Worked out from the plans issued since 1 January and from the requests in hand. It is exact arithmetic and no forecast: each plan "
    "still to come may go out on any day of the rest of the year, or not in it."
)
_HIDDEN = "What the year can still reach is not shown, because it would rest on a number that is hidden."
_IN_HAND_HEADINGS = {"in_hand": "A plan this year", "open": "Open requests"}
_BOUNDS_HEADINGS = {
    "period": "Year",
    "on_time": "On time so far",
    "issued": "Issued so far",
    "percent": "Per cent so far",
    "lowest": "Lowest, per cent",
    "highest": "Highest, per cent",
    "highest_all_issued": "Highest if all in hand are issued, per cent",
    "target": "Local target, per cent",
    "needed": "Plans on time it needs",
    "needed_all_issued": "Plans on time it needs if all in hand are issued",
}


def tables(run: Run) -> dict[str, pd.DataFrame]:
    """Every open request by what its plan can still be, which add up to all; and plans of the year, unless the trend holds them."""
    found = _found(run)
    rows = _in_hand(found, int(backlog(run.tracked, by=None)["open"].sum()))
    in_hand = pd.DataFrame(rows.items(), columns=["in_hand", "open"])
    made = {IN_HAND: in_hand.assign(as_at=pd.Timestamp(run.as_at))}
    return made if _ends(run) else made | {SO_FAR: _so_far(found, run)}


def _ends(run: Run) -> bool:
    """Whether the last period ends on the day, so that the trend holds every plan of the year; a table of them would say no more."""
    return last_day(run.as_at, run.preset.period) == run.as_at


def _so_far(found: dict[str, Any], run: Run) -> pd.DataFrame:
    row = {"period": str(found["year"]), "numerator": found["on_time"], "denominator": found["issued"]}
    return pd.DataFrame([row]).assign(measure=MEASURE.id, as_at=pd.Timestamp(run.as_at))


def _found(run: Run) -> dict[str, Any]:
    target = next((kpi.target for kpi in run.kpis if kpi.measure == MEASURE.id), None)
    (row,) = year_bounds(run.tracked, MEASURE, target=target, year=run.as_at.year).to_dict("records")
    return {str(name): value for name, value in row.items()}


def _in_hand(found: dict[str, Any], every: int) -> dict[str, int]:
    either = found["can_be_late"] - found["only_late"]
    rows = {
        "can be on time or late": either,
        "can only be on time": found["can_be_on_time"] - either,
        "can only be late": found["only_late"],
    }
    return {
        **rows,
        "cannot come this year, or would not be counted": every - sum(rows.values()),
        TOTAL: every,
    }


def more(run: Run, published: Tables) -> dict[str, pd.DataFrame]:
    """The bounds, where every number that gives them is printed."""
    rows = published[SO_FAR] if SO_FAR in published else _of_year(published, run.as_at.year)
    counts = [*rows["numerator"], *rows["denominator"], *published[IN_HAND]["open"]]
    if any(number(count) is None for count in counts):
        return {}
    found = _found(run)
    row = {"period": str(found["year"]), **{name: found[name] for name in (*_SUMS, *_BOUNDS)}}
    return {BOUNDS: pd.DataFrame([row | {"said": found["sentence"]}])}


def _of_year(published: Tables, year: int) -> pd.DataFrame:
    rows = published[trend_name(MEASURE)]
    return rows[rows["period"].str.startswith(str(year))]


def section(run: Run, printed: Tables) -> Section:
    """The bounds in a sentence, and the counts that give them."""
    year, day = run.as_at.year, long_date(run.as_at)
    rows = printed[IN_HAND]
    rows = rows.assign(in_hand=rows["in_hand"].replace(TOTAL, "All open requests").str.capitalize())
    caption = f"Open requests on {day}, by what a plan in {year} can still be"
    shown = [table_of(IN_HAND, caption, rows, _IN_HAND_HEADINGS)]
    lead: str | Sentence = _HIDDEN
    if BOUNDS in printed:
        (row,) = printed[BOUNDS].to_dict("records")
        lead = Sentence.of(row["said"], row)
        bounds = printed[BOUNDS].drop(
            columns=[] if number(row["target"]) else ["target", "needed", "needed_all_issued"]
        )
        shown.insert(0, table_of(BOUNDS, f"What {year} can still end on", bounds, _BOUNDS_HEADINGS))
    title = f"What the published figure for {year} can still be"
    return Section("year", title, (lead, _WHY, MEASURE.sentence), tables=tuple(shown))


MAKER = Maker(tables, section, more)
