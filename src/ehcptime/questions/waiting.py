"""What an open case waits for: the next act, a panel, the advice that is outstanding, or the family's 15 days."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from ehcptime.clock.counting import NOT_YET, Days, Mask, day_number, is_day
from ehcptime.errors import InputError
from ehcptime.questions.tracked import Tracked, places_among, same_day, tracked_advice, tracked_cases
from ehcptime.records.columns import COLUMNS
from ehcptime.tracking.columns import categorical, plain_day

_TYPES = COLUMNS["advice"]["advice_type"].values
_OUTCOMES = COLUMNS["advice"]["advice_outcome"].values
_ACTS = {
    "deciding": "decision whether to assess",
    "assessing": "decision whether to issue a plan",
    "drafting": "draft plan",
    "finalising": "final plan",
}
_ON_ADVICE = (
    "assessing",
    "drafting",
)  # a decision to assess needs no advice, and a draft that was sent had it
_UNREADABLE = "a record that can be read"

PANEL = "panel"
SEVERAL = "more than one kind of advice"
ADVICE_OR_DECISION = "advice or a decision (no advice recorded)"
FAMILY = "the family's 15 days"
UNKNOWN_WAIT = "unknown"
_ADVICE = tuple(f"{kind.replace('_', ' ')} advice" for kind in _TYPES)
WAITS = (
    _ACTS["deciding"],
    PANEL,
    *_ADVICE,
    SEVERAL,
    ADVICE_OR_DECISION,
    _ACTS["assessing"],
    _ACTS["drafting"],
    FAMILY,
    _ACTS["finalising"],
    UNKNOWN_WAIT,
)

_Kinds = npt.NDArray[np.int64]  # one binary digit for each kind of advice


def waiting(
    tracked: pd.DataFrame, *, advice: pd.DataFrame | None = None, extracted_on: date | None = None
) -> pd.DataFrame:
    """Return the tracked cases with the one thing that each open case waits for, in a new column `waits_for`.

    `advice` comes from `track_advice` at the same day. The column is a category in the order of the process, blank for cases
    that are not open, and can be used as `by` in `backlog`: `decision whether to assess`; `panel` (a `panel_date` is recorded
    and the decision it is for has not been made; one after `as_at` is a booking, and is read only where `extracted_on`, the day of the
    extract, is given and is not after `as_at`: in a past position it may have been keyed later); the kind of advice that was
    asked for and is not back, or `more than one kind of advice` (`at_risk` names them); `advice or a decision`, where a case is
    being assessed and no advice is recorded for it; `decision whether to issue a plan`; `draft plan`; `the family's 15 days`
    (regulation 13(1), from the day the draft was served: never longer, after that it waits for the authority); `final plan`;
    and `unknown`, where the stage cannot be told. Index and rows are kept.

    Raises InputError for frames that were not tracked, at one day, or without the rules on a request.

    >>> tracked = pd.DataFrame({
    ...     "case_id": ["a", "b"], "received_date": pd.to_datetime(["2025-01-06", "2025-01-06"]),
    ...     "draft_sent_date": pd.to_datetime(["2025-05-01", "2025-05-02"]), "stage": "finalising", "is_open": True,
    ...     "age_days": 130, "draft_comment_status": ["met", "running"], "as_at": pd.Timestamp("2025-05-16")})
    >>> waiting(tracked)["waits_for"].tolist()
    ['final plan', "the family's 15 days"]
    """
    cases = tracked_cases(tracked)
    if "waits_for" in tracked:
        raise InputError("the frame already has a column 'waits_for', which waiting adds: rename or drop it")
    asked = None if advice is None else tracked_advice(advice)
    if asked is not None:
        same_day(cases, asked)
    panel = _panel_days(cases, extracted_on)
    return tracked.assign(waits_for=categorical(_places(cases, asked, panel), WAITS))


def waits_for(cases: pd.DataFrame, advice: Tracked | None) -> list[str]:
    """Name the advice outstanding for each case, or else the next act of the authority."""
    stages = cases["stage"].astype(str).tolist()
    acts = [_ACTS.get(stage, _UNREADABLE) for stage in stages]
    if advice is None:
        return acts
    owed = _outstanding(len(cases), places_among(cases, advice.frame), advice)
    names = {int(key): _names(int(key)) for key in np.unique(owed)}
    rows = zip(owed.tolist(), stages, acts, strict=True)
    return [(names[key] if stage in _ON_ADVICE else "") or act for key, stage, act in rows]


def _places(cases: Tracked, advice: Tracked | None, panel: Days) -> npt.NDArray[np.int8]:
    """Place of each case's wait in WAITS; -1 where it is not open. Later steps replace earlier ones."""
    wait = np.full(cases.size, WAITS.index(UNKNOWN_WAIT), dtype=np.int8)
    for stage, act in _ACTS.items():
        wait = np.where(cases.is_stage(stage), np.int8(WAITS.index(act)), wait)
    owed, has_rows = _advice_of(cases, advice)
    on_advice = cases.is_stage(*_ON_ADVICE) & (owed > 0)
    steps = (
        (cases.is_stage("assessing") & ~has_rows, ADVICE_OR_DECISION),
        (_before_panel(cases, panel), PANEL),
        (cases.is_stage("finalising") & cases.is_status("draft_comment_status", "running"), FAMILY),
        *((on_advice & (owed == 1 << number), name) for number, name in enumerate(_ADVICE)),
        (on_advice & (owed & (owed - 1) != 0), SEVERAL),
        (~cases.is_set("is_open"), None),
    )
    for rows, name in steps:
        wait = np.where(rows, np.int8(-1 if name is None else WAITS.index(name)), wait)
    return wait


def _advice_of(cases: Tracked, advice: Tracked | None) -> tuple[_Kinds, Mask]:
    """Kinds of advice outstanding for each case, and whether any asking is recorded for it by then."""
    if advice is None:
        return np.zeros(cases.size, dtype=np.int64), np.zeros(cases.size, dtype=bool)
    sent = advice.days("requested_date")
    place = places_among(cases.frame, advice.frame)
    begun = place[((sent <= advice.as_at) | (sent == NOT_YET)) & (place >= 0)]
    return _outstanding(cases.size, place, advice), np.bincount(begun, minlength=cases.size) > 0


def _panel_days(cases: Tracked, extracted_on: date | None) -> Days:
    """Day of each panel; one that is booked only where the position is as new as the extract."""
    is_newest = extracted_on is not None and day_number(plain_day(extracted_on)) <= cases.as_at
    return cases.days("panel_date") if is_newest else cases.days_by_then("panel_date")


def _before_panel(cases: Tracked, panel: Days) -> Mask:
    """A panel is recorded for the decision that comes next: it is after the last decision made, if any."""
    decided = np.broadcast_to(_last_decision(cases), cases.size)
    is_next = cases.is_stage("deciding") & (panel >= cases.now.start)
    return is_day(panel) & (is_next | (cases.is_stage("assessing") & is_day(decided) & (panel > decided)))


def _last_decision(cases: Tracked) -> Days:
    """Day of the decision to assess, or of the reversal that stands for one; UNKNOWN where nobody recorded it."""
    reversed_on = cases.now.refused_to_assess.reversed_on
    return np.where(reversed_on == NOT_YET, cases.now.request_decided, reversed_on)


def _outstanding(size: int, place: npt.NDArray[np.intp], advice: Tracked) -> _Kinds:
    """Kinds of advice asked for and not answered; asked for on an unknown day counts, answered on one does not."""
    not_back = advice.days_by_then("returned_date") == NOT_YET
    answered = advice.is_code("advice_outcome", *_OUTCOMES) & (advice.days("returned_date") == NOT_YET)
    undated = advice.is_status("status", "unknown") & ~answered
    open_row = (advice.is_status("status", "running", "overdue") | undated) & not_back
    owed = np.zeros(size, dtype=np.int64)
    for number, kind in enumerate(_TYPES):
        asked = open_row & (place >= 0) & advice.is_code("advice_type", kind)
        owed[place[asked]] |= 1 << number
    return owed


def _names(key: int) -> str:
    return ", ".join(name for number, name in enumerate(_ADVICE) if key >> number & 1)
