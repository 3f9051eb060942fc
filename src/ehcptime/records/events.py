"""Cases made from an event log, and an event log from cases, for systems and process-mining tools that keep events."""

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET
from ehcptime.errors import InputError
from ehcptime.records.arrays import days_of
from ehcptime.records.columns import COLUMNS, names, required
from ehcptime.records.event_names import EVENTS, dated_columns, event_name, names_for, reversal_event
from ehcptime.records.event_stories import days_by_case, with_closings, with_outcomes, with_reversals
from ehcptime.records.values import rows_named

_OUTCOMES = {  # the events of Y and N, of a code that cannot be read, and of the codes that decide nothing
    "request_outcome_date": {"y": "decided_to_assess", "n": "refused_to_assess", "": "request_decided"},
    "assessment_outcome_date": {"y": "plan_issued", "n": "refused_to_issue", "": "assessment_decided"},
}
_UNDECIDED = frozenset({"a", "w", "h"})
_PICKED = {*_OUTCOMES, "draft_sent_date", "plan_issued_date", "reversal_date", "closed_date"}
_RANKS = {name: rank for rank, name in enumerate(EVENTS)}


def cases_from_events(events: pd.DataFrame) -> pd.DataFrame:
    """Make one case of each `case_id` in an event log; the answer does not depend on the order of its rows.

    `events` has `case_id`, `event` and `date`; `event_names.toml` lists the events. The first final plan stops the clock,
    and a plan amended later changes nothing; the draft is the last one sent on or before that day. The first decision to
    assess or not stands, as in SEN2, and what follows a refusal is its reversal: a decision the other way is one by an
    unknown route. Where both refusals were reversed, that of the one to issue is recorded. A code is given only where an
    event decides it.

    Raises:
        InputError: a column is missing, a row has no case or no date or an event that is not known, or a plan was
            amended before any was issued, so that the first is not in the log.

    >>> log = pd.DataFrame({"case_id": "C1", "event": ["request_received", "draft_sent", "plan_issued", "plan_issued"],
    ...     "date": pd.to_datetime(["2025-04-02", "2025-08-05", "2025-08-20", "2026-01-14"])})
    >>> cases_from_events(log)["plan_issued_date"].dt.strftime("%d %b %Y").tolist()
    ['20 Aug 2025']
    """
    log = _log(events)
    index = pd.Index(sorted(log["case_id"].unique()), name="case_id", dtype=object)
    plain = {
        name: days_by_case(log, names_for(name), index) for name in dated_columns() if name not in _PICKED
    }
    cases = with_outcomes(pd.DataFrame(plain, index=index), log)
    cases = with_closings(with_reversals(cases, log), log).reset_index()
    filled = [
        name
        for name in names("cases")
        if name in cases and (name in required("cases") or cases[name].notna().any())
    ]
    return cases[filled]


def _log(events: pd.DataFrame) -> pd.DataFrame:
    """Give the log with known names, sorted by case, day and the order of the names."""
    if missing := [name for name in required("events") if name not in events.columns]:
        raise InputError(f"the events have no column {' or '.join(missing)}")
    texts = events["event"].astype(object)
    known = {text: event_name(str(text)) for text in texts.dropna().unique()}
    log = pd.DataFrame(
        {"case_id": _ids(events), "event": texts.map(known).fillna(""), "date": _days(events, "date")}
    )
    _refuse(log["case_id"] == "", "has no case_id")
    _refuse(log["date"].isna(), "has no date: give each event its day, or leave it out")
    _refuse(log["event"] == "", f"is not an event that is known: use one of {_listed()}")
    ranked = log.assign(rank=log["event"].map(_RANKS).astype(int))
    return ranked.sort_values(["case_id", "date", "rank"], ignore_index=True)


def _refuse(bad: pd.Series, what: str) -> None:
    if bad.any():
        raise InputError(f"events, {rows_named(bad.index[bad])}: {what}")


def _listed() -> str:
    """List the names to choose from, the reversals as one pattern."""
    plain = [name for name in EVENTS if "_reversed_by_" not in name]
    routes = ", ".join(COLUMNS["cases"]["reversal_route"].values)
    return f"{', '.join(plain)}, or assess_refusal_reversed_by_ or issue_refusal_reversed_by_ and one of {routes}"


def _ids(frame: pd.DataFrame) -> pd.Series:
    ids = frame["case_id"].astype(object)
    return ids.map(str).str.strip().where(ids.notna(), "")


def _days(frame: pd.DataFrame, column: str) -> pd.Series:
    """Read a column as days; a time of day is dropped, text is refused."""
    days = days_of(frame[column], column)
    known = np.where(days == NOT_YET, np.datetime64("NaT"), days.astype("datetime64[D]"))
    return pd.Series(known.astype("datetime64[s]"), index=frame.index)


def events(cases: pd.DataFrame) -> pd.DataFrame:
    """Make an event log of cases: `case_id`, `event`, `date`, in the order of the cases and then of the days.

    Every dated step is an event; what has no date of its own (a code without its date, a flag, a name) is not. A date
    beside the outcomes `A`, `W` and `H` is no decision. `cases_from_events` makes cases of it again. Raises InputError
    where a case has no `case_id`, or a column of dates holds text.

    >>> cases = pd.DataFrame({"case_id": ["C1"], "received_date": pd.to_datetime(["2025-04-02"]),
    ...     "request_outcome": ["N"], "request_outcome_date": pd.to_datetime(["2025-05-12"])})
    >>> events(cases)["event"].tolist()
    ['request_received', 'refused_to_assess']
    """
    if "case_id" not in cases.columns:
        raise InputError("the cases have no column case_id")
    given = cases.assign(case_id=_ids(cases))
    if (blank := given["case_id"] == "").any():
        raise InputError(f"cases, {rows_named(cases.index[blank])}: has no case_id")
    given = given.reset_index(drop=True)
    log = events_of_rows(given).drop_duplicates()
    ranked = log.assign(rank=log["event"].map(_RANKS)).sort_values(["row", "date", "rank"])
    ids = given["case_id"].to_numpy()[ranked["row"].to_numpy(dtype=int)]
    return pd.DataFrame(
        {"case_id": ids, "event": ranked["event"].to_numpy(), "date": ranked["date"].to_numpy()}
    )


def events_of_rows(cases: pd.DataFrame) -> pd.DataFrame:
    """Give every dated step of cases that are numbered from 0 as `row`, `event`, `date`, column by column."""
    parts = [_told(cases, column) for column in dated_columns() if column in cases]
    return pd.concat([_NOTHING, *parts])


_NOTHING = pd.DataFrame({"row": [], "event": [], "date": []}).astype(
    {"row": int, "event": object, "date": "datetime64[s]"}
)


def _told(cases: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give the events of one column of dates: the row, the name and the day of each."""
    days = _days(cases, column).dropna()
    rows = cases.loc[days.index]
    named = pd.Series(_named(rows, column), index=days.index, dtype=object)
    told = pd.DataFrame({"row": days.index, "event": named, "date": days})
    return told[told["event"] != ""]


def _named(rows: pd.DataFrame, column: str) -> list[str]:
    if column in _OUTCOMES:
        by_code = _OUTCOMES[column]
        codes = _text(rows, column.removesuffix("_date"))
        return ["" if code in _UNDECIDED else by_code.get(code, by_code[""]) for code in codes]
    if column == "reversal_date":
        pairs = zip(_text(rows, "reversal_of"), _text(rows, "reversal_route"), strict=True)
        return [reversal_event(of, route) for of, route in pairs]
    if column == "closed_date":
        named = (f"closed_{reason}" for reason in _text(rows, "closed_reason"))
        return [name if name in EVENTS else "case_closed" for name in named]
    return [names_for(column)[0]] * len(rows)


def _text(rows: pd.DataFrame, column: str) -> list[str]:
    if column not in rows:
        return [""] * len(rows)
    places, values = pd.factorize(rows[column])  # few differ, and a blank has place -1
    told = np.array([*(str(value).strip().casefold() for value in values), ""], dtype=object)
    return told[places].tolist()  # type: ignore[no-any-return]
