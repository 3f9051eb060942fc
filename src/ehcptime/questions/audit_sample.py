"""Audit sample: some cases drawn from all, in proportion by group, the same ones whenever they are drawn with one seed."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Mask
from ehcptime.errors import CommandError
from ehcptime.questions.grouping import NOT_RECORDED, texts
from ehcptime.questions.tracked import (
    Tracked,
    as_at_column,
    places_among,
    same_day,
    tracked_advice,
    tracked_cases,
)

OUTCOMES = ("plan", "refused_to_assess", "refused_to_issue", "ended_otherwise", "open")
_SEVERAL, _NONE = "more than one service", "no advice asked for"
_Counts = npt.NDArray[np.int64]


def audit_sample(
    tracked: pd.DataFrame,
    *,
    n: int,
    seed: int,
    by: Sequence[str] | str = ("stage",),
    advice: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Draw `n` cases for an audit, in proportion to the groups `by` and with at least one from each.

    `by` names columns of the frame (such as `area`, `stage`), and two that are worked out: `outcome` (`plan`, `refused_to_assess`,
    `refused_to_issue`, `ended_otherwise`, `open`) and, with `advice` from `track_advice`, `service` (the kind of advice asked for).
    Places left after one for each group go by share, the largest remainder first (Hamilton). In each group the cases with the lowest SHA-256 of
    `seed:case_id` are drawn, so the draw does not depend on the order of rows, and a larger sample of a group holds a smaller one.
    Requests not received and duplicates are not drawn from; where there are no more than `n` cases all are drawn.

    Gives `case_id`, the columns of `by`, `cases` (in the group), `sampled` (of them), `draw` (the order, from 1), `seed` and `as_at`, by
    group and then by draw. It names cases, so it is for inside the authority.

    Raises CommandError where `n` is below the number of groups, a column is not there, or `service` is asked for without `advice`.

    >>> from datetime import date
    >>> from ehcptime.datasets.simulate import simulate
    >>> from ehcptime.tracking.track import track
    >>> cases = simulate(400, as_at=date(2025, 3, 31), seed=1).cases
    >>> drawn = audit_sample(track(cases, as_at=date(2025, 3, 31)), n=20, seed=7, by=["outcome"])
    >>> len(drawn), int(drawn.groupby("outcome")["sampled"].first().sum())
    (20, 20)
    """
    cases = tracked_cases(tracked)
    columns = [by] if isinstance(by, str) else list(by)
    if n < 1:
        raise CommandError(f"n must be 1 or more, not {n}")
    there = np.flatnonzero(_each(cases, cases.now.is_received & ~cases.now.is_duplicate))
    labels = {name: _labels(cases, name, advice)[there] for name in columns}
    ids = tracked["case_id"].astype(str).to_numpy(dtype=object)[there]
    group, sizes = _groups(labels, len(there))
    if len(sizes) > n and len(there) > n:
        raise CommandError(
            f"a sample of {n} cannot hold a case of each of {len(sizes)} groups: raise n or group by fewer columns"
        )
    wanted = allocated(sizes, min(n, len(there)))
    rank = _ranks(ids, group, seed)
    drawn = np.flatnonzero(rank <= wanted[group])
    drawn = drawn[np.lexsort((rank[drawn], group[drawn]))]
    return pd.DataFrame(
        {
            "case_id": ids[drawn],
            **{name: texts(values[drawn].tolist()) for name, values in labels.items()},
            "cases": sizes[group[drawn]],
            "sampled": wanted[group[drawn]],
            "draw": rank[drawn],
            "seed": np.full(len(drawn), seed),
            "as_at": as_at_column(tracked, len(drawn)),
        }
    )


def allocated(sizes: _Counts, n: int) -> _Counts:
    """Share `n` places among groups by size: at least one each, the rest in proportion by largest remainder.

    A group whose share is below one gets its one, and what is left is shared among the others. Ties go to the earlier group. `n` is
    no less than the number of groups and no more than all their cases.

    >>> allocated(np.array([90, 8, 2]), 10).tolist()
    [8, 1, 1]
    >>> allocated(np.array([5, 5, 5]), 4).tolist()
    [2, 1, 1]
    """
    small = np.zeros(len(sizes), dtype=bool)
    while True:
        left, whole = n - int(small.sum()), int(sizes[~small].sum())
        below = ~small & (sizes * left < whole)
        if not below.any():
            break
        small |= below
    found = np.where(small, 1, sizes * left // max(whole, 1))
    remainder = np.where(small, -1, sizes * left % max(whole, 1))
    first = np.argsort(-remainder, kind="stable")[: n - int(found.sum())]
    found[first] += 1
    return np.asarray(found, dtype=np.int64)


def _groups(labels: dict[str, npt.NDArray[np.object_]], rows: int) -> tuple[_Counts, _Counts]:
    """The group of each case, numbered in the order of their labels, and the size of each."""
    if not labels:
        return np.zeros(rows, dtype=np.int64), np.full(min(rows, 1), rows, dtype=np.int64)
    group = np.asarray(pd.DataFrame(labels).groupby(list(labels), sort=True).ngroup(), dtype=np.int64)
    return group, np.bincount(group).astype(np.int64)


def _ranks(ids: npt.NDArray[np.object_], group: _Counts, seed: int) -> _Counts:
    """Place of each case in the draw of its group, from 1, by a hash of its id."""
    drawn_by = np.array([sha256(f"{seed}:{name}".encode()).hexdigest() for name in ids], dtype=object)
    rank = pd.Series(drawn_by).groupby(group).rank(method="first")
    return rank.to_numpy(dtype=np.int64)


def _labels(cases: Tracked, name: str, advice: pd.DataFrame | None) -> npt.NDArray[np.object_]:
    """The label of each case in one column, worked out where the frame has none of that name."""
    if name in cases.frame:
        values = cases.frame[name].astype(object)
        return values.where(values.notna(), NOT_RECORDED).astype(str).to_numpy(dtype=object)
    if name == "outcome":
        return np.array(OUTCOMES, dtype=object)[_outcomes(cases)]
    if name == "service" and advice is not None:
        return _services(cases, advice)
    hint = "give advice= for 'service'" if name == "service" else "use a column of the frame, or outcome"
    raise CommandError(f"there is no column {name!r} to draw by: {hint}")


def _outcomes(cases: Tracked) -> npt.NDArray[np.int64]:
    now = cases.now
    steps = (
        (now.final != NOT_YET, "plan"),
        (now.refused_to_issue.stands, "refused_to_issue"),
        (now.refused_to_assess.stands, "refused_to_assess"),
        (now.end != NOT_YET, "ended_otherwise"),
    )
    masks = [_each(cases, mask) for mask, _ in steps]
    return np.select(masks, [OUTCOMES.index(name) for _, name in steps], OUTCOMES.index("open"))


def _services(cases: Tracked, advice: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The kind of advice asked for in each case by then, or that there were several or none."""
    asked = tracked_advice(advice)
    same_day(cases, asked)
    place = places_among(cases.frame, advice)
    begun = (place >= 0) & (asked.days_by_then("requested_date") != NOT_YET)
    pairs = pd.DataFrame({"case": place[begun], "kind": advice["advice_type"].astype(str).to_numpy()[begun]})
    kinds = pairs.drop_duplicates().groupby("case")["kind"].agg(["size", "first"])
    found = np.full(cases.size, _NONE, dtype=object)
    found[kinds.index.to_numpy(dtype=np.intp)] = np.where(kinds["size"] > 1, _SEVERAL, kinds["first"])
    return found


def _each(cases: Tracked, mask: Mask) -> Mask:
    return np.broadcast_to(mask, cases.size)
