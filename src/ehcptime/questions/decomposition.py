"""Decomposition: a change of a figure between two tracked frames, shared out exactly, each share open down to its cases.

From the first figure to the second there are three steps in a fixed order: another rule book (the first frame tracked again by
the second one's law), restated data (the second frame as it shows the day of the first), and what really moved, which is
shared out among the counts (see `shapley`). Where a figure on the way has nothing to divide, the step into it takes the next too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehcptime.errors import CommandError, meant
from ehcptime.law.book import RuleBook
from ehcptime.questions.comparison import Comparison, Kind, Sides, compare
from ehcptime.questions.measures import Measure
from ehcptime.questions.positions import NOT_THERE, OUTSIDE, ROLES, Roles
from ehcptime.questions.shapley import MOVES, Mix, moves_between, shared_out

COMPONENTS = (*MOVES, "restated", "rule")
_STEPS = {"rule": ("before", "by_rule"), "restated": ("by_rule", "restated")}
_MOVED = ("restated", "after")
_IDS = ("case_id", "advice_type", "asking")
_ROLES_OF = {"speed": ("on_time", "newly_late")}


class Component(NamedTuple):
    """One share of a change: what moved, by how many cases (a rise counts up), and the exact percentage points."""

    name: str
    cases: int
    points: Fraction


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The shares of a change, which sum to it exactly, and the role of every case on the way.

    `kind` is `two_extracts` where at least half of the cases of the smaller frame stand in the other (one period, or one
    caseload, seen twice), else `two_periods`.
    """

    kind: Kind
    components: tuple[Component, ...]
    roles: pd.DataFrame

    @property
    def flows(self) -> pd.DataFrame:
        """Count the cases by their role before and after: columns `before`, `after`, `cases`, every case of either frame once."""
        ends = self.roles[["before", "after"]].mask(~self._there().to_numpy(), NOT_THERE)
        return ends.value_counts(sort=False).rename("cases").reset_index()

    def cases(self, component: str) -> pd.DataFrame:
        """List the cases behind a component: those whose role differs between the two ends of its step.

        Columns: `case_id` (and which asking, for advice), `before`, `after` (roles), `reason_before`, `reason_after` (as the two
        frames give them). `rule` and `restated` list every case whose role they changed, a count the role of fewer or more, and `speed`
        all that could still be in time. Raises CommandError for another component.
        """
        if component not in COMPONENTS:
            raise CommandError(f"there is no component {component!r}: {meant(component, COMPONENTS)}")
        start, end = _STEPS.get(component, _MOVED)
        before, after = self.roles[start], self.roles[end]
        moved = before != after
        if component in MOVES:
            wanted = _ROLES_OF.get(component, (component,))
            moved &= before.isin(wanted) | after.isin(wanted)
        ids = [name for name in self.roles if name in _IDS]
        table = self.roles[ids].assign(before=before, after=after)
        reasons = self.roles[["reason_before", "reason_after"]]
        return pd.concat([table, reasons], axis=1)[moved].reset_index(drop=True)

    def _there(self) -> pd.DataFrame:
        return self.roles[["reason_before", "reason_after"]] != NOT_THERE


def decompose(sides: Sides, measure: Measure, law: RuleBook) -> Decomposition:
    """Share out a change between two tracked frames that both have something to divide (ask `why_not` before)."""
    found = compare(sides, measure, law)
    components = _components([_mix(role) for role in found.roles], found.roles)
    return Decomposition(found.kind, components, _table(found))


def _mix(role: Roles) -> Mix:
    return Mix(*np.bincount(role, minlength=len(ROLES))[int(OUTSIDE) + 1 :].tolist())


def _components(mixes: list[Mix], roles: Sequence[Roles]) -> tuple[Component, ...]:
    """Shares of each step; a figure on the way with nothing to divide is passed over."""
    first, by_rule, restated, last = (mix.rate for mix in mixes)
    shares = dict.fromkeys(MOVES, Fraction(0)) if restated is None else shared_out(*mixes[2:])
    then = next(rate for rate in (restated, last, Fraction(0)) if rate is not None)
    by_law = then if by_rule is None else by_rule
    cases = moves_between(*mixes[2:]) | {
        "restated": int((roles[1] != roles[2]).sum()),
        "rule": int((roles[0] != roles[1]).sum()),
    }
    shares |= {"restated": then - by_law, "rule": by_law - (first or Fraction(0))}
    return tuple(Component(name, cases[name], shares[name] * 100) for name in COMPONENTS)


def _table(found: Comparison) -> pd.DataFrame:
    keys = found.keys
    table = pd.DataFrame(
        {name: keys.get_level_values(level) for level, name in enumerate(_IDS[: keys.nlevels])}
    )
    named = dict(zip(("before", "by_rule", "restated", "after"), found.roles, strict=True))
    return table.assign(
        **{step: pd.Series(np.array(ROLES)[role], dtype=str) for step, role in named.items()},
        reason_before=pd.Series(found.first.reasons_of(keys), dtype=str),
        reason_after=pd.Series(found.second.reasons_of(keys), dtype=str),
    )
