"""What a faster service would do: the same caseload, had a service answered within some weeks of being asked."""

from dataclasses import dataclass
from html import escape

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask, is_day, to_date
from ehcptime.errors import CommandError, meant
from ehcptime.law.book import LAW, RuleBook
from ehcptime.questions.grouping import texts
from ehcptime.questions.measures import Elapsed, Limit, Measure, measure_of
from ehcptime.questions.milestones import milestones_of
from ehcptime.questions.periods import Letter
from ehcptime.questions.positions import retracked
from ehcptime.questions.timeliness import timeliness
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.questions.waits import SERVICES, first_days, waits_of
from ehcptime.tracking.columns import as_dates
from ehcptime.tracking.words import count

# What follows the last advice, and moves with it.
_STEPS = ("issue_decision_date", "assessment_outcome_date", "draft_sent_date", "plan_issued_date")
_LONGEST = 520  # weeks
ASSUMES = (
    "It assumes that the service was asked when it was, that the authority then took as long over each later step as it did, "
    "and that an open case stays open, so it shows the least that could be gained."
)


@dataclass(frozen=True, eq=False)
class ServiceEffect:
    """A measure as it is recorded and as it would be: `table` has the columns of `timeliness` behind `answered`.

    `moved` are the cases whose later steps would have come sooner, `days_sooner` the days by which, all together, and `untold` the
    cases with an asking of the service of which that cannot be told.
    """

    service: str
    weeks: int
    table: pd.DataFrame
    moved: int
    days_sooner: int
    untold: int

    def __str__(self) -> str:
        """What would have been, what cannot be told, and what is assumed."""
        name = self.service.replace("_", " ")
        said = (
            f"Had {name} advice come within {count(self.weeks, 'week')}, {self.moved:,} cases would have moved on sooner, "
            f"by {self.days_sooner:,} days together."
        )
        if self.untold:
            said += f" Of {self.untold:,} cases it cannot be told."
        return f"{said} {ASSUMES}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"


def service_effect(
    tracked: pd.DataFrame,
    advice: pd.DataFrame,
    service: str,
    *,
    weeks: int,
    measure: str | Measure = "plans_due_20wk",
    period: Letter | None = None,
    law: RuleBook = LAW,
    convention: str = "receipt_excluded",
) -> ServiceEffect:
    """Count a measure twice: as recorded, and had every asking of a service been answered within some weeks.

    `tracked` comes from `track` and `advice` from `track_advice`. Advice that came later, or is still out after those weeks, is
    taken to have come on the last day of them, counted from the day from which its limit counts. The last advice of each case is
    found again, as in `segments`: where another service is then the last, the case gains only the days until that. The decision
    to issue, the draft and the plan move forward by what was gained. Cases whose refusal was reversed, and those whose waits for advice
    cannot be told, stay as they are and are counted as `untold`. Give `law` and `convention` as to `track`.

    Raises CommandError for a service or weeks that cannot be and for a measure that is not about when plans were sent; other errors are
    those of `segments` and `timeliness`.

    >>> from datetime import date
    >>> from ehcptime.tracking.advice import track_advice
    >>> from ehcptime.tracking.track import track
    >>> cases = pd.DataFrame({"case_id": ["a"], "received_date": ["2025-04-02"], "request_outcome": ["Y"], "request_outcome_date": ["2025-05-29"],
    ...     "assessment_outcome": ["Y"], "assessment_outcome_date": ["2025-11-12"]}).astype({n: "datetime64[s]" for n in (
    ...     "received_date", "request_outcome_date", "assessment_outcome_date")})
    >>> asked = pd.DataFrame({"case_id": ["a"], "advice_type": ["psychology"], "requested_date": pd.to_datetime(["2025-06-09"]),
    ...     "returned_date": pd.to_datetime(["2025-10-13"])})
    >>> found = service_effect(track(cases, as_at=date(2025, 12, 31)), track_advice(asked, as_at=date(2025, 12, 31)), "psychology", weeks=6)
    >>> found.table[["answered", "numerator", "denominator"]].to_numpy().tolist()
    [['as recorded', 0, 1], ['within 6 weeks', 1, 1]]
    >>> found.days_sooner  # 13 October, 18 weeks after the asking, to 21 July
    84
    """
    chosen = _checked(service, weeks, measure)
    cases, asked = tracked_cases(tracked), read_advice(advice)
    gained, untold = _gained(cases, asked, service, weeks)
    sooner = _sooner(cases, gained, law, convention)
    frames = {"as recorded": tracked, f"within {count(weeks, 'week')}": sooner}
    tables = [_counted(frame, name, chosen, period) for name, frame in frames.items()]
    days = gained.days
    return ServiceEffect(
        service,
        weeks,
        pd.concat(tables, ignore_index=True),
        int((days > 0).sum()),
        int(days.sum()),
        int(untold.sum()),
    )


@dataclass(frozen=True, eq=False)
class _Gained:
    """Days gained by each case, and the day on which its last advice came."""

    days: Days
    last: Days


def _checked(service: str, weeks: int, measure: str | Measure) -> Measure:
    if service not in SERVICES:
        raise CommandError(f"there is no service {service!r}: {meant(service, SERVICES)}")
    if not 0 <= weeks <= _LONGEST:
        raise CommandError(f"weeks must be 0 to {_LONGEST}, not {weeks}")
    chosen = measure_of(measure)
    if not isinstance(chosen.parameters, Limit | Elapsed):
        raise CommandError(
            f"measure {chosen.id!r} is not about when plans were sent: use one that is, such as plans_due_20wk"
        )
    return chosen


def _counted(frame: pd.DataFrame, name: str, measure: Measure, period: Letter | None) -> pd.DataFrame:
    table = timeliness(frame, measure, period=period)
    table.insert(0, "answered", texts([name] * len(table)))
    return table


def _gained(cases: Tracked, asked: Tracked, service: str, weeks: int) -> tuple[_Gained, Mask]:
    """Find the last advice of each case again; untold are those of the service's cases for which that cannot be done."""
    found = milestones_of(cases)
    before, after = waits_of(cases, asked, found), waits_of(cases, _faster(asked, service, weeks), found)
    now = cases.now
    reversed_ = now.refused_to_assess.is_reversed | now.refused_to_issue.is_reversed
    told = (
        found.is_told
        & ~before.is_untold
        & ~(before.is_out & found.is_lost)
        & ~np.broadcast_to(reversed_, cases.size)
    )
    gained = np.where(told, before.last - after.last, 0).astype(np.int32)
    concerned = np.bincount(before.case[before.service == SERVICES.index(service)], minlength=cases.size) > 0
    return _Gained(gained, before.last), np.asarray(concerned & ~told)


def _faster(asked: Tracked, service: str, weeks: int) -> Tracked:
    """The askings, those of the service answered by the last of some weeks where that is in the past."""
    since, back = first_days(asked), asked.days("returned_date")
    latest = np.where(is_day(since), since + np.int32(7 * weeks), np.int32(NOT_YET))
    answered_undated = asked.is_code("advice_outcome", "provided", "not_known", "rejected") & (
        back == NOT_YET
    )
    slow = _of(asked, service) & (latest < back) & (latest <= asked.as_at) & ~answered_undated
    frame = asked.frame.assign(returned_date=as_dates(np.where(slow, latest, back)))
    return Tracked(frame, asked.table, asked.as_at)


def _of(asked: Tracked, service: str) -> Mask:
    if service in SERVICES[:-1]:
        return asked.is_code("advice_type", service)
    return ~asked.is_code("advice_type", *SERVICES[:-1], "parent")


def _sooner(cases: Tracked, gained: _Gained, law: RuleBook, convention: str) -> pd.DataFrame:
    """The tracked cases with every step that followed the last advice moved forward by what was gained."""
    dates: dict[str, npt.NDArray[np.datetime64]] = {}
    for column in _STEPS:
        if column in cases.frame:
            day = cases.days_by_then(column)
            moves = is_day(day) & (day >= gained.last) & (gained.last != UNKNOWN)
            dates[column] = as_dates(np.where(moves, day - gained.days, cases.days(column)))
    frame = cases.frame.assign(**dates)
    as_at = to_date(cases.as_at) if cases.size else None
    return frame if as_at is None else retracked(frame, as_at=as_at, law=law, convention=convention)
