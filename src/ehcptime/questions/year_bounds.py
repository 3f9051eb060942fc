"""What the year can still reach: the lowest and highest published percentage that the calendar year can end on."""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Mask
from ehcptime.errors import CommandError
from ehcptime.questions.grouping import By, columns_of, groups_of, texts
from ehcptime.questions.measures import Elapsed, Measure, measure_of
from ehcptime.questions.parts import parts
from ehcptime.questions.rounding import percent
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases
from ehcptime.questions.year_words import sentence_of

_COUNTS = ("issued", "on_time", "can_be_on_time", "can_be_late", "only_late")
COLUMNS = (
    "year",
    *_COUNTS,
    *("percent", "lowest", "highest", "highest_all_issued", "target"),
    *("needed", "needed_all_issued", "sentence", "as_at"),
)


class Counts(NamedTuple):
    """Plans of the year so far and those on time; requests in hand by what their plan can still be this year."""

    issued: int
    on_time: int
    can_be_on_time: int
    can_be_late: int  # a plan this year can be late, or of unknown duration; many of them can also be on time
    only_late: int  # and these cannot be on time


@dataclass(frozen=True, slots=True)
class _Year:
    """A calendar year as day numbers, and the first of its days that are still to come."""

    number: int
    first: int
    last: int

    @classmethod
    def of(cls, number: int) -> "_Year":
        first, after = (
            int(np.datetime64(f"{n:04}-01-01", "D").astype(np.int64)) for n in (number, number + 1)
        )
        return cls(number, first, after - 1)


def year_bounds(
    tracked: pd.DataFrame,
    measure: str | Measure = "plans_issued_20wk_exc",
    *,
    target: float | None = None,
    year: int | None = None,
    by: By = None,
) -> pd.DataFrame:
    """Say what the published percentage of a calendar year can still be, from plans issued and requests in hand.

    Exact arithmetic and no model: each request that is open at `as_at` may get its plan on any later day of the year, or not this
    year. Gives one row per group: the columns of `by`; `year`, by default that of `as_at`; `issued` and `on_time` so far, as
    `measure` counts them; requests in hand of which a plan this year `can_be_on_time`, `can_be_late` (or of a duration that
    cannot be worked out), and `only_late`; `percent` so far; `lowest` and `highest` that the year can end on, in per cent;
    `highest_all_issued`, the highest if every request in hand that can get its plan this year does; `needed`, the plans on time
    from now on that `target` (per cent, not rounded) takes, and `needed_all_issued`, if those that can only be late are issued
    this year too; `sentence`; and `as_at`. What cannot be reached or divided is empty.

    Outside it: requests received after `as_at`, which can only raise the highest and lower the lowest; refusals reversed
    from now on; exceptions and appeals recorded from now on. Where requests are still to come a year is not bound by those in hand
    alone, and the sentence says so.

    Raises CommandError for a measure other than the two of plans issued within 20 weeks or a target outside 0 to 100.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-01", "2025-01-01"]),
    ...     "assessment_outcome": ["Y", None], "assessment_outcome_date": pd.to_datetime(["2025-05-22", None]),
    ...     "stage": ["closed", "assessing"], "is_open": [False, True], "age_days": [141, 150],
    ...     "as_at": pd.Timestamp("2025-05-31")})
    >>> year_bounds(tracked)[["issued", "only_late", "lowest", "highest"]].to_numpy().tolist()
    [[1, 1, 0.0, 0.0]]
    """
    cases, rule = tracked_cases(tracked), _rule(measure)
    if target is not None and not 0 <= target <= 100:
        raise CommandError(f"target must be between 0 and 100 per cent, not {target!r}")
    groups = groups_of(tracked, columns_of(by, tracked, COLUMNS))
    asked = _Year.of(_year(cases, year))
    masks = _masks(cases, rule, parts(tracked, measure), asked)
    counted = [np.bincount(groups.place[mask], minlength=groups.size).tolist() for mask in masks]
    rows = [_row(Counts(*counts), asked, cases.as_at, target) for counts in zip(*counted, strict=True)]
    answer = pd.DataFrame(rows, columns=list(COLUMNS[:-1])).astype(_TYPES)
    answer["sentence"] = texts(answer["sentence"].tolist())
    found = pd.concat([groups.labels.reset_index(drop=True), answer], axis=1)
    return found.assign(as_at=as_at_column(tracked, len(found)))


_PERCENTS = dict.fromkeys(("percent", "lowest", "highest", "highest_all_issued", "target"), "Float64")
_TYPES = {"year": "Int32", **dict.fromkeys(_COUNTS, "int64"), **_PERCENTS}
_TYPES |= {"needed": "Int64", "needed_all_issued": "Int64"}


def _rule(measure: str | Measure) -> Elapsed:
    chosen = measure_of(measure)
    rule = chosen.parameters
    of_plans = isinstance(rule, Elapsed) and rule.outcome == "assessment_outcome" and rule.codes == ("Y",)
    if isinstance(rule, Elapsed) and of_plans and rule.from_days == 0 and rule.to_days is not None:
        return rule
    raise CommandError(
        f"measure {chosen.id!r} is not a share of plans issued in time: use plans_issued_20wk_exc or plans_issued_20wk_inc"
    )


def _year(cases: Tracked, year: int | None) -> int:
    if year is not None:
        return year
    if not cases.size:
        raise CommandError("there are no cases to take the year from: say which, as in year=2025")
    return int(np.datetime64(cases.as_at, "D").astype("datetime64[Y]").astype(np.int64)) + 1970


def _masks(cases: Tracked, rule: Elapsed, judged: pd.DataFrame, year: _Year) -> tuple[Mask, ...]:
    """One mask for each of Counts."""
    fell = judged["falls_on"].to_numpy().astype("datetime64[D]").astype(np.int64)
    counts = judged["part"].isin(["on_time", "late", "unknown"]).to_numpy()
    issued = counts & (fell >= year.first) & (fell <= year.last)
    first = max(cases.as_at + 1, year.first)
    open_cases = _in_hand(cases, rule) & (first <= year.last)
    received = cases.days(rule.start)
    limit = np.where(received == NOT_YET, np.int32(NOT_YET), received + np.int32(rule.to_days or 0))
    on_time = open_cases & (received != NOT_YET)
    on_time &= np.maximum(received, first) <= np.minimum(limit, year.last)
    late = open_cases & ((received == NOT_YET) | (np.maximum(limit + 1, first) <= year.last))
    return issued, issued & judged["part"].eq("on_time").to_numpy(), on_time, late, late & ~on_time


def _in_hand(cases: Tracked, rule: Elapsed) -> Mask:
    """Open requests whose plan the measure would count: DfE dates one that follows a refusal to issue by another column."""
    counted = cases.is_set("is_open") & ~cases.is_code("assessment_outcome", "N", "W", "H")
    for flag in rule.flags:
        counted &= ~cases.is_set(flag)
    return counted & ~cases.is_set("week20") if rule.exceptions == "leave_out" else counted


def _row(counts: Counts, year: _Year, as_at: int, target: float | None) -> dict[str, object]:
    done, on_time, can, late, only_late = counts
    row = {
        "year": year.number,
        **counts._asdict(),
        "percent": percent(on_time, done),
        "lowest": _lowest(counts),
        "highest": percent(on_time + can, done + can) if done + can else percent(0, late),
        "highest_all_issued": percent(on_time + can, done + can + only_late),
        "target": pd.NA if target is None else target,
        "needed": _needed(on_time, done, target),
        "needed_all_issued": _needed(on_time, done + only_late, target),
    }
    return row | {"sentence": sentence_of(row, is_over=as_at >= year.last)}


def _lowest(counts: Counts) -> object:
    """All that can be late is late; with nothing to be late, nothing more is issued, or nothing but plans on time."""
    if counts.issued + counts.can_be_late:
        return percent(counts.on_time, counts.issued + counts.can_be_late)
    return percent(counts.can_be_on_time, counts.can_be_on_time)


def _needed(on_time: int, of: int, target: float | None) -> object:
    """Fewest further plans on time that bring the share to the target: (on_time + m) / (of + m) >= target."""
    if target is None:
        return pd.NA
    share = Decimal(str(target)) / 100
    short = share * of - on_time
    if short <= 0:
        return 0
    return pd.NA if share == 1 else ceil(short / (1 - share))
