"""Letters: what each family should have been told by now, against what is recorded."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day
from ehcptime.law.book import LAW, RuleBook
from ehcptime.law.versions import Mark
from ehcptime.questions.grouping import texts
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases
from ehcptime.records.arrays import days_of
from ehcptime.records.frames import require
from ehcptime.tracking.after_reversal import AFTER, judged_after
from ehcptime.tracking.columns import as_dates, categorical
from ehcptime.tracking.outcomes import N

STATES = ("recorded", "recorded_late", "day_not_known", "none_found", "not_recorded")
_LIMITS = ("request_decision", "issue_decision", "plan_final")
_LATE = ("met_late", "overdue", "ended_late")
_Values = TypeVar("_Values", Days, Mask)
_NEEDED = [f"{rule}_{name}" for rule in _LIMITS for name in ("status", "due", "exempt")]


class Letter(NamedTuple):
    """One thing that a family should be told. `columns` hold its day, where the contract has any."""

    id: str
    title: str
    cite: str
    mark: Mark
    columns: tuple[str, ...] = ()


class _Expected(NamedTuple):
    """Who should have had a letter by now, by which day (NOT_YET where no day is set), and when it was sent."""

    letter: str
    rule: str
    rows: Mask
    due: Days
    sent: Days


def _load() -> dict[str, Letter]:
    text = files("ehcptime.questions").joinpath("letters.toml").read_text(encoding="utf-8")
    return {
        name: Letter(name, **{**entry, "columns": tuple(entry.get("columns", ()))})
        for name, entry in tomllib.loads(text).items()
    }


LETTERS: Mapping[str, Letter] = MappingProxyType(_load())


def expected_letters(
    tracked: pd.DataFrame, *, events: pd.DataFrame | None = None, law: RuleBook = LAW
) -> pd.DataFrame:
    """List what the family of each case should have been told by `as_at`, against what is recorded: one row per case and letter.

    Gives `case_id`, `letter`, `title`, `rule` (the limit that it is about), `due` (empty where no day is set, and for a limit that is
    claimed to be lifted), `recorded_on`, `state`, `cite` and `as_at`. `state` is `recorded`; `recorded_late`; `day_not_known`, where
    the record shows that it was sent and not when; `none_found`, where the extract holds days of that letter and none for this case; and
    `not_recorded`, where the extract holds no such days at all, so that nothing can be told. The days are those of the
    contract (in SEN2 the outcome dates are the days of notice), a column `letter_<letter>_date` of the cases, or events `letter_<letter>`.
    Requests not received and duplicates have no rows. A letter with no rule behind it (that a limit would be missed) says so in `cite`.

    Raises InputError for a frame that was not tracked with the limits on a request, and for events without their columns.

    >>> from ehcptime.tracking.track import track
    >>> from datetime import date
    >>> cases = pd.DataFrame({"case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"])})
    >>> expected_letters(track(cases, as_at=date(2025, 5, 15)))[["letter", "state"]].to_numpy().tolist()
    [['views', 'not_recorded'], ['assess_decision', 'not_recorded'], ['missed', 'not_recorded']]
    """
    cases = tracked_cases(tracked)
    cases.need(*_NEEDED)
    kept = {name: _kept(cases, events, name) for name in LETTERS}
    found = [_listed(expected, kept[expected.letter]) for expected in _expected(cases, law)]
    rows = pd.concat(found).sort_values(["row", "order"], ignore_index=True, kind="stable")
    place = rows["row"].to_numpy()
    names = rows["letter"].tolist()
    return pd.DataFrame(
        {
            "case_id": tracked["case_id"].to_numpy()[place],
            "letter": texts(names),
            "title": texts([LETTERS[name].title for name in names]),
            "rule": texts(rows["rule"].tolist()),
            "due": as_dates(rows["due"].to_numpy(dtype=np.int32)),
            "recorded_on": as_dates(rows["sent"].to_numpy(dtype=np.int32)),
            "state": categorical(rows["state"].to_numpy(dtype=np.int8), STATES),
            "cite": texts([LETTERS[name].cite for name in names]),
            "as_at": as_at_column(tracked, len(rows)),
        }
    )


def _expected(cases: Tracked, law: RuleBook) -> Iterator[_Expected]:
    """Every letter, with who should have had it by now."""
    now, none = cases.now, _each(cases, np.array([NOT_YET], dtype=np.int32))
    there = _each(cases, now.is_received & ~now.is_duplicate)
    refused = np.where(now.assessment.code == N, now.assessment.day, np.int32(NOT_YET))
    acts = {
        "request_decision": _each(cases, now.request_decided),
        "issue_decision": _each(cases, np.minimum(now.decision_to_issue, refused)),
        "plan_final": _each(cases, now.final),
    }
    drafted, final = _each(cases, now.draft), acts["plan_final"]
    shown = acts | {"issue_decision": np.minimum(acts["issue_decision"], np.minimum(drafted, final))}
    by_then = {rule: there & _is_expected(cases, rule, act) for rule, act in shown.items()}
    has_right = there & (_each(cases, now.refusal_stands) | (final != NOT_YET))
    yield _Expected("views", "request_decision", by_then["request_decision"], none, none)
    for letter, rule in zip(("assess_decision", "issue_decision", "final"), acts, strict=True):
        yield _Expected(letter, rule, by_then[rule], _due(cases, rule), acts[rule])
    yield _after_reversal(cases, there, law)
    yield _Expected(
        "draft", "draft_comment", there & ((drafted != NOT_YET) | (final != NOT_YET)), none, drafted
    )
    yield _Expected("appeal_rights", "appeal_lodge", has_right, none, none)
    for rule in acts:
        lifted, late = cases.is_set(f"{rule}_exempt"), cases.is_status(f"{rule}_status", *_LATE)
        yield _Expected("exemption", rule, there & lifted, none, none)
        yield _Expected("missed", rule, there & late & ~lifted, _due(cases, rule), none)


def _is_expected(cases: Tracked, rule: str, act: Days) -> Mask:
    """Where what a limit is about has been done, as a later step may show, or its last day has passed."""
    shown = cases.is_status(f"{rule}_status", "unknown") & (act != NOT_YET)
    return np.asarray(shown | cases.is_status(f"{rule}_status", "met", *_LATE))


def _due(cases: Tracked, rule: str) -> Days:
    """The last day of a limit; no day where it is claimed to be lifted."""
    return np.where(cases.is_set(f"{rule}_exempt"), np.int32(NOT_YET), cases.days(f"{rule}_due"))


def _after_reversal(cases: Tracked, there: Mask, law: RuleBook) -> _Expected:
    """Word that there will be an assessment after all, where the route of a reversal sets a day for it."""
    after = judged_after(cases.now, cases.as_at, law)
    due, done = _each(cases, after.due[0]), _each(cases, after.done[0])
    by_then = (due < cases.as_at) | (done <= cases.as_at)
    rows = there & (due != NOT_YET) & by_then & ~_each(cases, after.is_practice)
    return _Expected("assess_notice", AFTER[0], rows, due, _each(cases, cases.now.assess_notice))


def _each(cases: Tracked, values: _Values) -> _Values:
    """One value for each case."""
    return np.broadcast_to(values, cases.size)


def _kept(cases: Tracked, events: pd.DataFrame | None, letter: str) -> tuple[Days, bool]:
    """Days recorded under the letter's own name, and whether the extract holds any days of it at all."""
    own = f"letter_{letter}_date"
    days = cases.days_by_then(own)
    holds = any(name in cases.frame for name in (own, *LETTERS[letter].columns))
    if events is None or events.empty:
        return days, holds
    require(events, "events")
    mine = events[events["event"].astype(str).str.strip().str.casefold().eq(f"letter_{letter}")]
    place = pd.Index(cases.frame["case_id"]).get_indexer(pd.Index(mine["case_id"]))
    sent = days_of(mine["date"], "date")
    days = days.copy()
    known = (place >= 0) & (sent <= cases.as_at)
    np.minimum.at(days, place[known], sent[known])
    return days, holds or len(mine) > 0


def _listed(expected: _Expected, kept: tuple[Days, bool]) -> pd.DataFrame:
    """The rows of one letter: which case, by when, when recorded, and what that comes to."""
    days, holds = kept
    own = np.where(is_day(days), days, expected.sent)
    rows = np.flatnonzero(expected.rows)
    sent, due = own[rows], expected.due[rows]
    state = np.where(sent > due, STATES.index("recorded_late"), STATES.index("recorded"))
    state = np.where(sent == UNKNOWN, STATES.index("day_not_known"), state)
    state = np.where(sent == NOT_YET, STATES.index("none_found" if holds else "not_recorded"), state)
    return pd.DataFrame(
        {
            "row": rows,
            "order": list(LETTERS).index(expected.letter),
            "letter": expected.letter,
            "rule": expected.rule,
            "due": due,
            "sent": sent,
            "state": state,
        }
    )
