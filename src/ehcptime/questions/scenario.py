"""What happens next: arrivals, decisions, stock, age and the published measures month by month, under stated assumptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import to_date
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.forecasting import needed, outlook
from ehcptime.questions.forecasting.assumptions import Given, levers_of
from ehcptime.questions.forecasting.costs import Cost, cost_of
from ehcptime.questions.forecasting.history import History
from ehcptime.questions.forecasting.levers import Capacity, Levers
from ehcptime.questions.forecasting.pipeline import run
from ehcptime.questions.forecasting.start import Start, advised, starting
from ehcptime.questions.recent import Recent, recent
from ehcptime.questions.tracked import Tracked, tracked_cases
from ehcptime.questions.tracked import tracked_advice as read_advice
from ehcptime.tracking.words import count

_PATHS = {
    "plans_issued_20wk_percent": "The published percentage (of plans issued, within 20 weeks)",
    "plans_due_20wk_percent": "Of plans that fall due, the share issued in time",
}
_LEAST_RUNS = 100  # a range over fewer runs would be chance


@dataclass(frozen=True, eq=False)
class Scenario:
    """A forecast under stated assumptions; `str()` says it in sentences.

    `months` has one row per calendar month and figure (`period, from_date, to_date, measure, lowest, middle, highest, complete`: 80 of 100 runs lie from
    lowest to highest, and a month is the whole weeks that end in it, not complete where the run begins or stops among them). `assumptions` has one row per lever, with `basis`: given, from history or assumed. `clear_by` has
    the dates by which 10, 50 and 90 in 100 runs are clear (None where they are not by the end), `needed` what it takes to be
    clear by the day that was asked for, and `cost` what the capacity costs where unit costs were given. `paths` say how each percentage moves, from the last
    26 weeks of the record by quarters of 13 weeks.
    """

    as_at: date
    weeks: int
    runs: int
    assumptions: pd.DataFrame
    months: pd.DataFrame
    paths: Mapping[str, str]
    before: Recent
    clear_by: tuple[date | None, date | None, date | None]
    share_clear: float
    needed: needed.Needed | None
    cost: Cost | None
    notes: tuple[str, ...]

    def figure(self, measure: str) -> pd.DataFrame:
        """Give the months of one figure; raises CommandError for one that is not there."""
        rows = self.months["measure"].eq(measure)
        if not rows.any():
            known = ", ".join(self.months["measure"].unique())
            raise CommandError(f"a scenario has no figure {measure!r}: use one of {known}")
        return self.months[rows].drop(columns="measure").reset_index(drop=True)

    def __str__(self) -> str:
        """The scenario in sentences: the backlog, both percentages, those who wait longest, what is needed."""
        return "\n".join(_sentences(self))

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in _sentences(self))


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
        paths={name: outlook.path(before.percent(name), outlook.quarters(seen, name)) for name in _PATHS},
        before=before,
        clear_by=_dates(when, ends),
        share_clear=float(np.mean(~np.isnan(when))),
        needed=None if clear_by is None else needed.capacity(at_best, levers, as_at, clear_by),
        cost=None if costs is None else cost_of(seen, levers, costs),
        notes=(*_notes(start, levers, advice), *outlook.part_months(months_table)),
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


def _notes(start: Start, levers: Levers, advice: pd.DataFrame | None) -> tuple[str, ...]:
    unknown = int(start.deciding[0] + start.assessing[0] + start.drafting[0] + start.finals[:, 0].sum())
    notes = []
    if unknown:
        notes.append(
            f"{count(unknown, 'open case')} {'has' if unknown == 1 else 'have'} no due date: taken first, and counted in the stock alone."
        )
    drafts = round(float(start.finals.sum()))
    if drafts:
        notes.append(
            f"{drafts:,} {'draft is' if drafts == 1 else 'drafts are'} out: {_of_finals(start, levers)}"
        )
    if start.unplaced:
        notes.append(
            f"{count(start.unplaced, 'open case')} whose step cannot be told: taken as waiting for advice."
        )
    if advice is None:
        notes.append(
            "No advice was given, so every case in assessment is taken to wait for psychology advice."
        )
    if levers.basis["psychology"] == "from history" or levers.basis["drafting"] == "from history":
        notes.append(
            "Capacity not given is what was finished lately, which is too low where work had stopped."
        )
    return tuple(notes)


def _of_finals(start: Start, levers: Levers) -> str:
    """How the drafts that are out are taken to become plans."""
    if start.shares is not None:
        return (
            "each is taken to become a plan as those of the last year did that had been out as long, and new ones "
            f"as all of them did: half within {levers.final_weeks} weeks."
        )
    why = (
        ": too few plans of the last year have the day of their draft"
        if levers.basis["final_weeks"] == "assumed"
        else ""
    )
    return f"they are taken to be final within {levers.final_weeks} weeks, however long ago they went{why}."


def _sentences(found: Scenario) -> list[str]:
    rule = str(found.assumptions.set_index("assumption").loc["queue", "value"]).replace("_", " ")
    lines = [f"Queue rule: {rule}. {_backlog(found)}"]
    lines += [f"{words} {found.paths[name]}." for name, words in _PATHS.items()]
    old = found.figure("open_over_52wk")["middle"]
    lines.append(
        f"Open over 52 weeks: {found.before.open_over_52wk:,} now, at most {old.max():,.0f}, {old.iloc[-1]:,.0f} at the end."
    )
    lines += [str(part) for part in (found.needed, found.cost) if part is not None]
    return [*lines, *found.notes]


def _backlog(found: Scenario) -> str:
    now = f"{found.before.open_over_20wk:,} cases over 20 weeks"
    first, middle, last = (outlook.day(day) for day in found.clear_by)
    if found.clear_by[1] is None:
        left = found.figure("open_over_20wk")["middle"].iloc[-1]
        verb = "grows" if left > found.before.open_over_20wk else "is still there"
        chance = f" (clear in {found.share_clear * 100:.0f} of 100 runs)" if found.runs else ""
        return f"The backlog {verb}: {now} now, {left:,.0f} after {found.weeks} weeks{chance}."
    if not found.runs:
        return f"The backlog of {now} is clear by {middle}."
    return f"The backlog of {now} is clear by {middle} in half of the runs (10 in 100 by {first}, 90 in 100 by {last})."
