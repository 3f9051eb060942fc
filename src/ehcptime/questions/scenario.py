"""What happens next: arrivals, decisions, stock, age and the published measures month by month, under stated assumptions."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import to_date
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.forecasting import needed, outlook
from ehcptime.questions.forecasting.answer import PATHS, Scenario
from ehcptime.questions.forecasting.assumptions import Given, levers_of
from ehcptime.questions.forecasting.costs import cost_of
from ehcptime.questions.forecasting.history import History
from ehcptime.questions.forecasting.levers import Capacity
from ehcptime.questions.forecasting.notes import notes_on
from ehcptime.questions.forecasting.pipeline import run
from ehcptime.questions.forecasting.start import advised, starting
from ehcptime.questions.recent import recent
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice

_LEAST_RUNS = 100  # a range over fewer runs would be chance


def scenario(
    tracked: pd.DataFrame,
    *,
    advice: pd.DataFrame | None = None,
    weeks: int = 156,
    runs: int = 1_000,
    seed: int = 1,
    arrivals: float | None = None,
    growth_per_year: float | None = None,
    month_weights: Sequence[float] | None = None,
    refused: float | None = None,
    no_plan: float | None = None,
    capacity: Capacity | None = None,
    variation: float | None = None,
    queue: str = "oldest_first",
    twin_share: float = 0.5,
    step_weeks: Mapping[str, int] | None = None,
    clear_by: date | None = None,
    costs: Mapping[str, float] | None = None,
) -> Scenario:
    """Forecast the months after `as_at` from the real open cases, under assumptions that are all printed.

    `tracked` comes from `track`; with `advice`, from `track_advice`, cases whose psychology advice is in wait for drafting and not for
    advice. Rates are per week: `arrivals`; `capacity` of `panel`, `psychology` and `drafting`, each a number or numbers by
    source. `refused` and `no_plan` are shares. What is not given is taken from the last year of the record, or is a convention; the
    answer says which. `queue` is `oldest_first`, `newest_first`, `due_first` (cases that can still be in time before
    the rest) or `twin_track` (`twin_share` of the capacity for them). `runs=0` switches chance off: every draw is its mean.
    A draft becomes a plan after as long as those of the last year took; `final_weeks` in `step_weeks` puts one number of weeks in the
    place of that, for an authority that means to be faster. `clear_by` asks what capacity clears the backlog by a day,
    were every draft final in the median of weeks; `costs` gives money per case by source, and has no default.

    A model with weeks for steps and one queue per service; it is not a promise. Capacity from history is what was finished, so
    an authority that stopped issuing looks incapable: give `capacity` then. Raises CommandError for a lever that cannot be,
    and InputError for a frame that was not tracked or a record too short to take levels from.

    >>> tracked = pd.DataFrame({"case_id": ["a"], "received_date": pd.to_datetime(["2025-01-06"]), "stage": "assessing",
    ...     "is_open": True, "age_days": [84], "as_at": pd.Timestamp("2025-03-31")})
    >>> found = scenario(tracked, weeks=8, runs=0, arrivals=44, refused=0, no_plan=0, capacity={"psychology": 38, "drafting": 60})
    >>> found.figure("arrivals")["middle"].tolist()
    [176.0, 176.0]
    """
    cases = tracked_cases(tracked)
    given = Given(
        arrivals,
        growth_per_year,
        None if month_weights is None else tuple(month_weights),
        refused,
        no_plan,
        capacity,
        variation,
        queue,
        twin_share,
        dict(step_weeks or {}),
    )
    as_at = _as_at(cases)
    _check(weeks, runs)
    history = History(cases)
    levers = levers_of(given, history)
    ahead = weeks if clear_by is None else max(weeks, needed.weeks_until(clear_by, as_at))
    taken = history.draft_to_final() if levers.basis["final_weeks"] == "from history" else None
    ready = _advised(cases, advice)
    start = starting(cases, ahead, levers.final_weeks, ready, taken)
    at_best = starting(cases, ahead, levers.final_weeks, ready)  # capacity is asked for, and shortens no tail
    ends = outlook.week_ends(as_at, weeks)
    months = np.array([day.month - 1 for day in ends])
    seen = run(start, levers, months, runs=runs, seed=seed)
    months_table = outlook.months_table(seen, ends)
    when, before = outlook.cleared(seen, levers.arrivals), recent(cases)
    return Scenario(
        as_at=as_at,
        weeks=weeks,
        runs=runs,
        assumptions=levers.table(),
        months=months_table,
        paths={name: outlook.path(before.percent(name), outlook.quarters(seen, name)) for name in PATHS},
        before=before,
        clear_by=_dates(when, ends),
        share_clear=float(np.mean(~np.isnan(when))),
        needed=None if clear_by is None else needed.capacity(at_best, levers, as_at, clear_by),
        cost=None if costs is None else cost_of(seen, levers, costs),
        notes=(*notes_on(start, levers, advice), *outlook.part_months(months_table)),
    )


def _check(weeks: int, runs: int) -> None:
    if not 1 <= weeks <= 520:
        raise CommandError(f"weeks must be 1 to 520, not {weeks}")
    if runs and not _LEAST_RUNS <= runs <= 100_000:
        raise CommandError(f"runs must be 0, for no chance, or {_LEAST_RUNS} to 100000, not {runs}")


def _as_at(cases: Tracked) -> date:
    day = to_date(cases.as_at) if cases.size else None
    if day is None:
        raise InputError("the frame has no rows, so no day to start from: give the cases of an authority")
    return day


def _advised(cases: Tracked, advice: pd.DataFrame | None) -> npt.NDArray[np.bool_] | None:
    return None if advice is None else advised(cases, read_advice(advice))


def _dates(when: npt.NDArray[np.float64], ends: list[date]) -> tuple[date | None, date | None, date | None]:
    """Days by which 10, 50 and 90 in 100 runs are clear."""
    weeks = np.sort(np.where(np.isnan(when), np.inf, when))
    places = (int(np.ceil(share * len(weeks))) - 1 for share in outlook.QUANTILES)
    found = [float(weeks[max(place, 0)]) for place in places]
    days = [None if np.isinf(week) else ends[int(week) - 1] for week in found]
    return days[0], days[1], days[2]
