"""How final is last month? The authority's own lag in keying plans, and how many of the newest are still to be keyed."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, is_day
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.grouping import texts
from ehcptime.questions.keying_lag import Sightings, keyed_by_age, span_of
from ehcptime.questions.periods import Letter, periods_of
from ehcptime.questions.tracked import Tracked, as_at_column, tracked_cases

COLUMNS = ("period", "keyed", "percent_keyed", "still_to_key", "low", "high", "sentence", "as_at")
FEWEST = 30  # records seen again in the newest extract, below which no lag is estimated
_DRAWS = 100
LEAST_SHARE = 0.01  # of a period that must be keyed for what is missing to be told from it
LOOK_BACK = 371  # days; what is older is taken as keyed as far as it will be
_REPEATS = 40  # futures drawn for each draw of the lag

What = Literal["plans", "requests"]
_Floats = npt.NDArray[np.float64]


_TYPES = {
    "keyed": "int64",
    "percent_keyed": "Float64",
    "still_to_key": "Float64",
    "low": "Int64",
    "high": "Int64",
}


class _Estimate(NamedTuple):
    expected: float
    percent_keyed: float
    low: int
    high: int


def recording_lag(
    runs: Sequence[pd.DataFrame],
    what: What = "plans",
    *,
    period: Letter = "M",
    level: float = 0.8,
    seed: int = 0,
) -> pd.DataFrame:
    """Estimate how many plans (or requests) of the newest periods are still to be keyed, from two extracts or more.

    `runs` are frames from `track`, each of one extract, tracked at the day on which it was taken; the same case has the same `case_id`
    in each. A plan dated before one extract and first seen in a later one was keyed between the two: that gives the share keyed by each
    age, and so what is missing from the newest periods. It assumes that keying is as quick as it has been.

    Gives one row per period that reaches into the last 53 weeks of the newest extract: `period`; `keyed`, records in it so far;
    `percent_keyed`, the estimated share that those are; `still_to_key`, the number expected; `low` and `high`, the range that holds the number
    with probability `level` (seeded draws: the same input gives the same range); `sentence`; and `as_at` of the newest run. Where
    nothing can be estimated (one run; runs taken on one day; no case in common; fewer than 30 records in common; a period of which
    fewer than 1 in 100 may be keyed) the estimates are empty and `sentence` says why.

    Raises CommandError for no run, another `what` or a level that is not between 0 and 1, and InputError for runs that repeat a case.

    >>> run = pd.DataFrame({
    ...     "case_id": ["a"], "received_date": pd.to_datetime(["2025-01-01"]), "assessment_outcome": ["Y"],
    ...     "assessment_outcome_date": pd.to_datetime(["2025-05-21"]), "stage": "closed", "is_open": False, "age_days": [140],
    ...     "as_at": pd.Timestamp("2025-06-30")})
    >>> recording_lag([run])["sentence"].iloc[-1]
    'How many plans of 2025-06 are still to be keyed cannot be estimated, because it takes two extracts or more.'
    """
    if not runs or what not in ("plans", "requests") or not 0 < level < 1:
        raise CommandError(
            "give the tracked extracts, what='plans' or 'requests', and a level between 0 and 1"
        )
    ordered = sorted((tracked_cases(run) for run in runs), key=lambda cases: cases.as_at)
    for cases in ordered:
        if not cases.frame["case_id"].is_unique:
            raise InputError("a run holds a case_id twice: take duplicate rows out of the extract first")
    seen, cannot = _sightings(ordered, what)
    shares = None if cannot else keyed_by_age(seen, _DRAWS, seed)
    rows = [
        _row(
            label,
            what,
            counted,
            None if shares is None else _estimate(counted, shares, level, seed),
            cannot or "hardly any of them would be keyed by now at the pace of these extracts",
        )
        for label, counted in _periods(ordered[-1], what, period)
    ]
    answer = pd.DataFrame(rows, columns=list(COLUMNS[:-1])).astype(_TYPES)
    answer = answer.assign(
        period=texts(answer["period"].tolist()), sentence=texts(answer["sentence"].tolist())
    )
    return answer.assign(as_at=as_at_column(ordered[-1].frame, len(answer)))


class _Period(NamedTuple):
    """Records of a period keyed so far, and the age of each of its days that is over."""

    keyed: int
    ages: npt.NDArray[np.int64]


def _days(cases: Tracked, what: What) -> Days:
    """Day on which each record says that it happened; NOT_YET or UNKNOWN where it has none."""
    days = cases.now.final if what == "plans" else cases.days_by_then("received_date")
    kept = ~cases.is_code("closed_reason", "duplicate")
    return np.where(kept, np.broadcast_to(days, cases.size), np.int32(NOT_YET))


def _periods(newest: Tracked, what: What, period: Letter) -> list[tuple[str, _Period]]:
    if not newest.size:
        return []
    window = np.arange(newest.as_at - LOOK_BACK + 1, newest.as_at + 1, dtype=np.int32)
    found = periods_of(window, period)
    days = _days(newest, what)
    days = days[(days >= window[0]) & (days <= window[-1])]
    keyed = np.bincount(found.place[days - window[0]], minlength=len(found.labels))
    ages = newest.as_at - window.astype(np.int64)
    return [
        (label, _Period(int(keyed[place]), ages[found.place == place]))
        for place, label in enumerate(found.labels)
    ]


def _sightings(ordered: Sequence[Tracked], what: What) -> tuple[Sightings, str]:
    """When each record of the newest run was first seen; or why nothing can be told from that."""
    nothing = Sightings(*(np.array([], dtype=np.int64) for _ in range(3)))
    taken = [cases.as_at for cases in ordered]
    if len(taken) < 2:
        return nothing, "it takes two extracts or more"
    if len(set(taken)) < len(taken):
        return nothing, "two of the extracts were taken on the same day"
    newest = ordered[-1]
    ids, days = newest.frame["case_id"], _days(newest, what)
    first = np.full(newest.size, len(taken) - 1)
    for place in reversed(range(len(taken) - 1)):
        dated = is_day(_days(ordered[place], what))
        first[ids.isin(ordered[place].frame["case_id"][dated]).to_numpy()] = place
    if not (first < len(taken) - 1).any():
        return (
            nothing,
            f"no {what[:-1]} of an earlier extract stands in the newest, so that the extracts cannot be joined",
        )
    told = is_day(days)
    if told.sum() < FEWEST:
        return nothing, f"the newest extract holds fewer than {FEWEST} {what}"
    days, first = days[told].astype(np.int64), first[told]
    until, since = np.array(taken), np.array([np.iinfo(np.int32).min, *taken[:-1]])
    return Sightings(
        np.maximum(since[first] - days, -1), until[first] - days, np.int64(newest.as_at) - days
    ), ""


def _estimate(counted: _Period, shares: _Floats, level: float, seed: int) -> _Estimate | None:
    """Records come at an even rate in a period; those of its days that are keyed so far say what the rate is.

    None where that may be fewer than 1 in 100, from which no number follows.
    """
    keyed = np.where(counted.ages < 0, 0.0, shares[:, span_of(counted.ages)])
    if np.quantile(keyed[1:].mean(axis=1), (1 - level) / 2) < LEAST_SHARE:
        return None
    seen, unseen = keyed.sum(axis=1), np.clip(1 - keyed, 0, 1).sum(axis=1)
    random = np.random.default_rng(seed)
    often = np.repeat(np.arange(1, len(shares)), _REPEATS)
    rate = random.gamma(counted.keyed + 0.5, 1 / np.maximum(seen[often], 1e-9))
    drawn = random.poisson(np.minimum(rate * unseen[often], 1e9))
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], method="closest_observation")
    expected = counted.keyed * unseen[0] / max(seen[0], 1e-9)
    return _Estimate(float(expected), 100 * float(seen[0]) / len(counted.ages), int(low), int(high))


def _row(label: str, what: What, counted: _Period, found: _Estimate | None, cannot: str) -> dict[str, object]:
    row = {"period": label, "keyed": counted.keyed}
    if found is None:
        sentence = f"How many {what} of {label} are still to be keyed cannot be estimated, because {cannot}."
        return row | {"sentence": sentence}
    return row | {
        "percent_keyed": round(found.percent_keyed, 1),
        "still_to_key": round(found.expected, 1),
        "low": found.low,
        "high": found.high,
        "sentence": _sentence(label, what, found),
    }


def _sentence(label: str, what: What, found: _Estimate) -> str:
    missing = round(100 - found.percent_keyed)
    share = f"about {missing} in 100" if missing else "fewer than 1 in 100"
    return f"For {label} {share} {what} are still to be keyed: {found.expected:.0f}, between {found.low:,} and {found.high:,}."
