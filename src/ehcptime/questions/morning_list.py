"""The morning list: what a team must do, by who holds the case, with what may not be missed in a block of its own on top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Mask, is_day
from ehcptime.errors import CommandError, meant
from ehcptime.questions.at_risk import at_risk, check_days
from ehcptime.questions.grouping import groups_of, texts
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.records.arrays import days_of
from ehcptime.tracking.words import count, paragraphs

TOP = "top"
_COURT = "court, tribunal or mediation"
_OVER_A_YEAR = "open for over 52 weeks"
_YEAR = 364
_EVER = 100_000  # days: every open case with a limit still to come
_STATUTORY_CLOCKS = ("reg_42", "reg_44", "reg_45", "override")
_ORDER = ("yes", "only_if_answered_early", "no", "cannot_be_told", "lifted")


@dataclass(frozen=True, eq=False)
class MorningList:
    """Lists by who holds the case: `top` for what stands above every list, `lists` by name, `left_off` how many each leaves off.

    `str()` gives the heading: how many are open, what is on the lists and what is left off; `coming` says what the
    days left alone allow of the plans that fall due in the days ahead. It is a working list: sorted by name, never ranked, and for the team alone.
    """

    top: pd.DataFrame
    lists: Mapping[str, pd.DataFrame]
    left_off: Mapping[str, int]
    heading: str
    coming: str

    def frame(self) -> pd.DataFrame:
        """Give every row of every list, and the name of its list in `list`: `top`, or who holds the case."""
        tables = {TOP: self.top, **self.lists}
        return pd.concat(
            [
                rows.assign(list=texts([name] * len(rows)))[["list", *rows.columns]]
                for name, rows in tables.items()
            ],
            ignore_index=True,
        )

    def __str__(self) -> str:
        """The heading, what is coming, and each list with the number that it leaves off."""
        lines = [
            self.heading,
            self.coming,
            f"Court, tribunal and over a year: {count(len(self.top), 'case')}.",
        ]
        lines += [
            f"{name}: {count(len(rows), 'case')}"
            + (f", {self.left_off[name]} more left off." if self.left_off[name] else ".")
            for name, rows in self.lists.items()
        ]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return paragraphs(self)


def morning_list(
    tracked: pd.DataFrame,
    *,
    days: int = 28,
    rows: int = 20,
    by: str = "caseworker",
    advice: pd.DataFrame | None = None,
    priority: Sequence[str] = (),
    no_contact_weeks: int | None = None,
) -> MorningList:
    """List what each caseworker (or team, or area: `by`) must do, at most `rows` cases each, from `at_risk`.

    The order is: cases with a flag in `priority` (names of columns of the frame that are set where it holds, such as a placement
    breaking down) before the rest; then limits that can still be met, by the day by which to act; then those that cannot, the
    longest overdue first; then those that cannot be told, and those claimed to be lifted. Cases under an order, an agreement or a
    direction, and cases open for over 52 weeks, stand in `top` whoever holds them, whatever their limits, and are not repeated below.
    `flags` says why a case is put forward. With `no_contact_weeks`, a case whose last recorded contact is that long ago, or that has none, is flagged;
    without the column it says "contact not recorded". Errors are those of `at_risk`, and CommandError for a column that is not there.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"]), "stage": "drafting", "is_open": True,
    ...     "age_days": [133], "as_at": pd.Timestamp("2025-08-13"), "plan_final_due": pd.to_datetime(["2025-08-20"]),
    ...     "plan_final_status": "running", "plan_final_exempt": False})
    >>> print(morning_list(tracked))
    1 open case, 1 on a list; the rest have no limit in the next 28 days.
    Final plans due in the next 28 days: 1, with a draft out for 0. By the days left alone, whatever has still to be decided or asked for: 0 with the family's 15 days kept if the draft is out by its last safe day, 1 only if the family answers early.
    Court, tribunal and over a year: 0 cases.
    not recorded: 1 case.
    """
    check_days(days)
    if rows < 1:
        raise CommandError(f"rows must be 1 or more, not {rows}")
    for name in [*priority, *([by] if by != "caseworker" else [])]:
        if name not in tracked:
            hint = meant(name, tracked.columns, "use a column of the frame")
            raise CommandError(f"there is no column {name!r}: {hint}")
    cases = tracked_cases(tracked)
    listed = at_risk(tracked, days=_EVER, advice=advice)
    place = pd.Index(tracked["case_id"]).get_indexer(pd.Index(listed["case_id"]))
    on_top = _on_top(cases)[place]
    by_flag = _by_flag(cases, priority, no_contact_weeks)
    put_forward = np.logical_or.reduce(
        [np.zeros(len(place), dtype=bool), *(m[place] for m in by_flag.values())]
    )
    due = days_of(listed["due"], "due")
    soon = (due <= cases.as_at + days) | ~is_day(due)
    flagged = listed.assign(
        **{by: tracked[by].iloc[place].array if by in tracked else None},
        flags=texts(_words({_COURT: _court(cases), _OVER_A_YEAR: _over_a_year(cases)} | by_flag, place)),
    )
    rank = _rank(listed)
    by_day = np.where(rank == 0, days_of(listed["act_by"], "act_by"), due)
    order = np.lexsort((by_day, rank, ~put_forward))
    keep = order[(soon | on_top | put_forward)[order]]
    later = int((~soon[keep]).sum())
    said = _heading(cases, len(keep), later, days), _coming(cases, listed, place, days)
    return _split(flagged.iloc[keep], on_top[keep], by, rows, said)


def _court(cases: Tracked) -> Mask:
    """Cases under an order, an agreement or a direction."""
    clock = cases.frame.get("plan_final_clock", pd.Series("original", index=cases.frame.index))
    return np.asarray(clock.isin(_STATUTORY_CLOCKS).to_numpy(dtype=bool))


def _over_a_year(cases: Tracked) -> Mask:
    return np.asarray(cases.frame["age_days"].gt(_YEAR).fillna(value=False).to_numpy(dtype=bool))


def _on_top(cases: Tracked) -> Mask:
    return _court(cases) | _over_a_year(cases)


def _by_flag(cases: Tracked, priority: Sequence[str], no_contact_weeks: int | None) -> dict[str, Mask]:
    """The user's own flags, and those of whom there is no contact."""
    found = {name.replace("_", " "): cases.is_set(name) for name in priority}
    if no_contact_weeks is None:
        return found
    if "last_contact_date" not in cases.frame:
        return found | {"contact not recorded": np.zeros(cases.size, dtype=bool)}
    last = cases.days_by_then("last_contact_date")
    none = (last == NOT_YET) | (last <= cases.as_at - 7 * no_contact_weeks)
    return found | {f"no contact recorded for {count(no_contact_weeks, 'week')}": np.asarray(none)}


def _words(by_flag: Mapping[str, Mask], place: npt.NDArray[np.intp]) -> list[str]:
    """The flags of each case in words; contact that nobody records is said of every case."""
    always = [name for name in by_flag if name == "contact not recorded"]
    rows = zip(*(mask[place].tolist() for mask in by_flag.values()), strict=True)
    return ["; ".join([n for n, there in zip(by_flag, row, strict=True) if there] + always) for row in rows]


def _rank(listed: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Limits that can be met, then those that cannot, then those that cannot be told, then the lifted."""
    place = {name: number for number, name in enumerate(_ORDER)}
    return np.array([place[name] for name in listed["can_be_met"].cat.categories], dtype=np.int64)[
        listed["can_be_met"].cat.codes
    ]


def _split(listed: pd.DataFrame, on_top: Mask, by: str, rows: int, said: tuple[str, str]) -> MorningList:
    below = listed[~on_top]
    groups = groups_of(below, [by])
    lists, left_off = {}, {}
    for number, name in enumerate(groups.labels[by].astype(str)):
        whole = below[groups.place == number]
        lists[name] = whole.head(rows).reset_index(drop=True)
        left_off[name] = len(whole) - len(lists[name])
    return MorningList(
        listed[on_top].reset_index(drop=True), MappingProxyType(lists), MappingProxyType(left_off), *said
    )


def _heading(cases: Tracked, listed: int, later: int, days: int) -> str:
    is_open = int(cases.is_set("is_open").sum())
    whatever = f" ({later:,} of them due later, for a court or tribunal, a year or a flag)" if later else ""
    return f"{count(is_open, 'open case')}, {listed} on a list{whatever}; the rest have no limit in the next {count(days)}."


def _coming(cases: Tracked, listed: pd.DataFrame, place: npt.NDArray[np.intp], days: int) -> str:
    """What the days left allow of the plans that fall due in the days ahead: the law's shortest steps, and no team's pace."""
    ahead = f"Final plans due in the next {count(days)}"
    if "plan_final_due" not in cases.frame:
        return f"{ahead}: cannot be told, because the frame has no limit for the final plan."
    due, can = cases.days("plan_final_due")[place], listed["plan_can_be_in_time"]
    there = (due >= cases.as_at) & (due <= cases.as_at + days)
    saved, early = (there & can.eq(word).to_numpy() for word in ("yes", "only_if_answered_early"))
    drafted = np.broadcast_to(cases.now.draft, cases.size)[place] != NOT_YET
    return (
        f"{ahead}: {(saved | early).sum():,}, with a draft out for {((saved | early) & drafted).sum():,}. By the days left alone, whatever "
        f"has still to be decided or asked for: {saved.sum():,} with the family's 15 days kept if the draft is out by its last safe day, "
        f"{early.sum():,} only if the family answers early."
    )
