"""Closures of schools and early-years settings: the window in which asking the head for advice may lift a limit.

Regulation 10(4)(a)-(b) (law.md section 3): the setting is closed for an unbroken four weeks or more, and the head was asked from a
week before it closed until a week before it re-opens. What counts is the day of asking; whether the last day does is unsettled.
"""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.law.book import LAW, RuleBook
from ehcptime.records.arrays import Codes, code_number, days_of, facts_of_frame
from ehcptime.records.frames import require, require_unique
from ehcptime.tracking.columns import as_at_day, as_dates
from ehcptime.tracking.exempt import governing, may_lift
from ehcptime.tracking.faults import closure_faults, refuse
from ehcptime.tracking.limits import RULES, judged
from ehcptime.tracking.situation import situation

WEEK, FOUR_WEEKS = 7, 28
OUTSIDE, UNSETTLED, INSIDE = range(3)
COLUMNS = ("case_id", "setting_id", "closed_from", "reopened_on", "asked", "certain", "rules", "note")
NOTE = "an exemption may be available: the authority must show that the closure made the limit impractical"
_EDUCATION = code_number("advice_type", "education", table="advice")
_CODES = ("SCHOOL_CLOSED", "EY_CLOSED")


def window(asked: Days, closed: Days, reopened: Days, as_at: int) -> Codes:
    """Whether the day of asking is in the window of a closure: OUTSIDE, UNSETTLED (the last day, or too early to tell) or INSIDE.

    `asked` is NOT_YET where it is not recorded. `reopened` is NOT_YET where the setting was still closed at `as_at`, and
    UNKNOWN where nobody recorded the day.

    >>> summer = np.array([20_000]), np.array([20_028])
    >>> [int(window(np.array([day]), *summer, 21_000)[0]) for day in (19_992, 19_993, 20_020, 20_021, 20_022)]
    [0, 2, 2, 1, 0]
    """
    is_over, is_asked = is_day(reopened), is_day(asked)
    still_closed = np.where(reopened == NOT_YET, np.int32(as_at), closed)
    earliest = np.where(is_over, reopened, still_closed + 1)
    is_long = earliest - closed >= FOUR_WEEKS
    opens, shuts = closed - WEEK, earliest - WEEK
    inside = is_long & (asked >= opens) & (asked < shuts)
    outside = is_asked & ((asked < opens) | (is_over & (asked > shuts)))
    outside |= is_over & ~is_long
    return np.where(inside, INSIDE, np.where(outside, OUTSIDE, UNSETTLED)).astype(np.int8)


def as_read(days: Days, as_at: int) -> Days:
    """Last days as they read at `as_at`: NOT_YET where still to come, UNKNOWN where nobody recorded one."""
    return np.where(days == NOT_YET, UNKNOWN, np.where(days > as_at, NOT_YET, days)).astype(np.int32)


def closures_begun(closures: pd.DataFrame, as_at: int) -> pd.DataFrame:
    """Closures that had begun by `as_at`: the setting, and day numbers in `closed` and `reopened`.

    Raises InputError where a closure ends on or before the day that it starts.
    """
    require(closures, "closures")
    refuse(closure_faults(closures))
    closed, reopened = (days_of(closures[name], name) for name in ("closed_from", "reopened_on"))
    read = pd.DataFrame(
        {
            "setting_id": closures["setting_id"].astype(object).to_numpy(),
            "closed": closed,
            "reopened": as_read(reopened, as_at),
        }
    )
    begun: Mask = (closed <= as_at) & read["setting_id"].notna().to_numpy()
    return read.loc[begun]


def closures_that_may_apply(
    cases: pd.DataFrame,
    advice: pd.DataFrame,
    closures: pd.DataFrame,
    *,
    as_at: date,
    law: RuleBook = LAW,
) -> pd.DataFrame:
    """List where the head was asked for advice in the window of a long closure, so that an exemption may be available.

    One row per asking and closure, with `rules`, the limits then running that it may lift, and `certain`, false on the last day of
    the window or while it is too early to tell. The setting is that of the asking, else that of the case. It grants nothing and
    changes no exemption. Raises InputError where a table lacks a column or a closure ends before it starts. Source: SI 2014/1530
    regs 5(4), 10(4) and 13(3).

    >>> cases = pd.DataFrame({"case_id": ["A"], "received_date": pd.to_datetime(["2025-04-02"]), "setting_id": ["S"]})
    >>> advice = pd.DataFrame({"case_id": ["A"], "advice_type": ["education"],
    ...     "requested_date": pd.to_datetime(["2025-07-17"])})
    >>> closures = pd.DataFrame({"setting_id": ["S"], "closed_from": pd.to_datetime(["2025-07-23"]),
    ...     "reopened_on": pd.to_datetime(["2025-09-03"])})
    >>> closures_that_may_apply(cases, advice, closures, as_at=date(2025, 10, 1))[["case_id", "certain", "rules"]].values.tolist()
    [['A', True, 'plan_refusal, plan_final']]
    """
    day = as_at_day(as_at)
    require(cases, "cases")
    require_unique(cases, "case_id")
    require(advice, "advice")
    asked = _heads_asked(cases, advice, day)
    pairs = asked.merge(closures_begun(closures, day), on="setting_id")
    days = {name: pairs[name].to_numpy(dtype=np.int32) for name in ("asked", "closed", "reopened")}
    state = window(days["asked"], days["closed"], days["reopened"], day)
    rules = _running(cases, pairs["place"].to_numpy(), days["asked"], day, law)
    kept: Mask = (state != OUTSIDE) & (rules != "")
    answer = {
        "case_id": cases["case_id"].iloc[pairs["place"]].reset_index(drop=True),
        "setting_id": pairs["setting_id"].astype(object),
        "closed_from": as_dates(days["closed"]),
        "reopened_on": as_dates(days["reopened"]),
        "asked": as_dates(days["asked"]),
        "certain": state == INSIDE,
        "rules": pd.Series(rules, dtype=object),
        "note": pd.Series(NOTE, index=pairs.index, dtype=object),
    }
    listed = pd.DataFrame(answer, columns=list(COLUMNS))
    return listed.loc[kept].reset_index(drop=True)


def heads_asked(advice: pd.DataFrame, as_at: int) -> tuple[npt.NDArray[np.intp], Days]:
    """Rows of advice in which a head was asked by `as_at`, and the day of each."""
    facts = facts_of_frame(advice, "advice")
    asked = np.broadcast_to(facts.days["requested_date"], len(advice))
    rows = np.flatnonzero((facts.codes["advice_type"] == _EDUCATION) & (asked <= as_at))
    return rows, asked[rows]


def setting_of(frame: pd.DataFrame) -> "pd.Series[Any]":
    """The setting of each row, blank where the frame has none."""
    column = frame["setting_id"] if "setting_id" in frame else pd.Series(None, index=frame.index)
    return column.astype(object)


def _heads_asked(cases: pd.DataFrame, advice: pd.DataFrame, as_at: int) -> pd.DataFrame:
    rows, days = heads_asked(advice, as_at)
    places = pd.Index(cases["case_id"]).get_indexer(pd.Index(advice["case_id"].iloc[rows]))
    known = places >= 0
    own = setting_of(advice).iloc[rows[known]].to_numpy()
    settings = np.where(pd.isna(own), setting_of(cases).iloc[places[known]].to_numpy(), own)
    return pd.DataFrame({"place": places[known], "setting_id": settings, "asked": days[known]})


def _running(
    cases: pd.DataFrame, places: npt.NDArray[np.intp], asked: Days, as_at: int, law: RuleBook
) -> npt.NDArray[np.object_]:
    """Limits that a closure can lift and that were running, not yet met, when the head was asked."""
    now = situation(facts_of_frame(cases, "cases"), as_at)
    found = judged(now, as_at, law, "receipt_excluded")
    names = np.full(len(places), "", dtype=object)
    for number, rule in enumerate(RULES):
        start, due, done = (part[number, places] for part in (found.start, found.due, found.done))
        runs = (start <= asked) & (asked <= due) & is_day(due) & ((done >= asked) | (done == UNKNOWN))
        lifted = np.zeros(len(cases), dtype=np.bool_)
        for where, governs in governing(rule, now, found, law):
            lifted |= where & _closure_lifts(governs, found.start[number], found.due[number], law)
        names[runs & lifted[places]] += f", {rule}"
    return np.array([name.removeprefix(", ") for name in names], dtype=object)


def _closure_lifts(rule: str, starts: Days, due: Days, law: RuleBook) -> Mask:
    return may_lift(rule, _CODES[0], starts, due, law) | may_lift(rule, _CODES[1], starts, due, law)
