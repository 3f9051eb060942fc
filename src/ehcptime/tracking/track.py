"""The frame door: every limit on a request, for every case, as new columns."""

import warnings
from collections.abc import Collection, Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import Days, Mask
from ehcptime.clock.engine import STATUSES, UNKNOWN_STATUS, is_late
from ehcptime.errors import CommandError, LawWarning
from ehcptime.law.book import LAW, RuleBook
from ehcptime.law.models import Rule
from ehcptime.records.arrays import Codes, Facts, facts_of_frame
from ehcptime.records.blocks import Beside, beside, blocks
from ehcptime.records.frames import require, require_frame, require_unique
from ehcptime.records.other_frames import any_other, in_kind
from ehcptime.tracking.after_reversal import AFTER, judged_after
from ehcptime.tracking.claims import supported_by_rule
from ehcptime.tracking.columns import as_at_day, as_dates, categorical, plain_day, put_dates
from ehcptime.tracking.exempt import exempt_rows
from ehcptime.tracking.limits import CLOCKS, CONVENTIONS, RULES, judged
from ehcptime.tracking.made_with import made_with
from ehcptime.tracking.others import claimed, conditions_of, dates_of, judged_others, of_a_request
from ehcptime.tracking.situation import STAGES, age_days, is_open, shared_situation, situation, stage

OUTPUTS = ("due", "status", "days_over", "exempt", "breach", "exempt_supported")
OTHER_OUTPUTS = ("stage", "is_open", "age_days", "plan_final_clock", "plan_final_due_other", "as_at")

_Dates = npt.NDArray[np.datetime64]
_Seconds = npt.NDArray[np.int64]


def track(
    cases: pd.DataFrame,
    *,
    as_at: date,
    exemptions: pd.DataFrame | None = None,
    closures: pd.DataFrame | None = None,
    rules: Iterable[str] | None = None,
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> pd.DataFrame:
    """Return the cases with each limit's due date, status, days over, exemption and breach as they stood on a day.

    `cases` follows the column contract, one row per request; its columns and index are kept and it is not changed. A polars or pyarrow
    table or a DuckDB relation is answered in kind. Dates after
    `as_at` are read as blank, so any past position can be rebuilt. `rules` limits the work to some rules.
    `exemptions` are claims by case and rule. `convention="receipt_is_day_one"` counts the day of receipt as the first. Due
    dates are datetime64[s], days over are whole days past the limit (negative in hand), empty where the status is unknown or
    not_applicable. Raises InputError where a column is missing, is not dates or has the name of an output, or a case_id
    stands twice. The rules and their sources are in `LAW`.

    >>> cases = pd.DataFrame({"case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"])})
    >>> tracked = track(cases, as_at=date(2025, 10, 21))
    >>> str(tracked["plan_final_due"][0].date()), tracked["plan_final_status"][0], int(tracked["plan_final_days_over"][0])
    ('2025-08-20', 'overdue', 62)
    """
    if any_other(cases, exemptions, closures):
        claims = {"exemptions": exemptions, "closures": closures}
        return in_kind(track, cases, **claims, as_at=as_at, rules=rules, law=law, convention=convention)  # type: ignore[no-any-return]
    as_at = plain_day(as_at)
    day = as_at_day(as_at)
    if convention not in CONVENTIONS:
        raise CommandError(f"convention {convention!r} is not known: use one of {', '.join(CONVENTIONS)}")
    chosen = RULES if rules is None else tuple(dict.fromkeys(rules))
    known = {rule: law[rule] for rule in chosen}
    others = tuple(rule for rule in chosen if rule not in RULES and rule not in AFTER)
    columns: dict[str, object] = {}
    if len(others) < len(chosen):
        columns |= _about_requests(cases, chosen, day, exemptions, law, convention)
        if exemptions is not None:
            about = [rule for rule in chosen if rule in RULES]
            support = supported_by_rule(
                cases, exemptions, as_at=as_at, closures=closures, law=law, rules=about
            )
            columns |= {f"{rule}_exempt_supported": support[rule] for rule in about}
    if others:
        columns |= _about_others(cases, others, day, exemptions, law)
    warn_unchecked(law, known, as_at)
    columns["as_at"] = np.full(len(cases), np.datetime64(as_at, "s"))
    added = pd.DataFrame(columns, index=cases.index, copy=False)
    return made_with(pd.concat([cases, added], axis=1), law, convention)


def _reserved(rules: Iterable[str]) -> list[str]:
    return [f"{rule}_{name}" for rule in rules for name in OUTPUTS]


def _about_requests(
    cases: pd.DataFrame,
    chosen: tuple[str, ...],
    as_at: int,
    exemptions: pd.DataFrame | None,
    law: RuleBook,
    convention: str,
) -> dict[str, object]:
    """Columns of the limits on a request, in blocks of rows."""
    require(cases, "cases", reserved=[*_reserved(chosen), *OTHER_OUTPUTS])
    found = _Found(len(cases), chosen)
    with beside(len(cases)) as other:
        other.do(require_unique, cases, "case_id")
        facts = facts_of_frame(cases, "cases")
        for rows in blocks(len(cases)):
            found.fill(rows, facts.take(rows), as_at, law, convention, other)
    exempt = exempt_rows(cases, facts, exemptions, as_at, law)
    columns: dict[str, object] = {}
    for rule in (rule for rule in chosen if rule in RULES):
        columns |= _columns(law[rule], *found.of(rule), exempt[rule])
    for rule in (rule for rule in chosen if rule in AFTER):
        columns |= _columns(law[rule], *found.of(rule), exempt[rule])
        columns[f"{rule}_breach"] &= ~found.is_practice  # type: ignore[operator]
    return columns | found.whole()


def _about_others(
    frame: pd.DataFrame, rules: tuple[str, ...], as_at: int, exemptions: pd.DataFrame | None, law: RuleBook
) -> dict[str, object]:
    """Columns of rules that name their own dates: one row per review, move, mediation or order."""
    require_frame(frame, "rows", reserved=[*_reserved(rules), "as_at"])
    days = dates_of(frame, rules, law)
    if "received_date" in frame:
        seen = of_a_request(situation(facts_of_frame(frame, "cases"), as_at))
        days |= {name: day for name, day in seen.items() if name in days}
    found = judged_others(days, conditions_of(frame, rules, law), rules, as_at, law)
    columns: dict[str, object] = {}
    for place, rule in enumerate(found.rules):
        start = np.broadcast_to(days[law[rule].start], len(frame))
        exempt = claimed(frame, exemptions, rule, start, np.broadcast_to(found.due[place], len(frame)), law)
        columns |= _rule_columns(
            law[rule], as_dates(found.due[place]), found.status[place], found.days_over[place], exempt
        )
    return columns


def _rule_columns(rule: Rule, due: _Dates, status: Codes, days_over: Days, exempt: Mask) -> dict[str, object]:
    return _columns(rule, due, status, (days_over, status <= UNKNOWN_STATUS, is_late(status)), exempt)


def _columns(
    rule: Rule, due: _Dates, status: Codes, over: tuple[Days, Mask, Mask], exempt: Mask
) -> dict[str, object]:
    """Make the columns of one rule; `over` holds the days over, where they cannot be told, and where the limit was missed."""
    days_over, untold, late = over
    counts = rule.kind == "statutory" and not rule.of_family
    return {
        f"{rule.id}_due": due,
        f"{rule.id}_status": categorical(status, STATUSES),
        f"{rule.id}_days_over": pd.arrays.IntegerArray(days_over, untold),
        f"{rule.id}_exempt": exempt,
        f"{rule.id}_breach": (late & ~exempt if exempt.any() else late)
        if counts
        else np.zeros(len(late), dtype=bool),
    }


class _Found:
    """Output arrays of the limits on a request, filled block by block."""

    def __init__(self, rows: int, chosen: Collection[str]) -> None:
        self.rules = tuple(rule for rule in (*RULES, *AFTER) if rule in chosen)
        self.due: _Seconds = np.empty((len(self.rules), rows), dtype=np.int64)
        self.status: Codes = np.empty((len(self.rules), rows), dtype=np.int8)
        self.days_over: Days = np.empty((len(self.rules), rows), dtype=np.int32)
        self.untold, self.late = (np.empty((len(self.rules), rows), dtype=np.bool_) for _ in range(2))
        self.other_due: _Seconds = np.empty(rows, dtype=np.int64)
        self.clock, self.stage = (np.empty(rows, dtype=np.int8) for _ in range(2))
        self.is_open, self.no_age, self.is_practice = (np.zeros(rows, dtype=np.bool_) for _ in range(3))
        self.age: Days = np.empty(rows, dtype=np.int32)

    def fill(
        self, rows: slice, facts: Facts, as_at: int, law: RuleBook, convention: str, other: Beside
    ) -> None:
        """Judge one block of cases; columns are written out beside the judging."""
        now = shared_situation(facts, as_at)
        limits = judged(now, as_at, law, convention, [rule for rule in self.rules if rule in RULES])
        for rule, found in limits.by_rule.items():
            other.do(self._put, rule, rows, found.due, found.status, found.days_over)
        other.do(put_dates, limits.other_due, self.other_due[rows])
        self.clock[rows] = limits.clock
        self.stage[rows], self.is_open[rows] = stage(now), is_open(now)
        self.age[rows], self.no_age[rows] = age_days(now, as_at)
        if not set(self.rules).isdisjoint(AFTER):
            after = judged_after(now, as_at, law)
            for place, rule in enumerate(AFTER):
                other.do(self._put, rule, rows, after.due[place], after.status[place], after.days_over[place])
            self.is_practice[rows] = after.is_practice

    def _put(self, rule: str, rows: slice, due: Days, status: Codes, days_over: Days) -> None:
        if rule not in self.rules:
            return
        row = self.rules.index(rule)
        put_dates(due, self.due[row, rows])
        self.status[row, rows], self.days_over[row, rows] = status, days_over
        np.less_equal(status, UNKNOWN_STATUS, out=self.untold[row, rows])
        self.late[row, rows] = is_late(status)

    def of(self, rule: str) -> tuple[_Dates, Codes, tuple[Days, Mask, Mask]]:
        """Give what one rule came to."""
        place = self.rules.index(rule)
        over = self.days_over[place], self.untold[place], self.late[place]
        return self.due[place].view("datetime64[s]"), self.status[place], over

    def whole(self) -> dict[str, object]:
        """Give the columns that are about the case and not about one rule."""
        return {
            "stage": categorical(self.stage, STAGES),
            "is_open": self.is_open,
            "age_days": pd.arrays.IntegerArray(self.age, self.no_age),
            "plan_final_clock": categorical(self.clock, CLOCKS),
            "plan_final_due_other": self.other_due.view("datetime64[s]"),
        }


def warn_unchecked(law: RuleBook, rules: Iterable[str], as_at: date) -> None:
    """Warn where the text of a rule in use was last checked more than twelve months before `as_at`."""
    old = [rule for rule in law.unchecked(as_at) if rule in set(rules)]
    if old:
        warnings.warn(
            f"the rule book was last checked more than twelve months before {as_at} for {', '.join(old)}: "
            f"check the text before relying on it",
            LawWarning,
            stacklevel=3,
        )
