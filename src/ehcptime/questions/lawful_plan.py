"""The lawful plan: how the 20 weeks are split between the stages of a case. Only 6, 16 and 20 weeks are limits."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

import numpy as np

from ehcptime.clock.counting import Days
from ehcptime.errors import CommandError
from ehcptime.questions.milestones import COMMENT
from ehcptime.questions.pieces import STAGES

CONVENTION = "a convention, not law: only 6, 16 and 20 weeks are limits"
_WEEKS = 20  # reg 13(2)


def _load() -> Mapping[str, int]:
    text = files("ehcptime.questions").joinpath("lawful_plan.toml").read_text(encoding="utf-8")
    return MappingProxyType({stage: int(entry["weeks"]) for stage, entry in tomllib.loads(text).items()})


LAWFUL_PLAN = _load()


def days_left(plan: Mapping[str, int]) -> Days:
    """Days that the plan keeps for what comes after each stage, in the order of `STAGES`.

    Raises CommandError for a plan that does not split 20 weeks, or leaves the last stage less than the family's 15 days.

    >>> days_left(LAWFUL_PLAN).tolist()
    [98, 56, 28, 0]
    """
    if set(plan) != set(STAGES) or sum(plan.values()) != _WEEKS or min(plan.values()) < 0:
        raise CommandError(f"plan must split {_WEEKS} weeks between {', '.join(STAGES)}, not {dict(plan)!r}")
    if plan[STAGES[-1]] * 7 < COMMENT:
        raise CommandError(f"plan must leave {STAGES[-1]!r} at least the family's {COMMENT} days (3 weeks)")
    weeks = np.array([plan[stage] for stage in STAGES], dtype=np.int32)
    return ((_WEEKS - np.cumsum(weeks)) * 7).astype(np.int32)


def describe(plan: Mapping[str, int]) -> str:
    """Say what the plan is, for the note under a figure.

    >>> describe(LAWFUL_PLAN)
    'weeks planned: deciding 6, advice 6, issuing 4, finalising 4 (a convention, not law: only 6, 16 and 20 weeks are limits)'
    """
    return f"weeks planned: {', '.join(f'{stage} {plan[stage]}' for stage in STAGES)} ({CONVENTION})"
