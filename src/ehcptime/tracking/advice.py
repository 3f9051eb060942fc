"""The frame door for advice: each asking with its limit, how long it took and whose time it was."""

from datetime import date

import numpy as np
import pandas as pd

from ehcptime.clock import engine
from ehcptime.clock.counting import NOT_YET, UNKNOWN, Days, Mask
from ehcptime.clock.due import due_from
from ehcptime.law.book import LAW, RuleBook
from ehcptime.records.arrays import Codes, Facts, code_number, facts_of_frame
from ehcptime.records.frames import require, require_unique
from ehcptime.records.other_frames import any_other, in_kind
from ehcptime.tracking.columns import as_at_day, as_dates, categorical
from ehcptime.tracking.exempt import code_of, may_lift
from ehcptime.tracking.made_with import made_with
from ehcptime.tracking.outcomes import Y
from ehcptime.tracking.situation import Situation, situation

ADVICE_RULES = ("advice_body", "advice_other")
BASES = ("received", "sent")
OUTPUTS = (
    "rule",
    "start_basis",
    "due",
    "status",
    "days_over",
    "exempt",
    "breach",
    "asked_after_days",
    "as_at",
)

_BODY, _OTHER, _NO_RULE = 0, 1, -1
_PARENT, _HEALTH = (code_number("advice_type", code, table="advice") for code in ("parent", "health"))
_PROVIDED, _NOT_KNOWN, _SUFFICIENT, _REJECTED, _WITHDRAWN = (
    code_number("advice_outcome", code, table="advice")
    for code in ("provided", "not_known", "existing_sufficient", "rejected", "withdrawn")
)


def track_advice(
    advice: pd.DataFrame, *, as_at: date, cases: pd.DataFrame | None = None, law: RuleBook = LAW
) -> pd.DataFrame:
    """Return the askings for advice with the limit of each as it stood on a day.

    `advice` follows the column contract, one row per asking; its columns and index are kept. Frames of other
    libraries are taken and answered as by `track`. A body bound by regulation 8
    has six weeks from the day it received the request (`advice_body`, statutory); anyone else is expected to answer in six weeks
    (`advice_other`, guidance). `start_basis` says whether the day counted from is that of receipt or, where that is not held,
    that of sending. With `cases`, an asking left unanswered when its case ended stops there, and `asked_after_days` is the
    authority's own time: days from the decision to assess to the asking. Raises InputError as `track` does.

    >>> advice = pd.DataFrame({"case_id": ["A"], "advice_type": ["psychology"],
    ...     "requested_date": pd.to_datetime(["2025-06-09"]), "returned_date": pd.to_datetime(["2025-10-13"])})
    >>> found = track_advice(advice, as_at=date(2025, 12, 1))
    >>> found["rule"][0], str(found["due"][0].date()), found["status"][0], int(found["days_over"][0])
    ('advice_other', '2025-07-21', 'met_late', 84)
    """
    if any_other(advice, cases):
        return in_kind(track_advice, advice, cases=cases, as_at=as_at, law=law)  # type: ignore[no-any-return]
    day = as_at_day(as_at)
    require(advice, "advice", reserved=OUTPUTS)
    facts = facts_of_frame(advice, "advice")
    found = judged_advice(facts, day, _joined(advice, cases, day), law)
    exempt = _exempt(advice, found, law)
    late = engine.IS_LATE[found.status]
    empty = found.status <= engine.UNKNOWN_STATUS
    columns = {
        "rule": categorical(found.rule, ADVICE_RULES),
        "start_basis": categorical(found.basis, BASES),
        "due": as_dates(found.due),
        "status": categorical(found.status, engine.STATUSES),
        "days_over": pd.arrays.IntegerArray(found.days_over, empty),
        "exempt": exempt,
        "breach": late & ~exempt & (found.rule == _BODY),
        "asked_after_days": pd.arrays.IntegerArray(found.asked_after, found.asked_after == NOT_YET),
        "as_at": np.full(len(advice), np.datetime64(as_at, "s")),
    }
    return made_with(pd.concat([advice, pd.DataFrame(columns, index=advice.index)], axis=1), law)


class CaseDays:
    """Of the case of each asking: the day it ended and the day of the decision to assess."""

    def __init__(self, end: Days, decided: Days) -> None:
        self.end = end
        self.decided = decided

    @classmethod
    def none(cls) -> "CaseDays":
        """Stand for an asking whose case is not given."""
        blank = np.array([NOT_YET], dtype=np.int32)
        return cls(blank, blank)

    @classmethod
    def of(cls, now: Situation) -> "CaseDays":
        """Take them from what is true of the cases."""
        said_yes = np.where(now.request.code == Y, now.request.day, np.int32(NOT_YET))
        reversed_on = now.refused_to_assess.reversed_on
        decided = np.where(reversed_on == UNKNOWN, np.int32(NOT_YET), np.minimum(said_yes, reversed_on))
        return cls(now.end, decided)


class JudgedAdvice:
    """What the limit of each asking comes to."""

    def __init__(self, rows: int) -> None:
        self.rule: Codes = np.full(rows, _NO_RULE, dtype=np.int8)
        self.basis: Codes = np.full(rows, -1, dtype=np.int8)
        self.start: Days = np.full(rows, NOT_YET, dtype=np.int32)
        self.done: Days = np.full(rows, NOT_YET, dtype=np.int32)
        self.due: Days = np.full(rows, NOT_YET, dtype=np.int32)
        self.status: Codes = np.full(rows, engine.NOT_APPLICABLE, dtype=np.int8)
        self.days_over: Days = np.zeros(rows, dtype=np.int32)
        self.asked_after: Days = np.full(rows, NOT_YET, dtype=np.int32)


def judged_advice(facts: Facts, as_at: int, cases: CaseDays, law: RuleBook) -> JudgedAdvice:
    """Apply the limit of each asking (Readings 17)."""
    found = JudgedAdvice(facts.rows)
    outcome = _outcome(facts, as_at)
    has_limit = (facts.codes["advice_type"] != _PARENT) & (outcome != _SUFFICIENT) & (outcome != _WITHDRAWN)
    found.rule[...] = np.where(has_limit, np.where(_bound(facts), _BODY, _OTHER), _NO_RULE)
    found.basis[...], found.start[...] = _starts(facts, found.rule, as_at)
    found.done[...] = _returned(facts, as_at)
    sent = facts.days["requested_date"]
    end = np.where(np.where(sent == NOT_YET, found.start, sent) > cases.end, np.int32(NOT_YET), cases.end)
    end = np.where(cases.end == UNKNOWN, np.int32(UNKNOWN), end)
    for place, rule in enumerate(ADVICE_RULES):
        rows = found.rule == place
        found.due[rows] = due_from(law.limits([rule]), found.start[rows])
    judged = engine.judge(found.due, found.start, found.done, np.broadcast_to(end, found.due.shape), as_at)
    found.status[has_limit], found.days_over[...] = judged[0][has_limit], judged[1]
    known = (facts.days["requested_date"] <= as_at) & (cases.decided != NOT_YET)
    found.asked_after[...] = np.where(known, facts.days["requested_date"] - cases.decided, np.int32(NOT_YET))
    return found


def _outcome(facts: Facts, as_at: int) -> Codes:
    returned = facts.days["returned_date"]
    return np.where((returned > as_at) & (returned != NOT_YET), np.int8(0), facts.codes["advice_outcome"])


def _bound(facts: Facts) -> Mask:
    stated = facts.codes["bound_by_reg_8"]
    return np.asarray((stated == 1) | ((stated == 0) & (facts.codes["advice_type"] == _HEALTH)))


def _starts(facts: Facts, rule: Codes, as_at: int) -> tuple[Codes, Days]:
    """Day counted from, and whether it is that of receipt or of sending; UNKNOWN where neither is held."""
    received, sent = facts.days["body_received_date"], facts.days["requested_date"]
    by_receipt = (rule == _BODY) & (received <= as_at)
    start = np.where(by_receipt, received, np.where(sent == NOT_YET, np.int32(UNKNOWN), sent))
    has_basis = (rule != _NO_RULE) & (start != UNKNOWN)
    basis = np.where(has_basis, np.where(by_receipt, 0, 1), -1).astype(np.int8)
    return basis, start


def _returned(facts: Facts, as_at: int) -> Days:
    returned, outcome = facts.days["returned_date"], _outcome(facts, as_at)
    answered = (outcome == _PROVIDED) | (outcome == _NOT_KNOWN) | (outcome == _REJECTED)
    undated = np.where(answered & (returned == NOT_YET), np.int32(UNKNOWN), np.int32(NOT_YET))
    return np.where(returned <= as_at, returned, undated)


def _joined(advice: pd.DataFrame, cases: pd.DataFrame | None, as_at: int) -> CaseDays:
    if cases is None:
        return CaseDays.none()
    require(cases, "cases")
    require_unique(cases, "case_id")
    days = CaseDays.of(situation(facts_of_frame(cases, "cases"), as_at))
    places = pd.Index(cases["case_id"]).get_indexer(pd.Index(advice["case_id"]))
    # An asking whose case is not there is judged as if its case were open; `check` reports it.
    padded = (
        np.append(np.broadcast_to(part, len(cases)), np.int32(NOT_YET)) for part in (days.end, days.decided)
    )
    return CaseDays(*(part[places] for part in padded))


def _exempt(advice: pd.DataFrame, found: JudgedAdvice, law: RuleBook) -> Mask:
    """Where an exemption is claimed that may lift the limit of the asking."""
    exempt = np.zeros(len(advice), dtype=np.bool_)
    if "exemption" not in advice:
        return exempt
    claimed, distinct = pd.factorize(advice["exemption"], use_na_sentinel=True)
    codes = np.array([*map(code_of, distinct), ""], dtype=object)[claimed]
    for code in set(codes) & law.exemptions.keys():
        for place, rule in enumerate(ADVICE_RULES):
            rows = np.flatnonzero((codes == code) & (found.rule == place))
            exempt[rows] = may_lift(rule, code, found.start[rows], found.due[rows], law)
    return exempt
