"""Comparison: the role of each case on the way from one tracked frame to another, in three steps.

First the first frame as it is; then the same by the rule book of the second; then the second frame as it shows the day of the
first; then the second frame as it is. What differs at the second step is restated data, and nothing else.
"""

from datetime import date
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from ehcptime.clock.counting import to_date
from ehcptime.law.book import RuleBook
from ehcptime.questions.measures import Measure
from ehcptime.questions.parts import parts
from ehcptime.questions.positions import (
    ON_TIME,
    OUTSIDE,
    Position,
    Roles,
    began_of,
    is_advice,
    keys_of,
    position,
    retracked,
    retracked_advice,
)
from ehcptime.questions.tracked import as_at_of, tracked_advice
from ehcptime.tracking.limits import CONVENTIONS
from ehcptime.tracking.made_with import NOT_RECORDED, convention_of, rule_book_of

Kind = Literal["two_periods", "two_extracts"]


class Sides(NamedTuple):
    """Two tracked frames, and the tracked askings beside each where the measure needs them."""

    before: pd.DataFrame
    after: pd.DataFrame
    asked_before: pd.DataFrame | None = None
    asked_after: pd.DataFrame | None = None


class Comparison(NamedTuple):
    """Keys of every row of either frame, the role of each at the four places of the way, and the reasons at both ends."""

    kind: Kind
    keys: pd.Index
    roles: tuple[Roles, Roles, Roles, Roles]
    first: Position
    second: Position


def compare(sides: Sides, measure: Measure, law: RuleBook) -> Comparison:
    """Follow every row from the first frame to the second; ask `why_not` before.

    Of one period in two extracts, and of one caseload on two days, the period begins for both where it does for the first.
    """
    before, after, asked_before, asked_after = sides
    began = began_of(parts(before, measure, advice=asked_before), measure)
    kind = _kind(keys_of(before), keys_of(after))
    first = position(before, measure, began, asked_before)
    by_rule = _by_rule(first, sides, measure, began, law)
    then = _then(sides, measure, began, law)
    second = position(after, measure, began if kind == "two_extracts" else None, asked_after)
    keys = first.keys.union(second.keys, sort=False)
    shown = then.roles_of(keys)
    if (
        kind == "two_periods"
    ):  # a case that is not in both belongs to another period, and says nothing of this one
        in_both = keys.isin(first.keys) & keys.isin(second.keys)
        shown = np.where(in_both, shown, by_rule.roles_of(keys))
    roles = (first.roles_of(keys), by_rule.roles_of(keys), shown, second.roles_of(keys))
    return Comparison(kind, keys, roles, first, second)


def why_not(before: pd.DataFrame, after: pd.DataFrame, law: RuleBook) -> str:
    """Say why two frames cannot be compared case by case; an empty text where they can."""
    if as_at_of(before) > as_at_of(after):
        return "the first frame was tracked at a later day than the second: give them in order of time"
    if not (keys_of(before).is_unique and keys_of(after).is_unique):
        return "column 'case_id' holds a value twice"
    changed, book = _other_rule(before, after), rule_book_of(after)
    if is_advice(after):
        return "the askings were tracked by two rule books: track both by one" if changed else ""
    again = changed or as_at_of(before) != as_at_of(after)
    if again and book not in (NOT_RECORDED, law.edition):
        return f"the second frame was tracked by rule book {book}: give it as law"
    return ""


def _kind(before: pd.Index, after: pd.Index) -> Kind:
    both = int(before.isin(after).sum())
    return "two_extracts" if both and 2 * both >= min(len(before), len(after)) else "two_periods"


def _other_rule(before: pd.DataFrame, after: pd.DataFrame) -> bool:
    """Whether both frames say by what they were tracked, and it is not the same."""
    pairs = [(of(before), of(after)) for of in (rule_book_of, convention_of)]
    return any(NOT_RECORDED not in pair and pair[0] != pair[1] for pair in pairs)


def _day(frame: pd.DataFrame) -> date | None:
    """The `as_at` of a frame; none where it has no rows."""
    return to_date(as_at_of(frame))


def _convention(frame: pd.DataFrame) -> str:
    found = convention_of(frame)
    return CONVENTIONS[0] if found == NOT_RECORDED else found


def _by_rule(first: Position, sides: Sides, measure: Measure, began: int, law: RuleBook) -> Position:
    """The first frame by the law and the convention of the second."""
    day = _day(sides.before)
    if day is None or not _other_rule(sides.before, sides.after):
        return first
    again = retracked(sides.before, as_at=day, law=law, convention=_convention(sides.after))
    return position(again, measure, began, retracked_advice(sides.asked_before, as_at=day, law=law))


def _then(sides: Sides, measure: Measure, began: int, law: RuleBook) -> Position:
    """The second frame on the day of the first."""
    day, after = _day(sides.before), sides.after
    if day is None or day == _day(after):
        return position(after, measure, began, sides.asked_after)
    if is_advice(after):
        return _askings_then(after, measure, began, as_at_of(sides.before))
    again = retracked(after, as_at=day, law=law, convention=_convention(after))
    return position(again, measure, began, retracked_advice(sides.asked_after, as_at=day, law=law))


def _askings_then(after: pd.DataFrame, measure: Measure, began: int, day: int) -> Position:
    """Askings on an earlier day: settled at their limit, and before it only by an answer that was in time."""
    advice, found = tracked_advice(after), position(after, measure, began)
    answered = (found.role == ON_TIME) & (advice.days("returned_date") <= day)
    role = np.where((advice.days("due") < day) | answered, found.role, OUTSIDE)
    return Position(found.keys, role, found.reason)
