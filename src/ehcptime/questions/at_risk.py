"""Who is about to pass a limit, or has passed one: the next limit of each open case and what it waits for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask
from ehcptime.errors import CommandError, InputError
from ehcptime.questions.acting import CAN_BE_MET, acting
from ehcptime.questions.grouping import texts
from ehcptime.questions.reasons import why
from ehcptime.questions.tracked import Tracked, tracked_advice, tracked_cases
from ehcptime.questions.waiting import waits_for
from ehcptime.tracking.columns import as_dates, categorical

# In the order of the process. Only these can be running for the authority: a refusal to issue has no limit until it is made.
RULES = ("request_decision", "issue_decision", "plan_final")
_KEPT = ("caseworker", "team")


def at_risk(tracked: pd.DataFrame, *, days: int = 28, advice: pd.DataFrame | None = None) -> pd.DataFrame:
    """List the open cases that reach their next limit within some days, or have passed it.

    Gives one row per case, by due date and case: `case_id`; `caseworker` and `team` where the frame has them; `stage`;
    `next_rule`; `due`; `days_left` (negative once it is passed; empty where no day can be told and where the limit is
    claimed to be lifted); `waits_for`; `exempt`; `why`; and `last_safe_draft`, the last day on which a draft can go out and
    leave the family the 15 days before the final plan is due. An open case whose limits cannot be worked out is listed
    last. With `advice`, from `track_advice`, the list says whose advice is outstanding. Then the days by which to act, working days by
    England's calendar: `act_by` for the next step (the draft, where a plan is due and none is out), `post_by` for a draft that goes by
    first class post, `ask_advice_by` for advice to be due by the decision whether to issue. `can_be_met` says of the next limit and
    `plan_can_be_in_time` of the final plan `yes`, `only_if_answered_early` (the 15 days no longer fit), `no`, `lifted` or
    `cannot_be_told`.

    Raises InputError for a frame that was not tracked or lacks the rules on a request.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["JSC"], "received_date": pd.to_datetime(["2025-04-02"]), "stage": "drafting", "is_open": True,
    ...     "age_days": [133], "as_at": pd.Timestamp("2025-08-13"), "plan_final_due": pd.to_datetime(["2025-08-20"]),
    ...     "plan_final_status": "running", "plan_final_exempt": False})
    >>> row = at_risk(tracked).iloc[0]
    >>> row["why"], str(row["last_safe_draft"].date())
    ('final plan due in 7 days, on 20 August 2025', '2025-08-05')
    """
    check_days(days)
    cases = tracked_cases(tracked)
    limits = _next(cases)
    reached = limits.known & (limits.due <= cases.as_at + days)
    rows = np.flatnonzero(cases.is_set("is_open") & (reached | limits.untold))
    asked = None if advice is None else tracked_advice(advice)
    return _listed(cases, limits, rows, asked).sort_values(["due", "case_id"], ignore_index=True)


def check_days(days: int) -> None:
    """Refuse a number of days ahead that lies behind, and what is no number of days.

    >>> check_days(-1)
    Traceback (most recent call last):
    ehcptime.errors.CommandError: days must be a whole number, 0 or more, not -1
    """
    if not isinstance(days, int | np.integer) or days < 0:
        raise CommandError(f"days must be a whole number, 0 or more, not {days!r}")


@dataclass(frozen=True, eq=False)
class _Next:
    """The next limit of each case: its place in RULES, when it is due, and whether it is claimed to be lifted."""

    rule: npt.NDArray[np.int8]
    due: Days
    exempt: Mask
    known: Mask
    untold: Mask

    def of(self, rows: npt.NDArray[np.intp]) -> "_Next":
        """Give some of the cases."""
        return _Next(self.rule[rows], self.due[rows], self.exempt[rows], self.known[rows], self.untold[rows])


def _next(cases: Tracked) -> _Next:
    """The earliest limit that is not yet met; failing that the first that cannot be told."""
    rules = [rule for rule in RULES if f"{rule}_status" in cases.frame]
    if not rules:
        raise InputError(
            "the frame has none of the limits on a request: call track without choosing other rules"
        )
    rule = np.full(cases.size, -1, dtype=np.int8)
    due = np.full(cases.size, NOT_YET, dtype=np.int32)
    exempt, known, untold = (np.zeros(cases.size, dtype=bool) for _ in range(3))
    for name in rules:
        this = cases.days(f"{name}_due")
        first = cases.is_status(f"{name}_status", "running", "overdue") & (this < due)
        puzzle = cases.is_status(f"{name}_status", "unknown") & (rule < 0)
        place = np.int8(RULES.index(name))
        rule, due = np.where(first | puzzle, place, rule), np.where(first, this, due)
        exempt = np.where(first, cases.is_set(f"{name}_exempt"), exempt)
        known, untold = known | first, untold | puzzle
    return _Next(rule, due, exempt, known, untold & ~known)


def _listed(
    cases: Tracked, limits: _Next, rows: npt.NDArray[np.intp], advice: Tracked | None
) -> pd.DataFrame:
    frame = cases.frame.iloc[rows]
    kept = {name: frame[name].array for name in _KEPT if name in frame}
    listed = limits.of(rows)
    left = listed.due - np.int32(cases.as_at)
    due = as_dates(listed.due)
    names = np.array([*RULES, ""])
    act = acting(Tracked(frame, cases.table, cases.as_at), names[listed.rule], listed.due, listed.exempt)
    return pd.DataFrame(
        {
            "case_id": frame["case_id"].array,
            **kept,
            "stage": frame["stage"].array,
            "next_rule": categorical(listed.rule, RULES),
            "due": due,
            "days_left": pd.arrays.IntegerArray(left, ~listed.known | listed.exempt),
            "waits_for": texts(waits_for(frame, advice)),
            "exempt": listed.exempt,
            "why": texts(
                why([RULES[place] for place in listed.rule], due, left, listed.exempt, frame["age_days"])
            ),
            "last_safe_draft": as_dates(act.last_draft),
            "act_by": as_dates(act.act_by),
            "post_by": as_dates(act.post_by),
            "ask_advice_by": as_dates(act.ask_by),
            "can_be_met": categorical(act.can_be_met, CAN_BE_MET),
            "plan_can_be_in_time": categorical(act.plan_can_be_met, CAN_BE_MET),
        }
    )
