"""Claims judged one at a time or together, by case or by frame, and against a slow reading of the law in plain dates."""

from datetime import date, timedelta

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from ehcptime.records.case import AdviceRequest, Case
from ehcptime.tracking.claims import claims_of_case, exemption_claims, supported, supported_by_rule
from ehcptime.tracking.closures import closures_that_may_apply
from ehcptime.tracking.track import track
from frames import frame, plain

RULES = ("request_decision", "plan_refusal", "issue_decision", "plan_final", "draft_comment")
CODES = [
    "SCHOOL_CLOSED", "EY_CLOSED", "EXC_PERSONAL", "ABSENT_4W", "ABSENT_2W", "MISSED_APPT", "COVID", "AS_13_3",
    "EP_SHORTAGE", None,
]  # fmt: skip
WEEK = timedelta(days=7)


def days(first, last):
    return st.dates(date.fromisoformat(first), date.fromisoformat(last))


MAYBE = st.one_of(st.none(), days("2025-03-01", "2025-10-31"))
AS_AT = days("2025-03-15", "2025-12-31")
SETTINGS = st.sampled_from(["S", "T", None])


@st.composite
def case_rows(draw):
    row = {
        "received_date": draw(st.one_of(st.none(), days("2025-03-01", "2025-06-30"))),
        "setting_id": draw(SETTINGS),
    }
    row["week20"] = draw(st.sampled_from([None, 0, 1]))
    refused = draw(st.booleans())
    row["request_outcome"], row["request_outcome_date"] = (
        ("N", date(2025, 5, 20)) if refused else (None, None)
    )
    routes = ["tribunal_order", "mediation_agreement", "own_change", "unopposed"]
    row["reversal_route"] = draw(st.sampled_from([None, *routes])) if refused else None
    later = st.one_of(st.none(), days("2025-07-01", "2025-10-31"))
    row["reversal_date"] = draw(later) if row["reversal_route"] else None
    row["reversal_of"] = None
    return row


@st.composite
def claim_rows(draw):
    rule = draw(st.sampled_from([*RULES, "advice_body", "plan_after_reversal"]))
    first, last = draw(MAYBE), draw(MAYBE)
    if first and last and last < first:
        first, last = last, first
    code, asked = draw(st.sampled_from(CODES)), draw(MAYBE)
    return {"rule": rule, "code": code, "from_date": first, "to_date": last, "advice_requested_date": asked}


@st.composite
def closure_rows(draw):
    closed = draw(days("2025-03-01", "2025-09-30"))
    length = draw(st.one_of(st.integers(26, 30), st.integers(1, 50)))
    return {
        "setting_id": draw(SETTINGS),
        "closed_from": closed,
        "reopened_on": closed + timedelta(days=length),
    }


@st.composite
def advice_rows(draw):
    kind = draw(st.sampled_from(["education", "education", "health"]))
    return {"advice_type": kind, "requested_date": draw(MAYBE), "setting_id": draw(SETTINGS)}


def _apart(claims):
    """Leave out a claim that overlaps an earlier one of its rule and code."""
    kept = []
    for claim in claims:
        ends = claim["to_date"] or date.max
        clash = any(
            (other["rule"], other["code"]) == (claim["rule"], claim["code"])
            and None not in (other["from_date"], claim["from_date"])
            and other["from_date"] <= ends
            and claim["from_date"] <= (other["to_date"] or date.max)
            for other in kept
        )
        kept += [] if clash else [claim]
    return kept


@st.composite
def worlds(draw):
    count = draw(st.integers(1, 3))
    cases = [draw(case_rows()) for _ in range(count)]
    claims, advice = [], []
    for number in range(count):
        own = _apart(draw(st.lists(claim_rows(), max_size=3)))
        claims += [{"case_id": str(number), **claim} for claim in own]
        advice += [{"case_id": str(number), **row} for row in draw(st.lists(advice_rows(), max_size=2))]
    closures = draw(st.lists(closure_rows(), max_size=3))
    return cases, claims, advice, closures, draw(AS_AT)


def _frames(world):
    cases, claims, advice, closures, as_at = world
    columns = {
        "exemptions": ("case_id", "rule", "code", "from_date", "to_date", "advice_requested_date"),
        "advice": ("case_id", "advice_type", "requested_date", "setting_id"),
        "closures": ("setting_id", "closed_from", "reopened_on"),
    }
    tables = {
        name: frame(rows, name) if rows else pd.DataFrame(columns=list(columns[name]), dtype=object)
        for name, rows in (("exemptions", claims), ("advice", advice), ("closures", closures))
    }
    return frame(cases), tables["exemptions"], tables["advice"], tables["closures"], as_at


@given(worlds(), st.integers(0, 8))
def test_a_claim_alone_and_among_others_and_by_its_case_is_judged_alike(world, chosen):
    cases, claims, advice, closures, as_at = _frames(world)
    whole = exemption_claims(cases, claims, as_at=as_at, closures=closures, advice=advice)
    assert len(whole) == len(claims)
    for place in range(len(claims))[chosen : chosen + 1]:
        one = claims.iloc[[place]]
        case = cases[cases["case_id"] == one["case_id"].iloc[0]]
        alone = exemption_claims(case, one, as_at=as_at, closures=closures, advice=advice)
        for name in ("verdict", "supported", "why"):
            assert alone[name].iloc[0] == whole[name].iloc[place]
    columns = supported_by_rule(cases, claims, as_at=as_at, closures=closures, advice=advice)
    for number, row in enumerate(world[0]):
        case = Case(**{**row, "case_id": str(number)})
        own = [claim for claim in world[1] if claim["case_id"] == case.case_id]
        asked = [AdviceRequest(**ask) for ask in world[2] if ask["case_id"] == case.case_id]
        found = claims_of_case(case, own, as_at=as_at, closures=world[3], advice=asked)
        expected = whole[whole["case_id"] == case.case_id]
        assert [(one.verdict, one.supported, one.why) for one in found] == list(
            zip(expected["verdict"], expected["supported"], expected["why"], strict=True)
        )
        for rule in RULES:
            support = supported(found, rule, week20=bool(case.week20))
            assert plain(columns[rule][number]) == support


@given(worlds())
def test_claims_move_no_date_and_change_no_status(world):
    cases, claims, advice, closures, as_at = _frames(world)
    before = claims.copy(deep=True)
    exemption_claims(cases, claims, as_at=as_at, closures=closures, advice=advice)
    closures_that_may_apply(cases, advice, closures, as_at=as_at)
    pd.testing.assert_frame_equal(claims, before)
    bare, claimed = track(cases, as_at=as_at), track(cases, as_at=as_at, exemptions=claims)
    kept = [name for name in bare if not name.endswith(("_exempt", "_breach"))]
    pd.testing.assert_frame_equal(claimed[kept], bare[kept])


def _window(asked, closed, reopened):
    """Read the window straight from law.md, for a closure that is over."""
    if (reopened - closed).days < 28 or asked < closed - WEEK or asked > reopened - WEEK:
        return "not_supported"
    return "cannot_be_told" if asked == reopened - WEEK else "supported"


@given(days("2025-04-01", "2025-08-31"), st.integers(20, 60), st.integers(-12, 70))
def test_a_closure_is_as_the_law_reads_on_every_day_of_asking(closed, length, gap):
    asked, reopened = closed + timedelta(days=gap), closed + timedelta(days=length)
    cases = frame([{"received_date": date(2025, 4, 2), "setting_id": "S"}])
    claim = {"case_id": "0", "rule": "plan_final", "code": "SCHOOL_CLOSED", "advice_requested_date": asked}
    closure = {"setting_id": "S", "closed_from": closed, "reopened_on": reopened}
    given_ = {"as_at": date(2026, 3, 31), "closures": frame([closure], "closures")}
    found = exemption_claims(cases, frame([claim], "exemptions"), **given_)
    assert found["verdict"].iloc[0] == _window(asked, closed, reopened)
    own = {**claim, "from_date": closed, "to_date": reopened - timedelta(days=1)}
    alone = exemption_claims(cases, frame([own], "exemptions"), as_at=date(2026, 3, 31))
    assert alone["verdict"].iloc[0] == found["verdict"].iloc[0]


@given(days("2025-02-01", "2025-09-10"), st.integers(0, 60))
def test_an_absence_is_counted_day_by_day(first, more):
    last = first + timedelta(days=more)
    limit = {date(2025, 4, 2) + timedelta(days=n) for n in range(141)}
    away = {first + timedelta(days=n) for n in range(more + 1)}
    claim = {"case_id": "0", "rule": "plan_final", "code": "ABSENT_4W", "from_date": first, "to_date": last}
    cases = frame([{"received_date": date(2025, 4, 2)}])
    found = exemption_claims(cases, frame([claim], "exemptions"), as_at=date(2026, 3, 31))
    assert found["verdict"].iloc[0] == ("supported" if len(away & limit) >= 28 else "not_supported")


@given(worlds())
def test_the_helper_gives_each_case_the_answer_that_it_gives_it_alone(world):
    cases, _, advice, closures, as_at = _frames(world)
    whole = closures_that_may_apply(cases, advice, closures, as_at=as_at)
    alone = pd.concat(
        [
            closures_that_may_apply(cases.iloc[[place]], advice, closures, as_at=as_at)
            for place in range(len(cases))
        ],
        ignore_index=True,
    )
    in_order = ["case_id", "asked", "setting_id", "closed_from", "reopened_on", "rules"]
    pd.testing.assert_frame_equal(
        whole.sort_values(in_order, ignore_index=True), alone.sort_values(in_order, ignore_index=True)
    )


@given(worlds())
def test_what_the_helper_is_certain_of_supports_a_claim(world):
    cases, _, advice, closures, as_at = _frames(world)
    for row in closures_that_may_apply(cases, advice, closures, as_at=as_at).itertuples():
        for rule in row.rules.split(", "):
            claim = {"case_id": row.case_id, "rule": rule, "code": "SCHOOL_CLOSED"}
            case = cases[cases["case_id"] == row.case_id].assign(setting_id=row.setting_id)
            found = exemption_claims(
                case,
                frame([{**claim, "advice_requested_date": row.asked}], "exemptions"),
                as_at=as_at,
                closures=closures,
            )
            verdict = found["verdict"].iloc[0]
            assert verdict == "supported" if row.certain else verdict in {"supported", "cannot_be_told"}
